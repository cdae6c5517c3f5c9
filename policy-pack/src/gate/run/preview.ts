import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Rehearsal, startRehearsal } from "../../rehearsal";
import { collect, type Judged, PACK } from "../collect";
import { type EngineEvents, readEvents } from "../events";
import { GateFailure, messageOf } from "../failure";
import { fields } from "../json";
import type { RehearsalSettings } from "../options";
import { insideOf } from "../positions";
import type { Source, StackReport } from "../report";
import { mergeResources, readDigest } from "../resources";
import { type ProcessResult, runProcess } from "./process";
import { pluginPackages, type Project, stackSettings } from "./project";
import { engineEnvironment, openWorkspace, type Workspace } from "./workspace";

export interface PreviewJob {
  readonly project: Project;
  readonly stack: string;
}

export interface PreviewOptions {
  readonly pulumi: string;
  readonly env: NodeJS.ProcessEnv;
  /** `known`: rehearsed with all values. `unknown`: rehearsed as a first preview. `live`: the real backend and cloud. */
  readonly mode: "known" | "unknown" | "live";
  /** Folders or executables of packs, eks-irsa first, with their configurations as policy-pack configuration files have them. */
  readonly packs: readonly { readonly path: string; readonly config: Readonly<Record<string, unknown>> }[];
  readonly config: Readonly<Record<string, string>>;
  readonly rehearsal: RehearsalSettings;
  readonly timeoutMs: number;
  /** Folder that positions are relative to. */
  readonly base: string;
  /** False: what the program suppresses counts all the same. */
  readonly suppressions: boolean;
  readonly signal?: AbortSignal;
}

const SOURCES: Readonly<Record<PreviewOptions["mode"], Source>> = {
  known: "rehearsal",
  unknown: "first-preview",
  live: "live",
};

const EVENT_LOG = "events.jsonl";

/** Each round may show one package more; a program with more foreign packages than this is not waited for. */
const MAX_ROUNDS = 10;

/** Previews one stack through the engine and collects what the packs say. Rejects never: a failure is in the report. */
export async function previewStack(job: PreviewJob, options: PreviewOptions): Promise<StackReport> {
  const { project, stack } = job;
  const about = {
    project: project.name,
    stack,
    directory: insideOf(options.base, project.folder) ?? ".",
    source: SOURCES[options.mode],
    suppressions: options.suppressions,
    folders: { project: project.folder, base: options.base },
  };
  try {
    return collect({ ...about, ...(await previewResources(job, options)) });
  } catch (error) {
    const nothing = { events: { policyEvents: [] }, resources: new Map(), notRehearsed: [] };
    return collect({ ...about, ...nothing, error: messageOf(error) });
  }
}

export type Outcome = Pick<Judged, "events" | "resources" | "notRehearsed" | "error">;

/** What a preview tells, unjudged. */
export async function previewResources(job: PreviewJob, options: PreviewOptions): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "irsa-gate-run-"));
  try {
    const packs = options.packs.flatMap(({ path, config }, index) => {
      const file = join(folder, `pack-${index}.json`);
      writeFileSync(file, JSON.stringify(config));
      return ["--policy-pack", path, "--policy-pack-config", file];
    });
    const log = join(folder, EVENT_LOG);
    const args = ["preview", "--json", "--event-log", log, "--non-interactive", "--color", "never", ...packs];
    return options.mode === "live" ? await live(job, options, args, folder) : await rehearse(job, options, args, log);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function live({ project, stack }: PreviewJob, options: PreviewOptions, args: readonly string[], folder: string) {
  const config = Object.keys(options.config).length === 0 ? [] : ["--config-file", join(folder, "settings.yaml")];
  if (config[1] !== undefined) {
    // `--config` would write what is given into the user's own file.
    const settings = stackSettings(project, stack.slice(stack.lastIndexOf("/") + 1));
    writeFileSync(config[1], stringify({ ...settings, config: { ...fields(settings["config"]), ...options.config } }));
  }
  const env = { ...options.env, ...engineEnvironment(options.pulumi, options.env) };
  const result = await run(options, [...args, ...config, "--stack", stack], project.folder, env);
  return outcome(result, join(folder, EVENT_LOG), []);
}

async function rehearse(job: PreviewJob, options: PreviewOptions, args: readonly string[], log: string) {
  const { project, stack } = job;
  const workspace = await openWorkspace(project, stack, options);
  try {
    const packages = new Set([...pluginPackages(project), ...(options.rehearsal.echoPackages ?? [])]);
    for (let round = 1; ; round += 1) {
      const rehearsal = await start(options, [...packages]);
      try {
        const { result, missing } = await once(job, options, args, log, workspace, rehearsal);
        if (missing === undefined || packages.has(missing) || round === MAX_ROUNDS) {
          return outcome(result, log, [...workspace.notes, ...rehearsal.notRehearsed]);
        }
        packages.add(missing);
      } finally {
        await rehearsal.close();
      }
    }
  } finally {
    workspace.close();
  }
}

async function start(options: PreviewOptions, echoPackages: readonly string[]): Promise<Rehearsal> {
  try {
    return await startRehearsal({
      ...options.rehearsal,
      mode: options.mode === "unknown" ? "unknown" : "known",
      echoPackages,
    });
  } catch (error) {
    throw new GateFailure(`The stand-in providers could not start: ${messageOf(error)}`);
  }
}

async function once(
  { project, stack }: PreviewJob,
  options: PreviewOptions,
  args: readonly string[],
  log: string,
  { env, settingsFile }: Workspace,
  { debugProviders }: Rehearsal,
): Promise<{ readonly result: ProcessResult; readonly missing: string | undefined }> {
  rmSync(log, { force: true });
  const settings = ["--stack", stack, "--config-file", settingsFile];
  const own = { ...env, PULUMI_DEBUG_PROVIDERS: debugProviders };
  const result = await run(options, [...args, ...settings], project.folder, own);
  return { result, missing: missingPackage(readLog(log)) };
}

/** A package whose plugin the engine looked for in vain: the next round has a stand-in for it. */
function missingPackage({ errors }: EngineEvents): string | undefined {
  return errors.map((error) => /no resource plugin 'pulumi-resource-([\w-]+)'/.exec(error)?.[1]).find(Boolean);
}

function run(options: PreviewOptions, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const { pulumi, timeoutMs, signal } = options;
  return runProcess(pulumi, args, { cwd, env, timeoutMs, ...(signal === undefined ? {} : { signal }) });
}

function readLog(log: string): EngineEvents {
  return readEvents(existsSync(log) ? readFileSync(log, "utf8") : "");
}

function outcome(result: ProcessResult, log: string, notRehearsed: Judged["notRehearsed"]): Outcome {
  const events = readLog(log);
  const error = errorOf(result, events);
  return {
    events,
    resources: mergeResources(events.resources, readDigest(result.stdout)),
    notRehearsed,
    ...(error === undefined ? {} : { error }),
  };
}

/** Why the stack was not judged; undefined when it was, whatever the verdict. */
function errorOf({ code, stderr, trouble }: ProcessResult, { errors, judgedBy, policyEvents }: EngineEvents) {
  if (trouble !== undefined) return [`The preview ${trouble}.`, ...errors].join("\n");
  const violated = policyEvents.some(({ level }) => level === "mandatory");
  if (judgedBy.has(PACK) && (code === 0 || violated)) return undefined;
  const told = errors.filter((error) => error !== "preview failed").map(withoutInnerFrames);
  const reasons = told.length > 0 ? told : [stderr.trim() || `pulumi ended with code ${code} and said nothing`];
  return ["The preview failed.", ...reasons, ...hints(reasons.join("\n"))].join("\n");
}

/** Of a stack trace only the program's own frames help. */
function withoutInnerFrames(error: string): string {
  return error
    .split("\n")
    .filter((line) => !/^\s+at .*(node:internal|node_modules)/.test(line))
    .join("\n");
}

function hints(reason: string): readonly string[] {
  if (/incorrect passphrase|passphrase must be set/i.test(reason)) {
    return [
      "Set PULUMI_CONFIG_PASSPHRASE to the passphrase of the stack's secrets, or unset it to rehearse with placeholders.",
    ];
  }
  if (/StackReference|organization name must be|unknown stack/i.test(reason)) {
    return [
      "A rehearsal has no other stacks that a StackReference could ask: take these values from configuration (--config), or use --live.",
    ];
  }
  if (/no language plugin|pulumi-language-/i.test(reason)) {
    return [
      "The program's language host is missing: install the official release of the Pulumi CLI, which brings it along.",
    ];
  }
  return [];
}
