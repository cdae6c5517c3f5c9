import { DEFAULT_CONFIG, type ExpectedServiceAccount } from "../../policy-pack/src/model/config";
import type { Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { resource, TODAY, urnOf } from "../support/stack";
import type { ClusterPlan, StackPlan } from "./plan";
import { bindingResources } from "./bindings";
import { awsProvider, computed, partitionOf, type BuiltCluster, type Mode, type Provider } from "./cloud";

const ACCOUNTS = { own: "111122223333", other: "444455556666" } as const;

/** The snapshot of a correct program. */
export function buildStack(plan: StackPlan, mode: Mode): Snapshot {
  const clusters = plan.clusters.map((each, index) => buildCluster(each, index, mode));
  const expected: ExpectedServiceAccount[] = [];
  const bindings = plan.bindings.flatMap((binding, index) => {
    const cluster = clusters[binding.cluster % clusters.length];
    return cluster ? bindingResources({ plan: binding, cluster, index, mode, expected }) : [];
  });
  const [first] = clusters;
  const extras = first ? extraResources(plan, first, mode) : [];
  const resources = unique([...clusters.flatMap((each) => each.resources), ...bindings, ...extras]);
  return { format: 1, today: TODAY, config: { ...DEFAULT_CONFIG, expectServiceAccounts: expected }, resources };
}

function buildCluster(plan: ClusterPlan, index: number, mode: Mode): BuiltCluster {
  const name = ["prod", "stage", "lab"][index] ?? "more";
  const partition = partitionOf(plan.region);
  const id = String.fromCharCode(65 + index).repeat(32);
  const issuer = `oidc.eks.${plan.region}.${partition === "aws" ? "amazonaws.com" : "amazonaws.com.cn"}/id/${id}`;
  const endpoint = `https://${id}.gr7.${plan.region}.eks.${partition === "aws" ? "amazonaws.com" : "amazonaws.com.cn"}`;
  const roleAccount = plan.roles === "own account" ? ACCOUNTS.own : ACCOUNTS.other;
  const provider = awsProvider("aws", ACCOUNTS.own, plan);
  const native = awsProvider("aws-native", ACCOUNTS.own, plan);
  const type = plan.form === "aws-native" ? "aws-native:eks:Cluster" : "aws:eks/cluster:Cluster";
  const component = plan.form === "eks" ? urnOf("eks:index:Cluster", name) : undefined;
  const clusterUrn = urnOf(type, name);
  const urn = component ?? clusterUrn;
  const shape =
    plan.form === "aws-native"
      ? { openIdConnectIssuerUrl: computed(`https://${issuer}`, mode) }
      : { identities: computed([{ oidcs: [{ issuer: `https://${issuer}` }] }], mode) };
  const inputs = { name, roleArn: `arn:${partition}:iam::${ACCOUNTS.own}:role/eks`, version: "1.33" };
  const cluster = resource(type, name, inputs, {
    provider: plan.form === "aws-native" ? native : provider,
    ...(component ? { parent: component } : {}),
    outputs: {
      ...inputs,
      ...shape,
      id: computed(name, mode),
      arn: computed(`arn:${partition}:eks:${plan.region}:${ACCOUNTS.own}:cluster/${name}`, mode),
      endpoint: computed(endpoint, mode),
    },
  });

  const oidcType =
    plan.oidc === "native" ? "aws-native:iam:OidcProvider" : "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
  const clientIds = plan.oidc === "native" ? "clientIdList" : "clientIdLists";
  const url = computed(`https://${issuer}`, mode);
  const providerArn = `arn:${partition}:iam::${roleAccount}:oidc-provider/${issuer}`;
  const oidc = resource(
    oidcType,
    name,
    { url, [clientIds]: ["sts.amazonaws.com"] },
    {
      provider: awsProvider(plan.oidc === "native" ? "aws-native" : "aws", roleAccount, plan),
      from: { url: [clusterUrn] },
      // The component's own provider is in the component's account, so a cross-account one is the program's.
      ...(component && roleAccount === ACCOUNTS.own ? { parent: component } : {}),
      outputs: {
        url: computed(plan.oidc === "native" ? `https://${issuer}` : issuer, mode),
        [clientIds]: ["sts.amazonaws.com"],
        arn: computed(providerArn, mode),
      },
    },
  );
  const ownProvider = component !== undefined && roleAccount === ACCOUNTS.own;
  const componentResource = component
    ? [
        resource(
          "eks:index:Cluster",
          name,
          { createOidcProvider: ownProvider },
          {
            provider: undefined,
            outputs: {
              oidcIssuer: computed(issuer, mode),
              oidcProviderArn: ownProvider ? computed(providerArn, mode) : "",
            },
          },
        ),
      ]
    : [];
  const kubernetes: Provider = {
    urn: urnOf("pulumi:providers:kubernetes", name),
    type: "pulumi:providers:kubernetes",
    name,
    inputs: { kubeconfig: computed(`clusters:\n- cluster:\n    server: ${endpoint}\n  name: ${name}\n`, mode) },
  };
  return {
    plan,
    name,
    partition,
    issuer,
    roleAccount,
    providerArn,
    trustFrom: [oidc.urn, clusterUrn],
    urn,
    kubernetes,
    roleProvider: awsProvider("aws", roleAccount, plan),
    resources: [
      ...componentResource,
      cluster,
      oidc,
      resource("pulumi:providers:kubernetes", name, kubernetes.inputs, {
        provider: undefined,
        from: { kubeconfig: [urn] },
      }),
    ],
  };
}

function extraResources(plan: StackPlan, cluster: BuiltCluster, mode: Mode): readonly SnapshotResource[] {
  const provider = awsProvider("aws", ACCOUNTS.own, cluster.plan);
  const kubernetes = { provider: cluster.kubernetes };
  const account = { metadata: { name: "agent", namespace: "agents" } };
  return [
    ...(plan.addon
      ? [
          resource(
            "aws:eks/addon:Addon",
            "dns",
            { addonName: "coredns", clusterName: cluster.name },
            { provider, from: { clusterName: [cluster.urn] } },
          ),
        ]
      : []),
    ...(plan.association
      ? [
          resource("kubernetes:core/v1:ServiceAccount", "agent", account, kubernetes),
          resource(
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "agent",
            {
              clusterName: cluster.name,
              namespace: "agents",
              serviceAccount: "agent",
              roleArn: `arn:${cluster.partition}:iam::${ACCOUNTS.own}:role/agent`,
            },
            { provider, from: { clusterName: [cluster.urn] } },
          ),
        ]
      : []),
    ...(plan.release
      ? [
          resource(
            "kubernetes:helm.sh/v3:Release",
            "ingress",
            { chart: "ingress-nginx", namespace: "ingress", values: { controller: { replicaCount: 2 } } },
            kubernetes,
          ),
        ]
      : []),
    ...(plan.strangers ? strangers(provider, cluster.kubernetes, mode, cluster.partition) : []),
  ];
}

/** What stands beside the chain in most programs. */
export function strangers(
  aws: Provider | undefined,
  kubernetes: Provider,
  mode: Mode,
  partition = "aws",
): readonly SnapshotResource[] {
  const github = "token.actions.githubusercontent.com";
  const issuer = `arn:${partition}:iam::${ACCOUNTS.own}:oidc-provider/${github}`;
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: issuer },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringLike: { [`${github}:sub`]: "repo:example/shop:*" } },
      },
    ],
  });
  return [
    resource("aws:s3/bucket:Bucket", "assets", { bucket: "assets" }, { provider: aws }),
    resource(
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      "github",
      { url: `https://${github}`, clientIdLists: ["sts.amazonaws.com"] },
      { provider: aws, outputs: { url: github, arn: computed(issuer, mode) } },
    ),
    resource("aws:iam/role:Role", "deploy", { name: "deploy", assumeRolePolicy }, { provider: aws }),
    resource(
      "kubernetes:core/v1:ConfigMap",
      "flags",
      { metadata: { name: "flags", namespace: "elsewhere" }, data: { COLOUR: "blue" } },
      { provider: kubernetes },
    ),
    resource(
      "kubernetes:core/v1:Service",
      "front",
      { metadata: { name: "front", namespace: "elsewhere" }, spec: { ports: [{ port: 80 }] } },
      { provider: kubernetes },
    ),
  ];
}

/** Two bindings may both declare their namespace; a program declares it once. */
function unique(resources: readonly SnapshotResource[]): readonly SnapshotResource[] {
  return [...new Map(resources.map((each) => [each.urn, each])).values()];
}
