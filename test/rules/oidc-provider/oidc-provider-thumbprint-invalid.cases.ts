import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-thumbprint-invalid";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, trust, UNKNOWN, urns, wired } from "../../support/stack";

const TYPE = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const ROOT = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";
const first = { urn: urns.oidcProvider, path: "thumbprintLists[0]" };
const pinned = (...thumbprintLists: string[]) => wired({ oidcProvider: { thumbprintLists } });
const fix = "Leave thumbprintLists out (@pulumi/aws 6.65 and newer): an EKS issuer needs none.";
const COLONS = (ROOT.match(/../g) ?? []).join(":").toUpperCase();
const BUCKET = "clusters.s3.eu-west-1.amazonaws.com/shop";

export default cases(rule, {
  invalid: [
    {
      name: "colons, as openssl prints it",
      covers: ["oidc-provider-thumbprint-format"],
      stack: pinned(COLONS),
      finds: [
        {
          at: first,
          says: `OIDC provider "shop" has the thumbprint "${COLONS}", which has separators; IAM wants the 40 hexadecimal digits alone.`,
          fix,
        },
      ],
    },
    {
      name: "SHA-256, at the first preview",
      covers: ["oidc-provider-thumbprint-format"],
      stack: firstPreview({ oidcProvider: { thumbprintLists: ["ab".repeat(32)] } }),
      finds: [
        {
          at: first,
          says: `OIDC provider "shop" has the thumbprint "${"ab".repeat(32)}", which is a SHA-256 fingerprint; IAM wants SHA-1, 40 hexadecimal digits.`,
          fix,
        },
      ],
    },
    {
      name: "an empty text",
      stack: pinned(""),
      finds: [
        {
          at: first,
          says: 'OIDC provider "shop" has the thumbprint "", which is empty; it must have 40 hexadecimal digits.',
          fix,
        },
      ],
    },
    {
      name: "one digit too few",
      stack: pinned(ROOT.slice(1)),
      finds: [
        {
          at: first,
          says: `OIDC provider "shop" has the thumbprint "${ROOT.slice(1)}", which has 39 hexadecimal digits instead of 40.`,
          fix,
        },
      ],
    },
    {
      name: "six of them",
      covers: ["oidc-provider-thumbprint-too-many"],
      stack: pinned(ROOT, ROOT, ROOT, ROOT, ROOT, ROOT),
      finds: [
        {
          at: { urn: urns.oidcProvider, path: "thumbprintLists" },
          says: 'OIDC provider "shop" has 6 thumbprints, and IAM takes at most 5.',
          fix,
        },
      ],
    },
    {
      name: "colons for an issuer in a bucket, which may need one",
      stack: wired({
        cluster: null,
        kubernetes: null,
        oidcProvider: { url: `https://${BUCKET}`, thumbprintLists: [COLONS] },
        role: { assumeRolePolicy: trust({ issuer: BUCKET }) },
      }),
      finds: [
        {
          at: first,
          says: `OIDC provider "shop" has the thumbprint "${COLONS}", which has separators; IAM wants the 40 hexadecimal digits alone.`,
          fix: `Write "${ROOT}".`,
        },
      ],
    },
  ],
  valid: [
    { name: "the well-known root", stack: pinned(ROOT) },
    { name: "none", stack: wired() },
    {
      name: "the provider of another issuer is none of the pods' business",
      stack: wired({
        plus: [
          resource(TYPE, "github", {
            url: "https://token.actions.githubusercontent.com",
            clientIdLists: ["sts.amazonaws.com"],
            thumbprintLists: [ROOT],
          }),
        ],
      }),
    },
    {
      name: "one that a certificate gives later",
      stack: firstPreview({ oidcProvider: { thumbprintLists: [UNKNOWN] } }),
    },
  ],
  unverified: none("a thumbprint that is not known yet is computed from a certificate, and so is of the right form"),
});
