import rule from "../../../policy-pack/src/rules/permissions/role-policy-arn-invalid";
import { cases } from "../../support/cases";
import { firstPreview, resource, UNKNOWN, urns, wired } from "../../support/stack";

const at = { urn: urns.attachment, path: "policyArn" };
const attach = (policyArn: string) => ({ attachment: { policyArn } });
const says = (seen: string, fault: string) => `Attachment "api" gives role "api-irsa" the policy "${seen}", ${fault}.`;
const READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const ELEVEN = Array.from({ length: 11 }, (_, index) => `arn:aws:iam::111122223333:policy/shop-${index}`);

export default cases(rule, {
  invalid: [
    {
      name: "the policy's name, at the first preview",
      covers: ["role-policy-arn-invalid"],
      stack: firstPreview(attach("AmazonS3ReadOnlyAccess")),
      finds: [
        {
          at,
          says: says("AmazonS3ReadOnlyAccess", "which is not the ARN of a policy"),
          fix: `Set policyArn to "${READ}".`,
        },
      ],
    },
    {
      name: "the ARN of a bucket",
      stack: wired(attach("arn:aws:s3:::shop")),
      finds: [
        {
          at,
          says: says("arn:aws:s3:::shop", "which is an ARN, but not of a policy"),
          fix: 'Set policyArn to "arn:aws:iam::aws:policy/…".',
        },
      ],
    },
    {
      name: "the partition of China for a role elsewhere",
      covers: ["role-policy-arn-invalid"],
      stack: wired(attach("arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess")),
      finds: [
        {
          at,
          says: says("arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess", 'but the role is in the partition "aws"'),
          fix: `Set policyArn to "${READ}".`,
        },
      ],
    },
    {
      name: "a policy of another account",
      covers: ["role-policy-arn-invalid"],
      stack: wired(attach("arn:aws:iam::444455556666:policy/shop")),
      finds: [
        {
          at,
          says: says("arn:aws:iam::444455556666:policy/shop", 'but the role is in account "111122223333"'),
          fix: 'Set policyArn to "arn:aws:iam::111122223333:policy/shop".',
        },
      ],
    },
    {
      name: "an AWS-managed policy without its path",
      stack: wired(attach("arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy")),
      finds: [
        {
          at,
          says: says("arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy", "whose path is missing"),
          fix: 'Set policyArn to "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy".',
        },
      ],
    },
    {
      name: "an AWS-managed policy under a path that it has not",
      stack: wired(attach("arn:aws:iam::aws:policy/service-role/AmazonEKS_CNI_Policy")),
      finds: [
        {
          at,
          says: says("arn:aws:iam::aws:policy/service-role/AmazonEKS_CNI_Policy", "which has another path"),
          fix: 'Set policyArn to "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy".',
        },
      ],
    },
    {
      name: "the name of an AWS-managed policy without its underscores",
      stack: wired(attach("arn:aws:iam::aws:policy/AmazonEKSCNIPolicy")),
      finds: [
        {
          at,
          says: says("arn:aws:iam::aws:policy/AmazonEKSCNIPolicy", "a name that AWS hardly has"),
          fix: 'Set policyArn to "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy".',
          level: "advisory",
        },
      ],
    },
    {
      name: "a letter is missing from the name of an AWS-managed policy",
      stack: wired(attach("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAcess")),
      finds: [
        {
          at,
          says: says("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAcess", "a name that AWS hardly has"),
          fix: `Set policyArn to "${READ}".`,
          level: "advisory",
        },
      ],
    },
    {
      name: "a policy that the controller's guide has one make",
      stack: wired(attach("arn:aws:iam::aws:policy/AWSLoadBalancerControllerIAMPolicy")),
      finds: [
        {
          at,
          says: says("arn:aws:iam::aws:policy/AWSLoadBalancerControllerIAMPolicy", "which AWS does not manage"),
          fix: "Make the policy in this account, as the controller's guide has it, and set policyArn to its ARN: arn:aws:iam::111122223333:policy/AWSLoadBalancerControllerIAMPolicy.",
          level: "advisory",
        },
      ],
    },
    {
      name: "eleven policies; advisory, since AWS raises the quota on request",
      covers: ["role-policies-quota"],
      stack: wired({ attachment: null, role: { managedPolicyArns: ELEVEN } }),
      finds: [
        {
          at: { urn: urns.role, path: "" },
          says: 'Role "api-irsa" has 11 managed policies, and the account\'s quota is 10.',
          fix: "Put several policies into one, or set managedPoliciesQuota of irsa-context to the quota that AWS raised.",
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    { name: "a policy of the role's account", stack: wired(attach("arn:aws:iam::111122223333:policy/team/shop")) },
    {
      name: "an AWS-managed policy with a path",
      stack: wired(attach("arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy")),
    },
    {
      name: "AWS-managed policies that are named nearly like another one",
      stack: wired({
        attachment: null,
        role: {
          managedPolicyArns: ["AmazonESFullAccess", "AmazonSESFullAccess", "CloudWatchFullAccessV2"].map(
            (name) => `arn:aws:iam::aws:policy/${name}`,
          ),
        },
      }),
    },
    {
      name: "an AWS-managed policy that nobody here knows",
      stack: wired(attach("arn:aws:iam::aws:policy/AmazonS3TablesFullAccess")),
    },
    {
      name: "eleven policies where the quota was raised",
      stack: wired({ attachment: null, role: { managedPolicyArns: ELEVEN }, config: { managedPoliciesQuota: 20 } }),
    },
    { name: "a policy that this stack makes", stack: ownPolicy() },
    {
      name: "eleven policies, of which one is not known yet and may be one of the others",
      stack: wired({ attachment: null, role: { managedPolicyArns: [...ELEVEN.slice(1), UNKNOWN] } }),
    },
  ],
  unverified: [
    {
      name: "the ARN comes from elsewhere",
      stack: wired({ attachment: { policyArn: UNKNOWN } }),
      waits: ['the policy ARN of attachment "api"'],
    },
  ],
});

function ownPolicy() {
  const policy = resource(
    "aws:iam/policy:Policy",
    "shop",
    {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
      }),
    },
    { outputs: { arn: UNKNOWN } },
  );
  return firstPreview({
    attachment: { policyArn: UNKNOWN },
    edges: { "attachment.policyArn": [policy.urn] },
    plus: [policy],
  });
}
