import { join } from "node:path";
import { startProgress } from "../progress";
import { runCommand } from "../run-command";
import { fillCache } from "./cache";
import { executableIn, pathFolders } from "./executable";
import type { Attempt } from "./provide";
import { CLI_MODULE, cliModuleFolder } from "./version";

const BUILD_MS = 45 * 60 * 1000;

/** Builds the CLI from the Go module that scripts/pulumi-cli/go.mod pins. It contains no language host. */
export async function buildWithGo(
  folder: string,
  version: string,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<Attempt> {
  const go = executableIn(pathFolders(env), "go");
  if (go === undefined) return { failed: `there is no "go" on PATH` };
  return fillCache(folder, version, async (root) => {
    say(`Building the Pulumi CLI v${version} from its Go module into ${folder}: some minutes, once per machine.`);
    const progress = startProgress("Building the Pulumi CLI");
    let compiled = 0;
    const { code, stderr, trouble } = await runCommand(go, buildArguments(version, join(root, "bin", "pulumi")), {
      cwd: cliModuleFolder,
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
    say(`Built the Pulumi CLI v${version} in ${seconds} s.`);
    return undefined;
  });
}

function buildArguments(version: string, output: string): readonly string[] {
  const executable = process.platform === "win32" ? `${output}.exe` : output;
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  return [
    "build",
    "-v", // names each package as it is compiled: the only measure of progress there is
    "-buildvcs=false",
    ...["-ldflags", `-s -w ${stamp}`],
    ...["-tags", "osusergo,grpcnotrace"],
    ...["-o", executable],
    `${CLI_MODULE}/cmd/pulumi`,
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
