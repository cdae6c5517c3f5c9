import rule from "../../../policy-pack/src/rules/permissions/role-permissions-missing";
import { cases } from "../../support/cases";
import { firstPreview, resource, ROLE_ARN, trust, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const DOCUMENT = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" }],
});
const GUARD = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "s3:Delete*", Resource: "*" }],
});
const missing = {
  at: { urn: urns.role, path: "" },
  says: 'Role "api-irsa", which ServiceAccount "shop/api" uses, has no permissions: no managed policy is attached and no inline policy written.',
  fix: 'Attach one: new aws.iam.RolePolicyAttachment("…", { role: "api-irsa", policyArn: "arn:aws:iam::aws:policy/…" }).',
  level: "advisory",
} as const;
const instead = (type: string, inputs: Parameters<typeof resource>[2]) =>
  wired({ attachment: null, plus: [resource(type, "other", inputs)] });

export default cases(rule, {
  invalid: [
    {
      name: "all that the policies say is Deny",
      stack: wired({ attachment: null, role: { inlinePolicies: [{ name: "guard", policy: GUARD }] } }),
      finds: [
        {
          ...missing,
          says: 'Role "api-irsa", which ServiceAccount "shop/api" uses, has no permissions: all that its policies say is Deny.',
        },
      ],
    },
    {
      name: "nothing is attached; advisory, since another stack or a bucket policy may grant the access",
      covers: ["role-no-permissions"],
      stack: wired({ attachment: null }),
      finds: [missing],
    },
    {
      name: "nothing is attached, at the first preview",
      covers: ["role-no-permissions"],
      stack: firstPreview({ attachment: null }),
      finds: [missing],
    },
    {
      name: "the attachment names the role by its ARN",
      covers: ["role-attachment-wrong-target"],
      stack: wired({ attachment: { role: ROLE_ARN } }),
      finds: [
        {
          at: { urn: urns.attachment, path: "role" },
          says: `Attachment "api" names role "api-irsa" by the ARN "${ROLE_ARN}", where IAM takes a name only: "api-irsa".`,
          fix: 'Set role to "api-irsa".',
        },
      ],
    },
    {
      name: "the attachment names a role that is nearly this one",
      covers: ["role-attachment-wrong-target"],
      stack: wired({ attachment: { role: "api-isra" } }),
      finds: [
        {
          at: { urn: urns.attachment, path: "role" },
          says: 'Attachment "api" is for a role "api-isra" that this stack does not declare, and role "api-irsa" has no permissions. Did you mean "api-irsa"?',
          fix: 'Set role to "api-irsa".',
          level: "advisory",
        },
      ],
    },
    {
      name: "the policy is attached to another role of the stack",
      covers: ["role-attachment-wrong-target"],
      stack: wired({
        attachment: { role: "node" },
        plus: [
          resource("aws:iam/role:Role", "node", {
            name: "node",
            assumeRolePolicy: JSON.stringify({
              Version: "2012-10-17",
              Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
            }),
          }),
        ],
      }),
      finds: [missing],
    },
  ],
  valid: [
    {
      name: "a Deny beside what is allowed",
      stack: wired({ role: { inlinePolicies: [{ name: "guard", policy: GUARD }] } }),
    },
    {
      name: "an inline policy as a resource",
      stack: instead("aws:iam/rolePolicy:RolePolicy", { role: "api-irsa", policy: DOCUMENT }),
    },
    {
      name: "inline policies on the role",
      stack: wired({ attachment: null, role: { inlinePolicies: [{ name: "s3", policy: DOCUMENT }] } }),
    },
    { name: "managed policies on the role", stack: wired({ attachment: null, role: { managedPolicyArns: [POLICY] } }) },
    {
      name: "a policy attachment of several roles",
      stack: instead("aws:iam/policyAttachment:PolicyAttachment", {
        policyArn: "arn:aws:iam::111122223333:policy/shop",
        roles: ["api-irsa", "node"],
      }),
    },
    {
      name: "an exclusive list of managed policies",
      stack: instead("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {
        roleName: "api-irsa",
        policyArns: [POLICY],
      }),
    },
    {
      name: "CloudFormation's inline policy",
      stack: instead("aws-native:iam:RolePolicy", {
        roleName: "api-irsa",
        policyName: "s3",
        policyDocument: JSON.parse(DOCUMENT) as never,
      }),
    },
    {
      name: "CloudFormation's managed policy, which names its roles",
      stack: instead("aws-native:iam:ManagedPolicy", {
        roles: ["api-irsa"],
        policyDocument: JSON.parse(DOCUMENT) as never,
      }),
    },
    {
      name: "CloudFormation's role with policies of its own",
      stack: wired({
        role: null,
        attachment: null,
        serviceAccount: {
          metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/native" } },
        },
        edges: {
          "serviceAccount.metadata": [urnOf("aws-native:iam:Role", "native")],
          "deployment.spec": [urns.serviceAccount, urnOf("aws-native:iam:Role", "native")],
        },
        plus: [
          resource(
            "aws-native:iam:Role",
            "native",
            {
              roleName: "native",
              assumeRolePolicyDocument: JSON.parse(trust()) as never,
              policies: [{ policyName: "s3", policyDocument: JSON.parse(DOCUMENT) as never }],
            },
            {
              from: { assumeRolePolicyDocument: [urns.oidcProvider] },
              outputs: { arn: "arn:aws:iam::111122223333:role/native" },
            },
          ),
        ],
      }),
    },
    {
      name: "an IrsaBinding that says that the permissions are elsewhere",
      stack: bindingWithoutPermissions(),
    },
    {
      name: "a role for GitHub without permissions",
      stack: wired({
        plus: [
          resource("aws:iam/role:Role", "deploy", {
            name: "deploy",
            assumeRolePolicy: trust({
              issuer: "token.actions.githubusercontent.com",
              sub: "repo:shop/shop:*",
              operator: "StringLike",
            }),
          }),
        ],
      }),
    },
  ],
  unverified: [
    {
      name: "an attachment whose role is not known yet",
      stack: firstPreview({
        attachment: null,
        plus: [resource(ATTACHMENT, "later", { role: UNKNOWN, policyArn: POLICY })],
      }),
      waits: ['whether attachment "later" is for role "api-irsa"'],
    },
  ],
});

function bindingWithoutPermissions() {
  const stack = wired({
    attachment: null,
    plus: [
      resource(
        "eks-irsa:index:IrsaBinding",
        "api",
        { namespace: "shop", serviceAccountName: "api", allowNoPermissions: true },
        { provider: undefined },
      ),
    ],
  });
  const parent = urnOf("eks-irsa:index:IrsaBinding", "api");
  return { ...stack, resources: stack.resources.map((each) => (each.urn === urns.role ? { ...each, parent } : each)) };
}
