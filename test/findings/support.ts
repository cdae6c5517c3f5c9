import type { Finding } from "../../policy-pack/src/findings/finding";
import { defineRule, type Rule, type Unverified, type Violation } from "../../policy-pack/src/rules/rule";
import { urns } from "../support/stack";

/** A finding of no rule of the pack. */
export const FINDING: Finding = {
  rule: "test-fault",
  verdict: "violation",
  level: "mandatory",
  severity: "high",
  at: { urn: urns.role, path: "assumeRolePolicy" },
  related: [{ urn: urns.serviceAccount, path: "" }],
  says: "It is broken.",
  why: "It fails.",
  fix: "Mend it.",
};

/** A mandatory rule of low severity whose data is what it says, or what it says and why. */
export function ruleOf(
  check: () => Iterable<Violation<string | { readonly says: string; readonly why: string }> | Unverified>,
  id = "test-fault",
): Rule {
  return defineRule({
    id,
    link: "workload",
    severity: "low",
    level: "mandatory",
    summary: "Nothing is broken.",
    why: "It fails.",
    articleStep: undefined,
    references: [],
    check,
    explain: (data) => ({ ...(typeof data === "string" ? { says: data } : data), fix: "Mend it." }),
  });
}
