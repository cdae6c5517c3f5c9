import { kubernetes, rendered } from "./pods";
import { program, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const component = kubernetes({ name: "platform", region: "us-west-2", form: "component" });
const elsewhere = kubernetes({ name: "shared", region: "us-east-1", form: "none", provider: null });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const annotations = (role: string) => ({ [ROLE_ARN]: k.arnOf(role) });

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "the account is made first, the role trusts it, and a patch annotates it",
      source: "Pragmatic Notes, Configuring an EKS service account to assume an IAM role with Pulumi",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api"),
        k.account("shop", "api", {
          annotations: annotations("api"),
          patch: true,
          dependsOn: [k.accountUrn("shop", "api")],
        }),
        k.pods("Deployment", "shop", "api", "api", {
          dependsOn: ["urn:pulumi:dev::shop::kubernetes:core/v1:ServiceAccountPatch::shop-api"],
        }),
      ]),
    },
    {
      name: "a chart makes and annotates its account",
      source: "kubernetes-sigs/external-dns chart",
      stack: program([
        k.base,
        k.roleFor("external-dns", "external-dns"),
        k.namespace("external-dns"),
        k.chart(
          "external-dns",
          "external-dns",
          {
            provider: "aws",
            serviceAccount: { create: true, name: "external-dns", annotations: annotations("external-dns") },
          },
          ["external-dns"],
        ),
      ]),
    },
    {
      name: "a chart names no account and makes one by its full name",
      source: "cert-manager chart",
      stack: program([
        k.base,
        k.roleFor("cert-manager", "cert-manager"),
        k.chart(
          "cert-manager",
          "cert-manager",
          { crds: { enabled: true }, serviceAccount: { annotations: annotations("cert-manager") } },
          ["cert-manager"],
        ),
      ]),
    },
    {
      name: "a chart uses the account of the program",
      source: "aws-load-balancer-controller chart, serviceAccount.create=false",
      stack: program([
        k.base,
        k.roleFor("kube-system", "aws-load-balancer-controller"),
        k.account("kube-system", "aws-load-balancer-controller", k.arnOf("aws-load-balancer-controller")),
        k.chart("aws-load-balancer-controller", "kube-system", {
          clusterName: "prod",
          serviceAccount: { create: false, name: "aws-load-balancer-controller" },
        }),
      ]),
    },
    {
      name: "Velero's chart with serviceAccount.server and no secret",
      source: "vmware-tanzu/helm-charts#704",
      stack: program([
        k.base,
        k.roleFor("velero", "velero-server", "velero"),
        k.chart(
          "velero",
          "velero",
          { credentials: { useSecret: false }, serviceAccount: { server: { annotations: annotations("velero") } } },
          ["velero"],
        ),
      ]),
    },
    {
      name: "Karpenter's chart in kube-system",
      source: "Karpenter documentation, getting started",
      stack: program([
        k.base,
        k.roleFor("kube-system", "karpenter"),
        k.chart(
          "karpenter",
          "kube-system",
          { settings: { clusterName: "prod" }, serviceAccount: { annotations: annotations("karpenter") } },
          ["karpenter"],
        ),
      ]),
    },
    {
      name: "Loki's chart with one account for all its parts, and a pattern for its name",
      source: "grafana/loki#11453",
      stack: program([
        k.base,
        k.role(
          "loki",
          k.trust({
            StringLike: { [`${k.issuer}:sub`]: "system:serviceaccount:monitoring:loki*" },
            StringEquals: { [`${k.issuer}:aud`]: "sts.amazonaws.com" },
          }),
        ),
        k.chart(
          "loki",
          "monitoring",
          { serviceAccount: { create: true, name: "loki", annotations: annotations("loki") } },
          ["loki"],
        ),
      ]),
    },
    {
      name: "a chart's rendered account and deployment, children of the chart",
      source: "Pulumi Kubernetes documentation, helm.v4.Chart",
      stack: program([
        k.base,
        k.roleFor("kube-system", "cluster-autoscaler"),
        k.chart("cluster-autoscaler", "kube-system", { rbac: {} }).map((part) => ({
          ...part,
          type: "kubernetes:helm.sh/v4:Chart",
          urn: part.urn.replace("helm.sh/v3:Release", "helm.sh/v4:Chart"),
        })),
        rendered("kubernetes:helm.sh/v4:Chart", "cluster-autoscaler", [
          ...k.account("kube-system", "cluster-autoscaler", k.arnOf("cluster-autoscaler")),
          ...k.pods("Deployment", "kube-system", "cluster-autoscaler", "cluster-autoscaler", {
            container: {
              image: "registry.k8s.io/autoscaling/cluster-autoscaler:v1.33.0",
              env: [{ name: "AWS_REGION", value: "eu-west-1" }],
            },
            template: { annotations: { "checksum/config": "9f2c" } },
          }),
        ]),
      ]),
    },
    {
      name: "a YAML file with account and deployment, the ARN put in by a transformation",
      source: "Pulumi Kubernetes documentation, yaml.ConfigFile",
      stack: program([
        k.base,
        k.roleFor("kube-system", "external-dns"),
        [k.make("yaml:ConfigFile", "external-dns", { file: "external-dns.yaml" })],
        rendered("kubernetes:yaml:ConfigFile", "external-dns", [
          ...k.account("kube-system", "external-dns", k.arnOf("external-dns")),
          ...k.pods("Deployment", "kube-system", "external-dns", "external-dns", {
            container: { image: "registry.k8s.io/external-dns/external-dns:v0.15.0" },
            pod: { securityContext: { fsGroup: 65534 } },
          }),
        ]),
      ]),
    },
    {
      name: "a config group for an agent whose account Helm owns",
      source: "Pulumi Kubernetes documentation, yaml/v2.ConfigGroup",
      stack: program([
        k.base,
        k.namespace("logging"),
        [k.make("yaml/v2:ConfigGroup", "agent", { files: ["agent/*.yaml"] })],
        rendered("kubernetes:yaml/v2:ConfigGroup", "agent", k.pods("DaemonSet", "logging", "agent", "agent")),
      ]),
    },
    {
      name: "a patch annotates the account of a Helm release",
      source: "Pulumi Kubernetes documentation, server-side apply patches",
      stack: program([
        k.base,
        k.roleFor("argocd", "argocd-application-controller"),
        k.chart("argo-cd", "argocd", { configs: { params: { "server.insecure": true } } }),
        k.account("argocd", "argocd-application-controller", {
          annotations: annotations("argocd-application-controller"),
          patch: true,
          dependsOn: ["urn:pulumi:dev::shop::kubernetes:helm.sh/v3:Release::argo-cd"],
        }),
      ]),
    },
    {
      name: "Argo CD brings the workloads, the program the accounts",
      source: "safe-global/safe-client-gateway#3164",
      stack: program([
        k.base,
        k.namespace("gateway"),
        k.roleFor("gateway", "api"),
        k.roleFor("gateway", "worker"),
        k.account("gateway", "api", k.arnOf("api")),
        k.account("gateway", "worker", k.arnOf("worker")),
        [
          k.make("argoproj.io/v1alpha1:Application", "gateway", {
            metadata: { name: "gateway", namespace: "argocd" },
            spec: { destination: { namespace: "gateway" }, source: { path: "gateway" } },
          }),
        ],
      ]),
    },
    {
      name: "the namespace gets its name from Pulumi, and all take it from there",
      source: "Pulumi documentation, auto-naming",
      stack: program([
        k.base,
        k.namespace("shop-5d1e8c3f").map((part) => ({ ...part, urn: part.urn.replace(/[^:]+$/, "shop-5d1e8c3f") })),
        k.roleFor("shop-5d1e8c3f", "api"),
        k.account("shop-5d1e8c3f", "api", k.arnOf("api")),
        k.pods("Deployment", "shop-5d1e8c3f", "api", "api"),
      ]),
    },
    {
      name: "the account is in another stack, and the pods name it",
      source: "Pulumi documentation, stack references",
      stack: program([k.base, k.pods("Deployment", "shop", "api", "api", { from: null })]),
    },
    {
      name: "the role is in another stack, and the account has its ARN",
      source: "Pulumi documentation, stack references",
      stack: program([
        elsewhere.base,
        elsewhere.namespace("shop"),
        elsewhere.account("shop", "api", { annotations: { [ROLE_ARN]: elsewhere.arnOf("shop-api-prod") }, from: [] }),
        elsewhere.pods("Deployment", "shop", "api", "api"),
      ]),
    },
    {
      name: "pods of the default namespace, which nobody writes",
      source: "pulumi/examples, aws-ts-eks",
      stack: program([
        k.base,
        k.roleFor("default", "s3-reader"),
        k.account("default", "s3-reader", {
          annotations: annotations("s3-reader"),
          metadata: { namespace: undefined },
        }),
        k.pods("Deployment", "default", "s3-reader", "s3-reader"),
      ]),
    },
    {
      name: "several accounts of one namespace, each with its role, and one without",
      source: "Poolside documentation, IAM roles on EKS",
      stack: program([
        component.base,
        component.namespace("shop"),
        ...["api", "api-worker", "api-migrate"].flatMap((name) => [
          component.roleFor("shop", name),
          component.account("shop", name, component.arnOf(name)),
          component.pods(name === "api-migrate" ? "Job" : "Deployment", "shop", name, name),
        ]),
        component.account("shop", "api-proxy"),
        component.pods("Deployment", "shop", "api-proxy", "api-proxy"),
        component.pods("Deployment", "shop", "web", undefined),
      ]),
    },
    {
      name: "one role for three accounts of Airflow, each named in its trust policy",
      source: "apache/airflow chart, scheduler, worker and webserver",
      stack: program([
        k.base,
        k.namespace("airflow"),
        k.role(
          "airflow",
          k.trust(
            k.exact(
              ["scheduler", "worker", "webserver"].map((each) => `system:serviceaccount:airflow:airflow-${each}`),
            ),
          ),
        ),
        ...["scheduler", "worker", "webserver"].flatMap((each) => [
          k.account("airflow", `airflow-${each}`, k.arnOf("airflow")),
          k.pods("Deployment", "airflow", `airflow-${each}`, `airflow-${each}`),
        ]),
      ]),
    },
    {
      name: "Pod Identity for one account beside IRSA for another",
      source: "aws/containers-roadmap#2291",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", k.arnOf("api")),
        k.pods("Deployment", "shop", "api", "api"),
        k.role(
          "worker-pod",
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "pods.eks.amazonaws.com" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
              },
            ],
          }),
          { from: [] },
        ),
        k.account("shop", "worker"),
        [
          k.of(
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "worker",
            { clusterName: "prod", namespace: "shop", serviceAccount: "worker", roleArn: k.arnOf("worker-pod") },
            { clusterName: [k.clusterUrn] },
          ),
        ],
        k.pods("Deployment", "shop", "worker", "worker"),
      ]),
    },
    {
      name: "annotations of other tools stand beside the role",
      source: "meta.helm.sh, Argo CD sync waves and Reloader on one account",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", {
          annotations: {
            ...annotations("api"),
            "eks.amazonaws.com/token-expiration": "3600",
            "eks.amazonaws.com/sts-regional-endpoints": "true",
            "argocd.argoproj.io/sync-wave": "-1",
            "meta.helm.sh/release-name": "shop",
            "iam.gke.io/gcp-service-account": "api@shop.iam.gserviceaccount.com",
          },
        }),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
    },
  ],
};

export default reports;
