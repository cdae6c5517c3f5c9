import type { Decision } from "../iam/decision";
import { explainDenial } from "../iam/web-identity";
import { trustFaults } from "./trust";
import { claimOf } from "./trust-condition";
import type { IrsaModel, Role } from "./types";

export interface SubjectRefusal {
  /** Where it stands in the trust policy: the condition on the subject, or the statement where no provider is trusted. */
  readonly path: string;
  /** The subjects that the condition takes; empty where no provider is trusted for web identities. */
  readonly seen: readonly string[];
}

/** Why a role refuses an account that no resource of this stack stands for; undefined where the subject is not the reason. */
export function subjectRefusal(decision: Decision | undefined): SubjectRefusal | undefined {
  if (decision?.answer !== "deny" || decision.explicit) return undefined;
  const [nearest] = explainDenial(decision);
  if (!nearest) return undefined;
  const { mismatch } = nearest;
  if (mismatch.kind === "principal" || mismatch.kind === "action") return { path: nearest.statement.path, seen: [] };
  if (mismatch.kind !== "condition" || claimOf(mismatch.condition) !== "sub") return undefined;
  return { path: mismatch.condition.path, seen: mismatch.seen };
}

/** True for a trust policy with a fault of its own, which the rule for that fault reports whoever uses the role. */
export function hasTrustFault(role: Role, model: IrsaModel): boolean {
  const faults = trustFaults(model).find((each) => each.role === role);
  if (!faults) return false;
  const { flaws, principals, actions, keys, operators, subjects, unsatisfiable } = faults;
  return [flaws, principals, actions, keys, operators, subjects, unsatisfiable].some((each) => each.length > 0);
}
