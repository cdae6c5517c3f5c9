import { listIn } from "../../facts/lists";
import { knownValues } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly seen: string;
  readonly operator: string;
  readonly users: readonly string[];
}

export default defineRule<Data>({
  id: "trust-policy-subject-wildcard",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "Wildcards in a subject stand under StringLike; StringEquals takes them for themselves.",
  why: 'No token has a star in its subject, so STS refuses every pod: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 3,
  decidesEarly: true,
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    "https://github.com/terraform-aws-modules/terraform-aws-iam/issues/486",
  ],
  *check(model) {
    for (const { role, subjects } of trustFaults(model)) {
      for (const { fault, path, seen, operator, beside } of subjects) {
        if (fault !== "wildcard") continue;
        const users = listIn(model.bindingsByRole, role);
        yield {
          verdict: "violation",
          at: placeIn(role, path),
          related: users.flatMap(accountPlaces).slice(0, 3),
          ...(beside ? { level: "advisory" as const } : {}),
          data: {
            role: role.title,
            seen,
            operator,
            users: users.flatMap(({ token }) => knownValues(token.subject)),
          },
        };
      }
    }
  },
  explain: ({ role, seen, operator, users }) => ({
    says: `${capital(role)} compares the subject with ${quote(operator)} and ${quote(seen)}, whose wildcards only "StringLike" reads.`,
    fix:
      users.length > 0
        ? `Name the accounts: ${JSON.stringify(users.length === 1 ? users[0] : users)}; or move the condition under "StringLike".`
        : 'Move the condition under "StringLike", or name each account in full.',
  }),
});
