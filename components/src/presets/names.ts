/** The add-ons that a binding knows the permissions of. */
export const ADDON_NAMES = [
  "aws-gateway-controller",
  "aws-load-balancer-controller",
  "aws-load-balancer-target-group-binding",
  "cert-manager",
  "cloudwatch-observability",
  "cluster-autoscaler",
  "ebs-csi-driver",
  "efs-csi-driver",
  "external-dns",
  "external-secrets",
  "fsx-lustre-csi-driver",
  "karpenter",
  "mountpoint-s3-csi-driver",
  "node-termination-handler",
  "prometheus",
  "velero",
  "vpc-cni",
  "vpc-cni-ipv6",
] as const;

/** Name of an add-on that a binding knows the permissions of. */
export type AddonName = (typeof ADDON_NAMES)[number];
