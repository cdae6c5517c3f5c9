import { knownValue, knownValueOr } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { associationsOf } from "../../model/account-supply";
import { astrayAssociations } from "../../model/astray-association";
import type { Join, PodIdentityAssociation, Role } from "../../model/types";
import { defineRule } from "../rule";

type Data =
  | {
      readonly fault: "both";
      readonly account: string;
      readonly association: string;
      readonly ignored: string | undefined;
      readonly used: string | undefined;
    }
  | { readonly fault: "trust"; readonly association: string; readonly role: string }
  | { readonly fault: "name"; readonly association: string; readonly named: string; readonly near: string };

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
    const refused = new Set<PodIdentityAssociation>();
    for (const association of model.associations) {
      const refusal = refusalOf(association);
      if (!refusal?.certain) continue;
      const { by: role } = refusal;
      refused.add(association);
      yield {
        verdict: "violation",
        at: { urn: role.urn, path: role.trustPath },
        related: [{ urn: association.urn, path: "roleArn" }],
        data: { fault: "trust", association: association.title, role: role.title },
      };
    }
    for (const { association, account, named } of astrayAssociations(model)) {
      if (refused.has(association)) continue;
      yield {
        verdict: "violation",
        at: { urn: association.urn, path: "serviceAccount" },
        related: [{ urn: account.urn, path: account.root ? `${account.root}.metadata.name` : "metadata.name" }],
        data: { fault: "name", association: association.title, named, near: account.title },
      };
    }
    for (const { serviceAccount: account, role } of model.bindings) {
      const at = { urn: account.urn, path: account.roleArnPath };
      for (const { association, certain } of associationsOf(account, model)) {
        // An association that EKS does not make takes no account over.
        if (refused.has(association)) continue;
        if (!certain) {
          const what = `whether ${association.title} is for the cluster of ${account.title}`;
          yield { verdict: "unverified", at, what, waitsFor: association.clusterFrom };
          continue;
        }
        // EKS may refuse the association for its role, as above: then nothing takes the account over.
        if (association.role.how === "unresolved" && association.role.because === "unknown") {
          const { waitsFor } = association.role;
          yield { verdict: "unverified", at, what: `the role of ${association.title}`, waitsFor };
          continue;
        }
        const refusal = refusalOf(association);
        if (refusal) {
          const { title, trustFrom: waitsFor } = refusal.by;
          yield { verdict: "unverified", at, what: `the trust policy of ${title}`, waitsFor };
          continue;
        }
        yield {
          verdict: "violation",
          at,
          related: [{ urn: association.urn, path: "serviceAccount" }],
          data: {
            fault: "both",
            account: account.title,
            association: association.title,
            ignored: titleOf(role),
            used: titleOf(association.role),
          },
        };
      }
    }
  },
  explain: (data) => {
    if (data.fault === "trust")
      return {
        says: `${capital(data.association)} hands out ${data.role}, which does not trust "pods.eks.amazonaws.com", the principal of Pod Identity.`,
        why: 'EKS refuses the association: "InvalidParameterException: Trust policy of the role provided is invalid".',
        fix: `Add the statement {"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]} to the trust policy, or remove ${data.association} and annotate the account.`,
      };
    if (data.fault === "name")
      return {
        says: `${capital(data.association)} is for ServiceAccount ${quote(data.named)}, which nothing in this stack makes, while the pods of ${data.near} get no role. Did you mean ${data.near}?`,
        why: "EKS takes an association for an account that does not exist, without a word; the pods act as the node's role.",
        fix: `Set serviceAccount of ${data.association} to the name of ${data.near}.`,
      };
    const { account, association, ignored, used } = data;
    return {
      says: `${capital(account)} is annotated with ${ignored ?? "a role"}, but ${association} gives its pods ${used === undefined ? "the association's role" : used === ignored ? "the same role" : used} by Pod Identity, which comes first.`,
      fix: `Keep one: remove the annotation once all nodes run the Pod Identity agent, or remove ${association}.`,
    };
  },
});

/**
 * The role for which EKS refuses an association, since it trusts a web identity alone. Not certain while that part of the
 * trust policy is not known which may trust Pod Identity.
 */
interface Refusal {
  readonly certain: boolean;
  readonly by: Role;
}

function refusalOf({ role }: PodIdentityAssociation): Refusal | undefined {
  if (role.how === "unresolved") return undefined;
  const { to: by } = role;
  if (by.trust.is === "absent") return undefined;
  if (by.trust.is === "unknown") return { certain: false, by };
  const { statements, complete, flaws } = by.trust.value;
  const named = statements.map((each) => each.principals);
  const principals = named.flatMap((each) => knownValueOr(each, []));
  if (principals.some(({ type, value }) => type !== "Federated" || knownValue(value) === "*")) return undefined;
  const isHidden =
    named.some((each) => each.is === "unknown") || principals.some(({ value }) => value.is === "unknown");
  if (!complete || isHidden) return { certain: false, by };
  // IAM itself refuses a flawed policy, so that there is no role to speak of.
  return flaws.length === 0 ? { certain: true, by } : undefined;
}

function titleOf(role: Join<Role>): string | undefined {
  return role.how === "unresolved" ? undefined : role.to.title;
}
