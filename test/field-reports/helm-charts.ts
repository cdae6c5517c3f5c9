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
  broken: [
    {
      name: "the values name no account, and the chart goes into another namespace than the role trusts",
      source: "kubernetes-sigs/external-dns#1979, as a Release",
      stack: program([
        k.base,
        k.roleFor("kube-system", "external-dns"),
        release(
          "external-dns",
          "external-dns",
          { provider: "aws", serviceAccount: { create: true, annotations: annotations("external-dns") } },
          { from: ["external-dns"] },
        ),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the values name no account, and the role trusts the namespace of an earlier release",
      source: "aws/karpenter-provider-aws#5384, from the namespace karpenter to kube-system",
      stack: program([
        k.base,
        k.roleFor("karpenter", "karpenter"),
        release(
          "karpenter",
          "kube-system",
          { settings: { clusterName: "prod" }, serviceAccount: { annotations: annotations("karpenter") } },
          { from: ["karpenter"], chart: "oci://public.ecr.aws/karpenter/karpenter" },
        ),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the values name no account, and its role trusts EC2",
      source: "aws/eks-charts#507, without a name",
      stack: program([
        k.base,
        k.role(
          "lb",
          policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
          { from: [] },
        ),
        release(
          "aws-load-balancer-controller",
          "kube-system",
          { clusterName: "prod", serviceAccount: { annotations: annotations("lb") } },
          { from: ["lb"] },
        ),
      ]),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the values name no account, and its role is one for Pod Identity",
      source: "kubernetes-sigs/external-dns#4353",
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
        release(
          "external-dns",
          "external-dns",
          { serviceAccount: { annotations: annotations("dns") } },
          { from: ["dns"] },
        ),
      ]),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the chart adds its own name to that of the release",
      source: "aws-ia/terraform-aws-eks-blueprints-addons#267, release cert-man",
      stack: program([
        k.base,
        k.roleFor("cert-manager", "cert-manager"),
        release(
          "cert-manager",
          "cert-manager",
          { installCRDs: true, serviceAccount: { annotations: annotations("cert-manager") } },
          { from: ["cert-manager"], name: "sys" },
        ),
      ]),
      finds: ["trust-policy-subject-mismatch advisory"],
    },
    {
      name: "the autoscaler's account has the cloud's name in it, and the role does not know that",
      source: "terraform-aws-modules/terraform-aws-eks#1083",
      stack: program([
        k.base,
        k.roleFor("kube-system", "cluster-autoscaler"),
        release(
          "cluster-autoscaler",
          "kube-system",
          {
            autoDiscovery: { clusterName: "prod" },
            rbac: { serviceAccount: { create: true, annotations: annotations("cluster-autoscaler") } },
          },
          { from: ["cluster-autoscaler"], name: "cluster-autoscaler" },
        ),
      ]),
      finds: ["trust-policy-subject-mismatch advisory"],
    },
    {
      name: "Velero's account ends in -server",
      source: "velero-io/velero#3143 (comments)",
      stack: program([
        k.base,
        k.roleFor("velero", "velero"),
        release(
          "velero",
          "velero",
          { credentials: { useSecret: false }, serviceAccount: { server: { annotations: annotations("velero") } } },
          { from: ["velero"], name: "velero" },
        ),
      ]),
      finds: ["trust-policy-subject-mismatch advisory"],
    },
    {
      name: "Velero's block for the server is left out",
      source: "aws-ia/terraform-aws-eks-blueprints-addons#147",
      stack: program([
        k.base,
        k.roleFor("velero", "velero-server"),
        release(
          "velero",
          "velero",
          { credentials: { useSecret: false }, serviceAccount: { annotations: annotations("velero-server") } },
          { from: ["velero-server"] },
        ),
      ]),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "Velero's account by name, in another namespace than the role trusts",
      source: "velero-io/velero#3143",
      stack: program([
        k.base,
        k.roleFor("velero", "velero"),
        release(
          "velero",
          "backup",
          {
            credentials: { useSecret: false },
            serviceAccount: { server: { create: true, name: "velero", annotations: annotations("velero") } },
          },
          { from: ["velero"] },
        ),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the role stands beside the controller's block of the EBS driver",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1449 (comments)",
      stack: program([
        k.base,
        k.roleFor("kube-system", "ebs-csi-controller-sa"),
        release(
          "aws-ebs-csi-driver",
          "kube-system",
          { serviceAccount: { annotations: annotations("ebs-csi-controller-sa") } },
          { from: ["ebs-csi-controller-sa"] },
        ),
      ]),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "the autoscaler's account is sought outside of rbac",
      source: "kubernetes/autoscaler#3394 (comments)",
      stack: program([
        k.base,
        k.roleFor("kube-system", "cluster-autoscaler"),
        release(
          "cluster-autoscaler",
          "kube-system",
          {
            autoDiscovery: { clusterName: "prod" },
            serviceAccount: {
              create: true,
              name: "cluster-autoscaler",
              annotations: annotations("cluster-autoscaler"),
            },
          },
          { from: ["cluster-autoscaler"] },
        ),
      ]),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "Loki's account below loki",
      source: "defenseunicorns/uds-core#343",
      stack: program([
        k.base,
        k.roleFor("loki", "loki"),
        release(
          "loki",
          "loki",
          { loki: { serviceAccount: { annotations: annotations("loki") }, storage: { type: "s3" } } },
          { from: ["loki"] },
        ),
      ]),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "a path of --set as one key of the values",
      source: "cloudposse/terraform-aws-helm-release#21",
      stack: program([
        k.base,
        k.roleFor("external-dns", "external-dns"),
        release(
          "external-dns",
          "external-dns",
          { "serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn": k.arnOf("external-dns") },
          { from: ["external-dns"] },
        ),
      ]),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "the dots of the key are still escaped",
      source: "awslabs/mountpoint-s3-csi-driver#217",
      stack: program([
        k.base,
        k.roleFor("external-dns", "external-dns"),
        release(
          "external-dns",
          "external-dns",
          { serviceAccount: { annotations: { "eks\\.amazonaws\\.com/role-arn": k.arnOf("external-dns") } } },
          { from: ["external-dns"] },
        ),
      ]),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "the key was taken apart at its dots",
      source: "helm/helm#4030, --set with dots in a key",
      stack: program([
        k.base,
        k.roleFor("external-dns", "external-dns"),
        release(
          "external-dns",
          "external-dns",
          {
            serviceAccount: {
              create: true,
              annotations: { eks: { amazonaws: { "com/role-arn": k.arnOf("external-dns") } } },
            },
          },
          { from: ["external-dns"] },
        ),
      ]),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "the annotation is rendered as an empty text",
      source: "lablabs/terraform-aws-eks-external-dns#36",
      stack: program([
        k.base,
        k.roleFor("external-dns", "external-dns"),
        release("external-dns", "external-dns", {
          serviceAccount: { create: true, name: "external-dns", annotations: { [ROLE_ARN]: "" } },
        }),
      ]),
      finds: ["workload-chart-account-mismatch advisory"],
    },
    {
      name: "the name of the role where its ARN belongs",
      source: "aws/eks-charts#334 (comments), roleArn of the values",
      stack: program([
        k.base,
        k.roleFor("kube-system", "aws-load-balancer-controller"),
        release("aws-load-balancer-controller", "kube-system", {
          clusterName: "prod",
          serviceAccount: { annotations: { [ROLE_ARN]: "aws-load-balancer-controller" } },
        }),
      ]),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the chart is told to use an account that nobody makes, with one letter too few",
      source: "kubernetes-sigs/aws-load-balancer-controller#2315 (comments)",
      stack: program([
        k.base,
        k.roleFor("kube-system", "aws-load-balancer-controller"),
        k.account("kube-system", "aws-load-balancer-controller", k.arnOf("aws-load-balancer-controller")),
        release("aws-load-balancer-controller", "kube-system", {
          clusterName: "prod",
          serviceAccount: { create: false, name: "aws-loadbalancer-controller" },
        }),
      ]),
      finds: ["workload-chart-account-mismatch advisory"],
    },
    {
      name: "the annotation of kube2iam on the pods of the chart, for an account without one",
      source: "velero-io/velero#8291",
      stack: program([
        k.base,
        k.roleFor("velero", "velero-server"),
        release("velero", "velero", {
          credentials: { useSecret: false },
          serviceAccount: { server: { create: true, name: "velero-server" } },
          podAnnotations: { "iam.amazonaws.com/role": k.arnOf("velero-server") },
        }),
      ]),
      finds: ["workload-chart-account-mismatch advisory"],
    },
    {
      name: "the annotation stands beside the account's name",
      source: "hashicorp/vault-helm#360",
      stack: program([
        k.base,
        k.roleFor("dns", "external-dns"),
        release(
          "external-dns",
          "dns",
          { serviceAccount: { create: true, name: "external-dns", [ROLE_ARN]: k.arnOf("external-dns") } },
          { from: ["external-dns"] },
        ),
      ]),
      finds: ["service-account-annotation-key advisory"],
    },
  ],
  working: [],
};

export default reports;
