import { known, unknown } from "../../facts/fact";
import { capital, quote, quoteAll } from "../../facts/words";
import type { Decision } from "../../iam/decision";
import { explainDenial, minimalStatement } from "../../iam/web-identity";
import { addonSubjects } from "../../model/addon-accounts";
import { decide } from "../../model/bind";
import { trustFaults } from "../../model/trust";
import { claimOf } from "../../model/trust-condition";
import { placeIn } from "../../model/trust-statement";
import { trustsPodIdentity } from "../../model/trusting-roles";
import type { Addon, IrsaModel, Role } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly addon: string;
  readonly role: string;
  readonly subjects: readonly string[];
  /** The subjects that the role admits; empty where it trusts no provider that the add-on's tokens come from. */
  readonly seen: readonly string[];
  readonly podIdentity: boolean;
  readonly smallest: string;
  /** True when accounts of this stack use the role as well. */
  readonly shared: boolean;
}

export default defineRule<Data>({
  id: "addon-role-mismatch",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "The role of an EKS add-on trusts the add-on's own ServiceAccount.",
  why: 'The pods of the add-on are refused: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"; volumes stay pending, or nodes do not become ready.',
  articleStep: 5,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html"],
  *check(model) {
    for (const addon of model.addons) {
      const subjects = addon.addonName.is === "known" ? addonSubjects(addon.addonName.value) : [];
      if (subjects.length === 0 || addon.role.how === "unresolved") continue;
      const role = addon.role.to;
      if (role.trust.is === "absent" || hasFault(role, model)) continue;
      const decisions = subjects.map((subject) => decideFor(addon, role, subject, model));
      const waiting = decisions.some((each) => each === undefined || each.answer === "unknown");
      if (decisions.some((each) => each?.answer === "allow")) continue;
      if (waiting) {
        const what = `the trust policy of ${role.title}`;
        yield { verdict: "unverified", at: addonPlace(addon), what, waitsFor: role.trustFrom };
        continue;
      }
      const refusal = refusalOf(decisions[0]);
      if (!refusal) continue;
      yield {
        verdict: "violation",
        at: placeIn(role, refusal.path),
        related: [addonPlace(addon)],
        data: {
          addon: addon.title,
          role: role.title,
          subjects,
          seen: refusal.seen,
          podIdentity: trustsPodIdentity(role),
          smallest: smallest(addon, role, subjects[0] ?? ""),
          shared: (model.bindingsByRole.get(role) ?? []).length > 0,
        },
      };
    }
  },
  explain: ({ addon, role, subjects, seen, podIdentity, smallest: statement, shared }) => {
    const gives = `${capital(addon)} gives ${role} to the account ${quoteAll(subjects)}`;
    if (seen.length > 0)
      return {
        says: `${gives}, but the role trusts only ${quoteAll(seen)}.`,
        fix: shared
          ? `Make a role for the add-on alone that trusts ${quote(subjects[0] ?? "")}, and set serviceAccountRoleArn to its ARN.`
          : `Set the subject to ${quote(subjects[0] ?? "")}.`,
      };
    if (podIdentity)
      return {
        says: `${gives} by serviceAccountRoleArn, but the role trusts only "pods.eks.amazonaws.com", the principal of Pod Identity.`,
        fix: `Give the role under podIdentityAssociations of ${addon} in place of serviceAccountRoleArn, or add the statement ${statement} to its trust policy.`,
      };
    return {
      says: `${gives}, but the role does not trust the OIDC provider of the add-on's cluster for "sts:AssumeRoleWithWebIdentity".`,
      fix: `Add the statement ${statement} to the trust policy.`,
    };
  },
});

/** A fault of the policy itself is reported by the rule for that fault, whoever uses the role. */
function hasFault(role: Role, model: IrsaModel): boolean {
  const faults = trustFaults(model).find((each) => each.role === role);
  if (!faults) return false;
  const { flaws, principals, actions, keys, operators, subjects, unsatisfiable } = faults;
  return [flaws, principals, actions, keys, operators, subjects, unsatisfiable].some((each) => each.length > 0);
}

function decideFor(addon: Addon, role: Role, subject: string, model: IrsaModel): Decision | undefined {
  const issuer = addon.cluster.how === "unresolved" ? unknown() : addon.cluster.to.issuer;
  return decide(role, { subject: known(subject), audience: known(model.config.audience), issuer });
}

/** Where the refusal stands: the condition on the subject, or the policy as a whole where no provider is trusted. */
function refusalOf(
  decision: Decision | undefined,
): { readonly path: string; readonly seen: readonly string[] } | undefined {
  if (decision?.answer !== "deny" || decision.explicit) return undefined;
  const [nearest] = explainDenial(decision);
  if (!nearest) return undefined;
  const { mismatch } = nearest;
  if (mismatch.kind === "principal" || mismatch.kind === "action") return { path: nearest.statement.path, seen: [] };
  if (mismatch.kind !== "condition" || claimOf(mismatch.condition) !== "sub") return undefined;
  return { path: mismatch.condition.path, seen: mismatch.seen };
}

function smallest({ cluster }: Addon, role: Role, subject: string): string {
  const issuer = cluster.how !== "unresolved" && cluster.to.issuer.is === "known" ? cluster.to.issuer.value : "";
  const { accountId, partition } = role.scope;
  const arn =
    issuer !== "" && accountId.is === "known" && partition.is === "known"
      ? { providerArn: known(`arn:${partition.value}:iam::${accountId.value}:oidc-provider/${issuer}`) }
      : {};
  const audience = known("sts.amazonaws.com");
  return JSON.stringify(minimalStatement({ ...arn, issuer, subject: known(subject), audience }));
}

function addonPlace(addon: Addon): { readonly urn: string; readonly path: string } {
  return { urn: addon.urn, path: "serviceAccountRoleArn" };
}
