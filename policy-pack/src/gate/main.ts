#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { analyze } from "./commands/analyze";
import type { Context } from "./commands/context";
import {
  addEngineFlags,
  addPreviewFlags,
  addReportFlags,
  type RawFlags,
  reportFlags,
  settingsOf,
} from "./commands/flags";
import { explain } from "./commands/explain";
import { init } from "./commands/init";
import { preview } from "./commands/preview";
import { report } from "./commands/report";
import { trustDiff } from "./commands/trust-diff";
import { GateFailure } from "./failure";
import { packageVersion } from "./package-files";
import type { ExitCode } from "./report";
import { logLine } from "./reporters/escape";
import { readSettings, resolveSettings, type Resolved } from "./settings";

const TOOL_ERROR = 2;

function createProgram(context: Context, done: (code: ExitCode) => void): Command {
  const settings = (raw: RawFlags): Resolved =>
    resolveSettings(readSettings(raw.gateConfig, process.cwd()), settingsOf(raw));
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  const program = new Command("irsa-gate")
    .description(
      "Says whether the pods of a Pulumi deployment will get their AWS identity, before anything is deployed.",
    )
    .version(packageVersion())
    .exitOverride()
    .addHelpText(
      "after",
      "\nExit codes: 0 pass, 1 violations, 2 usage or tool error, 3 not verified under --strict, 4 nothing to check under --require-irsa.",
    );
  addReportFlags(addPreviewFlags(program.command("preview", { isDefault: true })))
    .description("preview Pulumi programs and report (default); rehearsed unless --live")
    .action(async (raw: RawFlags) => {
      const flags = { ...reportFlags(raw), policyPackConfigs: raw.policyPackConfig ?? [] };
      done(await preview(settings(raw), flags, context));
    });
  addReportFlags(program.command("report"))
    .description("report on previews that were run elsewhere, from the engine's events")
    .option("--events <file>", "what pulumi preview --event-log FILE wrote; may be repeated", collect)
    .option(
      "--preview <file>",
      "what pulumi preview --json printed, for lines of the program; may be repeated",
      collect,
    )
    .option("-C, --cwd <folder>", "folder of the program; may be repeated (default: the current one)", collect)
    .action((raw: RawFlags) => {
      const { events = [], preview: previews = [], cwd: directories = [], ...rest } = raw;
      done(report(settings(rest), { ...reportFlags(raw), events, previews, directories }, context));
    });
  addReportFlags(addEngineFlags(program.command("analyze")))
    .description("judge deployed stacks by their state files")
    .requiredOption("--state <file>", "what pulumi stack export --file FILE wrote; may be repeated", collect)
    .action(async (raw: RawFlags) =>
      done(await analyze(settings(raw), { ...reportFlags(raw), states: raw.state ?? [] }, context)),
    );
  addEngineFlags(program.command("trust-diff"))
    .description("say which roles admit or allow more than before")
    .requiredOption("--before <file>", "a state (pulumi stack export), a preview (pulumi preview --json) or its events")
    .option("--after <file>", "the same kinds (default: a preview of the program)")
    .option("--fail-on-wider", "exit with 1 when a role is wider")
    .option("--strict", "exit with 3 when something could not be compared")
    .option("-f, --format <format[=file],…>", "text, json, markdown", collect)
    .option("-C, --cwd <folder>", "folder of the program", collect)
    .option("-s, --stack <name>", "stack of the program", collect)
    .option("--live", "preview against the real backend and cloud")
    .option("-c, --config <key=value>", "stack configuration for the preview; may be repeated", collect)
    .option("--gate-config <file>", "configuration file")
    .action(async (raw: RawFlags & TrustDiffRaw) => {
      const { before, after, failOnWider = false, base } = raw;
      done(await trustDiff(settings(raw), { before, after, failOnWider, base }, context));
    });
  program
    .command("explain <words...>")
    .description("explain a rule, or an error text of a pod, of AWS or of Pulumi")
    .action((words: readonly string[]) => {
      context.stdout(explain(words));
      done(0);
    });
  program
    .command("init [ci]")
    .description("write a workflow for github or gitlab, and a starter configuration")
    .option("--force", "replace files that are there")
    .action((ci: string | undefined, { force = false }: { readonly force?: boolean }) => {
      for (const path of init(ci, { force, folder: process.cwd() })) context.say(`Wrote ${path}.`);
      done(0);
    });
  return program;
}

interface TrustDiffRaw {
  readonly before: string;
  readonly after?: string;
  readonly failOnWider?: boolean;
}

/** Runs the gate; resolves to the exit code and never rejects. */
async function main(argv: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  let signalled: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    // A second signal means: now.
    if (signalled !== undefined) process.exit(signalled);
    signalled = signal === "SIGINT" ? 130 : 143;
    interrupted.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const say = (line: string): void => {
    process.stderr.write(`${line.split("\n").map(logLine).join("\n")}\n`);
  };
  let code: number = TOOL_ERROR;
  const context: Context = {
    env: process.env,
    stdout: (content) => void process.stdout.write(content),
    say,
    signal: interrupted.signal,
  };
  try {
    await createProgram(context, (decided) => (code = decided)).parseAsync([...argv]);
  } catch (error) {
    code = explainFailure(error, say);
  }
  if (signalled !== undefined) say("irsa-gate: interrupted, no report was written.");
  return signalled ?? code;
}

function explainFailure(error: unknown, say: (line: string) => void): number {
  // commander has printed its message, the help or the version already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : TOOL_ERROR;
  if (error instanceof GateFailure) say(`irsa-gate: ${error.message}`);
  // A full disk, a folder that may not be written: the machine's affair, and no fault of the gate's.
  else if (error instanceof Error && "syscall" in error) say(`irsa-gate: the system refuses: ${error.message}.`);
  else
    say(
      `irsa-gate failed inside. Please report this: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  return TOOL_ERROR;
}

let stdoutFailed = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that closes the pipe has read enough.
  if (error.code === "EPIPE" || stdoutFailed) return;
  stdoutFailed = true;
  process.stderr.write(`irsa-gate: stdout cannot be written: ${error.message}.\n`);
  process.exitCode = TOOL_ERROR;
});
void main(process.argv).then((code) => {
  // Half a report is none, whatever it would have said.
  process.exitCode = stdoutFailed ? TOOL_ERROR : code;
});
