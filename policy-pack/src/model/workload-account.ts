import { isKnownAs, knownValues, type Urn } from "../facts/fact";
import { nearest } from "../facts/did-you-mean";
import { parseUrn } from "../facts/urn";
import { mayUse, podAccountName, sameCluster } from "./bind";
import { sameText } from "./resource";
import { isOpaqueSource } from "./tokens";
import type { IrsaModel, Namespace, ServiceAccount, Workload } from "./types";

/** The account with a role that a workload evidently means, although its pod template does not lead there. */
export interface IntendedAccount {
  readonly account: ServiceAccount;
  /**
   * alias: `serviceAccount` names it while `serviceAccountName` names another. namespace: it has the name that is asked for, in
   * another namespace. dependency: the workload depends on it. spelling: its name is nearly the one that is asked for.
   */
  readonly because: "alias" | "namespace" | "dependency" | "spelling";
  /** True when the name came from the account's own resource, which leaves no doubt that it is meant. */
  readonly wired: boolean;
}

/**
 * For a workload that names an account which this stack does not declare in its namespace: the account with a role that is
 * meant. Undefined when the workload's account is found, lives elsewhere as far as anyone can tell, or is `default`.
 */
export function intendedAccount(model: IrsaModel, workload: Workload): IntendedAccount | undefined {
  if (workload.serviceAccount.how !== "unresolved") return undefined;
  const candidates = [...model.bindingByServiceAccount.keys()].filter(
    (account) => account.form !== "expected" && sameCluster(account.scope, workload.scope) !== false,
  );
  const name = podAccountName(workload);
  if (name.is === "unknown") return wiredAcrossNamespaces(workload, name.waitsFor, candidates);
  if (name.is !== "known" || workload.serviceAccount.because !== "elsewhere" || isListed(model, workload, name.value))
    return undefined;
  if (name.value === "default") return undefined;
  const inNamespace = candidates.filter((each) => sameText(each.namespace, workload.namespace) === true);
  const { serviceAccountAlias: alias } = workload.pod;
  const aliased = alias.is === "known" ? inNamespace.find((each) => isKnownAs(each.name, alias.value)) : undefined;
  if (aliased) return { account: aliased, because: "alias", wired: false };
  const sameName = candidates.filter(
    (each) =>
      each.name.is === "known" &&
      each.name.value === name.value &&
      sameText(each.namespace, workload.namespace) === false,
  );
  const [elsewhere] = sameName;
  if (elsewhere && sameName.length === 1)
    return { account: elsewhere, because: "namespace", wired: workload.specFrom.includes(elsewhere.urn) };
  const depended = inNamespace.filter((each) => workload.dependencies.includes(each.urn));
  const [only] = depended;
  if (only && depended.length === 1) return { account: only, because: "dependency", wired: false };
  const plain = name.value.toLowerCase().replace(/^.*[:/]/, "");
  const spelling = inNamespace.some((each) => isKnownAs(each.name, plain))
    ? plain
    : nearest(
        name.value,
        inNamespace.flatMap((each) => knownValues(each.name)),
      );
  const near = inNamespace.find((each) => spelling !== undefined && isKnownAs(each.name, spelling));
  return near ? { account: near, because: "spelling", wired: false } : undefined;
}

/** At a first preview the name is unknown; where it can only have come from one account, and that is of another namespace, the pair is wrong. */
function wiredAcrossNamespaces(
  workload: Workload,
  waitsFor: readonly Urn[],
  candidates: readonly ServiceAccount[],
): IntendedAccount | undefined {
  const mayComeFromElsewhere = waitsFor.some((urn) => {
    const { type } = parseUrn(urn);
    return type === "pulumi:pulumi:StackReference" || isOpaqueSource(type);
  });
  // Of a template that is unknown as a whole, nobody can say which part came from the account.
  if (workload.pod.containers.is === "unknown") return undefined;
  const sources = candidates.filter((each) => waitsFor.includes(each.urn));
  const [only] = sources;
  if (mayComeFromElsewhere || !only || sources.length !== 1) return undefined;
  return sameText(only.namespace, workload.namespace) === false
    ? { account: only, because: "namespace", wired: true }
    : undefined;
}

/** True when the configuration says that the account exists outside the stack. */
function isListed(model: IrsaModel, workload: Workload, name: string): boolean {
  return (
    workload.namespace.is === "known" && model.config.serviceAccounts.includes(`${workload.namespace.value}/${name}`)
  );
}

/**
 * True when this stack makes the workload's namespace and nothing in it can put objects there unseen: an account that is not
 * declared then does not exist when the pods are created.
 */
export function isNamespaceManaged(model: IrsaModel, workload: Pick<Workload, "namespace" | "scope">): boolean {
  return namespaceOf(model, workload) !== undefined && !mayBeFilledUnseen(model, workload);
}

/** The Namespace of this stack in which an object is: the one of that name, or the only one from which the unknown name came. */
export function namespaceOf(model: IrsaModel, object: Pick<Workload, "namespace" | "scope">): Namespace | undefined {
  const { namespace } = object;
  return model.namespaces.find(
    (each) =>
      sameCluster(each.scope, object.scope) === true &&
      (sameText(each.name, namespace) === true ||
        (namespace.is === "unknown" && namespace.waitsFor.length === 1 && namespace.waitsFor[0] === each.urn)),
  );
}

/** True when a chart, a release or a YAML directory of this stack may put objects into the namespace that nobody sees here. */
export function mayBeFilledUnseen(model: IrsaModel, workload: Pick<Workload, "namespace" | "scope">): boolean {
  const name = namespaceOf(model, workload)?.name ?? workload.namespace;
  return model.opaqueSources.some(
    (source) => sameCluster(source.scope, workload.scope) !== false && sameText(source.namespace, name) !== false,
  );
}

/** True when a workload of this stack uses the account, or may turn out to. */
export function isUsed(model: IrsaModel, account: ServiceAccount): boolean {
  if ((model.workloadsByServiceAccount.get(account)?.length ?? 0) > 0) return true;
  return model.workloads.some((workload) => mayUse(workload, account));
}

/**
 * What tells the account that a workload runs as, where that may turn out to be one with a role; undefined where it cannot.
 * Nothing of this stack may tell it: the list is then empty.
 */
export function awaitedAccount(model: IrsaModel, workload: Workload): readonly Urn[] | undefined {
  if (workload.serviceAccount.how !== "unresolved") return undefined;
  const bound = [...model.bindingByServiceAccount.keys()];
  const possible = bound.filter((account) => mayUse(workload, account));
  const name = podAccountName(workload);
  if (name.is !== "unknown") return possible.length > 0 ? urnsOf(possible) : undefined;
  // A name that came from resources is that of an account among them, if of any.
  const isAwaited =
    name.waitsFor.length === 0 ? possible.length > 0 : bound.some(({ urn }) => name.waitsFor.includes(urn));
  return isAwaited ? name.waitsFor : undefined;
}

function urnsOf(accounts: readonly ServiceAccount[]): readonly Urn[] {
  return accounts.flatMap(({ urn }) => (urn === "" ? [] : [urn]));
}

/** True for a name that no object of Kubernetes can have, such as a subject or `namespace/name` in its place. */
export function isIllegalName(name: string): boolean {
  return !/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name);
}
