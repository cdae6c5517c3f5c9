import { actions, allow, type Preset } from "./preset";

/** Amazon CloudWatch Observability add-on. */
export const cloudwatchObservability: Preset = { managed: ["CloudWatchAgentServerPolicy", "AWSXrayWriteOnlyAccess"] };

/** Prometheus that writes to and queries Amazon Managed Service for Prometheus. */
export const prometheus: Preset = {
  needs: ["workspaceArns"],
  statements: ({ workspaceArns }) => [
    allow(actions("aps", "RemoteWrite QueryMetrics GetSeries GetLabels GetMetricMetadata"), workspaceArns),
  ],
};

/** Amazon VPC CNI for IPv4. */
export const vpcCni: Preset = { managed: ["AmazonEKS_CNI_Policy"] };

/** Amazon VPC CNI for IPv6, for which AWS manages no policy. */
export const vpcCniIpv6: Preset = {
  statements: ({ partition }) => [
    allow(
      actions(
        "ec2",
        "AssignIpv6Addresses DescribeInstances DescribeTags DescribeNetworkInterfaces DescribeInstanceTypes",
      ),
      "*",
    ),
    allow(["ec2:CreateTags"], `arn:${partition}:ec2:*:*:network-interface/*`),
  ],
};
