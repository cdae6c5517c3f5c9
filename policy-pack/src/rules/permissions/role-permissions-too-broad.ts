import { texts } from "../../facts/lists";
import { capital, quote, quoteAll } from "../../facts/words";
import { excessOf, type Excess } from "../../model/breadth-of-permissions";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly kind: Excess["kind"];
  readonly seen: readonly string[];
  readonly by: string;
}

export default defineRule<Data>({
  id: "role-permissions-too-broad",
  link: "permissions",
  severity: "medium",
  level: "advisory",
  summary: "A role for pods is no administrator, and cannot make itself one.",
  why: "Whoever gets into one of the pods has the same rights: IRSA is there to give each pod its own, small ones.",
  articleStep: undefined,
  references: ["https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html"],
  *check(model) {
    for (const role of model.roles) {
      if (!role.forPods) continue;
      for (const attachment of role.permissions.attachments) {
        const excess = excessOf(attachment);
        if (!excess) continue;
        const { statement, kind, seen } = excess;
        const place = statement && attachment.documentAt;
        yield {
          verdict: "violation",
          at: place
            ? { urn: place.urn, path: `${place.path}.${statement.path}` }
            : { urn: attachment.urn, path: attachment.path },
          related: place?.urn === role.urn || attachment.urn === role.urn ? [] : [{ urn: role.urn, path: "" }],
          data: {
            role: role.title,
            kind,
            seen,
            by: attachment.urn === role.urn ? "a policy of its own" : attachment.title,
          },
        };
      }
    }
  },
  explain: ({ role, kind, seen, by }) => {
    switch (kind) {
      case "administrator":
        return {
          says: `${capital(role)} has ${quoteAll(seen)} by ${by}.`,
          fix: `Replace ${quoteAll(seen)} with a policy that allows the actions that the pods call, on the resources that they use.`,
        };
      case "everything":
        return {
          says: `${capital(role)} may do "*" on "*" by ${by}.`,
          fix: "List the actions that the pods call in Action, and the ARNs that they use in Resource.",
        };
      case "pass-any-role":
        return {
          says: `${capital(role)} may pass every role of the account to a service: ${by} allows "iam:PassRole" on "*".`,
          fix: 'Set Resource to the ARNs of the roles that may be passed, or add Condition: { StringEquals: { "iam:PassedToService": "…" } }.',
        };
      case "escalation":
        return {
          says: `${capital(role)} can give itself any permission: ${by} allows ${quoteAll(seen)} on every resource.`,
          fix: `Take ${quote(texts(seen)[0])} out, or set Resource to the ARNs that it is for.`,
        };
    }
  },
});
