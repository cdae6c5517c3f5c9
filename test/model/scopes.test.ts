import { AwsScopes } from "../../policy-pack/src/model/accounts";
import { buildModel } from "../../policy-pack/src/model/build";
import { toResource } from "../../policy-pack/src/model/resource";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import { ENDPOINT, kubeconfig, kubernetesProvider, resource, UNKNOWN, urnOf, urns, wired } from "../support/stack";

describe("the account, region and partition that an AWS provider reaches", () => {
  const TYPE = "pulumi:providers:aws";
  const scopeOf = (configuration: Properties, inputs: Properties = {}, outputs: Properties = {}) => {
    const provider = { urn: urnOf(TYPE, "p"), type: TYPE, name: "p", inputs: configuration };
    const role = toResource(resource("aws:iam/role:Role", "r", inputs, { provider, outputs }));
    const { accountId, region, partition } = new AwsScopes([role]).of(role);
    return [accountId, region, partition].map((fact) => (fact.is === "known" ? fact.value : fact.is));
  };
  const role = (arn: unknown) => ({ roleArn: arn as string });
  const ARN = "arn:aws-cn:iam::444455556666:role/deploy";

  test.each<[string, ReturnType<typeof scopeOf>, readonly string[]]>([
    ["nothing is told", scopeOf({}), ["unknown", "absent", "unknown"]],
    ["a region tells the partition", scopeOf({ region: "cn-north-1" }), ["unknown", "cn-north-1", "aws-cn"]],
    ["an unknown region", scopeOf({ region: UNKNOWN }), ["unknown", "unknown", "unknown"]],
    ["a region of no known form", scopeOf({ region: "moon-1" }), ["unknown", "moon-1", "unknown"]],
    ["the role that it assumes", scopeOf({ assumeRoles: [role(ARN)] }), ["444455556666", "absent", "aws-cn"]],
    [
      "the last of several roles",
      scopeOf({ assumeRoles: [role("x"), role(ARN)] }),
      ["444455556666", "absent", "aws-cn"],
    ],
    ["roles as JSON text", scopeOf({ assumeRoles: JSON.stringify([role(ARN)]) }), ["444455556666", "absent", "aws-cn"]],
    ["text that is no JSON", scopeOf({ assumeRoles: "[{" }), ["unknown", "absent", "unknown"]],
    ["an unknown role", scopeOf({ assumeRoles: [role(UNKNOWN)] }), ["unknown", "absent", "unknown"]],
    [
      "the one account that is allowed",
      scopeOf({ allowedAccountIds: ["777777777777"] }),
      ["777777777777", "absent", "unknown"],
    ],
    [
      "one of two accounts that are allowed",
      scopeOf({ allowedAccountIds: ["1", "2"] }),
      ["unknown", "absent", "unknown"],
    ],
    [
      "an ARN of its resources, before anything that is told",
      scopeOf({ region: "eu-west-1", allowedAccountIds: ["777777777777"] }, {}, { arn: ARN }),
      ["444455556666", "eu-west-1", "aws-cn"],
    ],
    [
      "a resource's own region",
      scopeOf({ region: "eu-west-1" }, { region: "us-east-1" }),
      ["unknown", "us-east-1", "aws"],
    ],
  ])("%s", (_, seen, expected) => {
    expect(seen).toEqual(expected);
  });

  test("resources of different providers do not share an account", () => {
    const provider = (name: string) => ({ urn: urnOf(TYPE, name), type: TYPE, name, inputs: {} });
    const first = toResource(
      resource("aws:iam/role:Role", "a", {}, { provider: provider("a"), outputs: { arn: ARN } }),
    );
    const second = toResource(resource("aws:iam/role:Role", "b", {}, { provider: provider("b") }));
    const scopes = new AwsScopes([first, second]);
    expect(scopes.of(first).accountId).toEqual({ is: "known", value: "444455556666" });
    expect(scopes.of(second).accountId.is).toBe("unknown");
  });
});

describe("the cluster that a Kubernetes provider reaches", () => {
  const clusterOf = (inputs: Properties, from: readonly string[] = [], second: Properties = { id: UNKNOWN }) => {
    const provider = kubernetesProvider("shop", inputs);
    const [type, name] = ["pulumi:providers:kubernetes", "shop"];
    const stack = wired({
      kubernetes: null,
      plus: [
        resource(type, name, inputs, { provider: undefined, from: { kubeconfig: from } }),
        resource(
          "aws:eks/cluster:Cluster",
          "second",
          { name: "second" },
          { outputs: { ...second, endpoint: UNKNOWN } },
        ),
      ],
    });
    const resources = stack.resources.map((each) =>
      each.type.startsWith("kubernetes:") ? { ...each, provider } : each,
    );
    const cluster = buildModel({ ...stack, resources }).serviceAccounts[0]?.scope.cluster;
    if (cluster?.how === "unresolved") return `unresolved: ${cluster.because}`;
    return `${cluster?.how ?? ""} ${cluster?.to.title ?? ""}`;
  };
  const second = urnOf("aws:eks/cluster:Cluster", "second");

  test.each<[string, string, string]>([
    ["the endpoint in its kubeconfig", clusterOf({ kubeconfig: kubeconfig(ENDPOINT) }), 'by value EKS cluster "shop"'],
    ["the endpoint in YAML", clusterOf({ kubeconfig: `server: ${ENDPOINT}\n` }), 'by value EKS cluster "shop"'],
    [
      "the endpoint in an object",
      clusterOf({ kubeconfig: { clusters: [{ cluster: { server: ENDPOINT } }] } }),
      'by value EKS cluster "shop"',
    ],
    [
      "the endpoint, whatever the edges say",
      clusterOf({ kubeconfig: ENDPOINT }, [second]),
      'by value EKS cluster "shop"',
    ],
    [
      "an unknown kubeconfig from a cluster",
      clusterOf({ kubeconfig: UNKNOWN }, [second]),
      'by wiring EKS cluster "second"',
    ],
    [
      "an unknown kubeconfig from two clusters",
      clusterOf({ kubeconfig: UNKNOWN }, [second, urns.cluster]),
      "unresolved: ambiguous",
    ],
    ["an unknown kubeconfig from nowhere", clusterOf({ kubeconfig: UNKNOWN }), "unresolved: unknown"],
    ["another endpoint", clusterOf({ kubeconfig: kubeconfig("https://elsewhere") }), "unresolved: elsewhere"],
    [
      "another endpoint, which that of a cluster may be that stands",
      clusterOf({ kubeconfig: kubeconfig("https://elsewhere") }, [], {}),
      "unresolved: unknown",
    ],
    ["no kubeconfig: that of the machine", clusterOf({}), "unresolved: absent"],
  ])("%s", (_, seen, expected) => {
    expect(seen).toBe(expected);
  });
});

describe("the namespace of an object", () => {
  const namespaceOf = (provider: Properties, metadata: Properties) => {
    const account = resource(
      "kubernetes:core/v1:ServiceAccount",
      "x",
      { metadata },
      {
        provider: kubernetesProvider("shop", provider),
        from: { metadata: [urns.namespace, urns.role] },
      },
    );
    const found = buildModel(wired({ plus: [account] })).serviceAccounts.find((each) => each.urn === account.urn);
    return { namespace: found?.namespace, implicit: found?.namespaceImplicit };
  };

  test("is the one that is written", () => {
    expect(namespaceOf({ namespace: "other" }, { namespace: "shop" })).toEqual({
      namespace: { is: "known", value: "shop" },
      implicit: false,
    });
  });
  test("is the provider's where none is written", () => {
    expect(namespaceOf({ namespace: "other" }, {})).toEqual({
      namespace: { is: "known", value: "other" },
      implicit: true,
    });
  });
  test("is default where nobody says another", () => {
    expect(namespaceOf({}, {})).toEqual({ namespace: { is: "known", value: "default" }, implicit: true });
  });
  test("is unknown while the provider's is", () => {
    expect(namespaceOf({ namespace: UNKNOWN }, {})).toMatchObject({ namespace: { is: "unknown" }, implicit: true });
  });
  test("waits for the Namespace resource alone, of all that the metadata came from", () => {
    expect(namespaceOf({}, { namespace: UNKNOWN }).namespace).toEqual({ is: "unknown", waitsFor: [urns.namespace] });
  });
});
