import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-thumbprint-pinned";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, trust, urnOf, urns, wired } from "../../support/stack";

const TYPE = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const ROOT = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";
const GITHUB = "6938fd4d98bab03faadb97b34396831e3780aea1";
const ZEROS = "0".repeat(40);
const first = { urn: urns.oidcProvider, path: "thumbprintLists[0]" };
const pinned = (...thumbprintLists: string[]) => wired({ oidcProvider: { thumbprintLists } });
const fix = "Leave thumbprintLists out (@pulumi/aws 6.65 and newer): an EKS issuer needs none.";
const BUCKET = "clusters.s3.eu-west-1.amazonaws.com/shop";

export default cases(rule, {
  invalid: [
    {
      name: "GitHub's thumbprint on an EKS issuer",
      covers: ["oidc-provider-thumbprint-pinned"],
      stack: pinned(GITHUB),
      finds: [
        {
          at: first,
          says: `OIDC provider "shop" has the thumbprint "${GITHUB}", which is that of GitHub and not of this issuer.`,
          fix,
        },
      ],
    },
    {
      name: "zeros, at the first preview",
      covers: ["oidc-provider-thumbprint-placeholder"],
      stack: firstPreview({ oidcProvider: { thumbprintLists: [ZEROS] } }),
      finds: [
        {
          at: first,
          says: `OIDC provider "shop" has the thumbprint "${ZEROS}", which is a placeholder and no certificate's.`,
          fix,
        },
      ],
    },
    {
      name: "zeros for an issuer in a bucket",
      covers: ["oidc-provider-thumbprint-placeholder"],
      stack: wired({
        cluster: null,
        kubernetes: null,
        oidcProvider: { url: `https://${BUCKET}`, thumbprintLists: [ZEROS] },
        role: { assumeRolePolicy: trust({ issuer: BUCKET }) },
      }),
      finds: [
        {
          at: first,
          says: `OIDC provider "shop" has the thumbprint "${ZEROS}", which is a placeholder and no certificate's.`,
          fix: "Write the SHA-1 fingerprint of the top certificate of the issuer's chain.",
        },
      ],
    },
    {
      name: "the list was emptied later, and IAM keeps what it had",
      covers: ["oidc-provider-thumbprint-clear-ineffective"],
      stack: emptied(),
      finds: [
        {
          at: { urn: urns.oidcProvider, path: "thumbprintLists" },
          says: `OIDC provider "shop" has an empty thumbprintLists, but IAM keeps the thumbprint "${ROOT}".`,
          fix: `Leave thumbprintLists out; to be rid of "${ROOT}", replace the provider.`,
        },
      ],
    },
  ],
  valid: [
    { name: "the root that AWS's own article names", stack: pinned(ROOT) },
    { name: "none", stack: wired() },
    {
      name: "GitHub's thumbprint on GitHub's issuer",
      stack: wired({
        plus: [
          resource(TYPE, "github", {
            url: "https://token.actions.githubusercontent.com",
            clientIdLists: ["sts.amazonaws.com"],
            thumbprintLists: [GITHUB],
          }),
        ],
      }),
    },
    { name: "an empty list from the beginning", stack: wired({ oidcProvider: { thumbprintLists: [] } }) },
  ],
  unverified: none("it is a hint, and waits in silence for a thumbprint that it does not know"),
});

function emptied() {
  const stack = wired({ oidcProvider: { thumbprintLists: [] } });
  const urn = urnOf(TYPE, "shop");
  return {
    ...stack,
    resources: stack.resources.map((each) =>
      each.urn === urn ? { ...each, outputs: { ...each.outputs, thumbprintLists: [ROOT] } } : each,
    ),
  };
}
