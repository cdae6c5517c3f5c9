import { absent, known, unknown } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { parsePolicyDocument } from "../../policy-pack/src/iam/parse";
import { AUD, AUDIENCE, flawsOf, policy, PROVIDER, read, statement, SUB, SUBJECT, UNKNOWN } from "./support";

const WAITS = unknown(["urn:provider"]);
describe("what is read", () => {
  test("text and object give the same document", () => {
    const object = policy(statement({ Sid: "One" }));
    expect(read(JSON.stringify(object))).toEqual(read(object));
    expect(read(JSON.stringify(object, null, 2))).toEqual(read(object));
  });

  test("every element keeps its value and its path", () => {
    expect(read(policy(statement({ Action: ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"] })))).toEqual({
      version: known("2012-10-17"),
      complete: true,
      flaws: [],
      size: JSON.stringify(policy(statement({ Action: ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"] }))).length,
      statements: [
        {
          index: 0,
          path: "Statement[0]",
          sid: absent,
          effect: known("Allow"),
          actions: known([
            { path: "Statement[0].Action[0]", value: known("sts:TagSession") },
            { path: "Statement[0].Action[1]", value: known("sts:AssumeRoleWithWebIdentity") },
          ]),
          notActions: absent,
          resources: absent,
          notResources: absent,
          principals: known([{ type: "Federated", path: "Statement[0].Principal.Federated", value: known(PROVIDER) }]),
          notPrincipals: absent,
          conditions: known([condition("StringEquals", SUB, SUBJECT), condition("StringEquals", AUD, AUDIENCE)]),
        },
      ],
    });
  });

  function condition(operator: string, key: string, value: string) {
    const path = `Statement[0].Condition.${operator}[${JSON.stringify(key)}]`;
    return { path, operator, key, values: known([{ path, value: known(value) }]) };
  }

  test("a statement that is not in a list has no index in its path", () => {
    const [only] = read({ Version: "2012-10-17", Statement: statement() }).statements;
    expect(only?.path).toBe("Statement");
    expect(only?.actions).toEqual(known([{ path: "Statement.Action", value: known("sts:AssumeRoleWithWebIdentity") }]));
  });

  test("the principal * is everyone", () => {
    expect(read(policy(statement({ Principal: "*" }))).statements[0]?.principals).toEqual(
      known([{ type: "*", path: "Statement[0].Principal", value: known("*") }]),
    );
  });

  test("numbers and booleans are condition values", () => {
    const document = read(
      policy(
        statement({
          Condition: { Bool: { "aws:SecureTransport": true }, NumericLessThan: { "sts:DurationSeconds": 3600 } },
        }),
      ),
    );
    expect(document.flaws).toEqual([]);
    const values = document.statements[0]?.conditions;
    expect(
      values?.is === "known" && values.value.map((each) => each.values.is === "known" && each.values.value[0]?.value),
    ).toEqual([known("true"), known("3600")]);
  });

  test("null is as good as nothing", () => {
    expect(flawsOf({ ...policy({ ...statement({ Sid: null, Condition: null }), NotAction: null }), Id: null })).toEqual(
      [],
    );
  });

  test.each([
    ["absent", absent],
    ["unknown", unknown(["urn:a"])],
  ])("%s stays what it is", (_, fact) => {
    expect(parsePolicyDocument(fact, { kind: "trust" })).toBe(fact);
  });

  test("the unknown marker is an unknown document that waits for what was given", () => {
    expect(parsePolicyDocument(known(UNKNOWN), { kind: "trust", waitsFor: ["urn:a"] })).toEqual(unknown(["urn:a"]));
  });

  test("white space between tokens does not count, white space in texts does", () => {
    expect(read('{ "Version" : "2012-10-17",\n\t"Id": "a b" , "Statement": [] }').size).toBe(
      '{"Version":"2012-10-17","Id":"a b","Statement":[]}'.length,
    );
  });
});

describe("what is unknown", () => {
  test("a leaf is unknown and the rest of the document is not", () => {
    const document = read(
      policy(statement({ Principal: { Federated: UNKNOWN } }), statement({ Action: ["sts:TagSession", UNKNOWN] })),
    );
    expect(document).toMatchObject({ complete: true, size: undefined, flaws: [] });
    expect(document.statements[0]?.principals).toEqual(
      known([{ type: "Federated", path: "Statement[0].Principal.Federated", value: WAITS }]),
    );
    expect(document.statements[1]?.actions).toEqual(
      known([
        { path: "Statement[1].Action[0]", value: known("sts:TagSession") },
        { path: "Statement[1].Action[1]", value: WAITS },
      ]),
    );
  });

  test.each(["Sid", "Effect", "Principal", "Action", "Condition"])("an unknown %s is no flaw", (element) => {
    expect(flawsOf(policy(statement({ [element]: UNKNOWN })))).toEqual([]);
  });

  test.each(["Resource", "NotPrincipal", "NotAction"])(
    "an unknown %s may turn out to be left out, so it is no flaw",
    (element) => {
      expect(flawsOf(policy(statement({ [element]: UNKNOWN })))).toEqual([]);
    },
  );

  test("an operator with unknown keys is a condition that may be about any key", () => {
    expect(read(policy(statement({ Condition: { StringEquals: UNKNOWN } }))).statements[0]?.conditions).toEqual(
      known([{ path: "Statement[0].Condition.StringEquals", operator: "StringEquals", key: "", values: WAITS }]),
    );
  });

  test("an unknown statement makes the document incomplete and keeps its place", () => {
    const document = read(policy(UNKNOWN, statement()));
    expect(document.complete).toBe(false);
    expect(document.statements.map(({ path, effect }) => [path, effect.is])).toEqual([
      ["Statement[0]", "unknown"],
      ["Statement[1]", "known"],
    ]);
  });

  test("unknown statements make the document incomplete", () => {
    expect(read({ Version: UNKNOWN, Statement: UNKNOWN })).toEqual({
      version: WAITS,
      statements: [],
      flaws: [],
      complete: false,
      size: undefined,
    });
  });
});

const output = "Calling [toString] on an [Output<T>] is not supported.";
const arn = (resource: string) => ({ Federated: `arn:aws:iam::111122223333:oidc-provider/${resource}` });

describe("flaws of the document", () => {
  const cases: readonly (readonly [string, Value, string])[] = [
    ["empty text", "", "not-json at the document: a policy document as JSON"],
    ["text that is no JSON", "{'Version': 1}", "not-json at the document: a policy document as JSON"],
    [
      "text that is JSON twice",
      JSON.stringify(JSON.stringify(policy(statement()))),
      'wrong-shape at the document: an object with "Version" and "Statement"',
    ],
    ["a number", 3, 'wrong-shape at the document: an object with "Version" and "Statement"'],
    ["a list", [policy(statement())], 'wrong-shape at the document: an object with "Version" and "Statement"'],
    [
      "no statement",
      { Version: "2012-10-17" },
      'missing-element at Statement: "Statement" with at least one statement',
    ],
    ["an empty list of statements", policy(), 'missing-element at Statement: "Statement" with at least one statement'],
    ["statements that are text", { Statement: "x" }, "wrong-shape at Statement: a statement, which is an object"],
    [
      "a statement that is text",
      policy(statement(), "x"),
      "wrong-shape at Statement[1]: a statement, which is an object",
    ],
    [
      "a lower-case element name",
      { Version: "2012-10-17", statement: [statement()] },
      'unknown-element at statement: "Statement"',
    ],
    [
      "a version of another year",
      { ...policy(statement()), Version: "2012-10-18" },
      'wrong-value at Version: "2012-10-17"',
    ],
    ["a version that is a number", { ...policy(statement()), Version: 2012 }, 'wrong-value at Version: "2012-10-17"'],
    [
      "a comment",
      { ...policy(statement()), "//": "x" },
      'unknown-element at ["//"]: one of "Version", "Id", "Statement"',
    ],
    [
      "text that an Output became",
      output,
      "stringified-output at the document: the text itself; use pulumi.interpolate, apply or pulumi.jsonStringify",
    ],
    [
      "a key that stands twice",
      `{"Statement":[${JSON.stringify(statement())}],"Version":"2008-10-17","Version":"2012-10-17"}`,
      "duplicate-key at Version: each key once; only the last one counts",
    ],
  ];
  test.each(cases)("%s", (_, value, expected) => {
    expect(flawsOf(value)).toEqual([expected]);
  });

  test("a second key is found in any spelling and at any depth", () => {
    const text = `{"Statement":[{"Condition":{"StringEquals":{"a:sub":"x","\\u0061:sub":"y"}}}]}`;
    expect(flawsOf(text)).toContain(
      'duplicate-key at Statement[0].Condition.StringEquals["a:sub"]: each key once; only the last one counts',
    );
    expect(flawsOf(`{"a":{"b":1},"b":[{"b":1},{"b":2}]}`).filter((flaw) => flaw.startsWith("duplicate"))).toEqual([]);
  });
});

describe("flaws of a statement", () => {
  const cases: readonly (readonly [string, Value, string])[] = [
    [
      "no effect",
      statement({ Effect: null }),
      'missing-element at Statement[0].Effect: "Effect" with "Allow" or "Deny"',
    ],
    ["an effect in lower case", statement({ Effect: "allow" }), 'wrong-value at Statement[0].Effect: "Allow"'],
    [
      "an effect of another word",
      statement({ Effect: "Permit" }),
      'wrong-value at Statement[0].Effect: "Allow" or "Deny"',
    ],
    [
      "an effect that is a list",
      statement({ Effect: ["Allow"] }),
      'wrong-value at Statement[0].Effect: "Allow" or "Deny"',
    ],
    [
      "an element in lower case",
      { ...statement({ Effect: null }), effect: "Allow" },
      'unknown-element at Statement[0].effect: "Effect"',
    ],
    [
      "an element in the plural",
      { ...statement({ Condition: null }), Conditions: {} },
      'unknown-element at Statement[0].Conditions: "Condition"',
    ],
    ["no action", statement({ Action: null }), 'missing-element at Statement[0].Action: "Action"'],
    [
      "no actions in the list",
      statement({ Action: [] }),
      "wrong-shape at Statement[0].Action: at least one element: an action, which is text",
    ],
    [
      "an action that is a number",
      statement({ Action: [7] }),
      "wrong-shape at Statement[0].Action[0]: an action, which is text",
    ],
    [
      "an action without a service",
      statement({ Action: "AssumeRoleWithWebIdentity" }),
      'unknown-action at Statement[0].Action: "sts:AssumeRoleWithWebIdentity"',
    ],
    [
      "a misspelt action",
      statement({ Action: "sts:AssumeRoleWithWebIdendity" }),
      'unknown-action at Statement[0].Action: "sts:AssumeRoleWithWebIdentity"',
    ],
    [
      "an action with a blank",
      statement({ Action: ["sts:AssumeRoleWithWebIdentity "] }),
      'unknown-action at Statement[0].Action[0]: "sts:AssumeRoleWithWebIdentity"',
    ],
    [
      "an action of another service",
      statement({ Action: "s3:GetObject" }),
      'unknown-action at Statement[0].Action: "sts:AssumeRoleWithWebIdentity": a trust policy takes actions of AWS STS only',
    ],
    [
      "action and its negation",
      statement({ NotAction: "sts:AssumeRole" }),
      'element-not-allowed at Statement[0].NotAction: either "Action" or "NotAction", not both',
    ],
    [
      "a resource",
      statement({ Resource: "*" }),
      "element-not-allowed at Statement[0].Resource: nothing: a trust policy is about the role that it stands on",
    ],
    [
      "a negated resource",
      statement({ NotResource: "*" }),
      "element-not-allowed at Statement[0].NotResource: nothing: a trust policy is about the role that it stands on",
    ],
    [
      "a negated principal",
      statement({ Principal: null, NotPrincipal: { AWS: "x" } }),
      'element-not-allowed at Statement[0].NotPrincipal: "Principal": IAM takes no NotPrincipal in a trust policy',
    ],
    [
      "no principal",
      statement({ Principal: null }),
      'missing-element at Statement[0].Principal: "Principal", which says who may assume the role',
    ],
    [
      "a principal that is text",
      statement({ Principal: PROVIDER }),
      'wrong-shape at Statement[0].Principal: an object such as {"Federated": "<ARN of the OIDC provider>"}',
    ],
    [
      "a principal of no type",
      statement({ Principal: {} }),
      "wrong-shape at Statement[0].Principal: at least one principal",
    ],
    [
      "a principal type in lower case",
      statement({ Principal: { federated: PROVIDER } }),
      'unknown-element at Statement[0].Principal.federated: "Federated"',
    ],
    [
      "a principal that is an object",
      statement({ Principal: { Federated: {} } }),
      "wrong-shape at Statement[0].Principal.Federated: the principal, which is text",
    ],
    [
      "conditions in a list",
      statement({ Condition: [] }),
      'wrong-shape at Statement[0].Condition: an object such as {"StringEquals": {"<issuer>:sub": "<subject>"}}',
    ],
    [
      "an operator without keys",
      statement({ Condition: { StringEquals: "x" } }),
      "wrong-shape at Statement[0].Condition.StringEquals: an object of condition keys and values",
    ],
    [
      "a condition value that is an object",
      statement({ Condition: { StringEquals: { a: [{}] } } }),
      "wrong-shape at Statement[0].Condition.StringEquals.a[0]: text, a number or a boolean",
    ],
    [
      "a misspelt operator",
      statement({ Condition: { StringEqual: { a: "b" } } }),
      'unknown-operator at Statement[0].Condition.StringEqual: "StringEquals"',
    ],
    [
      "an operator in lower case",
      statement({ Condition: { stringLike: { a: "b" } } }),
      'unknown-operator at Statement[0].Condition.stringLike: "StringLike"',
    ],
    [
      "a misspelt operator with prefix and suffix",
      statement({ Condition: { "ForAnyValue:StringLikesIfExists": { a: "b" } } }),
      'unknown-operator at Statement[0].Condition["ForAnyValue:StringLikesIfExists"]: "ForAnyValue:StringLikeIfExists"',
    ],
    [
      "an operator of another language",
      statement({ Condition: { matches: { a: "b" } } }),
      'unknown-operator at Statement[0].Condition.matches: a condition operator of IAM, such as "StringEquals"',
    ],
    [
      "a letter beyond Latin-1",
      statement({ Condition: { StringEquals: { a: "ш" } } }),
      "illegal-character at Statement[0].Condition.StringEquals.a: characters up to U+00FF, not U+0448",
    ],
    [
      "half a surrogate pair",
      statement({ Sid: "\ud800" }),
      "illegal-character at Statement[0].Sid: characters up to U+00FF, not U+D800",
    ],
    [
      "an Output in a value",
      statement({ Principal: { Federated: output } }),
      "stringified-output at Statement[0].Principal.Federated: the text itself; use pulumi.interpolate, apply or pulumi.jsonStringify",
    ],
    [
      "an Output in a key",
      statement({ Condition: { StringEquals: { [`${output}:sub`]: "x" } } }),
      `stringified-output at Statement[0].Condition.StringEquals[${JSON.stringify(`${output}:sub`)}]: the text itself; use pulumi.interpolate, apply or pulumi.jsonStringify`,
    ],
    [
      "an object in an action",
      statement({ Action: "[object Object]" }),
      "stringified-output at Statement[0].Action: the text itself; use pulumi.interpolate, apply or pulumi.jsonStringify",
    ],
    [
      "an undefined issuer in an ARN",
      statement({ Principal: arn("undefined") }),
      "stringified-output at Statement[0].Principal.Federated: the text itself; use pulumi.interpolate, apply or pulumi.jsonStringify",
    ],
    [
      "an account that is null",
      statement({ Principal: { Federated: "arn:aws:iam::null:oidc-provider/a.b" } }),
      "stringified-output at Statement[0].Principal.Federated: the text itself; use pulumi.interpolate, apply or pulumi.jsonStringify",
    ],
    [
      "an undefined issuer in a key",
      statement({ Condition: { StringEquals: { "undefined:sub": "x" } } }),
      'stringified-output at Statement[0].Condition.StringEquals["undefined:sub"]: the text itself; use pulumi.interpolate, apply or pulumi.jsonStringify',
    ],
  ];
  test.each(cases)("%s", (_, value, expected) => {
    expect(flawsOf(policy(value))).toEqual([expected]);
  });

  test("two statements of one Sid", () => {
    expect(flawsOf(policy(statement({ Sid: "A" }), statement({ Sid: "A" })))).toEqual([
      "wrong-value at Statement[1].Sid: a Sid that no other statement of the document has",
    ]);
  });
});

describe("text that a program made of an Output", () => {
  test.each([
    "Calling [toString] on an [Output<T>] is not supported.\n\nTo get the value",
    "Calling [toJSON] on an [Output<T>] is not supported.",
    "Calling __str__ on an Output[T] is not supported.",
    "Calling [ToString] on an [Output<T>] is not supported.",
    "<pulumi.output.Output object at 0x7f3a>",
    "Pulumi.Output`1[System.String]",
    "com.pulumi.core.internal.OutputInternal@1b2c3d",
    "[object Promise]",
    "arn:aws:iam::undefined:oidc-provider/a.b",
    "arn:aws:iam::None:oidc-provider/a.b",
    "arn:aws:iam::111122223333:oidc-provider/a.b/id/undefined",
  ])("%j", (text) => {
    expect(read(policy(statement({ Principal: { Federated: text } }))).flaws).toEqual([
      expect.objectContaining({ kind: "stringified-output", path: "Statement[0].Principal.Federated", seen: text }),
    ]);
  });

  test.each(["arn:aws:s3:::null/x", "arn:aws:s3:::undefined-behaviour", "undefined", "Output"])(
    "%j is ordinary text",
    (text) => {
      expect(read(policy({ Effect: "Allow", Action: "s3:*", Resource: text }), "identity").flaws).toEqual([]);
    },
  );
});

describe("what is no flaw", () => {
  const cases: readonly (readonly [string, Value])[] = [
    ["an action in lower case", statement({ Action: "sts:assumerolewithwebidentity" })],
    ["an action with wildcards", statement({ Action: ["sts:AssumeRole*", "*", "sts:*"] })],
    ["an sts action that is newer than this list", statement({ Action: "sts:Xyzzy" })],
    [
      "a mixed principal",
      statement({ Principal: { AWS: "111122223333", Service: ["pods.eks.amazonaws.com"], Federated: [PROVIDER] } }),
    ],
    ["empty conditions", statement({ Condition: {} })],
    ["Latin-1 letters and line breaks", statement({ Sid: "é\n\t" })],
    [
      "an account name of undefined",
      statement({ Condition: { StringEquals: { [SUB]: "system:serviceaccount:undefined:null" } } }),
    ],
    ["a quantifier in another case", statement({ Condition: { "forAnyValue:StringLike": { a: "b" } } })],
  ];
  test.each(cases)("%s", (_, value) => {
    expect(flawsOf(policy(value))).toEqual([]);
  });

  test("empty Sids may repeat, as Terraform's generator writes them", () => {
    expect(flawsOf(policy(statement({ Sid: "" }), statement({ Sid: "" })))).toEqual([]);
  });

  test("a document without a version", () => {
    expect(flawsOf({ Statement: [statement()] })).toEqual([]);
  });
});

describe("identity policies", () => {
  const grant = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::null/*" };
  test("actions of any service and resources of any name are taken", () => {
    expect(flawsOf(policy(grant), "identity")).toEqual([]);
  });

  test("a principal is refused and a resource is asked for", () => {
    expect(flawsOf(policy({ Effect: "Allow", Action: "s3:GetObject", Principal: "*" }), "identity")).toEqual([
      'missing-element at Statement[0].Resource: "Resource"',
      "element-not-allowed at Statement[0].Principal: nothing: the principal is the role that the policy is attached to",
    ]);
  });

  test("an action that is no action is refused", () => {
    expect(flawsOf(policy({ ...grant, Action: "GetObject" }), "identity")).toEqual([
      'unknown-action at Statement[0].Action: an action such as "service:Action", or "*"',
    ]);
  });
});
