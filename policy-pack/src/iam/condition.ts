import { knownValueOr, knownValues, type Fact } from "../facts/fact";
import { compare, isOfType } from "./compare";
import type { Condition, Leaf, Operator } from "./document";
import { escapeText, fillVariables, type Filled } from "./match";
import { parseOperator } from "./operator";
import { every, not, some, type Truth } from "./truth";
import type { Mismatch } from "./decision";

type Reason = Extract<Mismatch, { kind: "condition" }>["reason"];

/** Why a condition does not hold of a request, or may not. */
export interface Failure {
  readonly verdict: "fails" | "unknown";
  readonly reason: Reason;
}

/** What the request says of one condition key: its values, or that it lacks the key, or that nobody can say which of the two. */
export type Carried = Fact<readonly string[]> | { readonly is: "maybe" };

export interface Surroundings {
  readonly carried: (key: string) => Carried;
  /** Policy variables are filled in by language version 2012-10-17 only; undefined while the version is unknown. */
  readonly variables: Truth;
}

const UNSURE: Failure = { verdict: "unknown", reason: "value-unknown" };

/** Undefined when the condition holds. */
export function evaluateCondition(condition: Condition, surroundings: Surroundings): Failure | undefined {
  const operator = parseOperator(condition.operator);
  if (!operator) return { verdict: "unknown", reason: "operator-unknown" };
  if (condition.key === "") return UNSURE;
  const carried = surroundings.carried(condition.key);
  if (carried.is === "maybe") return UNSURE;
  const isAbsent = carried.is === "absent" || (carried.is === "known" && carried.value.length === 0);
  if (operator.family === "Null") return outcome(nullHolds(condition, isAbsent), "value-differs");
  if (isAbsent) return outcome(holdsWithoutKey(operator), "key-absent");
  if (condition.values.is !== "known") return UNSURE;
  if (carried.is !== "known") return outcome(holdsForAnyValue(operator, condition.values.value), "value-differs");
  const wanted = condition.values.value;
  const verdict = quantify(operator, carried.value, (value) => holdsFor(operator, wanted, value, surroundings));
  return outcome(
    verdict,
    carried.value.every((value) => isOfType(operator, value)) ? "value-differs" : "operator-never-matches",
  );
}

function outcome(holds: Truth, reason: Reason): Failure | undefined {
  if (holds === undefined) return UNSURE;
  return holds ? undefined : { verdict: "fails", reason };
}

/** `{"Null": {"key": "true"}}` wants the key to be absent, `"false"` wants it present. */
function nullHolds(condition: Condition, isAbsent: boolean): Truth {
  if (condition.values.is !== "known") return undefined;
  const wanted = isAbsent ? "true" : "false";
  return some(condition.values.value, (leaf) =>
    leaf.value.is === "known" ? leaf.value.value.toLowerCase() === wanted : undefined,
  );
}

/**
 * What an operator says of a request that lacks the key: ForAllValues and IfExists hold, ForAnyValue fails, a negated operator
 * holds, any other fails (IAM User Guide, "Condition operators" and "Single-valued vs. multivalued context keys"). For
 * ForAnyValue with IfExists the two pages say opposite things.
 */
function holdsWithoutKey(operator: Operator): Truth {
  if (operator.quantifier === "ForAllValues") return true;
  if (operator.quantifier === "ForAnyValue") return operator.ifExists ? undefined : false;
  return operator.ifExists || operator.negated;
}

/** Decides for a value that is carried but not known yet: only a pattern that fits everything, or no pattern at all, is certain. */
function holdsForAnyValue(operator: Operator, wanted: readonly Leaf[]): Truth {
  const fitsAll =
    (operator.base === "StringLike" || operator.base === "StringNotLike") &&
    wanted.flatMap(({ value }) => knownValues(value)).some((text) => /^\*+$/.test(text));
  const matches: Truth = fitsAll ? true : wanted.length === 0 ? false : undefined;
  return operator.negated ? not(matches) : matches;
}

function quantify(operator: Operator, values: readonly string[], holds: (value: string) => Truth): Truth {
  if (operator.quantifier === "ForAllValues") return every(values, holds);
  if (operator.quantifier === "ForAnyValue") return some(values, holds);
  // IAM documents no meaning for a plain operator on several values; when they agree, none is needed.
  const [all, any] = [every(values, holds), some(values, holds)];
  return all === any ? all : undefined;
}

/** The values of a policy are alternatives; a negated operator holds when none of them matches. */
function holdsFor(operator: Operator, wanted: readonly Leaf[], value: string, surroundings: Surroundings): Truth {
  const matches = some(wanted, (leaf) => {
    if (leaf.value.is !== "known") return undefined;
    const text = leaf.value.value;
    if (!text.includes("${") || surroundings.variables === false) return compare(operator, text, value);
    if (surroundings.variables === undefined) return undefined;
    const filled = fillVariables(text, (key) => resolve(key, surroundings));
    if (filled === "absent") return false;
    return filled && compare(operator, filled.value, escapeText(value));
  });
  return operator.negated ? not(matches) : matches;
}

/** A policy variable stands for the one value of a condition key. */
export function resolve(key: string, surroundings: Surroundings): Filled {
  const carried = surroundings.carried(key);
  if (carried.is === "maybe" || carried.is === "unknown") return undefined;
  const [value, ...more] = knownValueOr(carried, []);
  if (value === undefined) return "absent";
  return more.length === 0 ? { value } : undefined;
}
