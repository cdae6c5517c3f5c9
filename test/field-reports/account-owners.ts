import { urnOf } from "../support/stack";
import { kubernetes } from "./pods";
import { program, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-central-1" });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const annotations = (role: string) => ({ [ROLE_ARN]: k.arnOf(role) });

const association = (namespace: string, serviceAccount: string, role: string) => [
  k.of(
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    `${namespace}-${serviceAccount}`,
    {
      clusterName: k.name,
      namespace,
      serviceAccount,
      roleArn: k.arnOf(role),
    },
    { clusterName: [k.clusterUrn], roleArn: [urnOf("aws:iam/role:Role", role)] },
  ),
];

const reports: Reports = {
  broken: [
    {
      name: "the chart makes the account that the program makes as well",
      source: "eksctl-io/eksctl#3912",
      stack: program([
        k.base,
        k.roleFor("kube-system", "ebs-csi-controller-sa"),
        k.account("kube-system", "ebs-csi-controller-sa", k.arnOf("ebs-csi-controller-sa")),
        k.chart("aws-ebs-csi-driver", "kube-system", {
          controller: { serviceAccount: { create: true, name: "ebs-csi-controller-sa" } },
        }),
      ]),
      finds: ["service-account-owner-conflict advisory"],
    },
    {
      name: "a patch annotates what the chart's values annotate too",
      source: "aws-controllers-k8s/community#2567",
      stack: program([
        k.base,
        k.roleFor("ack-system", "ack-s3-controller"),
        k.account("ack-system", "ack-s3-controller", { annotations: annotations("ack-s3-controller"), patch: true }),
        k.chart(
          "s3-chart",
          "ack-system",
          { serviceAccount: { name: "ack-s3-controller", annotations: annotations("ack-s3-controller") } },
          ["ack-s3-controller"],
        ),
      ]),
      finds: ["service-account-owner-conflict advisory"],
    },
    {
      name: "the chart does not make its account and names another than the one that is annotated",
      source: "sentry-kubernetes/charts#1878",
      stack: program([
        k.base,
        k.namespace("sentry"),
        k.roleFor("sentry", "sentry-irsa"),
        k.account("sentry", "sentry-irsa", k.arnOf("sentry-irsa")),
        k.chart("sentry", "sentry", { serviceAccount: { create: false, name: "sentry-isra" } }),
      ]),
      finds: ["workload-chart-account-mismatch advisory"],
    },
    {
      name: "the chart's account got another name with its new version",
      source: "ministryofjustice/cloud-platform-terraform-monitoring#76",
      stack: program([
        k.base,
        k.namespace("monitoring"),
        k.roleFor("monitoring", "prometheus-operator-prometheus", "thanos"),
        k.chart(
          "kube-prometheus-stack",
          "monitoring",
          {
            prometheus: {
              serviceAccount: {
                create: true,
                name: "kube-prometheus-stack-prometheus",
                annotations: annotations("thanos"),
              },
            },
          },
          ["thanos"],
        ),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the chart is installed in another namespace than the role trusts",
      source: "mattermost/mattermost-cloud-monitoring#810",
      stack: program([
        k.base,
        k.roleFor("external-dns", "external-dns"),
        k.chart(
          "external-dns",
          "kube-system",
          { serviceAccount: { name: "external-dns", annotations: annotations("external-dns") } },
          ["external-dns"],
        ),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "an association of Pod Identity takes the account over",
      source: "aws/amazon-eks-pod-identity-webhook#226",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.role(
          "api-pod",
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
        k.account("shop", "api", k.arnOf("api")),
        association("shop", "api", "api-pod"),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
      finds: ["service-account-pod-identity advisory"],
    },
    {
      name: "the role is made for the chart's account, and the chart is not told of it",
      source: "aws-ia/terraform-aws-eks-blueprints-addons#212",
      stack: program([
        k.base,
        k.namespace("external-dns"),
        k.roleFor("external-dns", "external-dns"),
        k.chart("external-dns", "external-dns", { serviceAccount: { create: true, name: "external-dns" } }),
      ]),
      finds: ["workload-chart-account-mismatch advisory"],
    },
    {
      name: "the chart's account has the name of its release, which the role does not know",
      source: "aws-ia/terraform-aws-eks-blueprints-addons#267",
      stack: program([
        k.base,
        k.roleFor("sys-cert", "cert-manager"),
        k.chart(
          "cert-man",
          "sys-cert",
          { serviceAccount: { create: true, name: "cert-man-cert-manager", annotations: annotations("cert-manager") } },
          ["cert-manager"],
        ),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "pods wait for the account, and a patch annotates it beside them",
      source: "Pragmatic Notes, Configuring an EKS service account to assume an IAM role with Pulumi",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api"),
        k.account("shop", "api", { annotations: annotations("api"), patch: true }),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
      finds: ["workload-order advisory"],
    },
    {
      name: "two declarations of one account, each with its role",
      source: "kubeflow/manifests, kustomize overlays of one ServiceAccount",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", k.arnOf("api")),
        k.account("shop", "api", { annotations: annotations("api"), resourceName: "api-again" }),
      ]),
      finds: ["service-account-owner-conflict advisory"],
    },
  ],
  working: [],
};

export default reports;
