import type { Value } from "../../policy-pack/src/facts/value";
import { DEFAULT_CONFIG, type ContextConfig } from "../../policy-pack/src/model/config";
import type { Properties, Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Level } from "../../policy-pack/src/rules/rule";
import { kubeconfig, resource, TODAY, urnOf } from "../support/stack";

/** A set-up that somebody reported as broken, in our own words, with all that the pack is to say of it. */
export interface BrokenReport {
  readonly name: string;
  /** Where it was reported: a repository and issue number, or the title of a document. */
  readonly source: string;
  readonly stack: Snapshot;
  /** Rule ids with the level, in the order of the rules: `trust-policy-invalid mandatory`. */
  readonly finds: readonly `${string} ${Level}`[];
  /** The resources to mend, in the same order: `Role api`, `ServiceAccount shop-api`, by the last part of their types. */
  readonly at?: readonly string[];
  /** The rule that tells the same fault while the values are unknown, where it is another one. */
  readonly early?: string;
}

/** A set-up that works, as a document or example teaches it. */
export interface WorkingReport {
  readonly name: string;
  readonly source: string;
  readonly stack: Snapshot;
  /** Advisory findings that a careful reviewer would make too, by rule id, each with the reason. */
  readonly accepts?: Readonly<Record<string, string>>;
}

export interface Reports {
  readonly broken: readonly BrokenReport[];
  readonly working: readonly WorkingReport[];
}

export const DEPLOYER = "111122223333";

/** `Role api` for `urn:pulumi:dev::shop::aws:iam/role:Role::api`. */
export function shortOf(urn: string): string {
  const [, , type = "", name = ""] = urn.split("::");
  return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}

export interface ClusterOptions {
  readonly name?: string;
  readonly account?: string;
  readonly region?: string;
  readonly suffix?: string;
  readonly partition?: string;
  /** The id at the end of the issuer. */
  readonly id?: string;
  /** aws: aws.eks.Cluster. native: aws-native. component: eks.Cluster of the pulumi-eks package. none: a cluster of another stack. */
  readonly form?: "aws" | "native" | "component" | "none";
  /** Replaces inputs of the IAM OIDC provider; `null`: the stack makes none. */
  readonly provider?: Properties | null;
  readonly inputs?: Properties;
}

export type Part = SnapshotResource;

/** An EKS cluster with its IAM OIDC provider, and the makers of what lives on it. */
export function eks(options: ClusterOptions = {}) {
  const { name = "prod", region = "us-east-1", form = "aws", suffix = "amazonaws.com", partition = "aws" } = options;
  const account = options.account ?? DEPLOYER;
  const id = options.id ?? "3B5C0A8E7D6F41529AB0C1D2E3F40516";
  const issuer = `oidc.eks.${region}.${suffix}/id/${id}`;
  const providerArn = `arn:${partition}:iam::${account}:oidc-provider/${issuer}`;
  const endpoint = `https://${id}.gr7.${region}.eks.${suffix}`;
  const aws = awsProvider(account, region);
  const native = form === "native";
  const component = form === "component" ? urnOf("eks:index:Cluster", name) : undefined;
  const type = native ? "aws-native:eks:Cluster" : "aws:eks/cluster:Cluster";
  const clusterName = form === "component" ? `${name}-eksCluster` : name;
  const clusterUrn = urnOf(type, clusterName);
  const from = component ?? clusterUrn;
  const arn = `arn:${partition}:eks:${region}:${account}:cluster/${name}`;
  const inputs = { name, roleArn: `arn:${partition}:iam::${account}:role/eks`, version: "1.33", ...options.inputs };
  const cluster = resource(type, clusterName, inputs, {
    provider: aws,
    ...(component ? { parent: component } : {}),
    outputs: native
      ? { ...inputs, arn, endpoint, openIdConnectIssuerUrl: `https://${issuer}` }
      : { ...inputs, arn, endpoint, identities: [{ oidcs: [{ issuer: `https://${issuer}` }] }] },
  });
  const makesProvider = options.provider !== null;
  const componentInputs = { createOidcProvider: makesProvider };
  const components = component
    ? [
        resource("eks:index:Cluster", name, componentInputs, {
          provider: undefined,
          outputs: {
            ...componentInputs,
            oidcIssuer: issuer,
            oidcProviderUrl: `https://${issuer}`,
            oidcProviderArn: makesProvider ? providerArn : "",
            kubeconfigJson: kubeconfig(endpoint),
          },
        }),
      ]
    : [];
  const providerType = native ? "aws-native:iam:OidcProvider" : "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
  const providerName = component ? `${name}-oidcProvider` : `${name}-oidc`;
  const providerUrn = urnOf(providerType, providerName);
  const url = `https://${issuer}`;
  const providerInputs: Properties = native
    ? { url, clientIdList: ["sts.amazonaws.com"], ...options.provider }
    : { url, clientIdLists: ["sts.amazonaws.com"], ...options.provider };
  const providers = makesProvider
    ? [
        resource(providerType, providerName, providerInputs, {
          provider: aws,
          ...(component ? { parent: component } : {}),
          ...(form === "none" || options.provider?.["url"] ? {} : { from: { url: [clusterUrn] } }),
          outputs: {
            ...providerInputs,
            arn: `arn:${partition}:iam::${account}:oidc-provider/${textOf(providerInputs["url"]).replace(/^https:\/\//, "")}`,
          },
        }),
      ]
    : [];
  const kubernetes = { urn: urnOf("pulumi:providers:kubernetes", name), type: "pulumi:providers:kubernetes", name };
  const kubernetesInputs = { kubeconfig: kubeconfig(endpoint) };
  const kubernetesProvider = { ...kubernetes, inputs: kubernetesInputs };
  const base: readonly Part[] = [
    ...components,
    ...(form === "none" ? [] : [cluster]),
    ...providers,
    resource("pulumi:providers:kubernetes", name, kubernetesInputs, {
      provider: undefined,
      ...(form === "none" ? {} : { from: { kubeconfig: [from] } }),
    }),
  ];
  const trusted = form === "none" ? [] : component ? [component] : makesProvider ? [providerUrn] : [clusterUrn];
  return {
    name,
    account,
    partition,
    issuer,
    providerArn,
    providerUrn,
    clusterUrn,
    aws,
    base,
    /** The conditions that every guide shows: subject and audience of one account, under one operator. */
    exact: (sub: Value, aud: Value = "sts.amazonaws.com"): Value => ({
      StringEquals: { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud },
    }),
    /** A trust policy for this cluster's provider. */
    trust: (condition?: Value, more: Statement = {}): string => web(providerArn, condition, more),
    /** A role with one AWS managed policy attached. */
    role: (roleName: string, trust: Value, more: RoleOptions = {}): readonly Part[] =>
      role(roleName, trust, { aws, account, partition, from: trusted, native, ...more }),
    /** A ServiceAccount that carries the ARN of a role of this program, or a literal annotation. */
    account_: (namespace: string, account_: string, roleArn: string, more: Properties = {}): readonly Part[] => {
      const source = /role\/(?:.*\/)?([^/]+)$/.exec(roleArn)?.[1] ?? roleArn;
      return [
        resource(
          "kubernetes:core/v1:ServiceAccount",
          `${name}-${namespace}-${account_}`,
          {
            metadata: { name: account_, namespace, annotations: { "eks.amazonaws.com/role-arn": roleArn }, ...more },
          },
          { provider: kubernetesProvider, from: { metadata: roleUrns(source) } },
        ),
      ];
    },
    deployment: (namespace: string, account_: string, template: Properties = {}): readonly Part[] => [
      resource(
        "kubernetes:apps/v1:Deployment",
        `${name}-${namespace}-${account_}`,
        {
          metadata: { name: account_, namespace },
          spec: {
            selector: { matchLabels: { app: account_ } },
            template: {
              metadata: { labels: { app: account_ }, annotations: { "example.com/identity": "5f1d" } },
              spec: {
                serviceAccountName: account_,
                securityContext: { runAsNonRoot: true, fsGroup: 1000 },
                containers: [{ name: "app", image: "example.com/team/app:1.4.2" }],
                ...template,
              },
            },
          },
        },
        {
          provider: kubernetesProvider,
          from: { spec: [urnOf("kubernetes:core/v1:ServiceAccount", `${name}-${namespace}-${account_}`)] },
        },
      ),
    ],
    chart: (chart: string, namespace: string, values: Properties, from_: readonly string[] = []): readonly Part[] => [
      resource(
        "kubernetes:helm.sh/v3:Release",
        chart,
        { chart, namespace, values },
        { provider: kubernetesProvider, from: { values: from_.flatMap(roleUrns) } },
      ),
    ],
    addon: (addonName: string, roleArn: string): readonly Part[] => [
      resource(
        native ? "aws-native:eks:Addon" : "aws:eks/addon:Addon",
        addonName,
        { addonName, clusterName: name, serviceAccountRoleArn: roleArn },
        {
          provider: aws,
          from: { serviceAccountRoleArn: roleUrns(roleArn.split("/").at(-1) ?? ""), clusterName: [clusterUrn] },
        },
      ),
    ],
    arnOf: (roleName: string) => `arn:${partition}:iam::${account}:role/${roleName}`,
    kubernetesProvider,
  };
}

/** Either package's role of that name: those that are not in the program are pruned away. */
function roleUrns(name: string): readonly string[] {
  return [urnOf("aws:iam/role:Role", name), urnOf("aws-native:iam:Role", name)];
}

export function awsProvider(account: string, region: string): NonNullable<SnapshotResource["provider"]> {
  const name = `${account}-${region}`;
  const inputs = { region, allowedAccountIds: [account] };
  return { urn: urnOf("pulumi:providers:aws", name), type: "pulumi:providers:aws", name, inputs };
}

export type Statement = { readonly [key: string]: Value };

export function web(federated: Value, condition?: Value, more: Statement = {}): string {
  return policy({
    Effect: "Allow",
    Principal: { Federated: federated },
    Action: "sts:AssumeRoleWithWebIdentity",
    ...(condition === undefined ? {} : { Condition: condition }),
    ...more,
  });
}

export function policy(...statements: readonly Value[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A permissions policy that allows some actions on one bucket. */
export function allow(...actions: readonly string[]): string {
  const bucket = "arn:aws:s3:::reports-example";
  return policy({ Effect: "Allow", Action: actions, Resource: [bucket, `${bucket}/*`] });
}

export interface RoleOptions {
  readonly aws?: SnapshotResource["provider"];
  readonly account?: string;
  readonly partition?: string;
  readonly native?: boolean;
  /** Where the trust policy came from; the cluster's provider unless given. */
  readonly from?: readonly string[];
  readonly inputs?: Properties;
  /** ARNs of managed policies to attach; `[]` for none. */
  readonly policies?: readonly string[];
  readonly roleName?: string;
}

export function role(name: string, trust: Value, options: RoleOptions): readonly Part[] {
  const { account = DEPLOYER, partition = "aws", native = false, aws = awsProvider(account, "us-east-1") } = options;
  const policies = options.policies ?? [`arn:${partition}:iam::aws:policy/AmazonS3ReadOnlyAccess`];
  const own = options.roleName ?? name;
  const arn = `arn:${partition}:iam::${account}:role${textOf(options.inputs?.["path"] ?? "/")}${own}`;
  const inputs = native
    ? { roleName: own, assumeRolePolicyDocument: trust, managedPolicyArns: policies, ...options.inputs }
    : { name: own, assumeRolePolicy: trust, ...options.inputs };
  const type = native ? "aws-native:iam:Role" : "aws:iam/role:Role";
  const made = resource(type, name, inputs, {
    provider: aws,
    from: { [native ? "assumeRolePolicyDocument" : "assumeRolePolicy"]: options.from ?? [] },
    outputs: { ...inputs, arn },
  });
  return [
    made,
    ...(native ? [] : policies.map((arn_, index) => attachment(`${name}-${String(index)}`, name, arn_, { own, aws }))),
  ];
}

/** An attachment to the role of that name in the program. */
export function attachment(
  name: string,
  to: string,
  policyArn: string,
  { own = to, aws }: { readonly own?: string; readonly aws?: SnapshotResource["provider"] } = {},
): Part {
  return resource(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name,
    { role: own, policyArn },
    { ...(aws ? { provider: aws } : {}), from: { role: roleUrns(to) } },
  );
}

export function program(parts: readonly (readonly Part[])[], config: Partial<ContextConfig> = {}): Snapshot {
  const resources = parts.flat();
  const present = new Set(resources.map(({ urn }) => urn));
  const kept = (urns: readonly string[]) => urns.filter((urn) => present.has(urn));
  return {
    format: 1,
    today: TODAY,
    config: { ...DEFAULT_CONFIG, ...config },
    resources: resources.map((each) => ({
      ...each,
      dependencies: kept(each.dependencies),
      propertyDependencies: Object.fromEntries(
        Object.entries(each.propertyDependencies).map(([property, urns]) => [property, kept(urns)]),
      ),
    })),
  };
}

function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
