/** What the user tells the pack of the world outside the stack: the configuration of the policy `irsa-context`. */
export interface ContextConfig {
  /** Clusters that this stack does not declare. */
  readonly clusters: readonly ConfiguredCluster[];
  /** ARNs of roles that exist outside the stack. */
  readonly roles: readonly string[];
  /** `namespace/name` of ServiceAccounts that exist outside the stack. */
  readonly serviceAccounts: readonly string[];
  /** ServiceAccounts that Helm or another tool renders from this stack, with the role that they are to be annotated with. */
  readonly expectServiceAccounts: readonly ExpectedServiceAccount[];
  /** Actions that an account needs, by `namespace/name`: `{ "shop/api": ["s3:GetObject"] }`. */
  readonly requiredActions: Readonly<Record<string, readonly string[]>>;
  /** Subject patterns that may be wide, for example `system:serviceaccount:kube-system:efs-csi-*`. */
  readonly allowedSubjects: readonly string[];
  /** Minor version of the clusters, for example `1.33`. */
  readonly kubernetesVersion?: string;
  /** Characters that a trust policy may have in the account: 2048 unless raised. */
  readonly trustPolicyQuota: number;
  /** Managed policies that a role may have in the account: 10 unless raised. */
  readonly managedPoliciesQuota: number;
  /** True to report what the program suppresses all the same, for audits. */
  readonly ignoreSuppressions: boolean;
  /** Annotation prefix of the pod identity webhook: `eks.amazonaws.com` on EKS. */
  readonly annotationPrefix: string;
  /** Token audience of the webhook: `sts.amazonaws.com` on EKS, in every partition. */
  readonly audience: string;
}

export interface ConfiguredCluster {
  readonly name: string;
  /** Issuer URL, with or without `https://`. */
  readonly issuer: string;
  readonly accountId?: string;
  readonly region?: string;
}

export interface ExpectedServiceAccount {
  readonly namespace: string;
  readonly name: string;
  /** ARN of the role, or the name of a role of this stack. */
  readonly role?: string;
  /** Name of a configured cluster, or the Pulumi name of a cluster of this stack. */
  readonly cluster?: string;
}

export const DEFAULT_CONFIG: ContextConfig = {
  clusters: [],
  roles: [],
  serviceAccounts: [],
  expectServiceAccounts: [],
  requiredActions: {},
  allowedSubjects: [],
  trustPolicyQuota: 2048,
  managedPoliciesQuota: 10,
  ignoreSuppressions: false,
  annotationPrefix: "eks.amazonaws.com",
  audience: "sts.amazonaws.com",
};
