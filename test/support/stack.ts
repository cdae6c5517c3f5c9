import { UNKNOWN, type Value } from "../../policy-pack/src/facts/value";
import { DEFAULT_CONFIG, type ContextConfig } from "../../policy-pack/src/model/config";
import type { Properties, Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";

export { UNKNOWN };

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const ID = "EXAMPLED539D4633E53DE1B71EXAMPLE".slice(0, 32);
export const ISSUER = `oidc.eks.${REGION}.amazonaws.com/id/${ID}`;
export const OTHER_ISSUER = `oidc.eks.${REGION}.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF`;
export const PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/api-irsa`;
export const SUBJECT = "system:serviceaccount:shop:api";
export const TODAY = "2026-11-24";

/** Anything a program may write: plain JSON, `UNKNOWN` for what Pulumi does not know yet, `undefined` to leave a default property out. */
export type Change = { readonly [key: string]: Value | undefined | Change };

/** The URN of a resource of the test project. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::shop::${type}::${name}`;
}

const AWS = {
  urn: urnOf("pulumi:providers:aws", "default"),
  type: "pulumi:providers:aws",
  name: "default",
  inputs: { region: REGION },
};

/** The types and names of the resources of {@link wired}, so that cases can say `at: urns.role`. */
const NAMES = {
  cluster: ["aws:eks/cluster:Cluster", "shop"],
  kubernetes: ["pulumi:providers:kubernetes", "shop"],
  oidcProvider: ["aws:iam/openIdConnectProvider:OpenIdConnectProvider", "shop"],
  role: ["aws:iam/role:Role", "api"],
  attachment: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "api"],
  namespace: ["kubernetes:core/v1:Namespace", "shop"],
  serviceAccount: ["kubernetes:core/v1:ServiceAccount", "api"],
  deployment: ["kubernetes:apps/v1:Deployment", "api"],
} as const;
export type Part = keyof typeof NAMES;
export const urns: Readonly<Record<Part, string>> = Object.fromEntries(
  Object.entries(NAMES).map(([part, [type, name]]) => [part, urnOf(type, name)]),
) as Record<Part, string>;

export interface TrustOptions {
  readonly issuer?: string;
  readonly provider?: string;
  readonly sub?: Value;
  readonly aud?: Value;
  readonly operator?: string;
  readonly action?: Value;
}

/** A correct trust policy as JSON text, with single parts replaced; `null` leaves a condition out. */
export function trust(options: TrustOptions = {}): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [trustStatement(options)] });
}

export function trustStatement(options: TrustOptions = {}): Value {
  const issuer = options.issuer ?? ISSUER;
  const conditions = Object.entries({
    [`${issuer}:aud`]: options.aud === undefined ? "sts.amazonaws.com" : options.aud,
    [`${issuer}:sub`]: options.sub === undefined ? SUBJECT : options.sub,
  }).filter(([, value]) => value !== null);
  return {
    Effect: "Allow",
    Principal: { Federated: options.provider ?? `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
    Action: options.action ?? "sts:AssumeRoleWithWebIdentity",
    ...(conditions.length > 0
      ? { Condition: { [options.operator ?? "StringEquals"]: Object.fromEntries(conditions) } }
      : {}),
  };
}

export interface ResourceOptions {
  readonly outputs?: Properties;
  readonly parent?: string;
  readonly provider?: SnapshotResource["provider"] | undefined;
  /** Per property, the URNs that its value came from. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
  readonly dependsOn?: readonly string[];
}

/** One more resource for {@link wired}'s `plus`. Its provider is the default one of its package unless given. */
export function resource(
  type: string,
  name: string,
  inputs: Properties,
  options: ResourceOptions = {},
): SnapshotResource {
  const from = options.from ?? {};
  const provider =
    "provider" in options
      ? options.provider
      : type.startsWith("aws")
        ? AWS
        : type.startsWith("kubernetes:")
          ? kubernetesProvider()
          : undefined;
  return {
    urn: urnOf(type, name),
    type,
    name,
    inputs,
    outputs: options.outputs ?? inputs,
    ...(options.parent ? { parent: options.parent } : {}),
    ...(provider ? { provider } : {}),
    dependencies: [...new Set([...Object.values(from).flat(), ...(options.dependsOn ?? [])])],
    propertyDependencies: from,
  };
}

export const ENDPOINT = `https://${ID}.gr7.${REGION}.eks.amazonaws.com`;

/** The stack's own Kubernetes provider; another name makes it one of another cluster. */
export function kubernetesProvider(
  name = "shop",
  inputs: Properties = { kubeconfig: kubeconfig(ENDPOINT) },
): NonNullable<SnapshotResource["provider"]> {
  return { urn: urnOf("pulumi:providers:kubernetes", name), type: "pulumi:providers:kubernetes", name, inputs };
}

export function kubeconfig(endpoint: string): string {
  return JSON.stringify({ apiVersion: "v1", kind: "Config", clusters: [{ name: "c", cluster: { server: endpoint } }] });
}

export interface Wiring extends Partial<Readonly<Record<Part, Change | null>>> {
  /** Replaces edges: `{ "role.assumeRolePolicy": [urns.cluster] }`. */
  readonly edges?: Readonly<Record<`${Part}.${string}`, readonly string[]>>;
  readonly plus?: readonly SnapshotResource[];
  readonly config?: Partial<ContextConfig>;
}

/**
 * One correct stack: cluster, Kubernetes provider, OIDC provider, role with a policy, Namespace, ServiceAccount and
 * Deployment, every value known. Each change is laid over the inputs of a part (`null` takes the part out), so that a case
 * shows just the one thing that it breaks.
 */
export function wired(changes: Wiring = {}): Snapshot {
  const inputs: Record<Part, Properties> = {
    cluster: { name: "shop", roleArn: `arn:aws:iam::${ACCOUNT}:role/eks`, version: "1.33" },
    kubernetes: { kubeconfig: kubeconfig(ENDPOINT) },
    oidcProvider: { url: `https://${ISSUER}`, clientIdLists: ["sts.amazonaws.com"] },
    role: { name: "api-irsa", assumeRolePolicy: trust() },
    attachment: { role: "api-irsa", policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
    namespace: { metadata: { name: "shop" } },
    serviceAccount: {
      metadata: { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } },
    },
    deployment: {
      metadata: { name: "api", namespace: "shop" },
      spec: {
        selector: { matchLabels: { app: "api" } },
        template: {
          metadata: { labels: { app: "api" }, annotations: { "eks-irsa.dev/identity": "5f1d" } },
          spec: {
            serviceAccountName: "api",
            securityContext: { runAsNonRoot: true, fsGroup: 1000 },
            containers: [{ name: "api", image: "example.com/shop/api:1.4.2" }],
          },
        },
      },
    },
  };
  const edges: Record<string, readonly string[]> = {
    "kubernetes.kubeconfig": [urns.cluster],
    "oidcProvider.url": [urns.cluster],
    "role.assumeRolePolicy": [urns.oidcProvider],
    "attachment.role": [urns.role],
    "serviceAccount.metadata": [urns.role, urns.namespace],
    "deployment.spec": [urns.serviceAccount, urns.role],
    ...changes.edges,
  };
  const dependsOn: Partial<Record<Part, readonly string[]>> = { serviceAccount: [urns.attachment] };
  const resources = (Object.keys(NAMES) as Part[]).flatMap((part) => {
    const change = changes[part];
    if (change === null) return [];
    const [type, name] = NAMES[part];
    const merged = change ? (overlay(inputs[part], change) as Properties) : inputs[part];
    const own = Object.entries(edges).filter(([key]) => key.startsWith(`${part}.`));
    const kubernetes = kubernetesProvider(
      "shop",
      changes.kubernetes ? (overlay(inputs.kubernetes, changes.kubernetes) as Properties) : inputs.kubernetes,
    );
    const made = resource(type, name, merged, {
      outputs: { ...merged, ...cloudOutputs(part, merged) },
      from: Object.fromEntries(own.map(([key, from]) => [key.slice(part.length + 1), from])),
      dependsOn: dependsOn[part] ?? [],
      ...(part === "kubernetes"
        ? { provider: undefined }
        : type.startsWith("kubernetes:")
          ? { provider: kubernetes }
          : {}),
    });
    return [made];
  });
  const config = { ...DEFAULT_CONFIG, ...changes.config };
  return { format: 1, today: TODAY, config, resources: prune([...resources, ...(changes.plus ?? [])]) };
}

/** The same stack as a first preview shows it: everything that the cloud or another resource gives is unknown, the edges stay. */
export function firstPreview(changes: Wiring = {}): Snapshot {
  const annotations = { "eks.amazonaws.com/role-arn": UNKNOWN };
  const base: Wiring = {
    kubernetes: { kubeconfig: UNKNOWN },
    oidcProvider: { url: UNKNOWN },
    role: { assumeRolePolicy: UNKNOWN },
    serviceAccount: { metadata: { annotations } },
    deployment: { spec: { template: { spec: { serviceAccountName: UNKNOWN } } } },
  };
  const merged: Record<string, unknown> = { ...changes };
  for (const part of Object.keys(base) as Part[]) {
    const change = changes[part];
    merged[part] = change === null ? null : change ? combine(base[part], change) : base[part];
  }
  const snapshot = wired(merged);
  return {
    ...snapshot,
    resources: snapshot.resources.map((each) => ({
      ...each,
      outputs: each.type.startsWith("kubernetes:") ? {} : hideComputed(each),
    })),
  };
}

/** The same stack while the cluster stands and Pulumi does not know its issuer, as in an update that changes the cluster. */
export function withUnknownIssuer(stack: Snapshot): Snapshot {
  const resources = stack.resources.map((each) =>
    each.urn === urns.cluster ? { ...each, outputs: { ...each.outputs, identities: UNKNOWN } } : each,
  );
  return { ...stack, resources };
}

function hideComputed(each: SnapshotResource): Properties {
  const hidden = [
    "id",
    "arn",
    "endpoint",
    "identities",
    "openIdConnectIssuerUrl",
    "oidcIssuer",
    "oidcProviderArn",
    "oidcProviderUrl",
  ];
  const outputs = each.outputs ?? {};
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [
      key,
      hidden.includes(key) && !Object.hasOwn(each.inputs ?? {}, key) ? UNKNOWN : value,
    ]),
  );
}

function cloudOutputs(part: Part, inputs: Properties): Properties {
  switch (part) {
    case "cluster":
      return {
        id: "shop",
        arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/shop`,
        endpoint: ENDPOINT,
        identities: [{ oidcs: [{ issuer: `https://${ISSUER}` }] }],
      };
    case "oidcProvider": {
      if (typeof inputs["url"] !== "string") return { url: UNKNOWN, arn: UNKNOWN };
      const url = inputs["url"].replace(/^https:\/\//, "");
      return { url, arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${url}` };
    }
    case "role": {
      const path = typeof inputs["path"] === "string" ? inputs["path"] : "/";
      return { arn: `arn:aws:iam::${ACCOUNT}:role${path}${text(inputs["name"])}` };
    }
    default:
      return {};
  }
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Objects are merged, `undefined` takes a key away, everything else replaces. */
function overlay(base: Value | undefined, change: Value | undefined | Change): Value | undefined {
  const merged = combine(base, change);
  return merged === UNKNOWN || !isRecord(merged) ? (merged as Value | undefined) : withoutUndefined(merged);
}

/** Two changes as one: keys that either takes away stay in it as `undefined`. */
function combine(base: unknown, change: unknown): unknown {
  if (change === UNKNOWN || !isRecord(change)) return change;
  const merged = new Map(isRecord(base) && !Object.hasOwn(base, "$unknown") ? Object.entries(base) : []);
  for (const [key, value] of Object.entries(change)) merged.set(key, combine(merged.get(key), value));
  // A program may have a key `__proto__`: fromEntries makes it one like any other.
  return Object.fromEntries(merged);
}

function withoutUndefined(value: Record<string, unknown>): Value {
  const kept = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    kept.map(([key, item]) => [key, item !== UNKNOWN && isRecord(item) ? withoutUndefined(item) : (item as Value)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The engine never names a resource that is not in the stack. */
function prune(resources: readonly SnapshotResource[]): readonly SnapshotResource[] {
  const present = new Set(resources.map((each) => each.urn));
  const kept = (list: readonly string[]) => list.filter((urn) => present.has(urn));
  return resources.map((each) => ({
    ...each,
    dependencies: kept(each.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(each.propertyDependencies).map(([property, list]) => [property, kept(list)]),
    ),
  }));
}
