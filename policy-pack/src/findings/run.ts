import type { IrsaModel } from "../model/types";
import type { Rule, Unverified } from "../rules/rule";
import type { Fault, Finding, UnverifiedFinding } from "./finding";
import { byPlace, compare } from "./place";
import { gatherUnverified } from "./unverified";

export interface Verdicts {
  /** In the order of the rules, then of the resources' URNs. */
  readonly findings: readonly Finding[];
  readonly unverified: readonly UnverifiedFinding[];
  readonly faults: readonly Fault[];
}

/** Runs the rules over the model. A rule that fails is reported as a fault and stops none of the others. */
export function run(rules: readonly Rule[], model: IrsaModel): Verdicts {
  const findings: Finding[] = [];
  const open: { readonly rule: string; readonly unverified: Unverified }[] = [];
  const faults: Fault[] = [];
  for (const rule of rules) {
    try {
      const own: Finding[] = [];
      for (const judgement of rule.judge(model)) {
        if (judgement.verdict === "unverified") open.push({ rule: rule.id, unverified: judgement });
        else {
          const { at, related, explanation } = judgement;
          own.push({
            rule: rule.id,
            verdict: "violation",
            level: judgement.level ?? rule.level,
            severity: rule.severity,
            at,
            related,
            says: explanation.says,
            why: explanation.why ?? rule.why,
            fix: explanation.fix,
          });
        }
      }
      findings.push(...own.sort((a, b) => byPlace(a.at, b.at) || compare(a.says, b.says)));
    } catch (error) {
      faults.push({ rule: rule.id, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { findings, unverified: gatherUnverified(open, model), faults };
}
