import { firstPreview, OTHER_ISSUER, resource, trust, UNKNOWN, urnOf, urns, wired } from "../../support/stack";
import type { Details } from "../../support/judgements";

const roles = (...names: readonly string[]) =>
  names.map((name) =>
    resource(
      "aws:iam/role:Role",
      name,
      { name, assumeRolePolicy: trust({ sub: `system:serviceaccount:shop:${name}` }) },
      { from: { assumeRolePolicy: [urns.cluster] } },
    ),
  );
const fromCluster = { edges: { "role.assumeRolePolicy": [urns.cluster] } };
/** The provider of the cluster, made in another AWS account. */
const abroad = (inputs: { readonly [key: string]: string | readonly string[] | typeof UNKNOWN }) => ({
  ...resource(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "abroad",
    { url: UNKNOWN, clientIdLists: ["sts.amazonaws.com"] },
    { from: { url: [urns.cluster] }, outputs: { url: UNKNOWN, arn: UNKNOWN } },
  ),
  provider: {
    urn: urnOf("pulumi:providers:aws", "abroad"),
    type: "pulumi:providers:aws",
    name: "abroad",
    inputs,
  },
});

const details: Details = {
  "oidc-provider-not-found": {
    "one role": wired({ oidcProvider: null, ...fromCluster }),
    "two roles": wired({ oidcProvider: null, ...fromCluster, plus: roles("web") }),
    "five roles": wired({ oidcProvider: null, ...fromCluster, plus: roles("a", "b", "c", "d") }),
    "one role, at the first preview": firstPreview({ oidcProvider: null, ...fromCluster }),
    "a role that trusts another issuer": wired({
      oidcProvider: null,
      role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
    }),
    "the provider stands in another account": wired({
      oidcProvider: null,
      ...fromCluster,
      plus: [abroad({ region: "eu-west-1", allowedAccountIds: ["444455556666"] })],
    }),
    "two roles, and the provider stands in another account": wired({
      oidcProvider: null,
      ...fromCluster,
      plus: [...roles("web"), abroad({ region: "eu-west-1", allowedAccountIds: ["444455556666"] })],
    }),
    "the provider stands in an account that is not known": wired({
      oidcProvider: null,
      ...fromCluster,
      plus: [abroad({ region: "eu-west-1", assumeRoles: UNKNOWN })],
    }),
  },
};

export default details;
