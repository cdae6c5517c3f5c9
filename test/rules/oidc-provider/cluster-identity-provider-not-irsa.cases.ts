import rule from "../../../policy-pack/src/rules/oidc-provider/cluster-identity-provider-not-irsa";
import { cases, none } from "../../support/cases";
import { firstPreview, ISSUER, OTHER_ISSUER, resource, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const TYPE = "aws:eks/identityProviderConfig:IdentityProviderConfig";
const config = (issuerUrl: string | typeof UNKNOWN, from: readonly string[] = [urns.cluster]) =>
  resource(
    TYPE,
    "irsa",
    { clusterName: "shop", oidc: { clientId: "sts.amazonaws.com", identityProviderConfigName: "irsa", issuerUrl } },
    { from: { oidc: from, clusterName: [urns.cluster] } },
  );
const at = { urn: urnOf(TYPE, "irsa"), path: "oidc.issuerUrl" };
const says = (issuer: string, version: string) =>
  `IdentityProviderConfig "irsa" names ${issuer} of EKS cluster "shop" (Kubernetes ${version}) itself, which is no IRSA: that takes an IAM OIDC provider.`;
const remove = 'Remove IdentityProviderConfig "irsa".';

export default cases(rule, {
  invalid: [
    {
      name: "beside the IAM OIDC provider",
      covers: ["eks-identity-provider-config-not-irsa"],
      stack: wired({ plus: [config(`https://${ISSUER}`)] }),
      finds: [{ at, says: says(`"https://${ISSUER}"`, "1.33"), fix: remove }],
    },
    {
      name: "in place of the IAM OIDC provider, at the first preview",
      covers: ["eks-identity-provider-config-not-irsa"],
      stack: firstPreview({
        oidcProvider: null,
        edges: { "role.assumeRolePolicy": [urns.cluster] },
        plus: [config(UNKNOWN)],
      }),
      finds: [
        {
          at,
          says: says("the issuer", "1.33"),
          fix: 'Replace IdentityProviderConfig "irsa" with new aws.iam.OpenIdConnectProvider("…", { url: cluster.identities[0].oidcs[0].issuer, clientIdLists: ["sts.amazonaws.com"] }).',
        },
      ],
    },
    {
      name: "a version that takes it still",
      stack: wired({ cluster: { version: "1.29" }, plus: [config(`https://${ISSUER}`)] }),
      finds: [{ at, says: says(`"https://${ISSUER}"`, "1.29"), fix: remove, level: "advisory" }],
    },
  ],
  valid: [
    {
      name: "people log in by a company's issuer",
      stack: wired({ plus: [config("https://login.example.com/oauth2")] }),
    },
    { name: "another cluster's accounts may log in", stack: wired({ plus: [config(`https://${OTHER_ISSUER}`)] }) },
    {
      name: "an issuer that is not known yet and is not the cluster's",
      stack: firstPreview({ plus: [config(UNKNOWN, [])] }),
    },
  ],
  unverified: none("an issuer that does not come from the cluster is somebody else's"),
});
