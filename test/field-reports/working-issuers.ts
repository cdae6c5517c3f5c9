import type { Value } from "../../policy-pack/src/facts/value";
import { resource, urnOf } from "../support/stack";
import { awsProvider, eks, policy, program, role, web, type Reports } from "./support";

const cluster = eks({ region: "eu-west-1" });
const other = eks({ name: "shared", form: "none", provider: null });
const hub = eks({ name: "hub", account: "444455556666" });
const spoke = awsProvider("777788889999", "us-east-1");
const github = "token.actions.githubusercontent.com";
const subject = "system:serviceaccount:shop:api";

function simple(where: typeof cluster, trust: Value = where.trust(where.exact(subject))) {
  return [
    where.base,
    where.role("app", trust),
    where.account_("shop", "api", where.arnOf("app")),
    where.deployment("shop", "api"),
  ];
}

const kops = "kops-oidc.s3.eu-west-1.amazonaws.com/prod.example.com";
const rosa = "rh-oidc.s3.us-east-1.amazonaws.com/24ab12cd34ef56ab78cd90ef12ab34cd";

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "cross-account: a provider for the cluster's issuer in the role's account",
      source: "Amazon EKS user guide, cross-account IAM permissions",
      stack: program([
        hub.base,
        [
          resource(
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "hub-in-spoke",
            { url: `https://${hub.issuer}`, clientIdLists: ["sts.amazonaws.com"] },
            {
              provider: spoke,
              from: { url: [hub.clusterUrn] },
              outputs: { url: hub.issuer, arn: `arn:aws:iam::777788889999:oidc-provider/${hub.issuer}` },
            },
          ),
        ],
        role("tenant", web(`arn:aws:iam::777788889999:oidc-provider/${hub.issuer}`, hub.exact(subject)), {
          aws: spoke,
          account: "777788889999",
          from: [urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "hub-in-spoke")],
        }),
        hub.account_("shop", "api", "arn:aws:iam::777788889999:role/tenant"),
      ]),
    },
    {
      name: "cross-account by chaining: the pod's role may assume one of another account",
      source: "external-secrets/external-secrets#1400",
      stack: program([
        cluster.base,
        cluster.role("app", cluster.trust(cluster.exact(subject)), {
          policies: [],
          inputs: {
            inlinePolicies: [
              {
                name: "hop",
                policy: policy({
                  Effect: "Allow",
                  Action: "sts:AssumeRole",
                  Resource: "arn:aws:iam::777788889999:role/secrets-reader",
                }),
              },
            ],
          },
        }),
        role(
          "secrets-reader",
          policy({ Effect: "Allow", Principal: { AWS: cluster.arnOf("app") }, Action: "sts:AssumeRole" }),
          { aws: spoke, account: "777788889999", from: [urnOf("aws:iam/role:Role", "app")] },
        ),
        cluster.account_("shop", "api", cluster.arnOf("app")),
      ]),
    },
    {
      name: "GitHub Actions' provider and role beside a cluster",
      source: "GitHub documentation, OpenID Connect in AWS",
      stack: program([
        ...simple(cluster),
        [
          resource(
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "github",
            {
              url: `https://${github}`,
              clientIdLists: ["sts.amazonaws.com"],
              thumbprintLists: ["6938fd4d98bab03faadb97b34396831e3780aea1"],
            },
            { provider: cluster.aws, outputs: { arn: `arn:aws:iam::111122223333:oidc-provider/${github}` } },
          ),
        ],
        cluster.role(
          "ci",
          web(`arn:aws:iam::111122223333:oidc-provider/${github}`, {
            StringLike: { [`${github}:sub`]: "repo:octo-org/*" },
            StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" },
          }),
          {
            policies: ["arn:aws:iam::aws:policy/AdministratorAccess"],
            from: [urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "github")],
          },
        ),
      ]),
    },
    {
      name: "kOps: an issuer in a bucket",
      source: "kubernetes/kops#15429",
      stack: program([
        other.base,
        [
          resource(
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "kops",
            {
              url: `https://${kops}`,
              clientIdLists: ["amazonaws.com", "sts.amazonaws.com"],
              thumbprintLists: ["a9d53002e97e00e043244f3d170d6f4c414104fd"],
            },
            { provider: other.aws, outputs: { arn: `arn:aws:iam::111122223333:oidc-provider/${kops}` } },
          ),
        ],
        other.role(
          "app",
          web(`arn:aws:iam::111122223333:oidc-provider/${kops}`, {
            StringEquals: { [`${kops}:sub`]: subject, [`${kops}:aud`]: "amazonaws.com" },
          }),
          { from: [urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "kops")] },
        ),
        other.account_("shop", "api", other.arnOf("app")),
      ]),
    },
    {
      name: "ROSA: an issuer of Red Hat, literal, of another stack",
      source: "rh-mobb documentation, STS with ROSA",
      stack: program([
        other.base,
        other.role(
          "logs",
          web(`arn:aws:iam::111122223333:oidc-provider/${rosa}`, {
            StringEquals: { [`${rosa}:sub`]: "system:serviceaccount:openshift-logging:logcollector" },
          }),
        ),
        other.account_("openshift-logging", "logcollector", other.arnOf("logs")),
      ]),
    },
    {
      name: "cluster and provider of another stack, given by a StackReference",
      source: "Pulumi documentation, stack references",
      stack: program(simple(other)),
    },
    {
      name: "the provider is of this stack, the cluster was looked up",
      source: "terraform-aws-modules/terraform-aws-eks#2712",
      stack: program(simple(eks({ name: "existing", form: "none", provider: {} }))),
    },
  ],
};
export default reports;
