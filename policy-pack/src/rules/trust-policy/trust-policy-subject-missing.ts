import { capital, quote } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import { reachedHere, type Reach } from "../../model/trust-reach";
import { placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data extends Pick<Reach, "strangers" | "namespaces"> {
  readonly role: string;
  readonly issuer: string;
  readonly smallest: string | undefined;
}

export default defineRule<Data>({
  id: "trust-policy-subject-missing",
  link: "trust-policy",
  severity: "critical",
  level: "mandatory",
  summary: "A trust policy names the ServiceAccounts that may assume the role.",
  why: "Every ServiceAccount of the cluster, in any namespace, can assume the role.",
  articleStep: 3,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"],
  *check(model) {
    for (const { role, reaches } of trustFaults(model)) {
      for (const { pattern, path, issuer, strangers, namespaces, smallest } of reaches) {
        if (pattern !== undefined) continue;
        yield {
          verdict: "violation",
          at: placeIn(role, path),
          related: [],
          data: { role: role.title, issuer, strangers, namespaces, smallest },
        };
      }
    }
  },
  explain: ({ role, issuer, strangers, namespaces, smallest }) => ({
    says: `${capital(role)} admits every ServiceAccount of the issuer ${quote(issuer)}: no condition names a subject${reachedHere({ strangers, namespaces })}.`,
    fix: smallest
      ? `Set the statement to ${smallest}.`
      : `Add the condition ${JSON.stringify({ StringEquals: { [`${issuer}:sub`]: "system:serviceaccount:<namespace>:<name>" } })}.`,
  }),
});
