import type { Value } from "../../policy-pack/src/facts/value";
import { buildModel } from "../../policy-pack/src/model/build";
import { hidesAccounts } from "../../policy-pack/src/model/read-kubernetes";
import { toResource } from "../../policy-pack/src/model/resource";
import type { Properties, Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { factText, joinText } from "../support/answers";
import { namesOf } from "../support/pods";
import { clusterOf, newCluster, withOutputs } from "../support/trust-stacks";
import {
  ISSUER,
  kubeconfig,
  kubernetesProvider,
  resource,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Wiring,
} from "../support/stack";

const ACCOUNTS = "kubernetes:core/v1:ServiceAccountList";
const bare = (changes: Wiring = {}): Snapshot =>
  wired({ serviceAccount: null, deployment: null, namespace: null, ...changes });

describe("a list of accounts", () => {
  const listed = (items: Value, from: Readonly<Record<string, readonly string[]>> = {}): string => {
    const model = buildModel(bare({ plus: [resource(ACCOUNTS, "all", { items }, { from })] }));
    const accounts = model.serviceAccounts.map(
      ({ root, name, namespace, metadataFrom, roleArnPath }) =>
        `${root} ${factText(namespace)}/${factText(name)} from ${namesOf(metadataFrom)}, role at ${roleArnPath}`,
    );
    const hidden = model.opaqueSources.map(({ title }) => `hidden in ${title}`);
    return [...accounts, ...hidden].join("\n");
  };
  const roleAt = (index: number) => `role at items[${index}].metadata.annotations["eks.amazonaws.com/role-arn"]`;

  test.each<[string, () => string, string]>([
    [
      "is taken apart",
      () => listed([{ metadata: { name: "a", namespace: "shop" } }, { metadata: { name: "b" } }]),
      `items[0] shop/a from nobody can say what, ${roleAt(0)}\nitems[1] default/b from nobody can say what, ${roleAt(1)}`,
    ],
    [
      "tells what its unknown parts wait for",
      () =>
        listed([{ metadata: { name: UNKNOWN, namespace: UNKNOWN } }], { items: [urns.role], metadata: [urns.cluster] }),
      `items[0] unknown: api/unknown: api from api, ${roleAt(0)}`,
    ],
    ["skips what is no object", () => listed(["a", null]), ""],
    ["has no accounts where there are none", () => listed([]), ""],
    ["may hide any account while it is unknown", () => listed(UNKNOWN), 'hidden in ServiceAccountList "all"'],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  test.each<[string, string, Properties, boolean]>([
    ["a List of accounts that is unknown", ACCOUNTS, { items: UNKNOWN }, true],
    ["a List of accounts that is known", ACCOUNTS, { items: [] }, false],
    ["a List of Deployments that is unknown", "kubernetes:apps/v1:DeploymentList", { items: UNKNOWN }, false],
    ["one account", "kubernetes:core/v1:ServiceAccount", { items: UNKNOWN }, false],
    ["what is no object of Kubernetes", "aws:iam/role:Role", { items: UNKNOWN }, false],
  ])("hides accounts: %s", (_, type, inputs, expected) => {
    expect(hidesAccounts(toResource(resource(type, "x", inputs)))).toBe(expected);
  });
});

describe("an object of Kubernetes", () => {
  const accountOf = (inputs: Properties, from: Readonly<Record<string, readonly string[]>>, provider?: Properties) => {
    const made = resource(
      "kubernetes:core/v1:ServiceAccount",
      "api",
      inputs,
      provider ? { from, provider: kubernetesProvider("other", provider) } : { from },
    );
    const [account] = buildModel(wired({ serviceAccount: null, plus: [made] })).serviceAccounts;
    if (!account) throw new Error("no account");
    const traits = [account.autonamed ? "autonamed" : "", account.namespaceImplicit ? "no namespace written" : ""];
    const names = `${factText(account.namespace)} / ${factText(account.name)}`;
    return [account.title, names, ...traits.filter((each) => each !== "")].join(", ");
  };
  const named = (metadata: Value): Properties => ({ metadata });
  const metadataFrom = (...from: readonly string[]) => ({ metadata: from });

  test.each<[string, () => string, string]>([
    [
      "has the name and namespace that are written",
      () => accountOf(named({ name: "api", namespace: "shop" }), {}),
      'ServiceAccount "shop/api", shop / api',
    ],
    [
      "that Pulumi names has no known name, and the provider's namespace",
      () => accountOf({}, {}, { namespace: "ops" }),
      'ServiceAccount "ops/api", ops / unknown: api, autonamed, no namespace written',
    ],
    [
      "that Pulumi named tells so",
      () => accountOf(named({ name: "api-1a2b3c4d", annotations: { "pulumi.com/autonamed": "true" } }), {}, {}),
      'ServiceAccount "default/api-1a2b3c4d", default / api-1a2b3c4d, autonamed, no namespace written',
    ],
    [
      "waits for the provider's namespace",
      () => accountOf(named({ name: "api" }), {}, { namespace: UNKNOWN }),
      'ServiceAccount "api", unknown: other / api, no namespace written',
    ],
    [
      "waits for the Namespace among what its metadata came from",
      () => accountOf(named({ name: "api", namespace: UNKNOWN }), metadataFrom(urns.role, urns.namespace)),
      'ServiceAccount "api", unknown: shop / api',
    ],
    [
      "waits for all of it where there is no Namespace",
      () => accountOf(named({ name: "api", namespace: UNKNOWN }), metadataFrom(urns.role, urns.cluster)),
      'ServiceAccount "api", unknown: api and shop / api',
    ],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  test("of which Pulumi does not say the provider is in the default namespace of no cluster of the stack", () => {
    const made = resource("kubernetes:core/v1:ServiceAccount", "api", {}, { provider: undefined });
    const [account] = buildModel(wired({ serviceAccount: null, plus: [made] })).serviceAccounts;
    expect(`${factText(account?.namespace)} in ${joinText(account?.scope.cluster)}`).toBe("default in absent");
    expect(account?.scope.provider).toBeUndefined();
  });

  test.each<[string, Value, string]>([
    ["with a pod template is a workload", { template: { spec: {} } }, 'Rollout "default/x"'],
    ["that names another's template is none", { workloadRef: { name: "api" } }, ""],
  ])("of a controller %s", (_, spec, expected) => {
    const made = resource("kubernetes:argoproj.io/v1alpha1:Rollout", "x", { metadata: { name: "x" }, spec });
    const { workloads } = buildModel(bare({ plus: [made] }));
    expect(workloads.map(({ title }) => title).join()).toBe(expected);
  });

  test.each<[string, string, Properties, string]>([
    ["the spec of a Pod", "kubernetes:core/v1:Pod", { spec: {} }, "shop"],
    ["the template of a PodTemplate", "kubernetes:core/v1:PodTemplate", { template: {} }, "api"],
    ["the items of a List", "kubernetes:core/v1:PodList", { items: [{ spec: {} }] }, "api and shop"],
  ])("with pods came from what %s came from", (_, type, inputs, expected) => {
    const from = { spec: [urns.cluster], template: [urns.role], items: [urns.role, urns.cluster] };
    const { workloads } = buildModel(bare({ plus: [resource(type, "x", inputs, { from })] }));
    expect(workloads.map(({ specFrom }) => namesOf(specFrom)).join()).toBe(expected);
  });
});

describe("the cluster that a Kubernetes provider reaches", () => {
  const second = clusterOf("second");
  const OTHER = kubeconfig("https://elsewhere.example.com");
  const endpointUnknown = (stack: Snapshot) => withOutputs(stack, urns.cluster, { endpoint: UNKNOWN });

  /** The cluster of an account whose provider has these inputs, which came from there. */
  function reached(
    inputs: Properties,
    from: readonly string[] = [],
    changes: Wiring = {},
    change: (stack: Snapshot) => Snapshot = (stack) => stack,
  ): string {
    const provider = kubernetesProvider("other", inputs);
    const account = resource("kubernetes:core/v1:ServiceAccount", "api", {}, { provider });
    const declared: SnapshotResource = resource(provider.type, "other", inputs, { from: { kubeconfig: from } });
    const plus = [account, declared, ...(changes.plus ?? [])];
    const [read] = buildModel(change(bare({ ...changes, plus }))).serviceAccounts;
    return joinText(read?.scope.cluster);
  }

  test.each<[string, () => string, string]>([
    [
      "is the one whose endpoint the text names",
      () => reached({ kubeconfig: kubeconfig("https://second.example.com") }, [urns.cluster], { plus: [second] }),
      'by value EKS cluster "second"',
    ],
    [
      "is the one whose endpoint an object names",
      () =>
        reached({ kubeconfig: JSON.parse(kubeconfig("https://second.example.com")) as Value }, [], { plus: [second] }),
      'by value EKS cluster "second"',
    ],
    [
      "is the one that it came from",
      () => reached({ kubeconfig: UNKNOWN }, [urns.cluster]),
      'by wiring EKS cluster "shop"',
    ],
    [
      "is ambiguous while it came from two",
      () => reached({ kubeconfig: UNKNOWN }, [urns.cluster, second.urn], { plus: [second] }),
      "ambiguous",
    ],
    ["is unknown while it came from none", () => reached({ kubeconfig: UNKNOWN }, [urns.role]), "unknown: api"],
    ["is not told where nothing is written", () => reached({}), "absent"],
    ["is not of the stack where a context is named", () => reached({ context: "ops" }), "elsewhere"],
    ["is not of the stack where a cluster is named", () => reached({ cluster: "ops" }), "elsewhere"],
    [
      "is not of the stack where a context is named, whatever endpoint is unknown",
      () => reached({ context: "ops" }, [], {}, endpointUnknown),
      "elsewhere",
    ],
    ["is not of the stack where the text names another", () => reached({ kubeconfig: OTHER }), "elsewhere"],
    [
      "may be one that stands, while its endpoint is unknown",
      () => reached({ kubeconfig: OTHER }, [], { plus: [second] }, endpointUnknown),
      "unknown: shop",
    ],
    [
      "is not one that is yet to be made",
      () => reached({ kubeconfig: OTHER }, [], { plus: [newCluster("third")] }),
      "elsewhere",
    ],
    [
      "is not one that only the configuration names",
      () => reached({ kubeconfig: OTHER }, [], { config: { clusters: [{ name: "ops", issuer: ISSUER }] } }),
      "elsewhere",
    ],
    [
      "is not one whose endpoint the program took for text before it was there",
      () => reached({ kubeconfig: kubeconfig("https://undefined") }, [], { plus: [newCluster("third")] }),
      "elsewhere",
    ],
    [
      "is no cluster without an endpoint",
      () => reached({ kubeconfig: OTHER }, [], {}, (stack) => withOutputs(stack, urns.cluster, { endpoint: "" })),
      "elsewhere",
    ],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  test("is unknown where the provider is no resource of the stack", () => {
    const provider = kubernetesProvider("default", { kubeconfig: UNKNOWN });
    const account = resource("kubernetes:core/v1:ServiceAccount", "api", {}, { provider });
    const [read] = buildModel(bare({ plus: [account] })).serviceAccounts;
    expect(joinText(read?.scope.cluster)).toBe("unknown");
    expect(read?.scope.provider).toBe(urnOf("pulumi:providers:kubernetes", "default"));
  });
});
