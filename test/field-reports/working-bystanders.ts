import type { Value } from "../../policy-pack/src/facts/value";
import { resource, UNKNOWN, urnOf } from "../support/stack";
import { allow, eks, policy, program, web, type Reports } from "./support";

const cluster = eks({ region: "eu-west-1" });
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

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "in Python, getPolicyDocumentOutput loses the dependencies of an unknown trust policy",
      source: "pulumi/pulumi-eks example oidc-iam-sa-py",
      stack: one(UNKNOWN, []),
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
