import type { Value } from "../../policy-pack/src/facts/value";
import { eks, policy, program, type Reports } from "./support";

const cluster = eks({ region: "eu-central-1" });
const { issuer } = cluster;
const sub = `${issuer}:sub`;
const aud = `${issuer}:aud`;
const sts = "sts.amazonaws.com";
const china = eks({ region: "cn-northwest-1", suffix: "amazonaws.com.cn", partition: "aws-cn" });

/** One account and its role, with the conditions that were reported. */
function asking(condition: Value | undefined, namespace = "shop", account = "api", where = cluster) {
  return program([
    where.base,
    where.role("app", where.trust(condition)),
    where.account_(namespace, account, where.arnOf("app")),
    where.deployment(namespace, account),
  ]);
}

const reports: Reports = {
  broken: [
    {
      name: "the subject stands under the key of the audience",
      source: "external-secrets/kubernetes-external-secrets#287",
      stack: asking({ StringEquals: { [aud]: "system:serviceaccount:shop:api" } }),
      // Two statements to write: the subject under its own key, and the audience under this one.
      finds: ["trust-policy-subject-missing mandatory", "trust-policy-audience-mismatch mandatory"],
    },
    {
      name: "the condition keys hold the provider's whole ARN",
      source: "aws/karpenter-provider-aws#1666",
      stack: asking(
        { StringLike: { [`${cluster.providerArn}:sub`]: "system:serviceaccount:karpenter:karpenter" } },
        "karpenter",
        "karpenter",
      ),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "sub and aud under keys with the provider's ARN",
      source: "pulumi/pulumi-aws-iam, RoleForServiceAccountsEks",
      stack: asking({
        StringEquals: {
          [`${cluster.providerArn}:sub`]: "system:serviceaccount:shop:api",
          [`${cluster.providerArn}:aud`]: sts,
        },
      }),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the condition keys start with https",
      source: "terraform-aws-modules/terraform-aws-eks#1084",
      stack: asking({
        StringEquals: { [`https://${sub}`]: "system:serviceaccount:shop:api", [`https://${aud}`]: sts },
      }),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the condition keys lack the cluster's id",
      source: "aws/aws-cdk#11682",
      stack: asking({
        StringEquals: {
          "oidc.eks.eu-central-1.amazonaws.com:sub": "system:serviceaccount:shop:api",
          "oidc.eks.eu-central-1.amazonaws.com:aud": sts,
        },
      }),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the condition key names no claim",
      source: "external-secrets/external-secrets#1860",
      stack: asking(
        { StringEquals: { [issuer]: "system:serviceaccount:kube-system:secret-manager-operator" } },
        "kube-system",
        "secret-manager-operator",
      ),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the condition keys are of another cluster than the principal",
      source: "pulumi/pulumi-eks#1495",
      stack: asking({
        StringEquals: {
          "oidc.eks.eu-central-1.amazonaws.com/id/0F1E2D3C4B5A69788796A5B4C3D2E1F0:sub":
            "system:serviceaccount:shop:api",
          "oidc.eks.eu-central-1.amazonaws.com/id/0F1E2D3C4B5A69788796A5B4C3D2E1F0:aud": sts,
        },
      }),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "a wildcard under StringEquals",
      source: "crossplane/crossplane#5578",
      stack: asking(
        { StringEquals: { [sub]: "system:serviceaccount:crossplane-system:provider-aws-*", [aud]: sts } },
        "crossplane-system",
        "provider-aws-s3-6f461b0ba11f",
      ),
      finds: ["trust-policy-subject-wildcard mandatory"],
    },
    {
      name: "a wildcard for the namespace under StringEquals",
      source: "CircleCI-Public/server-terraform#291",
      stack: asking(
        { StringEquals: { [sub]: "system:serviceaccount:*:nomad-autoscaler", [aud]: sts } },
        "circleci",
        "nomad-autoscaler",
      ),
      finds: ["trust-policy-subject-wildcard mandatory"],
    },
    {
      name: "the account is prefixed with the cluster's name, the trust policy's subject is not",
      source: "awslabs/data-on-eks#338",
      stack: asking(cluster.exact("system:serviceaccount:ray:ray-single-user"), "ray", "prod-ray-single-user"),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the autoscaler was installed into another namespace than the trust policy names",
      source: "terraform-aws-modules/terraform-aws-eks#801",
      stack: asking(
        cluster.exact("system:serviceaccount:kube-system:cluster-autoscaler-aws-cluster-autoscaler"),
        "autoscaling",
        "cluster-autoscaler-aws-cluster-autoscaler",
      ),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the trust policy was made for the default namespace",
      source: "kubernetes-sigs/external-dns#1979",
      stack: asking(cluster.exact("system:serviceaccount:default:external-dns"), "kube-system", "external-dns"),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the chart prefixes the account's name with the release, and its values say so",
      source: "aws-ia/terraform-aws-eks-blueprints-addons#267",
      stack: program([
        cluster.base,
        cluster.role("cert", cluster.trust(cluster.exact("system:serviceaccount:sys--cert:cert-manager"))),
        cluster.chart(
          "cert-manager",
          "sys--cert",
          {
            serviceAccount: {
              create: true,
              name: "cert-man-cert-manager",
              annotations: { "eks.amazonaws.com/role-arn": cluster.arnOf("cert") },
            },
          },
          ["cert"],
        ),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "namespace and name joined by a slash",
      source: "cert-manager/aws-privateca-issuer#277",
      stack: asking(
        cluster.exact("system:serviceaccount:cert-manager/aws-pca-issuer"),
        "cert-manager",
        "aws-pca-issuer",
      ),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "the subject without its prefix",
      source: "terraform-aws-modules/terraform-aws-eks#1083",
      stack: asking(cluster.exact("shop:api")),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "the plural of the groups of service accounts",
      source: "aws/aws-sdk-js-v3#6225",
      stack: asking(cluster.exact("system:serviceaccounts:shop:api")),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "the trust policy has no condition, as the construct's first version made it",
      source: "aws/aws-cdk#6062",
      stack: asking(undefined),
      finds: ["trust-policy-subject-missing mandatory"],
    },
    {
      name: "any request of the provider, as the guide once had it",
      source: "rh-mobb/documentation#209",
      stack: asking({ StringEquals: { [aud]: sts } }),
      finds: ["trust-policy-subject-missing mandatory"],
    },
    {
      name: "every account of the cluster",
      source: "DataRobot documentation, IRSA role",
      stack: asking({ StringLike: { [sub]: "system:serviceaccount:*" } }),
      finds: ["trust-policy-subject-too-broad mandatory", "trust-policy-audience-missing advisory"],
    },
    {
      name: "empty namespace and name become wildcards",
      source: "cloudposse/terraform-aws-eks-iam-role",
      stack: asking({ StringLike: { [sub]: "system:serviceaccount:*:*" }, StringEquals: { [aud]: sts } }),
      finds: ["trust-policy-subject-too-broad mandatory"],
    },
    {
      name: "ForAllValues in front of the operator, to silence the console",
      source: "github/docs#18728",
      stack: asking({ "ForAllValues:StringEquals": { [sub]: "system:serviceaccount:shop:api", [aud]: sts } }),
      // Advisory: the tokens of EKS always carry both claims.
      finds: ["trust-policy-operator-unsafe advisory", "trust-policy-operator-unsafe advisory"],
    },
    {
      name: "an operator with a small first letter",
      source: "ministryofjustice/modernisation-platform-environments#8893",
      stack: asking({ stringEquals: { [sub]: "system:serviceaccount:shop:api", [aud]: sts } }),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "IfExists on a misspelt key",
      source: "cloudposse/terraform-aws-eks-iam-role#33",
      stack: asking({
        StringEqualsIfExists: { [`${issuer}:subject`]: "system:serviceaccount:shop:api" },
        StringEquals: { [aud]: sts },
      }),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "IfExists on the subject",
      source: "AWS IAM user guide, IfExists condition operators",
      stack: asking({
        StringEqualsIfExists: { [sub]: "system:serviceaccount:shop:api" },
        StringEquals: { [aud]: sts },
      }),
      finds: ["trust-policy-operator-unsafe advisory"],
    },
    {
      name: "two subjects, one under each operator, so that both are asked for",
      source: "aws/amazon-eks-pod-identity-webhook README example",
      stack: asking({
        StringEquals: { [sub]: "system:serviceaccount:shop:api", [aud]: sts },
        StringLike: { [sub]: "system:serviceaccount:jobs:*" },
      }),
      finds: ["trust-policy-condition-unsatisfiable mandatory"],
    },
    {
      name: "an external id beside the subject",
      source: "external-secrets/external-secrets#1478",
      stack: asking({
        StringEquals: { [sub]: "system:serviceaccount:shop:api", [aud]: sts, "sts:ExternalId": "eso" },
      }),
      finds: ["trust-policy-condition-unsatisfiable mandatory"],
    },
    {
      name: "in China, the audience with the DNS suffix of China",
      source: "eksctl-io/eksctl#1910",
      stack: asking(china.exact("system:serviceaccount:shop:api", "sts.amazonaws.com.cn"), "shop", "api", china),
      // The deployment sets no region, which the guide for China asks for.
      finds: ["trust-policy-audience-mismatch mandatory", "workload-region-missing advisory"],
    },
    {
      name: "the audience of the Kubernetes API",
      source: "external-secrets/kubernetes-external-secrets#290",
      stack: asking(cluster.exact("system:serviceaccount:shop:api", "https://kubernetes.default.svc")),
      finds: ["trust-policy-audience-mismatch mandatory"],
    },
    {
      name: "an upper-case letter in the subject",
      source: "terraform-aws-modules/terraform-aws-eks#1083 (comments)",
      stack: asking(cluster.exact("system:serviceaccount:shop:API")),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "a Deny for everybody else names the account by its bare name",
      source: "aws-samples/resource-control-policy-examples#5",
      stack: program([
        cluster.base,
        cluster.role(
          "app",
          policy(
            {
              Effect: "Allow",
              Principal: { Federated: cluster.providerArn },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: cluster.exact("system:serviceaccount:shop:api"),
            },
            {
              Effect: "Deny",
              Principal: { Federated: cluster.providerArn },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: { StringNotEquals: { [sub]: "shop:api" } },
            },
          ),
        ),
        cluster.account_("shop", "api", cluster.arnOf("app")),
      ]),
      finds: ["trust-policy-deny mandatory"],
    },
    {
      name: "an ARN operator for the subject",
      source: "AWS re:Post, IRSA trust policy with ArnLike",
      stack: asking({ ArnLike: { [sub]: "system:serviceaccount:shop:api" }, StringEquals: { [aud]: sts } }),
      finds: ["trust-policy-operator-unsafe advisory"],
    },
    {
      name: "StringEquals with a list that lacks the account of the other environment",
      source: "external-secrets/external-secrets#1936",
      stack: asking(
        cluster.exact(["system:serviceaccount:secrets:reader", "system:serviceaccount:secrets:writer"]),
        "secrets",
        "account-a-tenant",
      ),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
  ],
  working: [],
};
export default reports;
