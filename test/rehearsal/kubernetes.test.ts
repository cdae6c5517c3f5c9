import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { type Rehearsal, startRehearsal } from "../../policy-pack/src/rehearsal";
import { connect, disconnect, type Properties, type Provider, secret, unknown } from "./provider-client";

const serviceAccount = "kubernetes:core/v1:ServiceAccount";
const deployment = "kubernetes:apps/v1:Deployment";

let rehearsal: Rehearsal;
let firstPreview: Rehearsal;
let kubernetes: Provider;
beforeAll(async () => {
  [rehearsal, firstPreview] = await Promise.all([startRehearsal(), startRehearsal({ mode: "unknown" })]);
  kubernetes = await connect(rehearsal, "kubernetes");
});
afterAll(async () => {
  disconnect();
  await Promise.all([rehearsal.close(), firstPreview.close()]);
});

const metadataOf = async (type: string, news: Properties, olds?: Properties): Promise<unknown> =>
  (await kubernetes.check(type, news, olds)).inputs["metadata"];

describe("check", () => {
  test("a name is generated and annotated, and the default namespace filled in", async () => {
    expect((await kubernetes.check(serviceAccount, { metadata: { annotations: { a: "b" } } })).inputs).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: {
        annotations: { a: "b", "pulumi.com/autonamed": "true" },
        name: expect.stringMatching(/^api-[0-9a-f]{8}$/) as string,
        namespace: "default",
      },
    });
  });

  test("a resource without metadata gets some", async () => {
    expect(await metadataOf(deployment, { spec: {} })).toMatchObject({
      name: expect.stringMatching(/^api-/) as string,
      namespace: "default",
    });
  });

  test("given names and namespaces are kept", async () => {
    const metadata = { name: "api", namespace: "shop" };
    expect(await metadataOf(serviceAccount, { metadata })).toEqual(metadata);
    expect(await metadataOf(serviceAccount, { metadata: { name: unknown, namespace: unknown } })).toEqual({
      name: unknown,
      namespace: unknown,
    });
  });

  test("generateName leaves the name to the API server", async () => {
    expect(await metadataOf("kubernetes:batch/v1:Job", { metadata: { generateName: "job-" } })).toEqual({
      generateName: "job-",
      namespace: "default",
    });
  });

  test("the provider's namespace wins over default", async () => {
    const inShop = await connect(rehearsal, "kubernetes", { namespace: "shop" });
    expect((await inShop.check(serviceAccount, { metadata: { name: "api" } })).inputs["metadata"]).toEqual({
      name: "api",
      namespace: "shop",
    });
  });

  test.each(["kubernetes:core/v1:Namespace", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"])(
    "%s has no namespace",
    async (type) => {
      expect(await metadataOf(type, { metadata: { name: "shop" } })).toEqual({ name: "shop" });
    },
  );

  test("a generated name stays over deployments", async () => {
    const olds = { metadata: { name: "api-00000000", annotations: { "pulumi.com/autonamed": "true" } } };
    expect(await metadataOf(serviceAccount, {}, olds)).toMatchObject({ name: "api-00000000" });
    expect(await metadataOf(serviceAccount, {}, { metadata: { name: "api" } })).not.toMatchObject({ name: "api" });
  });

  test("the project's autonaming setting is followed", async () => {
    const proposal = new pb.CheckRequest.AutonamingOptions().setProposedName("dev-api");
    expect((await kubernetes.check(serviceAccount, {}, {}, proposal)).inputs).toMatchObject({
      metadata: { name: "dev-api" },
    });
  });

  test("a patch needs the name of what it patches", async () => {
    const { failures } = await kubernetes.check("kubernetes:core/v1:ServiceAccountPatch", { metadata: {} });
    expect(failures).toEqual([
      { property: "metadata.name", reason: "patch resources require the resource `.metadata.name` to be set" },
    ]);
  });

  test("a list keeps its items as they are", async () => {
    const items = [{ metadata: { name: "api" } }];
    expect((await kubernetes.check("kubernetes:core/v1:ServiceAccountList", { items })).inputs).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccountList",
      items,
    });
  });

  test("secret metadata stays secret, unknown metadata unknown", async () => {
    expect(await metadataOf(serviceAccount, { metadata: secret({ name: "api" }) })).toEqual(
      secret({ name: "api", namespace: "default" }),
    );
    expect(await metadataOf(serviceAccount, { metadata: unknown })).toBe(unknown);
  });
});

describe("outputs", () => {
  const inputs = { metadata: { name: "api", namespace: "shop" } };

  test("known mode adds what the API server adds", async () => {
    const { id, outputs } = await kubernetes.create(serviceAccount, inputs);
    expect(id).toBe("shop/api");
    expect(outputs).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: {
        name: "api",
        namespace: "shop",
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        resourceVersion: "1",
        generation: 1,
        creationTimestamp: "2024-01-01T00:00:00Z",
      },
    });
  });

  test("unknown mode leaves that unknown until creation", async () => {
    const provider = await connect(firstPreview, "kubernetes");
    const previewed = await provider.create(serviceAccount, inputs);
    expect(previewed).toMatchObject({ id: "", outputs: { metadata: { name: "api", uid: unknown } } });
    const created = await provider.create(serviceAccount, inputs, { preview: false });
    expect(created.id).toBe("shop/api");
    expect(JSON.stringify(created.outputs)).not.toContain(unknown);
  });

  test("an update keeps the uid", async () => {
    const { id, outputs } = await kubernetes.create(serviceAccount, inputs, { preview: false });
    expect(await kubernetes.update(serviceAccount, id, outputs, inputs)).toEqual(outputs);
  });

  test("a custom resource is handed back", async () => {
    const { outputs } = await kubernetes.create("kubernetes:karpenter.sh/v1:NodePool", {
      ...inputs,
      spec: { limits: {} },
    });
    expect(outputs).toMatchObject({ apiVersion: "karpenter.sh/v1", kind: "NodePool", spec: { limits: {} } });
  });

  test("a lookup by id has a name and a namespace", async () => {
    expect(await kubernetes.read(serviceAccount, "shop/api")).toMatchObject({
      kind: "ServiceAccount",
      metadata: { name: "api", namespace: "shop" },
    });
  });
});

describe("diff", () => {
  const named = (name: string, rest: Properties = {}): Properties => ({
    metadata: { name, namespace: "shop" },
    ...rest,
  });

  test.each<[string, string, Properties, Properties, readonly string[]]>([
    ["an image is rolled out", deployment, named("api", { spec: { a: 1 } }), named("api", { spec: { a: 2 } }), []],
    ["a name replaces", serviceAccount, named("api"), named("worker"), ["metadata"]],
    [
      "a Job's template replaces",
      "kubernetes:batch/v1:Job",
      named("j", { spec: { a: 1 } }),
      named("j", { spec: {} }),
      ["spec"],
    ],
    [
      "a selector replaces",
      deployment,
      named("api", { spec: { selector: { matchLabels: { a: "b" } } } }),
      named("api", { spec: { selector: { matchLabels: { a: "c" } } } }),
      ["spec"],
    ],
  ])("%s", async (_, type, olds, news, replaces) => {
    const diff = await kubernetes.diff(type, olds, news);
    expect(diff.replaces).toEqual(replaces);
    expect(diff.changed).not.toEqual([]);
  });
});

test("a function of the provider is noted", async () => {
  await kubernetes.invoke("kubernetes:helm:template", {});
  expect(rehearsal.notRehearsed).toEqual([
    {
      what: "kubernetes:helm:template",
      why: "the Kubernetes provider answers it, which is not run; an empty answer was given",
    },
  ]);
});

describe("YAML is decoded as the provider does", () => {
  const decode = async (text: string, args: Properties = {}) =>
    (await kubernetes.invoke("kubernetes:yaml:decode", { text, ...args }))["result"];

  test("several documents, empty ones, and members of a list; a namespace where the kind has one", async () => {
    const text = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
---
# nothing
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ServiceAccount, metadata: {name: api, namespace: shop}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: api}}
`;
    expect(await decode(text)).toMatchObject([
      { kind: "Namespace", metadata: { name: "shop" } },
      { kind: "ServiceAccount", metadata: { name: "api", namespace: "shop" } },
      { kind: "Deployment", metadata: { name: "api", namespace: "default" } },
    ]);
    expect(
      await decode("{kind: Pod, apiVersion: v1, metadata: {name: x}}", { defaultNamespace: "jobs" }),
    ).toMatchObject([{ metadata: { namespace: "jobs" } }]);
    expect(rehearsal.notRehearsed.filter(({ what }) => what.includes("yaml"))).toEqual([]);
  });

  test.each([
    ["", []],
    ["# only a comment", []],
    ["just text", []],
  ])("%j has no objects", async (text, objects) => {
    expect(await decode(text)).toEqual(objects);
  });

  test("what is no YAML is refused, and so is one that would grow without end", async () => {
    await expect(decode("{a: [")).rejects.toMatchObject({ details: expect.stringContaining("parse yaml") as string });
    const lines = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`);
    await expect(decode(["l0: &l0 [x]", ...lines].join("\n"))).rejects.toMatchObject({
      details: expect.stringContaining("alias") as string,
    });
  });
});

describe("a Helm release", () => {
  const release = "kubernetes:helm.sh/v3:Release";

  test("gets a name and the namespace where it has none", async () => {
    expect((await kubernetes.check(release, { chart: "velero", name: "" })).inputs).toEqual({
      chart: "velero",
      name: expect.stringMatching(/^api-[0-9a-f]{8}$/) as string,
      namespace: "default",
    });
    const given = { chart: "velero", name: "backup", namespace: "velero" };
    expect((await kubernetes.check(release, given)).inputs).toEqual(given);
    expect((await kubernetes.check(release, { name: unknown, namespace: unknown })).inputs).toEqual({
      name: unknown,
      namespace: unknown,
    });
  });

  test("keeps the name that was generated before", async () => {
    expect((await kubernetes.check(release, { chart: "velero" }, { name: "api-0123abcd" })).inputs["name"]).toBe(
      "api-0123abcd",
    );
  });

  test("has an id and a status once it is deployed", async () => {
    const inputs = { chart: "oci://ghcr.io/example/velero", name: "backup", namespace: "velero", version: "1.2.3" };
    const { id, outputs } = await kubernetes.create(release, inputs);
    expect(id).toBe("velero/backup");
    expect(outputs["status"]).toEqual({
      name: "backup",
      namespace: "velero",
      chart: "velero",
      version: "1.2.3",
      revision: 1,
      status: "deployed",
    });
  });

  test("has no status in a first preview", async () => {
    const waiting = await connect(firstPreview, "kubernetes");
    const { outputs } = await waiting.create(release, { chart: "velero", name: "backup" }, { preview: true });
    expect(outputs["status"]).toBe(unknown);
  });
});
