import { conditionKeyProblem, splitConditionKey } from "../../policy-pack/src/iam/web-identity";
import { AUD, ISSUER, PROVIDER, SUB } from "./support";

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
