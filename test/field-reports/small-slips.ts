import type { Value } from "../../policy-pack/src/facts/value";
import { resource, urnOf } from "../support/stack";
import { kubernetes, type PodOptions } from "./pods";
import { policy, program, web, type Part, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const ARN = k.arnOf("api");
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const subject = "system:serviceaccount:shop:api";
const sub = `${k.issuer}:sub`;
const aud = `${k.issuer}:aud`;
const podIdentity = policy({
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
});

/** One role with this trust policy, and the account that is annotated with it. */
const trusting = (trust: Value, policies?: readonly string[]) =>
  program([k.base, k.role("api", trust, policies ? { policies } : {}), k.account("shop", "api", ARN)]);
const asking = (condition: Value) => trusting(web(k.providerArn, condition));
const pods = (options: PodOptions) =>
  program([
    k.base,
    k.namespace("shop"),
    k.roleFor("shop", "api"),
    k.account("shop", "api", ARN),
    k.pods("Deployment", "shop", "api", "api", options),
  ]);
const env = (...variables: readonly (readonly [string, string])[]) =>
  pods({ container: { env: variables.map(([name, value]) => ({ name, value })) } });
const association = (roleArn: string): readonly Part[] => [
  k.of(
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "api",
    { clusterName: "prod", namespace: "shop", serviceAccount: "api", roleArn },
    { clusterName: [k.clusterUrn] },
  ),
];
const inline = (document: string): readonly Part[] => [
  resource(
    "aws:iam/rolePolicy:RolePolicy",
    "api-inline",
    { role: "api", policy: document },
    { provider: k.aws, from: { role: [urnOf("aws:iam/role:Role", "api")] } },
  ),
];
/** The account as the kubeconfig of whoever runs Pulumi reaches it. */
const byKubeconfig = resource(
  "kubernetes:core/v1:ServiceAccount",
  "api",
  { metadata: { name: "api", namespace: "shop", annotations: { [ROLE_ARN]: ARN } } },
  {
    provider: {
      urn: urnOf("pulumi:providers:kubernetes", "default"),
      type: "pulumi:providers:kubernetes",
      name: "default",
      inputs: {},
    },
  },
);
const OLD = "oidc.eks.eu-west-1.amazonaws.com/id/0D15EA5E0D15EA5E0D15EA5E0D15EA5E";
const oldTrust = web(`arn:aws:iam::${k.awsAccount}:oidc-provider/${OLD}`, {
  StringEquals: { [`${OLD}:sub`]: subject, [`${OLD}:aud`]: "sts.amazonaws.com" },
});

const reports: Reports = {
  broken: [
    {
      name: "the cluster was made anew, the role kept the id of the old one",
      source: "aws/containers-roadmap#1579, a cluster that is torn down and made anew",
      stack: program([k.base, k.role("api", oldTrust), [byKubeconfig]]),
      finds: ["trust-policy-provider-mismatch advisory"],
    },
    {
      name: "the application assumes the role that it has already",
      source: "cert-manager/cert-manager#4053",
      stack: program([
        k.base,
        k.role("api", k.trust(k.exact(subject)), { policies: [] }),
        inline(policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: ARN })),
        k.account("shop", "api", ARN),
      ]),
      finds: ["role-chain-denied advisory"],
    },
    {
      name: "an association of Pod Identity for a role of IRSA",
      source: "hashicorp/terraform-provider-aws#41483",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api"),
        association(ARN),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
      finds: ["service-account-pod-identity advisory"],
    },
    {
      name: "the endpoint stands where the issuer's id belongs",
      source: "aws/karpenter-provider-aws#1421, ${CLUSTER_ENDPOINT}",
      stack: (() => {
        const host = "oidc.eks.eu-west-1.amazonaws.com/id/https://3B5C.gr7.eu-west-1.eks.amazonaws.com";
        return trusting(
          web(`arn:aws:iam::${k.awsAccount}:oidc-provider/${host}`, {
            StringEquals: { [`${host}:sub`]: subject, [`${host}:aud`]: "sts.amazonaws.com" },
          }),
        );
      })(),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the provider's ARN is put together around its ARN",
      source: "terraform-aws-modules/terraform-aws-eks#2594 (comments)",
      stack: trusting(web(`arn:aws:iam::${k.awsAccount}:oidc-provider/${k.providerArn}`, k.exact(subject))),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "subjects joined by a comma",
      source: "Stack Overflow, several service accounts in one StringEquals",
      stack: asking({
        StringEquals: { [sub]: `${subject},system:serviceaccount:shop:web`, [aud]: "sts.amazonaws.com" },
      }),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "a list in the list of subjects",
      source: "Stack Overflow, nested list from a splat",
      stack: asking({ StringEquals: { [sub]: [[subject]], [aud]: "sts.amazonaws.com" } }),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the subject ends with the namespace",
      source: "Stack Overflow, system:serviceaccount:<namespace>",
      stack: asking({ StringEquals: { [sub]: "system:serviceaccount:shop", [aud]: "sts.amazonaws.com" } }),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "an empty list of subjects",
      source: "terraform-aws-modules/terraform-aws-iam, namespace_service_accounts = []",
      stack: asking({ StringEquals: { [sub]: [], [aud]: "sts.amazonaws.com" } }),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "a star for the audience under StringEquals",
      source: "Stack Overflow, aud *",
      stack: asking({ StringEquals: { [sub]: subject, [aud]: "*" } }),
      finds: ["trust-policy-audience-mismatch mandatory"],
    },
    {
      name: "the regional endpoint of STS as the audience",
      source: "aws/amazon-eks-pod-identity-webhook#39, in the trust policy",
      stack: asking({ StringEquals: { [sub]: subject, [aud]: "sts.eu-west-1.amazonaws.com" } }),
      finds: ["trust-policy-audience-mismatch mandatory"],
    },
    {
      name: "a comma too much in the JSON",
      source: "Stack Overflow, trailing comma in assume_role_policy",
      stack: trusting(k.trust(k.exact(subject)).replace("}]}", "},]}")),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the trust policy is YAML",
      source: "pulumi/pulumi-yaml, assumeRolePolicy without fn::toJSON",
      stack: trusting("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n"),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "an AWS managed policy's name without its underscores",
      source: "aws/amazon-vpc-cni-k8s, AmazonEKSCNIPolicy",
      stack: trusting(k.trust(k.exact(subject)), ["arn:aws:iam::aws:policy/AmazonEKSCNIPolicy"]),
      finds: ["role-policy-arn-invalid advisory"],
    },
    {
      name: "service-role/ before a policy that has no path",
      source: "AWS re:Post, NoSuchEntity: Policy service-role/AmazonEKS_CNI_Policy does not exist",
      stack: trusting(k.trust(k.exact(subject)), ["arn:aws:iam::aws:policy/service-role/AmazonEKS_CNI_Policy"]),
      finds: ["role-policy-arn-invalid mandatory"],
    },
    {
      name: "the controller's policy is taken for one of AWS",
      source: "kubernetes-sigs/aws-load-balancer-controller#1668 (comments)",
      stack: trusting(k.trust(k.exact(subject)), ["arn:aws:iam::aws:policy/AWSLoadBalancerControllerIAMPolicy"]),
      finds: ["role-policy-arn-invalid advisory"],
    },
    {
      name: "the document of the policy in place of its ARN",
      source: "Stack Overflow, policyArn with a JSON document",
      stack: trusting(k.trust(k.exact(subject)), [policy({ Effect: "Allow", Action: "s3:*", Resource: "*" })]),
      finds: ["role-policy-arn-invalid mandatory"],
    },
    {
      name: "an availability zone as the region",
      source: "Stack Overflow, Could not connect to the endpoint URL sts.eu-west-1a",
      stack: env(["AWS_REGION", "eu-west-1a"], ["AWS_DEFAULT_REGION", "eu-west-1a"]),
      finds: ["workload-region-missing advisory"],
    },
    {
      name: "the region without its number",
      source: "Stack Overflow, AWS_REGION=eu-west",
      stack: env(["AWS_REGION", "eu-west"], ["AWS_DEFAULT_REGION", "eu-west"]),
      finds: ["workload-region-missing advisory"],
    },
    {
      name: "a boolean for the kind of STS endpoint",
      source: "boto/botocore, InvalidSTSRegionalEndpointsConfigError",
      stack: env(["AWS_STS_REGIONAL_ENDPOINTS", "true"]),
      finds: ["workload-sts-endpoint advisory"],
    },
    {
      name: "the keys under the names of the first SDK for Java",
      source: "aws/aws-sdk-java, AWS_ACCESS_KEY and AWS_SECRET_KEY",
      stack: env(["AWS_ACCESS_KEY", "x"], ["AWS_SECRET_KEY", "y"]),
      finds: ["workload-static-credentials advisory"],
    },
    {
      name: "the account is annotated with the cluster's own role",
      source: "Stack Overflow, EKS cluster role for pods",
      stack: program([
        k.base,
        k.role(
          "cluster",
          policy({ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }),
          { from: [] },
        ),
        k.account("shop", "api", k.arnOf("cluster")),
      ]),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the account is annotated with a service-linked role",
      source: "external-secrets/kubernetes-external-secrets#424, a service-linked role",
      stack: program([
        k.base,
        k.account("shop", "api", {
          annotations: {
            [ROLE_ARN]: `arn:aws:iam::${k.awsAccount}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
          },
        }),
      ]),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the roles of two accounts are exchanged",
      source: "ministryofjustice/cloud-platform-environments#14841, two accounts",
      stack: program([
        k.base,
        k.roleFor("shop", "api"),
        k.roleFor("shop", "web"),
        k.account("shop", "api", k.arnOf("web")),
        k.account("shop", "web", k.arnOf("api")),
      ]),
      // Two bindings, each refused.
      finds: ["trust-policy-subject-mismatch mandatory", "trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the add-on is given the ARN of the managed policy",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1449, as an add-on",
      stack: program([
        k.base,
        k.addon("aws-ebs-csi-driver", "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"),
      ]),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the role of the EBS add-on trusts the account of the nodes' part",
      source: "aws/containers-roadmap#2248 (comments)",
      stack: program([
        k.base,
        k.role("ebs", k.trust(k.exact("system:serviceaccount:kube-system:ebs-csi-node-sa"))),
        k.addon("aws-ebs-csi-driver", k.arnOf("ebs")),
      ]),
      finds: ["addon-role-mismatch mandatory"],
    },
    {
      name: "the role of the CNI add-on is one for Pod Identity",
      source: "aws/amazon-vpc-cni-k8s#3840 (comments)",
      stack: program([k.base, k.role("cni", podIdentity, { from: [] }), k.addon("vpc-cni", k.arnOf("cni"))]),
      finds: ["addon-role-mismatch mandatory"],
    },
  ],
  working: [
    {
      name: "a role that may assume itself, and trusts itself",
      source: "AWS security blog, an update to IAM role trust policy behavior",
      stack: program([
        k.base,
        k.role(
          "api",
          policy(
            {
              Effect: "Allow",
              Principal: { Federated: k.providerArn },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: k.exact(subject),
            },
            {
              Effect: "Allow",
              Principal: { AWS: `arn:aws:iam::${k.awsAccount}:root` },
              Action: "sts:AssumeRole",
              Condition: { ArnEquals: { "aws:PrincipalArn": ARN } },
            },
          ),
          { policies: [] },
        ),
        inline(policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: ARN })),
        k.account("shop", "api", ARN),
      ]),
    },
    {
      name: "Pod Identity for one account, with its own role",
      source: "Amazon EKS user guide, EKS Pod Identity, beside IRSA",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "web"),
        k.account("shop", "web", k.arnOf("web")),
        k.role("api", podIdentity, { from: [] }),
        k.account("shop", "api"),
        association(ARN),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
    },
    {
      name: "managed policies whose names are like others",
      source: "AWS managed policy reference",
      stack: trusting(
        k.trust(k.exact(subject)),
        [
          "AmazonESFullAccess",
          "AmazonSESFullAccess",
          "CloudWatchFullAccessV2",
          "AmazonEC2ContainerRegistryPullOnly",
        ].map((name) => `arn:aws:iam::aws:policy/${name}`),
      ),
    },
    {
      name: "an account that goes by the operator's kubeconfig",
      source: "Pulumi registry, kubernetes.Provider, default provider",
      stack: program([k.base, k.role("api", k.trust(k.exact(subject))), [byKubeconfig]]),
    },
    {
      name: "a region that AWS opened yesterday",
      source: "AWS news blog, new regions",
      stack: env(["AWS_REGION", "ap-southeast-6"], ["AWS_DEFAULT_REGION", "ap-southeast-6"]),
    },
  ],
};

export default reports;
