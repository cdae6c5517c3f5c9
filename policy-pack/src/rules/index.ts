import oidcProviderUrlInvalid from "./oidc-provider/oidc-provider-url-invalid";
import oidcProviderIssuerHostInvalid from "./oidc-provider/oidc-provider-issuer-host-invalid";
import oidcProviderIssuerMismatch from "./oidc-provider/oidc-provider-issuer-mismatch";
import oidcProviderNotFound from "./oidc-provider/oidc-provider-not-found";
import oidcProviderAudienceMissing from "./oidc-provider/oidc-provider-audience-missing";
import oidcProviderThumbprintInvalid from "./oidc-provider/oidc-provider-thumbprint-invalid";
import rolePermissionsMissing from "./permissions/role-permissions-missing";
import oidcProviderDuplicate from "./oidc-provider/oidc-provider-duplicate";
import workloadServiceAccountMismatch from "./workload/workload-service-account-mismatch";
import workloadServiceAccountMissing from "./workload/workload-service-account-missing";
import workloadIdentityEnv from "./workload/workload-identity-env";
import workloadStaticCredentials from "./workload/workload-static-credentials";
import workloadRegionMissing from "./workload/workload-region-missing";
import workloadTokenUnreadable from "./workload/workload-token-unreadable";
import workloadOrder from "./workload/workload-order";
import workloadRollout from "./workload/workload-rollout";
import workloadSdkVersion from "./workload/workload-sdk-version";
import workloadRoot from "./workload/workload-root";
import oidcProviderAudienceUnused from "./oidc-provider/oidc-provider-audience-unused";
import oidcProviderThumbprintPinned from "./oidc-provider/oidc-provider-thumbprint-pinned";
import clusterIdentityProviderNotIrsa from "./oidc-provider/cluster-identity-provider-not-irsa";
import clusterIrsaUnsupported from "./oidc-provider/cluster-irsa-unsupported";
import rolePolicyArnInvalid from "./permissions/role-policy-arn-invalid";
import roleAttachmentConflict from "./permissions/role-attachment-conflict";
import roleNameInvalid from "./permissions/role-name-invalid";
import roleActionDenied from "./permissions/role-action-denied";
import roleChainDenied from "./permissions/role-chain-denied";
import rolePermissionsTooBroad from "./permissions/role-permissions-too-broad";
import roleShared from "./permissions/role-shared";
import roleSessionDuration from "./permissions/role-session-duration";
import type { Rule } from "./rule";

/**
 * Every rule, link by link along the chain and within a link the most causal first: reports keep this order, so the first
 * finding is the one to mend first.
 */
export const rules: readonly Rule[] = [
  // oidc-provider
  clusterIrsaUnsupported,
  oidcProviderUrlInvalid,
  oidcProviderIssuerHostInvalid,
  oidcProviderIssuerMismatch,
  oidcProviderNotFound,
  oidcProviderDuplicate,
  oidcProviderAudienceMissing,
  oidcProviderAudienceUnused,
  oidcProviderThumbprintInvalid,
  oidcProviderThumbprintPinned,
  clusterIdentityProviderNotIrsa,
  // trust-policy
  // permissions
  roleNameInvalid,
  rolePermissionsMissing,
  rolePolicyArnInvalid,
  roleAttachmentConflict,
  roleActionDenied,
  roleChainDenied,
  rolePermissionsTooBroad,
  roleShared,
  roleSessionDuration,
  // service-account
  // workload
  workloadServiceAccountMismatch,
  workloadServiceAccountMissing,
  workloadIdentityEnv,
  workloadStaticCredentials,
  workloadRegionMissing,
  workloadTokenUnreadable,
  workloadOrder,
  workloadRollout,
  workloadSdkVersion,
  workloadRoot,
];
