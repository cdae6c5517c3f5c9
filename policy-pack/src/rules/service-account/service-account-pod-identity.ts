import { capital } from "../../facts/words";
import { associationsOf } from "../../model/account-supply";
import type { Join, Role } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly account: string;
  readonly association: string;
  readonly ignored: string | undefined;
  readonly used: string | undefined;
}

export default defineRule<Data>({
  id: "service-account-pod-identity",
  link: "service-account",
  severity: "medium",
  level: "advisory",
  summary: "A ServiceAccount gets its role by the annotation or by a Pod Identity association, not by both.",
  why: "Where both are there, EKS gives the pods the association's role and passes the annotation by, without a word.",
  articleStep: undefined,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html",
    "https://github.com/aws/amazon-eks-pod-identity-webhook",
  ],
  *check(model) {
    for (const { serviceAccount: account, role } of model.bindings) {
      const at = { urn: account.urn, path: account.roleArnPath };
      for (const { association, certain } of associationsOf(account, model)) {
        if (!certain) {
          const what = `whether ${association.title} is for the cluster of ${account.title}`;
          yield { verdict: "unverified", at, what, waitsFor: association.clusterFrom };
          continue;
        }
        yield {
          verdict: "violation",
          at,
          related: [{ urn: association.urn, path: "serviceAccount" }],
          data: {
            account: account.title,
            association: association.title,
            ignored: titleOf(role),
            used: titleOf(association.role),
          },
        };
      }
    }
  },
  explain: ({ account, association, ignored, used }) => ({
    says: `${capital(account)} is annotated with ${ignored ?? "a role"}, but ${association} gives its pods ${used === undefined ? "the association's role" : used === ignored ? "the same role" : used} by Pod Identity, which comes first.`,
    fix: `Keep one: remove the annotation once all nodes run the Pod Identity agent, or remove ${association}.`,
  }),
});

function titleOf(role: Join<Role>): string | undefined {
  return role.how === "unresolved" ? undefined : role.to.title;
}
