import type { Value } from "../../policy-pack/src/facts/value";
import type { ExpectedServiceAccount } from "../../policy-pack/src/model/config";
import type { Properties, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { resource, UNKNOWN, urnOf, type ResourceOptions } from "../support/stack";
import type { BindingPlan, Kind } from "./plan";
import { awsProvider, computed, type BuiltCluster, type Mode } from "./cloud";

export interface BindingContext {
  readonly plan: BindingPlan;
  readonly cluster: BuiltCluster;
  /** Makes the account's name one of its own. */
  readonly index: number;
  readonly mode: Mode;
  /** Takes the accounts that Helm renders. */
  readonly expected: ExpectedServiceAccount[];
}

const NAMES = ["api", "web", "worker"] as const;

/** Role, permissions, account and workloads of one correct binding. */
export function bindingResources(context: BindingContext): readonly SnapshotResource[] {
  const { plan, cluster, index, mode } = context;
  const name = NAMES[index] ?? "more";
  const component = plan.shape === "component" ? urnOf("eks-irsa:index:IrsaBinding", name) : undefined;
  const within = component ? { parent: component } : {};
  const role = buildRole(context, name, within);
  const permissions = buildPermissions(context, name, role, within);
  const namespace = urnOf("kubernetes:core/v1:Namespace", `${cluster.name}-${plan.namespace}`);
  const fromNamespace = plan.namespaceFrom === "resource" ? [namespace] : [];
  const namespaceText = plan.namespaceFrom === "resource" ? computed(plan.namespace, mode) : plan.namespace;
  const kubernetes = { provider: cluster.kubernetes };
  const account = buildAccount(context, name, role, permissions, namespaceText, fromNamespace, within);
  const construction = component
    ? [
        resource(
          "eks-irsa:index:IrsaBinding",
          name,
          { namespace: plan.namespace, serviceAccountName: name, audience: "sts.amazonaws.com" },
          { provider: undefined },
        ),
      ]
    : [];
  return [
    ...construction,
    role.made,
    ...permissions,
    ...(plan.namespaceFrom === "resource"
      ? [
          resource(
            "kubernetes:core/v1:Namespace",
            `${cluster.name}-${plan.namespace}`,
            { metadata: { name: plan.namespace } },
            { ...kubernetes, ...outputsOf(mode) },
          ),
        ]
      : []),
    ...account,
    ...plan.workloads.map((kind) => buildWorkload(context, name, kind, role, account[0], namespaceText, fromNamespace)),
  ];
}

interface BuiltRole {
  readonly made: SnapshotResource;
  readonly name: string;
  readonly arn: string;
  readonly native: boolean;
}

function buildRole({ plan, cluster, mode }: BindingContext, name: string, within: ResourceOptions): BuiltRole {
  const native = plan.shape === "native";
  const roleName = `${name}-irsa`;
  const arn = `arn:${cluster.partition}:iam::${cluster.roleAccount}:role${plan.path}${roleName}`;
  const many = (value: string): Value => (plan.lists ? [value] : value);
  // An object of aws-native cannot have unknown keys, so its conditions are known only where the issuer is.
  const statement = (federated: Value): Value => ({
    Effect: "Allow",
    Principal: { Federated: plan.lists && federated !== UNKNOWN ? [federated] : federated },
    Action: many("sts:AssumeRoleWithWebIdentity"),
    Condition: {
      StringEquals: {
        [`${cluster.issuer}:aud`]: many("sts.amazonaws.com"),
        [`${cluster.issuer}:sub`]: many(`system:serviceaccount:${plan.namespace}:${name}`),
      },
    },
  });
  const document: Value = {
    Version: "2012-10-17",
    Statement: plan.lists ? [statement(cluster.providerArn)] : statement(cluster.providerArn),
  };
  const onRole = plan.permissions === "on role" ? { managedPolicyArns: [managedPolicy(cluster)] } : {};
  const path = plan.path === "/" ? {} : { path: plan.path };
  const inputs: Properties = native
    ? { roleName, assumeRolePolicyDocument: computed(document, mode), ...path, ...onRole }
    : { name: roleName, assumeRolePolicy: computed(JSON.stringify(document), mode), ...path, ...onRole };
  const type = native ? "aws-native:iam:Role" : "aws:iam/role:Role";
  const made = resource(type, name, inputs, {
    ...within,
    provider: native ? awsProvider("aws-native", cluster.roleAccount, cluster.plan) : cluster.roleProvider,
    from: { [native ? "assumeRolePolicyDocument" : "assumeRolePolicy"]: cluster.trustFrom },
    outputs: { ...inputs, arn: computed(arn, mode) },
  });
  return { made, name: roleName, arn, native };
}

function managedPolicy(cluster: BuiltCluster): string {
  return `arn:${cluster.partition}:iam::aws:policy/AmazonS3ReadOnlyAccess`;
}

function buildPermissions(
  { plan, cluster, mode }: BindingContext,
  name: string,
  role: BuiltRole,
  within: ResourceOptions,
): readonly SnapshotResource[] {
  const options = { ...within, provider: cluster.roleProvider };
  const attachment = (policyArn: Value, from: readonly string[]): SnapshotResource =>
    resource(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name,
      { role: computed(role.name, mode), policyArn },
      { ...options, from: { role: [role.made.urn], ...(from.length > 0 ? { policyArn: from } : {}) } },
    );
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: `arn:${cluster.partition}:s3:::example-${name}/*` },
    ],
  });
  switch (plan.permissions) {
    case "attachment":
      return [attachment(managedPolicy(cluster), [])];
    case "inline":
      return [
        resource(
          "aws:iam/rolePolicy:RolePolicy",
          name,
          { role: computed(role.name, mode), policy },
          { ...options, from: { role: [role.made.urn] } },
        ),
      ];
    case "policy": {
      const arn = `arn:${cluster.partition}:iam::${cluster.roleAccount}:policy/${name}`;
      const made = resource(
        "aws:iam/policy:Policy",
        name,
        { policy },
        { ...options, outputs: { policy, arn: computed(arn, mode) } },
      );
      return [made, attachment(computed(arn, mode), [made.urn])];
    }
    case "on role":
      return [];
  }
}

/** Kubernetes resources have no outputs while their cluster does not exist. */
function outputsOf(mode: Mode): Pick<ResourceOptions, "outputs"> {
  return mode === "first" ? { outputs: {} } : {};
}

function buildAccount(
  { plan, cluster, mode, expected }: BindingContext,
  name: string,
  role: BuiltRole,
  permissions: readonly SnapshotResource[],
  namespace: Value,
  fromNamespace: readonly string[],
  within: ResourceOptions,
): readonly SnapshotResource[] {
  if (plan.account === "expected" && plan.shape !== "component") {
    expected.push({ namespace: plan.namespace, name, role: role.name, cluster: cluster.name });
    return [
      resource(
        "kubernetes:helm.sh/v3:Release",
        name,
        { chart: name, namespace: plan.namespace, values: { replicas: 2 } },
        { provider: cluster.kubernetes },
      ),
    ];
  }
  const metadata = {
    name,
    namespace,
    annotations: { "eks.amazonaws.com/role-arn": computed(role.arn, mode) },
  };
  const from = [role.made.urn, ...fromNamespace];
  const common = {
    ...within,
    ...outputsOf(mode),
    provider: cluster.kubernetes,
    dependsOn: permissions.map((each) => each.urn),
  };
  switch (plan.account) {
    case "list":
      return [
        resource(
          "kubernetes:core/v1:ServiceAccountList",
          name,
          { items: [{ metadata }] },
          { ...common, from: { items: from } },
        ),
      ];
    case "patch":
      return [
        resource("kubernetes:core/v1:ServiceAccountPatch", name, { metadata }, { ...common, from: { metadata: from } }),
      ];
    case "resource":
    case "expected":
      return [
        resource("kubernetes:core/v1:ServiceAccount", name, { metadata }, { ...common, from: { metadata: from } }),
      ];
  }
}

function buildWorkload(
  { plan, cluster, mode }: BindingContext,
  name: string,
  kind: Kind,
  role: BuiltRole,
  account: SnapshotResource | undefined,
  namespace: Value,
  fromNamespace: readonly string[],
): SnapshotResource {
  const rendered = account?.type.startsWith("kubernetes:helm") === true;
  const region = cluster.plan.region;
  const env =
    cluster.partition === "aws-cn"
      ? {
          env: [
            { name: "AWS_REGION", value: region },
            { name: "AWS_DEFAULT_REGION", value: region },
          ],
        }
      : {};
  const template = {
    metadata: { labels: { app: name }, annotations: { "eks-irsa.dev/identity": computed("5f1d", mode) } },
    spec: {
      // A name that comes from a List or from a chart is written out.
      serviceAccountName: rendered || plan.account === "list" ? name : computed(name, mode),
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
      containers: [{ name, image: `example.com/shop/${name}:1.4.2`, ...env }],
    },
  };
  const spec: Value =
    kind === "CronJob"
      ? { schedule: "@daily", jobTemplate: { spec: { template } } }
      : kind === "Job"
        ? { template }
        : { selector: { matchLabels: { app: name } }, template };
  const patched = plan.patched && kind !== "Job";
  const group = kind === "Job" || kind === "CronJob" ? "batch" : "apps";
  const inputs: Properties = { metadata: { name: `${name}-${kind.toLowerCase()}`, namespace }, spec };
  return resource(`kubernetes:${group}/v1:${kind}${patched ? "Patch" : ""}`, name, inputs, {
    ...outputsOf(mode),
    provider: cluster.kubernetes,
    from: {
      metadata: fromNamespace,
      spec: [...(account ? [account.urn] : []), role.made.urn, ...fromNamespace],
    },
  });
}
