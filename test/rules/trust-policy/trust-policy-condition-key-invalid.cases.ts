import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-condition-key-invalid";
import { cases, none } from "../../support/cases";
import { ISSUER, OTHER_ISSUER, PROVIDER_ARN, SUBJECT, trust, urns, wired } from "../../support/stack";
import { allow, conditions, policy } from "./support";

const keyed = (issuer: string) => wired({ role: { assumeRolePolicy: trust({ issuer, provider: PROVIDER_ARN }) } });
const written = (value: Parameters<typeof allow>[0]) => wired({ role: { assumeRolePolicy: policy(allow(value)) } });

export default cases(rule, {
  invalid: [
    {
      name: "the url of the provider stands raw in the keys",
      covers: ["trust-condition-key-scheme"],
      stack: keyed(`https://${ISSUER}`),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["https://${ISSUER}:aud"]` },
          says: `Role "api-irsa" has the condition keys "https://${ISSUER}:aud" and "https://${ISSUER}:sub", but keys have no "https://".`,
          fix: `Change "https://${ISSUER}:aud" to "${ISSUER}:aud" and "https://${ISSUER}:sub" to "${ISSUER}:sub". Take the scheme off where the policy is built: url.replace("https://", "").`,
        },
      ],
    },
    {
      name: "the ARN of the provider stands in the keys",
      covers: ["trust-condition-key-malformed"],
      stack: keyed(PROVIDER_ARN),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${PROVIDER_ARN}:aud"]` },
          says: `Role "api-irsa" has the condition keys "${PROVIDER_ARN}:aud" and "${PROVIDER_ARN}:sub", but keys begin with the issuer, not with the ARN of its provider.`,
          fix: `Change "${PROVIDER_ARN}:aud" to "${ISSUER}:aud" and "${PROVIDER_ARN}:sub" to "${ISSUER}:sub".`,
        },
      ],
    },
    {
      name: "a slash stands before the claim",
      covers: ["trust-condition-key-malformed"],
      stack: keyed(`${ISSUER}/`),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}/:aud"]` },
          says: `Role "api-irsa" has the condition keys "${ISSUER}/:aud" and "${ISSUER}/:sub", but keys have no slash before the claim.`,
          fix: `Change "${ISSUER}/:aud" to "${ISSUER}:aud" and "${ISSUER}/:sub" to "${ISSUER}:sub".`,
        },
      ],
    },
    {
      name: "the claim is called subject",
      covers: ["trust-condition-key-malformed"],
      stack: written({ StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:subject`]: SUBJECT } }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:subject"]` },
          says: `Role "api-irsa" has the condition key "${ISSUER}:subject", but the claims of a token are "sub" and "aud".`,
          fix: `Change "${ISSUER}:subject" to "${ISSUER}:sub".`,
        },
      ],
    },
    {
      name: "the keys are those of another cluster",
      covers: ["trust-condition-issuer-mismatch"],
      stack: keyed(OTHER_ISSUER),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${OTHER_ISSUER}:aud"]` },
          says: `Role "api-irsa" has the condition keys "${OTHER_ISSUER}:aud" and "${OTHER_ISSUER}:sub", but the provider that it trusts is that of "${ISSUER}".`,
          fix: `Change "${OTHER_ISSUER}:aud" to "${ISSUER}:aud" and "${OTHER_ISSUER}:sub" to "${ISSUER}:sub".`,
        },
      ],
    },
    {
      name: "the key has no issuer",
      covers: ["trust-condition-key-malformed"],
      stack: written({ StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", sub: SUBJECT } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Condition.StringEquals.sub" },
          says: `Role "api-irsa" has the condition key "sub", but the provider that it trusts is that of "${ISSUER}".`,
          fix: `Change "sub" to "${ISSUER}:sub".`,
        },
      ],
    },
    {
      name: "the key has a scheme and the operator holds without it",
      covers: ["trust-condition-key-scheme"],
      stack: written({
        StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
        StringEqualsIfExists: { [`https://${ISSUER}:sub`]: SUBJECT },
      }),
      finds: [
        {
          at: {
            urn: urns.role,
            path: `assumeRolePolicy.Statement[0].Condition.StringEqualsIfExists["https://${ISSUER}:sub"]`,
          },
          says: `Role "api-irsa" has the condition key "https://${ISSUER}:sub", but keys have no "https://".`,
          fix: `Change "https://${ISSUER}:sub" to "${ISSUER}:sub". Take the scheme off where the policy is built: url.replace("https://", "").`,
        },
      ],
    },
    {
      name: "the keys are those of another cluster in a role that nobody here uses",
      covers: ["trust-condition-issuer-mismatch"],
      stack: wired({
        role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER, provider: PROVIDER_ARN }) },
        serviceAccount: null,
        deployment: null,
      }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${OTHER_ISSUER}:aud"]` },
          says: `Role "api-irsa" has the condition keys "${OTHER_ISSUER}:aud" and "${OTHER_ISSUER}:sub", but the provider that it trusts is that of "${ISSUER}".`,
          fix: `Change "${OTHER_ISSUER}:aud" to "${ISSUER}:aud" and "${OTHER_ISSUER}:sub" to "${ISSUER}:sub".`,
        },
      ],
    },
    {
      name: "only the audience's key is wrong, under an operator that holds without it",
      covers: ["trust-condition-key-scheme"],
      stack: written({
        StringEquals: { [`${ISSUER}:sub`]: SUBJECT },
        StringEqualsIfExists: { [`https://${ISSUER}:aud`]: "sts.amazonaws.com" },
      }),
      finds: [
        {
          at: {
            urn: urns.role,
            path: `assumeRolePolicy.Statement[0].Condition.StringEqualsIfExists["https://${ISSUER}:aud"]`,
          },
          level: "advisory",
          says: `Role "api-irsa" has the condition key "https://${ISSUER}:aud", but keys have no "https://".`,
          fix: `Change "https://${ISSUER}:aud" to "${ISSUER}:aud". Take the scheme off where the policy is built: url.replace("https://", "").`,
        },
      ],
    },

    {
      name: "the claims of STS, which has none",
      stack: written({ StringEquals: { "sts:sub": SUBJECT, "sts:aud": "sts.amazonaws.com" } }),
      finds: [
        {
          at: { urn: urns.role, path: 'assumeRolePolicy.Statement[0].Condition.StringEquals["sts:aud"]' },
          says: `Role "api-irsa" has the condition keys "sts:aud" and "sts:sub", but the provider that it trusts is that of "${ISSUER}".`,
          fix: `Change "sts:aud" to "${ISSUER}:aud" and "sts:sub" to "${ISSUER}:sub".`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "keys in another case",
      stack: written({
        StringEquals: { [`${ISSUER.toLowerCase()}:AUD`]: "sts.amazonaws.com", [`${ISSUER}:Sub`]: SUBJECT },
      }),
    },
    {
      name: "a condition on the network beside",
      stack: written(conditions({ IpAddress: { "aws:SourceIp": "192.0.2.0/24" } })),
    },
    {
      name: "a statement for each of two clusters",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow(conditions()),
            allow(
              { StringEquals: { [`${OTHER_ISSUER}:aud`]: "sts.amazonaws.com", [`${OTHER_ISSUER}:sub`]: SUBJECT } },
              {},
              OTHER_ISSUER,
            ),
          ),
        },
      }),
    },
  ],
  unverified: none("keys that are not known yet may be right"),
});
