import { policy, program, type Part, type Reports } from "./support";
import { kubernetes } from "./pods";
import type { Properties } from "../../policy-pack/src/model/snapshot";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const annotations = (role: string) => ({ [ROLE_ARN]: k.arnOf(role) });

/** A Release with inputs beside its chart, namespace and values: the release's name, a repository. */
function release(
  chart: string,
  namespace: string,
  values: Properties,
  { from = [], ...inputs }: { readonly from?: readonly string[] } & { readonly [key: string]: unknown } = {},
): readonly Part[] {
  return k
    .chart(chart, namespace, values, from)
    .map((part) => ({ ...part, inputs: { ...part.inputs, ...(inputs as Properties) } }));
}

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "the values name no account, and the namespace is the one that the role trusts",
      source: "AWS Load Balancer Controller installation guide, as a Release",
      stack: program([
        k.base,
        k.roleFor("kube-system", "aws-load-balancer-controller"),
        release(
          "aws-load-balancer-controller",
          "kube-system",
          {
            clusterName: "prod",
            region: "eu-west-1",
            serviceAccount: { create: true, annotations: annotations("aws-load-balancer-controller") },
          },
          { from: ["aws-load-balancer-controller"] },
        ),
      ]),
    },
    {
      name: "the release has the chart's name, and so has the account",
      source: "cert-manager documentation, IRSA by Helm",
      stack: program([
        k.base,
        k.roleFor("cert-manager", "cert-manager"),
        release(
          "cert-manager",
          "cert-manager",
          { crds: { enabled: true }, serviceAccount: { annotations: annotations("cert-manager") } },
          { from: ["cert-manager"], name: "cert-manager" },
        ),
      ]),
    },
    {
      name: "the autoscaler by the name that its chart gives",
      source: "kubernetes/autoscaler chart, README",
      stack: program([
        k.base,
        k.roleFor("kube-system", "cluster-autoscaler-aws-cluster-autoscaler"),
        release(
          "cluster-autoscaler",
          "kube-system",
          {
            autoDiscovery: { clusterName: "prod" },
            rbac: { serviceAccount: { annotations: annotations("cluster-autoscaler-aws-cluster-autoscaler") } },
          },
          { from: ["cluster-autoscaler-aws-cluster-autoscaler"], name: "cluster-autoscaler" },
        ),
      ]),
    },
    {
      name: "a full name of one's own",
      source: "external-secrets chart, fullnameOverride",
      stack: program([
        k.base,
        k.roleFor("secrets", "eso"),
        release(
          "external-secrets",
          "secrets",
          { fullnameOverride: "eso", serviceAccount: { annotations: annotations("eso") } },
          { from: ["eso"], name: "secrets" },
        ),
      ]),
    },
    {
      name: "the namespace of the chart's objects is overridden",
      source: "external-dns chart, namespaceOverride",
      stack: program([
        k.base,
        k.roleFor("dns", "external-dns"),
        release(
          "external-dns",
          "default",
          { namespaceOverride: "dns", serviceAccount: { annotations: annotations("external-dns") } },
          { from: ["external-dns"] },
        ),
      ]),
    },
    {
      name: "EBS and EFS drivers by their charts",
      source: "Amazon EKS user guide, storage drivers by Helm",
      stack: program([
        k.base,
        k.roleFor("kube-system", "ebs-csi-controller-sa"),
        k.roleFor("kube-system", "efs-csi-controller-sa"),
        release(
          "aws-ebs-csi-driver",
          "kube-system",
          { controller: { serviceAccount: { create: true, annotations: annotations("ebs-csi-controller-sa") } } },
          { from: ["ebs-csi-controller-sa"] },
        ),
        release(
          "aws-efs-csi-driver",
          "kube-system",
          {
            controller: {
              serviceAccount: { name: "efs-csi-controller-sa", annotations: annotations("efs-csi-controller-sa") },
            },
          },
          { from: ["efs-csi-controller-sa"] },
        ),
      ]),
    },
    {
      name: "Velero's account with the name that its chart gives, and no secret",
      source: "vmware-tanzu/helm-charts#34",
      stack: program([
        k.base,
        k.roleFor("velero", "velero-server"),
        release(
          "velero",
          "velero",
          {
            credentials: { useSecret: false },
            podSecurityContext: { fsGroup: 65534 },
            serviceAccount: { server: { annotations: annotations("velero-server") } },
          },
          { from: ["velero-server"], name: "velero" },
        ),
      ]),
    },
    {
      name: "Thanos' parts, each with an account of its own and one role for all",
      source: "bitnami/charts, thanos",
      stack: program([
        k.base,
        k.role(
          "thanos",
          k.trust({
            StringLike: { [`${k.issuer}:sub`]: "system:serviceaccount:monitoring:thanos-*" },
            StringEquals: { [`${k.issuer}:aud`]: "sts.amazonaws.com" },
          }),
        ),
        release(
          "thanos",
          "monitoring",
          {
            storegateway: { serviceAccount: { annotations: annotations("thanos") } },
            compactor: { serviceAccount: { annotations: annotations("thanos") } },
          },
          { from: ["thanos"] },
        ),
      ]),
    },
    {
      name: "Argo CD's controllers, each block with the role that assumes others",
      source: "argoproj/argo-cd#2347",
      stack: program([
        k.base,
        k.role(
          "argocd",
          k.trust(
            k.exact([
              "system:serviceaccount:argocd:argocd-application-controller",
              "system:serviceaccount:argocd:argocd-server",
            ]),
          ),
        ),
        release(
          "argo-cd",
          "argocd",
          {
            controller: { serviceAccount: { annotations: annotations("argocd") } },
            server: { serviceAccount: { annotations: annotations("argocd") } },
          },
          { from: ["argocd"] },
        ),
      ]),
    },
    {
      name: "an association brings the role, and the chart's annotation is left from before",
      source: "aws/containers-roadmap#2291, migration to Pod Identity",
      stack: program([
        k.base,
        k.role(
          "dns",
          policy({
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
          }),
          { from: [] },
        ),
        release("external-dns", "dns", { serviceAccount: { annotations: annotations("dns") } }, { from: ["dns"] }),
        [
          k.of(
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "dns",
            { clusterName: "prod", namespace: "dns", serviceAccount: "external-dns", roleArn: k.arnOf("dns") },
            { clusterName: [k.clusterUrn] },
          ),
        ],
      ]),
    },
    {
      name: "a template of the chart in place of the ARN",
      source: "external-dns chart, tpl in annotations",
      stack: program([
        k.base,
        release("external-dns", "dns", { serviceAccount: { annotations: { [ROLE_ARN]: "{{ .Values.roleArn }}" } } }),
      ]),
    },
    {
      name: "a chart of one's own that takes the ARN under a key of its own",
      source: "Pulumi Kubernetes documentation, local charts",
      stack: program([
        k.base,
        k.roleFor("shop", "api"),
        release("./charts/api", "shop", { irsa: { roleArn: k.arnOf("api") } }, { from: ["api"] }),
      ]),
    },
    {
      name: "the role of another stack for an account that the chart names itself",
      source: "Pulumi documentation, stack references and Helm",
      stack: program([
        k.base,
        release("external-secrets", "secrets", {
          serviceAccount: { annotations: { [ROLE_ARN]: "arn:aws:iam::111122223333:role/eso-prod" } },
        }),
      ]),
    },
  ],
};

export default reports;
