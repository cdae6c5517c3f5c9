import { kubernetes } from "./pods";
import { program, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "us-east-2" });
const ebs = (subject: string) =>
  k.role("ebs-csi", k.trust(k.exact(`system:serviceaccount:kube-system:${subject}`)), {
    policies: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
  });
const addon = (addonName: string, inputs: Parameters<typeof k.of>[2] = {}) => [
  k.of(
    "aws:eks/addon:Addon",
    addonName,
    { addonName, clusterName: k.name, ...inputs },
    { clusterName: [k.clusterUrn] },
  ),
];

const reports: Reports = {
  broken: [
    {
      name: "the role for the EBS driver trusts the account of its node pods",
      source: "aws/containers-roadmap#2248",
      stack: program([k.base, ebs("ebs-csi-node-sa"), k.addon("aws-ebs-csi-driver", k.arnOf("ebs-csi"))]),
      finds: ["addon-role-mismatch mandatory"],
    },
    {
      name: "the role for the CNI trusts an account that only eksctl makes",
      source: "eksctl-io/eksctl#7847",
      stack: program([k.base, k.roleFor("kube-system", "vpc-cni"), k.addon("vpc-cni", k.arnOf("vpc-cni"))]),
      finds: ["addon-role-mismatch mandatory"],
    },
    {
      name: "the role is there and the add-on is not told of it",
      source: "terraform-aws-modules/terraform-aws-eks#2721",
      stack: program([k.base, ebs("ebs-csi-controller-sa"), addon("aws-ebs-csi-driver")]),
      finds: ["addon-role-mismatch advisory"],
    },
    {
      name: "the add-on's role is made for EC2 and trusts no OIDC provider",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1033",
      stack: program([
        k.base,
        k.role(
          "ebs-csi",
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
          }),
          { from: [], policies: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"] },
        ),
        k.addon("aws-ebs-csi-driver", k.arnOf("ebs-csi")),
      ]),
      finds: ["addon-role-mismatch mandatory"],
    },
  ],
  working: [
    {
      name: "EBS driver, CNI and CloudWatch, each with a role of its own",
      source: "Amazon EKS User Guide, IAM roles for add-ons",
      stack: program([
        k.base,
        ebs("ebs-csi-controller-sa"),
        k.roleFor("kube-system", "aws-node"),
        k.roleFor("amazon-cloudwatch", "cloudwatch-agent"),
        k.addon("aws-ebs-csi-driver", k.arnOf("ebs-csi")),
        k.addon("vpc-cni", k.arnOf("aws-node")),
        k.addon("amazon-cloudwatch-observability", k.arnOf("cloudwatch-agent")),
        addon("coredns"),
        addon("kube-proxy"),
      ]),
    },
    {
      name: "the CNI with the node's role, as long as nobody made one for it",
      source: "Amazon EKS User Guide, Amazon VPC CNI add-on",
      stack: program([k.base, addon("vpc-cni"), addon("aws-ebs-csi-driver"), addon("eks-pod-identity-agent")]),
    },
    {
      name: "the role is handed to the EBS driver by its configuration values",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1024",
      stack: program([
        k.base,
        ebs("ebs-csi-controller-sa"),
        addon("aws-ebs-csi-driver", {
          configurationValues: JSON.stringify({
            controller: { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": k.arnOf("ebs-csi") } } },
          }),
        }),
      ]),
    },
    {
      name: "the add-on gets its role by Pod Identity",
      source: "Amazon EKS User Guide, add-ons with Pod Identity",
      stack: program([
        k.base,
        ebs("ebs-csi-controller-sa"),
        addon("aws-ebs-csi-driver", {
          podIdentityAssociations: [{ roleArn: k.arnOf("ebs-csi"), serviceAccount: "ebs-csi-controller-sa" }],
        }),
      ]),
    },
  ],
};

export default reports;
