import { any, all, EITHER, negated, type Answers } from "./worlds";
import { literalOf, matches, placesOf } from "./pattern";
import type { Context } from "./request";
import { bitsOfAddress, bitsOfBase64, decimalOf, momentOf, rangeOf } from "./typed-values";

/** What one condition key is compared with: all of it as the policy has it. */
export interface ConditionLine {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Whether one value of the policy matches one value of the request, by the positive form of an operator. */
type Comparison = (policy: string, request: string, variables: Context | undefined) => Answers<boolean>;

const POSITIVE: { readonly [operator: string]: Comparison } = {
  StringEquals: (policy, request, variables) => [literalOf(policy, variables) === request],
  StringEqualsIgnoreCase: (policy, request, variables) => [
    literalOf(policy, variables)?.toLowerCase() === request.toLowerCase(),
  ],
  StringLike: (policy, request, variables) => {
    const pattern = placesOf(policy, variables);
    return [pattern !== undefined && matches(pattern, request)];
  },
  ArnEquals: arn,
  ArnLike: arn,
  NumericEquals: ordered(decimalOf, (a, b) => a === b),
  NumericLessThan: ordered(decimalOf, (a, b) => a < b),
  NumericLessThanEquals: ordered(decimalOf, (a, b) => a <= b),
  NumericGreaterThan: ordered(decimalOf, (a, b) => a > b),
  NumericGreaterThanEquals: ordered(decimalOf, (a, b) => a >= b),
  DateEquals: ordered(momentOf, (a, b) => a === b),
  DateLessThan: ordered(momentOf, (a, b) => a < b),
  DateLessThanEquals: ordered(momentOf, (a, b) => a <= b),
  DateGreaterThan: ordered(momentOf, (a, b) => a > b),
  DateGreaterThanEquals: ordered(momentOf, (a, b) => a >= b),
  Bool: (policy, request) => {
    const known = ["true", "false"];
    return known.includes(policy) && known.includes(request) ? [policy === request] : EITHER;
  },
  BinaryEquals: (policy, request) => {
    const [wanted, seen] = [bitsOfBase64(policy), bitsOfBase64(request)];
    return wanted === undefined || seen === undefined ? EITHER : [wanted === seen];
  },
  IpAddress: address,
};

const NEGATED: { readonly [operator: string]: string } = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
};

/**
 * Whether the request meets one key of a Condition block (IAM User Guide, reference_policies_elements_condition_operators and
 * reference_policies_condition-single-vs-multi-valued-context-keys).
 */
export function meets(line: ConditionLine, context: Context, variables: Context | undefined): Answers<boolean> {
  const request = context(line.key);
  // `true` asks for the key to be absent, `false` for it to be there; several values are alternatives.
  if (line.operator === "Null") return [line.values.includes(request.length === 0 ? "true" : "false")];
  const quantifier = /^(ForAllValues|ForAnyValue):/.exec(line.operator)?.[1];
  const bare = line.operator.replace(/^(ForAllValues|ForAnyValue):/, "").replace(/IfExists$/, "");
  const ifExists = line.operator.endsWith("IfExists");
  const positive = POSITIVE[NEGATED[bare] ?? bare];
  if (!positive) throw new Error(`no condition operator: ${line.operator}`);
  // Several values of the policy are alternatives (OR); for a negated operator none of them may match (NOR).
  const one = (value: string): Answers<boolean> => {
    const found = any(line.values.map((policy) => positive(policy, value, variables)));
    return bare in NEGATED ? negated(found) : found;
  };
  // "It also returns true if there are no context keys in the request."
  if (quantifier === "ForAllValues") return all(request.map(one));
  if (quantifier === "ForAnyValue") {
    // "If the key does not exist, the condition returns false", but IfExists: "If the key is not present, evaluate the
    // condition element as true". Neither page says which of the two wins.
    if (request.length === 0 && ifExists) return EITHER;
    return any(request.map(one));
  }
  const [value, ...more] = request;
  if (value === undefined) return [ifExists || bare in NEGATED];
  // "To compare your condition context key against a request context key with multiple values, you must use the ForAllValues
  // or ForAnyValue set operators": what happens without them is not said.
  return more.length > 0 ? EITHER : one(value);
}

/** A text that is no value of the operator's type: the guide does not say how it compares. */
function ordered<T>(read: (text: string) => T | undefined, holds: (request: T, policy: T) => boolean): Comparison {
  return (policy, request) => {
    const [wanted, seen] = [read(policy), read(request)];
    return wanted === undefined || seen === undefined ? EITHER : [holds(seen, wanted)];
  };
}

/**
 * "Each of the six colon-delimited components of the ARN is checked separately." The same page sends the reader to the wildcards
 * of Resource, where a `*` at the end of a component "can expand to match beyond the colon boundaries".
 */
function arn(policy: string, request: string, variables: Context | undefined): Answers<boolean> {
  const wanted = components(policy);
  const seen = components(request);
  const whole = placesOf(policy, variables);
  if (!whole) return [false];
  if (!wanted || !seen) return EITHER;
  const separately = wanted.every((component, index) => {
    const pattern = placesOf(component, variables);
    return pattern !== undefined && matches(pattern, seen[index] ?? "");
  });
  return separately === matches(whole, request) ? [separately] : EITHER;
}

/** The six components of an ARN. Colons inside a policy variable separate nothing. */
function components(text: string): readonly string[] | undefined {
  const parts =
    /^((?:\$\{[^{}]*\}|[^:])*):((?:\$\{[^{}]*\}|[^:])*):((?:\$\{[^{}]*\}|[^:])*):((?:\$\{[^{}]*\}|[^:])*):((?:\$\{[^{}]*\}|[^:])*):(.*)$/s;
  return parts.exec(text)?.slice(1);
}

/** "If you specify an IP address without the associated routing prefix, IAM uses the default prefix value of /32." */
function address(policy: string, request: string): Answers<boolean> {
  const range = rangeOf(policy);
  const seen = bitsOfAddress(request);
  if (!range || seen === undefined) return EITHER;
  const covers = (prefix: number): boolean =>
    range.bits.length === seen.length && range.bits.slice(0, prefix) === seen.slice(0, prefix);
  if (range.prefix !== undefined) return [covers(range.prefix)];
  // For IPv6 the sentence would make a range of one address.
  return covers(32) === covers(128) ? [covers(32)] : EITHER;
}
