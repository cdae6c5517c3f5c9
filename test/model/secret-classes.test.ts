import { buildModel } from "../../policy-pack/src/model/build";
import {
  classesOfDefault,
  classUserOf,
  mountedClass,
  type ClassWithoutRole,
} from "../../policy-pack/src/model/secret-classes";
import type { Value } from "../../policy-pack/src/facts/value";
import { knownValueOr } from "../../policy-pack/src/facts/fact";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";
import {
  kubeconfig,
  kubernetesProvider,
  resource,
  ROLE_ARN,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Change,
  type Wiring,
} from "../support/stack";
import { podSpec, workloadIn } from "../support/pods";
import { ACCOUNT_TYPE, accountOf, clusterOf, providerOn } from "../support/trust-stacks";

const CLASS = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass";

const classOf = (
  metadata: Value = { name: "db", namespace: "shop" },
  spec: Value = { provider: "aws" },
  options: Parameters<typeof resource>[3] = {},
): SnapshotResource => resource(CLASS, "db", { metadata, spec }, options);
const volume = (name: Value): Value => ({
  name: "secrets",
  csi: { driver: "secrets-store.csi.k8s.io", volumeAttributes: { secretProviderClass: name } },
});
const SCRATCH: Value = { name: "scratch", emptyDir: {} };
const mounting = (name: Value = "db", more: Change = {}): Change => podSpec({ volumes: [volume(name)], ...more });
const inSecond = (urn: string) => ({ provider: providerOn(urn) });

function shown(found: ClassWithoutRole | undefined): string {
  return found ? `${found.workload.title} mounts ${found.secretClass.title}` : "none";
}
const FOUND = 'Deployment "shop/api" mounts SecretProviderClass "db"';

describe("a class of secrets", () => {
  const parameters = (usePodIdentity: Value): Value => ({ provider: "aws", parameters: { usePodIdentity } });
  test.each<[string, Value, string]>([
    ["of AWS uses the role of the pods' account", { provider: "aws" }, "db"],
    ["of AWS with objects does so too", { provider: "aws", parameters: { objects: "[]" } }, "db"],
    ["that says so does so too", parameters("false"), "db"],
    ["that uses Pod Identity does not", parameters("true"), ""],
    ["may not do so while that is unknown", parameters(UNKNOWN), ""],
    ["of another provider does not", { provider: "vault" }, ""],
    ["may be of another provider while that is unknown", { provider: UNKNOWN }, ""],
    ["without a provider does not", {}, ""],
  ])("%s", (_, spec, expected) => {
    const model = buildModel(wired({ plus: [classOf(undefined, spec)] }));
    expect(model.secretClasses.map(({ name }) => knownValueOr(name, "?")).join()).toBe(expected);
  });

  test("is no object of another kind", () => {
    const other = resource("kubernetes:external-secrets.io/v1:SecretStore", "db", {
      metadata: { name: "db", namespace: "shop" },
      spec: { provider: "aws" },
    });
    expect(buildModel(wired({ plus: [other] })).secretClasses).toHaveLength(0);
  });

  test("waits for what its name came from", () => {
    const made = classOf({ name: UNKNOWN, namespace: "shop" }, undefined, { from: { metadata: [urns.namespace] } });
    const [found] = buildModel(wired({ plus: [made] })).secretClasses;
    expect([found?.title, found?.name]).toEqual([
      'SecretProviderClass "db"',
      { is: "unknown", waitsFor: [urns.namespace] },
    ]);
  });

  test.each<[string, Value, string]>([
    ["that is written", { name: "db", namespace: "shop" }, "shop"],
    ["of its provider where none is written", { name: "db" }, "platform"],
    ["that is unknown", { name: "db", namespace: UNKNOWN }, "?"],
  ])("is in the namespace %s", (_, metadata, expected) => {
    const inputs = { kubeconfig: kubeconfig("https://example.com"), namespace: "platform" };
    const made = classOf(metadata, undefined, { provider: kubernetesProvider("shop", inputs) });
    const [found] = buildModel(wired({ plus: [made] })).secretClasses;
    expect(found && knownValueOr(found.namespace, "?")).toBe(expected);
  });
});

describe("the class that pods mount", () => {
  const mounted = (changes: Wiring): string => {
    const { model, workload } = workloadIn(wired(changes));
    return mountedClass(workload, model)?.title ?? "none";
  };
  const DB = 'SecretProviderClass "db"';
  test.each<[string, Wiring, string]>([
    ["is that of its name", { deployment: mounting(), plus: [classOf()] }, DB],
    [
      "is found among other volumes",
      { deployment: podSpec({ volumes: [SCRATCH, volume("db")] }), plus: [classOf()] },
      DB,
    ],
    ["is none of another name", { deployment: mounting("cache"), plus: [classOf()] }, "none"],
    ["is none while the name is unknown", { deployment: mounting(UNKNOWN), plus: [classOf()] }, "none"],
    ["is none where there are no volumes", { plus: [classOf()] }, "none"],
    ["is none while the volumes are unknown", { deployment: podSpec({ volumes: UNKNOWN }), plus: [classOf()] }, "none"],
    [
      "is none where the volumes are of other kinds",
      { deployment: podSpec({ volumes: [SCRATCH] }), plus: [classOf()] },
      "none",
    ],
    [
      "is none of another namespace",
      { deployment: mounting(), plus: [classOf({ name: "db", namespace: "ops" })] },
      "none",
    ],
    [
      "is none of another cluster",
      { deployment: mounting(), plus: [clusterOf("second"), classOf(undefined, undefined, inSecond("second"))] },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(mounted(changes)).toBe(expected);
  });
});

describe("pods of an account that mount a class", () => {
  const user = (changes: Wiring): string => {
    const model = buildModel(wired({ plus: [classOf()], ...changes }));
    const account = model.serviceAccounts.find(({ urn }) => urn === urns.serviceAccount);
    return account ? shown(classUserOf(account, model)) : "no account";
  };
  const named = (name: Value): Change => ({ metadata: { name } });
  test.each<[string, Wiring, string]>([
    ["are those that name it", { deployment: mounting() }, FOUND],
    ["are none where they mount nothing", {}, "none"],
    ["are none where there are no pods", { deployment: null }, "none"],
    [
      "are those that take its name while it has none",
      { serviceAccount: named(UNKNOWN), deployment: mounting("db", { serviceAccountName: UNKNOWN }) },
      FOUND,
    ],
    [
      "are none that may mean another account while it has no name",
      { serviceAccount: named(UNKNOWN), deployment: mounting() },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(user(changes)).toBe(expected);
  });
});

describe("pods of the account default that mount a class", () => {
  const alone = (name?: Value): Wiring => ({
    serviceAccount: null,
    deployment: mounting("db", { serviceAccountName: name }),
  });
  const plain = (name: Value, more: Value = {}, options: Parameters<typeof resource>[3] = {}) =>
    resource(ACCOUNT_TYPE, "second", { metadata: { name, namespace: "shop", ...(more as object) } }, options);
  test.each<[string, Wiring, string]>([
    ["go without their secrets", alone(), FOUND],
    ["do so where they name it", alone("default"), FOUND],
    ["are none of another account", alone("billing"), "none"],
    ["may be none while the name is unknown", alone(UNKNOWN), "none"],
    [
      "are none where they mount nothing",
      { serviceAccount: null, deployment: podSpec({ serviceAccountName: undefined }) },
      "none",
    ],
    ["may be none where others make the namespace", { ...alone(), namespace: null }, "none"],
    [
      "may be none of a Deployment that the stack only patches",
      {
        ...alone(),
        deployment: null,
        plus: [
          resource("kubernetes:apps/v1:DeploymentPatch", "api", {
            metadata: { name: "api", namespace: "shop" },
            spec: { template: { spec: { volumes: [volume("db")] } } },
          }),
        ],
      },
      "none",
    ],
    ["are so beside an account without a role", { ...alone(), plus: [plain("web")] }, FOUND],
    ["may be none beside one with a role", { ...alone(), plus: [accountOf("shop/web", ROLE_ARN)] }, "none"],
    [
      "may be none beside one whose role is unknown",
      { ...alone(), plus: [plain("web", { annotations: UNKNOWN })] },
      "none",
    ],
    ["may be none beside a declared account default", { ...alone(), plus: [plain("default")] }, "none"],
    ["may be none beside an account without a name yet", { ...alone(), plus: [plain(UNKNOWN)] }, "none"],
    [
      "are so beside one with a role in another namespace",
      { ...alone(), plus: [accountOf("ops/web", ROLE_ARN)] },
      FOUND,
    ],
    [
      "are so beside one with a role on another cluster",
      { ...alone(), plus: [clusterOf("second"), accountOf("shop/web", ROLE_ARN, inSecond("second"))] },
      FOUND,
    ],
  ])("%s", (_, changes, expected) => {
    const model = buildModel(wired({ ...changes, plus: [classOf(), ...(changes.plus ?? [])] }));
    const all = classesOfDefault(model).map(shown);
    expect(all.length > 0 ? all.join("; ") : "none").toBe(expected);
  });

  test("are told by their own resource", () => {
    const [found] = classesOfDefault(buildModel(wired({ ...alone(), plus: [classOf()] })));
    expect([found?.workload.urn, found?.secretClass.urn]).toEqual([urns.deployment, urnOf(CLASS, "db")]);
  });
});
