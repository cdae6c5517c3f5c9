import { listIn } from "../facts/lists";
/**
 * The ServiceAccounts to which an EKS add-on hands its `serviceAccountRoleArn`, as `namespace:name`. Source: Amazon EKS User
 * Guide, the pages of the add-ons (storage, networking, observability). Where there are several, a role that admits one
 * of them is enough.
 */
const ADDON_ACCOUNTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["vpc-cni", ["kube-system:aws-node"]],
  ["aws-ebs-csi-driver", ["kube-system:ebs-csi-controller-sa"]],
  ["aws-efs-csi-driver", ["kube-system:efs-csi-controller-sa", "kube-system:efs-csi-node-sa"]],
  ["aws-fsx-csi-driver", ["kube-system:fsx-csi-controller-sa"]],
  ["aws-mountpoint-s3-csi-driver", ["kube-system:s3-csi-driver-sa"]],
  ["aws-load-balancer-controller", ["kube-system:aws-load-balancer-controller"]],
  ["amazon-cloudwatch-observability", ["amazon-cloudwatch:cloudwatch-agent"]],
]);

/** The subjects of an add-on's own accounts; empty for an add-on of which they are not known. */
export function addonSubjects(addonName: string): readonly string[] {
  return listIn(ADDON_ACCOUNTS, addonName).map((account) => `system:serviceaccount:${account}`);
}
