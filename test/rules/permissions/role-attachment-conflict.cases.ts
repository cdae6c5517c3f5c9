import rule from "../../../policy-pack/src/rules/permissions/role-attachment-conflict";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const OTHER = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess";
const OWN = "arn:aws:iam::111122223333:policy/shop";
const DOCUMENT = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" }],
});
const EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive";
const POLICIES = "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive";
const INLINE = "aws:iam/rolePolicy:RolePolicy";
const SHARED = "aws:iam/policyAttachment:PolicyAttachment";
const shared = (policyArn: string, roles: readonly string[]) =>
  resource(SHARED, "shared", { policyArn, roles, name: "shared" });
const listFix = `Leave managedPolicyArns out of role "api-irsa" and attach each policy by a resource of its own, or add "${READ}" to managedPolicyArns and remove attachment "api".`;

export default cases(rule, {
  invalid: [
    {
      name: "managedPolicyArns and an attachment that is not among them",
      covers: ["role-attachment-conflict"],
      stack: wired({ role: { managedPolicyArns: [OTHER] } }),
      finds: [
        {
          at: { urn: urns.role, path: "managedPolicyArns" },
          says: `Role "api-irsa" keeps only what its managedPolicyArns lists, so it takes away "${READ}" of attachment "api".`,
          fix: listFix,
        },
      ],
    },
    {
      name: "the same at the first preview, with a policy that does not exist yet",
      covers: ["role-attachment-conflict"],
      stack: firstPreview({
        role: { managedPolicyArns: [OTHER] },
        attachment: { policyArn: UNKNOWN },
        edges: { "attachment.policyArn": [urnOf("aws:iam/policy:Policy", "shop")] },
        plus: [resource("aws:iam/policy:Policy", "shop", { policy: DOCUMENT }, { outputs: { arn: UNKNOWN } })],
      }),
      finds: [
        {
          at: { urn: urns.role, path: "managedPolicyArns" },
          says: 'Role "api-irsa" keeps only what its managedPolicyArns lists, so it takes away the policy of attachment "api".',
          fix: 'Leave managedPolicyArns out of role "api-irsa" and attach each policy by a resource of its own, or add the policy to managedPolicyArns and remove attachment "api".',
        },
      ],
    },
    {
      name: "inlinePolicies and an inline policy of its own",
      stack: wired({
        attachment: null,
        role: { inlinePolicies: [{ name: "s3", policy: DOCUMENT }] },
        plus: [resource(INLINE, "sqs", { role: "api-irsa", name: "sqs", policy: DOCUMENT })],
      }),
      finds: [
        {
          at: { urn: urns.role, path: "inlinePolicies" },
          says: 'Role "api-irsa" keeps only what its inlinePolicies lists, so it takes away "sqs" of attachment "sqs".',
          fix: 'Leave inlinePolicies out of role "api-irsa" and attach each policy by a resource of its own, or add "sqs" to inlinePolicies and remove attachment "sqs".',
        },
      ],
    },
    {
      name: "an exclusive list without the attachment beside it",
      stack: wired({ plus: [resource(EXCLUSIVE, "only", { roleName: "api-irsa", policyArns: [OTHER] })] }),
      finds: [
        {
          at: { urn: urnOf(EXCLUSIVE, "only"), path: "policyArns" },
          says: `Attachment "only" keeps only what its policyArns list on role "api-irsa", so it takes away "${READ}" of attachment "api".`,
          fix: `Add "${READ}" to policyArns.`,
        },
      ],
    },
    {
      name: "a PolicyAttachment of a policy that an attachment gives to another role",
      covers: ["role-policy-attachment-exclusive"],
      stack: wired({
        attachment: null,
        plus: [
          shared(OWN, ["api-irsa"]),
          resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "other", { role: "node", policyArn: OWN }),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf(SHARED, "shared"), path: "policyArn" },
          says: `Attachment "shared" takes the policy "${OWN}" away from all but its own roles, and so from attachment "other".`,
          fix: 'Use aws.iam.RolePolicyAttachment in place of attachment "shared": it attaches to one role and touches no other.',
        },
      ],
    },
    {
      name: "a PolicyAttachment of an AWS-managed policy",
      covers: ["role-policy-attachment-exclusive"],
      stack: wired({ attachment: null, plus: [shared(READ, ["api-irsa"])] }),
      finds: [
        {
          at: { urn: urnOf(SHARED, "shared"), path: "policyArn" },
          says: `Attachment "shared" takes the policy "${READ}" away from every role, user and group of the account but its own.`,
          fix: 'Use aws.iam.RolePolicyAttachment in place of attachment "shared": it attaches to one role and touches no other.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "an exclusive list with all attachments in it",
      stack: wired({ plus: [resource(EXCLUSIVE, "only", { roleName: "api-irsa", policyArns: [READ, OTHER] })] }),
    },
    {
      name: "a list of inline policies that names the one beside it",
      stack: wired({
        attachment: null,
        plus: [
          resource(INLINE, "s3", { role: "api-irsa", name: "s3", policy: DOCUMENT }),
          resource(POLICIES, "only", { roleName: "api-irsa", policyNames: ["s3"] }),
        ],
      }),
    },
    {
      name: "a PolicyAttachment of a policy of one's own, for all its roles",
      stack: wired({ attachment: null, plus: [shared(OWN, ["api-irsa", "node"])] }),
    },
    {
      name: "managedPolicyArns and inline policies beside them",
      stack: wired({
        attachment: null,
        role: { managedPolicyArns: [READ] },
        plus: [resource(INLINE, "s3", { role: "api-irsa", policy: DOCUMENT })],
      }),
    },
    { name: "what IAM reports of the role after an update", stack: reported() },
  ],
  unverified: none("it is a hint, and waits in silence for ARNs that it does not know"),
});

function reported() {
  const stack = wired();
  return {
    ...stack,
    resources: stack.resources.map((each) =>
      each.urn === urns.role ? { ...each, outputs: { ...each.outputs, managedPolicyArns: [READ, OTHER] } } : each,
    ),
  };
}
