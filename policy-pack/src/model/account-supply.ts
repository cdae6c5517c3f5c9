import { sameCluster } from "./bind";
import { sameText } from "./resource";
import type { Cluster, IrsaModel, Join, PodIdentityAssociation, ServiceAccount, Workload } from "./types";
import { environmentOf } from "./workload-env";
import { mutableContainers } from "./workload-bound";

/** The other declarations of the same Kubernetes object, or of one that may turn out to be the same: patches, a second stack's Lists, what the configuration expects. */
export function twinsOf(account: ServiceAccount, model: IrsaModel): readonly ServiceAccount[] {
  return model.serviceAccounts.filter(
    (other) =>
      other !== account &&
      sameText(other.name, account.name) !== false &&
      sameText(other.namespace, account.namespace) !== false &&
      sameCluster(other.scope, account.scope) !== false,
  );
}

/** True when another declaration of the account carries a role, or may do so. */
export function isAnnotatedBeside(account: ServiceAccount, model: IrsaModel): boolean {
  return twinsOf(account, model).some(({ form, roleArn, annotations }) => {
    if (roleArn.is === "absent") return form === "expected" || annotations.is === "unknown";
    return roleArn.is === "unknown" || roleArn.value !== "";
  });
}

/** Whether two things of AWS and Kubernetes are on one cluster; undefined while nobody can say. */
function sameJoined(a: Join<Cluster>, b: Join<Cluster>): boolean | undefined {
  return a.how === "unresolved" || b.how === "unresolved" ? undefined : a.to === b.to;
}

/** The Pod Identity associations for an account; `certain` is false while the clusters of the two may differ. */
export function associationsOf(
  account: ServiceAccount,
  model: IrsaModel,
): readonly { readonly association: PodIdentityAssociation; readonly certain: boolean }[] {
  return model.associations.flatMap((association) => {
    const same = sameJoined(association.cluster, account.scope.cluster);
    const fits =
      sameText(association.namespace, account.namespace) === true &&
      sameText(association.serviceAccount, account.name) === true;
    return fits && same !== false ? [{ association, certain: same === true }] : [];
  });
}

/**
 * True when a container brings role and token file itself: it then needs no annotation. The same holds for one whose
 * environment cannot be read.
 */
export function isWiredByHand(workload: Workload): boolean {
  const containers = mutableContainers(workload);
  if (containers.is !== "known") return containers.is === "unknown";
  return containers.value.some((container) => {
    const environment = environmentOf(container);
    if (environment.is !== "known") return environment.is === "unknown";
    const { all } = environment.value;
    return all.has("AWS_ROLE_ARN") || all.has("AWS_WEB_IDENTITY_TOKEN_FILE");
  });
}

/** True when the account's pods get a role in another way than by its own annotation, as far as this stack shows. */
export function isSuppliedOtherwise(account: ServiceAccount, model: IrsaModel): boolean {
  return (
    associationsOf(account, model).length > 0 ||
    isAnnotatedBeside(account, model) ||
    (model.workloadsByServiceAccount.get(account) ?? []).some(isWiredByHand)
  );
}
