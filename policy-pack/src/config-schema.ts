import type { PolicyConfigSchema } from "@pulumi/policy";

const texts = { type: "array", items: { type: "string" } } as const;

/** JSON schema of the configuration of `irsa-context`. Pulumi refuses a configuration that does not fit and names the field. */
export const CONTEXT_SCHEMA: PolicyConfigSchema = {
  properties: {
    clusters: {
      type: "array",
      description: "Clusters that this stack does not declare.",
      items: {
        type: "object",
        required: ["name", "issuer"],
        additionalProperties: false,
        properties: {
          name: { type: "string", minLength: 1, description: "Name that expectServiceAccounts refers to." },
          issuer: {
            type: "string",
            pattern: "^(https://)?[^/\\s]+/\\S+$",
            description: "OIDC issuer, with or without https://.",
          },
          accountId: { type: "string", pattern: "^[0-9]{12}$", description: "Account of the cluster." },
          region: { type: "string", pattern: "^[a-z0-9-]+$", description: "Region of the cluster." },
        },
      },
    },
    roles: { ...texts, description: "ARNs of IAM roles that exist outside the stack." },
    serviceAccounts: { ...texts, description: "namespace/name of ServiceAccounts that exist outside the stack." },
    expectServiceAccounts: {
      type: "array",
      description:
        "ServiceAccounts that Helm or another tool renders, with the role (ARN, or name of a role of this stack) that they are annotated with.",
      items: {
        type: "object",
        required: ["namespace", "name"],
        additionalProperties: false,
        properties: {
          namespace: { type: "string", minLength: 1, description: "Namespace of the account." },
          name: { type: "string", minLength: 1, description: "Name of the account." },
          role: { type: "string", minLength: 1, description: "ARN of its role, or name of a role of this stack." },
          cluster: {
            type: "string",
            minLength: 1,
            description: "Name of a configured cluster, or Pulumi name of one of this stack.",
          },
        },
      },
    },
    requiredActions: {
      type: "object",
      description: 'IAM actions that an account needs, by namespace/name: {"shop/api": ["s3:GetObject"]}.',
      additionalProperties: texts,
    },
    allowedSubjects: { ...texts, description: "Subject patterns of trust policies that are meant to be wide." },
    kubernetesVersion: {
      type: "string",
      pattern: "^1\\.[0-9]+$",
      description: "Minor version of the clusters, for example 1.33.",
    },
    trustPolicyQuota: {
      type: "integer",
      minimum: 1,
      description: "Characters that a trust policy may have: 2048 unless raised.",
    },
    managedPoliciesQuota: {
      type: "integer",
      minimum: 1,
      description: "Managed policies that a role may have: 10 unless raised.",
    },
    ignoreSuppressions: {
      type: "boolean",
      description: "True to report what the program suppresses all the same, for audits.",
    },
    annotationPrefix: {
      type: "string",
      minLength: 1,
      description: "Annotation prefix of the pod identity webhook: eks.amazonaws.com unless set.",
    },
    audience: {
      type: "string",
      minLength: 1,
      description: "Token audience of the webhook: sts.amazonaws.com unless set.",
    },
  },
};
