import { known, unknown } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  admits,
  audienceConditions,
  conditionKeyProblem,
  explainDenial,
  minimalStatement,
  splitConditionKey,
  subjectConditions,
  webIdentityRequest,
  webIdentityStatements,
} from "../../policy-pack/src/iam/web-identity";
import {
  AUD,
  AUDIENCE,
  ISSUER,
  policy,
  PROVIDER,
  read,
  statement,
  SUB,
  SUBJECT,
  TOKEN,
  trust,
  UNKNOWN,
} from "./support";

type Change = Parameters<typeof statement>[0] & object;

describe("the request that STS makes of a token", () => {
  test("it carries sub and aud of the issuer, scheme or not", () => {
    expect(webIdentityRequest({ ...TOKEN, issuer: `https://${ISSUER}` }).context).toEqual({
      [SUB]: known([SUBJECT]),
      [AUD]: known([AUDIENCE]),
    });
  });

  test.each([
    ["aws:SourceIp", true],
    ["AWS:CURRENTTIME", true],
    ["aws:SourceVpce", true],
    ["sts:RoleSessionName", true],
    ["aws:RequestTag/team", true],
    ["aws:PrincipalTag/team", false],
    ["aws:PrincipalArn", false],
    ["aws:MultiFactorAuthAge", false],
    ["sts:ExternalId", false],
    ["saml:sub", false],
    [`${ISSUER}:iss`, true],
    [`${ISSUER}:subject`, false],
    ["oidc.example.com:sub", false],
    ["sub", false],
    ["", false],
  ])("%j may or may not be on it: %j", (key, expected) => {
    expect(webIdentityRequest(TOKEN).unknownKeys?.(key)).toBe(expected);
  });

  test("while the issuer is unknown so is every claim", () => {
    expect(admits(trust({}), { ...TOKEN, issuer: "", providerArn: unknown() }).answer).toBe("unknown");
    expect(admits(trust({ Action: "sts:AssumeRole" }), { ...TOKEN, issuer: "", providerArn: unknown() }).answer).toBe(
      "deny",
    );
  });

  test("without a provider ARN the issuer tells which providers it can be", () => {
    const token = { issuer: ISSUER, subject: TOKEN.subject, audience: TOKEN.audience };
    expect(admits(trust({ Principal: { Federated: PROVIDER.replace("eu-west-1", "eu-west-2") } }), token).answer).toBe(
      "deny",
    );
    expect(admits(trust({}), token).answer).toBe("unknown");
  });
});

test("the minimal statement admits its token and no other", () => {
  const document = read(policy(minimalStatement(TOKEN)));
  expect(document.flaws).toEqual([]);
  expect(admits(document, TOKEN).answer).toBe("allow");
  expect(admits(document, { ...TOKEN, subject: known(`${SUBJECT}x`) }).answer).toBe("deny");
  expect(admits(document, { ...TOKEN, audience: known("sts") }).answer).toBe("deny");
});

test("the minimal statement of an unknown token has placeholders", () => {
  expect(minimalStatement({ issuer: "", subject: unknown(), audience: unknown() })).toEqual({
    Effect: "Allow",
    Principal: { Federated: "<ARN of the OIDC provider>" },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: { "<issuer>:aud": "<audience>", "<issuer>:sub": "system:serviceaccount:<namespace>:<name>" },
    },
  });
});

describe("explainDenial", () => {
  const explain = (...changes: readonly Change[]) =>
    explainDenial(admits(trust(...changes), TOKEN)).map(
      ({ statement: { index }, mismatch }) =>
        `${index} ${mismatch.kind}${mismatch.kind === "condition" ? ` ${mismatch.condition.operator} ${mismatch.reason}` : ""}`,
    );

  test("the statement that came nearest comes first, with the first part that fails", () => {
    expect(
      explain(
        { Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
        { Principal: { Federated: `${PROVIDER}X` } },
        { Condition: { StringEquals: { [AUD]: "x", [SUB]: "y" } } },
        { Condition: { StringLike: { [SUB]: "system:serviceaccount:shop:web" }, StringEquals: { [AUD]: AUDIENCE } } },
      ),
    ).toEqual([
      "3 condition StringLike value-differs",
      "2 condition StringEquals value-differs",
      "1 principal",
      "0 action",
    ]);
  });

  test("what is unknown in a statement that fails anyway explains nothing", () => {
    expect(
      explain({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" }, StringEquals: { [SUB]: "x" } } }),
    ).toEqual(["0 condition StringEquals value-differs"]);
    expect(
      explain({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }, { Action: "sts:AssumeRole" }),
    ).toEqual(["0 condition IpAddress value-unknown"]);
  });

  test("an allow has nothing to explain", () => {
    expect(explain({})).toEqual([]);
  });
});

describe("webIdentityStatements", () => {
  const list = (...statements: readonly Value[]) =>
    webIdentityStatements(read(policy(...statements))).map(
      ({ statement: { index }, providers, everyone, certain }) => ({
        index,
        issuers: providers.map(({ parts }) => parts.issuer),
        everyone: everyone?.path,
        certain,
      }),
    );

  test("an Allow for web identity with a provider or everyone is one; anything else is not", () => {
    expect(
      list(
        statement(),
        statement({ Effect: "Deny" }),
        statement({ Action: "sts:AssumeRole" }),
        statement({ Principal: { Service: "pods.eks.amazonaws.com" } }),
        statement({ Principal: "*", Action: "*" }),
        statement({ Principal: { AWS: ["*"], Federated: [PROVIDER, "cognito-identity.amazonaws.com"] } }),
        statement({ Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/x" } }),
        statement({ Action: null, NotAction: "sts:AssumeRole" }),
      ),
    ).toEqual([
      { index: 0, issuers: [ISSUER], everyone: undefined, certain: true },
      { index: 4, issuers: [], everyone: "Statement[4].Principal", certain: true },
      { index: 5, issuers: [ISSUER], everyone: "Statement[5].Principal.AWS[0]", certain: true },
      { index: 7, issuers: [ISSUER], everyone: undefined, certain: true },
    ]);
  });

  test("one that may turn out to be one is listed as uncertain", () => {
    const uncertain = [
      { Principal: UNKNOWN },
      { Principal: { Federated: UNKNOWN } },
      { Action: UNKNOWN },
      { Effect: UNKNOWN },
    ].map((change) => statement(change));
    expect(list(...uncertain, UNKNOWN).map(({ index, certain }) => [index, certain])).toEqual(
      [0, 1, 2, 3, 4].map((index) => [index, false]),
    );
  });
});

describe("conditions on a claim", () => {
  const conditionsOf = (condition: Value) => {
    const [only] = read(policy(statement({ Condition: condition }))).statements;
    if (!only) throw new Error("no statement");
    return { sub: subjectConditions(only, ISSUER), aud: audienceConditions(only, `https://${ISSUER}`) };
  };

  test("the issuer is compared without regard to case, and a scheme or another issuer is another key", () => {
    const { sub, aud } = conditionsOf({
      StringEquals: { [SUB.toLowerCase()]: "a", [`https://${SUB}`]: "b", "x.y/id/1:sub": "c", [AUD]: "d" },
      StringLike: { [SUB]: "e" },
    });
    expect(sub.conditions.map(({ operator, key }) => [operator, key])).toEqual([
      ["StringEquals", SUB.toLowerCase()],
      ["StringLike", SUB],
    ]);
    expect(aud.conditions.map(({ key }) => key)).toEqual([AUD]);
    expect([sub.complete, aud.complete]).toEqual([true, true]);
  });

  test("unknown conditions or keys make them incomplete", () => {
    expect(conditionsOf(UNKNOWN).sub).toEqual({ conditions: [], complete: false });
    expect(conditionsOf({ StringEquals: UNKNOWN, StringLike: { [SUB]: "x" } }).sub).toMatchObject({
      conditions: [{ operator: "StringLike" }],
      complete: false,
    });
    expect(conditionsOf(null).sub).toEqual({ conditions: [], complete: true });
  });
});

describe("condition keys", () => {
  test("a key is split at its last colon", () => {
    expect(splitConditionKey("https://a.b:8443/x:sub")).toEqual({ issuer: "https://a.b:8443/x", claim: "sub" });
    expect(splitConditionKey("sub")).toBeUndefined();
  });

  const OTHER = "oidc.eks.eu-west-1.amazonaws.com/id/OTHER";
  test.each<[string, object]>([
    [SUB, { kind: "ok", issuer: ISSUER, claim: "sub" }],
    [SUB.toUpperCase(), { kind: "ok", issuer: ISSUER, claim: "sub" }],
    [`${ISSUER}:amr`, { kind: "ok", issuer: ISSUER, claim: "amr" }],
    ["aws:SourceIp", { kind: "not-an-issuer-key" }],
    ["sts:ExternalId", { kind: "not-an-issuer-key" }],
    ["saml:aud", { kind: "not-an-issuer-key" }],
    ["ec2:Region", { kind: "not-an-issuer-key" }],
    [`https://${SUB}`, { kind: "scheme", needed: SUB }],
    [`https://${ISSUER}/:sub`, { kind: "scheme", needed: SUB }],
    [`${ISSUER}/:aud`, { kind: "trailing-slash", needed: AUD }],
    [`${PROVIDER}:sub`, { kind: "arn", needed: SUB }],
    ["arn:aws:eks:eu-west-1:111122223333:cluster/x:sub", { kind: "arn", needed: SUB }],
    [`${OTHER}:sub`, { kind: "other-issuer", issuer: OTHER, needed: SUB }],
    [
      "oidc.eks.eu-west-1.amazonaws.com:sub",
      { kind: "other-issuer", issuer: "oidc.eks.eu-west-1.amazonaws.com", needed: SUB },
    ],
    ["undefined:sub", { kind: "other-issuer", issuer: "undefined", needed: SUB }],
    ["sub", { kind: "other-issuer", issuer: "", needed: SUB }],
    [`${ISSUER}:subject`, { kind: "unknown-claim", claim: "subject", needed: SUB }],
    [`${ISSUER}:audience`, { kind: "unknown-claim", claim: "audience", needed: AUD }],
    [`${ISSUER}:groups`, { kind: "unknown-claim", claim: "groups", needed: undefined }],
    [`${ISSUER}:namespace`, { kind: "unknown-claim", claim: "namespace", needed: undefined }],
  ])("%j", (key, expected) => {
    expect(conditionKeyProblem(key, [ISSUER])).toEqual(expected);
  });

  test("while the issuers are unknown none is another one", () => {
    expect(conditionKeyProblem(`${OTHER}:sub`, [])).toEqual({ kind: "ok", issuer: OTHER, claim: "sub" });
    expect(conditionKeyProblem(`https://${OTHER}:sub`, [])).toEqual({ kind: "scheme", needed: `${OTHER}:sub` });
    expect(conditionKeyProblem("arn:aws:x:sub", [])).toEqual({ kind: "arn", needed: undefined });
  });
});
