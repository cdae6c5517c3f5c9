import { listIn } from "../facts/lists";
import { knownValueOr } from "../facts/fact";
import { nearest } from "../facts/did-you-mean";
import { parseUrn } from "../facts/urn";
import { didYouMean, quote } from "../facts/words";
import type { Snapshot } from "../model/snapshot";
import {
  parseSuppressionText,
  readSuppressions,
  SUPPRESSION_PREFIX,
  type Suppression,
  type SuppressionText,
} from "../model/suppression";
import type { Place } from "../rules/rule";
import type { Finding, UnverifiedFinding } from "./finding";
import { byPlace, label } from "./place";
import type { Verdicts } from "./run";

/** A finding that the program asks to pass over, and why. */
export interface SuppressedFinding {
  readonly finding: Finding | UnverifiedFinding;
  /** As written; undefined while the value is not known yet. */
  readonly reason: string | undefined;
  /** The last day on which the suppression holds, `YYYY-MM-DD`; undefined for one without an end. */
  readonly until: string | undefined;
  /** The annotation or tag. */
  readonly by: Place;
}

/** A suppression that does not do what it is there for. */
export interface SuppressionProblem {
  readonly kind: "unknown-rule" | "no-reason" | "expired" | "unused";
  readonly at: Place;
  /** What is wrong and what to write: two sentences on one line. */
  readonly says: string;
}

export interface SuppressedVerdicts extends Verdicts {
  readonly suppressed: readonly SuppressedFinding[];
  /** By URN, then by path. */
  readonly problems: readonly SuppressionProblem[];
}

/** What can be suppressed beside the rules: the line that says what is awaited. */
const UNVERIFIED: UnverifiedFinding["rule"] = "irsa-unverified";

interface Read extends Suppression {
  /** Undefined while the text is not known: whoever writes the key means it, so it holds until the text says otherwise. */
  readonly parsed: SuppressionText | undefined;
  /** Why it has no effect. */
  readonly problem: SuppressionProblem | undefined;
}

/**
 * Takes out of the verdicts what the program suppresses on the resource that a finding is at: by the annotation (Kubernetes)
 * or tag (AWS) `ignore.eks-irsa.dev/<rule id>`, whose value is a reason and may end in `until YYYY-MM-DD`, that day included.
 * Suppressions that hold no longer, or never did, take nothing out and are told as problems.
 *
 * @param verdicts What the rules found in the snapshot.
 * @param snapshot The snapshot; its `today` decides what has expired.
 * @param ruleIds Every rule that there is, whether or not it ran.
 */
export function applySuppressions(
  verdicts: Verdicts,
  snapshot: Snapshot,
  ruleIds: readonly string[],
): SuppressedVerdicts {
  const known = new Set([...ruleIds, UNVERIFIED]);
  const all = readSuppressions(snapshot).map((each) => weigh(each, known, snapshot.today));
  const byKey = new Map<string, Read[]>();
  for (const each of all) {
    if (each.problem) continue;
    const key = `${each.rule} ${each.urn}`;
    byKey.set(key, [...listIn(byKey, key), each]);
  }
  const used = new Set<Read>();
  const suppressed: SuppressedFinding[] = [];
  const remains = (finding: Finding | UnverifiedFinding): boolean => {
    const by = carriers(finding)
      .map((place) => byKey.get(`${finding.rule} ${place.urn}`)?.find(({ root }) => covers(root, place.path)))
      .find((each) => each !== undefined);
    if (!by) return true;
    used.add(by);
    const until = by.parsed?.until.is === "day" ? by.parsed.until.day : undefined;
    suppressed.push({ finding, reason: by.parsed?.reason, until, by: { urn: by.urn, path: by.path } });
    return false;
  };
  const findings = verdicts.findings.filter(remains);
  const unverified = verdicts.unverified.filter(remains);
  const problems = all.flatMap((each) =>
    each.problem ? [each.problem] : used.has(each) || !isSettled(each, verdicts) ? [] : [unused(each, verdicts)],
  );
  return {
    ...verdicts,
    findings,
    unverified,
    suppressed,
    problems: problems.sort((a, b) => byPlace(a.at, b.at)),
  };
}

/** Where a suppression of the finding may stand: on its resource, or on the other parties of one that takes no tags. */
function carriers(finding: Finding | UnverifiedFinding): readonly Place[] {
  const { at } = finding;
  return finding.verdict === "violation" && TAKES_NO_TAGS.test(parseUrn(at.urn).type) ? [at, ...finding.related] : [at];
}

/** The resources that attach policies to roles. */
const TAKES_NO_TAGS = /^aws(-native)?:iam[:/].*(RolePolicy|PolicyAttachment|PoliciesExclusive|AttachmentsExclusive)$/;

function weigh(suppression: Suppression, known: ReadonlySet<string>, today: string): Read {
  const { text } = suppression;
  const parsed = text.is === "unknown" ? undefined : parseSuppressionText(knownValueOr(text, ""));
  return { ...suppression, parsed, problem: problemOf(suppression, parsed, known, today) };
}

function problemOf(
  { rule, urn, path }: Suppression,
  parsed: SuppressionText | undefined,
  known: ReadonlySet<string>,
  today: string,
): SuppressionProblem | undefined {
  const at = { urn, path };
  if (!known.has(rule)) {
    const says = `${quote(`${SUPPRESSION_PREFIX}${rule}`)} on ${label(urn)} names no rule of this pack.${didYouMean(nearest(rule, known))}`;
    return { kind: "unknown-rule", at, says };
  }
  if (!parsed) return undefined;
  const { reason, until } = parsed;
  const subject = `The suppression of ${rule} on ${label(urn)}`;
  if (reason === "") {
    const says = `${subject} gives no reason, so it has no effect. Set its value to a reason, which may end in "until YYYY-MM-DD".`;
    return { kind: "no-reason", at, says };
  }
  if (until.is === "absent") return undefined;
  if (until.is === "malformed") {
    const end = quote(`until ${until.seen}`.trim());
    const says = `${subject} ends in ${end}, which is no day of the calendar, so it counts as expired. Write "until YYYY-MM-DD".`;
    return { kind: "expired", at, says };
  }
  if (until.day >= today) return undefined;
  const says = `${subject} expired after ${until.day}; its reason was ${quote(reason)}. Mend what the rule finds, or give a later day.`;
  return { kind: "expired", at, says };
}

function covers(root: string, path: string): boolean {
  return root === "" || path === root || path.startsWith(`${root}.`);
}

/** False while a silent rule may still find a fault: something is not known yet, or the rule failed inside. */
function isSettled({ rule, settled }: Suppression, verdicts: Verdicts): boolean {
  if (!settled) return false;
  const waiting = verdicts.unverified.some((each) => each.rules.includes(rule));
  return !waiting && !verdicts.faults.some((fault) => fault.rule === rule);
}

/** Where the rule reports a fault of this resource at another one, the suppression has to stand there. */
function unused({ rule, urn, path }: Suppression, verdicts: Verdicts): SuppressionProblem {
  const elsewhere = verdicts.findings.find(
    (finding) => finding.rule === rule && finding.related.some((place) => place.urn === urn) && finding.at.urn !== urn,
  );
  const says = `The suppression of ${rule} on ${label(urn)} suppresses nothing: ${advice(elsewhere)}`;
  return { kind: "unused", at: { urn, path }, says };
}

function advice(elsewhere: Finding | undefined): string {
  if (!elsewhere) return "the rule finds no fault there. Remove it.";
  const { rule, at } = elsewhere;
  const next = at.urn === "" ? `Nothing can be suppressed there: set the level of ${rule} instead.` : "Move it there.";
  return `the rule reports the fault at ${label(at.urn)}. ${next}`;
}
