import { capital, enumerate, quote } from "../../facts/words";
import { denials } from "../../model/trust-denial";
import { placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly statement: string;
  /** The accounts that use the role, by title; the subjects that it trusts where nobody here does. */
  readonly refused: readonly string[];
  readonly conditions: readonly string[];
}

export default defineRule<Data>({
  id: "trust-policy-deny",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "No Deny of a trust policy refuses an account that is meant to use the role.",
  why: 'A Deny wins over every Allow. STS refuses the pod: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity", or "with an explicit deny".',
  articleStep: 3,
  references: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"],
  *check(model) {
    for (const { role, statement, refused, places } of denials(model)) {
      const conditions = statement.conditions.is === "known" ? statement.conditions.value : [];
      yield {
        verdict: "violation",
        at: placeIn(role, statement.path),
        related: places,
        data: {
          role: role.title,
          statement: statement.path,
          refused,
          conditions: conditions.map(({ operator, key }) => `${operator} on ${quote(key)}`),
        },
      };
    }
  },
  explain: ({ role, statement, refused, conditions }) => ({
    says: `${capital(role)} refuses ${enumerate(refused)} by the Deny in ${statement}${conditions.length > 0 ? `, whose condition ${enumerate(conditions)} holds for ${refused.length > 1 ? "them" : "it"}` : ", which has no condition"}.`,
    fix:
      conditions.length > 0
        ? `Change the condition of ${statement} so that it leaves ${refused.length > 1 ? "these accounts" : "this account"} out, or remove the statement.`
        : `Remove ${statement}.`,
  }),
});
