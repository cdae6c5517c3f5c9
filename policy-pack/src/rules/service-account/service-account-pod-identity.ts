import { knownValueOr } from "../../facts/fact";
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
    const refused = new Set(model.associations.filter(isRefused));
    for (const association of refused) {
      if (association.role.how === "unresolved") continue;
      const { to: role } = association.role;
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
        if (association.role.how !== "unresolved" && mayBeRefused(association)) {
          const { title, trustFrom: waitsFor } = association.role.to;
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

/** True for an association with a role of this stack that is wholly known and trusts a web identity alone. */
function isRefused({ role }: PodIdentityAssociation): boolean {
  if (role.how === "unresolved" || role.to.trust.is !== "known") return false;
  const { statements, complete, flaws } = role.to.trust.value;
  if (!complete || flaws.length > 0 || statements.length === 0) return false;
  return statements.every(
    ({ principals }) =>
      principals.is === "known" &&
      principals.value.every(({ type, value }) => type === "Federated" && value.is === "known" && value.value !== "*"),
  );
}

/** True while the part of the role's trust policy is not known that may trust Pod Identity, and no other part does. */
function mayBeRefused({ role }: PodIdentityAssociation): boolean {
  if (role.how === "unresolved" || role.to.trust.is === "absent") return false;
  if (role.to.trust.is === "unknown") return true;
  const { statements, complete } = role.to.trust.value;
  const principals = statements.map((each) => each.principals);
  const all = principals.flatMap((each) => knownValueOr(each, []));
  const isOther = all.some(({ type, value }) => type !== "Federated" || (value.is === "known" && value.value === "*"));
  const isHidden = principals.some((each) => each.is === "unknown") || all.some(({ value }) => value.is === "unknown");
  return !isOther && (!complete || isHidden);
}

function titleOf(role: Join<Role>): string | undefined {
  return role.how === "unresolved" ? undefined : role.to.title;
}
