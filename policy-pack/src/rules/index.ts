import clusterIrsaUnsupported from "./oidc-provider/cluster-irsa-unsupported";
import oidcProviderUrlInvalid from "./oidc-provider/oidc-provider-url-invalid";
import oidcProviderIssuerHostInvalid from "./oidc-provider/oidc-provider-issuer-host-invalid";
import oidcProviderIssuerMismatch from "./oidc-provider/oidc-provider-issuer-mismatch";
import oidcProviderNotFound from "./oidc-provider/oidc-provider-not-found";
import oidcProviderDuplicate from "./oidc-provider/oidc-provider-duplicate";
import oidcProviderAudienceMissing from "./oidc-provider/oidc-provider-audience-missing";
import oidcProviderAudienceUnused from "./oidc-provider/oidc-provider-audience-unused";
import oidcProviderThumbprintInvalid from "./oidc-provider/oidc-provider-thumbprint-invalid";
import oidcProviderThumbprintPinned from "./oidc-provider/oidc-provider-thumbprint-pinned";
import clusterIdentityProviderNotIrsa from "./oidc-provider/cluster-identity-provider-not-irsa";
import trustPolicyInvalid from "./trust-policy/trust-policy-invalid";
import trustPolicyTooLong from "./trust-policy/trust-policy-too-long";
import trustPolicyPrincipalWildcard from "./trust-policy/trust-policy-principal-wildcard";
import trustPolicyPrincipalInvalid from "./trust-policy/trust-policy-principal-invalid";
import trustPolicyNotWebIdentity from "./trust-policy/trust-policy-not-web-identity";
import trustPolicyConditionKeyInvalid from "./trust-policy/trust-policy-condition-key-invalid";
import trustPolicyProviderMismatch from "./trust-policy/trust-policy-provider-mismatch";
import trustPolicyOperatorUnsafe from "./trust-policy/trust-policy-operator-unsafe";
import trustPolicySubjectMissing from "./trust-policy/trust-policy-subject-missing";
import trustPolicySubjectInvalid from "./trust-policy/trust-policy-subject-invalid";
import trustPolicySubjectWildcard from "./trust-policy/trust-policy-subject-wildcard";
import trustPolicySubjectTooBroad from "./trust-policy/trust-policy-subject-too-broad";
import trustPolicyConditionUnsatisfiable from "./trust-policy/trust-policy-condition-unsatisfiable";
import trustPolicySubjectMismatch from "./trust-policy/trust-policy-subject-mismatch";
import trustPolicyAudienceMismatch from "./trust-policy/trust-policy-audience-mismatch";
import trustPolicyAudienceMissing from "./trust-policy/trust-policy-audience-missing";
import trustPolicyDeny from "./trust-policy/trust-policy-deny";
import roleNameInvalid from "./permissions/role-name-invalid";
import rolePermissionsMissing from "./permissions/role-permissions-missing";
import rolePolicyArnInvalid from "./permissions/role-policy-arn-invalid";
import roleAttachmentConflict from "./permissions/role-attachment-conflict";
import roleActionDenied from "./permissions/role-action-denied";
import roleChainDenied from "./permissions/role-chain-denied";
import rolePermissionsTooBroad from "./permissions/role-permissions-too-broad";
import roleShared from "./permissions/role-shared";
import roleSessionDuration from "./permissions/role-session-duration";
import serviceAccountNotFound from "./service-account/service-account-not-found";
import serviceAccountAnnotationKey from "./service-account/service-account-annotation-key";
import serviceAccountRoleMissing from "./service-account/service-account-role-missing";
import serviceAccountRoleArnInvalid from "./service-account/service-account-role-arn-invalid";
import serviceAccountRoleMismatch from "./service-account/service-account-role-mismatch";
import serviceAccountAudienceMismatch from "./service-account/service-account-audience-mismatch";
import addonRoleMismatch from "./service-account/addon-role-mismatch";
import serviceAccountPodIdentity from "./service-account/service-account-pod-identity";
import serviceAccountOwnerConflict from "./service-account/service-account-owner-conflict";
import serviceAccountDefaultAnnotated from "./service-account/service-account-default-annotated";
import serviceAccountOptionInvalid from "./service-account/service-account-option-invalid";
import workloadServiceAccountMismatch from "./workload/workload-service-account-mismatch";
import workloadChartAccountMismatch from "./workload/workload-chart-account-mismatch";
import workloadServiceAccountMissing from "./workload/workload-service-account-missing";
import workloadIdentityEnv from "./workload/workload-identity-env";
import workloadStaticCredentials from "./workload/workload-static-credentials";
import workloadRegionMissing from "./workload/workload-region-missing";
import workloadTokenUnreadable from "./workload/workload-token-unreadable";
import workloadOrder from "./workload/workload-order";
import workloadRollout from "./workload/workload-rollout";
import workloadSdkVersion from "./workload/workload-sdk-version";
import workloadRoot from "./workload/workload-root";
import workloadInjectionSkipped from "./workload/workload-injection-skipped";
import workloadTokenVolume from "./workload/workload-token-volume";
import workloadStsEndpoint from "./workload/workload-sts-endpoint";
import workloadNodeRoleReachable from "./workload/workload-node-role-reachable";
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
  trustPolicyInvalid,
  trustPolicyTooLong,
  trustPolicyPrincipalWildcard,
  trustPolicyPrincipalInvalid,
  trustPolicyNotWebIdentity,
  trustPolicyConditionKeyInvalid,
  trustPolicyProviderMismatch,
  trustPolicyOperatorUnsafe,
  trustPolicySubjectMissing,
  trustPolicySubjectInvalid,
  trustPolicySubjectWildcard,
  trustPolicySubjectTooBroad,
  trustPolicyConditionUnsatisfiable,
  trustPolicySubjectMismatch,
  trustPolicyAudienceMismatch,
  trustPolicyAudienceMissing,
  trustPolicyDeny,
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
  serviceAccountNotFound,
  serviceAccountAnnotationKey,
  serviceAccountRoleMissing,
  serviceAccountRoleArnInvalid,
  serviceAccountRoleMismatch,
  serviceAccountAudienceMismatch,
  addonRoleMismatch,
  serviceAccountPodIdentity,
  serviceAccountOwnerConflict,
  serviceAccountDefaultAnnotated,
  serviceAccountOptionInvalid,
  // workload
  workloadServiceAccountMismatch,
  workloadChartAccountMismatch,
  workloadServiceAccountMissing,
  workloadInjectionSkipped,
  workloadIdentityEnv,
  workloadTokenVolume,
  workloadStaticCredentials,
  workloadRegionMissing,
  workloadStsEndpoint,
  workloadTokenUnreadable,
  workloadOrder,
  workloadRollout,
  workloadSdkVersion,
  workloadRoot,
  workloadNodeRoleReachable,
];
