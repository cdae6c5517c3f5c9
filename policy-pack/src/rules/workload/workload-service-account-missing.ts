import { podAccountName, sameCluster } from "../../model/bind";
import { misplacedRoles } from "../../model/misplaced-role";
import { sameText } from "../../model/resource";
import type { IrsaModel, ServiceAccount, Workload } from "../../model/types";
import { isUsed, mayBeFilledUnseen } from "../../model/workload-account";
import { capital, quote } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly workload: string;
  readonly account: string;
  readonly accountName: string | undefined;
  readonly because: "name" | "dependency";
}

export default defineRule<Data>({
  id: "workload-service-account-missing",
  link: "workload",
  severity: "medium",
  level: "advisory",
  summary: "A pod that is meant to use an account with a role names it.",
  why: 'Its pods run as "default", to which no role belongs: AWS answers "AccessDenied" and names the node\'s role, or lets them do what the node may.',
  articleStep: 6,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html"],
  *check(model) {
    for (const workload of model.workloads) {
      if (workload.patch || !runsAsDefault(model, workload)) continue;
      const meant = meantAccount(model, workload);
      if (!meant) continue;
      const { account, because } = meant;
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: `${workload.pod.path}.serviceAccountName` },
        related: [{ urn: account.urn, path: account.roleArnPath }],
        data: {
          workload: workload.title,
          account: account.title,
          accountName: account.name.is === "known" ? account.name.value : undefined,
          because,
        },
      };
    }
  },
  explain: ({ workload, account, accountName, because }) => ({
    says: `${capital(workload)} ${because === "name" ? "has the name of" : "waits for"} ${account}, which carries a role and is used by no pod here, but its pods run as ServiceAccount "default".`,
    fix: `Set serviceAccountName to ${accountName === undefined ? `the metadata.name of ${account}` : quote(accountName)}.`,
  }),
});

/** True for a pod that names no account, or `default`, when that one carries no role. */
function runsAsDefault(model: IrsaModel, workload: Workload): boolean {
  const name = podAccountName(workload);
  if (name.is !== "known" || name.value !== "default") return false;
  const { serviceAccount } = workload;
  if (serviceAccount.how !== "unresolved" && model.bindingByServiceAccount.has(serviceAccount.to)) return false;
  // A role annotation on the pod is a fault of its own, with the same repair.
  return !misplacedRoles(model).some((each) => each.place.urn === workload.urn);
}

/** The idle account of the same namespace that has the workload's name, or that the workload waits for. */
function meantAccount(
  model: IrsaModel,
  workload: Workload,
): { readonly account: ServiceAccount; readonly because: Data["because"] } | undefined {
  const idle = [...model.bindingByServiceAccount.keys()].filter(
    (account) =>
      account.form === "resource" &&
      !isUsed(model, account) &&
      sameCluster(account.scope, workload.scope) !== false &&
      sameText(account.namespace, workload.namespace) === true,
  );
  const named = idle.find((account) => sameText(account.name, workload.name) === true);
  if (named) return { account: named, because: "name" };
  const [only, ...others] = idle.filter((account) => workload.dependencies.includes(account.urn));
  // A chart in the namespace may well be what the account is for.
  if (!only || others.length > 0 || mayBeFilledUnseen(model, workload)) return undefined;
  return { account: only, because: "dependency" };
}
