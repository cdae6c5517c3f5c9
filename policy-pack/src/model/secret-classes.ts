import { listIn } from "../facts/lists";
import { isKnownAs, knownValueOr, textAt } from "../facts/fact";
import { podAccountName, sameCluster } from "./bind";
import type { KubernetesScopes } from "./read-kubernetes";
import { cameFrom, sameText, type Resource } from "./resource";
import { isSecretProviderClass } from "./tokens";
import type { IrsaModel, SecretProviderClass, ServiceAccount, Workload } from "./types";
import { isNamespaceManaged } from "./workload-account";

/**
 * The classes by which the Secrets Store CSI driver fetches secrets from AWS with the role of the pod's own account: the
 * provider reads that account's annotation itself, unless the class says `usePodIdentity`.
 */
export function readSecretClasses(
  resources: readonly Resource[],
  scopes: KubernetesScopes,
): readonly SecretProviderClass[] {
  return resources.filter(isForIrsa).map((resource) => {
    const from = cameFrom(resource, "metadata");
    const name = textAt(resource.properties, ["metadata", "name"], from);
    const namespace = textAt(resource.properties, ["metadata", "namespace"], from);
    return {
      urn: resource.urn,
      title: `SecretProviderClass "${knownValueOr(name, resource.name)}"`,
      name,
      namespace: namespace.is === "absent" ? scopes.defaultNamespace(resource) : namespace,
      scope: scopes.of(resource),
    };
  });
}

function isForIrsa({ type, properties }: Resource): boolean {
  if (!isSecretProviderClass(type)) return false;
  const provider = textAt(properties, ["spec", "provider"]);
  const podIdentity = textAt(properties, ["spec", "parameters", "usePodIdentity"]);
  return (
    provider.is === "known" &&
    provider.value === "aws" &&
    (podIdentity.is === "absent" || isKnownAs(podIdentity, "false"))
  );
}

/** The class of this stack that a pod mounts as a volume. */
export function mountedClass(workload: Workload, model: IrsaModel): SecretProviderClass | undefined {
  const volumes = knownValueOr(workload.pod.volumes, []);
  return model.secretClasses.find(
    (each) =>
      volumes.some(({ secretProviderClass }) => sameText(secretProviderClass, each.name) === true) &&
      sameText(each.namespace, workload.namespace) === true &&
      sameCluster(each.scope, workload.scope) !== false,
  );
}

/** Pods whose volume cannot be mounted, for their account carries no role. */
export interface ClassWithoutRole {
  readonly workload: Workload;
  readonly secretClass: SecretProviderClass;
}

/** The pods of an account that mount such a class. Those that name an account, while this one has no name yet, may mean another. */
export function classUserOf(account: ServiceAccount, model: IrsaModel): ClassWithoutRole | undefined {
  const [found] = listIn(model.workloadsByServiceAccount, account).flatMap((workload) => {
    const mayMeanAnother = workload.serviceAccount.how !== "by value" && podAccountName(workload).is === "known";
    const secretClass = mayMeanAnother ? undefined : mountedClass(workload, model);
    return secretClass ? [{ workload, secretClass }] : [];
  });
  return found;
}

/** Those that run as `default`, in a namespace of which this stack makes everything, and no account in it carries a role. */
export function classesOfDefault(model: IrsaModel): readonly ClassWithoutRole[] {
  return model.workloads.flatMap((workload) => {
    const name = podAccountName(workload);
    if (workload.patch || !isKnownAs(name, "default")) return [];
    const secretClass = mountedClass(workload, model);
    if (!secretClass || !isNamespaceManaged(model, workload)) return [];
    const others = model.serviceAccounts.filter(
      (each) =>
        sameText(each.namespace, workload.namespace) !== false && sameCluster(each.scope, workload.scope) !== false,
    );
    const mayServe = others.some((each) => each.roleArn.is !== "absent" || sameText(each.name, name) !== false);
    return mayServe ? [] : [{ workload, secretClass }];
  });
}
