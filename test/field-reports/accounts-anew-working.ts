import { kubernetes, rendered, type AccountOptions, type PodOptions } from "./pods";
import { policy, program, type Part, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "us-west-2" });
const blue = kubernetes({ name: "blue", region: "us-west-2", id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0" });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const ARN = k.arnOf("api");

/** Namespace, role, account and deployment as guides have them, with one of the four replaced. */
function app(
  account: AccountOptions | string = ARN,
  {
    pods = {},
    kind = "Deployment",
    more = [],
  }: { readonly pods?: PodOptions; readonly kind?: string; readonly more?: readonly Part[] } = {},
) {
  return program([
    k.base,
    k.namespace("shop"),
    k.roleFor("shop", "api"),
    k.account("shop", "api", account),
    k.pods(kind, "shop", "api", "api", pods),
    more,
  ]);
}

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "no API token is mounted, on the account and on its pods",
      source: "aws/aws-sdk-net#1615, automountServiceAccountToken",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k
          .account("shop", "api", ARN)
          .map((part) => ({ ...part, inputs: { ...part.inputs, automountServiceAccountToken: false } })),
        k.pods("Deployment", "shop", "api", "api", { pod: { automountServiceAccountToken: false } }),
      ]),
    },
    {
      name: "all the annotations that the webhook reads",
      source: "aws/amazon-eks-pod-identity-webhook README",
      stack: app({
        annotations: {
          [ROLE_ARN]: ARN,
          "eks.amazonaws.com/audience": "sts.amazonaws.com",
          "eks.amazonaws.com/sts-regional-endpoints": "true",
          "eks.amazonaws.com/token-expiration": "86400",
        },
      }),
    },
    { name: "a StatefulSet", source: "apache/kafka on EKS, MSK IAM", stack: app(ARN, { kind: "StatefulSet" }) },
    { name: "a DaemonSet", source: "Amazon CloudWatch agent", stack: app(ARN, { kind: "DaemonSet" }) },
    { name: "a CronJob", source: "etcd backup to S3", stack: app(ARN, { kind: "CronJob" }) },
    {
      name: "pull secrets and labels on the account",
      source: "Kubernetes documentation, imagePullSecrets of a ServiceAccount",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k
          .account("shop", "api", { annotations: { [ROLE_ARN]: ARN }, labels: { "app.kubernetes.io/name": "api" } })
          .map((part) => ({ ...part, inputs: { ...part.inputs, imagePullSecrets: [{ name: "registry" }] } })),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
    },
    {
      name: "the name of the account has a dot",
      source: "Kubernetes documentation, names of ServiceAccounts are subdomains",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api.v2", "api-v2"),
        k.account("shop", "api.v2", k.arnOf("api-v2")),
        k.pods("Deployment", "shop", "api", "api.v2"),
      ]),
    },
    {
      name: "a web server without a role beside it in the namespace",
      source: "pulumi/examples, nginx beside an IRSA workload",
      stack: app(ARN, { more: k.pods("Deployment", "shop", "web", undefined, { container: { image: "nginx:1.27" } }) }),
    },
    {
      name: "both properties name the same account",
      source: "kubernetes/kubernetes, serviceAccount is set by the API server",
      stack: app(ARN, { pods: { pod: { serviceAccount: "api" } } }),
    },
    {
      name: "Windows nodes by selector",
      source: "Amazon EKS user guide, Windows pods with IRSA",
      stack: app(ARN, { pods: { pod: { nodeSelector: { "kubernetes.io/os": "windows" } } } }),
    },
    {
      name: "the SDK is told of the configuration file's existence and no more",
      source: "aws/aws-sdk-go, AWS_SDK_LOAD_CONFIG",
      stack: app(ARN, { pods: { container: { env: [{ name: "AWS_SDK_LOAD_CONFIG", value: "1" }] } } }),
    },
    {
      name: "names of the session and of the retry mode",
      source: "AWS SDKs and tools reference guide, AWS_ROLE_SESSION_NAME",
      stack: app(ARN, {
        pods: {
          container: {
            env: [
              { name: "AWS_ROLE_SESSION_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
              { name: "AWS_RETRY_MODE", value: "adaptive" },
              { name: "AWS_MAX_ATTEMPTS", value: "10" },
            ],
          },
        },
      }),
    },
    {
      name: "all of the wiring by hand, for the account that the role trusts",
      source: "aws/amazon-eks-pod-identity-webhook, SELF_HOSTED_SETUP",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api"),
        k.pods("Deployment", "shop", "api", "api", byHand(ARN)),
      ]),
    },
    {
      name: "a hand-wired pod with a role of another stack",
      source: "aws/amazon-eks-pod-identity-webhook#82",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.account("shop", "api"),
        k.pods("Deployment", "shop", "api", "api", byHand("arn:aws:iam::111122223333:role/made-elsewhere")),
      ]),
    },
    {
      name: "one account for an application and its migration job",
      source: "pulumi/examples, database migration as a Job",
      stack: app(ARN, { more: k.pods("Job", "shop", "migrate", "api") }),
    },
    {
      name: "two applications of one namespace, each with its account, role and pods",
      source: "Amazon EKS best practices, one role for each application",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.roleFor("shop", "worker"),
        k.account("shop", "api", ARN),
        k.account("shop", "worker", k.arnOf("worker")),
        k.pods("Deployment", "shop", "api", "api"),
        k.pods("Deployment", "shop", "worker", "worker"),
      ]),
    },
    {
      name: "accounts of one name in two namespaces, one of them with a role",
      source: "Kubernetes documentation, names are unique in a namespace",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.namespace("test"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", ARN),
        k.account("test", "api"),
        k.pods("Deployment", "shop", "api", "api"),
        k.pods("Deployment", "test", "api", "api"),
      ]),
    },
    {
      name: "blue and green, each with its own role, account and pods",
      source: "Pulumi blog, blue and green clusters",
      stack: program([
        k.base,
        blue.base,
        k.role("api-prod", k.trust(k.exact("system:serviceaccount:shop:api"))),
        blue.role("api-blue", blue.trust(blue.exact("system:serviceaccount:shop:api"))),
        k.account("shop", "api", { annotations: { [ROLE_ARN]: k.arnOf("api-prod") }, resourceName: "prod-api" }),
        blue.account("shop", "api", { annotations: { [ROLE_ARN]: blue.arnOf("api-blue") }, resourceName: "blue-api" }),
      ]),
    },
    {
      name: "a manifest of account and deployment, both with their namespace",
      source: "Pulumi Kubernetes documentation, yaml/v2.ConfigGroup",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        [k.make("yaml/v2:ConfigGroup", "app", { yaml: "…" })],
        rendered("kubernetes:yaml/v2:ConfigGroup", "app", [
          ...k.account("shop", "api", ARN),
          ...k.pods("Deployment", "shop", "api", "api", { template: { annotations: { "checksum/config": "1" } } }),
        ]),
      ]),
    },
    {
      name: "an account with a role that trusts Pod Identity too, and an association",
      source: "AWS containers blog, migration from IRSA to Pod Identity",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.role(
          "api",
          policy(
            {
              Effect: "Allow",
              Principal: { Service: "pods.eks.amazonaws.com" },
              Action: ["sts:AssumeRole", "sts:TagSession"],
            },
            {
              Effect: "Allow",
              Principal: { Federated: k.providerArn },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: k.exact("system:serviceaccount:shop:api"),
            },
          ),
        ),
        k.account("shop", "api", ARN),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
    },
  ],
};

export default reports;

/** What the webhook adds, written in the program: variables, mount and a token for STS. */
function byHand(arn: string): PodOptions {
  return {
    container: {
      env: [
        { name: "AWS_ROLE_ARN", value: arn },
        { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/run/aws/token" },
        { name: "AWS_REGION", value: "us-west-2" },
      ],
      volumeMounts: [{ name: "aws-token", mountPath: "/var/run/aws", readOnly: true }],
    },
    pod: {
      securityContext: { fsGroup: 1000 },
      volumes: [
        {
          name: "aws-token",
          projected: {
            sources: [
              { serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 86400, path: "token" } },
            ],
          },
        },
      ],
    },
  };
}
