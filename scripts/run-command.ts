import { type ChildProcess, spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment of the command. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds until the command is stopped. */
  readonly timeoutMs: number;
  /** Called with each piece of stderr as it comes. */
  readonly onStderr?: (text: string) => void;
}

export interface CommandResult {
  /** Exit code; -1 when the command did not start, was stopped, or died of a signal. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no exit code of the command's own, as a phrase: "did not end within 20 s". */
  readonly trouble?: string;
}

const alive = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of alive) child.kill("SIGTERM");
});

/** For entry points: lets a signal end this process through its exit handlers, which stop what it started. */
export function exitOnSignals(): void {
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const) {
    process.once(signal, () => process.exit(128 + number));
  }
}

/**
 * Runs a command without a shell and without stdin, and waits for its end. Never rejects: how a command failed is in
 * the result. A command that outlives its time is asked to stop, and is killed when it does not.
 */
export function runCommand(
  file: string,
  args: readonly string[],
  { cwd, env = process.env, timeoutMs, onStderr }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    alive.add(child);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let trouble: string | undefined;
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      stderr.push(chunk);
      onStderr?.(chunk.toString());
    });
    const stop = setTimeout(() => {
      trouble = `did not end within ${timeoutMs / 1000} s`;
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
    }, timeoutMs);
    const settle = (code: number): void => {
      clearTimeout(stop);
      alive.delete(child);
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        ...(trouble === undefined ? {} : { trouble }),
      });
    };
    child.once("error", (error) => {
      trouble ??= `could not be started: ${error.message}`;
      settle(-1);
    });
    child.once("close", (code, signal) => {
      if (signal !== null) trouble ??= `was stopped by ${signal}`;
      settle(trouble === undefined ? (code ?? -1) : -1);
    });
  });
}
