import { certManager, externalDns, externalSecrets } from "./dns-and-secrets";
import { awsGatewayController, awsLoadBalancerController, targetGroupBinding } from "./load-balancing";
import type { AddonName } from "./names";
import { cloudwatchObservability, prometheus, vpcCni, vpcCniIpv6 } from "./observability-and-network";
import type { Preset } from "./preset";
import { clusterAutoscaler, karpenter, nodeTerminationHandler } from "./scaling";
import { ebsCsiDriver, efsCsiDriver, fsxLustreCsiDriver, mountpointS3CsiDriver, velero } from "./storage";

/** The permissions of each add-on. */
export const PRESETS: Readonly<Record<AddonName, Preset>> = {
  "aws-gateway-controller": awsGatewayController,
  "aws-load-balancer-controller": awsLoadBalancerController,
  "aws-load-balancer-target-group-binding": targetGroupBinding,
  "cert-manager": certManager,
  "cloudwatch-observability": cloudwatchObservability,
  "cluster-autoscaler": clusterAutoscaler,
  "ebs-csi-driver": ebsCsiDriver,
  "efs-csi-driver": efsCsiDriver,
  "external-dns": externalDns,
  "external-secrets": externalSecrets,
  "fsx-lustre-csi-driver": fsxLustreCsiDriver,
  karpenter,
  "mountpoint-s3-csi-driver": mountpointS3CsiDriver,
  "node-termination-handler": nodeTerminationHandler,
  prometheus,
  velero,
  "vpc-cni": vpcCni,
  "vpc-cni-ipv6": vpcCniIpv6,
};
