import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-issuer-mismatch";
import { cases } from "../../support/cases";
import { firstPreview, ID, ISSUER, OTHER_ISSUER, resource, trust, urns, UNKNOWN, wired } from "../../support/stack";

const TYPE = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const at = { urn: urns.oidcProvider, path: "url" };
const FAR = `oidc.eks.us-east-1.amazonaws.com/id/${ID}`;
const fix = `Set url to the issuer of EKS cluster "shop": cluster.identities[0].oidcs[0].issuer, now "https://${ISSUER}".`;

export default cases(rule, {
  invalid: [
    {
      name: "the url is put together from the cluster's name instead of its issuer",
      covers: ["oidc-provider-issuer-mismatch"],
      stack: wired({ oidcProvider: { url: `https://${OTHER_ISSUER}` } }),
      finds: [
        {
          at,
          says: `OIDC provider "shop" is for the issuer "${OTHER_ISSUER}", but its url comes from EKS cluster "shop", whose issuer is "${ISSUER}".`,
          fix,
        },
      ],
    },
    {
      name: "the literal issuer of a cluster that was made anew since, in provider and role",
      covers: ["oidc-provider-issuer-mismatch"],
      stack: wired({
        oidcProvider: { url: `https://${OTHER_ISSUER}` },
        role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
        edges: { "oidcProvider.url": [] },
      }),
      finds: [
        {
          at,
          says: `OIDC provider "shop" is for the issuer "${OTHER_ISSUER}", but ServiceAccount "shop/api" uses it from EKS cluster "shop", whose issuer is "${ISSUER}".`,
          fix,
        },
      ],
    },
    {
      name: "a literal of another region, at the first preview",
      covers: ["oidc-provider-region-mismatch"],
      stack: firstPreview({ oidcProvider: { url: `https://${FAR}` }, edges: { "oidcProvider.url": [] } }),
      finds: [
        {
          at,
          says: `OIDC provider "shop" is for the issuer "${FAR}", but ServiceAccount "shop/api" uses it from EKS cluster "shop", which is in "eu-west-1".`,
          fix: 'Set url to the issuer of EKS cluster "shop": cluster.identities[0].oidcs[0].issuer.',
        },
      ],
    },
    {
      name: "nobody trusts the only provider, and a role trusts the only cluster, which has none",
      stack: wired({ oidcProvider: { url: `https://${OTHER_ISSUER}` }, edges: { "oidcProvider.url": [] } }),
      finds: [
        {
          at,
          says: `OIDC provider "shop" is for the issuer "${OTHER_ISSUER}", but this stack makes EKS cluster "shop", whose issuer is "${ISSUER}".`,
          fix,
          level: "advisory",
        },
      ],
    },
    {
      name: "the only provider fits no cluster, and the only cluster has no provider",
      stack: wired({
        oidcProvider: { url: `https://${OTHER_ISSUER}` },
        role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
        serviceAccount: null,
        namespace: null,
        deployment: null,
        edges: { "oidcProvider.url": [] },
      }),
      finds: [
        {
          at,
          says: `OIDC provider "shop" is for the issuer "${OTHER_ISSUER}", but this stack makes EKS cluster "shop", whose issuer is "${ISSUER}".`,
          fix,
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    {
      name: "the only cluster may have another provider of the stack, whose url is not known yet",
      stack: wired({
        oidcProvider: { url: `https://${OTHER_ISSUER}` },
        edges: { "oidcProvider.url": [] },
        plus: [
          resource("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "second", {
            url: UNKNOWN,
            clientIdLists: ["sts.amazonaws.com"],
          }),
        ],
      }),
    },
    {
      name: "a provider for a cluster elsewhere, and no role here trusts this stack's cluster",
      stack: wired({
        oidcProvider: { url: `https://${OTHER_ISSUER}` },
        role: null,
        attachment: null,
        serviceAccount: null,
        deployment: null,
        edges: { "oidcProvider.url": [] },
      }),
    },
    {
      name: "one more provider, for a cluster elsewhere",
      stack: wired({
        plus: [resource(TYPE, "elsewhere", { url: `https://${OTHER_ISSUER}`, clientIdLists: ["sts.amazonaws.com"] })],
      }),
    },
    {
      name: "a provider for a cluster elsewhere, and none of this stack's accounts uses it",
      stack: wired({
        oidcProvider: { url: `https://${OTHER_ISSUER}` },
        cluster: null,
        kubernetes: null,
        role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
      }),
    },
    {
      name: "the issuer with a scheme in the provider and without in the role",
      stack: wired({ role: { assumeRolePolicy: trust() } }),
    },
  ],
  unverified: [
    {
      name: "the url is a literal, and the cluster's issuer is not known yet",
      stack: firstPreview({ oidcProvider: { url: `https://${OTHER_ISSUER}` }, edges: { "oidcProvider.url": [] } }),
      waits: ['the issuer of EKS cluster "shop"'],
    },
  ],
});
