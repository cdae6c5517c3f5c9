import type * as pulumi from "@pulumi/pulumi";
import { IrsaBinding as Component } from "./irsa-binding";
import type { RichIrsaBindingArgs } from "./ts-args";

export { ServiceAccountMode } from "./args";
export { AddonName } from "./presets/names";
export type {
  AddonPreset,
  AdoptedResources,
  ClusterTrust,
  EnvVar,
  IrsaBindingArgs,
  PodSecurityContext,
  ServiceAccountReference,
} from "./args";
export type {
  ClusterLike,
  EksComponentCluster,
  NativeCluster,
  OidcProviderLike,
  ProviderOfBinding,
  RichClusterTrust,
  RichIrsaBindingArgs,
} from "./ts-args";

/** The class with the arguments that TypeScript programs can give; the schema is inferred from the class itself. */
export interface IrsaBindingConstructor {
  new (name: string, args: RichIrsaBindingArgs, opts?: pulumi.ComponentResourceOptions): IrsaBinding;
  readonly prototype: IrsaBinding;
}

/** An instance of IrsaBinding. */
export type IrsaBinding = Component;

/**
 * One Kubernetes ServiceAccount of an EKS cluster, or several, that may use one IAM role: IAM OIDC provider, role with trust policy
 * and permissions, and annotated ServiceAccount, wired so that they agree.
 */
export const IrsaBinding = Component as IrsaBindingConstructor;
