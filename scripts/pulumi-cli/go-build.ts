import { join } from "node:path";
import { startProgress } from "../progress";
import { runCommand } from "../run-command";
import { cachedCli, fillCache } from "./cache";
import { executableIn, pathFolders } from "./executable";
import type { Attempt } from "./provide";
import { CLI_MODULE, cliModuleFolder } from "./version";

const BUILD_MS = 45 * 60 * 1000;

/** A program that is built from a Go module which a go.mod of this repository pins. */
export interface GoProgram {
  /** What messages call it: `the Pulumi CLI v3.259.0`. */
  readonly title: string;
  /** Folder of go.mod. */
  readonly moduleFolder: string;
  /** Import path of its main package. */
  readonly mainPackage: string;
  /** Where the linker writes the version: a variable's path and its value. */
  readonly stamp: string;
  /** Name of its executable. */
  readonly name: string;
}

/** Builds the CLI from the Go module that scripts/pulumi-cli/go.mod pins. It contains no language host. */
export function buildWithGo(
  folder: string,
  version: string,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<Attempt> {
  const cli: GoProgram = {
    title: `the Pulumi CLI v${version}`,
    moduleFolder: cliModuleFolder,
    mainPackage: `${CLI_MODULE}/cmd/pulumi`,
    stamp: `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`,
    name: "pulumi",
  };
  return buildProgram(cli, folder, (root) => cachedCli(root, version), env, say);
}

/** Builds a program into `bin` of its folder in the cache. */
export async function buildProgram(
  program: GoProgram,
  folder: string,
  look: (root: string) => Promise<Attempt>,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<Attempt> {
  const { title, moduleFolder, name } = program;
  const go = executableIn(pathFolders(env), "go");
  if (go === undefined) return { failed: `there is no "go" on PATH` };
  return fillCache(folder, look, async (root) => {
    say(`Building ${title} from its Go module into ${folder}: some minutes, once per machine.`);
    const progress = startProgress(`Building ${title}`);
    let compiled = 0;
    const { code, stderr, trouble } = await runCommand(go, buildArguments(program, join(root, "bin", name)), {
      cwd: moduleFolder,
      // A go.work in a folder above would replace the pinned module.
      env: { ...env, GOWORK: "off" },
      timeoutMs: BUILD_MS,
      onStderr: (text) => {
        compiled += packagesIn(text).length;
        progress.detail(`${compiled} packages compiled`);
      },
    });
    const seconds = progress.stop();
    if (trouble !== undefined) return `"go build" ${trouble}`;
    if (code !== 0) return `"go build" ended with code ${code} after ${seconds} s: ${complaint(stderr)}`;
    say(`Built ${title} in ${seconds} s.`);
    return undefined;
  });
}

function buildArguments({ mainPackage, stamp }: GoProgram, output: string): readonly string[] {
  const executable = process.platform === "win32" ? `${output}.exe` : output;
  return [
    "build",
    "-v", // names each package as it is compiled: the only measure of progress there is
    "-buildvcs=false",
    ...["-ldflags", `-s -w -X ${stamp}`],
    ...["-tags", "osusergo,grpcnotrace"],
    ...["-o", executable],
    mainPackage,
  ];
}

/** `go build -v` prints bare import paths among its messages, which all contain a space. */
function packagesIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "" && !line.includes(" "));
}

function complaint(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.includes(" "));
  return lines.slice(-5).join(" / ").trim() || "it printed no reason";
}
