import type { Operator } from "./document";

type Base = Pick<Operator, "base" | "family" | "negated">;

/** Every operator of the IAM User Guide, "IAM JSON policy elements: Condition operators", without prefix and suffix. */
const BASES: readonly Base[] = [
  ...bases("String", ["StringEquals", "StringEqualsIgnoreCase", "StringLike"]),
  ...bases("String", ["StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"], true),
  ...bases("Numeric", ["NumericEquals", "NumericLessThan", "NumericLessThanEquals"]),
  ...bases("Numeric", ["NumericGreaterThan", "NumericGreaterThanEquals"]),
  ...bases("Numeric", ["NumericNotEquals"], true),
  ...bases("Date", ["DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"]),
  ...bases("Date", ["DateNotEquals"], true),
  ...bases("Bool", ["Bool"]),
  ...bases("Binary", ["BinaryEquals"]),
  ...bases("IpAddress", ["IpAddress"]),
  ...bases("IpAddress", ["NotIpAddress"], true),
  ...bases("Arn", ["ArnEquals", "ArnLike"]),
  ...bases("Arn", ["ArnNotEquals", "ArnNotLike"], true),
  ...bases("Null", ["Null"]),
];

const BY_NAME: ReadonlyMap<string, Base> = new Map(BASES.map((each) => [each.base.toLowerCase(), each]));

/** The canonical operator names, without quantifier and `IfExists`. */
export const OPERATOR_NAMES: readonly string[] = BASES.map((each) => each.base);

const SHAPE = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]{1,40}?)(IfExists)?$/i;

/** A policy has few distinct operators but many uses of them; what is no operator is never kept, so the table stays small. */
const parsed = new Map<string, Operator>();

/**
 * An operator taken apart, or undefined when IAM has none of that name. Names are read without regard to case, because a
 * reader wants to know what was meant; that IAM refuses `stringEquals` at creation is a flaw of the document.
 */
export function parseOperator(text: string): Operator | undefined {
  const cached = parsed.get(text);
  if (cached) return cached;
  const [, quantifier, name = "", ifExists] = SHAPE.exec(text) ?? [];
  const base = BY_NAME.get(name.toLowerCase());
  // "You can add IfExists to the end of any condition operator name except the Null condition."
  if (!base || (base.family === "Null" && ifExists !== undefined)) return undefined;
  const operator: Operator = { quantifier: quantifierOf(quantifier), ifExists: ifExists !== undefined, ...base };
  if (parsed.size < 1000) parsed.set(text, operator);
  return operator;
}

function quantifierOf(text: string | undefined): Operator["quantifier"] {
  if (text === undefined) return undefined;
  return text.toLowerCase() === "forallvalues" ? "ForAllValues" : "ForAnyValue";
}

function bases(family: Operator["family"], names: readonly string[], negated = false): readonly Base[] {
  return names.map((base) => ({ base, family, negated }));
}
