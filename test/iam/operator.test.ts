import { OPERATOR_NAMES, parseOperator } from "../../policy-pack/src/iam/operator";

describe("condition operators", () => {
  test.each(OPERATOR_NAMES)("%s is read in any case, with each prefix and suffix that IAM has", (name) => {
    const plain = parseOperator(name);
    expect(plain).toMatchObject({ base: name, quantifier: undefined, ifExists: false });
    expect(parseOperator(name.toUpperCase())).toEqual(plain);
    expect(parseOperator(`ForAllValues:${name}`)).toEqual({ ...plain, quantifier: "ForAllValues" });
    expect(parseOperator(`foranyvalue:${name}`)).toEqual({ ...plain, quantifier: "ForAnyValue" });
    const optional = name === "Null" ? undefined : { ...plain, ifExists: true };
    expect(parseOperator(`${name}IfExists`)).toEqual(optional);
  });

  test("negated are exactly the operators of the User Guide's negated list", () => {
    expect(OPERATOR_NAMES.filter((name) => parseOperator(name)?.negated)).toEqual([
      "StringNotEquals",
      "StringNotEqualsIgnoreCase",
      "StringNotLike",
      "NumericNotEquals",
      "DateNotEquals",
      "NotIpAddress",
      "ArnNotEquals",
      "ArnNotLike",
    ]);
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
    "x".repeat(100_000),
  ])("%j is no operator", (text) => {
    expect(parseOperator(text)).toBeUndefined();
  });
});
