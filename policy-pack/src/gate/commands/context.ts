import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isColorSupported } from "picocolors";
import { assemble, publish, type ReportOptions } from "../assemble";
import type { ExitCode, StackReport } from "../report";
import type { Resolved } from "../settings";

/** What a command gets from the process that runs it. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: (content: string) => void;
  /** A line for people; never part of a report. */
  readonly say: (line: string) => void;
  /** Aborted when the gate is interrupted. */
  readonly signal: AbortSignal;
}

/** Flags that every reporting command has and the configuration file has not. */
export interface ReportFlags {
  readonly base: string | undefined;
  readonly writeBaseline: string | undefined;
}

/** Writes what was judged; the exit code is the decision's. An interrupted run writes nothing. */
export function finish(
  stacks: readonly StackReport[],
  settings: Resolved,
  { writeBaseline }: ReportFlags,
  context: Context,
): ExitCode {
  if (context.signal.aborted) return 2;
  const options: ReportOptions = {
    ...settings,
    baseline: settings.baseline,
    writeBaseline,
    color: isColorSupported && !context.env["CI"],
  };
  const report = assemble(stacks, options);
  publish(report, options, context.stdout);
  const { outcome, says, exitCode } = report.decision;
  const told = settings.format.some(({ format, file }) => file === "-" && (format === "text" || format === "github"));
  if (!told) context.say(`irsa-gate: ${says} Exit code ${exitCode}.`);
  // Whoever reads only the job's log must see why nothing was judged.
  // Several stacks often fail for one reason.
  const reasons = new Set(stacks.flatMap(({ error }) => error ?? []));
  if (!told && outcome === "error") for (const reason of reasons) context.say(reason);
  return exitCode;
}

/** The folder that positions are relative to: the repository, since that is what code scanning and annotations mean. */
export function baseFolder(named: string | undefined, env: NodeJS.ProcessEnv): string {
  if (named !== undefined) return resolve(named);
  const workspace = env["GITHUB_WORKSPACE"] ?? env["CI_PROJECT_DIR"];
  if (workspace !== undefined && workspace !== "") return resolve(workspace);
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}
