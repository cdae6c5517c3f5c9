import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties, Snapshot } from "../../../policy-pack/src/model/snapshot";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired, type Change, type Wiring } from "../../support/stack";
import type { Details } from "../../support/judgements";

const KEY = "eks.amazonaws.com/role-arn";
const app = (more: Properties = {}) => ({ name: "api", image: "example.com/shop/api:1.4.2", ...more });
const spec = (more: Change) => ({ deployment: { spec: { template: { spec: more } } } });
const set = (variables: Readonly<Record<string, Value>>) =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));
const env = (variables: Readonly<Record<string, Value>>, more: Wiring = {}) =>
  wired({ ...spec({ containers: [app({ env: set(variables) })] }), ...more });
const second = (more: Properties) => wired(spec({ containers: [app(), app({ name: "b", ...more })] }));
const HALF = { AWS_ROLE_ARN: ROLE_ARN };
const association = (serviceAccount: string) =>
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "api", {
    clusterName: "shop",
    namespace: "shop",
    serviceAccount,
    roleArn: "arn:aws:iam::111122223333:role/storage",
  });
const patchOf = (template: Properties) =>
  wired({
    plus: [
      resource(
        "kubernetes:apps/v1:DeploymentPatch",
        "patch",
        { metadata: { name: "web", namespace: "shop" }, spec: { template } },
        { from: { spec: [urns.serviceAccount] } },
      ),
    ],
  });

/** The same stack in AWS China. */
function inChina(stack: Snapshot): Snapshot {
  const text = JSON.stringify(stack)
    .replaceAll("arn:aws:", "arn:aws-cn:")
    .replaceAll("eu-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn")
    .replaceAll("eu-west-1", "cn-north-1");
  return JSON.parse(text) as Snapshot;
}

/** A network whose pods have no way to STS. */
const VPC = urnOf("aws:ec2/vpc:Vpc", "shop");
const closed: Wiring["plus"] = [
  resource("aws:ec2/vpc:Vpc", "shop", { cidrBlock: "10.0.0.0/16" }),
  resource(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "ecr",
    { vpcId: "vpc-0a1b2c3d", serviceName: "com.amazonaws.eu-west-1.ecr.api", vpcEndpointType: "Interface" },
    { from: { vpcId: [VPC] } },
  ),
];
const noCluster: Wiring = { kubernetes: { kubeconfig: "{}" }, edges: { "kubernetes.kubeconfig": [] } };

/** Identity by hand: both variables, and a token for STS in a volume of the pod's own. */
const byHand = (containers: readonly Value[], more: Change = {}, stack: Wiring = {}) =>
  wired({
    ...spec({
      containers,
      volumes: [{ name: "own", projected: { sources: [{ serviceAccountToken: { path: "token", ...more } }] } }],
    }),
    ...stack,
  });
const ownToken = (mount: Properties = {}, variables: Readonly<Record<string, Value>> = {}) =>
  app({
    env: set({ AWS_ROLE_ARN: ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE: "/own/token", ...variables }),
    volumeMounts: [{ name: "own", mountPath: "/own", ...mount }],
  });
const FOR_STS = { audience: "sts.amazonaws.com", expirationSeconds: 3600 };
const plain: Wiring = { serviceAccount: { metadata: { annotations: { [KEY]: null } } } };

/** Pods that wait for these, and an account that waits for nothing. */
const after = (...sources: readonly string[]): Wiring => ({
  attachment: null,
  edges: { "serviceAccount.metadata": [urns.namespace], "deployment.spec": sources },
});
const PATCH = resource("kubernetes:core/v1:ServiceAccountPatch", "labels", {
  metadata: { name: "api", namespace: "shop", labels: { team: "shop" } },
});
const OTHER_ACCOUNT = resource("kubernetes:core/v1:ServiceAccount", "web", {
  metadata: { name: "web", namespace: "shop", annotations: { [KEY]: ROLE_ARN } },
});

const details: Details = {
  "workload-identity-env": {
    "the role alone": env(HALF),
    "the role alone, and an association hands out another": env(HALF, { plus: [association("api")] }),
    "the role alone, and an association of another account": env(HALF, { plus: [association("web")] }),
    "no containers": wired(spec({ containers: undefined })),
    "the containers are not known": wired(spec({ containers: UNKNOWN })),
    "the second of two environments is not known": second({ env: UNKNOWN }),
    "the role alone, in the second of two containers": second({ env: set(HALF) }),
    "a role of another stack": env({
      AWS_ROLE_ARN: "arn:aws:iam::444455556666:role/web",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
    }),
    "a Patch without containers": patchOf({ spec: { serviceAccountName: "api" } }),
    "by hand, for an account without a role": byHand([ownToken()], FOR_STS, plain),
    "by hand, for an account without a role that the role does not trust": byHand([ownToken()], FOR_STS, {
      serviceAccount: { metadata: { name: "web", annotations: { [KEY]: null } } },
      deployment: {
        spec: {
          template: {
            spec: {
              serviceAccountName: "web",
              containers: [ownToken()],
              volumes: [
                { name: "own", projected: { sources: [{ serviceAccountToken: { path: "token", ...FOR_STS } }] } },
              ],
            },
          },
        },
      },
    }),
    "by hand, in an environment that is not known": byHand([app({ env: UNKNOWN })], FOR_STS, plain),
  },
  "workload-sts-endpoint": {
    "the global endpoint": env({ AWS_STS_REGIONAL_ENDPOINTS: "legacy" }),
    "the global endpoint, in China": inChina(env({ AWS_STS_REGIONAL_ENDPOINTS: "LEGACY" })),
    "a word that no SDK knows": env({ AWS_STS_REGIONAL_ENDPOINTS: "global" }),
    "the regional endpoint": env({ AWS_STS_REGIONAL_ENDPOINTS: "Regional" }),
    "an imitation": env({ AWS_ENDPOINT_URL: "http://localstack:4566" }),
    "an imitation, and keys": env({ AWS_ENDPOINT_URL: "http://localstack:4566", AWS_ACCESS_KEY_ID: "test" }),
    "an imitation that SDKs are to ignore": env({
      AWS_ENDPOINT_URL: "http://localstack:4566",
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "True",
    }),
    "an imitation of another service, and STS itself": env({
      AWS_ENDPOINT_URL: "http://localstack:4566",
      AWS_ENDPOINT_URL_STS: "https://sts.eu-west-1.amazonaws.com",
    }),
    "a text that is no URL": env({ AWS_ENDPOINT_URL: "localstack:4566" }),
    "STS of China": env({ AWS_ENDPOINT_URL_STS: "https://sts.cn-north-1.amazonaws.com.cn" }),
    "STS of China, in China": inChina(env({ AWS_ENDPOINT_URL_STS: "https://sts.cn-north-1.amazonaws.com.cn" })),
    "STS of other regions, in China": inChina(env({ AWS_ENDPOINT_URL_STS: "https://sts.us-east-1.amazonaws.com" })),
    "STS of China, and no partition is known": env(
      { AWS_ENDPOINT_URL_STS: "https://sts.cn-north-1.amazonaws.com.cn" },
      { ...noCluster, role: null, serviceAccount: { metadata: { annotations: { [KEY]: UNKNOWN } } } },
    ),
    "a network without a way out": wired({ plus: closed }),
    "a network without a way out, and no pods with a role": wired({ deployment: null, plus: closed }),
    "a network without a way out, and no cluster is known": wired({ ...noCluster, plus: closed }),
    "a network without a way out, and the cluster is of another stack": wired({
      cluster: null,
      plus: closed,
    }),
    "the containers are not known": wired(spec({ containers: UNKNOWN })),
  },
  "workload-static-credentials": {
    "keys in the second of two containers": second({
      env: set({ AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "x" }),
    }),
    "the second of two environments is not known": second({ env: UNKNOWN }),
    "the containers are not known": wired(spec({ containers: UNKNOWN })),
    "no containers": wired(spec({ containers: undefined })),
  },
  "workload-token-volume": {
    "the token for STS": byHand([ownToken()], FOR_STS),
    "no audience": byHand([ownToken()]),
    "no audience, for an account without a role": byHand([ownToken()], {}, plain),
    "no audience, and an association": byHand([ownToken()], {}, { plus: [association("api")] }),
    "no audience, of a cluster that may be anybody's": byHand([ownToken()], {}, { ...plain, ...noCluster }),
    "a mount of the one file": byHand([ownToken({ subPath: "token", mountPath: "/own/token" })], FOR_STS),
    "volumes that are not known": wired(spec({ containers: [app()], volumes: UNKNOWN })),
    "mounts that are not known": wired(spec({ containers: [app({ volumeMounts: UNKNOWN })] })),
    "a mount of a volume whose name is not known": wired(
      spec({ containers: [app({ volumeMounts: [{ name: UNKNOWN, mountPath: "/own" }] })] }),
    ),
    "volumes that are not known, for an account without a role": wired({
      ...spec({ containers: [app()], volumes: UNKNOWN }),
      ...plain,
    }),
    "volumes that are not known, beside a file by hand": wired(spec({ containers: [ownToken()], volumes: UNKNOWN })),
  },
  "workload-sdk-version": {
    ...Object.fromEntries(
      [
        "boto3@1.9.219",
        "boto3@1.34.0",
        "boto3",
        "botto3",
        "botto3@1.34.0",
        "bot3",
        "@aws-sdk/clientt@3.0.0",
        "perl@1",
      ].map((text) => [
        JSON.stringify(text),
        wired({ deployment: { spec: { template: { metadata: { annotations: { "eks-irsa.dev/sdk": text } } } } } }),
      ]),
    ),
    ...Object.fromEntries(
      ["", ":latest", ":2.15.0", ":1.16.0", "@sha256:0123456789abcdef"].map((tag) => [
        `the AWS CLI${tag === "" ? ", no tag" : tag}`,
        wired(spec({ containers: [app({ image: `amazon/aws-cli${tag}` })] })),
      ]),
    ),
    ...Object.fromEntries(
      ["", ":latest", ":v1.14.0", ":v1.10.0", "@sha256:0123456789abcdef"].map((tag) => [
        `external-dns${tag === "" ? ", no tag" : tag}`,
        wired(spec({ containers: [app({ image: `registry.k8s.io/external-dns/external-dns${tag}` })] })),
      ]),
    ),
    "an image that is not known": wired(spec({ containers: [app({ image: UNKNOWN })] })),
  },
  "workload-order": {
    "an account that names the role by a literal": wired(after(urns.serviceAccount)),
    "pods after a Patch that adds a label alone": wired({ ...after(PATCH.urn), plus: [PATCH] }),
    "two accounts that name the role by a literal": wired({
      ...after(urns.serviceAccount, OTHER_ACCOUNT.urn),
      plus: [
        OTHER_ACCOUNT,
        resource(
          "kubernetes:core/v1:Pod",
          "web",
          {
            metadata: { name: "web", namespace: "shop" },
            spec: { serviceAccountName: "web", containers: [app()] },
          },
          { from: { spec: [OTHER_ACCOUNT.urn] } },
        ),
      ],
    }),
    "two workloads of an account that names the role by a literal": wired({
      ...after(urns.serviceAccount),
      plus: [
        resource(
          "kubernetes:core/v1:Pod",
          "web",
          {
            metadata: { name: "web", namespace: "shop" },
            spec: { serviceAccountName: "api", containers: [app()] },
          },
          { from: { spec: [urns.serviceAccount] } },
        ),
      ],
    }),
  },
  "workload-injection-skipped": {
    "a label that skips the webhook": wired({
      deployment: {
        spec: { template: { metadata: { labels: { "eks.amazonaws.com/skip-pod-identity-webhook": "true" } } } },
      },
    }),
    "all containers are skipped": wired({
      deployment: { spec: { template: { metadata: { annotations: { "eks.amazonaws.com/skip-containers": "api" } } } } },
    }),
    "the name of no container": wired({
      deployment: {
        spec: { template: { metadata: { annotations: { "eks.amazonaws.com/skip-containers": "web" } } } },
      },
    }),
    "the name of no container, in a Patch": patchOf({
      metadata: { annotations: { "eks.amazonaws.com/skip-containers": "web" } },
      spec: { serviceAccountName: "api", containers: [app()] },
    }),
  },
  "workload-node-role-reachable": {
    "on the network of the node": wired(spec({ hostNetwork: true })),
    "not on the network of the node": wired(spec({ hostNetwork: false })),
    "whether it is on that network is not known": wired(spec({ hostNetwork: UNKNOWN })),
    "every container leaves the metadata service alone": wired(
      spec({ hostNetwork: true, containers: [app({ env: set({ AWS_EC2_METADATA_DISABLED: "True" }) })] }),
    ),
    "one of two containers leaves it alone": wired(
      spec({
        hostNetwork: true,
        containers: [app({ env: set({ AWS_EC2_METADATA_DISABLED: "true" }) }), app({ name: "b" })],
      }),
    ),
    "all but an init container leave it alone": wired(
      spec({
        hostNetwork: true,
        initContainers: [app({ name: "init" })],
        containers: [app({ env: set({ AWS_EC2_METADATA_DISABLED: "true" }) })],
      }),
    ),
    "the containers are not known": wired(spec({ hostNetwork: true, containers: UNKNOWN })),
  },
};

export default details;
