import { capital, quote } from "../../facts/words";
import { isSuppliedOtherwise } from "../../model/account-supply";
import { isBare, misplacedRoles } from "../../model/misplaced-role";
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
    for (const account of model.serviceAccounts) {
      if (account.form !== "resource" || account.annotations.is === "unknown" || !isBare(account)) continue;
      // A key that is misspelt, or that stands elsewhere, is what to mend then.
      if (misplaced.has(account) || misspeltRoleKeys(account, model).length > 0) continue;
      if (isListed(account, model) || isSuppliedOtherwise(account, model)) continue;
      const [trusting] = trustingRoles(account, model);
      if (trusting) {
        const { role } = trusting;
        const idle = (model.bindingsByRole.get(role) ?? []).length === 0 && !isUsedByAddon(role, model);
        yield {
          verdict: "violation",
          at: { urn: account.urn, path: account.roleArnPath },
          related: [placeIn(role, trusting.path)],
          level: idle && trusting.certain ? "mandatory" : "advisory",
          data: {
            account: account.title,
            role: role.title,
            subject: `system:serviceaccount:${text(account.namespace)}:${text(account.name)}`,
            key: roleArnKey(model),
            isEmpty: account.roleArn.is === "known",
            arn: role.arn.is === "known" ? role.arn.value : undefined,
          },
        };
        continue;
      }
      const awaited = idleRoles(account, model);
      for (const role of awaited) {
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

function isUsedByAddon(role: Role, model: IrsaModel): boolean {
  return model.addons.some((addon) => addon.role.how !== "unresolved" && addon.role.to === role);
}

/**
 * Roles for pods that nobody uses and whose trust policy may yet turn out to name the account, by the edges the account of
 * the same stack that has no role while pods run as it.
 */
function idleRoles(account: ServiceAccount, model: IrsaModel): readonly Role[] {
  if ((model.workloadsByServiceAccount.get(account) ?? []).length === 0) return [];
  return model.roles.filter(
    (role) =>
      role.forPods &&
      role.trust.is === "unknown" &&
      role.construction === undefined &&
      (model.bindingsByRole.get(role) ?? []).length === 0 &&
      !isUsedByAddon(role, model) &&
      !model.associations.some((each) => each.role.how !== "unresolved" && each.role.to === role),
  );
}

function text(fact: ServiceAccount["name"]): string {
  return fact.is === "known" ? fact.value : "";
}
