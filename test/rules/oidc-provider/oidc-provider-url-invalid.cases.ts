import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-url-invalid";
import { cases } from "../../support/cases";
import { firstPreview, ID, ISSUER, resource, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const NATIVE = "aws-native:iam:OidcProvider";
const at = { urn: urns.oidcProvider, path: "url" };
const url = (text: string) => wired({ oidcProvider: { url: text } });
const says = (text: string, fault: string) => `OIDC provider "shop" has the url "${text}", ${fault}.`;
const right = `Set url to "https://${ISSUER}".`;
const HOST = "oidc.eks.eu-west-1.amazonaws.com";

export default cases(rule, {
  invalid: [
    {
      name: "http instead of https",
      covers: ["oidc-provider-url-scheme"],
      stack: url(`http://${ISSUER}`),
      finds: [{ at, says: says(`http://${ISSUER}`, 'which does not begin with "https://"'), fix: right }],
    },
    {
      name: "https put before an issuer that has it already",
      covers: ["oidc-provider-url-scheme"],
      stack: url(`https://https://${ISSUER}`),
      finds: [{ at, says: says(`https://https://${ISSUER}`, "which has a scheme twice"), fix: right }],
    },
    {
      name: "a port",
      covers: ["oidc-provider-url-scheme"],
      stack: url(`https://${HOST}:443/id/${ID}`),
      finds: [
        {
          at,
          says: says(`https://${HOST}:443/id/${ID}`, 'which names the port "443"; an issuer has none'),
          fix: right,
        },
      ],
    },
    {
      name: "a query",
      stack: url(`https://${ISSUER}?x=1`),
      finds: [{ at, says: says(`https://${ISSUER}?x=1`, 'which has "?x=1" after the issuer'), fix: right }],
    },
    {
      name: "blanks around it, which the bridged provider may take away",
      stack: url(` https://${ISSUER}`),
      finds: [{ at, says: says(` https://${ISSUER}`, "which has blanks around it"), fix: right, level: "advisory" }],
    },
    {
      name: "a line break in it",
      stack: url(`https://${HOST}/id/\n${ID}`),
      finds: [
        {
          at,
          says: `OIDC provider "shop" has the url "https://${HOST}/id/\\n${ID}", which has blanks in it.`,
          fix: "Set url to the issuer of the cluster: cluster.identities[0].oidcs[0].issuer.",
        },
      ],
    },
    {
      name: "no scheme for CloudFormation, at the first preview",
      stack: firstPreview({
        oidcProvider: null,
        edges: { "role.assumeRolePolicy": [urnOf(NATIVE, "native")] },
        plus: [resource(NATIVE, "native", { url: ISSUER, clientIdList: ["sts.amazonaws.com"] })],
      }),
      finds: [
        {
          at: { urn: urnOf(NATIVE, "native"), path: "url" },
          says: `OIDC provider "native" has the url "${ISSUER}", which does not begin with "https://".`,
          fix: right,
        },
      ],
    },
    {
      name: "a slash at the end",
      covers: ["oidc-provider-url-trailing-slash"],
      stack: url(`https://${ISSUER}/`),
      finds: [
        {
          at,
          says: says(`https://${ISSUER}/`, 'which ends in "/"; the issuer in the tokens does not'),
          fix: right,
        },
      ],
    },
    {
      name: "the discovery document instead of the issuer",
      stack: url(`https://${ISSUER}/.well-known/openid-configuration`),
      finds: [
        {
          at,
          says: says(
            `https://${ISSUER}/.well-known/openid-configuration`,
            'which has "/.well-known/openid-configuration" after the cluster\'s id',
          ),
          fix: right,
        },
      ],
    },
    {
      name: "the regional host alone",
      covers: ["oidc-provider-url-no-id"],
      stack: url(`https://${HOST}`),
      finds: [
        {
          at,
          says: says(`https://${HOST}`, "which has no cluster id: an EKS issuer ends in /id/ and 32 characters"),
          fix: "Set url to the issuer of the cluster: cluster.identities[0].oidcs[0].issuer.",
        },
      ],
    },
    {
      name: "the cluster's name in place of its id",
      stack: url(`https://${HOST}/id/my-shop`),
      finds: [
        {
          at,
          says: says(
            `https://${HOST}/id/my-shop`,
            'whose cluster id "my-shop" is none: EKS makes 32 upper-case letters and digits',
          ),
          fix: "Set url to the issuer of the cluster: cluster.identities[0].oidcs[0].issuer.",
        },
      ],
    },
    {
      name: "an id that is too short, of a cluster elsewhere",
      covers: ["oidc-provider-url-no-id"],
      stack: wired({
        cluster: null,
        kubernetes: null,
        oidcProvider: { url: `https://${HOST}/id/EXAMPLED539D` },
      }),
      finds: [
        {
          at,
          says: says(`https://${HOST}/id/EXAMPLED539D`, "whose cluster id has 12 characters instead of 32"),
          fix: "Set url to the issuer of the cluster: cluster.identities[0].oidcs[0].issuer.",
          level: "advisory",
        },
      ],
    },
    {
      name: "the id of the stack's cluster in lower case",
      covers: ["oidc-provider-url-case"],
      stack: url(`https://${HOST}/id/${ID.toLowerCase()}`),
      finds: [
        {
          at,
          says: says(
            `https://${HOST}/id/${ID.toLowerCase()}`,
            "whose cluster id has lower-case letters; EKS writes them in upper case",
          ),
          fix: right,
        },
      ],
    },

    {
      name: "the endpoint of the API server",
      stack: url(`https://${"A1B2C3D4".repeat(4)}.gr7.eu-west-1.eks.amazonaws.com`),
      finds: [
        {
          at,
          says: says(
            `https://${"A1B2C3D4".repeat(4)}.gr7.eu-west-1.eks.amazonaws.com`,
            "which is the endpoint of the API server and not the issuer",
          ),
          fix: `Set url to "https://${HOST}/id/${"A1B2C3D4".repeat(4)}".`,
        },
      ],
    },
    {
      name: "ordinary quotes around an interpolation",
      stack: url("https://${cluster.issuer}"),
      finds: [
        {
          at,
          says: says("https://${cluster.issuer}", "which was not filled in: that needs backticks"),
          fix: "Set url to the issuer of the cluster: cluster.identities[0].oidcs[0].issuer.",
        },
      ],
    },
  ],
  valid: [
    { name: "no scheme, which the bridged provider adds", stack: url(ISSUER) },
    {
      name: "an issuer of another maker that ends in a slash",
      stack: wired({
        plus: [
          resource("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "auth0", {
            url: "https://example.eu.auth0.com/",
            clientIdLists: ["app"],
          }),
        ],
      }),
    },
    {
      name: "an issuer in a bucket, as kOps has it",
      stack: wired({
        cluster: null,
        kubernetes: null,
        oidcProvider: { url: "https://clusters.s3.eu-west-1.amazonaws.com/shop.example.com" },
        role: null,
        attachment: null,
        namespace: null,
        serviceAccount: null,
        deployment: null,
      }),
    },
  ],
  unverified: [
    {
      name: "the url is computed from something other than a cluster",
      stack: firstPreview({ oidcProvider: { url: UNKNOWN }, edges: { "oidcProvider.url": [] } }),
      waits: ['the url of OIDC provider "shop"'],
    },
  ],
});
