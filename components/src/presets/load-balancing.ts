import { actions, allow, type Preset } from "./preset";

const CLUSTER_TAG = "elbv2.k8s.aws/cluster";
const requestTagged = { [`aws:RequestTag/${CLUSTER_TAG}`]: "false" };
const resourceTagged = { [`aws:ResourceTag/${CLUSTER_TAG}`]: "false" };
const ownedButNotRequested = { [`aws:RequestTag/${CLUSTER_TAG}`]: "true", ...resourceTagged };

/** AWS Load Balancer Controller; the policy that its project publishes, docs/install/iam_policy.json. */
export const awsLoadBalancerController: Preset = {
  statements: ({ partition }) => {
    const securityGroups = `arn:${partition}:ec2:*:*:security-group/*`;
    const elb = (path: string) => `arn:${partition}:elasticloadbalancing:*:*:${path}`;
    const balancers = [elb("targetgroup/*/*"), elb("loadbalancer/net/*/*"), elb("loadbalancer/app/*/*")];
    return [
      allow(["iam:CreateServiceLinkedRole"], "*", {
        StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
      }),
      allow(
        [
          ...actions(
            "ec2",
            `DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones DescribeInternetGateways DescribeVpcs
             DescribeVpcPeeringConnections DescribeSubnets DescribeSecurityGroups DescribeInstances DescribeNetworkInterfaces DescribeTags
             GetCoipPoolUsage DescribeCoipPools GetSecurityGroupsForVpc DescribeIpamPools DescribeRouteTables`,
          ),
          ...actions(
            "elasticloadbalancing",
            `DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeListeners DescribeListenerCertificates DescribeSSLPolicies
             DescribeRules DescribeTargetGroups DescribeTargetGroupAttributes DescribeTargetHealth DescribeTags DescribeTrustStores
             DescribeListenerAttributes DescribeCapacityReservation`,
          ),
        ],
        "*",
      ),
      allow(
        [
          "cognito-idp:DescribeUserPoolClient",
          ...actions("acm", "ListCertificates DescribeCertificate"),
          ...actions("iam", "ListServerCertificates GetServerCertificate"),
          ...actions("waf-regional", "GetWebACL GetWebACLForResource AssociateWebACL DisassociateWebACL"),
          ...actions("wafv2", "GetWebACL GetWebACLForResource AssociateWebACL DisassociateWebACL"),
          ...actions("shield", "GetSubscriptionState DescribeProtection CreateProtection DeleteProtection"),
        ],
        "*",
      ),
      allow(actions("ec2", "AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress CreateSecurityGroup"), "*"),
      allow(["ec2:CreateTags"], securityGroups, {
        StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" },
        Null: requestTagged,
      }),
      allow(actions("ec2", "CreateTags DeleteTags"), securityGroups, { Null: ownedButNotRequested }),
      allow(["ec2:DeleteSecurityGroup"], "*", { Null: resourceTagged }),
      allow(actions("elasticloadbalancing", "CreateLoadBalancer CreateTargetGroup"), "*", { Null: requestTagged }),
      allow(actions("elasticloadbalancing", "CreateListener DeleteListener CreateRule DeleteRule"), "*"),
      allow(actions("elasticloadbalancing", "AddTags RemoveTags"), balancers, { Null: ownedButNotRequested }),
      allow(actions("elasticloadbalancing", "AddTags RemoveTags"), [
        elb("listener/net/*/*/*"),
        elb("listener/app/*/*/*"),
        elb("listener-rule/net/*/*/*"),
        elb("listener-rule/app/*/*/*"),
      ]),
      allow(
        actions(
          "elasticloadbalancing",
          `ModifyLoadBalancerAttributes SetIpAddressType SetSecurityGroups SetSubnets DeleteLoadBalancer ModifyTargetGroup
           ModifyTargetGroupAttributes DeleteTargetGroup ModifyListenerAttributes ModifyCapacityReservation ModifyIpPools`,
        ),
        "*",
        { Null: resourceTagged },
      ),
      allow(["elasticloadbalancing:AddTags"], balancers, {
        StringEquals: { "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"] },
        Null: requestTagged,
      }),
      allow(actions("elasticloadbalancing", "RegisterTargets DeregisterTargets"), elb("targetgroup/*/*")),
      allow(
        actions(
          "elasticloadbalancing",
          "SetWebAcl ModifyListener AddListenerCertificates RemoveListenerCertificates ModifyRule SetRulePriorities",
        ),
        "*",
      ),
    ];
  },
};

/** AWS Load Balancer Controller that only binds targets to groups made elsewhere. */
export const targetGroupBinding: Preset = {
  statements: ({ partition }) => [
    allow(
      [
        ...actions(
          "ec2",
          `DescribeAvailabilityZones DescribeInstances DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs
           AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress`,
        ),
        ...actions("elasticloadbalancing", "DescribeTargetGroups DescribeTargetHealth"),
      ],
      "*",
    ),
    allow(
      actions(
        "elasticloadbalancing",
        "ModifyTargetGroup ModifyTargetGroupAttributes RegisterTargets DeregisterTargets",
      ),
      `arn:${partition}:elasticloadbalancing:*:*:targetgroup/*/*`,
    ),
  ],
};

/** AWS Gateway API Controller (VPC Lattice); the policy of its documentation. */
export const awsGatewayController: Preset = {
  statements: ({ partition }) => [
    allow(
      [
        "vpc-lattice:*",
        ...actions("ec2", "DescribeVpcs DescribeSubnets DescribeTags DescribeSecurityGroups"),
        ...actions(
          "logs",
          `CreateLogDelivery GetLogDelivery DescribeLogGroups PutResourcePolicy DescribeResourcePolicies UpdateLogDelivery DeleteLogDelivery
           ListLogDeliveries`,
        ),
        "tag:GetResources",
        "firehose:TagDeliveryStream",
        ...actions("s3", "GetBucketPolicy PutBucketPolicy"),
      ],
      "*",
    ),
    allow(
      ["iam:CreateServiceLinkedRole"],
      `arn:${partition}:iam::*:role/aws-service-role/vpc-lattice.amazonaws.com/AWSServiceRoleForVpcLattice`,
      { StringLike: { "iam:AWSServiceName": "vpc-lattice.amazonaws.com" } },
    ),
    allow(
      ["iam:CreateServiceLinkedRole"],
      `arn:${partition}:iam::*:role/aws-service-role/delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery`,
      { StringLike: { "iam:AWSServiceName": "delivery.logs.amazonaws.com" } },
    ),
  ],
};
