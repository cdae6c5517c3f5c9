import type { Value } from "../../policy-pack/src/facts/value";
import { kubernetes, type PodOptions } from "./pods";
import { program, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const china = kubernetes({ name: "prod", region: "cn-northwest-1", suffix: "amazonaws.com.cn", partition: "aws-cn" });

function on(kind: string, options: PodOptions = {}, cluster = k, rest: Parameters<typeof program>[0] = []) {
  return program([
    cluster.base,
    cluster.namespace("shop"),
    cluster.roleFor("shop", "api"),
    cluster.account("shop", "api", cluster.arnOf("api")),
    ...rest,
    cluster.pods(kind, "shop", "api", "api", options),
  ]);
}
const env = (...variables: readonly (readonly [string, Value])[]): PodOptions => ({
  container: { env: variables.map(([name, value]) => ({ name, value })) },
});
const withoutRole = (options: PodOptions, rest: Parameters<typeof program>[0] = []) =>
  program([k.base, k.namespace("tools"), ...rest, k.pods("Deployment", "tools", "tool", undefined, options)]);

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "a deployment that says nothing of AWS at all",
      source: "Amazon EKS User Guide, Configure Pods to use a Kubernetes service account",
      stack: on("Deployment"),
    },
    {
      name: "AWS_REGION alone, outside China, with an SDK nobody knows",
      source: "Young-ook/terraform-aws-eks#42",
      stack: on("Deployment", env(["AWS_REGION", "eu-west-1"])),
    },
    {
      name: "AWS_REGION from a ConfigMap",
      source: "amazon-cloudwatch, container insights manifests",
      stack: on("DaemonSet", {
        container: {
          env: [{ name: "AWS_REGION", valueFrom: { configMapKeyRef: { name: "cluster-info", key: "logs.region" } } }],
        },
      }),
    },
    {
      name: "AWS_DEFAULT_REGION alone, outside China",
      source: "external-secrets/kubernetes-external-secrets#622",
      stack: on("Deployment", env(["AWS_DEFAULT_REGION", "ap-northeast-1"])),
    },
    {
      name: "a bucket's region in both variables that is not the cluster's",
      source: "grafana/loki#7403",
      stack: on("StatefulSet", env(["AWS_REGION", "us-east-1"], ["AWS_DEFAULT_REGION", "us-east-1"])),
    },
    {
      name: "both region variables in China",
      source: "re:Post, How do I troubleshoot an OIDC provider and IRSA in Amazon EKS?, China",
      stack: on("Deployment", env(["AWS_REGION", "cn-northwest-1"], ["AWS_DEFAULT_REGION", "cn-northwest-1"]), china),
    },
    {
      name: "sidecar and init containers of other makers",
      source: "Istio documentation, sidecars and init containers",
      stack: on("Deployment", {
        pod: {
          initContainers: [
            {
              name: "migrate",
              image: "registry.example.com/shop/migrate:1.4.2",
              env: [{ name: "DB", value: "(not kept)" }],
            },
          ],
          containers: [
            {
              name: "api",
              image: "registry.example.com/shop/api:1.4.2",
              env: [{ name: "AWS_REGION", value: "eu-west-1" }],
            },
            { name: "proxy", image: "istio/proxyv2:1.22.1", securityContext: { runAsUser: 1337 } },
          ],
        },
      }),
    },
    { name: "a cron job that writes backups", source: "kubernetes-sigs, database backups to S3", stack: on("CronJob") },
    { name: "a job for a migration", source: "Pulumi Kubernetes documentation, batch.v1.Job", stack: on("Job") },
    {
      name: "a stateful set",
      source: "thanos-io/kube-thanos#202",
      stack: on("StatefulSet", { pod: { securityContext: { runAsUser: 65534, fsGroup: 65534 } } }),
    },
    {
      name: "a daemon set on the node's network, with the node's files",
      source: "Amazon CloudWatch, Fluent Bit daemon set",
      stack: on("DaemonSet", {
        pod: {
          hostNetwork: true,
          dnsPolicy: "ClusterFirstWithHostNet",
          volumes: [{ name: "varlog", hostPath: { path: "/var/log" } }],
          tolerations: [{ operator: "Exists" }],
        },
        container: {
          image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.2",
          volumeMounts: [{ name: "varlog", mountPath: "/var/log", readOnly: true }],
          securityContext: { runAsUser: 0 },
        },
      }),
    },
    {
      name: "not root, one user and its group",
      source: "aws/aws-eks-best-practices#27",
      stack: on("Deployment", {
        pod: { securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 } },
        container: { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
      }),
    },
    {
      name: "not root by the image alone, and no fsGroup",
      source: "kubernetes/kubernetes#89193",
      stack: on("Deployment", { container: { securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true } } }),
    },
    {
      name: "a Helm-like checksum of the configuration on the pods",
      source: "Helm documentation, automatically roll deployments",
      stack: on("Deployment", { template: { annotations: { "checksum/config": "7c0a4e" } } }),
    },
    {
      name: "the latest image of its own",
      source: "pulumi/examples, aws-ts-eks-hello-world",
      stack: on("Deployment", {
        container: { image: `${k.awsAccount}.dkr.ecr.eu-west-1.amazonaws.com/shop/api:latest` },
      }),
    },
    {
      name: "a recent controller, by tag and digest",
      source: "kubernetes-sigs/external-dns releases",
      stack: on("Deployment", {
        container: { image: "registry.k8s.io/external-dns/external-dns:v0.15.0@sha256:0b6d9a" },
      }),
    },
    {
      name: "the keys are set to nothing so that IRSA is used",
      source: "makeplane/developer-docs#323",
      stack: on(
        "Deployment",
        env(["AWS_ACCESS_KEY_ID", ""], ["AWS_SECRET_ACCESS_KEY", ""], ["AWS_REGION", "eu-west-1"]),
      ),
    },
    {
      name: "the whole environment comes from a Secret of another tool",
      source: "external-secrets/external-secrets, envFrom",
      stack: on("Deployment", {
        container: { envFrom: [{ secretRef: { name: "api-env" } }, { configMapRef: { name: "api-config" } }] },
      }),
    },
    {
      name: "a second role is assumed by a name of its own",
      source: "aws-controllers-k8s/community#782, as merged",
      stack: on("Deployment", env(["ACK_ROLE_ARN", "(not kept)"])),
    },
    {
      name: "a profile in a config file takes the web identity as its source",
      source: "Amazon EKS User Guide, cross-account IAM",
      stack: on("Deployment", {
        pod: { volumes: [{ name: "aws-config", configMap: { name: "aws-config" } }] },
        container: {
          env: [
            { name: "AWS_PROFILE", value: "account-b" },
            { name: "AWS_CONFIG_FILE", value: "/etc/aws/config" },
          ],
          volumeMounts: [{ name: "aws-config", mountPath: "/etc/aws" }],
        },
      }),
    },
    {
      name: "role and token file set by hand, as the webhook would",
      source: "aws/amazon-eks-pod-identity-webhook#82",
      stack: on(
        "Deployment",
        env(
          ["AWS_ROLE_ARN", k.arnOf("api")],
          ["AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"],
        ),
      ),
    },
    {
      name: "the metadata service is switched off and STS is asked in the region",
      source: "aws/aws-eks-best-practices, IAM",
      stack: on("Deployment", env(["AWS_EC2_METADATA_DISABLED", "true"], ["AWS_STS_REGIONAL_ENDPOINTS", "regional"])),
    },
    {
      name: "the name is a literal, and dependsOn keeps the order",
      source: "Pulumi documentation, dependsOn",
      stack: on("Deployment", { from: null, dependsOn: [k.accountUrn("shop", "api")] }),
    },
    {
      name: "the deployment waits for the whole release that brings its account",
      source: "Pulumi Kubernetes documentation, helm.v3.Release",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.chart("accounts", "shop", { accounts: ["api"] }),
        k.pods("Deployment", "shop", "api", "api", {
          from: null,
          dependsOn: ["urn:pulumi:dev::shop::kubernetes:helm.sh/v3:Release::accounts"],
        }),
      ]),
    },
    {
      name: "MinIO and a program that uses its keys, without any role",
      source: "minio/minio, S3 keys in env",
      stack: withoutRole(
        env(
          ["AWS_ACCESS_KEY_ID", "(not kept)"],
          ["AWS_SECRET_ACCESS_KEY", "(not kept)"],
          ["AWS_ENDPOINT_URL", "http://minio:9000"],
        ),
      ),
    },
    {
      name: "a web server on the node's network as root, without any role",
      source: "kubernetes/ingress-nginx, hostNetwork",
      stack: withoutRole({
        pod: { hostNetwork: true, securityContext: { runAsUser: 0 } },
        container: { image: "nginx" },
      }),
    },
    {
      name: "a pod that names an account without a role in the same namespace",
      source: "kubernetes-sigs/metrics-server",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", k.arnOf("api")),
        k.pods("Deployment", "shop", "api", "api"),
        k.account("shop", "apis"),
        k.pods("Deployment", "shop", "apis", "apis"),
        k.pods("CronJob", "shop", "cleanup", undefined),
      ]),
    },
    {
      name: "a namespace of which a chart fills the rest",
      source: "kubeflow/spark-operator, accounts for drivers",
      stack: program([
        k.base,
        k.namespace("spark"),
        k.roleFor("spark", "spark"),
        k.account("spark", "spark", k.arnOf("spark")),
        k.chart("spark-operator", "spark", { spark: { jobNamespaces: ["spark"] } }),
        k.pods("Deployment", "spark", "history", "spark-operator-history", { from: null }),
      ]),
    },
  ],
};

export default reports;
