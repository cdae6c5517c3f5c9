import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect } from "../collect";
import { readEvents } from "../events";
import { runTasks } from "../progress";
import type { ExitCode, StackReport } from "../report";
import { runProcess } from "../run/process";
import { findPulumi, ownPack, type PulumiCli } from "../run/pulumi-cli";
import { readState, type State } from "../run/state";
import { engineEnvironment } from "../run/workspace";
import type { Resolved } from "../settings";
import { type Context, finish, type ReportFlags } from "./context";
import { readText } from "./report";

export interface AnalyzeFlags extends ReportFlags {
  /** State files. */
  readonly states: readonly string[];
}

/** Judges deployed stacks by their state files: no program, no login, no cloud. */
export async function analyze(settings: Resolved, flags: AnalyzeFlags, context: Context): Promise<ExitCode> {
  const states = flags.states.map((file) => readState(readText(file), file));
  const { env, say, signal } = context;
  const cli = await findPulumi({ explicit: settings.pulumi, env, say, signal });
  const tasks = states.map((state) => ({
    title: `Analysis of ${state.project}/${state.stack}`,
    run: async () => {
      const result = await analyzeState(state, cli, settings, context);
      return { result, says: result.error === undefined ? `${result.findings.length} findings` : "not judged" };
    },
  }));
  return finish(await runTasks(tasks, settings.parallel), settings, flags, context);
}

async function analyzeState(
  state: State,
  cli: PulumiCli,
  { policies, timeout, suppressions }: Resolved,
  { env, signal }: Context,
): Promise<StackReport> {
  const folder = mkdtempSync(join(tmpdir(), "irsa-gate-"));
  try {
    const [file, config, home] = ["state.json", "pack.json", "home"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    mkdirSync(home);
    writeFileSync(file, JSON.stringify(state.exported));
    writeFileSync(config, JSON.stringify(policies));
    const pack = ["--policy-pack", ownPack(cli), "--policy-pack-config", config];
    const result = await runProcess(
      cli.path,
      ["policy", "analyze", "--json", "--file", file, ...pack, "--non-interactive", "--color", "never"],
      {
        cwd: folder,
        env: { ...env, ...engineEnvironment(cli.path, env), PULUMI_BACKEND_URL: `file://${home}` },
        timeoutMs: timeout * 1000,
        signal,
      },
    );
    const events = readEvents(result.stdout);
    const violated = events.policyEvents.some(({ level }) => level === "mandatory");
    const failed = result.trouble !== undefined || (result.code !== 0 && !violated);
    const reason = result.trouble === undefined ? result.stderr.trim() : `The analysis ${result.trouble}.`;
    return collect({
      project: state.project,
      stack: state.stack,
      directory: "",
      source: "state",
      suppressions,
      events,
      resources: state.resources,
      folders: undefined,
      notRehearsed: [],
      ...(failed ? { error: `The analysis failed.\n${reason}` } : {}),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
