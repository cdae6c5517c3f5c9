import { absent, known, unknown } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Request } from "../../policy-pack/src/iam/decision";
import { evaluate } from "../../policy-pack/src/iam/evaluate";
import { AUD, ISSUER, policy, PROVIDER, read, REQUEST, statement, SUB, SUBJECT, trust, UNKNOWN } from "./support";

type Change = Parameters<typeof statement>[0];
const answer = (...changes: readonly Change[]) =>
  evaluate(trust(...changes.map((change) => change ?? {})), REQUEST).answer;
const OTHER = PROVIDER.replace("EXAMPLED", "EXAMPLEX");
const denyAll = { Effect: "Deny", Principal: "*", Action: "*", Condition: null };

describe("a trust policy and the token that it is made for", () => {
  const cases: readonly (readonly [string, readonly Change[], string])[] = [
    ["the exact statement admits it", [{}], "allow"],
    ["no statement for it denies it", [{ Principal: { Service: "ec2.amazonaws.com" } }], "deny"],
    ["one fitting statement of several is enough", [{ Action: "sts:AssumeRole" }, {}], "allow"],
    ["a provider in a list admits it", [{ Principal: { AWS: "111122223333", Federated: [OTHER, PROVIDER] } }], "allow"],
    ["another provider does not", [{ Principal: { Federated: OTHER } }], "deny"],
    ["a provider that differs in case does not", [{ Principal: { Federated: PROVIDER.toLowerCase() } }], "deny"],
    ["everyone includes it", [{ Principal: "*" }], "allow"],
    ["any federated principal includes it", [{ Principal: { Federated: "*" } }], "allow"],
    ["whether every AWS principal includes it is not documented", [{ Principal: { AWS: "*" } }], "unknown"],
    ["a service principal does not include it", [{ Principal: { Service: "*" } }], "deny"],
    ["a statement without principal is about nobody", [{ Principal: null }], "deny"],
    ["NotPrincipal takes out who it names", [{ Principal: null, NotPrincipal: { Federated: PROVIDER } }], "deny"],
    ["NotPrincipal lets all others in", [{ Principal: null, NotPrincipal: { Federated: OTHER } }], "allow"],
    ["a wildcard in the action covers it", [{ Action: "sts:AssumeRoleWith*" }], "allow"],
    ["another action does not", [{ Action: ["sts:AssumeRole", "sts:TagSession"] }], "deny"],
    ["NotAction covers what it does not list", [{ Action: null, NotAction: "sts:AssumeRole" }], "allow"],
    ["NotAction does not cover what it lists", [{ Action: null, NotAction: "sts:*" }], "deny"],
    ["a statement without action covers nothing", [{ Action: null }], "deny"],
    ["key names have no case", [{ Condition: { StringEquals: { [SUB.toUpperCase()]: SUBJECT } } }], "allow"],
    ["values do", [{ Condition: { StringEquals: { [SUB]: SUBJECT.toUpperCase() } } }], "deny"],
    ["several values are alternatives", [{ Condition: { StringEquals: { [SUB]: ["x", SUBJECT] } } }], "allow"],
    ["several keys must all fit", [{ Condition: { StringEquals: { [SUB]: SUBJECT, [AUD]: "x" } } }], "deny"],
    [
      "several operators must all fit",
      [{ Condition: { StringEquals: { [SUB]: "x" }, StringLike: { [SUB]: "system:*" } } }],
      "deny",
    ],
    [
      "a wildcard under StringEquals is a letter",
      [{ Condition: { StringEquals: { [SUB]: "system:serviceaccount:shop:*" } } }],
      "deny",
    ],
    ["a wildcard under StringLike spans colons", [{ Condition: { StringLike: { [SUB]: "system:*:api" } } }], "allow"],
    ["a key with a scheme is never there", [{ Condition: { StringEquals: { [`https://${SUB}`]: SUBJECT } } }], "deny"],
    [
      "a key with a scheme is never there, so a negation holds",
      [{ Condition: { StringNotEquals: { [`https://${SUB}`]: SUBJECT } } }],
      "allow",
    ],
    [
      "an unsigned call has no organisation",
      [{ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }],
      "deny",
    ],
    ["nor an external id", [{ Condition: { StringEquals: { "sts:ExternalId": "x" } } }], "deny"],
    ["nor MFA", [{ Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }], "deny"],
    ["where it comes from is not known", [{ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }], "unknown"],
    [
      "what the SDK calls the session is not known",
      [{ Condition: { StringLike: { "sts:RoleSessionName": "app-*" } } }],
      "unknown",
    ],
    ["a Deny for it wins", [{}, denyAll], "deny"],
    ["a Deny for another action does not", [{}, { ...denyAll, Action: "sts:AssumeRole" }], "allow"],
    [
      "a Deny of everyone but it leaves it alone",
      [{}, { ...denyAll, Condition: { StringNotEquals: { [SUB]: SUBJECT } } }],
      "allow",
    ],
    [
      "a Deny of everyone but another refuses it",
      [{}, { ...denyAll, Condition: { StringNotLike: { [SUB]: "system:serviceaccount:shop:web*" } } }],
      "deny",
    ],
    [
      "a Deny that may apply leaves it open",
      [{}, { ...denyAll, Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } } }],
      "unknown",
    ],
    [
      "a Deny under an operator that nobody knows leaves it open",
      [{}, { ...denyAll, Condition: { StringIs: { [SUB]: "x" } } }],
      "unknown",
    ],
    [
      "a Deny that may apply changes nothing where nothing is allowed",
      [{ Action: "sts:AssumeRole" }, { ...denyAll, Condition: { Bool: { "aws:SecureTransport": false } } }],
      "deny",
    ],
    ["a misspelt effect grants nothing", [{ Effect: "allow" }], "deny"],
    ["sub under an operator for ARNs never fits", [{ Condition: { ArnLike: { [SUB]: SUBJECT } } }], "deny"],
    ["sub under an operator for numbers never fits", [{ Condition: { NumericEquals: { [SUB]: 1 } } }], "deny"],
  ];
  test.each(cases)("%s", (_, changes, expected) => {
    expect(answer(...changes)).toBe(expected);
  });
});

describe("unknown parts", () => {
  const cases: readonly (readonly [string, readonly Value[], string])[] = [
    ["an unknown provider leaves it open", [statement({ Principal: { Federated: UNKNOWN } })], "unknown"],
    [
      "an unknown provider does not matter where the action does not fit",
      [statement({ Principal: { Federated: UNKNOWN }, Action: "sts:AssumeRole" })],
      "deny",
    ],
    [
      "an unknown subject does not matter where the audience is wrong",
      [statement({ Condition: { StringEquals: { [SUB]: UNKNOWN, [AUD]: "x" } } })],
      "deny",
    ],
    [
      "an unknown subject beside a fitting one does not matter",
      [statement({ Condition: { StringEquals: { [SUB]: [UNKNOWN, SUBJECT] } } })],
      "allow",
    ],
    ["an unknown service principal is no provider", [statement({ Principal: { Service: UNKNOWN } })], "deny"],
    ["an unknown AWS principal may be everyone", [statement({ Principal: { AWS: UNKNOWN } })], "unknown"],
    ["an unknown effect may be a Deny", [statement(), statement({ Effect: UNKNOWN })], "unknown"],
    [
      "an unknown effect does not matter where the statement does not fit",
      [statement(), statement({ Effect: UNKNOWN, Action: "sts:TagSession" })],
      "allow",
    ],
    ["an unknown statement may allow or deny", [statement(), UNKNOWN], "unknown"],
    ["an unknown statement cannot undo a Deny", [statement(denyAll), UNKNOWN], "deny"],
    ["unknown conditions leave it open", [statement({ Condition: UNKNOWN })], "unknown"],
    ["unknown keys leave it open", [statement({ Condition: { StringEquals: UNKNOWN } })], "unknown"],
  ];
  test.each(cases)("%s", (_, statements, expected) => {
    expect(evaluate(read(policy(...statements)), REQUEST).answer).toBe(expected);
  });

  test("an unknown list of statements is never an implicit deny", () => {
    expect(evaluate(read({ Version: "2012-10-17", Statement: UNKNOWN }), REQUEST)).toEqual({
      answer: "unknown",
      because: [],
    });
  });

  test("an unknown provider of the token is told from providers that it cannot be", () => {
    const principal = { type: "Federated", value: unknown(), canBe: (text: string) => text.endsWith(ISSUER) } as const;
    expect(evaluate(trust({}), { ...REQUEST, principal }).answer).toBe("unknown");
    expect(evaluate(trust({ Principal: { Federated: OTHER } }), { ...REQUEST, principal }).answer).toBe("deny");
  });
});

describe("AWS principals", () => {
  const caller = (value: string): Request => ({
    action: "sts:AssumeRole",
    principal: { type: "AWS", value: known(value) },
    context: {},
  });
  test.each([
    ["111122223333", true],
    ["arn:aws:iam::111122223333:root", true],
    ["arn:aws:iam::111122223333:role/a", true],
    ["arn:aws:iam::111122223333:role/b", false],
    ["444455556666", false],
    ["*", true],
    ["arn:aws:iam::111122223333:ROOT", false],
    ["1111222233331", false],
    ["account 111122223333", false],
    ["arn:aws:sts::111122223333:root", false],
    ["arn:aws:iam::111122223333:root/x", false],
  ])("%j stands for a role of the account: %j", (principal, expected) => {
    const document = trust({ Action: "sts:AssumeRole", Principal: { AWS: principal }, Condition: null });
    expect(evaluate(document, caller("arn:aws:iam::111122223333:role/a")).answer === "allow").toBe(expected);
  });
});

describe("the caller and what a statement names", () => {
  const asked = (type: "Federated" | "AWS" | "Service", value: Request["principal"] & object) => ({
    action: "sts:AssumeRole",
    principal: { ...value, type },
    context: {},
  });
  const named = (principal: Value, type: "Federated" | "AWS" | "Service", value: Request["principal"] & object) =>
    evaluate(trust({ Action: "sts:*", Principal: principal, Condition: null }), asked(type, value)).answer;

  test.each<[string, Value, "Federated" | "AWS" | "Service", string, string]>([
    ["an account is no service", { AWS: "111122223333" }, "Service", "111122223333", "deny"],
    ["a service is its name", { Service: "a.amazonaws.com" }, "Service", "a.amazonaws.com", "allow"],
    ["an account under Service is none", { Service: "111122223333" }, "Service", "a:b:c:d:111122223333", "deny"],
    ["an account under Federated is none", { Federated: "111122223333" }, "Federated", PROVIDER, "deny"],
    ["of no account is who has no ARN", { AWS: "undefined" }, "AWS", "someone", "deny"],
    ["a text that is no account stands for itself", { AWS: "x" }, "AWS", "x", "allow"],
  ])("%s", (_, principal, type, value, expected) => {
    expect(named(principal, type, { type, value: known(value) })).toBe(expected);
  });

  test("a caller of which nothing is known may be anyone, but for those that it cannot be", () => {
    expect(named({ Service: "a" }, "Service", { type: "Service", value: unknown() })).toBe("unknown");
    expect(named({ Service: "*" }, "Service", { type: "Service", value: unknown() })).toBe("allow");
    expect(named({ Service: "a" }, "Service", { type: "Service", value: unknown(), canBe: () => false })).toBe("deny");
    expect(named({ Service: "a" }, "Service", { type: "Service", value: absent })).toBe("deny");
    expect(named({ AWS: "111122223333" }, "AWS", { type: "AWS", value: absent })).toBe("deny");
    expect(named({ Federated: UNKNOWN }, "Service", { type: "Service", value: unknown() })).toBe("deny");
    expect(named({ AWS: [{}] }, "Service", { type: "Service", value: known("a") })).toBe("unknown");
  });
});
