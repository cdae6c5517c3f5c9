import { actions, allow, forEach, type Preset, type PresetStatement } from "./preset";

/** Cluster Autoscaler, limited to the Auto Scaling groups that EKS tags as owned by the cluster. */
export const clusterAutoscaler: Preset = {
  needs: ["clusterName"],
  statements: ({ clusterName }) => [
    allow(
      [
        ...actions(
          "autoscaling",
          "DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeLaunchConfigurations DescribeScalingActivities DescribeTags",
        ),
        ...actions(
          "ec2",
          "DescribeImages DescribeInstanceTypes DescribeLaunchTemplateVersions GetInstanceTypesFromInstanceRequirements",
        ),
        "eks:DescribeNodegroup",
      ],
      "*",
    ),
    allow(
      actions("autoscaling", "SetDesiredCapacity TerminateInstanceInAutoScalingGroup UpdateAutoScalingGroup"),
      "*",
      {
        StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned" },
      },
    ),
  ],
};

/** AWS Node Termination Handler in queue mode. */
export const nodeTerminationHandler: Preset = {
  needs: ["queueArns"],
  statements: ({ queueArns }) => [
    allow(
      [
        ...actions("autoscaling", "CompleteLifecycleAction DescribeAutoScalingInstances DescribeTags"),
        "ec2:DescribeInstances",
      ],
      "*",
    ),
    allow(actions("sqs", "DeleteMessage ReceiveMessage"), queueArns),
  ],
};

/** Karpenter 1.x; after the policy of its CloudFormation template, limited to what carries the cluster's tags. */
export const karpenter: Preset = {
  needs: ["clusterName", "nodeRoleArns"],
  takes: ["queueArns"],
  statements: ({ partition, clusterName, nodeRoleArns, queueArns }) => {
    const ec2 = (...paths: string[]) => paths.map((path) => `arn:${partition}:ec2:*:${path}`);
    const owned = (kind: "RequestTag" | "ResourceTag") => ({
      [`aws:${kind}/kubernetes.io/cluster/${clusterName}`]: "owned",
    });
    const pool = (kind: "RequestTag" | "ResourceTag") => ({ [`aws:${kind}/karpenter.sh/nodepool`]: "*" });
    const ofCluster = { "aws:RequestTag/eks:eks-cluster-name": clusterName };
    const instanceProfile = { "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass": "*" };
    const created = ec2(
      "*:fleet/*",
      "*:instance/*",
      "*:volume/*",
      "*:network-interface/*",
      "*:launch-template/*",
      "*:spot-instances-request/*",
    );
    const profiles = `arn:${partition}:iam::*:instance-profile/*`;
    const statements: PresetStatement[] = [
      allow(
        actions("ec2", "RunInstances CreateFleet"),
        ec2(":image/*", ":snapshot/*", "*:security-group/*", "*:subnet/*", "*:capacity-reservation/*"),
      ),
      allow(actions("ec2", "RunInstances CreateFleet"), ec2("*:launch-template/*"), {
        StringEquals: owned("ResourceTag"),
        StringLike: pool("ResourceTag"),
      }),
      allow(actions("ec2", "RunInstances CreateFleet CreateLaunchTemplate"), created, {
        StringEquals: { ...owned("RequestTag"), ...ofCluster },
        StringLike: pool("RequestTag"),
      }),
      allow(["ec2:CreateTags"], created, {
        StringEquals: {
          ...owned("RequestTag"),
          ...ofCluster,
          "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
        },
        StringLike: pool("RequestTag"),
      }),
      allow(["ec2:CreateTags"], ec2("*:instance/*"), {
        StringEquals: owned("ResourceTag"),
        StringLike: pool("ResourceTag"),
        StringEqualsIfExists: ofCluster,
        "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
      }),
      allow(actions("ec2", "TerminateInstances DeleteLaunchTemplate"), ec2("*:instance/*", "*:launch-template/*"), {
        StringEquals: owned("ResourceTag"),
        StringLike: pool("ResourceTag"),
      }),
      allow(
        actions(
          "ec2",
          `DescribeCapacityReservations DescribeImages DescribeInstances DescribeInstanceTypeOfferings DescribeInstanceTypes
           DescribeLaunchTemplates DescribeSecurityGroups DescribeSpotPriceHistory DescribeSubnets`,
        ),
        "*",
      ),
      allow(["ssm:GetParameter"], `arn:${partition}:ssm:*::parameter/aws/service/*`),
      allow(["pricing:GetProducts"], "*"),
      ...forEach(queueArns, (arns) => [allow(actions("sqs", "DeleteMessage GetQueueUrl ReceiveMessage"), arns)]),
      allow(["iam:PassRole"], nodeRoleArns, {
        StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
      }),
      allow(["iam:CreateInstanceProfile"], profiles, {
        StringEquals: { ...owned("RequestTag"), ...ofCluster },
        StringLike: { "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass": "*" },
      }),
      allow(["iam:TagInstanceProfile"], profiles, {
        StringEquals: { ...owned("ResourceTag"), ...owned("RequestTag"), ...ofCluster },
        StringLike: { ...instanceProfile, "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass": "*" },
      }),
      allow(actions("iam", "AddRoleToInstanceProfile RemoveRoleFromInstanceProfile DeleteInstanceProfile"), profiles, {
        StringEquals: owned("ResourceTag"),
        StringLike: instanceProfile,
      }),
      allow(actions("iam", "GetInstanceProfile ListInstanceProfiles"), "*"),
      allow(["eks:DescribeCluster"], `arn:${partition}:eks:*:*:cluster/${clusterName}`),
    ];
    return statements;
  },
};
