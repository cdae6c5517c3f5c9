/** The stacks that are measured: a cluster, bindings at one in a hundred resources, and what else a platform team has. */

export type Properties = Readonly<Record<string, unknown>>;

interface ProviderResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

export interface StackResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly provider?: ProviderResource;
  /** Per input property, the URNs that its value came from. */
  readonly from: Readonly<Record<string, readonly string[]>>;
  /** True where the pack has something to read in it. */
  readonly ofChain: boolean;
}

/** `new`: the same correct stack at its first preview, when nothing that the cloud makes is known yet. */
export type Mix = "clean" | "broken" | "new";

const ACCOUNT = "111122223333";
const ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/0F1E2D3C4B5A69788796A5B4C3D2E1F0";
const ENDPOINT = "https://0F1E2D3C4B5A69788796A5B4C3D2E1F0.gr7.eu-west-1.eks.amazonaws.com";
const PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;

const AWS = provider("aws", { region: "eu-west-1" });
const KUBERNETES = provider("kubernetes", {
  kubeconfig: JSON.stringify({ apiVersion: "v1", clusters: [{ name: "shop", cluster: { server: ENDPOINT } }] }),
});

/** One binding is three resources: role, ServiceAccount and Deployment. */
const BINDINGS_PER_RESOURCE = 0.01;
/** In a broken stack, of so many bindings the first is broken, each time in another way. */
const BROKEN_EVERY = 5;

/** A stack of exactly `size` resources, 3 % of them bindings (one binding at least). */
export function stackOf(size: number, mix: Mix): readonly StackResource[] {
  const bindings = Math.max(1, Math.round(size * BINDINGS_PER_RESOURCE));
  const chain = [
    ...platform(),
    ...Array.from({ length: bindings }, (_, index) =>
      binding(index, mix === "broken" && index % BROKEN_EVERY === 0 ? (index / BROKEN_EVERY) % 3 : undefined),
    ).flat(),
  ].slice(0, size);
  const all = [...chain, ...Array.from({ length: size - chain.length }, (_, index) => unrelated(index))];
  return mix === "new" ? all.map(asNew) : all;
}

/** What stands for an unknown text on Pulumi's wire. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Kubernetes resources come back empty while their cluster does not exist; AWS makes up the ARNs. */
function asNew(resource: StackResource): StackResource {
  const unknown = (inputs: Properties): Properties =>
    Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [key, MADE_LATER.has(key) ? UNKNOWN : annotationsLater(value)]),
    );
  const kubernetes = resource.type.startsWith("kubernetes:");
  return {
    ...resource,
    inputs: unknown(resource.inputs),
    outputs: kubernetes ? {} : unknown(resource.outputs),
    ...(resource.provider ? { provider: { ...resource.provider, inputs: unknown(resource.provider.inputs) } } : {}),
  };
}

const MADE_LATER = new Set(["arn", "endpoint", "identities", "id", "url", "kubeconfig", "assumeRolePolicy"]);

function annotationsLater(value: unknown): unknown {
  return typeof value === "object" && value !== null && "annotations" in value
    ? { ...value, annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } }
    : value;
}

function platform(): readonly StackResource[] {
  const cluster = resource(
    "aws:eks/cluster:Cluster",
    "shop",
    AWS,
    { name: "shop", version: "1.33" },
    {
      arn: `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/shop`,
      endpoint: ENDPOINT,
      identities: [{ oidcs: [{ issuer: `https://${ISSUER}` }] }],
    },
  );
  const kubernetes: StackResource = {
    ...KUBERNETES,
    outputs: KUBERNETES.inputs,
    from: { kubeconfig: [cluster.urn] },
    ofChain: true,
  };
  const oidc = resource(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "shop",
    AWS,
    { url: `https://${ISSUER}`, clientIdLists: ["sts.amazonaws.com"] },
    { arn: PROVIDER_ARN },
    { url: [cluster.urn] },
  );
  const namespace = resource("kubernetes:core/v1:Namespace", "shop", KUBERNETES, { metadata: { name: "shop" } });
  return [cluster, kubernetes, oidc, namespace];
}

/** `fault`: 0 a subject of another case, 1 an audience nobody asks for, 2 the annotation of another role's account. */
function binding(index: number, fault: number | undefined): readonly StackResource[] {
  const name = `svc-${index}`;
  const subject = `system:serviceaccount:shop:${fault === 0 ? name.toUpperCase() : name}`;
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const role = resource(
    "aws:iam/role:Role",
    name,
    AWS,
    {
      name,
      assumeRolePolicy: trustPolicy(subject, fault === 1 ? "sts.amazon.com" : "sts.amazonaws.com"),
      inlinePolicies: [{ name: "read", policy: readPolicy(name) }],
    },
    { arn: roleArn },
    { assumeRolePolicy: [urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "shop")] },
  );
  const account = resource(
    "kubernetes:core/v1:ServiceAccount",
    name,
    KUBERNETES,
    {
      metadata: {
        name,
        namespace: "shop",
        annotations: { "eks.amazonaws.com/role-arn": fault === 2 ? roleArn.replace("arn:", "arn;") : roleArn },
      },
    },
    {},
    { metadata: [role.urn] },
  );
  return [role, account, deployment(name, account.urn, role.urn)];
}

function trustPolicy(subject: string, audience: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: PROVIDER_ARN },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${ISSUER}:sub`]: subject, [`${ISSUER}:aud`]: audience } },
      },
    ],
  });
}

function readPolicy(name: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: [`arn:aws:s3:::shop-${name}/*`] }],
  });
}

function deployment(name: string, account: string, role: string): StackResource {
  const labels = { app: name };
  return resource(
    "kubernetes:apps/v1:Deployment",
    name,
    KUBERNETES,
    {
      metadata: { name, namespace: "shop", labels },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: { "eks-irsa.dev/identity": role } },
          spec: {
            serviceAccountName: name,
            securityContext: { runAsNonRoot: true, fsGroup: 1000 },
            containers: [
              {
                name,
                image: `example.com/shop/${name}:1.4.2`,
                env: [{ name: "LOG_LEVEL", value: "info" }],
                ports: [{ containerPort: 8080 }],
                resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
              },
            ],
          },
        },
      },
    },
    {},
    { spec: [account, role] },
  );
}

/** What has no part in the chain: in the proportions of a stack of services, each with its buckets, queues and tables. */
function unrelated(index: number): StackResource {
  const name = `other-${index}`;
  const tags = { team: `team-${index % 20}`, environment: "production", "cost-center": "4711", owner: "platform" };
  const kinds: readonly (readonly [string, Properties])[] = [
    ["aws:s3/bucket:Bucket", { bucket: name, forceDestroy: false, versioning: { enabled: true } }],
    [
      "aws:ec2/securityGroup:SecurityGroup",
      { description: name, vpcId: "vpc-0abc", ingress: rules(), egress: rules() },
    ],
    ["aws:sqs/queue:Queue", { name, visibilityTimeoutSeconds: 60, redrivePolicy: '{"maxReceiveCount":5}' }],
    [
      "aws:lambda/function:Function",
      { name, runtime: "nodejs20.x", handler: "index.handler", memorySize: 256, environment: { variables: tags } },
    ],
    [
      "aws:dynamodb/table:Table",
      { name, hashKey: "id", attributes: [{ name: "id", type: "S" }], ttl: { enabled: true } },
    ],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", { name, threshold: 5, period: 60, dimensions: { queue: name } }],
    [
      "kubernetes:core/v1:Service",
      { metadata: { name, labels: tags }, spec: { ports: [{ port: 80 }], selector: tags } },
    ],
  ];
  const [type, inputs] = kinds[index % kinds.length] ?? ["aws:s3/bucket:Bucket", {}];
  const aws = type.startsWith("aws:");
  return resource(type, name, aws ? AWS : KUBERNETES, aws ? { ...inputs, tags, tagsAll: tags } : inputs, {
    id: name,
    arn: `arn:aws:other:eu-west-1:${ACCOUNT}:${name}`,
  });
}

function rules(): readonly Properties[] {
  return [80, 443].map((port) => ({ fromPort: port, toPort: port, protocol: "tcp", cidrBlocks: ["10.0.0.0/8"] }));
}

function resource(
  type: string,
  name: string,
  from: StackResource | ProviderResource,
  inputs: Properties,
  outputs: Properties = {},
  edges: StackResource["from"] = {},
): StackResource {
  const { urn, type: providerType, name: providerName, inputs: providerInputs } = from;
  return {
    urn: urnOf(type, name),
    type,
    name,
    inputs,
    outputs: { ...inputs, ...outputs },
    provider: { urn, type: providerType, name: providerName, inputs: providerInputs },
    from: edges,
    ofChain: !name.startsWith("other-"),
  };
}

function provider(name: string, inputs: Properties): ProviderResource {
  const type = `pulumi:providers:${name}`;
  return { urn: urnOf(type, "shop"), type, name: "shop", inputs };
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:prod::shop::${type}::${name}`;
}
