import type { Value } from "../../policy-pack/src/facts/value";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import type { ObjectMeta, Workload } from "../../policy-pack/src/model/types";
import { factText } from "../support/answers";
import { namesOf } from "../support/pods";
import { resource, UNKNOWN, urns, wired } from "../support/stack";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

/** The workload of one more resource, whose metadata came from the role and whose spec came from the cluster. */
function workloadOf(type: string, inputs: Properties): Workload {
  const from = { metadata: [urns.role], spec: [urns.cluster] };
  const { workloads } = buildModel(wired({ deployment: null, plus: [resource(type, "web", inputs, { from })] }));
  const [workload] = workloads;
  if (!workload) throw new Error("no workload");
  return workload;
}

const metaText = ({ annotations, labels }: ObjectMeta): string =>
  [annotations, labels]
    .map((map) =>
      map.is === "known" ? map.value.map(({ path, value }) => `${path} ${factText(value)}`).join() : factText(map),
    )
    .join(", ");

describe("a workload", () => {
  test.each<[string, string, string]>([
    ["of its kind", DEPLOYMENT, 'Deployment "shop/web" Deployment'],
    ["that patches another's", "kubernetes:apps/v1:DeploymentPatch", 'Deployment "shop/web" Deployment, a patch'],
    ["that runs once", "kubernetes:batch/v1:Job", 'Job "shop/web" Job'],
  ])("is reported as one %s", (_, type, expected) => {
    const { title, kind, patch } = workloadOf(type, { metadata: { name: "web", namespace: "shop" } });
    expect(`${title} ${kind}${patch ? ", a patch" : ""}`).toBe(expected);
  });

  test.each<[string, string, Value, string]>([
    ["of a Deployment", DEPLOYMENT, { strategy: { type: "Recreate" } }, "Recreate at spec.strategy.type"],
    [
      "of a DaemonSet",
      "kubernetes:apps/v1:DaemonSet",
      { updateStrategy: { type: "OnDelete" } },
      "OnDelete at spec.updateStrategy.type",
    ],
    [
      "of a DaemonSet that is not known yet",
      "kubernetes:apps/v1:DaemonSet",
      { updateStrategy: UNKNOWN, strategy: { type: "Recreate" } },
      "unknown: shop at spec.updateStrategy.type",
    ],
    ["that nobody wrote", DEPLOYMENT, {}, "absent at spec.strategy.type"],
  ])("has the update strategy %s", (_, type, spec, expected) => {
    const { updateStrategy, updateStrategyPath } = workloadOf(type, { spec });
    expect(`${factText(updateStrategy)} at ${updateStrategyPath}`).toBe(expected);
  });

  test.each<[string, string, Value, string]>([
    ["beside the template of a Deployment", DEPLOYMENT, { serviceAccountName: "api" }, "api"],
    ["that is not known yet", DEPLOYMENT, { serviceAccountName: UNKNOWN }, "unknown: shop"],
    ["nowhere in a Deployment", DEPLOYMENT, { template: { spec: { serviceAccountName: "api" } } }, "absent"],
    ["where a Pod has it", "kubernetes:core/v1:Pod", { serviceAccountName: "api" }, "absent"],
  ])("names an account where Kubernetes does not read it: %s", (_, type, spec, expected) => {
    expect(factText(workloadOf(type, { spec }).strayAccountName)).toBe(expected);
  });

  test.each<[string, Value, string]>([
    [
      "written",
      { labels: { app: "web" }, annotations: { a: UNKNOWN } },
      'metadata.annotations["a"] unknown: api, metadata.labels["app"] web',
    ],
    ["unknown", UNKNOWN, "unknown: api, unknown: api"],
    ["not there", {}, "absent, absent"],
  ])("has annotations and labels that are %s", (_, metadata, expected) => {
    expect(metaText(workloadOf(DEPLOYMENT, { metadata }).metadata)).toBe(expected);
  });
});

describe("a Namespace", () => {
  const namespaceOf = (metadata: Value) => {
    const made = resource(
      "kubernetes:core/v1:Namespace",
      "team",
      { metadata },
      { from: { metadata: [urns.role, urns.cluster] } },
    );
    const [namespace] = buildModel(wired({ namespace: null, plus: [made] })).namespaces;
    if (!namespace) throw new Error("no namespace");
    return `${namespace.title}, ${factText(namespace.name)}, ${metaText(namespace.metadata)}`;
  };

  test.each<[string, Value, string]>([
    [
      "of a known name",
      { name: "ops", labels: { team: UNKNOWN } },
      'Namespace "ops", ops, absent, metadata.labels["team"] unknown: api and shop',
    ],
    ["that Pulumi names", {}, 'Namespace "team", unknown: team, absent, absent'],
    [
      "that is not known yet",
      UNKNOWN,
      'Namespace "team", unknown: api and shop, unknown: api and shop, unknown: api and shop',
    ],
  ])("%s", (_, metadata, expected) => {
    expect(namespaceOf(metadata)).toBe(expected);
  });

  test("that a patch adds to is none of the stack's own", () => {
    const patch = resource("kubernetes:core/v1:NamespacePatch", "ops", { metadata: { name: "ops" } });
    const { namespaces } = buildModel(wired({ plus: [patch] }));
    expect(namesOf(namespaces.map(({ urn }) => urn))).toBe("shop");
  });
});
