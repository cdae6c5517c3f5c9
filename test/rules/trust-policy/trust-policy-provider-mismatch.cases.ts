import type { Snapshot } from "../../../policy-pack/src/model/snapshot";
import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-provider-mismatch";
import { cases } from "../../support/cases";
import {
  ENDPOINT,
  firstPreview,
  ISSUER,
  kubeconfig,
  kubernetesProvider,
  OTHER_ISSUER,
  PROVIDER_ARN,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  withUnknownIssuer,
} from "../../support/stack";
import { account, allow, conditions, OTHER_PROVIDER, otherCluster, policy } from "./support";

const both = policy(
  allow(conditions()),
  allow(
    { StringEquals: { [`${OTHER_ISSUER}:aud`]: "sts.amazonaws.com", [`${OTHER_ISSUER}:sub`]: SUBJECT } },
    {},
    OTHER_ISSUER,
  ),
);
const RANDOM = urnOf("random:index/randomId:RandomId", "id");
const THERE = {
  urn: urnOf("pulumi:providers:aws", "there"),
  type: "pulumi:providers:aws",
  name: "there",
  inputs: { region: "eu-west-1" },
};
/** The Kubernetes resources go wherever the kubeconfig of whoever runs Pulumi leads. */
const ambient = { kubernetes: { kubeconfig: undefined } };
const STRANGE = "oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210";
/** An account without a role, on the cluster of the stack. */
const plain = resource(
  "kubernetes:core/v1:ServiceAccount",
  "plain",
  { metadata: { name: "plain", namespace: "shop" } },
  { from: { metadata: [urns.namespace] }, provider: kubernetesProvider("own", { kubeconfig: kubeconfig(ENDPOINT) }) },
);

/** The cluster stands, and Pulumi does not know its endpoint, as in an update that changes it. */
const withUnknownEndpoint = (stack: Snapshot): Snapshot => ({
  ...stack,
  resources: stack.resources.map((each) =>
    each.urn === urns.cluster ? { ...each, outputs: { ...each.outputs, endpoint: UNKNOWN } } : each,
  ),
});

export default cases(rule, {
  invalid: [
    {
      name: "the role trusts the other cluster of the stack",
      covers: ["trust-principal-provider-mismatch"],
      stack: wired({
        role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
        plus: otherCluster("known", "web").slice(0, 3),
        edges: { "role.assumeRolePolicy": [OTHER_PROVIDER] },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `ServiceAccount "shop/api" lives on EKS cluster "shop", "${ISSUER}", but role "api-irsa" trusts another OIDC provider only, that of EKS cluster "other" ("${OTHER_ISSUER}").`,
          fix: `Trust the provider of EKS cluster "shop": {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "the role trusts the provider of the cluster, the account lives on another: at the first preview, by wiring",
      covers: ["trust-principal-provider-mismatch"],
      stack: firstPreview({ plus: otherCluster("first") }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy" },
          says: 'ServiceAccount "shop/api" lives on EKS cluster "other", but role "api-irsa" trusts another OIDC provider only, that of EKS cluster "shop".',
          fix: 'Build the trust policy from the OIDC provider of EKS cluster "other", or move the account to EKS cluster "shop".',
        },
      ],
    },
    {
      name: "the same with every value known",
      covers: ["trust-principal-provider-mismatch"],
      stack: wired({ plus: otherCluster("known") }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `ServiceAccount "shop/api" lives on EKS cluster "other", "${OTHER_ISSUER}", but role "api-irsa" trusts another OIDC provider only, that of EKS cluster "shop" ("${ISSUER}").`,
          fix: `Trust the provider of EKS cluster "other": {"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/${OTHER_ISSUER}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${OTHER_ISSUER}:aud":"sts.amazonaws.com","${OTHER_ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "the role trusts a cluster that this stack does not know",
      covers: ["trust-principal-provider-mismatch"],
      stack: wired({ role: { assumeRolePolicy: trust({ issuer: STRANGE }) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `ServiceAccount "shop/api" lives on EKS cluster "shop", "${ISSUER}", but role "api-irsa" trusts another OIDC provider only, that of "oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210".`,
          fix: `Trust the provider of EKS cluster "shop": {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "only the principal is that of another cluster, the keys are right",
      covers: ["trust-principal-provider-mismatch"],
      stack: wired({
        role: {
          assumeRolePolicy: trust({ provider: `arn:aws:iam::111122223333:oidc-provider/${OTHER_ISSUER}` }),
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `ServiceAccount "shop/api" lives on EKS cluster "shop", "${ISSUER}", but role "api-irsa" trusts another OIDC provider only, that of "${OTHER_ISSUER}".`,
          fix: `Trust the provider of EKS cluster "shop": {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "the provider is in another account than the role",
      covers: ["trust-principal-account-mismatch"],
      stack: wired({
        role: { assumeRolePolicy: trust({ provider: `arn:aws:iam::444455556666:oidc-provider/${ISSUER}` }) },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: 'ServiceAccount "shop/api" uses role "api-irsa", which is in account "111122223333" but trusts the OIDC provider of EKS cluster "shop" in account "444455556666".',
          fix: `Make an OIDC provider for the issuer in account "111122223333" and trust it: {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "the cluster is new, and the role trusts one that exists",
      covers: ["trust-principal-provider-mismatch"],
      stack: firstPreview({
        role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
        config: { clusters: [{ name: "old", issuer: `https://${OTHER_ISSUER}` }] },
        edges: { "role.assumeRolePolicy": [] },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `ServiceAccount "shop/api" lives on EKS cluster "shop", but role "api-irsa" trusts another OIDC provider only, that of EKS cluster "old" ("${OTHER_ISSUER}").`,
          fix: 'Build the trust policy from the OIDC provider of EKS cluster "shop", or move the account to EKS cluster "old".',
        },
      ],
    },
    {
      name: "two accounts on the wrong cluster",
      covers: ["trust-principal-provider-mismatch"],
      stack: wired({ role: { assumeRolePolicy: trust({ issuer: STRANGE }) }, plus: [account("web")] }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `ServiceAccount "shop/api" and ServiceAccount "shop/web" live on EKS cluster "shop", "${ISSUER}", but role "api-irsa" trusts another OIDC provider only, that of "oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210".`,
          fix: `Trust the provider of EKS cluster "shop": {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":["system:serviceaccount:shop:api","system:serviceaccount:shop:web"]}}}.`,
        },
      ],
    },
    {
      name: "the provider is in another account than a role that nobody here uses",
      covers: ["trust-principal-account-mismatch"],
      stack: wired({
        role: { assumeRolePolicy: trust({ provider: `arn:aws:iam::444455556666:oidc-provider/${ISSUER}` }) },
        serviceAccount: null,
        deployment: null,
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `Role "api-irsa" is in account "111122223333" but trusts the OIDC provider of the issuer "${ISSUER}" in account "444455556666".`,
          fix: 'Make an OIDC provider for the issuer in account "111122223333" and trust it: its arn.',
        },
      ],
    },
    {
      name: "the role kept the issuer of the cluster before this one, and the kubeconfig is the operator's",
      covers: ["trust-principal-provider-mismatch"],
      stack: wired({
        ...ambient,
        role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
        edges: { "role.assumeRolePolicy": [], "kubernetes.kubeconfig": [] },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          level: "advisory",
          says: `ServiceAccount "shop/api" uses role "api-irsa", which trusts the OIDC provider of "${STRANGE}" only, but the cluster that this stack makes is EKS cluster "shop", "${ISSUER}".`,
          fix: `If the pods run on EKS cluster "shop", trust its provider: {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}; else give the Kubernetes resources a provider with the kubeconfig of their cluster.`,
        },
      ],
    },
    {
      name: "the trusted provider is in another account than the role, while the issuer of the cluster is not known",
      stack: withUnknownIssuer(
        wired({
          role: { assumeRolePolicy: trust({ provider: PROVIDER_ARN.replace("111122223333", "444455556666") }) },
        }),
      ),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: 'ServiceAccount "shop/api" uses role "api-irsa", which is in account "111122223333" but trusts the OIDC provider of EKS cluster "shop" in account "444455556666".',
          fix: 'Make an OIDC provider for the issuer in account "111122223333" and trust it: its arn.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "the kubeconfig is the operator's, and the role trusts the cluster of this stack",
      stack: wired({ ...ambient, edges: { "kubernetes.kubeconfig": [] } }),
    },
    {
      name: "other resources reach the cluster of this stack by a provider, so that the operator's kubeconfig is another's",
      stack: wired({
        ...ambient,
        role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
        plus: [plain],
        edges: { "role.assumeRolePolicy": [], "kubernetes.kubeconfig": [] },
      }),
    },
    {
      name: "other resources may reach the cluster of this stack by a provider whose kubeconfig is not known yet",
      stack: wired({
        ...ambient,
        role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
        plus: [{ ...plain, provider: kubernetesProvider("own", { kubeconfig: UNKNOWN }) }],
        edges: { "role.assumeRolePolicy": [], "kubernetes.kubeconfig": [] },
      }),
    },
    {
      name: "other resources may reach the cluster of this stack, whose endpoint is not known, by the kubeconfig that they have",
      stack: withUnknownEndpoint(
        wired({
          ...ambient,
          role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
          plus: [plain],
          edges: { "role.assumeRolePolicy": [], "kubernetes.kubeconfig": [] },
        }),
      ),
    },
    {
      name: "the stack makes a cluster without an OIDC provider, and configures another by the operator's kubeconfig",
      stack: wired({
        ...ambient,
        oidcProvider: null,
        role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
        edges: { "role.assumeRolePolicy": [], "kubernetes.kubeconfig": [] },
      }),
    },
    {
      name: "the stack makes a cluster, and the kubeconfig and the issuer are those of one in another region",
      stack: wired({
        ...ambient,
        role: { assumeRolePolicy: trust({ issuer: STRANGE.replace("eu-west-1", "us-east-1") }) },
        edges: { "role.assumeRolePolicy": [], "kubernetes.kubeconfig": [] },
      }),
    },
    {
      name: "the stack makes a cluster for roles of its own, and configures another by the operator's kubeconfig",
      stack: wired({
        ...ambient,
        role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
        plus: [
          resource("aws:iam/role:Role", "own", {
            name: "own",
            assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:own" }),
            managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
          }),
        ],
        edges: { "role.assumeRolePolicy": [], "kubernetes.kubeconfig": [] },
      }),
    },
    {
      name: "the issuer of the cluster that the operator's kubeconfig leads to comes from the stack that makes it",
      stack: wired({
        ...ambient,
        role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
        plus: [resource("pulumi:pulumi:StackReference", "platform", { name: "acme/platform/prod" })],
        edges: {
          "role.assumeRolePolicy": [urnOf("pulumi:pulumi:StackReference", "platform")],
          "kubernetes.kubeconfig": [],
        },
      }),
    },
    {
      name: "the account's provider names a context of the operator's kubeconfig, which may be that of another cluster",
      stack: wired({
        kubernetes: { kubeconfig: undefined, context: "production" },
        role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
        edges: { "role.assumeRolePolicy": [], "kubernetes.kubeconfig": [] },
      }),
    },
    { name: "a statement for each of two clusters", stack: wired({ role: { assumeRolePolicy: both } }) },
    {
      name: "the role and a provider for the cluster's issuer are in another account",
      stack: wired({
        oidcProvider: null,
        plus: [
          resource(
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "there",
            { url: `https://${ISSUER}`, clientIdLists: ["sts.amazonaws.com"] },
            {
              from: { url: [urns.cluster] },
              provider: THERE,
              outputs: { url: ISSUER, arn: `arn:aws:iam::444455556666:oidc-provider/${ISSUER}` },
            },
          ),
          resource(
            "aws:iam/role:Role",
            "there",
            {
              name: "there",
              assumeRolePolicy: trust({ provider: `arn:aws:iam::444455556666:oidc-provider/${ISSUER}` }),
              managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            {
              provider: THERE,
              outputs: {
                name: "there",
                arn: ROLE_ARN.replace("111122223333:role/api-irsa", "444455556666:role/there"),
              },
              from: { assumeRolePolicy: [urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "there")] },
            },
          ),
        ],
        role: null,
        attachment: null,
        serviceAccount: {
          metadata: {
            annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::444455556666:role/there" },
          },
        },
        edges: { "serviceAccount.metadata": [urnOf("aws:iam/role:Role", "there"), urns.namespace] },
      }),
    },
    { name: "at the first preview the edges lead to the account's own cluster", stack: firstPreview() },
    {
      name: "at the first preview the role takes the providers of both clusters",
      stack: firstPreview({
        plus: otherCluster("first").slice(0, 3),
        edges: { "role.assumeRolePolicy": [urns.oidcProvider, OTHER_PROVIDER] },
      }),
    },
  ],
  unverified: [
    {
      name: "the policy was built by an invoke, so that no edge tells where it came from",
      stack: firstPreview({ edges: { "role.assumeRolePolicy": [] } }),
      waits: ['the trust policy of role "api-irsa"'],
    },
    {
      name: "the policy also came from a resource that the pack does not know",
      stack: firstPreview({
        plus: [
          ...otherCluster("first").slice(0, 3),
          resource("random:index/randomId:RandomId", "id", { byteLength: 4 }),
        ],
        edges: { "role.assumeRolePolicy": [OTHER_PROVIDER, RANDOM] },
      }),
      waits: ['the trust policy of role "api-irsa"'],
    },
    {
      name: "the role trusts an issuer by its text while the cluster is not made yet",
      stack: firstPreview({
        role: { assumeRolePolicy: trust({ issuer: STRANGE }) },
        edges: { "role.assumeRolePolicy": [] },
      }),
      waits: ['the issuer of EKS cluster "shop"'],
    },
  ],
});
