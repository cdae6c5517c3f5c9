import type { Finding } from "../../policy-pack/src/findings/finding";
import { run, type Verdicts } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { rules } from "../../policy-pack/src/rules";

/** What all rules say of a stack; a rule that fails inside fails the property. */
export function judge(snapshot: Snapshot): Verdicts {
  const verdicts = run(rules, buildModel(snapshot));
  expect(verdicts.faults).toEqual([]);
  return verdicts;
}

/**
 * The violations that nothing in a fuller judgement answers to. A violation is answered by one of the same rule that names
 * its resource, or by one of another rule that is as strong and names a resource of it: one fault is one finding, so that
 * what is known decides which of two rules reports a broken link, and which of its parties is to be edited.
 */
export function unanswered(found: readonly Finding[], fuller: readonly Finding[]): readonly Finding[] {
  return found.filter((finding) => !fuller.some((other) => answers(other, finding)));
}

function answers(other: Finding, finding: Finding): boolean {
  if (finding.level === "mandatory" && other.level !== "mandatory") return false;
  if (other.rule === finding.rule) return urnsOf(other).includes(finding.at.urn);
  // The order of creation is a matter of edges alone and hides no other fault.
  return other.rule !== "workload-order" && urnsOf(other).some((urn) => urnsOf(finding).includes(urn));
}

function urnsOf({ at, related }: Finding): readonly string[] {
  return [at, ...related].map(({ urn }) => urn);
}

/** A violation in one line, for the report of a failed property. */
export function brief({ level, rule, at, says }: Finding): string {
  return `${level} ${rule} at ${at.urn.split("::").slice(2).join(" ")}: ${says}`;
}
