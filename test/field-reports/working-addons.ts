import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, urnOf } from "../support/stack";
import { allow, attachment, eks, policy, program, type Reports } from "./support";

const cluster = eks({ region: "us-west-2" });
const { issuer } = cluster;
const sub = `${issuer}:sub`;
const aud = `${issuer}:aud`;
const annotated = (arn: string): Properties => ({ annotations: { "eks.amazonaws.com/role-arn": arn } });

/** A chart of this program makes the account; the role's ARN goes into its values. */
function chart(
  release: string,
  namespace: string,
  account: string,
  role: string,
  values: Properties,
  policies?: readonly string[],
) {
  return program([
    cluster.base,
    cluster.role(
      role,
      cluster.trust(cluster.exact(`system:serviceaccount:${namespace}:${account}`)),
      policies ? { policies } : {},
    ),
    cluster.chart(release, namespace, values, [role]),
  ]);
}

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "aws-load-balancer-controller by its chart, with the account made in the program",
      source: "AWS Load Balancer Controller installation guide",
      stack: program([
        cluster.base,
        cluster.role(
          "lb",
          cluster.trust(cluster.exact("system:serviceaccount:kube-system:aws-load-balancer-controller")),
          {
            policies: ["arn:aws:iam::111122223333:policy/AWSLoadBalancerControllerIAMPolicy"],
          },
        ),
        cluster.account_("kube-system", "aws-load-balancer-controller", cluster.arnOf("lb")),
        cluster.chart("aws-load-balancer-controller", "kube-system", {
          clusterName: "prod",
          serviceAccount: { create: false, name: "aws-load-balancer-controller" },
        }),
      ]),
    },
    {
      name: "external-dns by its chart",
      source: "external-dns tutorial for AWS",
      stack: chart(
        "external-dns",
        "external-dns",
        "external-dns",
        "dns",
        {
          provider: "aws",
          serviceAccount: { create: true, name: "external-dns", ...annotated(cluster.arnOf("dns")) },
        },
        ["arn:aws:iam::111122223333:policy/AllowExternalDNSUpdates"],
      ),
    },
    {
      name: "cert-manager by its chart, whose account takes the release's name",
      source: "cert-manager documentation, Route53 with IRSA",
      stack: chart("cert-manager", "cert-manager", "cert-manager", "cert", {
        crds: { enabled: true },
        serviceAccount: annotated(cluster.arnOf("cert")),
        securityContext: { fsGroup: 1001 },
      }),
    },
    {
      name: "the EBS CSI add-on",
      source: "Amazon EKS user guide, EBS CSI driver",
      stack: program([
        cluster.base,
        cluster.role("ebs", cluster.trust(cluster.exact("system:serviceaccount:kube-system:ebs-csi-controller-sa")), {
          policies: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
        }),
        cluster.addon("aws-ebs-csi-driver", cluster.arnOf("ebs")),
      ]),
    },
    {
      name: "the EFS CSI add-on, for both of its accounts",
      source: "Amazon EKS user guide, EFS CSI driver",
      stack: program([
        cluster.base,
        cluster.role(
          "efs",
          cluster.trust({
            StringLike: { [sub]: "system:serviceaccount:kube-system:efs-csi-*", [aud]: "sts.amazonaws.com" },
          }),
          { policies: ["arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy"] },
        ),
        cluster.addon("aws-efs-csi-driver", cluster.arnOf("efs")),
      ]),
    },
    {
      name: "the VPC CNI add-on",
      source: "Amazon EKS user guide, VPC CNI with IRSA",
      stack: program([
        cluster.base,
        cluster.role("cni", cluster.trust(cluster.exact("system:serviceaccount:kube-system:aws-node")), {
          policies: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
        }),
        cluster.addon("vpc-cni", cluster.arnOf("cni")),
      ]),
    },
    {
      name: "Mountpoint for S3 add-on with StringLike and an exact subject",
      source: "Amazon EKS user guide, Mountpoint for Amazon S3 CSI driver",
      stack: program([
        cluster.base,
        cluster.role(
          "s3",
          cluster.trust({
            StringLike: { [sub]: "system:serviceaccount:kube-system:s3-csi-*", [aud]: "sts.amazonaws.com" },
          }),
        ),
        cluster.addon("aws-mountpoint-s3-csi-driver", cluster.arnOf("s3")),
      ]),
    },
    {
      name: "the CloudWatch Observability add-on",
      source: "Amazon CloudWatch user guide, Container Insights with the EKS add-on",
      stack: program([
        cluster.base,
        cluster.role("cw", cluster.trust(cluster.exact("system:serviceaccount:amazon-cloudwatch:cloudwatch-agent")), {
          policies: ["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"],
        }),
        cluster.addon("amazon-cloudwatch-observability", cluster.arnOf("cw")),
      ]),
    },
    {
      name: "Karpenter by its chart, with the nodes' role beside",
      source: "Karpenter, migrating from cluster-autoscaler",
      stack: program([
        cluster.base,
        cluster.role("karpenter", cluster.trust(cluster.exact("system:serviceaccount:kube-system:karpenter")), {
          policies: ["arn:aws:iam::111122223333:policy/KarpenterControllerPolicy-prod"],
        }),
        cluster.role(
          "node",
          policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
          {
            policies: [
              "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
              "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
            ],
            from: [],
          },
        ),
        cluster.chart(
          "karpenter",
          "kube-system",
          { serviceAccount: annotated(cluster.arnOf("karpenter")), settings: { clusterName: "prod" } },
          ["karpenter"],
        ),
      ]),
    },
    {
      name: "cluster-autoscaler as plain manifests",
      source: "smallest.ai documentation, IAM and IRSA",
      stack: program([
        cluster.base,
        cluster.role("scaler", cluster.trust(cluster.exact("system:serviceaccount:kube-system:cluster-autoscaler")), {
          policies: ["arn:aws:iam::111122223333:policy/cluster-autoscaler"],
        }),
        cluster.account_("kube-system", "cluster-autoscaler", cluster.arnOf("scaler")),
        cluster.deployment("kube-system", "cluster-autoscaler"),
      ]),
    },
    {
      name: "Velero by its chart",
      source: "UDS documentation, Velero with IRSA",
      stack: chart(
        "velero",
        "velero",
        "velero-server",
        "velero",
        {
          credentials: { useSecret: false },
          serviceAccount: { server: annotated(cluster.arnOf("velero")) },
        },
        ["arn:aws:iam::111122223333:policy/velero-s3"],
      ),
    },
    {
      name: "Crossplane's providers, whose accounts end in a revision that nobody knows ahead",
      source: "terraform-aws-modules/terraform-aws-iam#486",
      stack: program([
        cluster.base,
        cluster.role(
          "crossplane",
          cluster.trust({
            StringLike: { [sub]: "system:serviceaccount:crossplane-system:provider-aws-*" },
            StringEquals: { [aud]: "sts.amazonaws.com" },
          }),
        ),
      ]),
    },
    {
      name: "Crossplane without a condition on the audience",
      source: "crossplane-contrib/provider-aws#1172",
      stack: program([
        cluster.base,
        cluster.role(
          "crossplane",
          cluster.trust({ StringLike: { [sub]: "system:serviceaccount:crossplane-system:provider-aws-*" } }),
        ),
      ]),
      accepts: {
        "trust-policy-audience-missing": "every AWS guide asks for the audience",
      },
    },
    {
      name: "external-secrets: the account of each namespace, and the chart's own",
      source: "External Secrets documentation, AWS access with service accounts",
      stack: program([
        cluster.base,
        cluster.role("eso", cluster.trust(cluster.exact("system:serviceaccount:external-secrets:external-secrets"))),
        cluster.chart(
          "external-secrets",
          "external-secrets",
          { serviceAccount: { name: "external-secrets", ...annotated(cluster.arnOf("eso")) } },
          ["eso"],
        ),
        cluster.role("team-a", cluster.trust(cluster.exact("system:serviceaccount:team-a:reader"))),
        cluster.account_("team-a", "reader", cluster.arnOf("team-a")),
      ]),
    },
    {
      name: "EMR on EKS: the accounts of its jobs, made by EMR",
      source: "EMR on EKS development guide, update the trust policy of the job execution role",
      stack: program([
        cluster.base,
        cluster.role(
          "emr",
          cluster.trust({ StringLike: { [sub]: "system:serviceaccount:emr:emr-containers-sa-*-*-111122223333-*" } }),
          { policies: [], inputs: { inlinePolicies: [{ name: "jobs", policy: allow("s3:GetObject") }] } },
        ),
      ]),
      accepts: {
        "trust-policy-audience-missing": "every AWS guide but EMR's asks for the audience",
      },
    },
    {
      name: "Fluent Bit as a DaemonSet",
      source: "Amazon CloudWatch user guide, Fluent Bit as a DaemonSet",
      stack: program([
        cluster.base,
        cluster.role("logs", cluster.trust(cluster.exact("system:serviceaccount:amazon-cloudwatch:fluent-bit")), {
          policies: [],
        }),
        [attachment("logs", "logs", "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy", { aws: cluster.aws })],
        cluster.account_("amazon-cloudwatch", "fluent-bit", cluster.arnOf("logs")),
        [
          resource(
            "kubernetes:apps/v1:DaemonSet",
            "fluent-bit",
            {
              metadata: { name: "fluent-bit", namespace: "amazon-cloudwatch" },
              spec: {
                selector: { matchLabels: { app: "fluent-bit" } },
                template: {
                  metadata: { labels: { app: "fluent-bit" } },
                  spec: {
                    serviceAccountName: "fluent-bit",
                    containers: [
                      { name: "fluent-bit", image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.2" },
                    ],
                  },
                },
              },
            },
            {
              provider: cluster.kubernetesProvider,
              from: { spec: [urnOf("kubernetes:core/v1:ServiceAccount", "prod-amazon-cloudwatch-fluent-bit")] },
            },
          ),
        ],
      ]),
    },
    {
      name: "Velero in namespaces that a platform names: any namespace, one exact account",
      source: "spectrocloud/librarium#10477",
      stack: program([
        cluster.base,
        cluster.role(
          "velero",
          cluster.trust({
            StringLike: { [sub]: "system:serviceaccount:*:velero-server" },
            StringEquals: { [aud]: "sts.amazonaws.com" },
          }),
        ),
      ]),
      accepts: { "trust-policy-subject-too-broad": "whoever may make a namespace may take the name" },
    },
  ],
};
export default reports;
