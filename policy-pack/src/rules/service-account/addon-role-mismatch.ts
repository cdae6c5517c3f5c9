import { listIn, texts } from "../../facts/lists";
import { known, knownValue, knownValueOr, knownValues, unknown } from "../../facts/fact";
import { capital, quote, quoteAll } from "../../facts/words";
import type { Decision } from "../../iam/decision";
import { minimalStatement } from "../../iam/web-identity";
import { addonSubjects } from "../../model/addon-accounts";
import { decide } from "../../model/bind";
import { sameText } from "../../model/resource";
import { isUnused } from "../../model/role-use";
import { hasTrustFault, subjectRefusal } from "../../model/subject-refusal";
import { placeIn } from "../../model/trust-statement";
import { rolesNaming, trustsPodIdentity } from "../../model/trusting-roles";
import type { Addon, IrsaModel, Role, ServiceAccount } from "../../model/types";
import { defineRule, type Unverified, type Violation } from "../rule";

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
  /** True where the role is right and the add-on is not told of it. */
  readonly withheld: boolean;
  /** The ARN of the role, where it is known. */
  readonly arn: string | undefined;
}

export default defineRule<Data>({
  id: "addon-role-mismatch",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "The role of an EKS add-on trusts the add-on's own ServiceAccount, and the add-on is given it.",
  why: 'The pods of the add-on are refused: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"; volumes stay pending, or nodes do not become ready.',
  articleStep: 5,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html"],
  *check(model) {
    for (const addon of model.addons) {
      if (addon.addonName.is === "unknown" && addon.role.how !== "unresolved") {
        const { waitsFor } = addon.addonName;
        yield { verdict: "unverified", at: addonPlace(addon), what: `which add-on ${addon.title} is`, waitsFor };
      }
      const subjects = knownValues(addon.addonName).flatMap(addonSubjects);
      if (subjects.length === 0) continue;
      if (addon.roleArn.is === "absent" && !addon.suppliedOtherwise) yield* withheldRole(addon, subjects, model);
      if (addon.role.how === "unresolved" && addon.role.because === "unknown") {
        const { waitsFor } = addon.role;
        yield { verdict: "unverified", at: addonPlace(addon), what: `the role of ${addon.title}`, waitsFor };
      }
      if (addon.role.how === "unresolved") continue;
      const role = addon.role.to;
      if (role.trust.is === "absent" || hasTrustFault(role, model)) continue;
      const decisions = subjects.map((subject) => decideFor(addon, role, subject, model));
      const waiting = decisions.some((each) => each === undefined || each.answer === "unknown");
      if (decisions.some((each) => each?.answer === "allow")) {
        if (addon.cluster.how !== "unresolved" || addon.cluster.because !== "unknown") continue;
        const { waitsFor } = addon.cluster;
        yield { verdict: "unverified", at: addonPlace(addon), what: `the cluster of ${addon.title}`, waitsFor };
        continue;
      }
      if (waiting) {
        const what = `the trust policy of ${role.title}`;
        yield { verdict: "unverified", at: addonPlace(addon), what, waitsFor: role.trustFrom };
        continue;
      }
      const refusal = subjectRefusal(decisions[0]);
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
          smallest: smallest(addon, role, subjects),
          shared: listIn(model.bindingsByRole, role).length > 0,
          withheld: false,
          arn: undefined,
        },
      };
    }
  },
  explain: ({ addon, role, subjects, seen, podIdentity, smallest: statement, shared, withheld, arn }) => {
    if (withheld)
      return {
        says: `${capital(role)} trusts ${quoteAll(subjects)}, the account of ${addon}, but the add-on has no serviceAccountRoleArn.`,
        why: "The add-on then makes its account without the annotation, and its pods act as the node's role.",
        fix: `Set serviceAccountRoleArn of ${addon} to ${arn === undefined ? `the arn of ${role}` : quote(arn)}.`,
      };
    const gives = `${capital(addon)} gives ${role} to the account ${quoteAll(subjects)}`;
    if (seen.length > 0)
      return {
        says: `${gives}, but the role trusts only ${quoteAll(seen)}.`,
        fix: shared
          ? `Make a role for the add-on alone that trusts ${quoteAll(subjects)}, and set serviceAccountRoleArn to its ARN.`
          : `Set the subject to ${quoteAll(subjects)}.`,
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

/** A role that was made for the add-on's account, as its trust policy says, and that nobody uses: another stack may have annotated it. */
function* withheldRole(
  addon: Addon,
  subjects: readonly string[],
  model: IrsaModel,
): Iterable<Violation<Data> | Unverified> {
  // Of a cluster that is not here, nobody says that it is the one which the role trusts.
  if (addon.cluster.how === "unresolved" && addon.cluster.because !== "unknown") return;
  for (const subject of subjects) {
    const role = rolesNaming(subject, model).find(
      (each) => isUnused(each, model) && decideFor(addon, each, subject, model)?.answer === "allow",
    );
    if (!role || isDeclared(subject, model)) continue;
    if (addon.cluster.how === "unresolved") {
      const { waitsFor } = addon.cluster;
      yield { verdict: "unverified", at: addonPlace(addon), what: `the cluster of ${addon.title}`, waitsFor };
      return;
    }
    yield {
      verdict: "violation",
      at: addonPlace(addon),
      related: [{ urn: role.urn, path: role.trustPath }],
      level: "advisory",
      data: {
        addon: addon.title,
        role: role.title,
        subjects: [subject],
        seen: [],
        podIdentity: false,
        smallest: "",
        shared: false,
        withheld: true,
        arn: knownValue(role.arn),
      },
    };
    return;
  }
}

/** A resource or a Patch of the stack, or an association, says itself which role the account has. */
function isDeclared(subject: string, model: IrsaModel): boolean {
  const [, , namespace, name] = texts(subject.split(":"));
  return (
    model.serviceAccounts.some((each) => mayBe(each.name, name) && mayBe(each.namespace, namespace)) ||
    model.associations.some((each) => mayBe(each.serviceAccount, name) && mayBe(each.namespace, namespace))
  );
}

function mayBe(fact: ServiceAccount["name"], text: string): boolean {
  return sameText(fact, known(text)) !== false;
}

function decideFor(addon: Addon, role: Role, subject: string, model: IrsaModel): Decision | undefined {
  const issuer = addon.cluster.how === "unresolved" ? unknown() : addon.cluster.to.issuer;
  return decide(role, { subject: known(subject), audience: known(model.config.audience), issuer });
}

function smallest({ cluster }: Addon, role: Role, [subject = "", ...others]: readonly string[]): string {
  const issuer = cluster.how === "unresolved" ? "" : knownValueOr(cluster.to.issuer, "");
  const { accountId, partition } = role.scope;
  const arn =
    issuer !== "" && accountId.is === "known" && partition.is === "known"
      ? { providerArn: known(`arn:${partition.value}:iam::${accountId.value}:oidc-provider/${issuer}`) }
      : {};
  const audience = known("sts.amazonaws.com");
  return JSON.stringify(minimalStatement({ ...arn, issuer, subject: known(subject), audience }, others));
}

function addonPlace(addon: Addon): { readonly urn: string; readonly path: string } {
  return { urn: addon.urn, path: "serviceAccountRoleArn" };
}
