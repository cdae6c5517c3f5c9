import type { Answers } from "./worlds";
import type { ReferenceDecision } from "./evaluate";

/**
 * What is wrong with a verdict, given all that may come true: undefined when nothing is. A certain verdict must be right in
 * every case. An uncertain one is right only where the cases differ; Only when all cases are
 * given would they show it.
 */
export function objection(
  verdict: "allow" | "deny" | "unknown",
  cases: readonly Answers<ReferenceDecision>[],
  given: "all" | "some",
): string | undefined {
  if (verdict !== "unknown") {
    const against = cases.findIndex((answers) => !answers.includes(verdict));
    return against < 0 ? undefined : `${verdict}, but in case ${String(against)} IAM decides ${String(cases[against])}`;
  }
  const first = cases[0]?.[0];
  const differ = cases.some((answers) => answers.some((answer) => answer !== first));
  return differ || given === "some" ? undefined : `unknown, but IAM decides ${String(first)}`;
}
