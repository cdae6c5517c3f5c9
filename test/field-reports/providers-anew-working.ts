import type { Value } from "../../policy-pack/src/facts/value";
import { urnOf, resource } from "../support/stack";
import { awsProvider, eks, policy, program, role, web, type Part, type Reports } from "./support";
import { kubernetes } from "./pods";

const region = "eu-central-1";
const k = kubernetes({ name: "prod", region });
const { issuer } = k;
const subject = "system:serviceaccount:shop:api";
const OTHER = "444455556666";
const other = awsProvider(OTHER, region);

/** The whole chain behind an IAM OIDC provider with these inputs. */
function behind(provider: { readonly [key: string]: string | readonly string[] }, options = {}) {
  const own = eks({ name: "prod", region, provider, ...options });
  return program([
    own.base,
    own.role("api", own.trust(own.exact(subject))),
    own.account_("shop", "api", own.arnOf("api")),
    own.deployment("shop", "api"),
  ]);
}

/** A provider of the cluster's issuer in another account. */
function providerIn(aws: ReturnType<typeof awsProvider>, account: string): Part {
  const url = `https://${issuer}`;
  return resource(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    `oidc-${account}`,
    { url, clientIdLists: ["sts.amazonaws.com"] },
    {
      provider: aws,
      from: { url: [k.clusterUrn] },
      outputs: { url, clientIdLists: ["sts.amazonaws.com"], arn: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
    },
  );
}

const elsewhere = (name: string, trust: string, options: object = {}) =>
  role(name, trust, {
    aws: other,
    account: OTHER,
    from: [urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", `oidc-${OTHER}`)],
    ...options,
  });
const assume = (arn: string) => policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: arn });
const inline = (to: string, document: string): readonly Part[] => [
  resource(
    "aws:iam/rolePolicy:RolePolicy",
    `${to}-inline`,
    { role: to, policy: document },
    { provider: k.aws, from: { role: [urnOf("aws:iam/role:Role", to)] } },
  ),
];

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "cross-account with a provider of the same issuer in both accounts",
      source: "Amazon EKS user guide, cross-account IAM permissions",
      stack: program([
        k.base,
        [providerIn(other, OTHER)],
        elsewhere("reader", web(`arn:aws:iam::${OTHER}:oidc-provider/${issuer}`, k.exact(subject))),
        k.account("shop", "api", {
          annotations: { "eks.amazonaws.com/role-arn": `arn:aws:iam::${OTHER}:role/reader` },
        }),
      ]),
    },
    {
      name: "cross-account by chaining, both roles of one program",
      source: "AWS containers blog, cross-account access with role chaining",
      stack: program([
        k.base,
        k.role("api", k.trust(k.exact(subject)), { policies: [] }),
        inline("api", assume(`arn:aws:iam::${OTHER}:role/reader`)),
        elsewhere("reader", policy({ Effect: "Allow", Principal: { AWS: k.arnOf("api") }, Action: "sts:AssumeRole" }), {
          from: [urnOf("aws:iam/role:Role", "api")],
        }),
        k.account("shop", "api", k.arnOf("api")),
      ]),
    },
    {
      name: "chaining to a role that trusts the whole account",
      source: "external-secrets documentation, role chaining",
      stack: program([
        k.base,
        k.role("api", k.trust(k.exact(subject)), { policies: [] }),
        inline("api", assume(`arn:aws:iam::${OTHER}:role/reader`)),
        elsewhere(
          "reader",
          policy({
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${k.awsAccount}:root` },
            Action: "sts:AssumeRole",
          }),
          { from: [] },
        ),
        k.account("shop", "api", k.arnOf("api")),
      ]),
    },
    {
      name: "the provider's url as IAM gives it back, without a scheme",
      source: "pulumi/pulumi-aws, OpenIdConnectProvider.url after a refresh",
      stack: behind({ url: issuer }),
    },
    {
      name: "tags and a description on everything",
      source: "AWS tagging best practices",
      stack: behind({ url: `https://${issuer}` }, { inputs: { tags: { team: "shop", "eks:cluster-name": "prod" } } }),
    },
    {
      name: "GovCloud",
      source: "Amazon EKS user guide, AWS GovCloud (US)",
      stack: (() => {
        const gov = eks({ name: "gov", region: "us-gov-west-1", partition: "aws-us-gov" });
        return program([
          gov.base,
          gov.role("api", gov.trust(gov.exact(subject))),
          gov.account_("shop", "api", gov.arnOf("api")),
          gov.deployment("shop", "api"),
        ]);
      })(),
    },
    {
      name: "an opt-in region of the commercial partition",
      source: "AWS general reference, opt-in regions",
      stack: (() => {
        const own = eks({ name: "zurich", region: "eu-central-2" });
        return program([
          own.base,
          own.role("api", own.trust(own.exact(subject))),
          own.account_("shop", "api", own.arnOf("api")),
          own.deployment("shop", "api"),
        ]);
      })(),
    },
    {
      name: "blue and green clusters, each trusted in a statement of its own",
      source: "aws/containers-roadmap#1408",
      stack: (() => {
        const blue = eks({ name: "blue", region });
        const green = eks({ name: "green", region, id: "A1B2C3D4E5F60718293A4B5C6D7E8F90" });
        const statement = (cluster: typeof blue) => ({
          Effect: "Allow",
          Principal: { Federated: cluster.providerArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: cluster.exact(subject),
        });
        return program([
          blue.base,
          green.base,
          blue.role("api", policy(statement(blue), statement(green)), { from: [blue.providerUrn, green.providerUrn] }),
          blue.account_("shop", "api", blue.arnOf("api")),
          green.account_("shop", "api", blue.arnOf("api")),
        ]);
      })(),
    },
    {
      name: "a thumbprint for an issuer of one's own, beside a cluster of EKS",
      source: "AWS IAM user guide, thumbprints of other identity providers",
      stack: program([
        k.base,
        [
          k.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "buildkite", {
            url: "https://agent.buildkite.com",
            clientIdLists: ["sts.amazonaws.com"],
            thumbprintLists: ["6938fd4d98bab03faadb97b34396831e3780aea1"],
          }),
        ],
        k.role("api", k.trust(k.exact(subject))),
        k.account("shop", "api", k.arnOf("api")),
      ]),
    },
    {
      name: "eks.Cluster of pulumi-eks with an account and a deployment",
      source: "pulumi/examples, aws-ts-eks with createOidcProvider",
      stack: (() => {
        const own = eks({ name: "component", region, form: "component" });
        return program([
          own.base,
          own.role("api", own.trust(own.exact(subject))),
          own.account_("shop", "api", own.arnOf("api")),
          own.deployment("shop", "api"),
        ]);
      })(),
    },
    {
      name: "aws-native for the AWS side, kubernetes for the rest",
      source: "pulumi/pulumi-aws-native, IRSA example",
      stack: (() => {
        const own = eks({ name: "native", region, form: "native" });
        return program([
          own.base,
          own.role("api", JSON.parse(own.trust(own.exact(subject))) as Value),
          own.account_("shop", "api", own.arnOf("api")),
          own.deployment("shop", "api"),
          own.addon("vpc-cni", own.arnOf("cni")),
          own.role("cni", own.trust(own.exact("system:serviceaccount:kube-system:aws-node")), {
            policies: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
          }),
        ]);
      })(),
    },
  ],
};

export default reports;
