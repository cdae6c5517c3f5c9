import { texts } from "../facts/lists";
import { knownValues, mapFact, type Fact, type Urn } from "../facts/fact";
import { parseArn } from "../facts/arn";
import { capital, quote } from "../facts/words";
import { textOfEntry } from "./resource";
import type { Binding, Container, IrsaModel, Join, Role, ServiceAccount, Workload } from "./types";

/** A workload whose pods run as an account that carries a role. */
export interface BoundWorkload {
  readonly workload: Workload;
  readonly binding: Binding;
  readonly account: ServiceAccount;
  /** The role as a person would name it: `role "api-irsa"`, or `the role of ServiceAccount "shop/api"` when it lives elsewhere. */
  readonly identity: string;
  /** The annotation that makes the account an IRSA account. */
  readonly annotation: { readonly urn: Urn; readonly path: string };
  /** False for a Patch, which says only part of what its pods are: what it leaves out may well be there. */
  readonly whole: boolean;
}

/** Every workload whose account is known to carry a role, by value, by wiring or by construction. */
export function boundWorkloads(model: IrsaModel): readonly BoundWorkload[] {
  return model.workloads.flatMap((workload) => {
    const bound = boundWorkload(model, workload);
    return bound ? [bound] : [];
  });
}

/** The workload with its binding; undefined when its account carries no role, or nobody knows which account it is. */
export function boundWorkload(model: IrsaModel, workload: Workload): BoundWorkload | undefined {
  if (workload.serviceAccount.how === "unresolved") return undefined;
  // A Patch that names no account leaves the object's own, so `default` would be a guess.
  if (workload.patch && !namesAccount(workload)) return undefined;
  const account = workload.serviceAccount.to;
  const binding = model.bindingByServiceAccount.get(account);
  if (!binding) return undefined;
  return {
    workload,
    binding,
    account,
    identity: roleTitle(binding.role, account),
    annotation: { urn: account.urn, path: account.roleArnPath },
    whole: !workload.patch,
  };
}

/** True when the pod template names an account, or may do so once its value is known. */
function namesAccount(workload: Pick<Workload, "pod">): boolean {
  const { serviceAccountName, serviceAccountAlias } = workload.pod;
  return [serviceAccountName, serviceAccountAlias].some(
    (name) => name.is === "unknown" || (name.is === "known" && name.value !== ""),
  );
}

function roleTitle(role: Join<Role>, account: ServiceAccount): string {
  return role.how === "unresolved" ? `the role of ${account.title}` : role.to.title;
}

/** Containers and init containers: the webhook sees only what a pod has when it is created, so no ephemeral ones. */
export function mutableContainers(workload: Pick<Workload, "pod">): Fact<readonly Container[]> {
  return mapFact(workload.pod.containers, (all) => all.filter((each) => each.kind !== "ephemeral container"));
}

/** True when the pod carries the label that keeps it from the webhook, whatever its value. */
export function hasSkipLabel(workload: Pick<Workload, "pod">, prefix: string): boolean {
  return textOfEntry(workload.pod.metadata.labels, `${prefix}/skip-pod-identity-webhook`).is === "known";
}

/** The names in the annotation `<prefix>/skip-containers`, as the webhook reads them: one CSV record, blanks kept. */
export function skippedNames(workload: Pick<Workload, "pod">, prefix: string): Fact<readonly string[]> {
  const text = textOfEntry(workload.pod.metadata.annotations, `${prefix}/skip-containers`);
  return mapFact(text, csvRecord);
}

/** True when the webhook is known to leave the container as it is. */
export function isPassedOver(workload: Pick<Workload, "pod">, container: Container, prefix: string): boolean {
  if (hasSkipLabel(workload, prefix) || container.kind === "ephemeral container") return true;
  const skipped = skippedNames(workload, prefix);
  return skipped.is === "known" && container.name.is === "known" && skipped.value.includes(container.name.value);
}

/** The first record of a CSV text by RFC 4180; a text that is no CSV has no fields, since the webhook then skips nothing. */
function csvRecord(text: string): readonly string[] {
  const [line] = texts(text.split(/\r?\n/, 1));
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const field = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest);
    if (!field) return [];
    const [whole, quoted, bare, end] = texts(field);
    fields.push(quoted === "" ? bare : quoted.replace(/""/g, '"'));
    if (end === "") return fields;
    rest = rest.slice(whole.length);
  }
}

/** `Container "api" of Deployment "shop/api"`, to begin a sentence with. */
export function containerSubject(container: Container, workload: Pick<Workload, "title">): string {
  const name = container.name.is === "known" ? ` ${quote(container.name.value)}` : "";
  return `${capital(container.kind)}${name} of ${workload.title}`;
}

/** The partition of the role: what its ARN says, else that of the role or the cluster which this stack makes. */
export function partitionOf({ account, binding }: BoundWorkload): string | undefined {
  const arn = account.roleArn.is === "known" ? parseArn(account.roleArn.value) : undefined;
  const scopes = [binding.role, binding.cluster].flatMap((each) => (each.how === "unresolved" ? [] : [each.to.scope]));
  const said = scopes.flatMap((each) => knownValues(each.partition));
  const [first, ...others] = new Set([...(arn ? [arn.partition] : []), ...said]);
  return others.length === 0 ? first : undefined;
}
