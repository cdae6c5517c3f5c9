import { listIn } from "../facts/lists";
import { isKnownAs, knownValueOr, type Urn } from "../facts/fact";
import { mayUse, sameCluster } from "./bind";
import { sameText } from "./resource";
import type { Cluster, IrsaModel, Join, PodIdentityAssociation, ServiceAccount, Workload } from "./types";
import { awaitedEnvironment, environmentOf } from "./workload-env";
import { mutableContainers } from "./workload-bound";

/** The accounts by name, and those whose name is not known yet; made once for a model, since every account asks. */
interface Index {
  readonly named: ReadonlyMap<string, readonly ServiceAccount[]>;
  readonly unnamed: readonly ServiceAccount[];
}
const indexes = new WeakMap<IrsaModel, Index>();

function indexOf(model: IrsaModel): Index {
  const done = indexes.get(model);
  if (done) return done;
  const named = new Map<string, ServiceAccount[]>();
  const unnamed: ServiceAccount[] = [];
  for (const account of model.serviceAccounts) {
    if (account.name.is !== "known") unnamed.push(account);
    else named.set(account.name.value, [...listIn(named, account.name.value), account]);
  }
  const index = { named, unnamed };
  indexes.set(model, index);
  return index;
}

/** The other declarations of the same Kubernetes object, or of one that may turn out to be the same: patches, items of Lists, what the configuration expects. */
export function twinsOf(account: ServiceAccount, model: IrsaModel): readonly ServiceAccount[] {
  const { named, unnamed } = indexOf(model);
  const { name } = account;
  const candidates = name.is === "known" ? [...listIn(named, name.value), ...unnamed] : model.serviceAccounts;
  return candidates.filter(
    (other) =>
      other !== account &&
      sameText(other.name, name) !== false &&
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
 * True when the pods bring role and token file themselves, by their environment or by a token volume for STS: they then need
 * no annotation. The same holds where that cannot be read.
 */
export function isWiredByHand(workload: Workload, model: IrsaModel): boolean {
  const containers = mutableContainers(workload);
  if (containers.is === "unknown" || hasTokenForSts(workload, model)) return true;
  return (
    containers.is === "known" &&
    containers.value.some((container) => {
      const environment = environmentOf(container);
      if (environment.is !== "known") return environment.is === "unknown";
      const { all } = environment.value;
      return all.has("AWS_ROLE_ARN") || all.has("AWS_WEB_IDENTITY_TOKEN_FILE");
    })
  );
}

function hasTokenForSts({ pod }: Workload, model: IrsaModel): boolean {
  if (pod.volumes.is !== "known") return pod.volumes.is === "unknown";
  return pod.volumes.value.some(
    ({ tokens }) =>
      tokens.is === "known" && tokens.value.some(({ audience }) => isKnownAs(audience, model.config.audience)),
  );
}

/** True when a Pod Identity association is for the account, or may turn out to be. */
export function mayBeAssociated(account: ServiceAccount, model: IrsaModel): boolean {
  return model.associations.some(
    ({ cluster, namespace, serviceAccount }) =>
      sameJoined(cluster, account.scope.cluster) !== false &&
      sameText(namespace, account.namespace) !== false &&
      sameText(serviceAccount, account.name) !== false,
  );
}

/** True when the account's pods get a role in another way than by its own annotation, or may do so, as far as this stack shows. */
export function isSuppliedOtherwise(account: ServiceAccount, model: IrsaModel): boolean {
  return (
    mayBeAssociated(account, model) ||
    isAnnotatedBeside(account, model) ||
    listIn(model.workloadsByServiceAccount, account).some((workload) => isWiredByHand(workload, model)) ||
    model.workloads.some((workload) => mayUse(workload, account) && isWiredByHand(workload, model))
  );
}

/** What has to be known before it can be said whether the account's pods get a role in another way; undefined where they certainly do. */
export function hiddenSupply(
  account: ServiceAccount,
  model: IrsaModel,
): { readonly what: string; readonly waitsFor: readonly Urn[] } | undefined {
  if (associationsOf(account, model).some(({ certain }) => certain)) return undefined;
  if (twinsOf(account, model).some(({ form, roleArn }) => form === "expected" || roleArn.is === "known"))
    return undefined;
  const users = model.workloads.filter(
    (each) => (each.serviceAccount.how !== "unresolved" && each.serviceAccount.to === account) || mayUse(each, account),
  );
  for (const workload of users) {
    const { volumes } = workload.pod;
    const containers = mutableContainers(workload);
    const environments = knownValueOr(containers, []).map((each) => awaitedEnvironment(each));
    const waitsFor = [
      volumes.is === "unknown" ? volumes.waitsFor : undefined,
      containers.is === "unknown" ? containers.waitsFor : undefined,
      ...environments,
    ].find((each) => each !== undefined);
    if (waitsFor) return { what: `the environment of ${workload.title}`, waitsFor };
  }
  return undefined;
}
