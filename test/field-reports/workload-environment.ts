import type { Value } from "../../policy-pack/src/facts/value";
import { kubernetes, type PodOptions } from "./pods";
import { program, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const china = kubernetes({ name: "prod", region: "cn-north-1", suffix: "amazonaws.com.cn", partition: "aws-cn" });
const gov = kubernetes({ name: "prod", region: "us-gov-west-1", partition: "aws-us-gov" });

function on(cluster: typeof k, options: PodOptions, rest: Parameters<typeof program>[0] = []) {
  return program([
    cluster.base,
    cluster.namespace("shop"),
    cluster.roleFor("shop", "api"),
    cluster.account("shop", "api", cluster.arnOf("api")),
    ...rest,
    cluster.pods("Deployment", "shop", "api", "api", options),
  ]);
}
const env = (...variables: readonly (readonly [string, Value])[]): PodOptions => ({
  container: { env: variables.map(([name, value]) => ({ name, value })) },
});
const secret = (name: string, keys: readonly string[]) => [
  k.make("core/v1:Secret", name, {
    metadata: { name, namespace: "shop" },
    stringData: Object.fromEntries(keys.map((key) => [key, ""])),
  }),
];
const TOKEN = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";

const reports: Reports = {
  broken: [
    {
      name: "AWS_ROLE_ARN is set for a second role to assume",
      source: "aws-controllers-k8s/community#782",
      stack: on(k, env(["AWS_ROLE_ARN", "arn:aws:iam::999988887777:role/deployer"])),
      finds: ["workload-identity-env mandatory"],
    },
    {
      name: "only the token file is set by hand",
      source: "kanisterio/kanister#2509",
      stack: on(k, env(["AWS_WEB_IDENTITY_TOKEN_FILE", TOKEN])),
      finds: ["workload-identity-env mandatory"],
    },
    {
      name: "AWS_ROLE_ARN is left in env from the time before IRSA, empty",
      source: "aws/amazon-eks-pod-identity-webhook#61",
      stack: on(k, env(["AWS_ROLE_ARN", ""])),
      finds: ["workload-identity-env mandatory"],
    },
    {
      name: "the keys of an IAM user are still in the container",
      source: "deployKF/deployKF#79",
      stack: on(k, env(["AWS_ACCESS_KEY_ID", "(not kept)"], ["AWS_SECRET_ACCESS_KEY", "(not kept)"])),
      finds: ["workload-static-credentials mandatory"],
    },
    {
      name: "the keys come by envFrom from a Secret of the program",
      source: "kkb0318/irsa-manager#5",
      stack: on(k, { container: { envFrom: [{ secretRef: { name: "aws-keys" } }] } }, [
        secret("aws-keys", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]),
      ]),
      finds: ["workload-static-credentials mandatory"],
    },
    {
      name: "the keys come one by one from a Secret",
      source: "re:Post, pod uses another identity than its service account's",
      stack: on(k, {
        container: {
          env: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => ({
            name,
            valueFrom: { secretKeyRef: { name: "aws-keys", key: name } },
          })),
        },
      }),
      finds: ["workload-static-credentials mandatory"],
    },
    {
      name: "Velero's credentials file is still mounted beside the role",
      source: "velero-io/velero#8240",
      stack: on(k, {
        pod: { volumes: [{ name: "cloud-credentials", secret: { secretName: "cloud-credentials" } }] },
        container: {
          env: [{ name: "AWS_SHARED_CREDENTIALS_FILE", value: "/credentials/cloud" }],
          volumeMounts: [{ name: "cloud-credentials", mountPath: "/credentials" }],
        },
      }),
      finds: ["workload-static-credentials advisory"],
    },
    {
      name: "AWS_PROFILE came along from the developer's machine",
      source: "aws/aws-sdk-js-v3, ini before web identity",
      stack: on(k, env(["AWS_PROFILE", "shop-dev"])),
      finds: ["workload-static-credentials advisory"],
    },
    {
      name: "the pods in China are told of a region outside",
      source: "kubernetes-sigs/external-dns#1790",
      stack: on(china, env(["AWS_REGION", "us-east-1"], ["AWS_DEFAULT_REGION", "us-east-1"])),
      finds: ["workload-region-missing mandatory"],
    },
    {
      name: "the pods in China know AWS_REGION only, and the AWS CLI reads the other",
      source: "aws-samples/eks-workshop-greater-china#8",
      stack: on(china, {
        container: { image: "amazon/aws-cli:2.15.0", env: [{ name: "AWS_REGION", value: "cn-north-1" }] },
      }),
      finds: ["workload-region-missing mandatory"],
    },
    {
      name: "the pods in China are told of no region at all",
      source: "aws/aws-sdk-js-v3#5083",
      stack: on(china, {}),
      finds: ["workload-region-missing advisory"],
    },
    {
      name: "pods of GovCloud use a region of the commercial partition",
      source: "aws/amazon-eks-pod-identity-webhook#149",
      stack: on(gov, env(["AWS_REGION", "us-east-1"], ["AWS_DEFAULT_REGION", "us-east-1"])),
      finds: ["workload-region-missing mandatory"],
    },
    {
      name: "boto3 has no region, since AWS_REGION keeps the webhook from setting the other",
      source: "aws/amazon-eks-pod-identity-webhook#40",
      stack: on(k, {
        ...env(["AWS_REGION", "eu-west-1"]),
        template: { annotations: { "eks-irsa.dev/sdk": "boto3@1.34.0" } },
      }),
      finds: ["workload-region-missing advisory"],
    },
    {
      name: "the two region variables say different regions",
      source: "falcosecurity/falcosidekick#1133",
      stack: on(k, env(["AWS_REGION", "us-east-1"], ["AWS_DEFAULT_REGION", "eu-west-1"])),
      finds: ["workload-region-missing advisory"],
    },
    {
      name: "the endpoint of localstack is left in the pods",
      source: "localstack/localstack, AWS_ENDPOINT_URL in deployments",
      stack: on(k, env(["AWS_ENDPOINT_URL", "http://localstack.dev.svc:4566"])),
      finds: ["workload-sts-endpoint advisory"],
    },
    {
      name: "STS is asked at its legacy endpoint",
      source: "fluent-plugins-nursery/fluent-plugin-cloudwatch-logs#206",
      stack: on(k, env(["AWS_STS_REGIONAL_ENDPOINTS", "legacy"])),
      finds: ["workload-sts-endpoint advisory"],
    },
    {
      name: "the autoscaler is of a version whose SDK knows no web identity",
      source: "kubernetes/autoscaler#2951",
      stack: on(k, { container: { image: "k8s.gcr.io/cluster-autoscaler:v1.15.5" } }),
      finds: ["workload-sdk-version advisory"],
    },
    {
      name: "the autoscaler of 1.14.4 uses the node's role",
      source: "kubernetes/autoscaler#2335",
      stack: on(k, { container: { image: "gcr.io/google-containers/cluster-autoscaler:v1.14.4" } }),
      finds: ["workload-sdk-version advisory"],
    },
    {
      name: "ExternalDNS is older than its first release with web identity",
      source: "kubernetes-sigs/external-dns#1179",
      stack: on(k, { container: { image: "registry.opensource.zalan.do/teapot/external-dns:v0.5.14" } }),
      finds: ["workload-sdk-version advisory"],
    },
  ],
  working: [],
};

export default reports;
