import { type Fact, isKnownAs, type Urn } from "../facts/fact";
import { isAnnotatedBeside, isWiredByHand, mayBeAssociated } from "./account-supply";
import { chartAnnotations, isRoleGiven, mayGiveRole } from "./chart-annotations";
import { mayUse, podAccountName, sameCluster } from "./bind";
import { sameText } from "./resource";
import { trustingRoles } from "./trusting-roles";
import type { Entry, IrsaModel, Namespace, ObjectMeta, ServiceAccount, Workload } from "./types";
import { isMisspeltRoleKey, misspeltRoleKeys, roleArnKey } from "./webhook-annotations";
import { isNamespaceManaged } from "./workload-account";

/** A role annotation that stands where the webhook does not look. */
export interface MisplacedRole {
  readonly place: { readonly urn: Urn; readonly path: string };
  readonly among: "labels" | "annotations";
  /** `the pod template of Deployment "shop/api"`. */
  readonly holder: string;
  readonly key: string;
  readonly value: Fact<string>;
  /** The account on which it belongs; undefined where it is not declared here. */
  readonly account: ServiceAccount | undefined;
  /** The account as a noun phrase, as far as it is known. */
  readonly accountTitle: string;
  /** True where the pods run as the account `default` because nobody named another. */
  readonly onDefault: boolean;
  /** True when it is sure that pods go without a role because of it. */
  readonly certain: boolean;
}

const found = new WeakMap<IrsaModel, readonly MisplacedRole[]>();

/** The role annotations on pods, workloads and Namespaces and among the labels of accounts, worked out once for a model. */
export function misplacedRoles(model: IrsaModel): readonly MisplacedRole[] {
  const done = found.get(model);
  if (done) return done;
  const all = [
    ...model.serviceAccounts.flatMap((account) => onLabel(account, model)),
    ...model.workloads.flatMap((workload) => onWorkload(workload, model)),
    ...model.namespaces.flatMap((namespace) => onNamespace(namespace, model)),
    ...onCharts(model),
  ];
  found.set(model, all);
  return all;
}

/** The colons and slashes of an ARN are no legal characters of a label's value, so the API server refuses the account. */
function onLabel(account: ServiceAccount, model: IrsaModel): readonly MisplacedRole[] {
  const entry = roleEntry(account.labels, model);
  if (!entry) return [];
  const certain = account.roleArn.is === "absent" || (entry.value.is === "known" && /[:/]/.test(entry.value.value));
  return [
    {
      place: { urn: account.urn, path: entry.path },
      among: "labels",
      holder: account.title,
      key: entry.key,
      value: entry.value,
      account,
      accountTitle: account.title,
      onDefault: false,
      certain,
    },
  ];
}

function onWorkload(workload: Workload, model: IrsaModel): readonly MisplacedRole[] {
  const inPod = roleEntry(workload.pod.metadata.annotations, model);
  const entry = inPod ?? roleEntry(workload.metadata.annotations, model);
  if (!entry) return [];
  const joined = workload.serviceAccount.how === "unresolved" ? undefined : workload.serviceAccount.to;
  // An account of which only the name is sure may turn out to be another one, of the workload's own namespace.
  const account = joined && sameText(joined.namespace, workload.namespace) === true ? joined : undefined;
  // A misspelt key on the account itself is the nearer cause, and a role that comes in another way makes this one idle.
  const accounts = joined ? [joined] : model.serviceAccounts.filter((each) => mayUse(workload, each));
  if (accounts.some((each) => misspeltRoleKeys(each, model).length > 0 || isHarmless(each, entry, model))) return [];
  const name = podAccountName(workload);
  const where = inPod && workload.kind !== "Pod" ? `the pod template of ${workload.title}` : workload.title;
  return [
    {
      place: { urn: workload.urn, path: entry.path },
      among: "annotations",
      holder: where,
      key: entry.key,
      value: entry.value,
      account,
      onDefault: account === undefined && isKnownAs(name, "default"),
      accountTitle: account?.title ?? `its ServiceAccount${name.is === "known" ? ` "${name.value}"` : ""}`,
      certain: account === joined && !isWiredByHand(workload, model) && goesWithout(workload, account, model),
    },
  ];
}

/** True where the account has the very same role already, or Pod Identity brings one. */
function isHarmless(account: ServiceAccount, { value }: Entry, model: IrsaModel): boolean {
  if (mayBeAssociated(account, model) || isAnnotatedBeside(account, model)) return true;
  const { roleArn } = account;
  if (roleArn.is === "absent" || isKnownAs(roleArn, "")) return false;
  return roleArn.is === "unknown" || value.is !== "known" || roleArn.value === value.value;
}

/** Whether the workload's account is known to carry no role: it is declared so here, or nobody can have annotated it. */
function goesWithout(workload: Workload, account: ServiceAccount | undefined, model: IrsaModel): boolean {
  if (account) return account.form === "resource" && account.annotations.is !== "unknown" && isBare(account);
  const name = podAccountName(workload);
  return isKnownAs(name, "default") && !workload.patch && isNamespaceManaged(model, workload);
}

function onNamespace(namespace: Namespace, model: IrsaModel): readonly MisplacedRole[] {
  const entry = roleEntry(namespace.metadata.annotations, model);
  if (!entry) return [];
  const meant = model.serviceAccounts.find(
    (account) =>
      account.form === "resource" &&
      isBare(account) &&
      sameText(account.namespace, namespace.name) === true &&
      sameCluster(account.scope, namespace.scope) !== false &&
      trustingRoles(account, model).length > 0,
  );
  return [
    {
      place: { urn: namespace.urn, path: entry.path },
      among: "annotations",
      holder: namespace.title,
      key: entry.key,
      value: entry.value,
      account: meant,
      onDefault: false,
      accountTitle: meant?.title ?? "the ServiceAccount that is to have the role",
      certain: meant !== undefined && !isAnnotatedBeside(meant, model) && !mayBeAssociated(meant, model),
    },
  ];
}

/** Charts hand `podAnnotations` on to their pods; whether their account has its role in another way, the stack does not always show. */
function onCharts(model: IrsaModel): readonly MisplacedRole[] {
  const all = chartAnnotations(model);
  return all.flatMap(({ source, on, key, path, value }) => {
    if (on !== "pod" || key !== roleArnKey(model) || isRoleGiven(source, all, model)) return [];
    if (mayGiveRole(source)) return [];
    const supplied = model.serviceAccounts.some(
      (account) => !isBare(account) && sameText(account.namespace, source.namespace) !== false,
    );
    if (supplied) return [];
    return [
      {
        place: { urn: source.urn, path },
        among: "annotations" as const,
        holder: `the pod template that ${source.title} renders`,
        key,
        value,
        account: undefined,
        onDefault: false,
        accountTitle: "the chart's ServiceAccount",
        certain: false,
      },
    ];
  });
}

/** True for an account whose own annotation names no role. */
export function isBare({ roleArn }: Pick<ServiceAccount, "roleArn">): boolean {
  return roleArn.is === "absent" || isKnownAs(roleArn, "");
}

/** The annotation for the role, also where its suffix is misspelt; keys of other domains belong to other tools, which do read pods. */
function roleEntry(entries: ObjectMeta["annotations"], model: IrsaModel): Entry | undefined {
  if (entries.is !== "known") return undefined;
  const { annotationPrefix: prefix } = model.config;
  const key = roleArnKey(model);
  return (
    entries.value.find((entry) => entry.key === key) ??
    entries.value.find((entry) => entry.key.startsWith(`${prefix}/`) && isMisspeltRoleKey(entry.key, prefix))
  );
}
