import { nearest } from "../facts/did-you-mean";
import { isKnownAs, knownValues } from "../facts/fact";
import { listIn } from "../facts/lists";
import { isSuppliedOtherwise } from "./account-supply";
import { sameCluster } from "./bind";
import { isBare } from "./misplaced-role";
import { sameText } from "./resource";
import type { IrsaModel, PodIdentityAssociation, ServiceAccount } from "./types";
import { isNamespaceManaged } from "./workload-account";

/** A Pod Identity association for an account that nobody makes, with the one that it is evidently meant for. */
export interface AstrayAssociation {
  readonly association: PodIdentityAssociation;
  readonly account: ServiceAccount;
  /** `namespace/name`, as the association has it. */
  readonly named: string;
}

/**
 * Only where this stack makes the namespace and all that is in it, and an account of nearly that name has pods and no role:
 * an association may well be for an account that comes later or from elsewhere.
 */
export function astrayAssociations(model: IrsaModel): readonly AstrayAssociation[] {
  return model.associations.flatMap((association) => {
    const { namespace, serviceAccount: name, cluster } = association;
    if (namespace.is !== "known" || name.is !== "known" || cluster.how === "unresolved") return [];
    const scope = { provider: undefined, cluster };
    const named = `${namespace.value}/${name.value}`;
    if (!isNamespaceManaged(model, { namespace, scope }) || model.config.serviceAccounts.includes(named)) return [];
    const there = model.serviceAccounts.filter(
      (each) => sameText(each.namespace, namespace) !== false && sameCluster(each.scope, scope) !== false,
    );
    if (there.some((each) => sameText(each.name, name) !== false)) return [];
    const idle = there.filter((each) => lacksRole(each, model));
    const near = nearest(
      name.value,
      idle.flatMap((each) => knownValues(each.name)),
    );
    const account = idle.find((each) => near !== undefined && isKnownAs(each.name, near));
    // Names that differ in a number alone are those of a row of accounts.
    const alike = near?.replace(/\d+/g, "") === name.value.replace(/\d+/g, "");
    return account && !alike ? [{ association, account, named }] : [];
  });
}

function lacksRole(account: ServiceAccount, model: IrsaModel): boolean {
  const hasPods = listIn(model.workloadsByServiceAccount, account).length > 0;
  return account.form === "resource" && isBare(account) && hasPods && !isSuppliedOtherwise(account, model);
}
