import { buildModel } from "../../policy-pack/src/model/build";
import { ownIssuerConfigs } from "../../policy-pack/src/model/identity-provider-config";
import type { Value } from "../../policy-pack/src/facts/value";
import { ISSUER, OTHER_ISSUER, resource, UNKNOWN, urns, wired, withUnknownIssuer, type Wiring } from "../support/stack";
import { clusterOf } from "../support/trust-stacks";

const BRIDGED = "aws:eks/identityProviderConfig:IdentityProviderConfig";

const configOf = (issuerUrl: Value, from: readonly string[] = [], type = BRIDGED) =>
  resource(
    type,
    "oidc",
    { clusterName: "shop", oidc: { clientId: "sts.amazonaws.com", identityProviderConfigName: "irsa", issuerUrl } },
    from.length > 0 ? { from: { oidc: from } } : {},
  );

/** `EKS cluster "shop" at oidc.issuerUrl`. */
function described(stack: ReturnType<typeof wired>): string {
  const all = ownIssuerConfigs(buildModel(stack)).map(({ cluster, path }) => `${cluster.title} at ${path}`);
  return all.length > 0 ? all.join("; ") : "none";
}
const OWN = 'EKS cluster "shop" at oidc.issuerUrl';

describe("an identity provider configuration", () => {
  test.each<[string, Wiring, string]>([
    ["names the cluster's own issuer", { plus: [configOf(`https://${ISSUER}`)] }, OWN],
    ["names it with a slash at the end", { plus: [configOf(`https://${ISSUER}/`)] }, OWN],
    [
      "of aws-native names it",
      { plus: [configOf(`https://${ISSUER}`, [], "aws-native:eks:IdentityProviderConfig")] },
      OWN,
    ],
    [
      "names that of another cluster of the stack",
      { plus: [configOf(`https://${OTHER_ISSUER}`), clusterOf("second")] },
      OWN.replace("shop", "second"),
    ],
    ["names an issuer of no cluster here", { plus: [configOf(`https://${OTHER_ISSUER}`)] }, "none"],
    ["names an outside issuer", { plus: [configOf("https://shop.okta.com")] }, "none"],
    ["names nothing", { plus: [configOf(null)] }, "none"],
    ["takes it from the cluster before it is known", { plus: [configOf(UNKNOWN, [urns.cluster])] }, OWN],
    ["takes it from elsewhere before it is known", { plus: [configOf(UNKNOWN, [urns.namespace])] }, "none"],
    ["takes it from nowhere before it is known", { plus: [configOf(UNKNOWN)] }, "none"],
    [
      "is not a VPC endpoint, whatever that holds",
      { plus: [configOf(`https://${ISSUER}`, [], "aws:ec2/vpcEndpoint:VpcEndpoint")] },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(described(wired(changes))).toBe(expected);
  });

  test("may name any issuer while the cluster's is unknown", () => {
    expect(described(withUnknownIssuer(wired({ plus: [configOf(`https://${ISSUER}`)] })))).toBe("none");
  });

  test("takes it from a component around the cluster before it is known", () => {
    const component = resource("eks:index:Cluster", "shop", { name: "shop" }, { outputs: {}, provider: undefined });
    const inner = resource("aws:eks/cluster:Cluster", "inner", { name: "inner" }, { parent: component.urn });
    const plus = [component, inner, configOf(UNKNOWN, [component.urn])];
    expect(described(wired({ cluster: null, plus }))).toContain("oidc.issuerUrl");
  });
});
