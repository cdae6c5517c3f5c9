import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { providePulumi } from "../../scripts/pulumi-cli/provide";
import { repositoryRoot } from "../../scripts/repository";

/** The gate as users have it: `npm test` has built it. */
export const GATE = join(repositoryRoot, "policy-pack/dist/gate/main.js");
export const EXAMPLES = join(repositoryRoot, "examples");

interface GateResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestGate {
  /** Temporary folder with the repository's `node_modules`, removed by `close`. */
  readonly folder: string;
  readonly pulumi: string;
  readonly env: NodeJS.ProcessEnv;
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<GateResult>;
  /** Starts without waiting. */
  start(
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
  ): { readonly child: ChildProcess; readonly ended: Promise<GateResult> };
  /** The CLI itself, in a folder and with the environment of the gate. */
  pulumiIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<GateResult>;
  /** Writes a program of one file; returns its folder. */
  program(name: string, source: string, files?: Readonly<Record<string, string>>): string;
  close(): void;
}

/** A gate in an environment of its own: the CLI of the tests on PATH, nothing of the user's Pulumi or AWS settings. */
export async function openGate(): Promise<TestGate> {
  const cli = await providePulumi();
  const folder = mkdtempSync(join(tmpdir(), "irsa-gate-e2e-"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"), "junction");
  mkdirSync(join(folder, "tmp"));
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|AWS|GITHUB|CI|XDG|KUBE)/.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    PATH: [...cli.binDirs, process.env["PATH"] ?? ""].join(delimiter),
    HOME: folder,
    TMPDIR: join(folder, "tmp"),
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  const launch = (file: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv) => {
    const child = spawn(file, args, { cwd, env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const ended = new Promise<GateResult>((resolve) => {
      child.once("close", (code) =>
        resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
      );
    });
    return { child, ended };
  };
  const start: TestGate["start"] = (args, more = {}) => launch(process.execPath, [GATE, ...args], folder, more);
  return {
    folder,
    pulumi: cli.path,
    env,
    start,
    run: (args, more) => start(args, more).ended,
    pulumiIn: (cwd, args, more) => launch(cli.path, [...args, "--non-interactive"], cwd, more).ended,
    program: (name, source, files = {}) => {
      const home = join(folder, name);
      mkdirSync(home, { recursive: true });
      const all = {
        "Pulumi.yaml": `name: ${name}\nruntime: nodejs\n`,
        "package.json": JSON.stringify({ name, private: true, main: "index.ts" }),
        "index.ts": source,
        ...files,
      };
      for (const [file, content] of Object.entries(all)) writeFileSync(join(home, file), content);
      return home;
    },
    close: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** Processes that were started by a gate with this folder as home and still live: PID and command. */
export function orphans(folder: string): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
      const command = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
      return environment.includes(`HOME=${folder}\0`) ? [`${pid} ${command}`] : [];
    } catch {
      return [];
    }
  });
}

/**
 * For the end of each test.
 * @throws Error when a gate has left processes or temporary files.
 */
export function refuseRemains(folder: string): void {
  const left = [...orphans(folder), ...readdirSync(join(folder, "tmp")).filter((name) => name.startsWith("irsa-gate"))];
  if (left.length > 0) throw new Error(`The gate has left ${left.join(", ")}.`);
}

/** Waits, at most 30 seconds, until `look` finds something. */
export async function waitFor<T>(look: () => T | undefined): Promise<T> {
  for (let round = 0; round < 300; round += 1) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("What the test waits for did not come.");
}
