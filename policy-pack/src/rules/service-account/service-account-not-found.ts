import { isKnownAs, knownValue, knownValues } from "../../facts/fact";
import { nearest } from "../../facts/did-you-mean";
import { capital, didYouMean, quote } from "../../facts/words";
import { podAccountName, sameCluster } from "../../model/bind";
import { sameText } from "../../model/resource";
import type { IrsaModel, ServiceAccount, Workload } from "../../model/types";
import { roleArnKey } from "../../model/webhook-annotations";
import { intendedAccount, isNamespaceManaged, isUsed, namespaceOf } from "../../model/workload-account";
import { defineRule } from "../rule";

interface Data {
  readonly workload: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** An account of the namespace whose name is nearly the one that is asked for. */
  readonly near: string | undefined;
  readonly key: string;
  /** True when this stack makes the namespace and all that is in it. */
  readonly managed: boolean;
}

export default defineRule<Data>({
  id: "service-account-not-found",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "The ServiceAccount that a workload names exists.",
  why: 'Kubernetes creates no pod: "error looking up service account …: serviceaccount … not found", seen as FailedCreate on the ReplicaSet or StatefulSet.',
  articleStep: 4,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
  ],
  *check(model) {
    for (const workload of model.workloads) {
      const name = podAccountName(workload);
      const { serviceAccount: account } = workload;
      if (name.is !== "known" || name.value === "default" || workload.patch) continue;
      if (account.how !== "unresolved" || account.because !== "elsewhere" || isListed(model, workload, name.value))
        continue;
      // Where an account with a role is meant, workload-service-account-mismatch says which.
      if (intendedAccount(model, workload)) continue;
      const managed = isNamespaceManaged(model, workload);
      const alike = nearAccount(model, workload, name.value);
      // An account that has its own pods is hardly the one that is meant, where another stack may have the one that is named.
      const near = alike && (managed || !isUsed(model, alike)) ? alike : undefined;
      const namespace = namespaceOf(model, workload)?.name ?? workload.namespace;
      if (!managed && !near) continue;
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: pathOfName(workload) },
        related: near ? [{ urn: near.urn, path: near.root ? `${near.root}.metadata.name` : "metadata.name" }] : [],
        level: managed ? "mandatory" : "advisory",
        data: {
          workload: workload.title,
          name: name.value,
          namespace: knownValue(namespace),
          near: near?.name.is === "known" ? near.name.value : undefined,
          key: roleArnKey(model),
          managed,
        },
      };
    }
  },
  explain: ({ workload, name, namespace, near, key, managed }) => {
    const where = namespace === undefined ? "in its namespace" : `in namespace ${quote(namespace)}`;
    return {
      says: `${capital(workload)} names ServiceAccount ${quote(name)}, which this stack does not create ${where}${managed ? ", where it creates everything else" : ""}.${didYouMean(near)}`,
      fix:
        near === undefined
          ? `Create it, with the annotation ${quote(key)} if it is to have a role: new kubernetes.core.v1.ServiceAccount(${quote(name)}, { metadata: { name: ${quote(name)}, namespace: ${quote(namespace ?? "…")} } }). If another stack or a controller makes it, list ${quote(`${namespace ?? "<namespace>"}/${name}`)} under serviceAccounts in the configuration of irsa-context.`
          : `Set serviceAccountName to ${quote(near)}.`,
    };
  },
});

/** True when the configuration says that the account exists, or that a chart renders it. */
function isListed(model: IrsaModel, { namespace }: Workload, name: string): boolean {
  const { serviceAccounts } = model.config;
  if (namespace.is === "known") return serviceAccounts.includes(`${namespace.value}/${name}`);
  return serviceAccounts.some((each) => each.endsWith(`/${name}`));
}

function nearAccount(model: IrsaModel, workload: Workload, name: string): ServiceAccount | undefined {
  const accounts = model.serviceAccounts.filter(
    (account) =>
      account.form === "resource" &&
      sameText(account.namespace, workload.namespace) === true &&
      sameCluster(account.scope, workload.scope) !== false,
  );
  const near = nearest(
    name,
    accounts.flatMap((account) => knownValues(account.name)),
  );
  return accounts.find((account) => near !== undefined && isKnownAs(account.name, near));
}

/** Where the name stands that the pod is known to have. */
function pathOfName({ pod }: Workload): string {
  return `${pod.path}.${pod.serviceAccountName.is === "absent" ? "serviceAccount" : "serviceAccountName"}`;
}
