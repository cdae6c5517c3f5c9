import { absent, known, unknown } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { parsePolicyDocument } from "../../policy-pack/src/iam/parse";
import { flawsOf, policy, read, statement, UNKNOWN } from "./support";

const WAITS = unknown(["urn:provider"]);

describe("every element and its path", () => {
  const places = { Sid: 1, NotAction: {}, Resource: 1, NotResource: 1, NotPrincipal: 1 } as const;
  test("a shape that is wrong is told where it stands", () => {
    expect(flawsOf(policy({ Effect: "Allow", Action: "s3:*", ...places }), "identity").toSorted()).toEqual([
      'element-not-allowed at Statement[0].NotAction: either "Action" or "NotAction", not both',
      "element-not-allowed at Statement[0].NotPrincipal: nothing: the principal is the role that the policy is attached to",
      'element-not-allowed at Statement[0].NotResource: either "Resource" or "NotResource", not both',
      'wrong-shape at Statement[0].Resource: an ARN or "*"',
      "wrong-shape at Statement[0].Sid: text",
    ]);
    expect(flawsOf(policy({ Effect: "Allow", NotAction: 1, NotResource: 1 }), "identity")).toEqual([
      "wrong-shape at Statement[0].NotAction: an action, which is text",
      "wrong-shape at Statement[0].NotResource: an ARN",
    ]);
  });

  test.each<[string, Value, "trust" | "identity", readonly string[]]>([
    [
      "principal and its negation",
      statement({ NotPrincipal: "*" }),
      "trust",
      ['element-not-allowed at Statement[0].NotPrincipal: "Principal": IAM takes no NotPrincipal in a trust policy'],
    ],
    [
      "both of principal in an identity policy",
      { Effect: "Allow", Action: "s3:*", Resource: "*", Principal: "*", NotPrincipal: "*" },
      "identity",
      [
        "element-not-allowed at Statement[0].Principal: nothing: the principal is the role that the policy is attached to",
        "element-not-allowed at Statement[0].NotPrincipal: nothing: the principal is the role that the policy is attached to",
      ],
    ],
    ["only the negations", { Effect: "Allow", NotAction: "s3:*", NotResource: "arn:aws:s3:::a" }, "identity", []],
    [
      "an unknown element and its negation",
      { Effect: "Allow", Action: UNKNOWN, NotAction: "s3:*", Resource: "*" },
      "identity",
      [],
    ],
    [
      "an element without a near name",
      { ...statement(), Zzz: 1 },
      "trust",
      [
        'unknown-element at Statement[0].Zzz: one of "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"',
      ],
    ],
    [
      "an element without a near name does not stand in for a missing one",
      { ...statement({ Action: null }), Zzz: 1 },
      "trust",
      [
        'unknown-element at Statement[0].Zzz: one of "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"',
        'missing-element at Statement[0].Action: "Action"',
      ],
    ],
    ["an effect near Deny", statement({ Effect: "deny" }), "trust", ['wrong-value at Statement[0].Effect: "Deny"']],
    ["a canonical user", statement({ Principal: { CanonicalUser: "x" } }), "trust", []],
    [
      "no resources in the list",
      { Effect: "Allow", Action: "s3:*", Resource: [] },
      "identity",
      ['wrong-shape at Statement[0].Resource: at least one element: an ARN or "*"'],
    ],
    [
      "an operator near Null with a suffix",
      statement({ Condition: { NulIfExists: { a: "true" } } }),
      "trust",
      ['unknown-operator at Statement[0].Condition.NulIfExists: "Null"'],
    ],
    [
      "Null with a suffix",
      statement({ Condition: { NullIfExists: { a: "true" } } }),
      "trust",
      ['unknown-operator at Statement[0].Condition.NullIfExists: "Null"'],
    ],
    [
      "an operator of another case with a prefix",
      statement({ Condition: { "forallvalues:stringlike": { a: "b" } } }),
      "trust",
      ['unknown-operator at Statement[0].Condition["forallvalues:stringlike"]: "ForAllValues:StringLike"'],
    ],
    [
      "the other prefix misspelt",
      statement({ Condition: { "forAllValue:StringEqual": { a: "b" } } }),
      "trust",
      ['unknown-operator at Statement[0].Condition["forAllValue:StringEqual"]: "ForAllValues:StringEquals"'],
    ],
    [
      "a misspelt prefix",
      statement({ Condition: { "ForAnyValues:StringLike": { a: "b" } } }),
      "trust",
      ['unknown-operator at Statement[0].Condition["ForAnyValues:StringLike"]: "ForAnyValue:StringLike"'],
    ],
  ])("%s", (_, value, kind, expected) => {
    expect(flawsOf(policy(value), kind)).toEqual(expected);
  });

  test("null inside is as good as nothing, and what cannot be read is never a condition less", () => {
    const conditions = (condition: Value) => {
      const fact = read(policy(statement({ Condition: condition }))).statements[0]?.conditions;
      return fact?.is === "known" ? fact.value : fact?.is;
    };
    const path = "Statement[0].Condition";
    expect(conditions({ StringEquals: null })).toEqual([]);
    expect(conditions({ StringEquals: { a: null } })).toEqual([]);
    expect(conditions("x")).toEqual([{ path, operator: "", key: "", values: absent }]);
    expect(conditions({ Bool: 1 })).toEqual([{ path: `${path}.Bool`, operator: "Bool", key: "", values: absent }]);
    expect(conditions({ Bool: { a: UNKNOWN, b: [UNKNOWN, {}] } })).toEqual([
      { path: `${path}.Bool.a`, operator: "Bool", key: "a", values: WAITS },
      {
        path: `${path}.Bool.b`,
        operator: "Bool",
        key: "b",
        values: known([
          { path: `${path}.Bool.b[0]`, value: WAITS },
          { path: `${path}.Bool.b[1]`, value: absent },
        ]),
      },
    ]);
  });

  test("what is no text is a leaf or an element without a value", () => {
    const only = (change: Parameters<typeof statement>[0]) => read(policy(statement(change))).statements[0];
    expect(only({ Action: 7 })?.actions).toEqual(known([{ path: "Statement[0].Action", value: absent }]));
    expect(only({ Action: UNKNOWN })?.actions).toEqual(WAITS);
    expect(only({ Sid: 7 })?.sid).toEqual(absent);
    expect(only({ Sid: UNKNOWN })?.sid).toEqual(WAITS);
    expect(only({ Effect: "allow" })?.effect).toEqual(absent);
    expect(only({ Effect: UNKNOWN })?.effect).toEqual(WAITS);
    expect(only({ Principal: 7 })?.principals).toEqual(known([]));
    expect(only({ Principal: UNKNOWN })?.principals).toEqual(WAITS);
    expect(only({ Principal: { AWS: null, Federated: UNKNOWN } })?.principals).toEqual(
      known([{ type: "Federated", path: "Statement[0].Principal.Federated", value: WAITS }]),
    );
    expect(only({ Principal: "*" })?.principals).toEqual(
      known([{ type: "*", path: "Statement[0].Principal", value: known("*") }]),
    );
  });

  test("what is no statement is none, and the others are read", () => {
    const document = read({ Version: 7, Statement: [3, statement()] });
    expect(document).toMatchObject({ version: absent, complete: true });
    expect(document.statements.map(({ index }) => index)).toEqual([1]);
    expect(read({ Version: "2012", Statement: [] })).toMatchObject({
      version: known("2012"),
      statements: [],
      complete: true,
    });
    expect(read("x")).toMatchObject({ version: absent, statements: [], complete: true, size: undefined });
    expect(read({ Version: "2008-10-17", Statement: [statement()] }).flaws).toEqual([]);
    expect(read({ Version: null, Statement: null }).flaws.map(({ path }) => path)).toEqual(["Statement"]);
    expect(read({ Statement: [statement()] }).size).toBe(JSON.stringify({ Statement: [statement()] }).length);
    expect(read(` ${JSON.stringify({ Statement: [UNKNOWN] })} `).size).toBeUndefined();
  });

  test("without resources that it waits for an unknown document waits for none", () => {
    expect(parsePolicyDocument(known(UNKNOWN), { kind: "trust" })).toEqual(unknown([]));
    expect(parsePolicyDocument(known({ Version: UNKNOWN }), { kind: "trust" })).toMatchObject({
      value: { version: unknown([]) },
    });
  });

  test("a Sid that is unknown or empty repeats none", () => {
    expect(
      flawsOf(policy(statement({ Sid: UNKNOWN }), statement({ Sid: UNKNOWN }), statement({ Sid: "A" }), statement())),
    ).toEqual([]);
  });
});
