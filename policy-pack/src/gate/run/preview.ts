import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type OtherStacks, type Rehearsal, startOtherStacks, startRehearsal } from "../../rehearsal";
import { collect, type Judged, PACK } from "../collect";
import { type EngineEvents, readEvents } from "../events";
import { GateFailure, messageOf } from "../failure";
import { fields } from "../json";
import type { RehearsalSettings } from "../options";
import { foldersOf, insideOf } from "../positions";
import type { Source, StackReport } from "../report";
import { mergeResources, readDigest } from "../resources";
import { startLanguageHost } from "./language-host";
import { type ProcessResult, runProcess } from "./process";
import { pluginPackages, type Project, qualified, stackSettings } from "./project";
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
    folders: foldersOf(project.folder, options.base),
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
    const given = Object.entries(options.config).map(([key, value]): [string, string] => [
      qualified(key, project.name),
      value,
    ]);
    writeFileSync(
      config[1],
      stringify({ ...settings, config: { ...fields(settings["config"]), ...Object.fromEntries(given) } }),
    );
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
    let otherStacks = Object.keys(options.rehearsal.stackOutputs ?? {}).length > 0;
    for (let round = 1; ; round += 1) {
      const rehearsal = await start(options, project.folder, [...packages]);
      try {
        const result = await once(job, options, args, log, { workspace, rehearsal, otherStacks });
        const { errors } = readLog(log);
        const missing = missingPackage(errors);
        const asked = !otherStacks && errors.some((error) => OTHER_STACK.test(error));
        const hopeless = missing === undefined ? !asked : packages.has(missing);
        if (hopeless || round === MAX_ROUNDS) {
          return outcome(result, log, [...workspace.notes, ...rehearsal.notRehearsed]);
        }
        if (missing !== undefined) packages.add(missing);
        otherStacks ||= asked;
      } finally {
        await rehearsal.close();
      }
    }
  } finally {
    workspace.close();
  }
}

/** What the engine says where its backend has no stack that a StackReference names: with them, a round costs more. */
const OTHER_STACK = /unknown stack|organization name must be/i;

async function start(options: PreviewOptions, folder: string, echoPackages: readonly string[]): Promise<Rehearsal> {
  try {
    return await startRehearsal({
      ...options.rehearsal,
      mode: options.mode === "unknown" ? "unknown" : "known",
      echoPackages,
      folder,
    });
  } catch (error) {
    throw new GateFailure(`The stand-in providers could not start: ${messageOf(error)}`);
  }
}

interface Round {
  readonly workspace: Workspace;
  readonly rehearsal: Rehearsal;
  readonly otherStacks: boolean;
}

async function once(
  job: PreviewJob,
  options: PreviewOptions,
  args: readonly string[],
  log: string,
  round: Round,
): Promise<ProcessResult> {
  const { project, stack } = job;
  const { env, settingsFile } = round.workspace;
  rmSync(log, { force: true });
  const settings = ["--stack", stack, "--config-file", settingsFile];
  const own = { ...env, PULUMI_DEBUG_PROVIDERS: round.rehearsal.debugProviders };
  const others = round.otherStacks ? await answerForOthers(job, options, own, round.rehearsal) : undefined;
  try {
    const client = others === undefined ? [] : ["--client", others.address];
    return await run(options, [...args, ...settings, ...client], project.folder, own);
  } finally {
    await others?.close();
  }
}

function answerForOthers(
  { project, stack }: PreviewJob,
  { pulumi, timeoutMs, signal, rehearsal: { stackOutputs = {} } }: PreviewOptions,
  env: NodeJS.ProcessEnv,
  { note }: Rehearsal,
): Promise<OtherStacks> {
  const { folder, name, runtime, options } = project;
  const about = { pulumi, runtime, cwd: folder, env, timeoutMs, ...(signal === undefined ? {} : { signal }) };
  return startOtherStacks({
    outputs: stackOutputs,
    ownStack: `organization/${name}/${stack}`,
    runtimeOptions: options,
    note,
    startHost: (engineAddress) => startLanguageHost(engineAddress, about),
  });
}

/** A package whose plugin the engine looked for in vain: the next round has a stand-in for it. */
function missingPackage(errors: EngineEvents["errors"]): string | undefined {
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
function errorOf({ code, stderr, trouble }: ProcessResult, { errors, printed, judgedBy, policyEvents }: EngineEvents) {
  if (trouble !== undefined) return [`The preview ${trouble}.`, ...errors].join("\n");
  const violated = policyEvents.some(({ level }) => level === "mandatory");
  if (judgedBy.has(PACK) && (code === 0 || violated)) return undefined;
  const named = errors.filter((error) => error !== "preview failed");
  // The host of YAML programs prints what is wrong with one, and hands no error to the engine.
  const told = (named.length > 0 ? named : printed).map(withoutInnerFrames);
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
  if (/no language plugin/i.test(reason)) {
    return [
      "The program's language host is missing: install the official release of the Pulumi CLI, which brings it along.",
    ];
  }
  return [];
}
