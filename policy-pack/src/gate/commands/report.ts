import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { collect, PACK } from "../collect";
import { type EngineEvents, readEvents } from "../events";
import { GateFailure, messageOf } from "../failure";
import { foldersOf, insideOf } from "../positions";
import type { ExitCode, StackReport } from "../report";
import { mergeResources, readDigest, type Resources } from "../resources";
import type { Resolved } from "../settings";
import { baseFolder, type Context, finish, type ReportFlags } from "./context";

export interface ReportCommandFlags extends ReportFlags {
  /** Files of `pulumi preview --event-log`, or of a streaming `--json`. */
  readonly events: readonly string[];
  /** Output of `pulumi preview --json` of the same runs, in the same order: it alone has lines of the program. */
  readonly previews: readonly string[];
  /** Folders of the programs, in the same order. Default: the current folder. */
  readonly directories: readonly string[];
}

/** Reports on previews that a pipeline ran by itself. */
export function report(settings: Resolved, flags: ReportCommandFlags, context: Context): ExitCode {
  const { events, previews, directories } = flags;
  if (events.length === 0) throw new GateFailure("Name the engine's events with --events FILE.");
  const base = baseFolder(flags.base, context.env);
  const stacks = events.map((file, index) =>
    stackReport(file, previews[index], {
      project: resolve(directories[index] ?? directories[0] ?? "."),
      base,
      suppressions: settings.suppressions,
    }),
  );
  return finish(stacks, settings, flags, context);
}

function stackReport(
  file: string,
  preview: string | undefined,
  { project, base, suppressions }: { readonly project: string; readonly base: string; readonly suppressions: boolean },
): StackReport {
  const events = readEvents(readText(file));
  const digest: Resources = preview === undefined ? new Map() : readDigest(readText(preview));
  if (preview !== undefined && digest.size === 0)
    throw new GateFailure(`${preview} is no output of "pulumi preview --json".`);
  const error = errorOf(events, file);
  return collect({
    ...nameOf(events),
    directory: insideOf(base, project) ?? ".",
    source: "events",
    suppressions,
    events,
    resources: mergeResources(events.resources, digest),
    folders: foldersOf(project, base),
    notRehearsed: [],
    ...(error === undefined ? {} : { error }),
  });
}

function errorOf({ judgedBy, errors, unreadable, policyEvents }: EngineEvents, file: string): string | undefined {
  if (judgedBy.has(PACK)) return undefined;
  if (errors.length > 0 && !policyEvents.some(({ level }) => level === "mandatory")) {
    return ["The preview failed.", ...errors].join("\n");
  }
  const cut = unreadable > 0 ? ` ${unreadable} of its lines are no JSON: it may be cut off.` : "";
  return `${file} does not say that the policy pack eks-irsa judged the whole stack.${cut} Run the preview with --policy-pack and --event-log FILE.`;
}

/** Project and stack stand in every URN. */
function nameOf({ resources }: EngineEvents): { readonly project: string; readonly stack: string } {
  const [urn = ""] = resources.keys();
  const [front = "", project = "unknown"] = urn.split("::");
  return { project, stack: front.split(":")[2] ?? "unknown" };
}

/** @throws GateFailure when the file is not there or cannot be read. */
export function readText(file: string): string {
  if (!existsSync(file)) throw new GateFailure(`There is no file ${file}.`);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new GateFailure(`${file} cannot be read: ${messageOf(error)}`);
  }
}
