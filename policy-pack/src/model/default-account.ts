import { isKnownAs, known, unknown } from "../facts/fact";
import { isWiredByHand } from "./account-supply";
import { decide, podAccountName } from "./bind";
import { sameText } from "./resource";
import { isUnused } from "./role-use";
import { rolesNaming } from "./trusting-roles";
import type { IrsaModel, Role, Workload } from "./types";
import { isNamespaceManaged } from "./workload-account";

/** Pods that run as the account `default` of their namespace, for which a role is there that nobody gives to it. */
export interface RolelessDefault {
  readonly workload: Workload;
  readonly role: Role;
  readonly subject: string;
}

/**
 * Kubernetes makes that account by itself, without any annotation. Only where this stack makes the namespace and all that is
 * in it: otherwise somebody else may have annotated the account. One workload stands for all.
 */
export function rolelessDefaults(model: IrsaModel): readonly RolelessDefault[] {
  const found = new Map<string, RolelessDefault>();
  for (const workload of model.workloads) {
    const { namespace, scope } = workload;
    const name = podAccountName(workload);
    if (workload.patch || namespace.is !== "known" || !isKnownAs(name, "default")) continue;
    if (!isNamespaceManaged(model, workload) || isWiredByHand(workload, model)) continue;
    const others = [
      ...model.serviceAccounts.map((each) => [each.name, each.namespace] as const),
      ...model.associations.map((each) => [each.serviceAccount, each.namespace] as const),
    ];
    if (others.some((each) => sameText(each[0], name) !== false && sameText(each[1], namespace) !== false)) continue;
    const subject = `system:serviceaccount:${namespace.value}:default`;
    const issuer = scope.cluster.how === "unresolved" ? unknown() : scope.cluster.to.issuer;
    const token = { subject: known(subject), audience: known(model.config.audience), issuer };
    const role = rolesNaming(subject, model).find(
      (each) => isUnused(each, model) && decide(each, token)?.answer === "allow",
    );
    if (role && !found.has(subject)) found.set(subject, { workload, role, subject });
  }
  return [...found.values()];
}
