import rule from "../../../policy-pack/src/rules/permissions/role-permissions-too-broad";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, trust, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const INLINE = "aws:iam/rolePolicy:RolePolicy";
const POLICY = "aws:iam/policy:Policy";
const document = (...statements: Value[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (Action: Value, more: { readonly [key: string]: Value } = {}) => ({
  Effect: "Allow",
  Action,
  Resource: "*",
  ...more,
});
const inline = (...statements: Value[]) =>
  wired({ plus: [resource(INLINE, "own", { role: "api-irsa", name: "own", policy: document(...statements) })] });
const first = { urn: urnOf(INLINE, "own"), path: "policy.Statement[0]" };

export default cases(rule, {
  invalid: [
    {
      name: "AdministratorAccess, at the first preview",
      stack: firstPreview({ attachment: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" } }),
      finds: [
        {
          at: { urn: urns.attachment, path: "policyArn" },
          says: 'Role "api-irsa" has "AdministratorAccess" by attachment "api".',
          fix: 'Replace "AdministratorAccess" with a policy that allows the actions that the pods call, on the resources that they use.',
        },
      ],
    },
    {
      name: "everything on everything",
      stack: inline(allow("*")),
      finds: [
        {
          at: first,
          says: 'Role "api-irsa" may do "*" on "*" by attachment "own".',
          fix: "List the actions that the pods call in Action, and the ARNs that they use in Resource.",
        },
      ],
    },
    {
      name: "iam:PassRole on every role",
      stack: inline(allow(["ec2:Describe*", "iam:PassRole"])),
      finds: [
        {
          at: first,
          says: 'Role "api-irsa" may pass every role of the account to a service: attachment "own" allows "iam:PassRole" on "*".',
          fix: 'Set Resource to the ARNs of the roles that may be passed, or add Condition: { StringEquals: { "iam:PassedToService": "…" } }.',
        },
      ],
    },
    {
      name: "a role to pass and a machine to give it to",
      stack: inline(allow("iam:PassRole"), allow("ec2:RunInstances")),
      finds: [
        {
          at: first,
          says: 'Role "api-irsa" can give itself any permission: attachment "own" allows "iam:PassRole" and "ec2:RunInstances" on every resource.',
          fix: 'Take "iam:PassRole" out, or set Resource to the ARNs that it is for.',
        },
      ],
    },
    {
      name: "all of iam in a policy of its own, at the first preview",
      stack: firstPreview({
        attachment: { policyArn: UNKNOWN },
        edges: { "attachment.policyArn": [urnOf(POLICY, "own")] },
        plus: [resource(POLICY, "own", { policy: document(allow("iam:*")) }, { outputs: { arn: UNKNOWN } })],
      }),
      finds: [
        {
          at: { urn: urnOf(POLICY, "own"), path: "policy.Statement[0]" },
          says: 'Role "api-irsa" can give itself any permission: attachment "api" allows "iam:CreatePolicyVersion" on every resource.',
          fix: 'Take "iam:CreatePolicyVersion" out, or set Resource to the ARNs that it is for.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "a role may be passed to one service",
      stack: inline(
        allow("iam:PassRole", { Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } } }),
      ),
    },
    {
      name: "one role may be passed",
      stack: inline(allow("iam:PassRole", { Resource: "arn:aws:iam::111122223333:role/node" })),
    },
    { name: "all of one service", stack: inline(allow(["s3:*", "autoscaling:*"])) },
    {
      name: "a Deny of everything else",
      stack: inline(allow("s3:GetObject"), { Effect: "Deny", NotAction: "s3:*", Resource: "*" }),
    },
    {
      name: "an administrator for GitHub",
      stack: wired({
        plus: [
          resource("aws:iam/role:Role", "deploy", {
            name: "deploy",
            managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
            assumeRolePolicy: trust({
              issuer: "token.actions.githubusercontent.com",
              sub: "repo:shop/shop:environment:live",
            }),
          }),
        ],
      }),
    },
  ],
  unverified: none("it is a hint, and waits in silence for documents that it does not know"),
});
