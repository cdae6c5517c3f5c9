import { policy, program, type Reports } from "./support";
import { cluster, providerArn, sub, aud, sts, subject, right, statement, trusting } from "./guide-trust";

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "StringLike for the subject and StringEquals for the audience",
      source: "karpenter.sh documentation, controller role",
      stack: trusting(
        policy(statement({ Condition: { StringLike: { [sub]: subject }, StringEquals: { [aud]: sts } } })),
      ),
    },
    {
      name: "values in lists of one",
      source: "getPolicyDocument without minified lists",
      stack: trusting(
        policy(
          statement({
            Principal: { Federated: [providerArn] },
            Action: ["sts:AssumeRoleWithWebIdentity"],
            Condition: { StringEquals: { [sub]: [subject], [aud]: [sts] } },
          }),
        ),
      ),
    },
    {
      name: "the trust policy as an object, with the statement alone",
      source: "pulumi/pulumi-aws, assumeRolePolicy of type PolicyDocument",
      stack: trusting({ Version: "2012-10-17", Statement: statement() }),
    },
    {
      name: "a Sid on each statement, and one for the service of Pod Identity",
      source: "AWS containers blog, Amazon EKS Pod Identity",
      stack: trusting(
        policy(statement({ Sid: "Irsa" }), {
          Sid: "PodIdentity",
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
        }),
      ),
    },
    {
      name: "indented over many lines",
      source: "Amazon EKS user guide, trust-relationship.json",
      stack: trusting(JSON.stringify(JSON.parse(policy(statement())), null, 2)),
    },
    {
      name: "an Id for the policy",
      source: "AWS IAM user guide, Id element",
      stack: trusting(JSON.stringify({ Version: "2012-10-17", Id: "irsa-api", Statement: [statement()] })),
    },
    {
      name: "a pattern with the name of the deployment's environment at its end",
      source: "Crossplane documentation, provider-aws-*",
      stack: program([
        cluster.base,
        cluster.role(
          "app",
          policy(
            statement({
              Condition: {
                StringLike: { [sub]: "system:serviceaccount:shop:api-*" },
                StringEquals: { [aud]: sts },
              },
            }),
          ),
        ),
        cluster.account_("shop", "api-blue", cluster.arnOf("app")),
        cluster.deployment("shop", "api-blue"),
      ]),
    },
    {
      name: "two audiences, one of them that of STS",
      source: "aws/amazon-eks-pod-identity-webhook, audience annotation beside the default",
      stack: trusting(
        policy(statement({ Condition: { StringEquals: { [sub]: subject, [aud]: [sts, "my-service"] } } })),
      ),
    },
    {
      name: "the same account in two statements, one with and one without the audience",
      source: "terraform-aws-modules/terraform-aws-iam, oidc_providers with assume_role_condition_test",
      stack: trusting(policy(statement(), statement({ Condition: { StringLike: { [sub]: subject } } }))),
      accepts: { "trust-policy-audience-missing": "One of the two statements asks for no audience." },
    },
    {
      name: "a statement for the organisation's break-glass role with its own conditions",
      source: "AWS prescriptive guidance, break-glass access",
      stack: trusting(
        policy(statement(), {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${cluster.account}:root` },
          Action: "sts:AssumeRole",
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
        }),
      ),
    },
    {
      name: "the issuer's id in small letters in a key, which compares without case",
      source: "AWS IAM user guide, condition keys are not case sensitive",
      stack: trusting(
        policy(statement({ Condition: { StringEquals: { [sub.toLowerCase()]: subject, [aud.toLowerCase()]: sts } } })),
      ),
    },
    {
      name: "a session name that the SDK is told",
      source: "AWS security blog, sts:RoleSessionName in trust policies",
      stack: trusting(policy(statement({ Condition: { ...right, StringLike: { "sts:RoleSessionName": "api-*" } } }))),
    },
  ],
};

export default reports;
