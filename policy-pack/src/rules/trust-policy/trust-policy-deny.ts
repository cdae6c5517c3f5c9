import { knownValueOr } from "../../facts/fact";
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
  /** A condition key that no token carries, so that a negated comparison holds for everybody. */
  readonly slip: { readonly seen: string; readonly needed: string } | undefined;
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
    for (const { role, statement, refused, places, slip } of denials(model)) {
      const conditions = knownValueOr(statement.conditions, []);
      yield {
        verdict: "violation",
        at: placeIn(role, statement.path),
        related: places,
        data: {
          role: role.title,
          statement: statement.path,
          refused,
          conditions: conditions.map(({ operator, key }) => `${operator} on ${quote(key)}`),
          slip,
        },
      };
    }
  },
  explain: ({ role, statement, refused, conditions, slip }) => ({
    says: `${capital(role)} refuses ${enumerate(refused)} by the Deny in ${statement}${conditions.length > 0 ? `, whose condition ${enumerate(conditions)} holds for ${refused.length > 1 ? "them" : "it"}` : ", which has no condition"}.`,
    fix: repair(statement, refused.length > 1, conditions.length > 0, slip),
  }),
});

function repair(statement: string, several: boolean, conditional: boolean, slip: Data["slip"]): string {
  if (slip) return `Change the condition key ${JSON.stringify(slip.seen)} to ${JSON.stringify(slip.needed)}.`;
  if (!conditional) return `Remove ${statement}.`;
  return `Change the condition of ${statement} so that it leaves ${several ? "these accounts" : "this account"} out, or remove the statement.`;
}
