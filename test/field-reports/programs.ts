import { resource, urnOf } from "../support/stack";
import { kubernetes } from "./pods";
import { policy, program, web, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const component = kubernetes({ name: "prod", region: "eu-west-1", form: "component" });
const bare = kubernetes({ name: "prod", region: "eu-west-1", form: "component", provider: null });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const IDP = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const subject = "system:serviceaccount:shop:api";
const infra = resource("pulumi:pulumi:StackReference", "infra", { name: "acme/infra/prod" });
const OTHER = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const ambient = {
  urn: urnOf("pulumi:providers:kubernetes", "default"),
  type: "pulumi:providers:kubernetes",
  name: "default",
  inputs: {},
};
/** An account that the kubeconfig of whoever runs Pulumi leads to. */
const account = (arn: string, from: readonly string[]) =>
  resource(
    "kubernetes:core/v1:ServiceAccount",
    "shop-api",
    { metadata: { name: "api", namespace: "shop", annotations: { [ROLE_ARN]: arn } } },
    { provider: ambient, from: { metadata: from } },
  );
const ofOther = web(`arn:aws:iam::${k.awsAccount}:oidc-provider/${OTHER}`, {
  StringEquals: { [`${OTHER}:sub`]: subject, [`${OTHER}:aud`]: "sts.amazonaws.com" },
});

const reports: Reports = {
  broken: [
    {
      name: "a cluster of pulumi-eks whose provider nobody asked for",
      source: "pulumi/pulumi-eks#318",
      stack: program([
        bare.base,
        bare.namespace("shop"),
        bare.roleFor("shop", "api"),
        bare.account("shop", "api", bare.arnOf("api")),
        bare.pods("Deployment", "shop", "api", "api"),
      ]),
      finds: ["oidc-provider-not-found advisory"],
      at: ["Cluster prod"],
    },
    {
      name: "the certificate's fingerprint with a prefix, in a cluster of pulumi-eks' first days",
      source: "pulumi/pulumi-eks#342",
      stack: (() => {
        const old = kubernetes({
          name: "prod",
          region: "eu-west-1",
          provider: {
            thumbprintLists: ["sha1 Fingerprint=9E:99:A4:8A:99:60:B1:49:26:BB:7F:3B:02:E2:2D:A2:B0:AB:72:80"],
          },
        });
        return program([old.base, old.roleFor("shop", "api"), old.account("shop", "api", old.arnOf("api"))]);
      })(),
      finds: ["oidc-provider-thumbprint-invalid mandatory"],
      at: ["OpenIdConnectProvider prod-oidc"],
    },
  ],
  working: [
    {
      name: "a cluster of pulumi-eks with createOidcProvider, an account and its pods",
      source: "pulumi/pulumi-eks#319",
      stack: program([
        component.base,
        component.namespace("shop"),
        component.roleFor("shop", "api"),
        component.account("shop", "api", component.arnOf("api")),
        component.pods("Deployment", "shop", "api", "api"),
      ]),
    },
    {
      name: "a cluster of pulumi-eks without createOidcProvider, and a provider of the program's own",
      source: "pulumi/pulumi-eks#1495 (comments)",
      stack: program([
        bare.base,
        [
          resource(
            IDP,
            "own",
            { url: `https://${bare.issuer}`, clientIdLists: ["sts.amazonaws.com"] },
            {
              provider: bare.aws,
              from: { url: [urnOf("eks:index:Cluster", "prod")] },
              outputs: { arn: bare.providerArn, url: bare.issuer },
            },
          ),
        ],
        bare.namespace("shop"),
        bare.roleFor("shop", "api"),
        bare.account("shop", "api", bare.arnOf("api")),
      ]),
    },
    {
      name: "a cluster of pulumi-eks for Pod Identity alone",
      source: "pulumi/pulumi-eks documentation, PodIdentityAssociation",
      stack: program([
        bare.base,
        bare.namespace("shop"),
        bare.role(
          "api",
          policy({
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Condition: {
              StringEquals: { "aws:SourceAccount": bare.awsAccount },
              ArnEquals: { "aws:SourceArn": `arn:aws:eks:eu-west-1:${bare.awsAccount}:cluster/prod` },
            },
          }),
          { from: [] },
        ),
        bare.account("shop", "api"),
        bare.pods("Deployment", "shop", "api", "api"),
        [
          bare.of(
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "api",
            { clusterName: "prod", namespace: "shop", serviceAccount: "api", roleArn: bare.arnOf("api") },
            { clusterName: [bare.clusterUrn], roleArn: [urnOf("aws:iam/role:Role", "api")] },
          ),
        ],
      ]),
    },
    {
      name: "the account takes the ARN of its role from the stack that makes it",
      source: "Pulumi documentation, StackReference.getOutput in an annotation",
      stack: program([[infra, account("arn:aws:iam::111122223333:role/api-of-infra", [infra.urn])]]),
    },
    {
      name: "a stack makes a new cluster, and keeps on configuring the old one by the operator's kubeconfig",
      source: "aws/containers-roadmap#1408 (comments), a move between clusters",
      stack: program([
        k.base,
        [infra],
        k.role("api", ofOther, { from: [infra.urn] }),
        [account(k.arnOf("api"), [urnOf("aws:iam/role:Role", "api")])],
      ]),
    },
    {
      name: "a stack makes a cluster for others, and has its own account on the hub",
      source: "Argo CD documentation, a hub and its spokes",
      stack: program([
        kubernetes({ name: "spoke", region: "eu-west-1", provider: null }).base,
        k.role("api", ofOther, { from: [] }),
        [account(k.arnOf("api"), [urnOf("aws:iam/role:Role", "api")])],
      ]),
    },
    {
      name: "a forced patch of the account that the CNI's manifest made",
      source: "Pulumi Kubernetes documentation, pulumi.com/patchForce",
      stack: program([
        k.base,
        k.roleFor("kube-system", "aws-node"),
        k.account("kube-system", "aws-node", {
          patch: true,
          annotations: { [ROLE_ARN]: k.arnOf("aws-node"), "pulumi.com/patchForce": "true" },
        }),
      ]),
    },
    {
      name: "Fargate: a role for its profile beside that of the pods",
      source: "pulumi/pulumi-eks, fargate: true",
      stack: program([
        component.base,
        component.namespace("shop"),
        component.roleFor("shop", "api"),
        component.account("shop", "api", component.arnOf("api")),
        component.role(
          "fargate",
          policy({
            Effect: "Allow",
            Principal: { Service: "eks-fargate-pods.amazonaws.com" },
            Action: "sts:AssumeRole",
          }),
          { from: [], policies: ["arn:aws:iam::aws:policy/AmazonEKSFargatePodExecutionRolePolicy"] },
        ),
        component.pods("Deployment", "shop", "api", "api"),
      ]),
    },
  ],
};

export default reports;
