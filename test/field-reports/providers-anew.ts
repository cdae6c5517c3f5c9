import { urnOf, resource } from "../support/stack";
import { attachment, awsProvider, eks, policy, program, role, web, type Part, type Reports } from "./support";
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
  broken: [
    {
      name: "the url is the endpoint of the API server",
      source: "Stack Overflow, cluster.endpoint as the issuer",
      stack: behind({ url: "https://3B5C0A8E7D6F41529AB0C1D2E3F40516.gr7.eu-central-1.eks.amazonaws.com" }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "the url of the discovery document",
      source: "AWS re:Post, .well-known/openid-configuration as provider url",
      stack: behind({ url: `https://${issuer}/.well-known/openid-configuration` }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "the url of the keys",
      source: "AWS re:Post, jwks_uri as provider url",
      stack: behind({ url: `https://${issuer}/keys` }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "the url with a port",
      source: "Stack Overflow, openssl s_client host copied with its port",
      stack: behind({ url: `https://${issuer.replace("/id/", ":443/id/")}` }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "https stands there twice",
      source: "hashicorp/terraform-provider-aws, https:// before cluster.identity.oidc.issuer",
      stack: behind({ url: `https://https://${issuer}` }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "an interpolation was left out of the url",
      source: "Stack Overflow, pulumi.interpolate with ordinary quotes in url",
      stack: behind({ url: "https://${cluster.identities[0].oidcs[0].issuer}" }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "the region of another cluster in the url",
      source: "kubernetes-sigs/aws-load-balancer-controller#2315",
      stack: behind({ url: `https://${issuer.replace(region, "us-east-1")}` }),
      finds: ["oidc-provider-issuer-mismatch advisory"],
    },
    {
      name: "the client id is a subject",
      source: "Stack Overflow, audience in the IAM console",
      stack: behind({ clientIdLists: [subject] }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "the client id with https before it",
      source: "AWS re:Post, audience https://sts.amazonaws.com",
      stack: behind({ clientIdLists: ["https://sts.amazonaws.com"] }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "the client id with a blank after it",
      source: "Stack Overflow, Incorrect token audience after copying",
      stack: behind({ clientIdLists: ["sts.amazonaws.com "] }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "a wildcard as the client id",
      source: "Stack Overflow, clientIdLists with a star",
      stack: behind({ clientIdLists: ["*"] }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "no client id at all",
      source: "pulumi/pulumi-eks#281 (comments)",
      stack: behind({ clientIdLists: [] }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "the audience of the API server for the provider of IRSA",
      source: "external-secrets/kubernetes-external-secrets#290",
      stack: behind({ clientIdLists: ["https://kubernetes.default.svc"] }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "the role of the other account trusts the provider of the cluster's account",
      source: "external-secrets/external-secrets#1936, with the provider made in both",
      stack: program([
        k.base,
        [providerIn(other, OTHER)],
        elsewhere("reader", k.trust(k.exact(subject)), { from: [k.providerUrn] }),
        k.account("shop", "api", {
          annotations: { "eks.amazonaws.com/role-arn": `arn:aws:iam::${OTHER}:role/reader` },
        }),
      ]),
      finds: ["trust-policy-provider-mismatch mandatory"],
    },
    {
      name: "the second role trusts the nodes' role, and the pod's role asks for it",
      source: "cert-manager/cert-manager#5893",
      stack: program([
        k.base,
        k.role("api", k.trust(k.exact(subject)), { policies: [] }),
        inline("api", assume(`arn:aws:iam::${OTHER}:role/dns-manager`)),
        elsewhere(
          "dns-manager",
          policy({
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${k.awsAccount}:role/nodes` },
            Action: "sts:AssumeRole",
          }),
          { from: [] },
        ),
        k.account("shop", "api", k.arnOf("api")),
      ]),
      finds: ["role-chain-denied mandatory"],
    },
    {
      name: "cross-account: the annotation names the second role, which trusts the first",
      source: "ministryofjustice/cloud-platform-user-guide#1204",
      stack: program([
        k.base,
        k.role("api", k.trust(k.exact(subject)), { policies: [] }),
        inline("api", assume(`arn:aws:iam::${OTHER}:role/reader`)),
        elsewhere("reader", policy({ Effect: "Allow", Principal: { AWS: k.arnOf("api") }, Action: "sts:AssumeRole" }), {
          from: [urnOf("aws:iam/role:Role", "api")],
        }),
        k.account("shop", "api", {
          annotations: { "eks.amazonaws.com/role-arn": `arn:aws:iam::${OTHER}:role/reader` },
        }),
      ]),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "in GovCloud, the provider's ARN of the commercial partition",
      source: "aws-ia/terraform-aws-eks-blueprints#346 (comments)",
      stack: (() => {
        const gov = eks({ name: "gov", region: "us-gov-west-1", partition: "aws-us-gov" });
        return program([
          gov.base,
          gov.role("api", web(`arn:aws:iam::${gov.account}:oidc-provider/${gov.issuer}`, gov.exact(subject))),
          gov.account_("shop", "api", gov.arnOf("api")),
        ]);
      })(),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "in China, the annotation of the commercial partition",
      source: "external-secrets/kubernetes-external-secrets#523 (comments)",
      stack: (() => {
        const china = eks({ name: "cn", region: "cn-north-1", suffix: "amazonaws.com.cn", partition: "aws-cn" });
        return program([
          china.base,
          china.role("api", china.trust(china.exact(subject))),
          china.account_("shop", "api", china.arnOf("api").replace("arn:aws-cn:", "arn:aws:")),
        ]);
      })(),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "in China, the issuer without the suffix of China",
      source: "terraform-aws-modules/terraform-aws-eks#1704",
      stack: (() => {
        const china = eks({ name: "cn", region: "cn-north-1", suffix: "amazonaws.com.cn", partition: "aws-cn" });
        const short = china.issuer.replace(".cn/", "/");
        return program([
          china.base,
          china.role(
            "api",
            web(`arn:aws-cn:iam::${china.account}:oidc-provider/${short}`, {
              StringEquals: { [`${short}:sub`]: subject, [`${short}:aud`]: "sts.amazonaws.com" },
            }),
          ),
          china.account_("shop", "api", china.arnOf("api")),
        ]);
      })(),
      finds: ["trust-policy-provider-mismatch mandatory"],
    },
    {
      name: "the role's policy is attached twice to the wrong one of two roles",
      source: "terraform-aws-modules/terraform-aws-eks#3064 (comments)",
      stack: program([
        k.base,
        k.role("api", k.trust(k.exact(subject)), { policies: [] }),
        role(
          "nodes",
          policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
          {
            aws: k.aws,
            account: k.awsAccount,
            policies: ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"],
          },
        ),
        [attachment("api-s3", "nodes", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", { aws: k.aws })],
        k.account("shop", "api", k.arnOf("api")),
      ]),
      finds: ["role-permissions-missing advisory"],
    },
  ],
  working: [],
};

export default reports;
