import { capital, enumerate, quote } from "../../facts/words";
import { conflicts } from "../../model/attachment-conflicts";
import type { Attachment } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly exclusive: string;
  readonly kind: "role-list" | "resource-list" | "policy";
  readonly property: string;
  readonly others: readonly string[];
  /** The policy, by ARN or name, of the first of the others. */
  readonly policy: string | undefined;
}

export default defineRule<Data>({
  id: "role-attachment-conflict",
  link: "permissions",
  severity: "medium",
  level: "advisory",
  summary: "What one resource attaches to a role, no other takes away.",
  why: 'The policy vanishes at one update and is back at the next; meanwhile the pods get "AccessDenied".',
  articleStep: 2,
  references: [
    "https://www.pulumi.com/registry/packages/aws/api-docs/iam/role/",
    "https://www.pulumi.com/registry/packages/aws/api-docs/iam/policyattachment/",
  ],
  *check(model) {
    for (const { role, exclusive, property, others } of conflicts(model)) {
      const kind =
        exclusive.manner === "exclusive-for-policy"
          ? "policy"
          : exclusive.rolePath === undefined
            ? "role-list"
            : "resource-list";
      yield {
        verdict: "violation",
        at: { urn: exclusive.urn, path: property },
        related: others.slice(0, 3).map(({ urn, path }) => ({ urn, path })),
        data: {
          role: role.title,
          exclusive: exclusive.title,
          kind,
          property,
          others: others.map(({ title }) => title),
          policy: policyOf(kind === "policy" ? exclusive : others[0]),
        },
      };
    }
  },
  explain: ({ role, exclusive, kind, property, others, policy }) => {
    const which = policy === undefined ? "the policy" : quote(policy);
    switch (kind) {
      case "role-list":
        return {
          says: `${capital(role)} keeps only what its ${property} lists, so it takes away ${which} of ${enumerate(others)}.`,
          fix: `Leave ${property} out of ${role} and attach each policy by a resource of its own, or add ${which} to ${property} and remove ${enumerate(others)}.`,
        };
      case "resource-list":
        return {
          says: `${capital(exclusive)} keeps only what its ${property} list on ${role}, so it takes away ${which} of ${enumerate(others)}.`,
          fix: `Add ${which} to ${property}.`,
        };
      case "policy":
        return {
          says:
            others.length > 0
              ? `${capital(exclusive)} takes ${policy === undefined ? "its policy" : `the policy ${quote(policy)}`} away from all but its own roles, and so from ${enumerate(others)}.`
              : `${capital(exclusive)} takes ${policy === undefined ? "its policy" : `the policy ${quote(policy)}`} away from every role, user and group of the account but its own.`,
          fix: `Use aws.iam.RolePolicyAttachment in place of ${exclusive}: it attaches to one role and touches no other.`,
        };
    }
  },
});

function policyOf(attachment: Attachment | undefined): string | undefined {
  const name = attachment?.kind === "inline" ? attachment.policyName : attachment?.policyArn;
  return name?.is === "known" ? name.value : undefined;
}
