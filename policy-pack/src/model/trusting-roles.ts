import { isKnownAs } from "../facts/fact";
import { listIn } from "../facts/lists";
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

const namedBy = new WeakMap<IrsaModel, ReadonlyMap<string, readonly TrustingRole[]>>();

/**
 * The roles that are meant for an account: they name it exactly, not by a pattern, and would let it in. Roles that Pod
 * Identity may use as well are left out, since the account may then get them without an annotation.
 */
export function trustingRoles(account: ServiceAccount, model: IrsaModel): readonly TrustingRole[] {
  const token = tokenOf(account);
  const { subject } = token;
  if (subject.is !== "known") return [];
  return (rolesBySubject(model).get(subject.value) ?? []).flatMap((trusting) => {
    if (trusting.path === "") return [trusting];
    const admitted = decide(trusting.role, token)?.answer === "allow";
    return admitted ? [{ ...trusting, certain: account.scope.cluster.how !== "unresolved" }] : [];
  });
}

/** The roles whose trust policy names the subject exactly, whether or not it admits it; none that Pod Identity can hand out. */
export function rolesNaming(subject: string, model: IrsaModel): readonly Role[] {
  const naming = (rolesBySubject(model).get(subject) ?? []).filter(({ path }) => path !== "");
  return naming.map(({ role }) => role);
}

/** The roles by the subjects that they name exactly, made once for a model. */
function rolesBySubject(model: IrsaModel): ReadonlyMap<string, readonly TrustingRole[]> {
  const done = namedBy.get(model);
  if (done) return done;
  const roles = new Map<string, TrustingRole[]>();
  for (const role of model.roles) {
    for (const [subject, path] of subjectsOf(role, model))
      roles.set(subject, [...listIn(roles, subject), { role, path, certain: true }]);
  }
  namedBy.set(model, roles);
  return roles;
}

/** Each subject with the path at which it stands; without one where only the inputs of an IrsaBinding tell it. */
function subjectsOf(role: Role, model: IrsaModel): ReadonlyMap<string, string> {
  const { trust, construction } = role;
  if (trust.is === "unknown") {
    const subjects = construction?.subjects.is === "known" ? construction.subjects.value : [];
    return new Map(subjects.map((subject) => [subject, ""]));
  }
  if (trustsPodIdentity(role)) return new Map();
  const conditions = podStatements(role, model).flatMap((pod) => claimConditions(pod, "sub").filter(isNaming));
  return new Map(
    conditions.flatMap((condition) =>
      knownTexts(condition)
        .filter((text) => !hasWildcard(text))
        .map((text) => [text, condition.path]),
    ),
  );
}

/** True for a role that EKS Pod Identity can hand out. */
export function trustsPodIdentity({ trust }: Pick<Role, "trust">): boolean {
  if (trust.is !== "known") return false;
  return trust.value.statements.some(
    ({ principals }) =>
      principals.is === "known" && principals.value.some(({ value }) => isKnownAs(value, "pods.eks.amazonaws.com")),
  );
}
