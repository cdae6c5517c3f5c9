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

  test("what else does not fit is told in the order of the document, and of two alike the first comes first", () => {
    const document = trust(
      { Action: "sts:AssumeRole", Condition: { StringEquals: { [SUB]: "x" } } },
      { Condition: { StringEquals: { [AUD]: "x", [SUB]: "y" } } },
      { Condition: { Bool: { [SUB]: "true" } } },
      { Condition: { StringEquals: { [SUB]: "z" } } },
      { Effect: "allow" },
    );
    const parts = (mismatch: { readonly kind: string; readonly seen?: readonly string[] }) =>
      [mismatch.kind, ...(mismatch.seen ?? [])].join(" ");
    expect(
      explainDenial(admits(document, TOKEN)).map(({ statement: { index }, mismatch, others }) => [
        index,
        parts(mismatch),
        ...others.map(parts),
      ]),
    ).toEqual([
      [2, "condition true"],
      [3, "condition z"],
      [1, "condition x", "condition y"],
      [0, "action sts:AssumeRole", "condition x"],
      [4, "effect"],
    ]);
  });

  test("of an unknown decision the statements that hang on something are told, those that fail are not", () => {
    const open = { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } };
    expect(explain({ Condition: { ...open, StringEquals: { [SUB]: "x" } } }, { Condition: open })).toEqual([
      "1 condition IpAddress value-unknown",
    ]);
    const unknownParts = read(
      policy(statement({ Principal: { Federated: UNKNOWN }, Action: UNKNOWN, Condition: open })),
    );
    expect(
      explainDenial(admits(unknownParts, TOKEN)).map(({ mismatch, others }) =>
        [mismatch, ...others].map(({ kind, verdict }) => `${kind} ${verdict}`),
      ),
    ).toEqual([["action unknown", "principal unknown", "condition unknown"]]);
  });

  test("a document without statements leaves nothing to explain", () => {
    expect(explainDenial(admits(read(policy()), TOKEN))).toEqual([]);
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

describe("condition keys", () => {
  test("a key is split at its last colon", () => {
    expect(splitConditionKey("https://a.b:8443/x:sub")).toEqual({ issuer: "https://a.b:8443/x", claim: "sub" });
    expect(splitConditionKey("sub")).toBeUndefined();
    expect(splitConditionKey(":sub")).toEqual({ issuer: "", claim: "sub" });
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

  test.each(["sub", "aud", "amr", "azp", "oaud", "iss", "exp", "iat", "nbf", "jti", "kubernetes.io/namespace"])(
    "%s is a claim that a token may have",
    (claim) => {
      const ok = { kind: "ok", issuer: ISSUER, claim };
      expect(conditionKeyProblem(`${ISSUER}:${claim}`, [ISSUER])).toEqual(ok);
      expect(conditionKeyProblem(`${ISSUER}:${claim.toUpperCase()}`, [ISSUER])).toEqual(ok);
    },
  );

  test.each([
    ["subject", SUB],
    ["Subject", SUB],
    ["subjct", SUB],
    ["serviceaccount", SUB],
    ["ServiceAccount", SUB],
    ["suv", SUB],
    ["audience", AUD],
    ["audiance", AUD],
    ["clientid", AUD],
    ["client_id", AUD],
    ["audd", AUD],
    ["groups", undefined],
    ["in-kubernetes.io", undefined],
  ])("a claim %j is none; meant was %j", (claim, needed) => {
    expect(conditionKeyProblem(`${ISSUER}:${claim}`, [ISSUER])).toEqual({ kind: "unknown-claim", claim, needed });
  });

  test.each<[string, object]>([
    [`http://${SUB}`, { kind: "scheme", needed: SUB }],
    [`HTTPS://${ISSUER}:subject`, { kind: "scheme", needed: SUB }],
    [`https://${ISSUER}:groups`, { kind: "scheme", needed: undefined }],
    [`on https://${SUB}`, { kind: "other-issuer", issuer: `on https://${ISSUER}`, needed: SUB }],
    [`ARN:aws:x:sub`, { kind: "arn", needed: undefined }],
    [`the arn:aws:x:sub`, { kind: "other-issuer", issuer: "the arn:aws:x", needed: undefined }],
    ["samlx:amr", { kind: "not-an-issuer-key" }],
    ["my.saml:sub", { kind: "other-issuer", issuer: "my.saml", needed: undefined }],
    ["SAML:sub", { kind: "not-an-issuer-key" }],
    ["samlx:sub", { kind: "other-issuer", issuer: "samlx", needed: undefined }],
    ["xsaml:aud", { kind: "other-issuer", issuer: "xsaml", needed: undefined }],
    ["sts:Sub", { kind: "other-issuer", issuer: "sts", needed: undefined }],
    ["x9:amr", { kind: "not-an-issuer-key" }],
    ["9x:amr", { kind: "other-issuer", issuer: "9x", needed: undefined }],
    ["x.y:amr", { kind: "other-issuer", issuer: "x.y", needed: undefined }],
  ])("%j, where two issuers are trusted", (key, expected) => {
    expect(conditionKeyProblem(key, [ISSUER, "oidc.example.com/a"])).toEqual(expected);
  });

  test("the key to write is that of the nearest issuer, else of the only one, without its scheme", () => {
    const far = "oidc.example.com/a";
    const needed = (key: string, ...issuers: readonly string[]) => conditionKeyProblem(key, issuers);
    expect(needed("sub", `https://${far}`)).toEqual({ kind: "other-issuer", issuer: "", needed: `${far}:sub` });
    expect(needed("oidc.example.com/b:sub", ISSUER, `https://${far}`)).toMatchObject({ needed: `${far}:sub` });
    expect(needed("arn:aws:x:sub", far)).toEqual({ kind: "arn", needed: `${far}:sub` });
    expect(needed("arn:aws:x:groups", far)).toEqual({ kind: "arn", needed: undefined });
    expect(needed("undefined:sub")).toEqual({ kind: "other-issuer", issuer: "undefined", needed: undefined });
    expect(needed("sub")).toEqual({ kind: "other-issuer", issuer: "", needed: undefined });
  });

  test("while the issuers are unknown none is another one", () => {
    expect(conditionKeyProblem(`${OTHER}:sub`, [])).toEqual({ kind: "ok", issuer: OTHER, claim: "sub" });
    expect(conditionKeyProblem(`https://${OTHER}:sub`, [])).toEqual({ kind: "scheme", needed: `${OTHER}:sub` });
    expect(conditionKeyProblem("arn:aws:x:sub", [])).toEqual({ kind: "arn", needed: undefined });
  });
});
