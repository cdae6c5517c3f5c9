import { actionFlaw } from "../../policy-pack/src/iam/parse-action";

describe("actions", () => {
  const needed = (action: string, kind: "trust" | "identity") => actionFlaw(action, kind);
  test.each([
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoot",
    "sts:DecodeAuthorizationMessage",
    "sts:GetAccessKeyInfo",
    "sts:GetCallerIdentity",
    "sts:GetDelegatedAccessToken",
    "sts:GetFederationToken",
    "sts:GetServiceBearerToken",
    "sts:GetSessionToken",
    "sts:GetWebIdentityToken",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagGetWebIdentityToken",
    "sts:TagSession",
  ])("%s is one of STS, and a slip in it is noticed", (action) => {
    expect(needed(action, "trust")).toBeUndefined();
    expect(needed(action.toUpperCase(), "trust")).toBeUndefined();
    expect(needed(`${action}x`, "trust")).toBe(`"${action}"`);
    expect(needed(`${action}x`, "identity")).toBeUndefined();
  });

  test.each<[string, "trust" | "identity", string | undefined]>([
    ["*", "trust", undefined],
    ["*", "identity", undefined],
    ["*:*", "trust", undefined],
    ["s?s:AssumeRole", "trust", undefined],
    ["sts:Xyzzyplugh", "trust", undefined],
    ["sts:AssumeRolx*", "trust", undefined],
    ["sts:AssumeRol?", "trust", undefined],
    ["s3:Get_Object-1", "identity", undefined],
    ["elasticfilesystem:Xyz", "trust", '"sts:AssumeRoleWithWebIdentity": a trust policy takes actions of AWS STS only'],
    ["sso:AssumeRole", "trust", '"sts:AssumeRole": a trust policy takes actions of AWS STS only'],
    ["sts:AssumeRole ", "trust", '"sts:AssumeRole"'],
    [" sts:AssumeRole", "trust", '"sts:AssumeRole"'],
    ["sts:AssumeRole ", "identity", 'an action such as "service:Action", or "*"'],
    ["sts:AssumeRole:x", "identity", 'an action such as "service:Action", or "*"'],
    [":x", "identity", 'an action such as "service:Action", or "*"'],
    ["x:", "identity", 'an action such as "service:Action", or "*"'],
    ["x", "trust", 'an action such as "service:Action", or "*"'],
    [`${"s".repeat(129)}:x`, "identity", 'an action such as "service:Action", or "*"'],
    [`s:${"x".repeat(257)}`, "identity", 'an action such as "service:Action", or "*"'],
    [`${"s".repeat(128)}:${"x".repeat(256)}`, "identity", undefined],
  ])("%j in a policy of kind %s: %s", (action, kind, expected) => {
    expect(needed(action, kind)).toBe(expected);
  });
});
