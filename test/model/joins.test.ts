import { buildModel } from "../../policy-pack/src/model/build";
import type { IrsaModel, Join } from "../../policy-pack/src/model/types";
import {
  firstPreview,
  OTHER_ISSUER,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Change,
  type Wiring,
} from "../support/stack";

/** `by value role "api-irsa"`, or `unresolved: elsewhere`. */
function describeJoin(join: Join<{ readonly title: string }> | undefined): string {
  if (!join) return "nothing";
  return join.how === "unresolved" ? `unresolved: ${join.because}` : `${join.how} ${join.to.title}`;
}

const model = (changes: Wiring = {}): IrsaModel => buildModel(wired(changes));
const annotated = (value: unknown): Change => ({
  metadata: { annotations: { "eks.amazonaws.com/role-arn": value as string } },
});
const SECOND_ROLE = resource("aws:iam/role:Role", "second", { name: "second", assumeRolePolicy: trust() });
const BINDING = urnOf("eks-irsa:index:IrsaBinding", "api");

describe("the role of an account", () => {
  const roleOf = (changes: Wiring): string => describeJoin(model(changes).serviceAccounts[0]?.role);

  test.each<[string, Wiring, string]>([
    ["its ARN", {}, 'by value role "api-irsa"'],
    ["an unknown value that came from the role", { serviceAccount: annotated(UNKNOWN) }, 'by wiring role "api-irsa"'],
    [
      "an unknown map of annotations that came from the role",
      { serviceAccount: { metadata: { annotations: UNKNOWN } } },
      "unresolved: unknown",
    ],
    [
      "an unknown value that came from nowhere",
      { serviceAccount: annotated(UNKNOWN), edges: { "serviceAccount.metadata": [] } },
      "unresolved: unknown",
    ],
    [
      "an unknown value that came from two roles",
      {
        serviceAccount: annotated(UNKNOWN),
        plus: [SECOND_ROLE],
        edges: { "serviceAccount.metadata": [urns.role, SECOND_ROLE.urn] },
      },
      "unresolved: ambiguous",
    ],
    ["the ARN of another stack's role", { serviceAccount: annotated(`${ROLE_ARN}-2`) }, "unresolved: elsewhere"],
    [
      "the ARN of a role, while a role of the stack has no known name",
      { serviceAccount: annotated(`${ROLE_ARN}-2`), role: { name: UNKNOWN } },
      "unresolved: unknown",
    ],
    ["an ARN of another path", { role: { path: "/team/" } }, "unresolved: elsewhere"],
    [
      "an ARN of another account",
      { serviceAccount: annotated(ROLE_ARN.replace("111122223333", "999999999999")) },
      "unresolved: elsewhere",
    ],
    ["no annotation", { serviceAccount: annotated(undefined) }, "unresolved: absent"],
    ["an empty annotation", { serviceAccount: annotated("") }, "unresolved: absent"],
  ])("%s", (_, changes, expected) => {
    expect(roleOf(changes)).toBe(expected);
  });

  test("is there by construction where one IrsaBinding made both", () => {
    const stack = firstPreview({
      plus: [resource("eks-irsa:index:IrsaBinding", "api", { namespace: "shop", serviceAccountName: "api" })],
    });
    const inBinding = new Set<string>([urns.role, urns.serviceAccount]);
    const resources = stack.resources.map((each) => (inBinding.has(each.urn) ? { ...each, parent: BINDING } : each));
    const [binding] = buildModel({ ...stack, resources }).bindings;
    expect(describeJoin(binding?.role)).toBe('by construction role "api-irsa"');
    expect(binding?.role.how === "unresolved" ? undefined : binding?.role.to.construction?.subjects).toEqual({
      is: "known",
      value: ["system:serviceaccount:shop:api"],
    });
  });
});

describe("an account carries a role", () => {
  const bindings = (changes: Wiring): number => model(changes).bindings.length;

  test.each<[string, Wiring, number]>([
    ["with a known annotation", {}, 1],
    ["with an annotation whose value is unknown", { serviceAccount: annotated(UNKNOWN) }, 1],
    [
      "but not with an unknown map that came from a role",
      { serviceAccount: { metadata: { annotations: UNKNOWN } } },
      0,
    ],
    [
      "but not with an unknown map that came from nowhere",
      { serviceAccount: { metadata: { annotations: UNKNOWN } }, edges: { "serviceAccount.metadata": [] } },
      0,
    ],
    ["but not with an empty annotation", { serviceAccount: annotated("") }, 0],
  ])("%s", (_, changes, count) => {
    expect(bindings(changes)).toBe(count);
  });
});

describe("the cluster of an OIDC provider", () => {
  const clusterOf = (changes: Wiring): string => describeJoin(model(changes).providers[0]?.cluster);
  const unknownIssuer = { identities: UNKNOWN };
  const withIssuer = (changes: Wiring, outputs: object): string => {
    const stack = wired(changes);
    const resources = stack.resources.map((each) =>
      each.urn === urns.cluster ? { ...each, outputs: { ...each.outputs, ...outputs } } : each,
    );
    return describeJoin(buildModel({ ...stack, resources }).providers[0]?.cluster);
  };

  test("is found by the issuer", () => {
    expect(clusterOf({})).toBe('by value EKS cluster "shop"');
  });
  test("is found by wiring while the url is unknown", () => {
    expect(clusterOf({ oidcProvider: { url: UNKNOWN } })).toBe('by wiring EKS cluster "shop"');
  });
  test("is found by wiring while the cluster's issuer is unknown", () => {
    expect(withIssuer({}, unknownIssuer)).toBe('by wiring EKS cluster "shop"');
  });
  test("is unknown for a literal url while a cluster's issuer is unknown", () => {
    expect(withIssuer({ edges: { "oidcProvider.url": [] } }, unknownIssuer)).toBe("unresolved: unknown");
  });
  test("is elsewhere for another issuer, whatever the edges say", () => {
    expect(clusterOf({ oidcProvider: { url: `https://${OTHER_ISSUER}` } })).toBe("unresolved: elsewhere");
  });
  test("is unknown for an unknown url that came from nowhere", () => {
    expect(clusterOf({ oidcProvider: { url: UNKNOWN }, edges: { "oidcProvider.url": [] } })).toBe(
      "unresolved: unknown",
    );
  });
  test("is ambiguous for an unknown url that came from two clusters", () => {
    const second = resource("aws:eks/cluster:Cluster", "second", { name: "second" });
    expect(
      clusterOf({
        oidcProvider: { url: UNKNOWN },
        plus: [second],
        edges: { "oidcProvider.url": [urns.cluster, second.urn] },
      }),
    ).toBe("unresolved: ambiguous");
  });
});

describe("the account of a workload", () => {
  const named = (name: unknown, more: object = {}): Change => ({
    spec: { template: { spec: { serviceAccountName: name as string, ...more } } },
  });
  const accountOf = (changes: Wiring): string => describeJoin(model(changes).workloads[0]?.serviceAccount);
  const found = 'by value ServiceAccount "shop/api"';
  const patch = resource("kubernetes:core/v1:ServiceAccountPatch", "api", {
    metadata: { name: "api", namespace: "shop" },
  });

  test.each<[string, Wiring, string]>([
    ["by its name", {}, found],
    ["by the deprecated alias", { deployment: named(undefined, { serviceAccount: "api" }) }, found],
    ["by the name, where the alias says another", { deployment: named("api", { serviceAccount: "web" }) }, found],
    ["by wiring while the name is unknown", { deployment: named(UNKNOWN) }, 'by wiring ServiceAccount "shop/api"'],
    [
      "not while an unknown name came from nowhere",
      { deployment: named(UNKNOWN), edges: { "deployment.spec": [] } },
      "unresolved: unknown",
    ],
    ["elsewhere under a name that the stack does not declare", { deployment: named("other") }, "unresolved: elsewhere"],
    ["default where none is named", { deployment: named(undefined) }, "unresolved: elsewhere"],
    ["not in another namespace", { deployment: { metadata: { namespace: "ops" } } }, "unresolved: elsewhere"],
    [
      "by wiring while the namespace of the account is unknown",
      { serviceAccount: { metadata: { namespace: UNKNOWN } } },
      'by wiring ServiceAccount "api"',
    ],
    [
      "not while that namespace is unknown and there is no edge",
      { serviceAccount: { metadata: { namespace: UNKNOWN } }, edges: { "deployment.spec": [] } },
      "unresolved: unknown",
    ],
    ["the resource with the role, where a patch has none", { plus: [patch] }, found],
  ])("%s", (_, changes, expected) => {
    expect(accountOf(changes)).toBe(expected);
  });

  test("is never one of another cluster", () => {
    const stack = wired({ plus: [resource("aws:eks/cluster:Cluster", "second", { name: "second" })] });
    const other = {
      urn: urnOf("pulumi:providers:kubernetes", "second"),
      type: "pulumi:providers:kubernetes",
      name: "second",
    };
    const provider = resource(
      other.type,
      other.name,
      { kubeconfig: UNKNOWN },
      {
        from: { kubeconfig: [urnOf("aws:eks/cluster:Cluster", "second")] },
      },
    );
    const resources = stack.resources.map((each) =>
      each.urn === urns.deployment ? { ...each, provider: { ...other, inputs: { kubeconfig: UNKNOWN } } } : each,
    );
    const [workload] = buildModel({ ...stack, resources: [...resources, provider] }).workloads;
    expect(describeJoin(workload?.serviceAccount)).toBe("unresolved: elsewhere");
  });
});
