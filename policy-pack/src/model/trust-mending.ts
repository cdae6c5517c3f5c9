import { listIn } from "../facts/lists";
import { known } from "../facts/fact";
import { parseSubject } from "../facts/subject";
import { decide, podAccountName, sameCluster } from "./bind";
import type { RefusalOf } from "./trust-refusal";
import { trustingRoles } from "./trusting-roles";
import type { IrsaModel, Role, ServiceAccount } from "./types";

/** Which of the two parties of a refusal is evidently the wrong one. */
export type Mending =
  /** Another role of this stack trusts the account: the annotation names the wrong role. */
  | { readonly edit: "annotation"; readonly role: Role }
  /** The account has no namespace or no name of its own, one with capitals, or pods of another namespace ask for it, and the role trusts it under one. */
  | { readonly edit: "namespace" | "name"; readonly needed: string }
  | { readonly edit: "trust" };

export function mending({ binding, role, seen, autonamed }: RefusalOf<"subject">, model: IrsaModel): Mending {
  const { serviceAccount } = binding;
  const trusted = seen.flatMap((text) => parseSubject(text) ?? []);
  if (serviceAccount.autonamed || autonamed) {
    const fitting = trusted.find(
      ({ namespace }) => serviceAccount.namespace.is !== "known" || serviceAccount.namespace.value === namespace,
    );
    if (fitting) return { edit: "name", needed: fitting.name };
  }
  if (serviceAccount.namespaceImplicit && serviceAccount.name.is === "known") {
    const { value } = serviceAccount.name;
    const fitting = trusted.find(({ name }) => name === value);
    if (fitting) return { edit: "namespace", needed: fitting.namespace };
  }
  const spelt = capitalsMended(serviceAccount, trusted);
  if (spelt) return spelt;
  const asked = trusted.find(({ namespace }) => isAskedForIn(serviceAccount, namespace, model));
  if (asked) return { edit: "namespace", needed: asked.namespace };
  // Nobody who is admitted uses this role, so its trust may just as well be what is wrong.
  const serves = listIn(model.bindingsByRole, role).some(({ decision }) => decision?.answer === "allow");
  const others = trustingRoles(serviceAccount, model).filter((each) => each.role !== role);
  const [only] = others;
  const accounts = model.serviceAccounts.some(
    ({ namespace, name }) =>
      namespace.is === "known" &&
      name.is === "known" &&
      trusted.some((each) => each.namespace === namespace.value && each.name === name.value),
  );
  if (only && others.length === 1 && (serves || accounts)) return { edit: "annotation", role: only.role };
  return { edit: "trust" };
}

/** Kubernetes takes no capitals in names and namespaces: where they are all that differs, the account is what is written wrong. */
function capitalsMended(
  { namespace, name }: ServiceAccount,
  trusted: readonly { readonly namespace: string; readonly name: string }[],
): Mending | undefined {
  if (namespace.is !== "known" || name.is !== "known") return undefined;
  const lower = { namespace: namespace.value.toLowerCase(), name: name.value.toLowerCase() };
  if (!trusted.some((each) => each.namespace === lower.namespace && each.name === lower.name)) return undefined;
  if (name.value !== lower.name) return { edit: "name", needed: lower.name };
  return namespace.value === lower.namespace ? undefined : { edit: "namespace", needed: lower.namespace };
}

/** True where pods of another namespace name the account, and its role trusts it there and not where it stands: it is to move. */
export function isAskedForIn(account: ServiceAccount, namespace: string, model: IrsaModel): boolean {
  const binding = model.bindingByServiceAccount.get(account);
  if (binding?.decision?.answer !== "deny" || binding.role.how === "unresolved" || account.name.is !== "known")
    return false;
  const { value: name } = account.name;
  const subject = known(`system:serviceaccount:${namespace}:${name}`);
  return (
    decide(binding.role.to, { ...binding.token, subject })?.answer === "allow" &&
    model.workloads.some((workload) => {
      const named = podAccountName(workload);
      return (
        workload.serviceAccount.how === "unresolved" &&
        named.is === "known" &&
        named.value === name &&
        workload.namespace.is === "known" &&
        workload.namespace.value === namespace &&
        sameCluster(workload.scope, account.scope) !== false
      );
    })
  );
}
