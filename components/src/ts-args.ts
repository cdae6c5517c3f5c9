import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "@pulumi/aws/eks";
import type { OpenIdConnectProvider, PolicyDocument, Role } from "@pulumi/aws/iam";
import type { AddonPreset, ClusterTrust, IrsaBindingArgs } from "./args";
import type { AddonName } from "./presets/names";

/** Outputs of an eks.Cluster (package @pulumi/eks). Its `oidcProviderArn` is empty unless it has `createOidcProvider: true`. */
export interface EksComponentCluster {
  readonly oidcIssuer: pulumi.Output<string>;
  readonly oidcProviderArn?: pulumi.Output<string>;
}

/** Outputs of an aws-native.eks.Cluster. */
export interface NativeCluster {
  readonly openIdConnectIssuerUrl: pulumi.Output<string>;
}

/** Another IrsaBinding, whose OIDC provider is shared. */
export interface ProviderOfBinding {
  readonly oidcProviderArn: pulumi.Output<string>;
  readonly issuer: pulumi.Output<string>;
}

/** What TypeScript programs can give as a cluster. */
export type ClusterLike = Cluster | EksComponentCluster | NativeCluster;

/** What TypeScript programs can give as an OIDC provider. */
export type OidcProviderLike = OpenIdConnectProvider | ProviderOfBinding;

/** One more cluster whose pods may assume the role, as TypeScript programs can give it. */
export interface RichClusterTrust extends ClusterTrust {
  /** The EKS cluster; its issuer is used, and an IAM OIDC provider is created for it unless one is given. */
  cluster?: ClusterLike;
  /** The IAM OIDC provider that is trusted, or another binding that has it. */
  oidcProvider?: OidcProviderLike;
}

/**
 * The arguments of IrsaBinding in TypeScript: those of every language, and besides clusters, providers and
 * roles as resources, another binding as the provider, policy documents as objects, and add-ons by name alone.
 */
export interface RichIrsaBindingArgs extends Omit<IrsaBindingArgs, "additionalClusters" | "inlinePolicies" | "addons"> {
  /** The EKS cluster: aws.eks.Cluster, eks.Cluster or aws-native.eks.Cluster. Its issuer is used; an IAM OIDC provider is created for it unless one is given. */
  cluster?: ClusterLike;
  /** The IAM OIDC provider to trust, or another binding that has it. Nothing is created for it. */
  oidcProvider?: OidcProviderLike;
  /** An existing role to use, instead of creating one. Its trust policy is not changed: the output `trustPolicy` is what it has to say. */
  role?: Role;
  /** Further clusters whose pods may assume the role: one more statement in the trust policy for each. */
  additionalClusters?: RichClusterTrust[];
  /** Policy documents by name, as JSON or as objects, each put into the role. */
  inlinePolicies?: { [name: string]: pulumi.Input<string> | pulumi.Input<PolicyDocument> };
  /** Permissions of well-known add-ons, put into the role: a name, or a name with the resources it is limited to. */
  addons?: (AddonName | AddonPreset)[];
}
