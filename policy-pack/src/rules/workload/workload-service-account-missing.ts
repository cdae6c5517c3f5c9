import { type Fact, isKnownAs, knownValue } from "../../facts/fact";
import { podAccountName, sameCluster } from "../../model/bind";
import { findImage, parseImage } from "../../model/image-versions";
import { misplacedRoles } from "../../model/misplaced-role";
import { sameText } from "../../model/resource";
import { mountedClass } from "../../model/secret-classes";
import type { IrsaModel, ServiceAccount, Workload } from "../../model/types";
import { isUsed, mayBeFilledUnseen } from "../../model/workload-account";
import { mutableContainers } from "../../model/workload-bound";
import { environmentOf } from "../../model/workload-env";
import { capital, quote } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly workload: string;
  readonly account: string;
  readonly accountName: string | undefined;
  readonly because: "place" | "name" | "family" | "need" | "dependency";
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
          accountName: knownValue(account.name),
          because,
        },
      };
    }
  },
  explain: ({ workload, account, accountName, because }) => ({
    says: `${capital(workload)} ${EVIDENCE[because]} ${account}, which carries a role and is used by no pod here, but its pods run as ServiceAccount "default".`,
    fix: `Set serviceAccountName to ${accountName === undefined ? `the metadata.name of ${account}` : quote(accountName)}.`,
  }),
});

const EVIDENCE: Readonly<Record<Data["because"], string>> = {
  place: "gives outside its pod template, where Kubernetes does not read it, the name of",
  name: "has the name of",
  family: "has nearly the name of",
  need: "sets up AWS, in the namespace of",
  dependency: "waits for",
};

/** True for a pod that names no account, or `default`, when that one carries no role. */
function runsAsDefault(model: IrsaModel, workload: Workload): boolean {
  const name = podAccountName(workload);
  if (!isKnownAs(name, "default")) return false;
  const { serviceAccount } = workload;
  if (serviceAccount.how !== "unresolved" && model.bindingByServiceAccount.has(serviceAccount.to)) return false;
  // A role annotation on the pod is a fault of its own, with the same repair.
  return !misplacedRoles(model).some((each) => each.place.urn === workload.urn);
}

/**
 * The idle account of the same namespace that has the workload's name or one of its family, that the workload waits for, or
 * that is the only one where the workload shows that it calls AWS.
 */
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
  const { strayAccountName } = workload;
  const stray = idle.find((account) => sameText(account.name, strayAccountName) === true);
  if (stray) return { account: stray, because: "place" };
  const named = idle.find((account) => sameText(account.name, workload.name) === true);
  if (named) return { account: named, because: "name" };
  const kin = idle.filter((account) => isKin(account.name, workload.name));
  if (kin[0] && kin.length === 1) return { account: kin[0], because: "family" };
  // A chart in the namespace may well be what the account is for.
  if (mayBeFilledUnseen(model, workload)) return undefined;
  const [only, ...others] = idle.filter((account) => workload.dependencies.includes(account.urn));
  if (only) return others.length === 0 ? { account: only, because: "dependency" } : undefined;
  const [single] = idle;
  return single && idle.length === 1 && needsAws(workload, model) ? { account: single, because: "need" } : undefined;
}

/** True for names that differ only by what people add to the name of an account or of a workload: `api-sa`, `api-deployment`. */
function isKin(account: Fact<string>, workload: Fact<string>): boolean {
  if (account.is !== "known" || workload.is !== "known") return false;
  const stem = (name: string) => name.replace(/^(?:sa|irsa)-/, "").replace(AFFIX, "");
  return stem(account.value).length > 1 && stem(account.value) === stem(workload.value);
}

const AFFIX =
  /-(?:sa|irsa|service-?account|account|role|iam|deployment|deploy|app|pod|job|cronjob|statefulset|daemonset)$/;

/** True when a container is told of AWS's region, or is AWS's own tool, and has no credentials of another kind; or when the pod mounts secrets of AWS. */
function needsAws(workload: Workload, model: IrsaModel): boolean {
  if (mountedClass(workload, model)) return true;
  const containers = mutableContainers(workload);
  return (
    containers.is === "known" &&
    containers.value.some((container) => {
      const environment = environmentOf(container);
      if (environment.is !== "known") return false;
      const { all } = environment.value;
      if (["AWS_ACCESS_KEY_ID", "AWS_ROLE_ARN", "AWS_ENDPOINT_URL", "AWS_PROFILE"].some((name) => all.has(name)))
        return false;
      if (all.has("AWS_REGION") || all.has("AWS_DEFAULT_REGION")) return true;
      return container.image.is === "known" && findImage(parseImage(container.image.value).repository) !== undefined;
    })
  );
}
