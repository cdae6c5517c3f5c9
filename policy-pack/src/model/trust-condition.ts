import { listIn } from "../facts/lists";
import { knownValues } from "../facts/fact";
import type { Condition } from "../iam/document";
import { parseOperator } from "../iam/operator";
import { conditionKeyProblem, splitConditionKey, type ConditionKeyKind } from "../iam/web-identity";
import { sameIssuer } from "./read-aws";
import { claimConditions, isNaming, isPodIssuer, knownTexts, type PodStatement } from "./trust-statement";
import type { IrsaModel } from "./types";

type KeyFaultKind = Exclude<ConditionKeyKind["kind"], "ok" | "not-an-issuer-key">;

/** Condition keys of one statement that no token carries, all wrong in the same way. */
export interface KeyFault {
  readonly fault: KeyFaultKind;
  /** Where the first of them stands. */
  readonly path: string;
  /** Each key with the one to write; undefined where the statement names both claims of a token already. */
  readonly keys: readonly { readonly seen: string; readonly needed: string | undefined }[];
  /** The issuers that the statement trusts. */
  readonly issuers: readonly string[];
  /** True when the condition holds without its key, so that it lets everybody in instead of nobody. */
  readonly opens: boolean;
  /** True when another condition still names the subjects, so that the role is not open although this one checks nothing. */
  readonly guarded: boolean;
}

/** One fault for each way in which keys of the statement are wrong: a raw url usually spoils two keys at once. */
export function keyFaults(pod: PodStatement, model: IrsaModel): readonly KeyFault[] {
  const groups = new Map<KeyFaultKind, KeyFault>();
  for (const condition of pod.conditions) {
    const problem = conditionKeyProblem(condition.key, pod.issuers);
    if (problem.kind === "ok" || problem.kind === "not-an-issuer-key") continue;
    if (problem.kind === "other-issuer" && isClusterOfUsers(problem.issuer, pod, model)) continue;
    const group = groups.get(problem.kind);
    groups.set(problem.kind, {
      fault: problem.kind,
      path: group?.path ?? condition.path,
      keys: [...(group?.keys ?? []), { seen: condition.key, needed: problem.needed ?? keyToWrite(condition, pod) }],
      issuers: pod.issuers,
      opens: (group?.opens ?? true) && holdsWithoutKey(condition),
      guarded: claimConditions(pod, "sub").some(isNaming),
    });
  }
  return [...groups.values()];
}

/** The key with its own claim, where that is one of a token's, or with one that the statement does not name yet. */
function keyToWrite(condition: Condition, pod: PodStatement): string | undefined {
  const own = claimOf(condition);
  const claims = ["sub", "aud"] as const;
  const claim = claims.find((each) => each === own) ?? claims.find((each) => claimConditions(pod, each).length === 0);
  return claim && `${pod.issuers[0] ?? "<issuer>"}:${claim}`;
}

/** True when the key is right for every account that uses the role, so that the principal is what is wrong. */
function isClusterOfUsers(issuer: string, { role }: PodStatement, model: IrsaModel): boolean {
  const users = listIn(model.bindingsByRole, role);
  return (
    users.length > 0 &&
    users.every(({ token }) => token.issuer.is === "known" && sameIssuer(token.issuer.value, issuer))
  );
}

function holdsWithoutKey({ operator }: Condition): boolean {
  const parsed = parseOperator(operator);
  // AWS's pages contradict each other on ForAnyValue with IfExists, so nobody is told that it opens the role.
  if (!parsed || parsed.family === "Null" || parsed.quantifier === "ForAnyValue") return false;
  return parsed.ifExists || parsed.quantifier === "ForAllValues" || parsed.negated;
}

/** A comparison of a token's claim that does not do what it is there for. */
export interface OperatorFault {
  readonly fault: "negated" | "null" | "type" | "if-exists" | "for-all-values" | "not-action";
  readonly path: string;
  readonly operator: string;
  readonly claim: "sub" | "aud" | undefined;
  /** The operator to write. */
  readonly needed: string;
  readonly values: readonly string[];
}

export function operatorFaults(pod: PodStatement, model: IrsaModel): readonly OperatorFault[] {
  const faults: OperatorFault[] = [];
  const issuers = pod.issuers.filter((issuer) => isPodIssuer(issuer, model));
  for (const claim of ["sub", "aud"] as const) {
    const conditions = claimConditions({ statement: pod.statement, issuers }, claim);
    for (const condition of conditions) {
      const fault = operatorFault(condition, claim, conditions, pod.complete);
      if (fault) faults.push(fault);
    }
  }
  if (pod.statement.notActions.is === "known") {
    const values = pod.statement.notActions.value.flatMap(({ value }) => knownValues(value));
    const path = `${pod.statement.path}.NotAction`;
    faults.push({ fault: "not-action", path, operator: "NotAction", claim: undefined, needed: "Action", values });
  }
  return faults;
}

function operatorFault(
  condition: Condition,
  claim: "sub" | "aud",
  all: readonly Condition[],
  complete: boolean,
): OperatorFault | undefined {
  const operator = parseOperator(condition.operator);
  if (!operator) return undefined;
  const values = knownTexts(condition);
  const like = values.some((text) => /[*?]/.test(text)) ? "StringLike" : "StringEquals";
  const found = (fault: OperatorFault["fault"], needed = like): OperatorFault => ({
    fault,
    path: condition.path,
    operator: condition.operator,
    claim,
    needed,
    values,
  });
  if (operator.family === "Null") {
    return values.length > 0 && values.every((text) => text.toLowerCase() === "true") ? found("null") : undefined;
  }
  if (operator.family !== "String") return found("type");
  if (operator.negated) return complete && !all.some(isNaming) ? found("negated") : undefined;
  if (operator.quantifier === "ForAllValues") return found("for-all-values", operator.base);
  return operator.ifExists ? found("if-exists", operator.base) : undefined;
}

/** The claim that a condition is about, in lower case; undefined for a key without one. */
export function claimOf(condition: Pick<Condition, "key">): string | undefined {
  return splitConditionKey(condition.key)?.claim.toLowerCase();
}
