import * as pulumi from "@pulumi/pulumi";
import type { RichIrsaBindingArgs } from "../../components/src";
import {
  agreementFlaws,
  disagreements,
  issuerClaim,
  issuerFlaws,
  policyClaim,
  providerClaim,
  roleClaim,
} from "../../components/src/agreement";
import { ACCOUNT, ISSUER, PROVIDER_ARN } from "./program";

const OTHER = "999999999999";
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/x`;
const policy = (account: string, partition = "aws"): string => `arn:${partition}:iam::${account}:policy/x`;
const elsewhere = `arn:aws:iam::${OTHER}:oidc-provider/${ISSUER}`;
const china = "oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC";

describe("claims", () => {
  it("are of partition and account, as far as the value says them", () => {
    expect(providerClaim("a", PROVIDER_ARN)).toEqual({
      path: "a",
      value: PROVIDER_ARN,
      partition: "aws",
      account: ACCOUNT,
    });
    expect(roleClaim("a", ROLE_ARN)).toEqual({ path: "a", value: ROLE_ARN, partition: "aws", account: ACCOUNT });
    expect(policyClaim("a", policy("aws"))).toEqual({
      path: "a",
      value: policy("aws"),
      partition: "aws",
      account: undefined,
    });
    expect(issuerClaim("a", china)).toEqual({ path: "a", value: china, partition: "aws-cn", account: undefined });
  });

  it("are none of a text that is no ARN", () => {
    const none = { path: "a", value: "x", partition: undefined, account: undefined };
    expect([providerClaim, roleClaim, policyClaim, issuerClaim].map((claim) => claim("a", "x"))).toEqual([
      none,
      none,
      none,
      none,
    ]);
  });

  it("disagree each with the first that says the same thing", () => {
    expect(
      disagreements([
        issuerClaim("issuerUrl", "issuer.example.org"),
        policyClaim("policyArns[0]", policy("aws")),
        policyClaim("policyArns[1]", policy(ACCOUNT)),
        policyClaim("policyArns[2]", policy(OTHER)),
        policyClaim("policyArns[3]", policy(OTHER, "aws-cn")),
      ]),
    ).toEqual([
      {
        propertyPath: "policyArns[2]",
        reason: `"${policy(OTHER)}" is not legal: its account is ${OTHER}, but that of policyArns[1] "${policy(ACCOUNT)}" is ${ACCOUNT}`,
      },
      {
        propertyPath: "policyArns[3]",
        reason: `"${policy(OTHER, "aws-cn")}" is not legal: its partition is aws-cn, but that of policyArns[0] "${policy("aws")}" is aws`,
      },
    ]);
  });

  it("agree where nobody says anything, or all say the same", () => {
    expect(disagreements([])).toEqual([]);
    expect(disagreements([roleClaim("roleArn", "x"), policyClaim("policyArns[0]", "y")])).toEqual([]);
    expect(
      disagreements([
        issuerClaim("issuerUrl", ISSUER),
        policyClaim("policyArns[0]", policy("aws")),
        providerClaim("oidcProviderArn", PROVIDER_ARN),
        roleClaim("roleArn", ROLE_ARN),
      ]),
    ).toEqual([]);
  });
});

describe("an issuer and the ARN of its provider", () => {
  it("agree, with or without the issuer's scheme", () => {
    expect(issuerFlaws("a", ISSUER, PROVIDER_ARN)).toEqual([]);
    expect(issuerFlaws("a", `https://${ISSUER}`, PROVIDER_ARN)).toEqual([]);
  });

  it("disagree when the ARN is of another issuer, and not when it is none", () => {
    expect(issuerFlaws("a", `https://${china}`, PROVIDER_ARN)).toEqual([
      {
        propertyPath: "a",
        reason: `"${PROVIDER_ARN}" is not legal: it is the provider of another issuer than "${china}"`,
      },
    ]);
    expect(issuerFlaws("a", ISSUER, "x")).toEqual([]);
  });
});

describe("literal arguments", () => {
  const account = (value: string): string =>
    `"${value}" is not legal: its account is ${OTHER}, but that of roleArn "${ROLE_ARN}" is ${ACCOUNT}`;
  const partition = `"${china}" is not legal: its partition is aws-cn, but that of roleArn "${ROLE_ARN}" is aws`;

  it.each<readonly [string, RichIrsaBindingArgs, string, string]>([
    ["a provider", { roleArn: ROLE_ARN, oidcProviderArn: elsewhere }, "oidcProviderArn", account(elsewhere)],
    [
      "a provider of another cluster",
      { roleArn: ROLE_ARN, additionalClusters: [{ issuerUrl: ISSUER }, { oidcProviderArn: elsewhere }] },
      "additionalClusters[1].oidcProviderArn",
      account(elsewhere),
    ],
    [
      "a boundary",
      { roleArn: ROLE_ARN, permissionsBoundary: policy(OTHER) },
      "permissionsBoundary",
      account(policy(OTHER)),
    ],
    [
      "a policy",
      { roleArn: ROLE_ARN, policyArns: [policy("aws"), policy(OTHER)] },
      "policyArns[1]",
      account(policy(OTHER)),
    ],
  ])("of another account are refused: %s", (_title, args, propertyPath, reason) => {
    expect(agreementFlaws(args)).toEqual([{ propertyPath, reason }]);
  });

  it.each<readonly [string, RichIrsaBindingArgs, string]>([
    ["an issuer", { roleArn: ROLE_ARN, issuerUrl: china }, "issuerUrl"],
    [
      "an issuer of another cluster",
      { roleArn: ROLE_ARN, additionalClusters: [{ issuerUrl: china }] },
      "additionalClusters[0].issuerUrl",
    ],
  ])("of another partition are refused: %s", (_title, args, propertyPath) => {
    expect(agreementFlaws(args)).toEqual([{ propertyPath, reason: partition }]);
  });

  it("are refused when a cluster's issuer and provider are not one", () => {
    const reason = `"${PROVIDER_ARN}" is not legal: it is the provider of another issuer than "issuer.example.org"`;
    const pair = { issuerUrl: "https://issuer.example.org", oidcProviderArn: PROVIDER_ARN };
    expect(agreementFlaws(pair)).toEqual([{ propertyPath: "oidcProviderArn", reason }]);
    expect(agreementFlaws({ additionalClusters: [{}, pair] })).toEqual([
      { propertyPath: "additionalClusters[1].oidcProviderArn", reason },
    ]);
  });

  it("are not compared with what is not known yet", () => {
    const late = (text: string): pulumi.Output<string> => pulumi.output(text);
    expect(agreementFlaws({})).toEqual([]);
    expect(agreementFlaws({ issuerUrl: late(china), oidcProviderArn: PROVIDER_ARN })).toEqual([]);
    expect(agreementFlaws({ issuerUrl: ISSUER, oidcProviderArn: late(elsewhere) })).toEqual([]);
    expect(agreementFlaws({ roleArn: late(ROLE_ARN), policyArns: [late(policy(OTHER)), policy(OTHER)] })).toEqual([]);
  });
});
