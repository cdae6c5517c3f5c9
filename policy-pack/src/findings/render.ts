import { parseUrn } from "../facts/urn";
import type { Place } from "../rules/rule";
import type { Finding } from "./finding";
import type { SuppressedFinding } from "./suppress";

/**
 * The text of a finding: one line that says it, then labelled lines. The gate reads it back with `parse.ts`, so every
 * value is kept on its line: control characters become visible escapes here, whatever a program put into a name.
 */
export function renderFinding(finding: Pick<Finding, "says" | "at" | "related" | "why" | "fix">): string {
  return [
    visible(finding.says),
    `  at    ${renderPlace(finding.at)}`,
    ...finding.related.map((place) => `  with  ${renderPlace(place)}`),
    `  why   ${visible(finding.why)}`,
    `  fix   ${visible(finding.fix)}`,
  ].join("\n");
}

/**
 * What the program suppresses, told all the same: silence must not look like a clean stack. The first line has the level,
 * the rule, the last day and the reason; below it stands the finding.
 */
export function renderSuppressed({ finding, reason, until }: SuppressedFinding): string {
  const level = finding.verdict === "unverified" ? "unverified" : finding.level;
  const end = until === undefined ? "" : ` until ${until}`;
  const text = finding.verdict === "unverified" ? visible(finding.says) : renderFinding(finding);
  return `Suppressed ${level} ${finding.rule}${end}: ${visible(reason ?? "its reason is not known yet")}\n${text}`;
}

/** `aws:iam/role:Role api, assumeRolePolicy.Statement[0]`; what only the configuration names has no type. */
function renderPlace(place: Place): string {
  const { type, name } = parseUrn(place.urn);
  const resource = type ? `${type} ${quoteName(name)}` : "policy-pack configuration irsa-context";
  return visible(place.path ? `${resource}, ${place.path}` : resource);
}

/** Names are bare where they can be told from what follows, and in quotes otherwise. */
function quoteName(name: string): string {
  return /^[^\s,"\\]+$/.test(name) ? name : JSON.stringify(name);
}

/** Longer than any sentence of the rules; only a name or key of that length makes one longer. */
const LONGEST = 8000;

/** Shows control characters, line and direction marks instead of obeying them, and no more of a text than anybody reads. */
export function visible(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return shown.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    escapeCharacter,
  );
}

function escapeCharacter(character: string): string {
  const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
