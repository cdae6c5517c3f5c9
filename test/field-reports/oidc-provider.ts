import { resource, urnOf } from "../support/stack";
import { awsProvider, eks, program, role, web, type Reports } from "./support";

const LB = "aws-load-balancer-controller";
const bare = eks({ provider: null });
const component = eks({ form: "component", provider: null });
const whole = eks({ form: "component" });
const plain = eks();

function withProvider(inputs: Parameters<typeof resource>[2], options: Parameters<typeof eks>[0] = {}) {
  const cluster = eks({ ...options, provider: inputs });
  return program([
    cluster.base,
    cluster.role("lb", cluster.trust(cluster.exact(`system:serviceaccount:kube-system:${LB}`))),
    cluster.account_("kube-system", LB, cluster.arnOf("lb")),
    cluster.deployment("kube-system", LB),
  ]);
}

/** A whole set-up in which everything is made of one issuer, right or wrong. */
function consistently(issuer: string) {
  const arn = `arn:aws:iam::${plain.account}:oidc-provider/${issuer}`;
  const condition = {
    StringEquals: {
      [`${issuer}:sub`]: `system:serviceaccount:kube-system:${LB}`,
      [`${issuer}:aud`]: "sts.amazonaws.com",
    },
  };
  const cluster = eks({ provider: { url: `https://${issuer}` } });
  return program([
    cluster.base,
    cluster.role("lb", web(arn, condition)),
    cluster.account_("kube-system", LB, cluster.arnOf("lb")),
    cluster.deployment("kube-system", LB),
  ]);
}

const thumbprint = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";
const far = eks({ name: "hub", account: "444455556666", provider: {} });

const reports: Reports = {
  broken: [
    {
      name: "the role trusts the issuer of a new cluster, and nobody made the IAM OIDC provider",
      source: "kubernetes-sigs/aws-load-balancer-controller#1226",
      stack: program([
        bare.base,
        bare.role("lb", bare.trust(bare.exact(`system:serviceaccount:kube-system:${LB}`))),
        bare.account_("kube-system", LB, bare.arnOf("lb")),
        bare.deployment("kube-system", LB),
      ]),
      finds: ["oidc-provider-not-found advisory"],
    },
    {
      name: "eks.Cluster without createOidcProvider: the role trusts its empty ARN",
      source: "pulumi/pulumi-eks#871",
      stack: program([
        component.base,
        component.role("app", web("", component.exact("system:serviceaccount:default:core-service-account"))),
        component.account_("default", "core-service-account", component.arnOf("app")),
      ]),
      finds: ["oidc-provider-not-found mandatory"],
    },
    {
      name: "a second provider beside the one that eks.Cluster makes",
      source: "DrFaust92/terraform-kubernetes-ebs-csi-driver#107",
      stack: program([
        whole.base,
        [
          resource(
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "mine",
            { url: `https://${whole.issuer}`, clientIdLists: ["sts.amazonaws.com"] },
            {
              provider: whole.aws,
              from: { url: [urnOf("eks:index:Cluster", "prod")] },
              outputs: { url: whole.issuer, arn: whole.providerArn },
            },
          ),
        ],
        whole.role("ebs", whole.trust(whole.exact("system:serviceaccount:kube-system:ebs-csi-controller-sa"))),
        whole.account_("kube-system", "ebs-csi-controller-sa", whole.arnOf("ebs")),
      ]),
      finds: ["oidc-provider-duplicate mandatory"],
    },
    {
      name: "the url ends with a slash",
      source: "aws/aws-sam-cli#7432",
      stack: withProvider({ url: `https://${plain.issuer}/` }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "the url is the regional host, without the cluster's id",
      source: "aws/aws-cdk#10601",
      stack: withProvider({ url: "https://oidc.eks.us-east-1.amazonaws.com" }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "everything is built of the dual-stack issuer",
      source: "terraform-aws-modules/terraform-aws-eks#3237",
      stack: consistently("oidc-eks.us-east-1.api.aws/id/3B5C0A8E7D6F41529AB0C1D2E3F40516"),
      finds: ["oidc-provider-issuer-host-invalid mandatory"],
    },
    {
      name: "everything is built of a host with region and service in the wrong order",
      source: "aws/amazon-eks-pod-identity-webhook README example",
      stack: consistently("oidc.us-east-1.eks.amazonaws.com/id/3B5C0A8E7D6F41529AB0C1D2E3F40516"),
      finds: ["oidc-provider-issuer-host-invalid mandatory"],
    },
    {
      name: "the cluster was replaced, and the provider keeps the issuer of the old one",
      source: "spack/spack-infrastructure#486",
      stack: withProvider({ url: "https://oidc.eks.us-east-1.amazonaws.com/id/0F1E2D3C4B5A69788796A5B4C3D2E1F0" }),
      // Advisory: a provider that nobody trusts may be for a cluster of another stack.
      finds: ["oidc-provider-issuer-mismatch advisory"],
    },
    {
      name: "the cluster was replaced, and provider and trust policy both keep the old issuer",
      source: "aws/containers-roadmap#1579",
      stack: consistently("oidc.eks.us-east-1.amazonaws.com/id/0F1E2D3C4B5A69788796A5B4C3D2E1F0"),
      finds: ["oidc-provider-issuer-mismatch mandatory"],
    },
    {
      name: "the client id is sts.amazon.com",
      source: "awslabs/amazon-eks-irsa-cfn#18",
      stack: withProvider({ clientIdLists: ["sts.amazon.com"] }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "the client id is the regional STS endpoint",
      source: "aws/amazon-eks-pod-identity-webhook#39",
      stack: withProvider({ clientIdLists: ["sts.eu-central-1.amazonaws.com"] }, { region: "eu-central-1" }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "in China, the client id carries the DNS suffix of China",
      source: "terraform-aws-modules/terraform-aws-eks#2700",
      stack: withProvider(
        { clientIdLists: ["sts.amazonaws.com.cn"] },
        { region: "cn-north-1", suffix: "amazonaws.com.cn", partition: "aws-cn" },
      ),
      // The deployment sets no region, which the guide for China asks for.
      finds: ["oidc-provider-audience-missing mandatory", "workload-region-missing advisory"],
    },
    {
      name: "aws-native provider without any client id",
      source: "kubernetes-sigs/aws-load-balancer-controller#3410",
      stack: withProvider({ clientIdList: [] }, { form: "native" }),
      finds: ["oidc-provider-audience-missing mandatory"],
    },
    {
      name: "all six certificates of the chain as thumbprints",
      source: "hashicorp/terraform-provider-aws#32847",
      stack: withProvider({
        thumbprintLists: ["1", "2", "3", "4", "5", "6"].map((digit) => `${digit}${thumbprint.slice(1)}`),
      }),
      finds: ["oidc-provider-thumbprint-invalid mandatory"],
    },
    {
      name: "the thumbprint as openssl prints it, with colons",
      source: "pulumi/examples#1657",
      stack: withProvider({ thumbprintLists: [(thumbprint.match(/../g) ?? []).join(":").toUpperCase()] }),
      finds: ["oidc-provider-thumbprint-invalid mandatory"],
    },
    {
      name: "an empty thumbprint in the list",
      source: "hashicorp/terraform-provider-aws#32480",
      stack: withProvider({ thumbprintLists: [""] }),
      finds: ["oidc-provider-thumbprint-invalid mandatory"],
    },
    {
      name: "the cluster's own issuer as identity provider config, which the API server refuses from 1.30",
      source: "terraform-aws-modules/terraform-aws-eks#3328",
      stack: program([
        plain.base,
        [
          resource(
            "aws:eks/identityProviderConfig:IdentityProviderConfig",
            "sts",
            {
              clusterName: "prod",
              oidc: {
                clientId: "sts.amazonaws.com",
                identityProviderConfigName: "sts",
                issuerUrl: `https://${plain.issuer}`,
              },
            },
            { provider: plain.aws, from: { clusterName: [plain.clusterUrn], oidc: [plain.clusterUrn] } },
          ),
        ],
        plain.role("app", plain.trust(plain.exact("system:serviceaccount:shop:api"))),
        plain.account_("shop", "api", plain.arnOf("app")),
      ]),
      finds: ["cluster-identity-provider-not-irsa mandatory"],
    },
    {
      name: "a local cluster on Outposts",
      source: "Amazon EKS user guide, local clusters on Outposts",
      stack: (() => {
        const cluster = eks({
          inputs: {
            outpostConfig: {
              outpostArns: ["arn:aws:outposts:us-east-1:111122223333:outpost/op-1"],
              controlPlaneInstanceType: "m5.large",
            },
          },
        });
        return program([
          cluster.base,
          cluster.role("app", cluster.trust(cluster.exact("system:serviceaccount:shop:api"))),
          cluster.account_("shop", "api", cluster.arnOf("app")),
        ]);
      })(),
      finds: ["cluster-irsa-unsupported mandatory"],
    },
    {
      name: "the provider stands in the cluster's account, the role that trusts it by its own account's ARN in another",
      source: "external-secrets/external-secrets#1936",
      stack: program([
        far.base,
        role(
          "tenant",
          web(
            `arn:aws:iam::777788889999:oidc-provider/${far.issuer}`,
            far.exact("system:serviceaccount:secrets:tenant"),
          ),
          {
            aws: awsProvider("777788889999", "us-east-1"),
            account: "777788889999",
            from: [far.clusterUrn],
          },
        ),
        far.account_("secrets", "tenant", "arn:aws:iam::777788889999:role/tenant"),
      ]),
      finds: ["oidc-provider-not-found advisory"],
    },
    {
      name: "the provider's url is http",
      source: "terraform-aws-modules/terraform-aws-eks#965",
      stack: withProvider({ url: `http://${plain.issuer}` }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
    {
      name: "the id of the issuer was lower-cased on the way into the provider",
      source: "probo-inc/probo#1770",
      stack: withProvider({ url: `https://${plain.issuer.replace(/[A-F0-9]{32}$/, (id) => id.toLowerCase())}` }),
      finds: ["oidc-provider-url-invalid mandatory"],
    },
  ],
  working: [
    {
      name: "the thumbprint of the former root, in upper case, as pulumi-eks once wrote it",
      source: "pulumi/pulumi-eks#281",
      stack: withProvider({ thumbprintLists: [thumbprint.toUpperCase()] }),
    },
    {
      name: "an audience for a second kind of token beside that of IRSA",
      source: "Amazon EKS user guide, fetch signing keys to validate OIDC tokens",
      stack: withProvider({ clientIdLists: ["sts.amazonaws.com", "vault"] }),
      accepts: { "oidc-provider-audience-unused": "no account of this stack asks for it" },
    },
    {
      name: "the issuer's url without a scheme, as the provider adds it",
      source: "hashicorp/terraform-provider-aws, normalisation of the url",
      stack: withProvider({ url: plain.issuer }),
    },
  ],
};
export default reports;
