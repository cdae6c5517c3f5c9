import { knownValue, knownValueOr } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { hiddenSupply, isSuppliedOtherwise } from "../../model/account-supply";
import { isBare, misplacedRoles } from "../../model/misplaced-role";
import { isUnused } from "../../model/role-use";
import { trustingRoles } from "../../model/trusting-roles";
import { placeIn } from "../../model/trust-statement";
import type { IrsaModel, Role, ServiceAccount } from "../../model/types";
import { misspeltRoleKeys, roleArnKey } from "../../model/webhook-annotations";
import { defineRule } from "../rule";

interface Data {
  readonly account: string;
  readonly role: string;
  readonly subject: string;
  readonly key: string;
  readonly isEmpty: boolean;
  readonly arn: string | undefined;
}

export default defineRule<Data>({
  id: "service-account-role-missing",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "A ServiceAccount that a role trusts by name carries the annotation with that role's ARN.",
  why: 'Without the annotation the webhook leaves the pods as they are: they act as the node\'s role, or fail with "Unable to locate credentials". An empty annotation counts as none.',
  articleStep: 5,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"],
  *check(model) {
    const misplaced = new Set(misplacedRoles(model).map(({ account }) => account));
    const idle = model.roles.filter((role) => isIdle(role, model));
    for (const account of model.serviceAccounts) {
      if (account.form !== "resource" || account.annotations.is === "unknown" || !isBare(account)) continue;
      // A key that is misspelt, or that stands elsewhere, is what to mend then.
      if (misplaced.has(account) || misspeltRoleKeys(account, model).length > 0) continue;
      if (isListed(account, model)) continue;
      if (isSuppliedOtherwise(account, model)) {
        const hidden = trustingRoles(account, model).length > 0 ? hiddenSupply(account, model) : undefined;
        if (hidden) yield { verdict: "unverified", at: { urn: account.urn, path: account.roleArnPath }, ...hidden };
        continue;
      }
      const [trusting] = trustingRoles(account, model);
      if (trusting) {
        const { role } = trusting;
        yield {
          verdict: "violation",
          at: { urn: account.urn, path: account.roleArnPath },
          related: [placeIn(role, trusting.path)],
          level: isUnused(role, model) && trusting.certain ? "mandatory" : "advisory",
          data: {
            account: account.title,
            role: role.title,
            subject: `system:serviceaccount:${text(account.namespace)}:${text(account.name)}`,
            key: roleArnKey(model),
            isEmpty: account.roleArn.is === "known",
            arn: knownValue(role.arn),
          },
        };
        continue;
      }
      for (const role of idle.filter((each) => mayBeFor(each, account))) {
        yield {
          verdict: "unverified",
          at: { urn: account.urn, path: account.roleArnPath },
          what: `the trust policy of ${role.title}`,
          waitsFor: role.trustFrom,
        };
      }
    }
  },
  explain: ({ account, role, subject, key, isEmpty, arn }) => ({
    says: `${capital(role)} trusts ${quote(subject)}, but ${account} ${isEmpty ? `has an empty annotation ${quote(key)}` : `has no annotation ${quote(key)}`}.`,
    fix: `Set metadata.annotations[${quote(key)}] of ${account} to ${arn === undefined ? `the arn of ${role}` : quote(arn)}.`,
  }),
});

/** True when the configuration says that the account is made, and annotated, outside the stack. */
function isListed({ name, namespace }: ServiceAccount, model: IrsaModel): boolean {
  return model.config.serviceAccounts.includes(`${text(namespace)}/${text(name)}`);
}

/** A role for pods that nobody uses yet and whose trust policy is not known. */
function isIdle(role: Role, model: IrsaModel): boolean {
  if (!role.forPods || role.trust.is !== "unknown" || role.construction !== undefined) return false;
  const isAssociated = model.associations.some((each) => each.role.how !== "unresolved" && each.role.to === role);
  return !isAssociated && isUnused(role, model);
}

/** Without an edge between the two, a role is rather meant for what Helm or another stack makes. */
function mayBeFor(role: Role, account: ServiceAccount): boolean {
  return role.trustFrom.includes(account.urn) || account.dependencies.includes(role.urn);
}

function text(fact: ServiceAccount["name"]): string {
  return knownValueOr(fact, "");
}
