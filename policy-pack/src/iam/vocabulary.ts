/**
 * The closed sets of the IAM policy grammar (IAM User Guide, "Grammar of the IAM JSON policy language"). Element names are
 * case-sensitive: IAM answers `Unknown field statement` to `statement` (pulumi/pulumi-aws-native#1616).
 */
export const DOCUMENT_ELEMENTS: readonly string[] = ["Version", "Id", "Statement"];

export const STATEMENT_ELEMENTS: readonly string[] = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

export const PRINCIPAL_TYPES: readonly string[] = ["AWS", "Federated", "Service", "CanonicalUser"];

export const WEB_IDENTITY_ACTION = "sts:AssumeRoleWithWebIdentity";

/** The actions of AWS STS (Service Authorization Reference, "AWS Security Token Service"). */
export const STS_ACTIONS: readonly string[] = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  WEB_IDENTITY_ACTION,
  "sts:AssumeRoot",
  "sts:DecodeAuthorizationMessage",
  "sts:GetAccessKeyInfo",
  "sts:GetCallerIdentity",
  "sts:GetDelegatedAccessToken",
  "sts:GetFederationToken",
  "sts:GetServiceBearerToken",
  "sts:GetSessionToken",
  "sts:GetWebIdentityToken",
  "sts:SetContext",
  "sts:SetSourceIdentity",
  "sts:TagGetWebIdentityToken",
  "sts:TagSession",
];
