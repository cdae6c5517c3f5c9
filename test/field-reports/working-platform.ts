import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, urnOf } from "../support/stack";
import { kubernetes, type PodOptions } from "./pods";
import { policy, program, role, web, type ClusterOptions, type Part, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const annotated = (name: string): Properties => ({ annotations: { [ROLE_ARN]: k.arnOf(name) } });
const REGION: Properties = { AWS_REGION: "eu-west-1" };

/** A chart as its guide has it, with a role for the account that it makes. */
function installed(chart: string, account: string, values: (role: string) => Properties): readonly Part[] {
  const [namespace = "", name = ""] = account.split("/");
  const made = k
    .chart(chart, namespace, values(`${chart}-role`), [`${chart}-role`])
    .map((part) => ({ ...part, inputs: { ...part.inputs, name: chart } }));
  return [...k.roleFor(namespace, name, `${chart}-role`), ...made];
}

/** One account with its role and pods, on a cluster of one's own choice. */
function app(cluster: ClusterOptions, pods: PodOptions = {}) {
  const own = kubernetes(cluster);
  return program([
    own.base,
    own.namespace("shop"),
    own.roleFor("shop", "api"),
    own.account("shop", "api", own.arnOf("api")),
    own.pods("Deployment", "shop", "api", "api", pods),
  ]);
}
const env = (...variables: readonly (readonly [string, string])[]): PodOptions => ({
  container: { env: variables.map(([name, value]) => ({ name, value })) },
});

const ANYWHERE = "anywhere-oidc.s3.us-west-2.amazonaws.com/cluster";
const ANYWHERE_ARN = `arn:aws:iam::111122223333:oidc-provider/${ANYWHERE}`;
const IDP = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const ambient = {
  urn: urnOf("pulumi:providers:kubernetes", "default"),
  type: "pulumi:providers:kubernetes",
  name: "default",
  inputs: {},
};

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "a platform of two dozen charts, each with its role",
      source: "aws-ia/terraform-aws-eks-blueprints-addons, as Pulumi releases",
      stack: program([
        k.base,
        installed("external-dns", "dns/external-dns", (name) => ({ serviceAccount: annotated(name) })),
        installed("external-secrets", "eso/external-secrets", (name) => ({ serviceAccount: annotated(name) })),
        installed("karpenter", "kube-system/karpenter", (name) => ({
          settings: { clusterName: "prod" },
          serviceAccount: { name: "karpenter", ...annotated(name) },
        })),
        installed("keda", "keda/keda-operator", (name) => ({
          podIdentity: { aws: { irsa: { enabled: true, roleArn: k.arnOf(name) } } },
          serviceAccount: { operator: annotated(name) },
        })),
        installed("vault", "vault/vault", (name) => ({ server: { serviceAccount: annotated(name) } })),
        installed("argo-cd", "argocd/argocd-application-controller", (name) => ({
          controller: { serviceAccount: annotated(name) },
        })),
        installed("velero", "velero/velero-server", (name) => ({
          credentials: { useSecret: false },
          serviceAccount: { server: annotated(name) },
        })),
        installed("aws-ebs-csi-driver", "kube-system/ebs-csi-controller-sa", (name) => ({
          controller: { serviceAccount: annotated(name) },
        })),
        installed("cluster-autoscaler", "kube-system/cluster-autoscaler-aws-cluster-autoscaler", (name) => ({
          autoDiscovery: { clusterName: "prod" },
          rbac: { serviceAccount: annotated(name) },
        })),
        installed("jenkins", "ci/jenkins", (name) => ({
          serviceAccount: { create: true, name: "jenkins", ...annotated(name) },
          serviceAccountAgent: { create: true },
        })),
        installed("gitlab-runner", "ci/gitlab-runner", (name) => ({
          serviceAccount: { create: true, name: "gitlab-runner", ...annotated(name) },
          runners: { config: "[[runners]]" },
        })),
        installed("airflow", "airflow/airflow-worker", (name) => ({
          workers: { serviceAccount: { create: true, name: "airflow-worker", ...annotated(name) } },
          webserver: { serviceAccount: { create: true } },
        })),
        installed("spark-operator", "spark/spark", (name) => ({
          spark: { serviceAccount: { create: true, name: "spark", ...annotated(name) } },
        })),
        installed("harbor", "harbor/harbor-registry", () => ({ registry: { serviceAccountName: "harbor-registry" } })),
        k.account("harbor", "harbor-registry", k.arnOf("harbor-role")),
        installed("s3-chart", "ack-system/ack-s3-controller", (name) => ({
          aws: { region: "eu-west-1" },
          serviceAccount: annotated(name),
        })),
        installed("aws-for-fluent-bit", "logging/aws-for-fluent-bit", (name) => ({
          cloudWatchLogs: { enabled: true, region: "eu-west-1" },
          serviceAccount: annotated(name),
        })),
        installed("thanos", "metrics/thanos-storegateway", (name) => ({
          storegateway: { serviceAccount: { name: "thanos-storegateway", ...annotated(name) } },
        })),
        installed("grafana", "metrics/grafana", (name) => ({
          serviceAccount: annotated(name),
          env: REGION,
          "grafana.ini": { auth: { sigv4_auth_enabled: true } },
        })),
        installed("crossplane", "crossplane-system/crossplane", (name) => ({
          serviceAccount: { customAnnotations: { [ROLE_ARN]: k.arnOf(name) } },
        })),
        installed("atlantis", "atlantis/atlantis", (name) => ({
          environment: REGION,
          serviceAccount: { create: true, ...annotated(name) },
        })),
        installed("kyverno", "kyverno/kyverno-admission-controller", (name) => ({
          admissionController: { rbac: { serviceAccount: annotated(name) } },
        })),
        installed("flux2", "flux-system/source-controller", (name) => ({
          sourceController: { serviceAccount: annotated(name) },
        })),
        installed("temporal", "temporal/temporal", (name) => ({
          serviceAccount: { create: true, name: "temporal", extraAnnotations: { [ROLE_ARN]: k.arnOf(name) } },
        })),
      ]),
    },
    {
      name: "the isolated partition iso",
      source: "AWS Secret Regions, endpoints and ARNs",
      stack: app({ region: "us-iso-east-1", partition: "aws-iso", suffix: "c2s.ic.gov" }),
    },
    {
      name: "the isolated partition iso-b",
      source: "AWS Secret Regions, us-isob-east-1",
      stack: app({ region: "us-isob-east-1", partition: "aws-iso-b", suffix: "sc2s.sgov.gov" }),
    },
    {
      name: "the European Sovereign Cloud",
      source: "AWS European Sovereign Cloud, endpoints and ARNs",
      stack: app({ region: "eusc-de-east-1", partition: "aws-eusc", suffix: "amazonaws.eu" }),
    },
    {
      name: "FIPS endpoints in GovCloud",
      source: "AWS SDKs and tools reference guide, FIPS endpoints",
      stack: app({ region: "us-gov-west-1", partition: "aws-us-gov" }, env(["AWS_USE_FIPS_ENDPOINT", "true"])),
    },
    {
      name: "dual-stack endpoints on a cluster of IPv6",
      source: "Amazon EKS user guide, IPv6 clusters",
      stack: app(
        { region: "eu-west-1", inputs: { kubernetesNetworkConfig: { ipFamily: "ipv6" } } },
        env(["AWS_USE_DUALSTACK_ENDPOINT", "true"], ["AWS_ENDPOINT_URL_STS", "https://sts.eu-west-1.api.aws"]),
      ),
    },
    {
      name: "STS by the private name of its VPC endpoint",
      source: "kubernetes-sigs/external-dns#1470 (comments)",
      stack: app(
        { region: "eu-west-1" },
        env(["AWS_ENDPOINT_URL_STS", "https://vpce-0a1b2c-3d4e5f.sts.eu-west-1.vpce.amazonaws.com"]),
      ),
    },
    {
      name: "hybrid nodes, with a role for IAM Roles Anywhere beside",
      source: "Amazon EKS user guide, hybrid nodes credentials",
      stack: program([
        ...kubernetes({
          name: "hybrid",
          region: "eu-west-1",
          inputs: { remoteNetworkConfig: { remoteNodeNetworks: { cidrs: ["10.80.0.0/16"] } } },
        }).base.map((part) => [part]),
        role(
          "nodes",
          policy({
            Effect: "Allow",
            Principal: { Service: "rolesanywhere.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
          }),
          { from: [] },
        ),
      ]),
    },
    {
      name: "EKS Anywhere, whose issuer is a bucket",
      source: "aws/eks-anywhere#898",
      stack: program([
        [
          resource(
            IDP,
            "anywhere",
            { url: `https://${ANYWHERE}`, clientIdLists: ["sts.amazonaws.com"] },
            { outputs: { arn: ANYWHERE_ARN, url: ANYWHERE } },
          ),
        ],
        role(
          "anywhere",
          web(ANYWHERE_ARN, {
            StringEquals: {
              [`${ANYWHERE}:sub`]: "system:serviceaccount:shop:api",
              [`${ANYWHERE}:aud`]: "sts.amazonaws.com",
            },
          }),
          { from: [urnOf(IDP, "anywhere")] },
        ),
        [
          resource(
            "kubernetes:core/v1:ServiceAccount",
            "anywhere",
            {
              metadata: {
                name: "api",
                namespace: "shop",
                annotations: { [ROLE_ARN]: "arn:aws:iam::111122223333:role/anywhere" },
              },
            },
            { provider: ambient, from: { metadata: [urnOf("aws:iam/role:Role", "anywhere")] } },
          ),
        ],
      ]),
    },
  ],
};

export default reports;
