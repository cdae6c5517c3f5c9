import type { Value } from "../../policy-pack/src/facts/value";
import { resource, urnOf } from "../support/stack";
import { allow, eks, policy, program, type Reports } from "./support";

const cluster = eks({ region: "eu-west-1" });
const blue = eks({ name: "blue", region: "eu-west-1", id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0" });
const green = eks({ name: "green", region: "eu-west-1", id: "A1B2C3D4E5F60718293A4B5C6D7E8F90" });
const gov = eks({ region: "us-gov-west-1", partition: "aws-us-gov" });
const china = eks({ region: "cn-northwest-1", suffix: "amazonaws.com.cn", partition: "aws-cn" });
const native = eks({ form: "native" });
const component = eks({ form: "component" });
const subject = "system:serviceaccount:shop:api";

const both = (where: typeof cluster) => ({
  Effect: "Allow",
  Principal: { Federated: where.providerArn },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: where.exact(subject),
});
const pods = {
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
};

function simple(where: typeof cluster, trust: Value = where.trust(where.exact(subject))) {
  return [
    where.base,
    where.role("app", trust),
    where.account_("shop", "api", where.arnOf("app")),
    where.deployment("shop", "api"),
  ];
}

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "one account, role and provider",
      source: "Amazon EKS user guide, assign IAM roles to accounts",
      stack: program(simple(cluster)),
    },
    {
      name: "the trust policy of eksctl: StringEquals on aud and sub, in one statement of lists",
      source: "eksctl documentation, IAM roles for service accounts",
      stack: program(
        simple(
          cluster,
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { Federated: [cluster.providerArn] },
                Action: ["sts:AssumeRoleWithWebIdentity"],
                Condition: {
                  StringEquals: {
                    [`${cluster.issuer}:sub`]: [subject],
                    [`${cluster.issuer}:aud`]: ["sts.amazonaws.com"],
                  },
                },
              },
            ],
          }),
        ),
      ),
    },
    {
      name: "eks.Cluster with createOidcProvider, and no condition on the audience",
      source: "pulumi/pulumi-eks example oidc-iam-sa",
      stack: program(simple(component, component.trust({ StringEquals: { [`${component.issuer}:sub`]: subject } }))),
      accepts: { "trust-policy-audience-missing": "every AWS guide asks for the audience" },
    },
    {
      name: "eks.Cluster with createOidcProvider",
      source: "Pulumi blog, Access Control for Pods on Amazon EKS",
      stack: program(simple(component)),
    },
    {
      name: "aws-native: trust policy as an object, managed policies on the role",
      source: "CloudFormation, AWS::IAM::OIDCProvider and AWS::IAM::Role",
      stack: program(simple(native, JSON.parse(native.trust(native.exact(subject))) as Value)),
    },
    {
      name: "in Python, the annotation put on an account by a patch",
      source: "Configuring an EKS service account to assume an IAM role with Pulumi (hashnode)",
      stack: program([
        cluster.base,
        cluster.role("app", cluster.trust(cluster.exact("system:serviceaccount:my-namespace:my-sa"))),
        [
          resource(
            "kubernetes:core/v1:ServiceAccount",
            "my-service-account",
            { metadata: { name: "my-sa", namespace: "my-namespace" } },
            { provider: cluster.kubernetesProvider },
          ),
          resource(
            "kubernetes:core/v1:ServiceAccountPatch",
            "my-service-account-annotation",
            {
              metadata: {
                name: "my-sa",
                namespace: "my-namespace",
                annotations: { "eks.amazonaws.com/role-arn": cluster.arnOf("app") },
              },
            },
            { provider: cluster.kubernetesProvider, from: { metadata: [urnOf("aws:iam/role:Role", "app")] } },
          ),
        ],
      ]),
    },
    {
      name: "one role for a blue and a green cluster",
      source: "aws/containers-roadmap#1408",
      stack: program([
        blue.base,
        green.base,
        blue.role("app", policy(both(blue), both(green)), { from: [blue.providerUrn, green.providerUrn] }),
        blue.account_("shop", "api", blue.arnOf("app")),
        green.account_("shop", "api", blue.arnOf("app")),
      ]),
    },
    { name: "GovCloud", source: "Amazon EKS in AWS GovCloud (US)", stack: program(simple(gov)) },
    {
      name: "China, with both region variables",
      source: "AWS re:Post knowledge center, AWS_DEFAULT_REGION in China",
      stack: program([
        china.base,
        china.role("app", china.trust(china.exact(subject))),
        china.account_("shop", "api", china.arnOf("app")),
        china.deployment("shop", "api", {
          containers: [
            {
              name: "app",
              image: "example.com/team/app:1.4.2",
              env: [
                { name: "AWS_REGION", value: "cn-northwest-1" },
                { name: "AWS_DEFAULT_REGION", value: "cn-northwest-1" },
              ],
            },
          ],
        }),
      ]),
    },
    {
      name: "one role for IRSA and for Pod Identity, during a migration",
      source: "terraform-aws-modules/terraform-aws-iam#571",
      stack: program(simple(cluster, policy(both(cluster), pods))),
    },
    {
      name: "the role may be assumed by a developer's role too",
      source: "cloudposse/terraform-aws-eks-iam-role, extra trust statements",
      stack: program(
        simple(
          cluster,
          policy(both(cluster), {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111122223333:role/developer" },
            Action: "sts:AssumeRole",
          }),
        ),
      ),
    },
    {
      name: "several accounts of one team on one role",
      source: "kubeflow/dashboard#29",
      stack: program([
        cluster.base,
        cluster.role("app", cluster.trust(cluster.exact([subject, "system:serviceaccount:shop:worker"]))),
        cluster.account_("shop", "api", cluster.arnOf("app")),
        cluster.account_("shop", "worker", cluster.arnOf("app")),
      ]),
    },
    {
      name: "StringLike for everything, with an exact subject",
      source: "terraform-aws-modules/terraform-aws-iam, trust_condition_test StringLike",
      stack: program(
        simple(
          cluster,
          cluster.trust({
            StringLike: { [`${cluster.issuer}:sub`]: subject, [`${cluster.issuer}:aud`]: "sts.amazonaws.com" },
          }),
        ),
      ),
    },
    {
      name: "only roles of AWS services and a cluster without IRSA",
      source: "Pulumi documentation, AWS EKS guide",
      stack: program([
        eks({ provider: null }).base,
        cluster.role(
          "eks-service",
          policy({ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }),
          { from: [] },
        ),
        cluster.role(
          "lambda",
          policy({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }),
          { policies: [], from: [] },
        ),
      ]),
    },
    {
      name: "Pod Identity alone",
      source: "Amazon EKS user guide, EKS Pod Identity",
      stack: program([
        cluster.base,
        cluster.role("app", policy(pods), { from: [] }),
        [
          resource(
            "kubernetes:core/v1:ServiceAccount",
            "api",
            { metadata: { name: "api", namespace: "shop" } },
            { provider: cluster.kubernetesProvider },
          ),
          resource(
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "api",
            { clusterName: "prod", namespace: "shop", serviceAccount: "api", roleArn: cluster.arnOf("app") },
            {
              provider: cluster.aws,
              from: { roleArn: [urnOf("aws:iam/role:Role", "app")], clusterName: [cluster.clusterUrn] },
            },
          ),
        ],
      ]),
    },
    {
      name: "the role's permissions come from a RolePolicy of this stack by the role's id",
      source: "pulumi/pulumi-eks example oidc-iam-sa, RolePolicy",
      stack: program([
        cluster.base,
        cluster.role("app", cluster.trust(cluster.exact(subject)), { policies: [] }),
        [
          resource(
            "aws:iam/rolePolicy:RolePolicy",
            "app",
            { role: "app", policy: allow("s3:GetObject") },
            { provider: cluster.aws, from: { role: [urnOf("aws:iam/role:Role", "app")] } },
          ),
        ],
        cluster.account_("shop", "api", cluster.arnOf("app")),
      ]),
    },
  ],
};
export default reports;
