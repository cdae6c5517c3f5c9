import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "@pulumi/aws/eks";
import type { OpenIdConnectProvider } from "@pulumi/aws/iam";
import { clusterSource } from "../../components/src/clusters";
import type { RichClusterTrust } from "../../components/src/ts-args";
import { ISSUER, lateRefusal, PROVIDER_ARN, settle } from "./program";

const NEEDED = `an issuer is needed, for example https://${ISSUER}`;
const late = <T>(value: T): pulumi.Output<pulumi.Unwrap<T>> => pulumi.output(value);
const awsCluster = (identities: unknown): Cluster => ({ identities: late(identities) }) as unknown as Cluster;
const resource = (url: string): OpenIdConnectProvider =>
  ({ url: late(url), arn: late(PROVIDER_ARN) }) as unknown as OpenIdConnectProvider;
const ofBinding = { issuer: late(ISSUER), oidcProviderArn: late(PROVIDER_ARN) };
const source = (given: RichClusterTrust) => clusterSource("api", "additionalClusters[0].", given);
/** The refusal of issuer and provider together; both are there, so that no rejection is left unseen. */
const refusalsOf = async (given: RichClusterTrust) => {
  const { issuer, providerArn } = source(given);
  const [ofIssuer, ofArn] = await Promise.all([lateRefusal(issuer), lateRefusal(providerArn)]);
  return { ofIssuer, ofArn };
};

describe("the issuer", () => {
  it.each<readonly [string, RichClusterTrust, string]>([
    ["a literal issuer", { issuerUrl: `https://${ISSUER}` }, ISSUER],
    ["a literal ARN", { oidcProviderArn: PROVIDER_ARN }, ISSUER],
    ["nothing, which has been refused before", {}, ""],
  ])("of %s is known at once", (_title, given, issuer) => {
    expect(source(given).issuer).toBe(issuer);
  });

  it.each<readonly [string, RichClusterTrust]>([
    ["an issuer", { issuerUrl: late(`https://${ISSUER}`) }],
    ["a provider's ARN", { oidcProviderArn: late(PROVIDER_ARN) }],
    ["a provider", { oidcProvider: resource(`https://${ISSUER}`) }],
    ["another binding", { oidcProvider: ofBinding }],
    ["an aws.eks.Cluster", { cluster: awsCluster([{ oidcs: [{ issuer: `https://${ISSUER}` }] }]) }],
    ["an eks.Cluster", { cluster: { oidcIssuer: late(ISSUER) } }],
    ["an eks.Cluster without a provider", { cluster: { oidcIssuer: late(ISSUER), oidcProviderArn: late("") } }],
    [
      "an eks.Cluster with its provider",
      { cluster: { oidcIssuer: late(ISSUER), oidcProviderArn: late(PROVIDER_ARN) }, oidcProviderArn: PROVIDER_ARN },
    ],
    ["an aws-native.eks.Cluster", { cluster: { openIdConnectIssuerUrl: late(`https://${ISSUER}`) } }],
    ["an issuer beside another binding", { issuerUrl: late(ISSUER), oidcProvider: ofBinding }],
  ])("of %s is known when that is", async (_title, given) => {
    const { issuer } = source(given);
    expect(pulumi.Output.isInstance(issuer)).toBe(true);
    expect(await settle(pulumi.output(issuer))).toBe(ISSUER);
  });

  it.each<readonly [string, RichClusterTrust, string]>([
    ["an empty issuer", { issuerUrl: late("") }, `additionalClusters[0].issuerUrl: "" is not legal: ${NEEDED}`],
    [
      "an issuer that is none",
      { issuerUrl: late(undefined as unknown as string) },
      "additionalClusters[0].issuerUrl: it is missing: it has to be a string",
    ],
    [
      "a cluster without identities",
      { cluster: awsCluster(undefined) },
      `additionalClusters[0].cluster: "" is not legal: ${NEEDED}`,
    ],
    [
      "a cluster with no identity",
      { cluster: awsCluster([]) },
      `additionalClusters[0].cluster: "" is not legal: ${NEEDED}`,
    ],
    [
      "a cluster without issuers",
      { cluster: awsCluster([{}]) },
      `additionalClusters[0].cluster: "" is not legal: ${NEEDED}`,
    ],
    [
      "a cluster with no issuer",
      { cluster: awsCluster([{ oidcs: [] }]) },
      `additionalClusters[0].cluster: "" is not legal: ${NEEDED}`,
    ],
    [
      "an eks.Cluster that has made its provider",
      { cluster: { oidcIssuer: late(ISSUER), oidcProviderArn: late(PROVIDER_ARN) } },
      `cluster: the eks.Cluster has created an OIDC provider already, "${PROVIDER_ARN}"; give oidcProviderArn: cluster.oidcProviderArn too`,
    ],
  ])("of %s fails", async (_title, given, refusal) => {
    expect(await lateRefusal(source(given).issuer)).toEqual([refusal]);
  });

  it("of a provider's own empty url fails at the provider", async () => {
    const { ofIssuer } = await refusalsOf({ oidcProvider: resource("") });
    expect(ofIssuer).toEqual([`additionalClusters[0].oidcProvider: "" is not legal: ${NEEDED}`]);
  });
});

describe("the provider to adopt", () => {
  it("is none when none is given", () => {
    expect(source({ issuerUrl: ISSUER })).toEqual({
      prefix: "additionalClusters[0].",
      issuer: ISSUER,
      providerArn: undefined,
      provider: undefined,
      cluster: undefined,
    });
  });

  const inProgram = resource(ISSUER);

  it.each<readonly [string, RichClusterTrust, OpenIdConnectProvider | undefined]>([
    ["a literal ARN", { oidcProviderArn: PROVIDER_ARN }, undefined],
    ["an ARN", { oidcProviderArn: late(PROVIDER_ARN) }, undefined],
    ["a provider", { oidcProvider: inProgram }, inProgram],
    ["another binding", { oidcProvider: ofBinding }, undefined],
  ])("is that of %s", async (_title, given, ofProgram) => {
    const { providerArn, provider } = source(given);
    expect(await settle(pulumi.output(providerArn))).toBe(PROVIDER_ARN);
    expect(provider).toBe(ofProgram);
  });

  it("keeps the cluster that is given, which means the same cluster in every binding", () => {
    const cluster = { oidcIssuer: late(ISSUER) };
    expect(source({ cluster }).cluster).toBe(cluster);
  });

  it("fails when it is of another issuer", async () => {
    const { ofIssuer, ofArn } = await refusalsOf({
      issuerUrl: "https://issuer.example.org",
      oidcProviderArn: late(PROVIDER_ARN),
    });
    expect(ofIssuer).toEqual([]);
    expect(ofArn).toEqual([
      `additionalClusters[0].oidcProviderArn: "${PROVIDER_ARN}" is not legal: it is the provider of another issuer than "issuer.example.org"`,
    ]);
  });

  it("fails when it is none, and so does the issuer in it", async () => {
    const { ofIssuer, ofArn } = await refusalsOf({ oidcProviderArn: late("x") });
    const refusal =
      'additionalClusters[0].oidcProviderArn: "x" is not legal: it has to be arn:<partition>:iam::<account>:oidc-provider/<issuer without https://>';
    expect(ofIssuer).toEqual([refusal]);
    expect(ofArn).toEqual([refusal]);
  });
});
