import { capital, enumerate, quote } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import { placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly issuer: string;
  readonly strangers: readonly string[];
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
      for (const { pattern, path, issuer, strangers, smallest } of reaches) {
        if (pattern !== undefined) continue;
        yield {
          verdict: "violation",
          at: placeIn(role, path),
          related: [],
          data: { role: role.title, issuer, strangers, smallest },
        };
      }
    }
  },
  explain: ({ role, issuer, strangers, smallest }) => ({
    says: `${capital(role)} admits every ServiceAccount of the issuer ${quote(issuer)}${strangers.length > 0 ? `, here also ${enumerate(strangers, 4)}` : ""}: no condition names a subject.`,
    fix: smallest
      ? `Set the statement to ${smallest}.`
      : `Add the condition ${JSON.stringify({ StringEquals: { [`${issuer}:sub`]: "system:serviceaccount:<namespace>:<name>" } })}.`,
  }),
});
