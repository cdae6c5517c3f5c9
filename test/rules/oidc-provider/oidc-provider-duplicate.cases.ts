import rule from "../../../policy-pack/src/rules/oidc-provider/oidc-provider-duplicate";
import { cases } from "../../support/cases";
import { firstPreview, ISSUER, OTHER_ISSUER, resource, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const TYPE = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const again = (url: string | typeof UNKNOWN, provider?: Parameters<typeof resource>[3]) =>
  resource(
    TYPE,
    "twice",
    { url, clientIdLists: ["sts.amazonaws.com"] },
    { from: { url: [urns.cluster] }, ...provider },
  );
const otherAccount = {
  urn: urnOf("pulumi:providers:aws", "other"),
  type: "pulumi:providers:aws",
  name: "other",
  inputs: { region: "eu-west-1" },
};
const at = { urn: urnOf(TYPE, "twice"), path: "url" };

export default cases(rule, {
  invalid: [
    {
      name: "a second provider for the cluster's issuer",
      covers: ["oidc-provider-duplicate"],
      stack: wired({ plus: [again(`https://${ISSUER}`)] }),
      finds: [
        {
          at,
          says: `OIDC provider "twice" is for the issuer "${ISSUER}", for which this stack already makes OIDC provider "shop".`,
          fix: 'Remove OIDC provider "twice" and use the arn of OIDC provider "shop" in its place.',
        },
      ],
    },
    {
      name: "two providers from one cluster, at the first preview",
      stack: firstPreview({ plus: [again(UNKNOWN)] }),
      finds: [
        {
          at,
          says: 'OIDC provider "twice" is for the issuer of EKS cluster "shop", for which this stack already makes OIDC provider "shop".',
          fix: 'Remove OIDC provider "twice" and use the arn of OIDC provider "shop" in its place.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "a provider for each of two clusters",
      stack: wired({ plus: [again(`https://${OTHER_ISSUER}`, { from: {} })] }),
    },
    {
      name: "one issuer in two accounts, for roles in both",
      stack: wired({
        plus: [
          again(`https://${ISSUER}`, {
            provider: otherAccount,
            outputs: { url: ISSUER, arn: `arn:aws:iam::444455556666:oidc-provider/${ISSUER}` },
          }),
        ],
      }),
    },
  ],
  unverified: [
    {
      name: "the accounts of two AWS providers are not known yet",
      stack: firstPreview({ plus: [again(UNKNOWN, { provider: otherAccount })] }),
      waits: ['whether OIDC provider "twice" and OIDC provider "shop" are in one account'],
    },
  ],
});
