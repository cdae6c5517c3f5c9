import type { Value } from "../../policy-pack/src/facts/value";
import { resource, UNKNOWN, urnOf } from "../support/stack";
import { allow, eks, policy, program, web, type Reports } from "./support";

const cluster = eks({ region: "eu-west-1" });
const blue = eks({ name: "blue", region: "eu-west-1", id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0" });
const green = eks({ name: "green", region: "eu-west-1", id: "A1B2C3D4E5F60718293A4B5C6D7E8F90" });
const subject = "system:serviceaccount:shop:api";
const sub = `${cluster.issuer}:sub`;
const aud = `${cluster.issuer}:aud`;
const federated = (provider: string, condition: Value): Value => ({
  Effect: "Allow",
  Principal: { Federated: provider },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: condition,
});

function one(trust: Value, from?: readonly string[]) {
  return program([
    cluster.base,
    cluster.role("app", trust, from ? { from } : {}),
    cluster.account_("shop", "api", cluster.arnOf("app")),
    cluster.deployment("shop", "api"),
  ]);
}

function conditions(condition: Value) {
  return one(cluster.trust(condition));
}

function bystander(name: string, host: string, trust: Value) {
  return program([
    cluster.base,
    cluster.role("app", cluster.trust(cluster.exact(subject))),
    cluster.account_("shop", "api", cluster.arnOf("app")),
    [
      resource(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        name,
        { url: `https://${host}`, clientIdLists: ["aws.workload.identity", "https://gitlab.com"] },
        { provider: cluster.aws, outputs: { url: host, arn: `arn:aws:iam::111122223333:oidc-provider/${host}` } },
      ),
    ],
    cluster.role(name, trust, { from: [] }),
  ]);
}

const lbValues = (role: string) => ({
  clusterName: "prod",
  serviceAccount: {
    create: true,
    name: "aws-load-balancer-controller",
    annotations: { "eks.amazonaws.com/role-arn": cluster.arnOf(role) },
  },
});

const reports: Reports = {
  broken: [
    {
      name: "the conditions of two clusters in one statement, where a token brings the keys of one",
      source: "aws/amazon-eks-pod-identity-webhook#23",
      stack: program([
        blue.base,
        green.base,
        blue.role(
          "app",
          web([blue.providerArn, green.providerArn], {
            StringEquals: { [`${blue.issuer}:sub`]: subject, [`${green.issuer}:sub`]: subject },
          }),
          { from: [blue.providerUrn, green.providerUrn] },
        ),
        blue.account_("shop", "api", blue.arnOf("app")),
        green.account_("shop", "api", blue.arnOf("app")),
      ]),
      finds: ["trust-policy-condition-unsatisfiable mandatory"],
    },
    {
      name: "the account of the second cluster uses the role that trusts only the first",
      source: "aws/containers-roadmap#1968",
      stack: program([
        blue.base,
        green.base,
        blue.role("app", blue.trust(blue.exact(subject))),
        blue.account_("shop", "api", blue.arnOf("app")),
        green.account_("shop", "api", blue.arnOf("app")),
      ]),
      finds: ["trust-policy-provider-mismatch mandatory"],
    },
    {
      name: "the chart's account is annotated with a role that trusts EC2",
      source: "aws/eks-charts#507",
      stack: program([
        cluster.base,
        cluster.role(
          "AWSLoadBalancerControllerIAMRole",
          policy({ Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" }, Effect: "Allow" }),
          { from: [] },
        ),
        cluster.chart("lb", "kube-system", lbValues("AWSLoadBalancerControllerIAMRole"), [
          "AWSLoadBalancerControllerIAMRole",
        ]),
      ]),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the chart goes into another namespace than the trust policy names",
      source: "kubernetes-sigs/aws-load-balancer-controller#4199",
      stack: program([
        cluster.base,
        cluster.role(
          "lb",
          cluster.trust(cluster.exact("system:serviceaccount:kube-system:aws-load-balancer-controller")),
        ),
        cluster.chart("lb", "ingress", lbValues("lb"), ["lb"]),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "a policy for S3 in place of the trust policy, with the provider as principal",
      source: "AWS re:Post, Has prohibited field Resource",
      stack: one(
        policy({
          Effect: "Allow",
          Principal: { Federated: cluster.providerArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Resource: "*",
          Condition: cluster.exact(subject),
        }),
      ),
      finds: ["trust-policy-invalid mandatory"],
    },
  ],
  working: [
    {
      name: "in Python, getPolicyDocumentOutput loses the dependencies of an unknown trust policy",
      source: "pulumi/pulumi-eks example oidc-iam-sa-py",
      stack: one(UNKNOWN, []),
    },
    {
      name: "the trust policy of a role of this stack names a second cluster that lives elsewhere",
      source: "aws/containers-roadmap#1408 (comments)",
      stack: program([
        blue.base,
        blue.role(
          "app",
          policy(federated(blue.providerArn, blue.exact(subject)), federated(green.providerArn, green.exact(subject))),
        ),
        blue.account_("shop", "api", blue.arnOf("app")),
      ]),
    },
    {
      name: "the role comes from another stack",
      source: "Pulumi documentation, stack references",
      stack: program([cluster.base, cluster.account_("shop", "api", "arn:aws:iam::111122223333:role/made-elsewhere")]),
    },
    {
      name: "the chart's account uses a role of another stack",
      source: "AWS Load Balancer Controller installation guide, existing role",
      stack: program([cluster.base, cluster.chart("lb", "kube-system", lbValues("made-elsewhere"))]),
    },
    {
      name: "conditions on the network beside the subject",
      source: "AWS security blog, data perimeter",
      stack: conditions({
        StringEquals: { [sub]: subject, [aud]: "sts.amazonaws.com", "aws:SourceVpc": "vpc-0a1b2c3d" },
        IpAddress: { "aws:SourceIp": "10.0.0.0/8" },
      }),
    },
    {
      name: "any account of kube-system",
      source: "kube-stack examples, one role for the system namespace",
      stack: program([
        cluster.base,
        cluster.role(
          "system",
          cluster.trust({ StringLike: { [sub]: "system:serviceaccount:kube-system:*", [aud]: "sts.amazonaws.com" } }),
        ),
      ]),
      accepts: { "trust-policy-subject-too-broad": "whoever may create an account in the namespace has the role" },
    },
    {
      name: "subject and audience without regard to case",
      source: "AWS IAM user guide, string operators",
      stack: conditions({ StringEqualsIgnoreCase: { [sub]: subject, [aud]: "STS.amazonaws.com" } }),
    },
    {
      name: "condition keys in other letter case, and ForAnyValue",
      source: "AWS IAM user guide, keys are not case sensitive",
      stack: conditions({
        "ForAnyValue:StringEquals": { [sub.toUpperCase()]: subject },
        StringEquals: { [aud]: "sts.amazonaws.com" },
      }),
    },
    {
      name: "an old version of the policy language and one statement that is no list",
      source: "AWS IAM user guide, policy grammar",
      stack: one(
        JSON.stringify({
          Version: "2008-10-17",
          Id: "irsa",
          Statement: { Sid: "Pods", ...(federated(cluster.providerArn, cluster.exact(subject)) as object) },
        }),
      ),
    },
    {
      name: "sts:* as action",
      source: "AWS IAM user guide, wildcards in actions",
      stack: one(web(cluster.providerArn, cluster.exact(subject), { Action: "sts:*" })),
    },
    {
      name: "sts:TagSession beside the action",
      source: "terraform-aws-modules/terraform-aws-iam, allow tagging",
      stack: one(
        web(cluster.providerArn, cluster.exact(subject), {
          Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        }),
      ),
    },
    {
      name: "a Deny outside of some regions",
      source: "AWS Organizations, region restriction in a trust policy",
      stack: one(
        policy(federated(cluster.providerArn, cluster.exact(subject)), {
          Effect: "Deny",
          Principal: "*",
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringNotEquals: { "aws:RequestedRegion": ["eu-west-1"] } },
        }),
      ),
    },
    {
      name: "a Deny for tokens without a subject",
      source: "aws-samples/resource-control-policy-examples#5",
      stack: one(
        policy(federated(cluster.providerArn, cluster.exact(subject)), {
          Effect: "Deny",
          Principal: "*",
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { Null: { [sub]: "true" } },
        }),
      ),
    },
    {
      name: "HCP Terraform's provider and role beside a cluster",
      source: "HCP Terraform documentation, dynamic credentials for AWS",
      stack: bystander(
        "hcp",
        "app.terraform.io",
        web("arn:aws:iam::111122223333:oidc-provider/app.terraform.io", {
          StringEquals: { "app.terraform.io:aud": "aws.workload.identity" },
          StringLike: { "app.terraform.io:sub": "organization:acme:project:*:workspace:*:run_phase:*" },
        }),
      ),
    },
    {
      name: "GitLab's provider and role beside a cluster, without a condition on the subject",
      source: "GitLab documentation, OpenID Connect in AWS",
      stack: bystander(
        "gitlab",
        "gitlab.com",
        web("arn:aws:iam::111122223333:oidc-provider/gitlab.com", {
          StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
        }),
      ),
    },
    {
      name: "a Cognito identity pool's role and a SAML role beside a cluster",
      source: "Amazon Cognito developer guide, role trust",
      stack: bystander(
        "cognito",
        "auth.example.com",
        policy(
          {
            Effect: "Allow",
            Principal: { Federated: "cognito-identity.amazonaws.com" },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: { "cognito-identity.amazonaws.com:aud": "us-east-1:11111111-2222-3333-4444-555555555555" },
              "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
            },
          },
          {
            Effect: "Allow",
            Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/okta" },
            Action: "sts:AssumeRoleWithSAML",
            Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
          },
        ),
      ),
    },
    {
      name: "only a role, for an account that kubectl made",
      source: "eksctl documentation, role only",
      stack: program([cluster.base, cluster.role("app", cluster.trust(cluster.exact(subject)))]),
    },
    {
      name: "an account with a name that Pulumi made, and a pattern for it",
      source: "Pulumi documentation, auto-naming of Kubernetes objects",
      stack: program([
        cluster.base,
        cluster.role(
          "app",
          cluster.trust({
            StringLike: { [sub]: "system:serviceaccount:shop:api-*" },
            StringEquals: { [aud]: "sts.amazonaws.com" },
          }),
        ),
        cluster.account_("shop", "api-6f461b0b", cluster.arnOf("app")),
        cluster.deployment("shop", "api-6f461b0b"),
      ]),
    },
    {
      name: "the provider of this stack was imported with get",
      source: "Pulumi documentation, OpenIdConnectProvider.get",
      stack: program([
        cluster.base.filter(({ urn }) => urn !== cluster.providerUrn),
        [
          resource(
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "prod-oidc",
            {},
            {
              provider: cluster.aws,
              outputs: { arn: cluster.providerArn, url: cluster.issuer, clientIdLists: ["sts.amazonaws.com"] },
            },
          ),
        ],
        cluster.role("app", cluster.trust(cluster.exact(subject))),
        cluster.account_("shop", "api", cluster.arnOf("app")),
      ]),
    },
    {
      name: "an add-on that the pack does not know",
      source: "Amazon EKS user guide, community add-ons",
      stack: program([
        cluster.base,
        cluster.role("dns", cluster.trust(cluster.exact("system:serviceaccount:external-dns:external-dns"))),
        cluster.addon("external-dns", cluster.arnOf("dns")),
      ]),
    },
    {
      name: "the aws provider knows neither account nor region yet",
      source: "pulumi/pulumi-eks, explicit providers with configuration",
      stack: (() => {
        const stack = one(cluster.trust(cluster.exact(subject)));
        return {
          ...stack,
          resources: stack.resources.map((each) =>
            each.provider?.type === "pulumi:providers:aws"
              ? { ...each, provider: { ...each.provider, inputs: { region: UNKNOWN } } }
              : each,
          ),
        };
      })(),
    },
    {
      name: "a user of KEDA: the operator may assume the workloads' role, which trusts it by ARN",
      source: "KEDA documentation, AWS pod identity webhook",
      stack: program([
        cluster.base,
        cluster.role("keda", cluster.trust(cluster.exact("system:serviceaccount:keda:keda-operator")), {
          policies: [],
          inputs: {
            inlinePolicies: [
              { name: "hop", policy: policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }) },
            ],
          },
        }),
        cluster.account_("keda", "keda-operator", cluster.arnOf("keda")),
        cluster.role(
          "worker",
          policy(federated(cluster.providerArn, cluster.exact("system:serviceaccount:jobs:worker")), {
            Effect: "Allow",
            Principal: { AWS: cluster.arnOf("keda") },
            Action: "sts:AssumeRole",
          }),
          {
            policies: [],
            inputs: { inlinePolicies: [{ name: "queue", policy: allow("sqs:ReceiveMessage") }] },
            from: [cluster.providerUrn, urnOf("aws:iam/role:Role", "keda")],
          },
        ),
        cluster.account_("jobs", "worker", cluster.arnOf("worker")),
      ]),
    },
  ],
};
export default reports;
