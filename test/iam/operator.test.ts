import { OPERATOR_NAMES, parseOperator } from "../../policy-pack/src/iam/operator";

/** The operators of the IAM User Guide, "IAM JSON policy elements: Condition operators", as its tables list them. */
const GUIDE = {
  String: ["StringEquals", "StringEqualsIgnoreCase", "StringLike"],
  Numeric: [
    "NumericEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
  ],
  Date: ["DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"],
  Bool: ["Bool"],
  Binary: ["BinaryEquals"],
  IpAddress: ["IpAddress"],
  Arn: ["ArnEquals", "ArnLike"],
  Null: ["Null"],
} as const;
const NEGATED = {
  String: ["StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"],
  Numeric: ["NumericNotEquals"],
  Date: ["DateNotEquals"],
  IpAddress: ["NotIpAddress"],
  Arn: ["ArnNotEquals", "ArnNotLike"],
} as const;
const listed = (table: Readonly<Record<string, readonly string[]>>, negated: boolean) =>
  Object.entries(table).flatMap(([family, names]) => names.map((base) => ({ base, family, negated })));
const ALL = [...listed(GUIDE, false), ...listed(NEGATED, true)];

describe("condition operators", () => {
  test("they are those of the User Guide", () => {
    expect(OPERATOR_NAMES.toSorted()).toEqual(ALL.map(({ base }) => base).toSorted());
  });

  test.each(ALL)("$base is read in any case, with each prefix and suffix that IAM has", ({ base, family, negated }) => {
    const plain = { base, family, negated, quantifier: undefined, ifExists: false };
    expect(parseOperator(base)).toEqual(plain);
    expect(parseOperator(base)).toEqual(plain);
    expect(parseOperator(base.toUpperCase())).toEqual(plain);
    expect(parseOperator(`ForAllValues:${base}`)).toEqual({ ...plain, quantifier: "ForAllValues" });
    expect(parseOperator(`foranyvalue:${base}`)).toEqual({ ...plain, quantifier: "ForAnyValue" });
    const optional = base === "Null" ? undefined : { ...plain, ifExists: true };
    expect(parseOperator(`${base}IfExists`)).toEqual(optional);
    expect(parseOperator(`${base}ifexists`)).toEqual(optional);
  });

  test.each([
    "",
    "Strings",
    "StringLikeIgnoreCase",
    "String Equals",
    "ForAllValues:",
    "IfExists",
    "NullIfExists",
    "__proto__",
    "constructor",
    "Bool\n",
    "Some:Bool",
    "ForAllValues:ForAnyValue:Bool",
    "xForAllValues:Bool",
    "BoolIfExistsIfExists",
    "x".repeat(100_000),
  ])("%j is no operator", (text) => {
    expect(parseOperator(text)).toBeUndefined();
  });
});
