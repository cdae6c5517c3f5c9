/** The add-ons that a binding knows the permissions of. */
export const AddonName = {
  AwsGatewayController: "aws-gateway-controller",
  AwsLoadBalancerController: "aws-load-balancer-controller",
  AwsLoadBalancerTargetGroupBinding: "aws-load-balancer-target-group-binding",
  CertManager: "cert-manager",
  CloudwatchObservability: "cloudwatch-observability",
  ClusterAutoscaler: "cluster-autoscaler",
  EbsCsiDriver: "ebs-csi-driver",
  EfsCsiDriver: "efs-csi-driver",
  ExternalDns: "external-dns",
  ExternalSecrets: "external-secrets",
  FsxLustreCsiDriver: "fsx-lustre-csi-driver",
  Karpenter: "karpenter",
  MountpointS3CsiDriver: "mountpoint-s3-csi-driver",
  NodeTerminationHandler: "node-termination-handler",
  Prometheus: "prometheus",
  Velero: "velero",
  VpcCni: "vpc-cni",
  VpcCniIpv6: "vpc-cni-ipv6",
} as const;
export type AddonName = (typeof AddonName)[keyof typeof AddonName];
