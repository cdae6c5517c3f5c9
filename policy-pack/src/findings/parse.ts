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
  const says = lines[first - 1] ?? "";
  const at = parsePlace(lines[first] ?? "");
  const related: PlaceText[] = [];
  let next = first + 1;
  for (; lines[next]?.startsWith("  with  "); next++) related.push(parsePlace(lines[next] ?? ""));
  const why = labelled(lines[next], "why");
  const fix = labelled(lines[next + 1], "fix");
  if (why === undefined || fix === undefined) return undefined;
  return { says, at, related, why, fix };
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

function labelled(line: string | undefined, label: string): string | undefined {
  const prefix = `  ${label.padEnd(6)}`;
  return line?.startsWith(prefix) ? line.slice(prefix.length) : undefined;
}

/** Type tokens hold no comma, and a name that does is in quotes, so the first comma after the name begins the path. */
function parsePlace(line: string): PlaceText {
  const text = line.slice("  at    ".length);
  const match = /^(\S+ (?:"(?:[^"\\]|\\.)*"|[^\s,"\\]+)|policy-pack configuration irsa-context)(?:, (.*))?$/.exec(text);
  return match ? { resource: match[1] ?? text, path: match[2] ?? "" } : { resource: text, path: "" };
}

function placeText(place: PlaceText): string {
  return place.path ? `${place.resource}, ${place.path}` : place.resource;
}
