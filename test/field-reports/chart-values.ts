import type { Properties } from "../../policy-pack/src/model/snapshot";
import { kubernetes } from "./pods";
import { program, type Part, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "ap-south-1" });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const annotated = (name: string): Properties => ({ annotations: { [ROLE_ARN]: k.arnOf(name) } });
const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => ({ name, value: "AKIA…" }));
const API_TOKEN = "/run/secrets/kubernetes.io/serviceaccount/token";

interface ReleaseOptions {
  /** The name of the release; the chart's unless given. */
  readonly name?: string;
  readonly namespace: string;
  /** The account that the role trusts, in the release's namespace. */
  readonly trusts: string;
  readonly values: (role: string) => Properties;
  readonly more?: Properties;
}

/** A Helm release as Pulumi checks it (always with a name), and a role for one account of its namespace. */
function release(chart: string, { name = chart, namespace, trusts, values, more = {} }: ReleaseOptions) {
  const made: readonly Part[] = k
    .chart(chart, namespace, values("chart-role"), ["chart-role"])
    .map((part) => ({ ...part, inputs: { ...part.inputs, name, ...more } }));
  return program([k.base, k.roleFor(namespace, trusts, "chart-role"), made]);
}

const reports: Reports = {
  broken: [
    {
      name: "the image updater keeps a user's keys beside its role",
      source: "argoproj-labs/argocd-image-updater#528",
      stack: release("argocd-image-updater", {
        namespace: "argocd",
        trusts: "argocd-image-updater",
        values: (role) => ({
          extraEnv: [{ name: "AWS_REGION", value: "ap-south-1" }, ...keys],
          serviceAccount: { create: true, name: "argocd-image-updater", ...annotated(role) },
        }),
      }),
      finds: ["workload-static-credentials advisory"],
      at: ["Release argocd-image-updater"],
    },
    {
      name: "the values hand the pods the API server's token for that of STS",
      source: "external-secrets/kubernetes-external-secrets#290, as a Release",
      stack: release("kubernetes-external-secrets", {
        namespace: "kube-system",
        trusts: "externalsecrets",
        values: (role) => ({
          env: { AWS_REGION: "ap-south-1", AWS_ROLE_ARN: k.arnOf(role), AWS_WEB_IDENTITY_TOKEN_FILE: API_TOKEN },
          serviceAccount: { create: true, name: "externalsecrets", ...annotated(role) },
        }),
      }),
      finds: ["workload-identity-env advisory"],
      at: ["Release kubernetes-external-secrets"],
    },
    {
      name: "the values set the role's variable for a second role, and the webhook keeps away",
      source: "runatlantis/atlantis#2191, AWS_ROLE_ARN in environment",
      stack: release("atlantis", {
        namespace: "atlantis",
        trusts: "atlantis",
        values: (role) => ({
          environment: { AWS_ROLE_ARN: "arn:aws:iam::444455556666:role/deployer" },
          serviceAccount: { name: "atlantis", ...annotated(role) },
        }),
      }),
      finds: ["workload-identity-env advisory"],
      at: ["Release atlantis"],
    },
    {
      name: "the runners' pods carry the annotation, and no account",
      source: "actions/actions-runner-controller#2966, gha-runner-scale-set",
      stack: release("gha-runner-scale-set", {
        namespace: "arc-runners",
        trusts: "runner",
        values: (role) => ({
          githubConfigUrl: "https://github.com/acme",
          template: { metadata: annotated(role), spec: { containers: [{ name: "runner", image: "runner:latest" }] } },
        }),
      }),
      finds: ["service-account-annotation-key advisory"],
      at: ["Release gha-runner-scale-set"],
    },
    {
      name: "the server's pods carry the annotation in the chart of Argo Workflows",
      source: "argoproj/argo-workflows#13588",
      stack: release("argo-workflows", {
        namespace: "argo",
        trusts: "argo-server",
        values: (role) => ({ server: { podAnnotations: { [ROLE_ARN]: k.arnOf(role) } } }),
      }),
      finds: ["service-account-annotation-key advisory"],
      at: ["Release argo-workflows"],
    },
    {
      name: "Tempo's account below tempo",
      source: "alphagov/govuk-helm-charts#3105",
      stack: release("tempo", {
        namespace: "monitoring",
        trusts: "tempo",
        values: (role) => ({ tempo: { serviceAccount: annotated(role), storage: { trace: { backend: "s3" } } } }),
      }),
      finds: ["service-account-annotation-key advisory"],
      at: ["Release tempo"],
    },
    {
      name: "one account for all of Argo CD, which has one for each part",
      source: "argoproj/argo-cd#8952, serviceAccount at the top of the values",
      stack: release("argo-cd", {
        namespace: "argocd",
        trusts: "argocd-repo-server",
        values: (role) => ({ serviceAccount: annotated(role) }),
      }),
      finds: ["service-account-annotation-key advisory"],
      at: ["Release argo-cd"],
    },
    {
      name: "the account at the top of the values of Vault's chart",
      source: "hashicorp/vault-helm, server.serviceAccount",
      stack: release("vault", {
        namespace: "vault",
        trusts: "vault",
        values: (role) => ({ serviceAccount: annotated(role), server: { ha: { enabled: true } } }),
      }),
      finds: ["service-account-annotation-key advisory"],
      at: ["Release vault"],
    },
    {
      name: "the account at the top of the values of kube-prometheus-stack",
      source: "prometheus-community/helm-charts#1242 (comments)",
      stack: release("kube-prometheus-stack", {
        namespace: "monitoring",
        trusts: "prometheus",
        values: (role) => ({ serviceAccount: { create: true, name: "prometheus", ...annotated(role) } }),
      }),
      finds: ["service-account-annotation-key advisory"],
      at: ["Release kube-prometheus-stack"],
    },
    {
      name: "the release has a name that was made up, and so has the account",
      source: "aws-quickstart/quickstart-amazon-eks#368",
      stack: release("aws-load-balancer-controller", {
        name: "aws-load-balancer-controller-1634831210",
        namespace: "kube-system",
        trusts: "aws-load-balancer-controller",
        values: (role) => ({ clusterName: "prod", serviceAccount: annotated(role) }),
      }),
      finds: ["trust-policy-subject-mismatch advisory"],
      at: ["Role chart-role"],
    },
    {
      name: "the release is called otherwise than the guide has it",
      source: "aws/karpenter-provider-aws#1595",
      stack: release("karpenter", {
        name: "autoscaling",
        namespace: "karpenter",
        trusts: "karpenter",
        values: (role) => ({ settings: { clusterName: "prod" }, serviceAccount: annotated(role) }),
      }),
      finds: ["trust-policy-subject-mismatch advisory"],
      at: ["Role chart-role"],
    },
    {
      name: "Velero's account is told by the name of a release of Helm 2, in an ARN with role: twice",
      source: "velero-io/velero#2309",
      stack: program([
        k.base,
        k.roleFor("velero", "handy-porcupine-velero-server", "velero"),
        k.account("velero", "handy-porcupine-velero-server", {
          annotations: { [ROLE_ARN]: k.arnOf("velero").replace(":role/", ":role:role/") },
          from: ["velero"],
        }),
      ]),
      finds: ["service-account-role-arn-invalid mandatory"],
      at: ["ServiceAccount velero-handy-porcupine-velero-server"],
    },
    {
      name: "the exporter's account has one letter more than the role's condition",
      source: "prometheus-community/helm-charts#3596 (comments)",
      stack: release("prometheus-cloudwatch-exporter", {
        namespace: "default",
        trusts: "prometheous-cloudwatch-exporter",
        values: (role) => ({
          serviceAccount: { create: true, name: "prometheus-cloudwatch-exporter", ...annotated(role) },
        }),
      }),
      finds: ["trust-policy-subject-mismatch mandatory"],
      at: ["Role chart-role"],
    },
  ],
  working: [
    {
      name: "keys for MinIO in the pods of a chart that has a role for another purpose",
      source: "grafana/mimir, blocks in MinIO and KMS by IRSA",
      stack: release("mimir-distributed", {
        namespace: "metrics",
        trusts: "mimir",
        values: (role) => ({
          serviceAccount: { name: "mimir", ...annotated(role) },
          extraEnv: [...keys, { name: "S3_ENDPOINT", value: "minio.metrics:9000" }],
        }),
      }),
    },
    {
      name: "the region and nothing else beside the role",
      source: "argoproj-labs/argocd-image-updater#112 (comments)",
      stack: release("argocd-image-updater", {
        namespace: "argocd",
        trusts: "argocd-image-updater",
        values: (role) => ({
          extraEnv: [{ name: "AWS_REGION", value: "ap-south-1" }],
          serviceAccount: annotated(role),
        }),
      }),
    },
    {
      name: "the runners use an account of the program by its name",
      source: "actions/actions-runner-controller documentation, template.spec.serviceAccountName",
      stack: program([
        k.base,
        k.namespace("arc-runners"),
        k.roleFor("arc-runners", "runner"),
        k.account("arc-runners", "runner", k.arnOf("runner")),
        k.chart("gha-runner-scale-set", "arc-runners", {
          template: {
            spec: { serviceAccountName: "runner", containers: [{ name: "runner", image: "runner:latest" }] },
          },
        }),
      ]),
    },
    {
      name: "the account of the runners in the mode of Kubernetes",
      source: "actions/actions-runner-controller#2966 (comments), resourceMeta",
      stack: release("gha-runner-scale-set", {
        namespace: "arc-runners",
        trusts: "arc-gha-rs-kube-mode",
        values: (role) => ({ resourceMeta: { kubernetesModeServiceAccount: annotated(role) } }),
      }),
    },
    {
      name: "Tempo, Grafana and Fluent Bit with the names that their charts give",
      source: "grafana/helm-charts and fluent/helm-charts, README",
      stack: program([
        k.base,
        ...(["tempo", "grafana", "fluent-bit"] as const).flatMap((chart) => [
          k.roleFor("monitoring", chart),
          k
            .chart(chart, "monitoring", { serviceAccount: annotated(chart) }, [chart])
            .map((part) => ({ ...part, inputs: { ...part.inputs, name: chart } })),
        ]),
      ]),
    },
    {
      name: "a made-up name of the release, and the name that the rendered chart tells",
      source: "Pulumi Kubernetes documentation, Release.resourceNames",
      stack: release("external-dns", {
        name: "external-dns-4c1f9a02",
        namespace: "dns",
        trusts: "external-dns",
        values: (role) => ({ serviceAccount: annotated(role) }),
        more: { resourceNames: { "ServiceAccount/v1": ["dns/external-dns"] } },
      }),
    },
    {
      name: "the account's annotation stands in a file of values",
      source: "Pulumi Kubernetes documentation, Release.valueYamlFiles",
      stack: release("external-dns", {
        namespace: "dns",
        trusts: "external-dns",
        values: () => ({ serviceAccount: { create: true, name: "external-dns" } }),
        more: { valueYamlFiles: [null] },
      }),
    },
    {
      name: "Prometheus signs with a role of another account on top of its own",
      source: "prometheus-community/helm-charts#1242 (comments), sigv4.roleArn",
      stack: release("kube-prometheus-stack", {
        namespace: "monitoring",
        trusts: "prometheus",
        values: (role) => ({
          prometheus: {
            serviceAccount: { name: "prometheus", ...annotated(role) },
            prometheusSpec: {
              remoteWrite: [{ sigv4: { region: "ap-south-1", roleArn: "arn:aws:iam::444455556666:role/aps" } }],
            },
          },
        }),
      }),
    },
  ],
};

export default reports;
