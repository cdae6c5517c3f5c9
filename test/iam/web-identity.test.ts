import { known, unknown } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  admits,
  audienceConditions,
  minimalStatement,
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
    ["aws:PrincipalAccount", false],
    ["aws:PrincipalOrgID", false],
    ["aws:PrincipalOrgPaths", false],
    ["aws:SourceAccount", false],
    ["aws:SourceArn", false],
    ["aws:SourceOrgID", false],
    ["aws:SourceOrgPaths", false],
    ["aws:MultiFactorAuthPresent", false],
    ["aws:username", false],
    ["aws:usernames", true],
    ["aws:PrincipalArns", true],
    ["aws:PrincipalTag", true],
    ["iam:ResourceTag/x", true],
    ["iam:aws:username", true],
    ["laws:SourceIp", false],
    ["ec2:Region", false],
    [`${ISSUER}:kubernetes.io/namespace`, true],
    [`${ISSUER}:kubernetes.io`, true],
    [`${ISSUER}:kubernetes`, false],
    [`${ISSUER}:miss`, false],
    [`${ISSUER}:issuer`, false],
    ...["iss", "amr", "azp", "oaud", "exp", "iat", "nbf", "jti"].map((claim): [string, boolean] => [
      `${ISSUER.toUpperCase()}:${claim}`,
      true,
    ]),
    ["oidc.example.com:iss", false],
    ["iss", false],
  ])("%j may or may not be on it: %j", (key, expected) => {
    expect(webIdentityRequest(TOKEN).unknownKeys?.(key)).toBe(expected);
  });

  test("while the issuer is unknown so is every claim", () => {
    expect(admits(trust({}), { ...TOKEN, issuer: "", providerArn: unknown() }).answer).toBe("unknown");
    expect(admits(trust({ Action: "sts:AssumeRole" }), { ...TOKEN, issuer: "", providerArn: unknown() }).answer).toBe(
      "deny",
    );
  });

  test("while the issuer is unknown the keys of AWS are what they are", () => {
    const { context, unknownKeys } = webIdentityRequest({ ...TOKEN, issuer: "" });
    expect(context).toEqual({});
    expect(["aws:PrincipalArn", "aws:SourceIp", SUB, "x:y", ""].map((key) => unknownKeys?.(key))).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  test("without a provider ARN the issuer tells which providers it can be", () => {
    const token = { issuer: ISSUER, subject: TOKEN.subject, audience: TOKEN.audience };
    expect(admits(trust({ Principal: { Federated: PROVIDER.replace("eu-west-1", "eu-west-2") } }), token).answer).toBe(
      "deny",
    );
    expect(admits(trust({}), token).answer).toBe("unknown");
    expect(admits(trust({ Principal: { Federated: "cognito-identity.amazonaws.com" } }), token).answer).toBe("deny");
    const nobody = { issuer: "", subject: TOKEN.subject, audience: TOKEN.audience };
    expect(admits(trust({ Principal: { Federated: "x" }, Condition: null }), nobody).answer).toBe("unknown");
  });
});

test("the minimal statement admits its token and no other", () => {
  const document = read(policy(minimalStatement(TOKEN)));
  expect(document.flaws).toEqual([]);
  expect(admits(document, TOKEN).answer).toBe("allow");
  expect(admits(document, { ...TOKEN, subject: known(`${SUBJECT}x`) }).answer).toBe("deny");
  expect(admits(document, { ...TOKEN, audience: known("sts") }).answer).toBe("deny");
});

test("the minimal statement for two accounts names each of them once", () => {
  const other = "system:serviceaccount:ops:worker";
  const document = read(policy(minimalStatement(TOKEN, [other, SUBJECT, other])));
  expect([SUBJECT, other].map((subject) => admits(document, { ...TOKEN, subject: known(subject) }).answer)).toEqual([
    "allow",
    "allow",
  ]);
  expect(admits(document, { ...TOKEN, subject: known(`${other}x`) }).answer).toBe("deny");
  expect(JSON.stringify(minimalStatement(TOKEN, [other, SUBJECT, other])).split(other)).toHaveLength(2);
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

  test("everyone is who stands under a type that a token can have, and nobody of whom all is known", () => {
    expect(
      list(
        statement({ Principal: { Federated: "*" } }),
        statement({ Principal: { Service: "*" } }),
        statement({ Principal: { Service: UNKNOWN } }),
        statement({ Principal: { CanonicalUser: PROVIDER } }),
        statement({ Principal: { Federated: [{}, "*x"] } }),
        statement({ Principal: null, NotPrincipal: { Federated: PROVIDER } }),
        statement({ Principal: { Federated: [PROVIDER, UNKNOWN], Service: UNKNOWN } }),
        statement({ Principal: { Federated: ["x", UNKNOWN] } }),
        statement({ Effect: "allow" }),
      ),
    ).toEqual([
      { index: 0, issuers: [], everyone: "Statement[0].Principal.Federated", certain: true },
      { index: 6, issuers: [ISSUER], everyone: undefined, certain: true },
      { index: 7, issuers: [], everyone: undefined, certain: false },
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
