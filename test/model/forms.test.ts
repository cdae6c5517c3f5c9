import { buildModel } from "../../policy-pack/src/model/build";
import { isRead, kubernetesNoun } from "../../policy-pack/src/model/tokens";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired } from "../support/stack";

const account = (name: string): Properties => ({
  metadata: { name, namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } },
});

describe("Lists", () => {
  test("are taken apart, each item with its own path", () => {
    const list = resource("kubernetes:core/v1:ServiceAccountList", "all", { items: [account("a"), account("b")] });
    const found = buildModel(wired({ plus: [list] })).serviceAccounts.filter((each) => each.urn === list.urn);
    expect(found.map(({ title, root, roleArnPath }) => [title, root, roleArnPath])).toEqual([
      ['ServiceAccount "shop/a"', "items[0]", 'items[0].metadata.annotations["eks.amazonaws.com/role-arn"]'],
      ['ServiceAccount "shop/b"', "items[1]", 'items[1].metadata.annotations["eks.amazonaws.com/role-arn"]'],
    ]);
  });

  test("hold the objects that are known; an unknown list, an unknown item and an item of another shape are none", () => {
    const count = (items: unknown): number => {
      const list = resource("kubernetes:core/v1:ServiceAccountList", "all", {
        items: items as Properties["items"] & object,
      });
      return buildModel(wired({ serviceAccount: null, plus: [list] })).serviceAccounts.length;
    };
    expect([UNKNOWN, [], ["x", null, 7], [account("a"), "x"], account("a")].map(count)).toEqual([0, 0, 0, 1, 1]);
  });

  test("of workloads keep their pod templates", () => {
    const template = { spec: { serviceAccountName: "api", containers: [] } };
    const list = resource("kubernetes:apps/v1:DeploymentList", "all", {
      items: [{ metadata: { name: "a", namespace: "shop" }, spec: { template } }],
    });
    const found = buildModel(wired({ plus: [list] })).workloads.find((each) => each.urn === list.urn);
    expect(found).toMatchObject({ title: 'Deployment "shop/a"', root: "items[0]", patch: false });
    expect(found?.pod.path).toBe("items[0].spec.template.spec");
    expect(found?.serviceAccount.how).toBe("by value");
  });
});

test("Patches are objects of others", () => {
  const patch = resource("kubernetes:core/v1:ServiceAccountPatch", "p", account("p"));
  const found = buildModel(wired({ plus: [patch] })).serviceAccounts.find((each) => each.urn === patch.urn);
  expect(found).toMatchObject({ form: "patch", title: 'ServiceAccount "shop/p"' });
  const namespaces = buildModel(
    wired({ plus: [resource("kubernetes:core/v1:NamespacePatch", "n", { metadata: { name: "n" } })] }),
  ).namespaces;
  expect(namespaces.map(({ urn }) => urn)).toEqual([urns.namespace]);
});

test.each([
  ["core/v1:Pod", "spec"],
  ["core/v1:PodTemplate", "template.spec"],
  ["apps/v1:StatefulSet", "spec.template.spec"],
  ["apps/v1:DaemonSetPatch", "spec.template.spec"],
  ["batch/v1:Job", "spec.template.spec"],
  ["batch/v1beta1:CronJob", "spec.jobTemplate.spec.template.spec"],
  ["extensions/v1beta1:Deployment", "spec.template.spec"],
])("%s keeps its pod spec under %s", (token, path) => {
  const made = resource(`kubernetes:${token}`, "w", { metadata: { name: "w" } });
  expect(buildModel(wired({ plus: [made] })).workloads.find(({ urn }) => urn === made.urn)?.pod.path).toBe(path);
});

test.each([
  ["kubernetes:core/v1:Service", false],
  ["kubernetes:apps/v1:ServiceAccount", false],
  ["kubernetes:rbac.authorization.k8s.io/v1:Role", false],
  ["kubernetes:core/v1:constructor", false],
  ["aws:s3/bucket:Bucket", false],
  ["__proto__", false],
  ["aws-native:iam:Role", true],
  ["kubernetes:helm.sh/v4:Chart", true],
  ["pulumi:providers:aws-native", true],
])("%s is read: %s", (type, expected) => {
  expect(isRead(type)).toBe(expected);
  expect(kubernetesNoun("__proto__")).toBeUndefined();
});

describe("the name of an account", () => {
  const nameOf = (metadata: Properties) => {
    const made = resource("kubernetes:core/v1:ServiceAccount", "x", { metadata });
    const found = buildModel(wired({ plus: [made] })).serviceAccounts.find(({ urn }) => urn === made.urn);
    return [found?.name, found?.autonamed];
  };

  test("waits for the account itself where Pulumi makes it", () => {
    const urn = urnOf("kubernetes:core/v1:ServiceAccount", "x");
    expect(nameOf({})).toEqual([{ is: "unknown", waitsFor: [urn] }, true]);
  });
  test("is known, and still Pulumi's, once the mark says so", () => {
    expect(nameOf({ name: "x-1f2e", annotations: { "pulumi.com/autonamed": "true" } })).toEqual([
      { is: "known", value: "x-1f2e" },
      true,
    ]);
  });
});

describe("the keys that envFrom brings", () => {
  const keysOf = (source: Properties, reference: Properties, type = "Secret") => {
    const made = resource(`kubernetes:core/v1:${type}`, "s", source);
    const containers = [{ name: "api", image: "x", envFrom: [reference as { readonly [key: string]: string }] }];
    const model = buildModel(wired({ deployment: { spec: { template: { spec: { containers } } } }, plus: [made] }));
    const [container] =
      model.workloads[0]?.pod.containers.is === "known" ? model.workloads[0].pod.containers.value : [];
    const [env] = container?.envFrom.is === "known" ? container.envFrom.value : [];
    return env?.keys;
  };
  const metadata = { name: "keys", namespace: "shop" };
  const secretRef = { secretRef: { name: "keys" } };

  test("are those of the Secret of that name, from data and stringData", () => {
    expect(keysOf({ metadata, data: { A: "" }, stringData: { B: "" } }, secretRef)).toEqual({
      is: "known",
      value: ["A", "B"],
    });
  });
  test("are those of the ConfigMap", () => {
    const reference = { configMapRef: { name: "keys" } };
    expect(keysOf({ metadata, data: { A: "" } }, reference, "ConfigMap")).toEqual({ is: "known", value: ["A"] });
  });
  test("are not those of the other kind, of another name or of another namespace", () => {
    const elsewhere = { ...metadata, namespace: "ops" };
    expect(keysOf({ metadata, data: { A: "" } }, { configMapRef: { name: "keys" } })).toEqual({ is: "absent" });
    expect(keysOf({ metadata: { name: "k" }, data: { A: "" } }, secretRef)).toEqual({ is: "absent" });
    expect(keysOf({ metadata: elsewhere, data: { A: "" } }, secretRef)).toEqual({ is: "absent" });
  });
  test("are unknown while the data is", () => {
    expect(keysOf({ metadata, data: UNKNOWN }, secretRef)).toMatchObject({ is: "unknown" });
  });
});
