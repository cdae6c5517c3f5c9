import * as pulumi from "@pulumi/pulumi";
import { issuerInArn, nameInArn, parsePolicyArn, parseProviderArn, parseRoleArn } from "../../components/src/arn";
import * as checks from "../../components/src/checks";
import { ACCOUNT, ISSUER, lateRefusal, PROVIDER_ARN, settle } from "./program";

describe("the sentence of a flaw", () => {
  const long = "x".repeat(120);

  it.each<readonly [string, unknown, string]>([
    ["nothing", undefined, "it is missing: legal"],
    ["null", null, "it is missing: legal"],
    ["a text", "a", '"a" is not legal: legal'],
    ["an empty text", "", '"" is not legal: legal'],
    ["a text with quotes", 'a"b', '"a\\"b" is not legal: legal'],
    ["the longest text that is repeated", long, `"${long}" is not legal: legal`],
    ["a longer text, of which the beginning is repeated", `${long}y`, `"${long}…" is not legal: legal`],
    ["a number", 7, "7 is not legal: legal"],
    ["true", true, "true is not legal: legal"],
    ["false", false, "false is not legal: legal"],
    ["an object, whose content is not repeated", { secret: "s" }, "this value is not legal: legal"],
    ["a list", ["a"], "this value is not legal: legal"],
  ])("repeats %s", (_title, value, sentence) => {
    expect(checks.reason(value, "legal")).toBe(sentence);
  });
});

describe("a check", () => {
  const wholeNumber = checks.wholeNumber(600, 86400, "seconds");
  const range = "it has to be a whole number of seconds from 600 to 86400";
  const trueOrFalse = "it has to be true or false";
  const audienceLegal = "an audience has 1 to 255 characters and no blanks";
  const roleLegal = "it has to be arn:<partition>:iam::<account>:role/<path and name>";
  const policyLegal =
    "it has to be arn:<partition>:iam::<account>:policy/<path and name>, with account aws for a policy of AWS";
  const providerLegal = "it has to be arn:<partition>:iam::<account>:oidc-provider/<issuer without https://>";

  it.each<readonly [string, checks.Check, unknown, string | undefined]>([
    ["the least number", wholeNumber, 600, undefined],
    ["a number below", wholeNumber, 599, range],
    ["the greatest number", wholeNumber, 86400, undefined],
    ["a number above", wholeNumber, 86401, range],
    ["a fraction", wholeNumber, 700.5, range],
    ["a number as text", wholeNumber, "700", range],
    ["true", checks.bool, true, undefined],
    ["false", checks.bool, false, undefined],
    ["a text for true", checks.bool, "true", trueOrFalse],
    ["a pattern's text", checks.matching(/^a$/, "a only"), "a", undefined],
    ["another text", checks.matching(/^a$/, "a only"), "b", "a only"],
    ["a number for a text", checks.matching(/^a$/, "a only"), 7, "it has to be a string"],
    ["an audience", checks.audience, "sts.amazonaws.com", undefined],
    ["the longest audience", checks.audience, "a".repeat(255), undefined],
    ["a longer audience", checks.audience, "a".repeat(256), audienceLegal],
    ["an audience after a blank", checks.audience, " sts.amazonaws.com", audienceLegal],
    ["an audience before a blank", checks.audience, "sts.amazonaws.com ", audienceLegal],
    ["an empty audience", checks.audience, "", audienceLegal],
    ["a role's ARN", checks.roleArn, `arn:aws:iam::${ACCOUNT}:role/team/x`, undefined],
    ["a role's name", checks.roleArn, "x", roleLegal],
    ["a policy's ARN", checks.policyArn, `arn:aws:iam::${ACCOUNT}:policy/x`, undefined],
    ["the ARN of a policy of AWS", checks.policyArn, "arn:aws:iam::aws:policy/x", undefined],
    ["a policy's name", checks.policyArn, "x", policyLegal],
    ["a provider's ARN", checks.providerArn, PROVIDER_ARN, undefined],
    [
      "a provider's ARN with a scheme",
      checks.providerArn,
      PROVIDER_ARN.replace("oidc.", "https://oidc."),
      providerLegal,
    ],
    ["another ARN for a provider's", checks.providerArn, `arn:aws:iam::${ACCOUNT}:role/x`, providerLegal],
    [
      "a provider's ARN of a wrong issuer",
      checks.providerArn,
      `arn:aws:iam::${ACCOUNT}:oidc-provider/issuer.example.org:443`,
      "an issuer has no port",
    ],
    [
      "an empty ARN",
      checks.providerArn,
      "",
      "the ARN is empty; an eks.Cluster has one only with createOidcProvider: true (give cluster or issuerUrl instead)",
    ],
  ])("of %s", (_title, check, value, legal) => {
    expect(check(value)).toBe(legal);
  });
});

describe("a gated input", () => {
  const check = checks.matching(/^a$/, "a only");

  it("is a literal as it was", () => {
    expect(checks.gated("api", "path", "b", check)).toBe("b");
  });

  it("settles to the Output's value, or fails at its path", async () => {
    expect(await settle(pulumi.output(checks.gated("api", "path", pulumi.output("a"), check)))).toBe("a");
    expect(await settle(pulumi.output(checks.gated("api", "path", Promise.resolve("a"), check)))).toBe("a");
    expect(await lateRefusal(checks.gated("api", "path", pulumi.output("b"), check))).toEqual([
      'path: "b" is not legal: a only',
    ]);
  });
});

describe("ARNs", () => {
  it("are read into partition, account and rest", () => {
    expect(parseProviderArn(PROVIDER_ARN)).toEqual({ partition: "aws", account: ACCOUNT, rest: ISSUER });
    expect(parseRoleArn(`arn:aws-cn:iam::${ACCOUNT}:role/team/x`)).toEqual({
      partition: "aws-cn",
      account: ACCOUNT,
      rest: "team/x",
    });
    expect(parsePolicyArn("arn:aws-us-gov:iam::aws:policy/service-role/x")).toEqual({
      partition: "aws-us-gov",
      account: "aws",
      rest: "service-role/x",
    });
  });

  it.each([
    `xarn:aws:iam::${ACCOUNT}:role/x`,
    `arn:aws:iam::${ACCOUNT}:role/x y`,
    `arn:aws:iam::${ACCOUNT}:role/`,
    `arn:aws:iam::1${ACCOUNT}:role/x`,
    "arn:aws:iam::aws:role/x",
    `arn:gcp:iam::${ACCOUNT}:role/x`,
    `arn:aws:iam:eu-west-1:${ACCOUNT}:role/x`,
    `arn:aws:iam::${ACCOUNT}:policy/x`,
  ])("%s is not that of a role", (arn) => {
    expect(parseRoleArn(arn)).toBeUndefined();
  });

  it("end in a name, and a provider's in its issuer", () => {
    expect(nameInArn(`arn:aws:iam::${ACCOUNT}:role/team/x`)).toBe("x");
    expect(issuerInArn(PROVIDER_ARN)).toBe(ISSUER);
    expect(issuerInArn(`arn:aws:iam::${ACCOUNT}:role/x`)).toBeUndefined();
  });
});
