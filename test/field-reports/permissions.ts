import { resource, urnOf } from "../support/stack";
import { allow, attachment, eks, policy, program, type Part, type Reports, type RoleOptions } from "./support";

const cluster = eks();
const gov = eks({ region: "us-gov-west-1", partition: "aws-us-gov" });
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** A sound chain for one account, whose role has the permissions that were reported. */
function permitted(options: RoleOptions, more: readonly Part[] = [], where = cluster, config = {}) {
  const name = options.roleName ?? "autoscaler";
  return program(
    [
      where.base,
      where.role(
        "autoscaler",
        where.trust(where.exact("system:serviceaccount:kube-system:cluster-autoscaler")),
        options,
      ),
      where.account_("kube-system", "cluster-autoscaler", where.arnOf(name)),
      more,
    ],
    config,
  );
}

const node = (): readonly Part[] =>
  cluster.role(
    "node",
    policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
    {
      policies: [managed("AmazonEKSWorkerNodePolicy")],
      from: [],
    },
  );

function inline(name: string, to: string, document: string, roleText = to): Part {
  return resource(
    "aws:iam/rolePolicy:RolePolicy",
    name,
    { name, role: roleText, policy: document },
    { provider: cluster.aws, from: { role: [urnOf("aws:iam/role:Role", to)] } },
  );
}

const reports: Reports = {
  broken: [
    {
      name: "the autoscaler's role has no policy at all",
      source: "kubernetes/autoscaler#3394",
      stack: permitted({ policies: [] }),
      finds: ["role-permissions-missing advisory"],
    },
    {
      name: "the policy is attached to the nodes' role in place of the account's",
      source: "terraform-aws-modules/terraform-aws-eks#3064",
      stack: permitted({ policies: [] }, [
        ...node(),
        attachment("scaling", "node", managed("AutoScalingFullAccess"), { aws: cluster.aws }),
      ]),
      finds: ["role-permissions-missing advisory"],
    },
    {
      name: "the attachment names the role by its ARN",
      source: "AWS re:Post knowledge center, OIDC and IRSA, attached policies",
      stack: permitted({ policies: [] }, [
        attachment("scaling", "autoscaler", managed("AutoScalingFullAccess"), {
          own: cluster.arnOf("autoscaler"),
          aws: cluster.aws,
        }),
      ]),
      finds: ["role-permissions-missing mandatory"],
    },
    {
      name: "a policy by its name in place of its ARN",
      source: "kubernetes-sigs/aws-load-balancer-controller#1668",
      stack: permitted({ policies: ["AWSLoadBalancerControllerIAMPolicy"] }),
      finds: ["role-policy-arn-invalid mandatory"],
    },
    {
      name: "in GovCloud, an AWS managed policy of the commercial partition",
      source: "aws-ia/terraform-aws-eks-blueprints#346",
      stack: permitted({ policies: [managed("AmazonEKS_CNI_Policy")] }, [], gov),
      finds: ["role-policy-arn-invalid mandatory"],
    },
    {
      name: "the service-role path of an AWS managed policy is missing",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1033 (comments)",
      stack: permitted({ policies: [managed("AmazonEBSCSIDriverPolicy")] }),
      finds: ["role-policy-arn-invalid mandatory"],
    },
    {
      name: "more managed policies than a role may have",
      source: "ministryofjustice/cloud-platform-environments#30033",
      stack: permitted({
        policies: [
          "AmazonS3ReadOnlyAccess",
          "AmazonSQSReadOnlyAccess",
          "AmazonSNSReadOnlyAccess",
          "AmazonDynamoDBReadOnlyAccess",
          "AmazonRDSReadOnlyAccess",
          "AmazonEC2ReadOnlyAccess",
          "AmazonKinesisReadOnlyAccess",
          "AmazonRoute53ReadOnlyAccess",
          "AmazonVPCReadOnlyAccess",
          "AmazonElastiCacheReadOnlyAccess",
          "AmazonSSMReadOnlyAccess",
        ].map(managed),
      }),
      finds: ["role-policy-arn-invalid advisory"],
    },
    {
      name: "managedPolicyArns and attachments on one role",
      source: "hashicorp/terraform-provider-aws#27067",
      stack: permitted({
        inputs: { managedPolicyArns: [managed("AutoScalingReadOnlyAccess")] },
        policies: [managed("AmazonS3ReadOnlyAccess")],
      }),
      finds: ["role-attachment-conflict advisory"],
    },
    {
      name: "inlinePolicies and a RolePolicy on one role",
      source: "crossplane-contrib/provider-upjet-aws#1207",
      stack: permitted({ policies: [], inputs: { inlinePolicies: [{ name: "a", policy: allow("s3:GetObject") }] } }, [
        inline("more", "autoscaler", allow("s3:PutObject")),
      ]),
      finds: ["role-attachment-conflict advisory"],
    },
    {
      name: "the exclusive attachment of one policy to several roles",
      source: "hashicorp/terraform-provider-aws, iam_policy_attachment warning",
      stack: permitted({ policies: [] }, [
        resource(
          "aws:iam/policyAttachment:PolicyAttachment",
          "scaling",
          { name: "scaling", policyArn: managed("AutoScalingFullAccess"), roles: ["autoscaler"] },
          { provider: cluster.aws, from: { roles: [urnOf("aws:iam/role:Role", "autoscaler")] } },
        ),
      ]),
      finds: ["role-attachment-conflict advisory"],
    },
    {
      name: "the controller may not pass the nodes' role",
      source: "aws/karpenter-provider-aws#6298",
      stack: permitted(
        { policies: [] },
        [
          inline(
            "controller",
            "autoscaler",
            policy({ Effect: "Allow", Action: ["ec2:RunInstances", "ec2:CreateFleet"], Resource: "*" }),
          ),
        ],
        cluster,
        { requiredActions: { "kube-system/cluster-autoscaler": ["ec2:RunInstances", "iam:PassRole"] } },
      ),
      finds: ["role-action-denied advisory"],
    },
    {
      name: "the role's name is longer than 64 characters",
      source: "aws-ia/terraform-aws-eks-blueprints#1183",
      stack: permitted({ roleName: `prod-blue-us-east-1-platform-team-${"cluster-autoscaler-".repeat(2)}irsa` }),
      finds: ["role-name-invalid mandatory"],
    },
    {
      name: "administrator rights, so that it works",
      source: "aws-ia/terraform-aws-eks-blueprints#505",
      stack: permitted({ policies: [managed("AdministratorAccess")] }),
      finds: ["role-permissions-too-broad advisory"],
    },
    {
      name: "an inline policy for everything",
      source: "aws/karpenter-provider-aws#1666 (comments)",
      stack: permitted({ policies: [] }, [
        inline("all", "autoscaler", policy({ Effect: "Allow", Action: "*", Resource: "*" })),
      ]),
      finds: ["role-permissions-too-broad advisory"],
    },
    {
      name: "in China, the policies of the guide",
      source: "eksctl-io/eksctl#4329",
      stack: permitted(
        { policies: [managed("AmazonS3ReadOnlyAccess")] },
        [],
        eks({ region: "cn-north-1", suffix: "amazonaws.com.cn", partition: "aws-cn" }),
      ),
      finds: ["role-policy-arn-invalid mandatory"],
    },
  ],
  working: [
    {
      name: "the policy is one of this program, known only once it exists",
      source: "AWS Load Balancer Controller installation guide",
      stack: permitted({ policies: [] }, [
        resource(
          "aws:iam/policy:Policy",
          "scaling",
          { policy: allow("s3:GetObject"), name: "scaling" },
          {
            provider: cluster.aws,
            outputs: { arn: "arn:aws:iam::111122223333:policy/scaling", policy: allow("s3:GetObject") },
          },
        ),
        resource(
          "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
          "scaling",
          { role: "autoscaler", policyArn: "arn:aws:iam::111122223333:policy/scaling" },
          {
            provider: cluster.aws,
            from: {
              role: [urnOf("aws:iam/role:Role", "autoscaler")],
              policyArn: [urnOf("aws:iam/policy:Policy", "scaling")],
            },
          },
        ),
      ]),
    },
    {
      name: "an inline policy on the role itself",
      source: "CloudFormation, AWS::IAM::Role Policies",
      stack: permitted({
        policies: [],
        inputs: { inlinePolicies: [{ name: "scaling", policy: allow("s3:GetObject") }] },
      }),
    },
    {
      name: "a path on the role, and in the annotation",
      source: "AWS Organizations guides, roles under a path",
      stack: program([
        cluster.base,
        cluster.role(
          "autoscaler",
          cluster.trust(cluster.exact("system:serviceaccount:kube-system:cluster-autoscaler")),
          {
            inputs: { path: "/platform/eks/" },
          },
        ),
        cluster.account_("kube-system", "cluster-autoscaler", "arn:aws:iam::111122223333:role/platform/eks/autoscaler"),
      ]),
    },
    {
      name: "AWS managed policies under service-role, and one of the customer by ARN",
      source: "Amazon EKS user guide, EBS CSI driver with a KMS key",
      stack: permitted({
        policies: [managed("service-role/AmazonEBSCSIDriverPolicy"), "arn:aws:iam::111122223333:policy/ebs-kms"],
      }),
    },
  ],
};
export default reports;
