import { createHash } from "node:crypto";
import { parseUrn } from "../facts/urn";
import { parseFinding } from "../findings/parse";
import { visible } from "../findings/render";
import { rules } from "../rules";
import type { Severity } from "../rules/rule";
import { findChains } from "./chains";
import type { EngineEvents, PolicyEvent } from "./events";
import { chainsOf, markChains } from "./mark";
import { findMembers, usesIrsa } from "./members";
import { type Folders, positionOf } from "./positions";
import type { Chain, ReportFinding, ReportPlace, StackReport, SuppressedFinding, UnverifiedLine } from "./report";
import type { Resources } from "./resources";
import { sanitize } from "./sanitize";
import { parseSuppression, type SuppressionLine } from "./suppressions";

export const PACK = "eks-irsa";
const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];

/** What a run gave, before it is a report. */
export interface Judged extends Pick<StackReport, "project" | "stack" | "directory" | "source" | "notRehearsed"> {
  readonly events: Pick<EngineEvents, "policyEvents">;
  readonly resources: Resources;
  /** Undefined where no program is at hand: places then have no position. */
  readonly folders: Folders | undefined;
  readonly error?: string;
  /** False: suppressed findings count as if nothing were suppressed. */
  readonly suppressions: boolean;
}

interface Surroundings {
  readonly judged: Judged;
  readonly chains: readonly Chain[];
  /** URN by the text that stands for a resource in a finding. */
  readonly named: ReadonlyMap<string, string>;
}

/** Policy events and resources of one stack as its part of the report. Pure. */
export function collect(judged: Judged): StackReport {
  const members = findMembers(judged.resources);
  const chains = findChains(members);
  const around: Surroundings = { judged, chains, named: namesOf(judged.resources) };
  const { told, suppressed } = sort(judged);
  const ofService = (policy: string) => told.filter((each) => each.pack === PACK && each.policy === policy);
  const others = told.filter((each) => !SERVICE_POLICIES.has(each.policy) || each.pack !== PACK);
  const findings = number(withoutTwins(others.map(readFinding(around))).toSorted(byRule));
  const unverified = ofService("irsa-unverified")
    .map((event) => readUnverified(event, around))
    .toSorted(byPlace);
  const { project, stack, directory, source, notRehearsed, error } = judged;
  return sanitize<StackReport>({
    project,
    stack,
    directory,
    source,
    resources: judged.resources.size,
    usesIrsa: usesIrsa(members),
    chains: markChains(chains, findings, unverified),
    findings,
    unverified,
    suppressed: suppressed.map(({ line, event }) => readSuppressed(line, event, around)).toSorted(byRule),
    notRehearsed: notRehearsed.toSorted((a, b) => inOrder(a.what, b.what)),
    faults: ofService("irsa-context").map(({ message }) => withoutDescription(message)),
    ...(error === undefined ? {} : { error }),
  });
}

type Placed = Pick<ReportFinding, "at" | "says">;

/**
 * The most causal rule first, as the pack lists them, then by resource. The engine registers resources in parallel, so
 * the order of its events is another one in each run, and a report must not be.
 */
function byRule(a: Placed & { readonly rule: string }, b: Placed & { readonly rule: string }): number {
  return orderOf(a.rule) - orderOf(b.rule) || inOrder(a.rule, b.rule) || byPlace(a, b);
}

function byPlace(a: Placed, b: Placed): number {
  const key = ({ at, says }: Placed) => [at.urn ?? "", at.resource, at.path, says].join("\n");
  return inOrder(key(a), key(b));
}

/** Rules of the pack, then its service policies and other packs. */
function orderOf(rule: string): number {
  const index = rules.findIndex(({ id }) => id === rule);
  return index < 0 ? rules.length : index;
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const SERVICE_POLICIES: ReadonlySet<string> = new Set(["irsa-unverified", "irsa-context"]);

interface Suppressed {
  readonly line: SuppressionLine;
  readonly event: PolicyEvent;
}

/** What counts, and what the program suppresses; all of it counts in an audit. */
function sort({ events: { policyEvents }, suppressions }: Judged): {
  readonly told: readonly PolicyEvent[];
  readonly suppressed: readonly Suppressed[];
} {
  const told: PolicyEvent[] = [];
  const suppressed: Suppressed[] = [];
  for (const event of policyEvents) {
    const line =
      event.pack === PACK && event.policy === "irsa-suppression" ? parseSuppression(event.message) : undefined;
    if (line === undefined) told.push(event);
    else {
      const level = line.level === "mandatory" ? "mandatory" : "advisory";
      const own: PolicyEvent = { ...event, policy: line.rule, level, severity: undefined, message: line.text };
      if (suppressions) suppressed.push({ line, event: own });
      else told.push(own);
    }
  }
  return { told, suppressed };
}

function readSuppressed(
  { rule, reason, until }: SuppressionLine,
  event: PolicyEvent,
  around: Surroundings,
): SuppressedFinding {
  const { says, at } = rule === "irsa-unverified" ? readUnverified(event, around) : readFinding(around)(event);
  return { rule, at, says, reason, ...(until === undefined ? {} : { until }) };
}

type Unnumbered = Omit<ReportFinding, "fingerprint">;

function readFinding({ judged, chains, named }: Surroundings): (event: PolicyEvent) => Unnumbered {
  return (event) => {
    const rule = event.pack === PACK ? rules.find(({ id }) => id === event.policy) : undefined;
    const told = event.pack === PACK ? parseFinding(event.message) : undefined;
    const place = (urn: string | undefined, resource: string, path: string): ReportPlace => ({
      ...placeOf(urn, judged),
      resource,
      path,
    });
    // What is certain when a resource is registered, the engine reports there, wherever the fault is.
    const own = resourceText(event.urn ?? "");
    const at = told
      ? place(own === told.at.resource ? event.urn : named.get(told.at.resource), told.at.resource, told.at.path)
      : place(event.urn, own, "");
    const related = (told?.related ?? []).map(({ resource, path }) => place(named.get(resource), resource, path));
    return {
      rule: event.pack === PACK ? event.policy : `${event.pack}/${event.policy}`,
      link: rule?.link ?? "other",
      level: event.level,
      severity: severityOf(event.severity) ?? rule?.severity ?? "medium",
      says: told?.says ?? (event.pack === PACK ? withoutDescription : oneLine)(event.message),
      at,
      related,
      why: told?.why ?? "",
      fix: told?.fix ?? "",
      chains: chainsOf([at, ...related], chains, judged.resources),
      known: false,
    };
  };
}

function readUnverified(event: PolicyEvent, { judged, chains }: Surroundings): UnverifiedLine {
  const at = { ...placeOf(event.urn, judged), resource: resourceText(event.urn ?? ""), path: "" };
  return { says: withoutDescription(event.message), at, chains: chainsOf([at], chains, judged.resources) };
}

/** Where the engine named no resource it names the stack; then there is nothing to point at. */
function placeOf(urn: string | undefined, { resources, folders }: Judged): Pick<ReportPlace, "urn" | "position"> {
  if (urn === undefined || parseUrn(urn).type === "pulumi:pulumi:Stack") return {};
  const resource = resources.get(urn);
  const position = folders && resource && positionOf(resource, resources, folders);
  return { urn, ...(position === undefined ? {} : { position }) };
}

function oneLine(message: string): string {
  return message.split("\n").filter(Boolean).join(" ");
}

/** Pulumi puts the policy's description above its message. */
function withoutDescription(message: string): string {
  const lines = message.split("\n").filter(Boolean);
  return (lines.length > 1 ? lines.slice(1) : lines).join(" ");
}

function namesOf(resources: Resources): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { urn } of resources.values()) names.set(resourceText(urn), urn);
  return names;
}

/** `aws:iam/role:Role api`, spelt as in the text of findings. */
function resourceText(urn: string): string {
  const { type, name } = parseUrn(urn);
  return visible(`${type} ${/^[^\s,"\\]+$/.test(name) ? name : JSON.stringify(name)}`.trim());
}

function severityOf(text: string | undefined): Severity | undefined {
  return SEVERITIES.find((severity) => severity === text);
}

/** What was said at a registration and again of the whole stack is one fault: kept is what names more of its parties. */
function withoutTwins(findings: readonly Unnumbered[]): readonly Unnumbered[] {
  const kept = new Map<string, Unnumbered>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.at.urn ?? finding.at.resource, finding.at.path, finding.says]);
    const twin = kept.get(key);
    if (twin === undefined || twin.related.length < finding.related.length) kept.set(key, finding);
  }
  return [...kept.values()];
}

/** Rule and URN make the fingerprint: neither a moved line nor a reworded text may make an old finding new. */
function number(findings: readonly Unnumbered[]): readonly ReportFinding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = `${finding.rule}\n${finding.at.urn ?? finding.at.resource}`;
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    const fingerprint = createHash("sha256").update(`${key}\n${count}`).digest("hex").slice(0, 32);
    return { ...finding, fingerprint };
  });
}
