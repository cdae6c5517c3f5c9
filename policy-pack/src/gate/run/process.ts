import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds until the process and all that it started are stopped. */
  readonly timeoutMs: number;
  /** Stops it from outside: an interrupted gate, another stack's failure. */
  readonly signal?: AbortSignal;
  /** Told of what it prints, as it comes. */
  readonly onStdout?: (chunk: string) => void;
  /** Keeps its stdin open until it ends: plugins take the end of theirs as the end of the engine. */
  readonly holdStdin?: boolean;
}

export interface ProcessResult {
  /** Exit code; -1 when there is none of the process's own. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no exit code, as a phrase: "did not end within 20 s". */
  readonly trouble?: string;
}

/** The engine puts each plugin into a process group of its own, so neither a signal nor a group reaches them all. */
const MARK = "IRSA_GATE_RUN";
const GRACE_MS = 3_000;

/**
 * Runs a program without a shell, which gets nothing on stdin, and waits for its end. Never rejects. Whatever the way it ends,
 * nothing that it started is left behind.
 */
export function runProcess(
  file: string,
  args: readonly string[],
  { cwd, env, timeoutMs, signal, onStdout, holdStdin = false }: ProcessOptions,
): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const mark = randomUUID();
    const child = spawn(file, args, {
      cwd,
      env: { ...env, [MARK]: mark },
      stdio: [holdStdin ? "pipe" : "ignore", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let trouble: string | undefined;
    let kill: NodeJS.Timeout | undefined;
    const stop = (why: string): void => {
      trouble ??= why;
      child.kill("SIGTERM");
      kill ??= setTimeout(() => endAll(child, mark), GRACE_MS);
    };
    const interrupt = (): void => stop("was interrupted");
    const timer = setTimeout(() => stop(`did not end within ${timeoutMs / 1000} s`), timeoutMs);
    const settle = (code: number): void => {
      clearTimeout(timer);
      clearTimeout(kill);
      signal?.removeEventListener("abort", interrupt);
      endMarked(mark);
      resolve({
        code: trouble === undefined ? code : -1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        ...(trouble === undefined ? {} : { trouble }),
      });
    };
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout.push(chunk);
      onStdout?.(chunk.toString());
    });
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    // Whoever ends before reading it is no fault.
    child.stdin?.on("error", () => undefined);
    child.once("error", (error) => {
      trouble ??= `could not be started: ${error.message}`;
      settle(-1);
    });
    // Its children may hold the pipes open, so `close` may never come while one of them lives.
    child.once("exit", () => {
      setTimeout(() => endMarked(mark), GRACE_MS).unref();
    });
    child.once("close", (code, by) => {
      if (by !== null) trouble ??= `was stopped by ${by}`;
      settle(code ?? -1);
    });
    signal?.addEventListener("abort", interrupt, { once: true });
    if (signal?.aborted) interrupt();
  });
}

function endAll(child: ChildProcess, mark: string): void {
  const below = child.pid === undefined || process.platform === "linux" ? [] : descendantsOf(child.pid);
  child.kill("SIGKILL");
  below.forEach(end);
  endMarked(mark);
}

/** Ends what carries the mark in its environment: also what an engine that was killed has left without a parent. */
function endMarked(mark: string): void {
  if (process.platform !== "linux") return;
  const needle = `${MARK}=${mark}`;
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name) && environmentOf(name).includes(needle)) end(Number(name));
  }
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    // Ended meanwhile, or another user's.
    return "";
  }
}

/** Where there is no /proc, while the parents still live. */
function descendantsOf(root: number): readonly number[] {
  const listed = spawnText("ps", ["-A", "-o", "pid=,ppid="]);
  const rows = listed.split("\n").map((row) => row.trim().split(/\s+/).map(Number));
  const below = (pid: number): readonly number[] =>
    rows.flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child, ...below(child)] : []));
  return below(root);
}

function spawnText(file: string, args: readonly string[]): string {
  const { stdout, error } = spawnSync(file, args, { encoding: "utf8", timeout: 2_000 });
  return error === undefined ? stdout : "";
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
