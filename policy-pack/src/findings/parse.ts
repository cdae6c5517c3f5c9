import { texts } from "../facts/lists";

/** A finding as its text tells it: what the gate gets back from Pulumi's events, where only text travels. */
export interface FindingText {
  readonly says: string;
  readonly at: PlaceText;
  readonly related: readonly PlaceText[];
  readonly why: string;
  readonly fix: string;
}

export interface PlaceText {
  /** `aws:iam/role:Role api`, as printed. */
  readonly resource: string;
  readonly path: string;
}

/**
 * Reads the text of a finding back. Pulumi puts the policy's description above a message, so everything before the line
 * that says it is passed over. Undefined for text of another origin.
 */
export function parseFinding(text: string): FindingText | undefined {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line.startsWith("  at    "));
  if (first < 1) return undefined;
  const [says, at] = texts(lines.slice(first - 1));
  const below = lines.slice(first + 1);
  const related: PlaceText[] = [];
  for (const line of below) {
    if (!line.startsWith("  with  ")) break;
    related.push(parsePlace(line));
  }
  const [whyLine, fixLine] = texts(below.slice(related.length));
  const why = labelled(whyLine, "why");
  const fix = labelled(fixLine, "fix");
  if (why === undefined || fix === undefined) return undefined;
  return { says, at: parsePlace(at), related, why, fix };
}

/** The text of a parsed finding; the inverse of {@link parseFinding}. */
export function renderFindingText(finding: FindingText): string {
  return [
    finding.says,
    `  at    ${placeText(finding.at)}`,
    ...finding.related.map((place) => `  with  ${placeText(place)}`),
    `  why   ${finding.why}`,
    `  fix   ${finding.fix}`,
  ].join("\n");
}

/** The ids of the rules that a line of irsa-unverified says are waiting; none where it does not say so. */
export function waitingRules(says: string): readonly string[] {
  const [, ids] = texts(/ Rules that wait: ([a-z0-9-]+(?:, [a-z0-9-]+)*)\.$/.exec(says));
  return ids === "" ? [] : ids.split(", ");
}

function labelled(line: string, label: string): string | undefined {
  const prefix = `  ${label.padEnd(6)}`;
  return line.startsWith(prefix) ? line.slice(prefix.length) : undefined;
}

/**
 * Type tokens hold no comma, and a name that does is in quotes, so the first comma after the name begins the path. What has
 * none, in this form or another, is the resource as it stands.
 */
function parsePlace(line: string): PlaceText {
  const text = line.slice("  at    ".length);
  const match = /^(\S+ (?:"(?:[^"\\]|\\.)*"|[^\s,"\\]+)|policy-pack configuration irsa-context), /.exec(text);
  const [start, resource] = texts(match);
  return match ? { resource, path: text.slice(start.length) } : { resource: text, path: "" };
}

function placeText(place: PlaceText): string {
  return place.path ? `${place.resource}, ${place.path}` : place.resource;
}
