import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-subject-missing";
import { cases, none } from "../../support/cases";
import {
  ACCOUNT,
  ISSUER,
  OTHER_ISSUER,
  PROVIDER_ARN,
  resource,
  trust,
  UNKNOWN,
  urns,
  wired,
} from "../../support/stack";
import { account, allow, policy } from "./support";

const STRANGER = account("batch", { annotations: {} });

export default cases(rule, {
  invalid: [
    {
      name: "only the audience is asked for, and the stack has other accounts",
      covers: ["trust-sub-missing"],
      stack: wired({ role: { assumeRolePolicy: trust({ sub: null }) }, plus: [STRANGER] }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: `Role "api-irsa" admits every ServiceAccount of the issuer "${ISSUER}": no condition names a subject; in this stack it reaches namespace "shop" and admits ServiceAccount "shop/batch" too.`,
          fix: `Set the statement to {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "no condition at all",
      covers: ["trust-sub-missing"],
      stack: wired({ role: { assumeRolePolicy: trust({ sub: null, aud: null }) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: `Role "api-irsa" admits every ServiceAccount of the issuer "${ISSUER}": no condition names a subject; in this stack it reaches namespace "shop".`,
          fix: `Set the statement to {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "in a role that nobody here uses",
      covers: ["trust-sub-missing"],
      stack: wired({ role: { assumeRolePolicy: trust({ sub: null }) }, serviceAccount: null, deployment: null }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: `Role "api-irsa" admits every ServiceAccount of the issuer "${ISSUER}": no condition names a subject; in this stack it reaches namespace "shop".`,
          fix: `Add the condition {"StringEquals":{"${ISSUER}:sub":"system:serviceaccount:<namespace>:<name>"}}.`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "every account is meant, by the configuration",
      stack: wired({ role: { assumeRolePolicy: trust({ sub: null }) }, config: { allowedSubjects: ["*"] } }),
    },
    {
      name: "the conditions of an aws-native role are not known yet",
      stack: wired({
        plus: [
          resource(
            "aws-native:iam:Role",
            "native",
            {
              roleName: "native",
              assumeRolePolicyDocument: {
                Version: "2012-10-17",
                Statement: [
                  {
                    Effect: "Allow",
                    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: { StringEquals: UNKNOWN },
                  },
                ],
              },
              managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            { from: { assumeRolePolicyDocument: [urns.oidcProvider] } },
          ),
        ],
      }),
    },
    {
      name: "GitHub in a statement of its own, in a role that pods use too",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow({
              StringEquals: {
                [`${ISSUER}:sub`]: "system:serviceaccount:shop:api",
                [`${ISSUER}:aud`]: "sts.amazonaws.com",
              },
            }),
            allow(undefined, {}, "token.actions.githubusercontent.com"),
          ),
        },
      }),
    },
    {
      name: "a subject for each of two clusters",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow({
              StringEquals: {
                [`${ISSUER}:sub`]: "system:serviceaccount:shop:api",
                [`${ISSUER}:aud`]: "sts.amazonaws.com",
              },
            }),
            allow(
              {
                StringEquals: {
                  [`${OTHER_ISSUER}:sub`]: "system:serviceaccount:shop:api",
                  [`${OTHER_ISSUER}:aud`]: "sts.amazonaws.com",
                },
              },
              {},
              OTHER_ISSUER,
            ),
          ),
        },
      }),
    },
  ],
  unverified: none("conditions that are not known yet may name a subject, and a rule of hardening waits for nothing"),
});
