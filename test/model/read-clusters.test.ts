import { buildModel } from "../../policy-pack/src/model/build";
import { configuredCluster } from "../../policy-pack/src/model/read-aws";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import type { Cluster } from "../../policy-pack/src/model/types";
import { factText } from "../support/answers";
import { namesOf } from "../support/pods";
import { ENDPOINT, ISSUER, resource, UNKNOWN, urnOf, wired } from "../support/stack";

const COMPONENT = urnOf("eks:index:Cluster", "platform");
const identities = [{ oidcs: [{ issuer: `https://${ISSUER}` }] }];

/** The first cluster of a stack that has the given ones in place of its own. */
function clusterIn(...plus: readonly ReturnType<typeof resource>[]): Cluster {
  const [cluster] = buildModel(wired({ cluster: null, plus })).clusters;
  if (!cluster) throw new Error("no cluster");
  return cluster;
}

function describeCluster(cluster: Cluster): Readonly<Record<string, string>> {
  const traits = [cluster.isNew ? "new" : "", cluster.onOutposts ? "on Outposts" : ""].filter((each) => each !== "");
  return {
    title: cluster.title,
    means: namesOf(cluster.urns),
    name: factText(cluster.name),
    issuer: factText(cluster.issuer),
    endpoint: factText(cluster.endpoint),
    version: factText(cluster.version),
    region: factText(cluster.scope.region),
    traits: traits.join(", "),
    makesProvider: factText(cluster.createsOidcProvider),
    properties: JSON.stringify(cluster.properties),
  };
}

const NO_REGION = {
  urn: urnOf("pulumi:providers:aws", "far"),
  type: "pulumi:providers:aws",
  name: "far",
  inputs: { region: UNKNOWN },
};

describe("a cluster resource", () => {
  const aws = (inputs: Properties, outputs: Properties = {}) =>
    clusterIn(resource("aws:eks/cluster:Cluster", "shop", inputs, { outputs: { ...inputs, ...outputs } }));
  const native = (inputs: Properties, outputs: Properties = {}) =>
    clusterIn(resource("aws-native:eks:Cluster", "shop", inputs, { outputs: { ...inputs, ...outputs } }));

  test.each<[string, () => Cluster, object]>([
    [
      "that stands tells all",
      () => aws({ name: "shop-eks", version: "1.33" }, { id: "shop-eks", endpoint: ENDPOINT, identities }),
      { name: "shop-eks", version: "1.33", endpoint: ENDPOINT, issuer: ISSUER, traits: "", makesProvider: "absent" },
    ],
    ["that Pulumi names has no known name yet", () => aws({}), { title: 'EKS cluster "shop"', name: "unknown: shop" }],
    [
      "that is not made yet is new",
      () => aws({ name: "shop" }, { id: UNKNOWN }),
      { traits: "new", issuer: "unknown: shop" },
    ],
    [
      "of Outposts is told apart",
      () => aws({ name: "shop", outpostConfig: { outpostArns: [] } }, { id: "shop" }),
      { traits: "on Outposts" },
    ],
    [
      "of aws-native tells its issuer by another name",
      () => native({ name: "shop" }, { openIdConnectIssuerUrl: `https://${ISSUER}` }),
      { issuer: ISSUER },
    ],
    ["of aws-native has no issuer while it is not made", () => native({ name: "shop" }), { issuer: "unknown: shop" }],
  ])("%s", (_, cluster, expected) => {
    expect(describeCluster(cluster())).toMatchObject(expected);
  });

  test.each<[string, Properties, string]>([
    ["its issuer, where the provider tells none", { identities }, "eu-west-1"],
    ["nothing while neither is known", { identities: UNKNOWN }, "unknown: far"],
  ])("takes its region from %s", (_, outputs, region) => {
    const made = resource("aws:eks/cluster:Cluster", "shop", { name: "shop" }, { outputs, provider: NO_REGION });
    expect(describeCluster(clusterIn(made)).region).toBe(region);
  });
});

describe("an eks component", () => {
  const component = (inputs: Properties) => resource("eks:index:Cluster", "platform", inputs);
  const child = (inputs: Properties, outputs: Properties) =>
    resource("aws:eks/cluster:Cluster", "platform-eks", inputs, {
      outputs: { ...inputs, ...outputs },
      parent: COMPONENT,
    });
  const withChild = (own: Properties, inputs: Properties = { name: "shop" }, outputs: Properties = { id: "shop" }) =>
    clusterIn(component(own), child(inputs, outputs));

  test("and the cluster resource inside it are one cluster", () => {
    const { clusters } = buildModel(
      wired({ cluster: null, plus: [component({}), child({ name: "shop" }, { identities })] }),
    );
    expect(clusters.map(({ urns }) => namesOf(urns))).toEqual(["platform and platform-eks"]);
  });

  test.each<[string, () => Cluster, object]>([
    [
      "takes what the resource inside it tells",
      () =>
        withChild(
          { version: "1.30" },
          { name: "shop", version: "1.33", outpostConfig: { outpostArns: [] } },
          { id: UNKNOWN, endpoint: ENDPOINT, identities },
        ),
      {
        title: 'EKS cluster "platform"',
        name: "shop",
        version: "1.33",
        endpoint: ENDPOINT,
        issuer: ISSUER,
        traits: "new, on Outposts",
      },
    ],
    [
      "shows the properties of the resource inside it",
      () => withChild({ skipDefaultNodeGroup: true }, { name: "shop" }, {}),
      { properties: '{"name":"shop"}' },
    ],
    [
      "whose children are not registered yet says of its cluster what it can",
      () => clusterIn(component({ version: "1.30" })),
      {
        means: "platform",
        name: "unknown: platform",
        version: "1.30",
        endpoint: "unknown: platform",
        issuer: "unknown: platform",
        region: "absent",
        traits: "",
        properties: '{"version":"1.30"}',
      },
    ],
    [
      "tells the issuer that the resource inside it does not know",
      () => withChild({ oidcIssuer: `https://${ISSUER}` }, { name: "shop" }, { identities: UNKNOWN }),
      { issuer: ISSUER },
    ],
    [
      "has no issuer while neither knows it",
      () => withChild({ oidcIssuer: UNKNOWN }, { name: "shop" }, { identities: UNKNOWN }),
      { issuer: "unknown: platform" },
    ],
  ])("%s", (_, cluster, expected) => {
    expect(describeCluster(cluster())).toMatchObject(expected);
  });

  test("without an AWS provider has the region of the resource inside it", () => {
    expect(describeCluster(withChild({})).region).toBe("eu-west-1");
  });

  test.each<[string, Properties, string]>([
    ["true where the program asks for it", { createOidcProvider: true }, "true"],
    ["false where the program does not want it", { createOidcProvider: false, oidcProviderArn: "arn:x" }, "false"],
    ["true where the component tells the provider's ARN", { oidcProviderArn: "arn:x" }, "true"],
    ["false where that ARN is empty", { oidcProviderArn: "" }, "false"],
    ["unknown while neither is told", {}, "unknown: platform"],
    ["unknown while the ARN is unknown", { oidcProviderArn: UNKNOWN }, "unknown: platform"],
    ["unknown while the flag is", { createOidcProvider: UNKNOWN, oidcProviderArn: "" }, "unknown: nobody can say what"],
  ])("makes an OIDC provider: %s", (_, inputs, expected) => {
    expect(describeCluster(clusterIn(component(inputs))).makesProvider).toBe(expected);
  });
});

describe("a cluster that only the configuration names", () => {
  const configured = (more: object = {}) => configuredCluster({ name: "ops", issuer: `https://${ISSUER}`, ...more });

  test("has a name and an issuer, and nothing else is known of it", () => {
    expect(describeCluster(configured())).toEqual({
      title: 'EKS cluster "ops"',
      means: "nobody can say what",
      name: "ops",
      issuer: ISSUER,
      endpoint: "unknown: nobody can say what",
      version: "absent",
      region: "eu-west-1",
      traits: "",
      makesProvider: "absent",
      properties: "{}",
    });
    expect(configured()).toMatchObject({ urn: "", declared: false });
  });

  test.each<[string, object, string, string]>([
    ["as configured", { accountId: "444455556666", region: "us-east-1" }, "444455556666", "us-east-1"],
    ["of the issuer where no region is configured", {}, "unknown: nobody can say what", "eu-west-1"],
    ["neither for an issuer of no region", { issuer: "oidc.example.com" }, "unknown: nobody can say what", "absent"],
  ])("lives in the account and region %s", (_, more, account, region) => {
    const { scope } = configured(more);
    expect([factText(scope.accountId), factText(scope.region)]).toEqual([account, region]);
  });
});
