import { knownValueOr } from "../../facts/fact";
import { podAccountName } from "../../model/bind";
import { isAskedForIn } from "../../model/trust-mending";
import type { IrsaModel, Workload } from "../../model/types";
import {
  awaitedAccount,
  intendedAccount,
  isIllegalName,
  isNamespaceManaged,
  isUsed,
  type IntendedAccount,
} from "../../model/workload-account";
import { boundWorkload } from "../../model/workload-bound";
import { capital, quote } from "../../facts/words";
import { defineRule, type Level, type Place } from "../rule";

interface Data {
  readonly because: IntendedAccount["because"] | "alias ignored";
  readonly workload: string;
  readonly namespace: string;
  readonly named: string;
  readonly account: string;
  readonly accountName: string;
  readonly accountNamespace: string;
}

export default defineRule<Data>({
  id: "workload-service-account-mismatch",
  link: "workload",
  severity: "high",
  level: "mandatory",
  summary: "A pod names the ServiceAccount that is wired for it, in its own namespace.",
  why: 'Kubernetes refuses the pods: "error looking up service account …: serviceaccount … not found". Where such an account does exist, the pods get no role, and AWS answers them as the node\'s role.',
  articleStep: 6,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html",
    "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
  ],
  *check(model) {
    for (const workload of model.workloads) {
      const path = namePath(workload);
      const ignored = ignoredAlias(model, workload);
      if (ignored) {
        yield {
          verdict: "violation",
          level: "advisory",
          at: place(workload, "serviceAccount"),
          related: [],
          data: ignored,
        };
        continue;
      }
      const intended = intendedAccount(model, workload);
      if (intended) {
        const level = levelOf(model, workload, intended);
        const { account } = intended;
        // An account that its role trusts here alone stands in the wrong namespace, as trust-policy-subject-mismatch says.
        if (!level || isAskedForIn(account, text(workload.namespace), model)) continue;
        yield {
          verdict: "violation",
          at: place(workload, path),
          related: [{ urn: account.urn, path: account.root ? `${account.root}.metadata.name` : "metadata.name" }],
          level,
          data: {
            because: intended.because,
            workload: workload.title,
            namespace: text(workload.namespace),
            named: text(podAccountName(workload)),
            account: account.title,
            accountName: text(account.name),
            accountNamespace: text(account.namespace),
          },
        };
        continue;
      }
      const awaited = awaitedAccount(model, workload);
      if (awaited)
        yield {
          verdict: "unverified",
          at: place(workload, path),
          what: `the account that ${workload.title} runs as`,
          waitsFor: awaited,
        };
    }
  },
  explain: (data) => {
    const { workload, named, account, accountName, accountNamespace } = data;
    switch (data.because) {
      case "alias ignored":
        return {
          says: `${capital(workload)} names ServiceAccount ${quote(accountName)} in "serviceAccountName" and ${quote(named)} in the deprecated "serviceAccount", which Kubernetes then ignores.`,
          why: "The pods run as the account in serviceAccountName; whoever reads or edits the other property is misled.",
          fix: `Remove "serviceAccount"; "serviceAccountName: ${accountName}" is enough.`,
        };
      case "alias":
        return {
          says: `${capital(workload)} runs as ServiceAccount ${quote(named)} of "serviceAccountName", not as ${account} of the deprecated "serviceAccount", which carries the role.`,
          fix: `Set serviceAccountName to ${quote(accountName)} and remove serviceAccount.`,
        };
      case "namespace":
        return {
          says: `${capital(workload)} runs in namespace ${quote(data.namespace)}, but its account is ${account}, which is in ${quote(accountNamespace)}; a pod can only use an account of its own namespace.`,
          fix: `Set metadata.namespace of ${workload} to ${quote(accountNamespace)}, or create the account in ${quote(data.namespace)} and let its role trust "system:serviceaccount:${data.namespace}:${accountName}".`,
        };
      case "dependency":
        return {
          says: `${capital(workload)} waits for ${account}, but names ServiceAccount ${quote(named)}, which ${isIllegalName(named) ? "no ServiceAccount can be called" : "nothing in this stack creates"}.`,
          fix: `Set serviceAccountName to ${quote(accountName)}.`,
        };
      case "spelling":
        return {
          says: `${capital(workload)} names ServiceAccount ${quote(named)}, which nothing in this stack creates. Did you mean ${quote(accountName)}?`,
          fix: `Set serviceAccountName to ${quote(accountName)}.`,
        };
    }
  },
});

/**
 * Mandatory where the account cannot be there: no account can have the name, its namespace is made here and filled by nothing
 * unseen, or the name was taken from an account of another namespace. Otherwise another stack may have it: a hint, and only while the intended account idles.
 */
function levelOf(model: IrsaModel, workload: Workload, intended: IntendedAccount): Level | undefined {
  const name = podAccountName(workload);
  if (name.is === "known" && isIllegalName(name.value)) return "mandatory";
  if (intended.wired || isNamespaceManaged(model, workload)) return "mandatory";
  return isUsed(model, intended.account) ? undefined : "advisory";
}

/** Both properties are set and differ, and the one that counts leads to an account with a role. */
function ignoredAlias(model: IrsaModel, workload: Workload): Data | undefined {
  const { serviceAccountName: name, serviceAccountAlias: alias } = workload.pod;
  if (name.is !== "known" || alias.is !== "known" || name.value === "" || alias.value === "") return undefined;
  const bound = name.value === alias.value ? undefined : boundWorkload(model, workload);
  if (!bound) return undefined;
  return {
    because: "alias ignored",
    workload: workload.title,
    namespace: text(workload.namespace),
    named: alias.value,
    account: bound.account.title,
    accountName: name.value,
    accountNamespace: text(bound.account.namespace),
  };
}

function namePath(workload: Workload): string {
  const { serviceAccountName, serviceAccountAlias } = workload.pod;
  return serviceAccountName.is === "absent" && serviceAccountAlias.is !== "absent"
    ? "serviceAccount"
    : "serviceAccountName";
}

function place(workload: Workload, property: string): Place {
  return { urn: workload.urn, path: `${workload.pod.path}.${property}` };
}

function text(fact: Workload["name"]): string {
  return knownValueOr(fact, "");
}
