import { parseSubject } from "../facts/subject";
import type { RefusalOf } from "./trust-refusal";
import { trustingRoles } from "./trusting-roles";
import type { IrsaModel, Role } from "./types";

/** Which of the two parties of a refusal is evidently the wrong one. */
export type Mending =
  /** Another role of this stack trusts the account: the annotation names the wrong role. */
  | { readonly edit: "annotation"; readonly role: Role }
  /** The account has no namespace or no name of its own, and the role trusts it under one. */
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
  // Nobody who is admitted uses this role, so its trust may just as well be what is wrong.
  const serves = (model.bindingsByRole.get(role) ?? []).some(({ decision }) => decision?.answer === "allow");
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
