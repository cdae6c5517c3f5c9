import { hasWildcard } from "../iam/match";
import { decide, tokenOf } from "./bind";
import { claimConditions, isNaming, knownTexts, podStatements } from "./trust-statement";
import type { IrsaModel, Role, ServiceAccount } from "./types";

/** A role whose trust policy names one account by its exact subject and admits it. */
export interface TrustingRole {
  readonly role: Role;
  /** Where the subject stands in the trust policy; empty while only the IrsaBinding's inputs say it. */
  readonly path: string;
  /** True when the role admits the account whatever its cluster turns out to be, or the cluster is known. */
  readonly certain: boolean;
}

/**
 * The roles that are meant for an account: they name it exactly, not by a pattern, and would let it in. Roles that Pod
 * Identity may use as well are left out, since the account may then get them without an annotation.
 */
export function trustingRoles(account: ServiceAccount, model: IrsaModel): readonly TrustingRole[] {
  const token = tokenOf(account);
  const { subject } = token;
  if (subject.is !== "known") return [];
  return model.roles.flatMap((role) => {
    if (role.trust.is === "unknown")
      return isConstructedFor(role, subject.value) ? [{ role, path: "", certain: true }] : [];
    if (trustsPodIdentity(role)) return [];
    const path = pathOfSubject(role, subject.value, model);
    if (path === undefined) return [];
    const answer = decide(role, token)?.answer;
    return answer === "allow" ? [{ role, path, certain: account.scope.cluster.how !== "unresolved" }] : [];
  });
}

function isConstructedFor({ construction }: Role, subject: string): boolean {
  return construction?.subjects.is === "known" && construction.subjects.value.includes(subject);
}

function pathOfSubject(role: Role, subject: string, model: IrsaModel): string | undefined {
  const conditions = podStatements(role, model).flatMap((pod) => claimConditions(pod, "sub").filter(isNaming));
  return conditions.find((condition) => knownTexts(condition).some((text) => text === subject && !hasWildcard(text)))
    ?.path;
}

/** True for a role that EKS Pod Identity can hand out. */
export function trustsPodIdentity({ trust }: Pick<Role, "trust">): boolean {
  if (trust.is !== "known") return false;
  return trust.value.statements.some(
    ({ principals }) =>
      principals.is === "known" &&
      principals.value.some(({ value }) => value.is === "known" && value.value === "pods.eks.amazonaws.com"),
  );
}
