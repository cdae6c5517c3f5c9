import { unsatisfiable } from "../../policy-pack/src/model/trust-satisfiable";
import { podStatements } from "../../policy-pack/src/model/trust-statement";
import type { Value } from "../../policy-pack/src/facts/value";
import { ISSUER, OTHER_ISSUER, SUBJECT, UNKNOWN, wired } from "../support/stack";
import { arnOf, AUD, conditioned, KOPS, statementOf, SUB, withRole } from "../support/trust-parts";

const OTHER_SUB = `${OTHER_ISSUER}:sub`;
const API = SUBJECT;
const WEB = "system:serviceaccount:shop:web";
const STS = "sts.amazonaws.com";
const EXTERNAL = "sts:ExternalId";

/** `contradiction: StringLike eks:sub (…) against StringEquals`, or `none`. */
function foundIn(statement: Value): string {
  const { model, role } = withRole(
    wired({ role: { assumeRolePolicy: { Version: "2012-10-17", Statement: [statement] } } }),
  );
  const [pod] = podStatements(role, model);
  if (!pod || role.trust.is !== "known") return "no statement";
  const found = unsatisfiable(pod, role.trust.value);
  if (!found) return "none";
  const { fault, operator, key, values, against } = found;
  const short = key.replace(ISSUER, "eks").replace(OTHER_ISSUER, "other");
  return `${fault}: ${operator} ${short} (${values.join(", ")})${against ? ` against ${against.operator}` : ""}`;
}

describe("a statement that can be satisfied", () => {
  test.each<[string, { readonly [operator: string]: Value }]>([
    ["is one that names an account", { StringEquals: { [SUB]: API, [AUD]: STS } }],
    ["is one without conditions", {}],
    [
      "is one that names one of two accounts in two ways",
      { StringEquals: { [SUB]: [WEB, API] }, StringLike: { [SUB]: API } },
    ],
    [
      "is one that names an account and a pattern that fits it",
      { StringEquals: { [SUB]: API }, StringLike: { [SUB]: "system:serviceaccount:shop:*" } },
    ],
    [
      "is one of two patterns, which might fit an account both",
      { StringLike: { [SUB]: "*:api" }, "ForAnyValue:StringLike": { [SUB]: "*:shop:*" } },
    ],
    [
      "is one whose list has a pattern before an account",
      { "ForAnyValue:StringLike": { [SUB]: ["system:serviceaccount:shop:*", WEB] }, StringEquals: { [SUB]: API } },
    ],
    [
      "may be one whose pattern a policy variable might fit",
      {
        StringEquals: { [SUB]: "system:serviceaccount:${aws:PrincipalTag/namespace}:api" },
        StringLike: { [SUB]: "system:serviceaccount:shop:*" },
      },
    ],
    [
      "may be one with a value that is not known",
      { StringEquals: { [SUB]: [UNKNOWN, WEB] }, StringLike: { [SUB]: "*:api" } },
    ],
    ["may be one with values that are not known", { StringEquals: { [SUB]: UNKNOWN }, StringLike: { [SUB]: API } }],
    ["may be one with a key of the network", { StringEquals: { [SUB]: API, "aws:SourceVpc": "vpc-1" } }],
  ])("%s", (_, conditions) => {
    expect(foundIn(conditioned(conditions))).toBe("none");
  });
});

describe("a statement admits nobody", () => {
  test.each<[string, { readonly [operator: string]: Value }, string]>([
    [
      "where it names two accounts, each in a condition of its own",
      { StringEquals: { [SUB]: API }, StringLike: { [SUB]: WEB } },
      `contradiction: StringLike eks:sub (${WEB}) against StringEquals`,
    ],
    [
      "where it names an account and a pattern that does not fit it",
      { StringLike: { [SUB]: "system:serviceaccount:pay:*" }, StringEquals: { [SUB]: API } },
      "contradiction: StringLike eks:sub (system:serviceaccount:pay:*) against StringEquals",
    ],
    [
      "where it takes a pattern for a text before an account",
      { StringEquals: { [SUB]: "system:serviceaccount:shop:*" }, StringLike: { [SUB]: WEB } },
      `contradiction: StringLike eks:sub (${WEB}) against StringEquals`,
    ],
    [
      "where it excludes the account that it names",
      { StringEquals: { [SUB]: API }, StringNotEquals: { [SUB]: [API, WEB] } },
      `contradiction: StringNotEquals eks:sub (${API}, ${WEB}) against StringEquals`,
    ],
    [
      "where a pattern fits the account that it names and another does not",
      {
        "ForAnyValue:StringLike": { [SUB]: "system:serviceaccount:*:api" },
        StringEquals: { [SUB]: API },
        StringLike: { [SUB]: "system:serviceaccount:pay:*" },
      },
      "contradiction: StringLike eks:sub (system:serviceaccount:pay:*) against StringEquals",
    ],
    [
      "where it names two audiences",
      { StringEquals: { [SUB]: API, [AUD]: STS }, StringEqualsIgnoreCase: { [AUD]: "vault" } },
      "contradiction: StringEqualsIgnoreCase eks:aud (vault) against StringEquals",
    ],
    [
      "where it excludes the audience that it names",
      { StringEquals: { [SUB]: API, [AUD]: STS }, StringNotLike: { [AUD]: "sts.*" } },
      "contradiction: StringNotLike eks:aud (sts.*) against StringEquals",
    ],
    [
      "where it asks for a key that no web identity call has",
      { StringEquals: { [SUB]: API, [EXTERNAL]: "42" } },
      "never-carried: StringEquals sts:ExternalId (42)",
    ],
    [
      "where it asks for such a key and for no account at all",
      { StringEquals: { [SUB]: [], [EXTERNAL]: "42" } },
      "never-carried: StringEquals sts:ExternalId (42)",
    ],
    [
      "where it asks for such a key in capitals",
      { StringLike: { [SUB]: "*" }, StringEquals: { "AWS:PrincipalArn": "a" } },
      "never-carried: StringEquals AWS:PrincipalArn (a)",
    ],
  ])("%s", (_, conditions, expected) => {
    expect(foundIn(conditioned(conditions))).toBe(expected);
  });

  const two = (conditions: { readonly [operator: string]: Value }): Value =>
    statementOf({ Principal: { Federated: [arnOf(ISSUER), arnOf(OTHER_ISSUER)] }, Condition: conditions });

  test.each<[string, Value, string]>([
    [
      "where it asks for the subjects of two issuers at once",
      two({ StringEquals: { [SUB]: API, [OTHER_SUB]: WEB } }),
      `other-issuer: StringEquals other:sub (${WEB})`,
    ],
    ["but not where the tokens of one of its issuers get in", two({ StringEquals: { [SUB]: API } }), "none"],
    [
      "also where another provider is not known yet",
      statementOf({
        Principal: { Federated: [UNKNOWN, arnOf(ISSUER)] },
        Condition: { StringEquals: { [SUB]: API }, StringLike: { [SUB]: WEB } },
      }),
      `contradiction: StringLike eks:sub (${WEB}) against StringEquals`,
    ],
    [
      "also beside another provider, whose tokens have other keys",
      statementOf({
        Principal: { Federated: [arnOf(KOPS), arnOf(ISSUER)] },
        Condition: { StringEquals: { [SUB]: API }, StringLike: { [SUB]: WEB } },
      }),
      `other-issuer: StringEquals eks:sub (${API})`,
    ],
  ])("%s", (_, statement, expected) => {
    expect(foundIn(statement)).toBe(expected);
  });
});

describe("what is wrong otherwise is told elsewhere", () => {
  const contradictory = { StringEquals: { [SUB]: API }, StringLike: { [SUB]: WEB } };

  test.each<[string, Value]>([
    ["an action that is not the one", statementOf({ Action: "sts:AssumeRole", Condition: contradictory })],
    ["an action that is not known", statementOf({ Action: UNKNOWN, Condition: contradictory })],
    ["a statement that names no provider", statementOf({ Principal: { AWS: "*" }, Condition: contradictory })],
    ["a key of an issuer that it does not trust", conditioned({ StringEquals: { [SUB]: API, [OTHER_SUB]: API } })],
    [
      "a key of such an issuer whose path ends like a service",
      conditioned({ StringEquals: { [SUB]: API, [`${KOPS}/aws:zone`]: "a" } }),
    ],
    ["a key without an issuer", conditioned({ StringEquals: { [SUB]: API, sub: API } })],
    ["an operator of another type", conditioned({ StringEquals: { [SUB]: API }, ArnEquals: { [SUB]: API } })],
    [
      "a key that has to be there",
      conditioned({ StringEquals: { [SUB]: API, [AUD]: STS }, Null: { [EXTERNAL]: "false" } }),
    ],
    [
      "an account that cannot be excluded from itself",
      conditioned({ StringNotEquals: { [SUB]: "*" }, StringNotLike: { [SUB]: "*" } }),
    ],
  ])("%s", (_, statement) => {
    expect(foundIn(statement)).toBe("none");
  });
});
