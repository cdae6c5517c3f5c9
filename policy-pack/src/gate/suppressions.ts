import type { Level } from "../rules/rule";

/** What the pack's policy irsa-suppression says of a finding that the program suppresses. */
export interface SuppressionLine {
  readonly rule: string;
  /** `unverified` for a line of irsa-unverified. */
  readonly level: Level | "unverified";
  readonly reason: string;
  readonly until: string | undefined;
  /** The text of the finding, as it would have been reported. */
  readonly text: string;
}

/**
 * Reads `Suppressed mandatory trust-policy-invalid until 2027-01-31: <reason>`, and below it the finding. Undefined for
 * anything else: then the message tells of a suppression that does not do what it is there for.
 */
export function parseSuppression(message: string): SuppressionLine | undefined {
  const lines = message.split("\n");
  const head = /^Suppressed (mandatory|advisory|unverified) ([a-z0-9-]+)(?: until (\d{4}-\d{2}-\d{2}))?: (.*)$/;
  const first = lines.findIndex((line) => head.test(line));
  const [, level, rule, until, reason] = head.exec(lines[first] ?? "") ?? [];
  if (rule === undefined || reason === undefined) return undefined;
  return {
    rule,
    level: level === "mandatory" || level === "advisory" ? level : "unverified",
    reason,
    until,
    text: lines.slice(first + 1).join("\n"),
  };
}
