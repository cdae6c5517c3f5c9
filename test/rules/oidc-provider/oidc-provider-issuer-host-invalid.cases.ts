import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-issuer-host-invalid";
import { cases } from "../../support/cases";
import { firstPreview, ID, ISSUER, resource, urnOf, urns, wired, withUnknownIssuer } from "../../support/stack";

const TYPE = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const at = { urn: urns.oidcProvider, path: "url" };
const host = (text: string) => wired({ oidcProvider: { url: `https://${text}/id/${ID}` } });
const right = `Set url to "https://${ISSUER}".`;
const DUAL = "oidc-eks.eu-west-1.api.aws";

export default cases(rule, {
  invalid: [
    {
      name: "the dual-stack endpoint",
      covers: ["oidc-provider-dualstack-issuer"],
      stack: host(DUAL),
      finds: [
        {
          at,
          says: `OIDC provider "shop" is for the issuer host "${DUAL}", the dual-stack endpoint, which is not the issuer in the tokens.`,
          fix: right,
        },
      ],
    },
    {
      name: "the dual-stack endpoint as a literal, at the first preview",
      stack: firstPreview({ oidcProvider: { url: `https://${DUAL}/id/${ID}` }, edges: { "oidcProvider.url": [] } }),
      finds: [
        {
          at,
          says: `OIDC provider "shop" is for the issuer host "${DUAL}", the dual-stack endpoint, which is not the issuer in the tokens.`,
          fix: right,
        },
      ],
    },
    {
      name: "region and eks have changed places, as in the webhook's own example",
      covers: ["oidc-provider-host-order"],
      stack: host("oidc.eu-west-1.eks.amazonaws.com"),
      finds: [
        {
          at,
          says: 'OIDC provider "shop" is for the issuer host "oidc.eu-west-1.eks.amazonaws.com", in which region and eks have changed places.',
          fix: right,
        },
      ],
    },
    {
      name: "a Chinese region without .cn",
      stack: wired({
        plus: [
          resource(TYPE, "china", {
            url: `https://oidc.eks.cn-north-1.amazonaws.com/id/${ID}`,
            clientIdLists: ["sts.amazonaws.com"],
          }),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf(TYPE, "china"), path: "url" },
          says: 'OIDC provider "china" is for the issuer host "oidc.eks.cn-north-1.amazonaws.com", but hosts of cn-north-1 end in "amazonaws.com.cn".',
          fix: `Set url to "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/${ID}".`,
        },
      ],
    },
    {
      name: "no region",
      stack: host("oidc.eks.amazonaws.com"),
      finds: [
        {
          at,
          says: 'OIDC provider "shop" is for the issuer host "oidc.eks.amazonaws.com", which is not of the form oidc.eks.<region>.<suffix>.',
          fix: "Set url to the issuer of the cluster: cluster.identities[0].oidcs[0].issuer.",
        },
      ],
    },
  ],
  valid: [
    {
      name: "a cluster whose own issuer is of another form",
      stack: wired({
        cluster: null,
        kubernetes: null,
        oidcProvider: null,
        role: null,
        attachment: null,
        namespace: null,
        serviceAccount: null,
        deployment: null,
        plus: [
          resource(
            "aws:eks/cluster:Cluster",
            "new",
            {},
            { outputs: { identities: [{ oidcs: [{ issuer: `https://${DUAL}/id/${ID}` }] }] } },
          ),
          resource(TYPE, "new", { url: `https://${DUAL}/id/${ID}`, clientIdLists: ["sts.amazonaws.com"] }),
        ],
      }),
    },
    {
      name: "the issuer of a cluster in China",
      stack: wired({
        plus: [
          resource(TYPE, "china", {
            url: `https://oidc.eks.cn-north-1.amazonaws.com.cn/id/0123456789ABCDEF0123456789ABCDEF`,
            clientIdLists: ["sts.amazonaws.com"],
          }),
        ],
      }),
    },
    {
      name: "an issuer of one's own under a like name",
      stack: wired({
        plus: [resource(TYPE, "own", { url: "https://oidc-eks.example.com/shop", clientIdLists: ["shop"] })],
      }),
    },
  ],
  unverified: [
    {
      name: "a cluster that exists and whose issuer this update does not know",
      stack: withUnknownIssuer(host(DUAL)),
      waits: ['the issuer of EKS cluster "shop"'],
    },
  ],
});
