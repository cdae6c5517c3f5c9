import { capital } from "../../facts/words";
import { coversAction } from "../../iam/web-identity";
import { trustFaults } from "../../model/trust";
import { placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly statement: string;
  readonly seen: string;
  readonly open: boolean;
  /** Whether the statement is for sts:AssumeRole, by which accounts of AWS come in. */
  readonly assumes: boolean;
  readonly provider: string | undefined;
}

export default defineRule<Data>({
  id: "trust-policy-principal-wildcard",
  link: "trust-policy",
  severity: "critical",
  level: "mandatory",
  summary: "A role for pods names its OIDC provider as the principal, never everybody.",
  why: "Without a condition, anybody in any AWS account can assume the role.",
  articleStep: 3,
  references: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"],
  *check(model) {
    for (const { role, wildcards } of trustFaults(model)) {
      const candidates = role.wiredProviders.length > 0 ? role.wiredProviders : model.providers;
      const [only] = candidates;
      const arn = candidates.length === 1 && only?.arn.is === "known" ? only.arn.value : undefined;
      for (const { path, seen, open, statement } of wildcards) {
        yield {
          verdict: "violation",
          at: placeIn(role, path),
          related: [],
          ...(open ? {} : { level: "advisory" as const }),
          data: {
            role: role.title,
            statement: statement.path,
            seen,
            open,
            assumes: coversAction(statement, "sts:AssumeRole") === true,
            provider: arn,
          },
        };
      }
    }
  },
  explain: ({ role, statement, seen, open, assumes, provider }) => ({
    says: `${capital(role)} trusts the principal ${seen} in ${statement}${open ? ", and no condition keeps anybody out" : ", so only the conditions decide who may assume it"}.`,
    ...(open ? {} : { why: "A condition with a slip then opens the role instead of closing it." }),
    ...(open && !assumes ? { why: "Every token of every identity provider of the account opens the role." } : {}),
    fix: assumes
      ? `Name who is meant: for pods ${JSON.stringify({ Federated: provider ?? "<ARN of the OIDC provider>" })} with "sts:AssumeRoleWithWebIdentity"; or remove ${statement}.`
      : `Set Principal to ${JSON.stringify({ Federated: provider ?? "<ARN of the OIDC provider>" })}.`,
  }),
});
