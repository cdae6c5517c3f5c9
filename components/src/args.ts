import type * as pulumi from "@pulumi/pulumi";
import type { AddonName } from "./presets/names";

/**
 * The arguments of IrsaBinding as every Pulumi language sees them. The schema of the package is inferred from this file:
 * inference knows neither unions nor readonly arrays, and a reference to a resource class would make every use of the schema load
 * that of the whole AWS provider. ts-args.ts widens the same arguments for TypeScript.
 */

/** Who owns the Kubernetes ServiceAccount. */
export const ServiceAccountMode = {
  /** The binding creates the ServiceAccount, annotated. */
  Create: "create",
  /** The ServiceAccount exists; the binding adds its annotations to it by server-side apply and takes them away again when it is deleted. */
  Patch: "patch",
  /** Something else makes the ServiceAccount, for example a Helm chart: give it the output `serviceAccountAnnotations`. */
  External: "external",
} as const;
export type ServiceAccountMode = (typeof ServiceAccountMode)[keyof typeof ServiceAccountMode];

/** One Kubernetes ServiceAccount. */
export interface ServiceAccountReference {
  /** Namespace of the account: a DNS label of at most 63 characters. */
  namespace: pulumi.Input<string>;
  /** Name of the account: a DNS subdomain of at most 253 characters. */
  name: pulumi.Input<string>;
}

/** One more cluster whose pods may assume the role: give its issuer, its provider's ARN, or both when they agree. */
export interface ClusterTrust {
  /** OIDC issuer of the cluster, with or without `https://`. An IAM OIDC provider is created for it unless `oidcProviderArn` is given. */
  issuerUrl?: pulumi.Input<string>;
  /** ARN of the IAM OIDC provider that is trusted; nothing is created for it. */
  oidcProviderArn?: pulumi.Input<string>;
}

/** Permissions that one well-known add-on needs, limited to the resources named here. */
export interface AddonPreset {
  /** The add-on. */
  addon: AddonName;
  /** Name of the EKS cluster. Limits cluster-autoscaler and karpenter to its Auto Scaling groups and instances; required for these. */
  clusterName?: pulumi.Input<string>;
  /** Route 53 hosted zones that cert-manager and external-dns may change; required for these. */
  hostedZoneArns?: pulumi.Input<pulumi.Input<string>[]>;
  /** S3 buckets of velero and mountpoint-s3-csi-driver; required for these. */
  bucketArns?: pulumi.Input<pulumi.Input<string>[]>;
  /** KMS keys that ebs-csi-driver, mountpoint-s3-csi-driver and external-secrets may use. None unless given. */
  kmsKeyArns?: pulumi.Input<pulumi.Input<string>[]>;
  /** Secrets Manager secrets that external-secrets may read. */
  secretArns?: pulumi.Input<pulumi.Input<string>[]>;
  /** SSM parameters that external-secrets may read. */
  parameterArns?: pulumi.Input<pulumi.Input<string>[]>;
  /** SQS queues of node-termination-handler (required) and karpenter (interruption queue, optional). */
  queueArns?: pulumi.Input<pulumi.Input<string>[]>;
  /** Roles of the nodes that karpenter starts; required for it. */
  nodeRoleArns?: pulumi.Input<pulumi.Input<string>[]>;
  /** Amazon Managed Prometheus workspaces that prometheus may write to and query; required for it. */
  workspaceArns?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Pulumi names (or whole URNs) of resources that the program declared by hand before. The binding's own resources take them over
 * by alias, so that nothing is replaced. Keep names as they are in AWS and Kubernetes (`roleName`, `serviceAccountName`).
 */
export interface AdoptedResources {
  /** The aws.iam.OpenIdConnectProvider. */
  oidcProvider?: string;
  /** The aws.iam.Role. */
  role?: string;
  /** The kubernetes.core.v1.ServiceAccount. */
  serviceAccount?: string;
  /** The kubernetes.core.v1.Namespace, with `createNamespace`. */
  namespace?: string;
  /** The aws.iam.RolePolicyAttachment of each entry of `policyArns`, in the same order. */
  policyAttachments?: string[];
  /** The aws.iam.RolePolicy of each entry of `inlinePolicies`, by the same key. */
  inlinePolicies?: { [name: string]: string };
}

/** The arguments of IrsaBinding. */
export interface IrsaBindingArgs {
  /** Namespace of the ServiceAccount, a DNS label. Required unless `serviceAccounts` is given. It becomes the middle of the trusted subject `system:serviceaccount:<namespace>:<name>`. */
  namespace?: pulumi.Input<string>;
  /** Name of the ServiceAccount, a DNS subdomain. Default: the Pulumi name of the binding. Never gets a random suffix. */
  serviceAccountName?: pulumi.Input<string>;
  /** Several accounts that share the role, instead of `namespace` and `serviceAccountName`. Outputs that mean one account mean the first. */
  serviceAccounts?: ServiceAccountReference[];
  /**
   * Patterns `<namespace>:<name>` of further accounts that may assume the role, with `*` (any run of characters) and `?` (one
   * character). They are tested with StringLike on the subject only, in a statement of their own; namespace and audience stay exact
   * unless the pattern says otherwise. No account is created for them.
   */
  subjectPatterns?: pulumi.Input<string>[];

  /** OIDC issuer of the cluster, with or without `https://`. An IAM OIDC provider is created for it unless `oidcProviderArn` is given. Of an aws.eks.Cluster it is `identities[0].oidcs[0].issuer`. */
  issuerUrl?: pulumi.Input<string>;
  /** ARN of the IAM OIDC provider to trust, for example of another binding, another stack or eks.Cluster. Nothing is created for it; the issuer is read from it. */
  oidcProviderArn?: pulumi.Input<string>;
  /** Further clusters whose pods may assume the role: one more statement in the trust policy for each. */
  additionalClusters?: ClusterTrust[];
  /** SHA-1 thumbprints (40 hexadecimal digits, at most 5) of the provider that is created. Default: none; AWS verifies EKS issuers by its own certificate library. */
  thumbprints?: pulumi.Input<string>[];
  /** Audience of the tokens: client id of the provider, condition of the trust policy and, if it is not the default, annotation of the ServiceAccount. Default: `sts.amazonaws.com`, in every partition. */
  audience?: pulumi.Input<string>;

  /** ARNs of managed policies, each attached to the role. */
  policyArns?: pulumi.Input<string>[];
  /** Policy documents (JSON) by name, each put into the role. */
  inlinePolicies?: { [name: string]: pulumi.Input<string> };
  /** Permissions of well-known add-ons, put into the role. */
  addons?: AddonPreset[];
  /** Says that the role is meant to have no permissions from here (they are attached elsewhere). Default: false, so that at least one of `policyArns`, `inlinePolicies` and `addons` is required. */
  allowNoPermissions?: boolean;

  /** ARN of an existing role to use, path included, instead of creating one. Its trust policy is not changed: the output `trustPolicy` is what it has to say. */
  roleArn?: pulumi.Input<string>;
  /** Name of the role in AWS, at most 64 characters. Default: the Pulumi name with a random suffix, shortened with a stable hash where it would be too long. */
  roleName?: pulumi.Input<string>;
  /** Beginning of the role's name in AWS, at most 38 characters; AWS names the rest. */
  roleNamePrefix?: pulumi.Input<string>;
  /** IAM path of the role, for example `/team/`. Default: `/`. The annotation of the ServiceAccount contains it. */
  path?: pulumi.Input<string>;
  /** Description of the role. Default: which account of which namespace it is for. */
  description?: pulumi.Input<string>;
  /** ARN of the policy that bounds the role's permissions. */
  permissionsBoundary?: pulumi.Input<string>;
  /** Longest session in seconds, 3600 to 43200. Default: AWS's, 3600. */
  maxSessionDuration?: pulumi.Input<number>;
  /** Whether deleting the role detaches policies that others attached. Default: AWS's, false. */
  forceDetachPolicies?: pulumi.Input<boolean>;
  /** Tags of the role and of the OIDC provider that is created. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** Characters that the account's quota allows for a role's trust policy, 2048 to 8192. Default: 2048. A longer policy is refused. */
  trustPolicyQuota?: number;
  /** Whether EKS Pod Identity may assume the role too (`pods.eks.amazonaws.com`), for a migration in either direction. Default: false. */
  trustPodIdentity?: boolean;

  /** Who owns the ServiceAccount: `create` (the binding), `patch` (it exists; annotations are added) or `external` (for example a Helm chart). Default: `create`. */
  serviceAccountMode?: ServiceAccountMode;
  /** Whether the namespace is created, before the ServiceAccount. Default: false. */
  createNamespace?: boolean;
  /** Labels of the ServiceAccount. */
  labels?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** Further annotations of the ServiceAccount. Those that the binding writes itself (`eks.amazonaws.com/…`) are refused. */
  annotations?: { [key: string]: pulumi.Input<string> };
  /** Lifetime in seconds of the pods' tokens, 600 to 86400. Default: that of EKS, 86400. */
  tokenExpirationSeconds?: pulumi.Input<number>;
  /** Whether pods call the STS endpoint of their region. Default: that of EKS, true. */
  stsRegionalEndpoints?: pulumi.Input<boolean>;
  /** Whether pods of the account get the Kubernetes API token. IRSA does not need it. Default: that of Kubernetes, true. */
  automountServiceAccountToken?: pulumi.Input<boolean>;
  /** Region for the variables `AWS_REGION` and `AWS_DEFAULT_REGION` of the output `env`. Default: the region of the EKS issuer or cluster. */
  region?: pulumi.Input<string>;

  /** Rules of the eks-irsa policy pack that are not to be reported for this binding, each with its reason, optionally ending in `until YYYY-MM-DD`. Written on the resource that the rule judges: provider, role or ServiceAccount. */
  suppressions?: { [ruleId: string]: string };
  /** Hand-written resources that the binding takes over without replacing them. */
  adopt?: AdoptedResources;
}

/** One environment variable of a container. */
export interface EnvVar {
  name: string;
  value: string;
}

/** A pod security context under which pods that do not run as root can read their token on every version of Kubernetes. */
export interface PodSecurityContext {
  /** Group that owns the token file. */
  fsGroup: number;
  /** `OnRootMismatch`: volumes whose owner is right already are not walked. */
  fsGroupChangePolicy: string;
  /** True: Kubernetes refuses to start a container as root. */
  runAsNonRoot: boolean;
}
