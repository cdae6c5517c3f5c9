import { claimOf, keyFaults, operatorFaults } from "../../policy-pack/src/model/trust-condition";
import { podStatements } from "../../policy-pack/src/model/trust-statement";
import type { Value } from "../../policy-pack/src/facts/value";
import { ISSUER, OTHER_ISSUER, resource, ROLE_ARN, SUBJECT, UNKNOWN, wired, type Wiring } from "../support/stack";
import { arnOf, AUD, conditioned, GITHUB, statementOf, SUB, withRole } from "../support/trust-parts";

const trusting = (statement: Value, changes: Wiring = {}) => {
  const { model, role } = withRole(wired({ ...changes, role: { assumeRolePolicy: { Statement: [statement] } } }));
  return { model, pods: podStatements(role, model) };
};
const short = (text: string | undefined): string =>
  String(text).replaceAll(ISSUER, "eks").replaceAll(OTHER_ISSUER, "other");

/** `scheme at StringEquals: https://eks:sub → eks:sub, opens` for each kind of wrong keys. */
function keysOf(statement: Value, changes: Wiring = {}): readonly string[] {
  const { model, pods } = trusting(statement, changes);
  return pods.flatMap((pod) =>
    keyFaults(pod, model).map(({ fault, path, keys, opens, guarded }) => {
      const wrong = keys.map(({ seen, needed }) => `${short(seen)} → ${short(needed)}`).join(" and ");
      const operator = path.replace(/^Statement\[0\]\.Condition[.[]"?/, "").replace(/["[].*$/, "");
      return `${fault} at ${operator}: ${wrong}${opens ? ", opens" : ""}${guarded ? ", guarded" : ""}`;
    }),
  );
}

describe("a condition key that no token carries", () => {
  const raw = `https://${ISSUER}`;

  test.each<[string, { readonly [operator: string]: Value }, readonly string[]]>([
    ["is none where the keys are right", { StringEquals: { [SUB]: SUBJECT, [AUD]: "a" } }, []],
    ["is none of AWS's own keys", { StringEquals: { [SUB]: SUBJECT, "aws:SourceIp": "10.0.0.1" } }, []],
    [
      "is told with all that are wrong alike",
      { StringEquals: { [`${raw}:sub`]: SUBJECT }, StringLike: { [`${raw}:aud`]: "a" } },
      ["scheme at StringEquals: https://eks:sub → eks:sub and https://eks:aud → eks:aud"],
    ],
    [
      "is told for each way of being wrong",
      { StringEquals: { [`${raw}:sub`]: SUBJECT, [`${ISSUER}/:aud`]: "a" } },
      ["scheme at StringEquals: https://eks:sub → eks:sub", "trailing-slash at StringEquals: eks/:aud → eks:aud"],
    ],
    [
      "leaves the role guarded beside a right subject",
      { StringEquals: { [SUB]: SUBJECT, [`${raw}:aud`]: "a" } },
      ["scheme at StringEquals: https://eks:aud → eks:aud, guarded"],
    ],
    [
      "does not leave it guarded beside an excluded subject",
      { StringEquals: { [`${raw}:aud`]: "a" }, StringNotEquals: { [SUB]: SUBJECT } },
      ["scheme at StringEquals: https://eks:aud → eks:aud"],
    ],
    [
      "of an unknown claim is the one that the statement does not name yet",
      { StringEquals: { [`${ISSUER}:zone`]: "a", [SUB]: SUBJECT } },
      ["unknown-claim at StringEquals: eks:zone → eks:aud, guarded"],
    ],
    [
      "of an unknown claim is none where both are named",
      { StringEquals: { [`${ISSUER}:zone`]: "a", [SUB]: SUBJECT, [AUD]: "a" } },
      ["unknown-claim at StringEquals: eks:zone → undefined, guarded"],
    ],
  ])("%s", (_, conditions, expected) => {
    expect(keysOf(conditioned(conditions))).toEqual(expected);
  });

  test.each<[string, Value, string]>([
    ["its own claim of the first of two issuers", [arnOf(ISSUER), arnOf(OTHER_ISSUER)], "eks:aud"],
    ["its own claim of the only issuer", arnOf(ISSUER), "eks:aud"],
  ])("of an issuer that is like none of the statement's is to be %s", (_, Federated, needed) => {
    const key = "keycloak.acme.example:aud";
    expect(keysOf(statementOf({ Principal: { Federated }, Condition: { StringEquals: { [key]: "a" } } }))).toEqual([
      `other-issuer at StringEquals: ${key} → ${needed}`,
    ]);
  });

  test("has a place for the issuer where the statement names none", () => {
    const Condition = { StringEquals: { [SUB]: SUBJECT, "oidc.acme.example:zone": "a" } };
    expect(keysOf(statementOf({ Principal: UNKNOWN, Condition }))).toEqual([
      "unknown-claim at StringEquals: oidc.acme.example:zone → <issuer>:sub",
    ]);
  });

  test.each<[string, boolean]>([
    ["StringEquals", false],
    ["StringEqualsIfExists", true],
    ["StringNotEquals", true],
    ["ForAllValues:StringLike", true],
    ["ForAllValues:Null", false],
    ["ForAnyValue:StringLike", false],
    ["ForAnyValue:StringLikeIfExists", false],
    ["ForAnyValue:StringNotLike", false],
    ["Null", false],
    ["StringIs", false],
  ])("under %s opens the role: %s", (operator, opens) => {
    expect(keysOf(conditioned({ [operator]: { [`${raw}:sub`]: "a" } }))).toEqual([
      `scheme at ${operator}: https://eks:sub → eks:sub${opens ? ", opens" : ""}`,
    ]);
  });

  test("opens the role only where each of them does", () => {
    const keys = (first: string, second: string) =>
      keysOf(conditioned({ [first]: { [`${raw}:sub`]: "a" }, [second]: { [`${raw}:aud`]: "a" } }));
    expect(keys("StringNotEquals", "StringNotLike")[0]).toMatch(/, opens$/);
    expect(keys("StringNotEquals", "StringLike")[0]).not.toMatch(/, opens$/);
    expect(keys("StringLike", "StringNotEquals")[0]).not.toMatch(/, opens$/);
  });

  describe("of another issuer than the principal's", () => {
    const mixed = statementOf({ Principal: { Federated: arnOf(OTHER_ISSUER) } });
    const fault = ["other-issuer at StringEquals: eks:aud → other:aud and eks:sub → other:sub"];
    const second = (provider?: ReturnType<typeof resource>["provider"]) =>
      resource(
        "kubernetes:core/v1:ServiceAccount",
        "web",
        { metadata: { name: "web", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
        provider ? { provider } : {},
      );
    const elsewhere = {
      urn: "urn:pulumi:dev::shop::pulumi:providers:kubernetes::far",
      type: "pulumi:providers:kubernetes",
      name: "far",
      inputs: { kubeconfig: UNKNOWN },
    };

    test.each<[string, Wiring, readonly string[]]>([
      ["is right where it is that of the account's cluster: the principal is wrong", {}, []],
      ["is right for two accounts of that cluster", { plus: [second()] }, []],
      ["is wrong where nobody uses the role", { serviceAccount: null }, fault],
      [
        "is wrong where the account's cluster is not known",
        { kubernetes: { kubeconfig: UNKNOWN }, edges: { "kubernetes.kubeconfig": [] } },
        fault,
      ],
      ["is wrong where one of the accounts may live elsewhere", { plus: [second(elsewhere)] }, fault],
    ])("%s", (_, changes, expected) => {
      expect(keysOf(mixed, changes)).toEqual(expected);
    });
  });
});

/** `negated sub: StringNotEquals → StringEquals (a, b)` for each fault. */
function operatorsOf(statement: Value): readonly string[] {
  const { model, pods } = trusting(statement);
  return pods.flatMap((pod) =>
    operatorFaults(pod, model).map(
      ({ fault, operator, claim, needed, values }) =>
        `${fault} ${claim ?? "action"}: ${operator} → ${needed} (${values.map(short).join(", ")})`,
    ),
  );
}

describe("a comparison of a token's claim", () => {
  test.each<[string, { readonly [operator: string]: Value }, readonly string[]]>([
    ["that names is right", { StringEquals: { [SUB]: "a" }, StringLike: { [AUD]: "b" } }, []],
    [
      "that excludes names nobody",
      { StringNotEquals: { [SUB]: "a" } },
      ["negated sub: StringNotEquals → StringEquals (a)"],
    ],
    [
      "that excludes a pattern among others is to name patterns",
      { StringNotLike: { [SUB]: ["a*", "b"] } },
      ["negated sub: StringNotLike → StringLike (a*, b)"],
    ],
    [
      "that excludes a text with a question mark is to name a pattern",
      { StringNotEquals: { [SUB]: "a?" } },
      ["negated sub: StringNotEquals → StringLike (a?)"],
    ],
    [
      "that excludes is right beside one that names",
      { StringNotEquals: { [SUB]: "a" }, StringLike: { [SUB]: "b*" } },
      [],
    ],
    [
      "that excludes an audience is wrong beside a named subject",
      { StringNotEquals: { [AUD]: "a" }, StringLike: { [SUB]: "b*" } },
      ["negated aud: StringNotEquals → StringEquals (a)"],
    ],
    [
      "that excludes may be right while another is not known",
      { StringNotEquals: { [SUB]: "a" }, StringLike: UNKNOWN },
      [],
    ],
    [
      "that the claim is not there is never true",
      { Null: { [SUB]: "true" } },
      ["null sub: Null → StringEquals (true)"],
    ],
    [
      "that the claim is not there, in capitals, too",
      { Null: { [SUB]: ["True", "TRUE"] } },
      ["null sub: Null → StringEquals (True, TRUE)"],
    ],
    ["that the claim is there is right", { Null: { [SUB]: "false" } }, []],
    ["that the claim is there or not is right", { Null: { [SUB]: ["true", "false"] } }, []],
    ["that the claim is there, of unknown value, may be right", { Null: { [SUB]: UNKNOWN } }, []],
    ["that the claim is there, without a value, is not judged", { Null: { [SUB]: [] } }, []],
    ["of another type is wrong", { ArnEquals: { [SUB]: "a" } }, ["type sub: ArnEquals → StringEquals (a)"]],
    ["of another type with a pattern is wrong", { ArnLike: { [SUB]: "a*" } }, ["type sub: ArnLike → StringLike (a*)"]],
    [
      "that holds without the claim is loose",
      { StringLikeIfExists: { [SUB]: "a" } },
      ["if-exists sub: StringLikeIfExists → StringLike (a)"],
    ],
    [
      "that holds without the claim keeps its operator",
      { StringEqualsIfExists: { [AUD]: "a*" } },
      ["if-exists aud: StringEqualsIfExists → StringEquals (a*)"],
    ],
    [
      "of all values holds without the claim",
      { "ForAllValues:StringLike": { [SUB]: "a" } },
      ["for-all-values sub: ForAllValues:StringLike → StringLike (a)"],
    ],
    ["of any value is right", { "ForAnyValue:StringEquals": { [SUB]: "a" } }, []],
    ["by an operator that IAM does not have is judged elsewhere", { StringIs: { [SUB]: "a" } }, []],
    [
      "of the subject is told before one of the audience",
      { ArnEquals: { [AUD]: "a" }, Null: { [SUB]: "true" } },
      ["null sub: Null → StringEquals (true)", "type aud: ArnEquals → StringEquals (a)"],
    ],
  ])("%s", (_, conditions, expected) => {
    expect(operatorsOf(conditioned(conditions))).toEqual(expected);
  });

  test("of GitHub's tokens is none of the chain's business", () => {
    const statement = statementOf({
      Principal: { Federated: [arnOf(ISSUER), arnOf(GITHUB)] },
      Condition: { StringEquals: { [SUB]: SUBJECT }, ArnLike: { [`${GITHUB}:sub`]: "repo:acme/shop" } },
    });
    expect(operatorsOf(statement)).toEqual([]);
  });

  test.each<[string, Value, string]>([
    ["with what it leaves out", ["sts:AssumeRole", UNKNOWN], "sts:AssumeRole"],
    ["with nothing while that is unknown", [UNKNOWN], ""],
  ])("stands beside a NotAction, which is told %s", (_, NotAction, seen) => {
    expect(operatorsOf(statementOf({ Action: undefined, NotAction }))).toEqual([
      `not-action action: NotAction → Action (${seen})`,
    ]);
  });

  test("a NotAction stands in its statement", () => {
    const { model, pods } = trusting(statementOf({ Action: undefined, NotAction: "s3:*" }));
    expect(pods.flatMap((pod) => operatorFaults(pod, model)).map(({ path }) => path)).toEqual([
      "Statement[0].NotAction",
    ]);
  });
});

test.each([
  [SUB, "sub"],
  [`${ISSUER}:SUB`, "sub"],
  ["https://a:443/id:aud", "aud"],
  ["sub", undefined],
])("the claim of %s is %s", (key, claim) => {
  expect(claimOf({ key })).toBe(claim);
});
