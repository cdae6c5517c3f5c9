import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-not-found";
import type { Snapshot } from "../../../policy-pack/src/model/snapshot";
import { cases } from "../../support/cases";
import {
  ACCOUNT,
  firstPreview,
  ISSUER,
  OTHER_ISSUER,
  resource,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  wired,
} from "../../support/stack";

const COMPONENT = "eks:index:Cluster";
const component = (name: string, inputs: Parameters<typeof resource>[2]) =>
  resource(COMPONENT, name, inputs, { provider: undefined });
const child = (parent: string, outputs?: Parameters<typeof resource>[2]) =>
  resource(
    "aws:eks/cluster:Cluster",
    `${parent}-eksCluster`,
    { name: parent },
    {
      parent: urnOf(COMPONENT, parent),
      outputs: outputs ?? { name: parent, identities: UNKNOWN, endpoint: UNKNOWN },
    },
  );
const kubernetes = {
  urn: urnOf("pulumi:providers:kubernetes", "blue"),
  type: "pulumi:providers:kubernetes",
  name: "blue",
  inputs: { kubeconfig: UNKNOWN },
};
const kubernetesOf = (cluster: string) =>
  resource(
    "pulumi:providers:kubernetes",
    "blue",
    { kubeconfig: UNKNOWN },
    { provider: undefined, from: { kubeconfig: [urnOf(COMPONENT, cluster)] } },
  );
const account = (from: string) =>
  resource(
    "kubernetes:core/v1:ServiceAccount",
    "blue",
    { metadata: { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } } },
    { provider: kubernetes, from: { metadata: [from] } },
  );
const ROLE = "aws:iam/role:Role";
const blueRole = (assumeRolePolicy: string | typeof UNKNOWN) =>
  resource(
    ROLE,
    "blue",
    { name: "blue", assumeRolePolicy, managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
    {
      from: { assumeRolePolicy: [urnOf(COMPONENT, "blue")] },
    },
  );
const B = "444455556666";
const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const awsProvider = (name: string, account: string) => ({
  urn: urnOf("pulumi:providers:aws", name),
  type: "pulumi:providers:aws",
  name,
  inputs: { region: "eu-west-1", assumeRoles: [{ roleArn: `arn:aws:iam::${account}:role/deploy` }] },
});
const roleInB = (assumeRolePolicy: string | typeof UNKNOWN, provider = urns.oidcProvider) =>
  resource(
    ROLE,
    "b",
    { name: "b", assumeRolePolicy, managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
    {
      provider: awsProvider("b", B),
      from: { assumeRolePolicy: [provider] },
    },
  );
const accountOfB = (roleArn: string | typeof UNKNOWN) =>
  resource(
    "kubernetes:core/v1:ServiceAccount",
    "b",
    { metadata: { name: "b", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": roleArn } } },
    { from: { metadata: [urnOf(ROLE, "b")] }, dependsOn: [urns.namespace] },
  );
const addProvider =
  'Add new aws.iam.OpenIdConnectProvider("…", { url: cluster.identities[0].oidcs[0].issuer, clientIdLists: ["sts.amazonaws.com"] }) and trust its arn.';

/** The stack as an update shows it that makes the cluster, while a rehearsal knows its issuer already. */
function newCluster(stack: Snapshot): Snapshot {
  return {
    ...stack,
    resources: stack.resources.map((each) =>
      each.urn === urns.cluster ? { ...each, outputs: { ...each.outputs, id: UNKNOWN } } : each,
    ),
  };
}

export default cases(rule, {
  invalid: [
    {
      name: "the cluster is new, its issuer known by rehearsal, and no provider is made",
      stack: newCluster(wired({ oidcProvider: null })),
      finds: [
        {
          at: { urn: urns.cluster, path: "" },
          says: `Role "api-irsa" trusts the issuer of EKS cluster "shop", "${ISSUER}", but this stack makes no OIDC provider for it.`,
          fix: 'Add new aws.iam.OpenIdConnectProvider("…", { url: cluster.identities[0].oidcs[0].issuer, clientIdLists: ["sts.amazonaws.com"] }) and trust its arn.',
        },
      ],
    },
    {
      name: "a new cluster and a role from its issuer, and no provider, at the first preview",
      covers: ["oidc-provider-missing"],
      stack: firstPreview({ oidcProvider: null, edges: { "role.assumeRolePolicy": [urns.cluster] } }),
      finds: [
        {
          at: { urn: urns.cluster, path: "" },
          says: 'Role "api-irsa" trusts the issuer of EKS cluster "shop", but this stack makes no OIDC provider for it.',
          fix: addProvider,
        },
      ],
    },
    {
      name: "a cluster that may exist already, whose provider may have been made by eksctl",
      covers: ["oidc-provider-missing"],
      stack: wired({ oidcProvider: null }),
      finds: [
        {
          at: { urn: urns.cluster, path: "" },
          says: `Role "api-irsa" trusts the issuer of EKS cluster "shop", "${ISSUER}", but this stack makes no OIDC provider for it.`,
          fix: addProvider,
          level: "advisory",
        },
      ],
    },
    {
      name: "an eks component that is not told to make the provider, at the first preview",
      covers: ["eks-oidc-provider-not-created"],
      stack: firstPreview({
        plus: [
          component("blue", {}),
          child("blue"),
          kubernetesOf("blue"),
          blueRole(UNKNOWN),
          account(urnOf(ROLE, "blue")),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf(COMPONENT, "blue"), path: "createOidcProvider" },
          says: 'Role "blue" trusts the issuer of EKS cluster "blue", but this stack makes no OIDC provider for it.',
          fix: 'Set createOidcProvider to true on EKS cluster "blue".',
        },
      ],
    },
    {
      name: "the empty oidcProviderArn of an eks component in a trust policy",
      covers: ["eks-oidc-provider-not-created"],
      stack: wired({
        plus: [
          component("blue", { createOidcProvider: false, oidcProviderArn: "", oidcIssuer: OTHER_ISSUER }),
          child("blue", { identities: [{ oidcs: [{ issuer: `https://${OTHER_ISSUER}` }] }] }),
          blueRole(trust({ issuer: OTHER_ISSUER, provider: "" })),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf(COMPONENT, "blue"), path: "createOidcProvider" },
          says: 'Role "blue" trusts the OIDC provider of EKS cluster "blue", which makes none: its oidcProviderArn is "".',
          fix: 'Set createOidcProvider to true on EKS cluster "blue".',
        },
      ],
    },
    {
      name: "the provider stands in the cluster's account, the role in another",
      covers: ["oidc-provider-wrong-account"],
      stack: wired({
        plus: [
          roleInB(
            trust({ provider: `arn:aws:iam::${B}:oidc-provider/${ISSUER}`, sub: "system:serviceaccount:shop:b" }),
          ),
          accountOfB(`arn:aws:iam::${B}:role/b`),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf(ROLE, "b"), path: "assumeRolePolicy" },
          says: `Role "b" trusts EKS cluster "shop" in account "${B}", where this stack makes no OIDC provider for it: OIDC provider "shop" is in account "${ACCOUNT}".`,
          fix: `Make a second aws.iam.OpenIdConnectProvider for the issuer of EKS cluster "shop" with the AWS provider of account "${B}", and trust its arn.`,
          level: "advisory",
        },
      ],
    },
    {
      name: "the same for a cluster that does not exist yet",
      covers: ["oidc-provider-wrong-account"],
      stack: firstPreview({
        oidcProvider: null,
        edges: { "role.assumeRolePolicy": [urnOf(PROVIDER, "a")] },
        plus: [
          resource(
            PROVIDER,
            "a",
            { url: UNKNOWN, clientIdLists: ["sts.amazonaws.com"] },
            { provider: awsProvider("a", ACCOUNT), from: { url: [urns.cluster] } },
          ),
          roleInB(UNKNOWN, urnOf(PROVIDER, "a")),
          accountOfB(UNKNOWN),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf(ROLE, "b"), path: "assumeRolePolicy" },
          says: `Role "b" trusts EKS cluster "shop" in account "${B}", where this stack makes no OIDC provider for it: OIDC provider "a" is in account "${ACCOUNT}".`,
          fix: `Make a second aws.iam.OpenIdConnectProvider for the issuer of EKS cluster "shop" with the AWS provider of account "${B}", and trust its arn.`,
        },
      ],
    },
    {
      name: "an eks component that is not told to make the provider, of a cluster that exists",
      covers: ["eks-oidc-provider-not-created"],
      stack: wired({
        plus: [
          component("blue", { createOidcProvider: false, oidcProviderArn: "", oidcIssuer: OTHER_ISSUER }),
          child("blue", { identities: [{ oidcs: [{ issuer: `https://${OTHER_ISSUER}` }] }] }),
          blueRole(trust({ issuer: OTHER_ISSUER })),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf(COMPONENT, "blue"), path: "createOidcProvider" },
          says: `Role "blue" trusts the issuer of EKS cluster "blue", "${OTHER_ISSUER}", but this stack makes no OIDC provider for it.`,
          fix: 'Set createOidcProvider to true on EKS cluster "blue".',
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    { name: "a role for GitHub's issuer", stack: wired({ plus: [githubRole()] }) },
    {
      name: "an eks component that makes the provider, before its children are seen",
      stack: firstPreview({
        plus: [
          component("blue", { createOidcProvider: true }),
          kubernetesOf("blue"),
          blueRole(UNKNOWN),
          account(urnOf(ROLE, "blue")),
        ],
      }),
    },
    {
      name: "a role for Pod Identity whose trust policy names the cluster",
      stack: firstPreview({
        oidcProvider: null,
        role: null,
        attachment: null,
        serviceAccount: null,
        deployment: null,
        namespace: null,
        plus: [
          resource(
            ROLE,
            "pods",
            {
              name: "pods",
              assumeRolePolicy: UNKNOWN,
              managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            { from: { assumeRolePolicy: [urns.cluster] } },
          ),
        ],
      }),
    },
    {
      name: "a cluster of another stack that the configuration names",
      stack: wired({
        cluster: null,
        kubernetes: null,
        oidcProvider: null,
        config: { clusters: [{ name: "shop", issuer: ISSUER }] },
      }),
    },
  ],
  unverified: [
    {
      name: "cluster and provider are in another stack",
      stack: wired({ cluster: null, kubernetes: null, oidcProvider: null }),
      waits: [`whether account "${ACCOUNT}" has an OIDC provider for the issuer "${ISSUER}"`],
    },
  ],
});

function githubRole() {
  const issuer = "token.actions.githubusercontent.com";
  return resource(ROLE, "deploy", {
    name: "deploy",
    assumeRolePolicy: trust({ issuer, sub: "repo:shop/shop:ref:refs/heads/main" }),
  });
}
