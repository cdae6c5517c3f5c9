import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-audience-unused";
import { cases, none } from "../../support/cases";
import { firstPreview, trust, urns, wired } from "../../support/stack";

const ids = (...clientIdLists: string[]) => wired({ oidcProvider: { clientIdLists } });
const finds = (seen: string) => [
  {
    at: { urn: urns.oidcProvider, path: "clientIdLists[1]" },
    says: `OIDC provider "shop" takes tokens for the audience "${seen}", but the tokens here are for "sts.amazonaws.com".`,
    fix: `Remove "${seen}" from clientIdLists.`,
  },
];

export default cases(rule, {
  invalid: [
    {
      name: "an audience of another service",
      covers: ["oidc-provider-audience-extra"],
      stack: ids("sts.amazonaws.com", "vault"),
      finds: finds("vault"),
    },
    {
      name: "both spellings, to be on the safe side",
      stack: ids("sts.amazonaws.com", "sts.amazonaws.com.cn"),
      finds: finds("sts.amazonaws.com.cn"),
    },
  ],
  valid: [
    {
      name: "a second audience that an account asks for",
      stack: wired({
        oidcProvider: { clientIdLists: ["sts.amazonaws.com", "shop"] },
        role: { assumeRolePolicy: trust({ aud: "shop" }) },
        serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": "shop" } } },
      }),
    },
    {
      name: "a second audience that a trust policy admits",
      stack: wired({
        oidcProvider: { clientIdLists: ["sts.amazonaws.com", "shop"] },
        role: { assumeRolePolicy: trust({ aud: ["sts.amazonaws.com", "shop"] }) },
      }),
    },
    {
      name: "roles and accounts are in other stacks",
      stack: wired({
        oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] },
        role: null,
        attachment: null,
        namespace: null,
        serviceAccount: null,
        deployment: null,
      }),
    },
    {
      name: "trust policies that are not known yet may ask for it",
      stack: firstPreview({ oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] } }),
    },
  ],
  unverified: none("it is a hint, and waits in silence for what it does not know"),
});
