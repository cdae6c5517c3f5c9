import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-audience-missing";
import { cases } from "../../support/cases";
import { firstPreview, ISSUER, resource, trust, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const NATIVE = "aws-native:iam:OidcProvider";
const GITHUB = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const at = { urn: urns.oidcProvider, path: "clientIdLists" };
const first = { urn: urns.oidcProvider, path: "clientIdLists[0]" };
const ids = (...clientIdLists: string[]) => wired({ oidcProvider: { clientIdLists } });
const only = (text: string) =>
  `OIDC provider "shop" has only the client ids "${text}", but the tokens of ServiceAccount "shop/api" are for the audience "sts.amazonaws.com".`;
const slip = (text: string) => [
  {
    at: first,
    says: `${only(text)} Did you mean "sts.amazonaws.com"?`,
    fix: `Replace "${text}" in clientIdLists with "sts.amazonaws.com".`,
  },
];

const KOPS = "kops-oidc.s3.eu-west-1.amazonaws.com/shop.example.com";
/** A cluster that kOps made: an issuer of its own, and a webhook with another default audience. */
const kops = (asked: string, clientId: string) =>
  wired({
    cluster: null,
    kubernetes: { kubeconfig: "" },
    oidcProvider: { url: `https://${KOPS}`, clientIdLists: [clientId] },
    role: { assumeRolePolicy: trust({ issuer: KOPS, aud: asked }) },
    edges: { "oidcProvider.url": [], "kubernetes.kubeconfig": [] },
  });

export default cases(rule, {
  invalid: [
    {
      name: "an issuer that is not EKS's, whose role asks for the audience",
      stack: kops("sts.amazonaws.com", "amazonaws.com"),
      finds: slip("amazonaws.com"),
    },
    {
      name: "a client id of another world",
      covers: ["oidc-provider-audience-missing"],
      stack: ids("kubernetes"),
      finds: [{ at, says: only("kubernetes"), fix: 'Add "sts.amazonaws.com" to clientIdLists.' }],
    },
    {
      name: "the audience with the suffix of China",
      covers: ["oidc-provider-audience-cn-suffix"],
      stack: ids("sts.amazonaws.com.cn"),
      finds: slip("sts.amazonaws.com.cn"),
    },
    {
      name: "a misspelt audience, at the first preview",
      covers: ["oidc-provider-audience-typo"],
      stack: firstPreview({ oidcProvider: { clientIdLists: ["sts.amazon.com"] } }),
      finds: slip("sts.amazon.com"),
    },
    {
      name: "a blank at the end",
      covers: ["oidc-provider-audience-typo"],
      stack: ids("sts.amazonaws.com "),
      finds: slip("sts.amazonaws.com "),
    },
    { name: "upper case", stack: ids("STS.amazonaws.com"), finds: slip("STS.amazonaws.com") },
    {
      name: "no client id for CloudFormation, and a role that asks for the audience",
      stack: wired({
        oidcProvider: null,
        serviceAccount: null,
        deployment: null,
        namespace: null,
        edges: { "role.assumeRolePolicy": [urnOf(NATIVE, "shop")] },
        plus: [nativeProvider({})],
      }),
      finds: [
        {
          at: { urn: urnOf(NATIVE, "shop"), path: "clientIdList" },
          says: 'OIDC provider "shop" has no client id, but EKS makes tokens for the audience "sts.amazonaws.com".',
          fix: 'Add "sts.amazonaws.com" to clientIdList.',
        },
      ],
    },
    {
      name: "nobody here uses the provider, so that other audiences may be meant",
      stack: wired({
        oidcProvider: { clientIdLists: ["vault"] },
        role: null,
        attachment: null,
        serviceAccount: null,
        deployment: null,
        namespace: null,
      }),
      finds: [
        {
          at,
          says: 'OIDC provider "shop" has only the client ids "vault", but EKS makes tokens for the audience "sts.amazonaws.com".',
          fix: 'Add "sts.amazonaws.com" to clientIdLists.',
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    { name: "the audience of kOps, for an issuer of its own", stack: kops("amazonaws.com", "amazonaws.com") },
    {
      name: "all accounts ask for an audience of their own",
      stack: wired({
        oidcProvider: { clientIdLists: ["shop"] },
        role: { assumeRolePolicy: trust({ aud: "shop" }) },
        serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": "shop" } } },
      }),
    },
    {
      name: "GitHub's issuer with an audience of its own",
      stack: wired({
        plus: [
          resource(GITHUB, "github", {
            url: "https://token.actions.githubusercontent.com",
            clientIdLists: ["https://github.com/shop"],
          }),
        ],
      }),
    },
    {
      name: "a webhook that is set to another audience",
      stack: wired({
        oidcProvider: { clientIdLists: ["shop"] },
        role: { assumeRolePolicy: trust({ aud: "shop" }) },
        config: { audience: "shop" },
      }),
    },
  ],
  unverified: [
    {
      name: "the client ids come from elsewhere",
      stack: wired({ oidcProvider: { clientIdLists: UNKNOWN } }),
      waits: ['the client ids of OIDC provider "shop"'],
    },
  ],
});

function nativeProvider(more: Parameters<typeof resource>[2]) {
  return resource(NATIVE, "shop", { url: `https://${ISSUER}`, ...more }, { from: { url: [urns.cluster] } });
}
