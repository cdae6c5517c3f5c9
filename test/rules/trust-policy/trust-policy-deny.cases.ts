import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-deny";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { ISSUER, PROVIDER_ARN, SUBJECT, urns, wired } from "../../support/stack";
import { account, allow, conditions, policy } from "./support";

const deny = (condition?: Value, principal: Value = { Federated: PROVIDER_ARN }) => ({
  Effect: "Deny",
  Principal: principal,
  Action: "sts:AssumeRoleWithWebIdentity",
  ...(condition === undefined ? {} : { Condition: condition }),
});
const WEB = "system:serviceaccount:shop:web";
const stack = (...statements: readonly Value[]) => ({ role: { assumeRolePolicy: policy(...statements) } });

export default cases(rule, {
  invalid: [
    {
      name: "a Deny without a condition",
      covers: ["trust-deny-blocks"],
      stack: wired(stack(allow(conditions()), deny(undefined, "*"))),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[1]" },
          says: 'Role "api-irsa" refuses ServiceAccount "shop/api" by the Deny in Statement[1], which has no condition.',
          fix: "Remove Statement[1].",
        },
      ],
    },
    {
      name: "a Deny for all but another account",
      covers: ["trust-deny-blocks"],
      stack: wired(
        stack(allow(conditions()), deny({ StringNotLike: { [`${ISSUER}:sub`]: "system:serviceaccount:ops:*" } })),
      ),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[1]" },
          says: `Role "api-irsa" refuses ServiceAccount "shop/api" by the Deny in Statement[1], whose condition StringNotLike on "${ISSUER}:sub" holds for it.`,
          fix: "Change the condition of Statement[1] so that it leaves this account out, or remove the statement.",
        },
      ],
    },
    {
      name: "a Deny whose key no token has, so that it holds for all",
      covers: ["trust-deny-blocks"],
      stack: wired(stack(allow(conditions()), deny({ StringNotEquals: { [`https://${ISSUER}:sub`]: SUBJECT } }))),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[1]" },
          says: `Role "api-irsa" refuses ServiceAccount "shop/api" by the Deny in Statement[1], whose condition StringNotEquals on "https://${ISSUER}:sub" holds for it.`,
          fix: `Change the condition key "https://${ISSUER}:sub" to "${ISSUER}:sub".`,
        },
      ],
    },
    {
      name: "a Deny for one of two accounts that use the role",
      covers: ["trust-deny-blocks"],
      stack: wired({
        ...stack(
          allow({ StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: [SUBJECT, WEB] } }),
          deny({ StringEquals: { [`${ISSUER}:sub`]: WEB } }),
        ),
        plus: [account("web")],
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[1]" },
          says: `Role "api-irsa" refuses ServiceAccount "shop/web" by the Deny in Statement[1], whose condition StringEquals on "${ISSUER}:sub" holds for it.`,
          fix: "Change the condition of Statement[1] so that it leaves this account out, or remove the statement.",
        },
      ],
    },
    {
      name: "a Deny for the only subject of a role that nobody here uses",
      covers: ["trust-deny-blocks"],
      stack: wired({
        ...stack(allow(conditions()), deny({ StringEquals: { [`${ISSUER}:sub`]: SUBJECT } })),
        serviceAccount: null,
        deployment: null,
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[1]" },
          says: `Role "api-irsa" refuses "system:serviceaccount:shop:api" by the Deny in Statement[1], whose condition StringEquals on "${ISSUER}:sub" holds for it.`,
          fix: "Change the condition of Statement[1] so that it leaves this account out, or remove the statement.",
        },
      ],
    },

    {
      name: "a Deny with the conditions of an Allow, and no Allow",
      stack: wired(stack(deny(conditions()))),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: `Role "api-irsa" refuses ServiceAccount "shop/api" by the Deny in Statement[0], whose condition StringEquals on "${ISSUER}:aud" and StringEquals on "${ISSUER}:sub" holds for it.`,
          fix: "Change the condition of Statement[0] so that it leaves this account out, or remove the statement.",
        },
      ],
    },
  ],
  valid: [
    {
      name: "a Deny for another account",
      stack: wired(stack(allow(conditions()), deny({ StringEquals: { [`${ISSUER}:sub`]: WEB } }))),
    },
    {
      name: "a Deny for all but this account",
      stack: wired(stack(allow(conditions()), deny({ StringNotEquals: { [`${ISSUER}:sub`]: SUBJECT } }))),
    },
    {
      name: "a Deny for other networks, which only the call tells",
      stack: wired(stack(allow(conditions()), deny({ NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } }))),
    },
    {
      name: "a Deny of another action",
      stack: wired(stack(allow(conditions()), { ...deny(), Action: "sts:AssumeRole" })),
    },
  ],
  unverified: none(
    "a Deny that is not known yet may leave the account out; trust-policy-subject-mismatch says when the policy is awaited",
  ),
});
