import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-condition-unsatisfiable";
import { cases, none } from "../../support/cases";
import { ACCOUNT, ISSUER, OTHER_ISSUER, SUBJECT, urns, wired } from "../../support/stack";
import { allow, conditions, policy } from "./support";

const written = (value: Parameters<typeof allow>[0], changes: Parameters<typeof allow>[1] = {}) =>
  wired({ role: { assumeRolePolicy: policy(allow(value, changes)) } });
const BOTH = {
  Principal: { Federated: [ISSUER, OTHER_ISSUER].map((issuer) => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`) },
};

export default cases(rule, {
  invalid: [
    {
      name: "an external id, which this call does not have",
      covers: ["trust-condition-unsatisfiable"],
      stack: written({
        StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: SUBJECT, "sts:ExternalId": "shop" },
      }),
      finds: [
        {
          at: { urn: urns.role, path: 'assumeRolePolicy.Statement[0].Condition.StringEquals["sts:ExternalId"]' },
          says: `Role "api-irsa" asks for "sts:ExternalId" "shop", but a pod's call of AssumeRoleWithWebIdentity never carries that key.`,
          fix: 'Remove the condition StringEquals on "sts:ExternalId", or move it into a statement for other principals.',
        },
      ],
    },
    {
      name: "a second factor",
      covers: ["trust-condition-unsatisfiable"],
      stack: written(conditions({ Bool: { "aws:MultiFactorAuthPresent": "true" } })),
      finds: [
        {
          at: { urn: urns.role, path: 'assumeRolePolicy.Statement[0].Condition.Bool["aws:MultiFactorAuthPresent"]' },
          says: `Role "api-irsa" asks for "aws:MultiFactorAuthPresent" "true", but a pod's call of AssumeRoleWithWebIdentity never carries that key.`,
          fix: 'Remove the condition Bool on "aws:MultiFactorAuthPresent", or move it into a statement for other principals.',
        },
      ],
    },
    {
      name: "an organisation, of which the unsigned call is no member",
      covers: ["trust-condition-unsatisfiable"],
      stack: written(conditions({ StringLike: { "aws:PrincipalOrgID": "o-*" } })),
      finds: [
        {
          at: { urn: urns.role, path: 'assumeRolePolicy.Statement[0].Condition.StringLike["aws:PrincipalOrgID"]' },
          says: `Role "api-irsa" asks for "aws:PrincipalOrgID" "o-*", but a pod's call of AssumeRoleWithWebIdentity never carries that key.`,
          fix: 'Remove the condition StringLike on "aws:PrincipalOrgID", or move it into a statement for other principals.',
        },
      ],
    },
    {
      name: "two subjects under two operators",
      covers: ["trust-condition-contradiction"],
      stack: written(conditions({ StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:ops:api-*" } })),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringLike["${ISSUER}:sub"]` },
          says: `Role "api-irsa" asks for "${ISSUER}:sub" "system:serviceaccount:ops:api-*" under "StringLike" and "system:serviceaccount:shop:api" under "StringEquals", which no token meets together.`,
          fix: `Put all the values under one operator, which takes any of them: {"StringLike":{"${ISSUER}:sub":["system:serviceaccount:ops:api-*","system:serviceaccount:shop:api"]}}.`,
        },
      ],
    },
    {
      name: "the conditions of two clusters in one statement",
      covers: ["trust-condition-contradiction"],
      stack: written(
        {
          StringEquals: {
            [`${ISSUER}:sub`]: SUBJECT,
            [`${ISSUER}:aud`]: "sts.amazonaws.com",
            [`${OTHER_ISSUER}:sub`]: SUBJECT,
            [`${OTHER_ISSUER}:aud`]: "sts.amazonaws.com",
          },
        },
        BOTH,
      ),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${OTHER_ISSUER}:aud"]` },
          says: `Role "api-irsa" asks for "${OTHER_ISSUER}:aud" "sts.amazonaws.com", which only tokens of that issuer carry, in one statement with conditions for another issuer.`,
          fix: "Write one statement for each issuer, with the conditions of that issuer only.",
        },
      ],
    },
    {
      name: "two clusters are trusted under the conditions of the other one",
      stack: written(
        { StringEquals: { [`${OTHER_ISSUER}:sub`]: SUBJECT, [`${OTHER_ISSUER}:aud`]: "sts.amazonaws.com" } },
        BOTH,
      ),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${OTHER_ISSUER}:aud"]` },
          says: `Role "api-irsa" asks for "${OTHER_ISSUER}:aud" "sts.amazonaws.com", which only tokens of that issuer carry, in one statement with conditions for the cluster of ServiceAccount "shop/api".`,
          fix: "Write one statement for each issuer, with the conditions of that issuer only.",
        },
      ],
    },

    {
      name: "the account on whose behalf a service calls, which no pod is",
      stack: written(conditions({ StringLike: { "aws:SourceAccount": ACCOUNT } })),
      finds: [
        {
          at: { urn: urns.role, path: 'assumeRolePolicy.Statement[0].Condition.StringLike["aws:SourceAccount"]' },
          says: `Role "api-irsa" asks for "aws:SourceAccount" "${ACCOUNT}", but a pod's call of AssumeRoleWithWebIdentity never carries that key.`,
          fix: 'Remove the condition StringLike on "aws:SourceAccount", or move it into a statement for other principals.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "the account on whose behalf a service calls, where there is one",
      stack: written(conditions({ StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } })),
    },
    {
      name: "a pattern and an account that fits it",
      stack: written(conditions({ StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:shop:*" } })),
    },
    {
      name: "an external id under an operator that holds without it",
      stack: written(conditions({ StringEqualsIfExists: { "sts:ExternalId": "shop" } })),
    },
    {
      name: "the network and the session's name, which only the call tells",
      stack: written(
        conditions({ IpAddress: { "aws:SourceIp": "192.0.2.0/24" }, StringLike: { "sts:RoleSessionName": "api-*" } }),
      ),
    },
    {
      name: "two patterns that one account meets",
      stack: wired({
        config: { allowedSubjects: ["system:serviceaccount:*"] },
        role: {
          assumeRolePolicy: policy(
            allow({
              StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
              StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:shop:*" },
              "ForAnyValue:StringLike": { [`${ISSUER}:sub`]: "system:serviceaccount:*:api" },
            }),
          ),
        },
      }),
    },
  ],
  unverified: none("conditions that are not known yet may hold"),
});
