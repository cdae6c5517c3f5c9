import type { Link } from "../../rules/rule";
import type { Chain, ChainNode, Report, ReportFinding, ReportPlace, Source, StackReport, Verdict } from "../report";
import { plural } from "../decide";

interface ReporterOptions {
  /** Terminal colours, in text. */
  readonly color: boolean;
  /** Also show what is suppressed, where a format leaves it out. */
  readonly showSuppressed: boolean;
  /** Which findings fail the gate. */
  readonly fails: (finding: ReportFinding) => boolean;
}

/** A pure function from what was found to a file's content. */
export type Reporter = (report: Report, options: ReporterOptions) => string;

/** For people who do not see colours, and for logs that have none. */
export const MARKS: Readonly<Record<Verdict, string>> = { ok: "✓", violation: "✗", advisory: "!", unverified: "?" };

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  ok: "in order",
  violation: "broken",
  advisory: "advice",
  unverified: "not verified",
};

export const LINK_WORDS: Readonly<Record<Link, string>> = {
  workload: "the pod names its ServiceAccount",
  "service-account": "the ServiceAccount names its role",
  permissions: "the role has permissions",
  "trust-policy": "the role's trust policy admits the account",
  "oidc-provider": "the OIDC provider stands for the cluster",
};

const SOURCE_WORDS: Readonly<Record<Source, string>> = {
  rehearsal: "rehearsed",
  "first-preview": "rehearsed as a first preview",
  live: "previewed against the real cloud",
  events: "from the events of a preview",
  state: "from deployed state",
};

/** `shop/dev, rehearsed, 9 resources`. */
export function stackWords({ project, stack, source, resources }: StackReport): string {
  return `${project}/${stack}, ${SOURCE_WORDS[source]}, ${plural(resources, "resource")}`;
}

/** `index.ts:5:17`; empty where the place is not known. */
export function positionWords({ position }: ReportPlace): string {
  return position === undefined ? "" : `${position.file}:${position.line}:${position.column}`;
}

export function placeWords({ resource, path }: ReportPlace): string {
  return path === "" ? resource : `${resource}, ${path}`;
}

/** The labelled lines below a finding's sentence, as the pack itself prints them. */
export function detailLines({ at, related, why, fix }: ReportFinding): readonly string[] {
  return [
    `at    ${placeWords(at)}`,
    ...related.map((place) => `with  ${placeWords(place)}`),
    ...(why === "" ? [] : [`why   ${why}`]),
    ...(fix === "" ? [] : [`fix   ${fix}`]),
  ];
}

/** Findings by the chain that they are shown under: the first that they concern; `undefined` for those of none. */
export function byChain({ chains, findings }: StackReport): ReadonlyMap<Chain | undefined, readonly ReportFinding[]> {
  const groups = new Map<Chain | undefined, ReportFinding[]>();
  for (const chain of [...chains, undefined]) groups.set(chain, []);
  for (const finding of findings) groups.get(chains.find(({ id }) => finding.chains.includes(id)))?.push(finding);
  return groups;
}

/** Titles of the chains that a finding concerns beside the one that it is shown under. */
export function otherChains({ chains }: ReportFinding, all: readonly Chain[]): readonly string[] {
  return all
    .filter(({ id }) => chains.includes(id))
    .slice(1)
    .map(({ title }) => title);
}

export function verdictOf({ level }: ReportFinding): Verdict {
  return level === "mandatory" ? "violation" : "advisory";
}

export function nodeOf({ nodes }: Chain, id: string): ChainNode | undefined {
  return nodes.find((node) => node.id === id);
}

/** Why the gate says what it says, in figures. */
export function figures({ decision: { counts }, baseline }: Report): string {
  return [
    `${counts.mandatory} mandatory`,
    `${counts.advisory} advisory`,
    `${counts.unverified} not verified`,
    ...(counts.suppressed > 0 ? [`${counts.suppressed} suppressed`] : []),
    ...(baseline === undefined ? [] : [`${counts.known} known to the baseline`]),
  ].join(", ");
}
