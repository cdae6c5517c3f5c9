import * as pulumi from "@pulumi/pulumi";
import type { RichIrsaBindingArgs } from "../../components/src";
import { trustPolicyText, type Trust } from "../../components/src/trust-policy";
import { literalSizeFlaws, sizeFlaws } from "../../components/src/trust-size";
import { ACCOUNT, ISSUER, PROVIDER_ARN } from "./program";

const API = "system:serviceaccount:shop:api";
const ARGS: RichIrsaBindingArgs = { namespace: "shop", serviceAccountName: "api", issuerUrl: `https://${ISSUER}` };
const providerOf = (issuer: string, partition = "aws") => ({
  issuer,
  providerArn: `arn:${partition}:iam::${ACCOUNT}:oidc-provider/${issuer}`,
});
const trust = (change: Partial<Trust> = {}): Trust => ({
  clusters: [providerOf(ISSUER)],
  audience: "sts.amazonaws.com",
  subjects: [API],
  subjectPatterns: [],
  podIdentity: false,
  ...change,
});
const reasonOf = (length: number, quota: number): string =>
  `the trust policy has ${length} characters, ${length - quota} more than the quota of ${quota} (ACLSizePerRole); use fewer accounts or clusters per role, or raise the quota and trustPolicyQuota`;

describe("a trust policy that is too long", () => {
  const text = "x".repeat(2049);

  it("is reported by what makes it long", () => {
    const reason = reasonOf(2049, 2048);
    const list = [{ namespace: "shop", name: "api" }];
    const additionalClusters = [{ issuerUrl: ISSUER }];
    expect(sizeFlaws({ serviceAccounts: list, additionalClusters }, text)).toEqual([
      { propertyPath: "serviceAccounts", reason },
    ]);
    expect(sizeFlaws({ additionalClusters }, text)).toEqual([{ propertyPath: "additionalClusters", reason }]);
    expect(sizeFlaws({}, text)).toEqual([{ propertyPath: "subjectPatterns", reason }]);
  });

  it("is one longer than 2048 characters, or than the quota that is given", () => {
    expect(sizeFlaws({}, text.slice(1))).toEqual([]);
    expect(sizeFlaws({ trustPolicyQuota: 2049 }, text)).toEqual([]);
    expect(sizeFlaws({ trustPolicyQuota: 2048 }, text)).toHaveLength(1);
  });
});

describe("the length of a trust policy of literals", () => {
  const gov = "oidc.eks.us-gov-west-1.amazonaws.com/id/ABC";
  const self = "issuer.example.org/a";

  it.each<readonly [string, RichIrsaBindingArgs, Trust]>([
    ["one account and issuer", ARGS, trust()],
    [
      "an issuer of another partition",
      { ...ARGS, issuerUrl: gov },
      trust({ clusters: [providerOf(gov, "aws-us-gov")] }),
    ],
    ["an issuer of no partition", { ...ARGS, issuerUrl: self }, trust({ clusters: [providerOf(self)] })],
    [
      "a provider's ARN alone",
      { namespace: "shop", serviceAccountName: "api", oidcProviderArn: PROVIDER_ARN },
      trust(),
    ],
    ["a provider's ARN beside an issuer", { ...ARGS, oidcProviderArn: PROVIDER_ARN }, trust()],
    ["an audience", { ...ARGS, audience: "vault" }, trust({ audience: "vault" })],
    [
      "several accounts",
      {
        ...ARGS,
        serviceAccounts: [
          { namespace: "shop", name: "api" },
          { namespace: "b", name: "c" },
        ],
      },
      trust({ subjects: [API, "system:serviceaccount:b:c"] }),
    ],
    [
      "patterns",
      { ...ARGS, subjectPatterns: ["batch:*"] },
      trust({ subjectPatterns: ["system:serviceaccount:batch:*"] }),
    ],
    [
      "several clusters",
      { ...ARGS, additionalClusters: [{ issuerUrl: self }] },
      trust({ clusters: [providerOf(ISSUER), providerOf(self)] }),
    ],
    ["Pod Identity beside it", { ...ARGS, trustPodIdentity: true }, trust({ podIdentity: true })],
    ["no Pod Identity", { ...ARGS, trustPodIdentity: false }, trust()],
  ])("is known exactly of %s", (_title, args, expected) => {
    const { length } = trustPolicyText(expected);
    expect(literalSizeFlaws({ ...args, trustPolicyQuota: length })).toEqual([]);
    expect(literalSizeFlaws({ ...args, trustPolicyQuota: length - 1 }).map((each) => each.reason)).toEqual([
      reasonOf(length, length - 1),
    ]);
  });

  const late = (text: string): pulumi.Output<string> => pulumi.output(text);
  const oidcProvider = { issuer: late(ISSUER), oidcProviderArn: late(PROVIDER_ARN) };

  it.each<readonly [string, RichIrsaBindingArgs]>([
    ["audience", { ...ARGS, audience: late("vault") }],
    ["issuer", { ...ARGS, issuerUrl: late(ISSUER) }],
    ["provider's ARN", { ...ARGS, oidcProviderArn: late(PROVIDER_ARN) }],
    ["provider", { ...ARGS, oidcProvider }],
    ["cluster", { ...ARGS, cluster: { oidcIssuer: late(ISSUER) } }],
    ["provider of an additional cluster", { ...ARGS, additionalClusters: [{ oidcProviderArn: late(PROVIDER_ARN) }] }],
    [
      "account of a list",
      {
        ...ARGS,
        serviceAccounts: [
          { namespace: "shop", name: "api" },
          { namespace: "shop", name: late("b") },
        ],
      },
    ],
    ["namespace", { ...ARGS, namespace: late("shop") }],
    ["pattern", { ...ARGS, subjectPatterns: ["a:*", late("b:*")] }],
  ])("is left open while the %s is not known", (_title, args) => {
    expect(literalSizeFlaws({ ...args, trustPolicyQuota: 1 })).toEqual([]);
  });
});
