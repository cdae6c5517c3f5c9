import { absent, knownValueOr, type Fact } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { readObjectMeta, readPod } from "../../policy-pack/src/model/read-pod";
import type { Pod } from "../../policy-pack/src/model/types";
import { factText } from "../support/answers";
import { UNKNOWN, urns } from "../support/stack";

const noKeys = () => ({ keys: absent, declaredBy: undefined });
const podOf = (spec: Value, keysOf: Parameters<typeof readPod>[3] = noKeys): Pod =>
  readPod({ template: { spec } }, ["template"], [urns.serviceAccount], keysOf);

const elements = <T>(list: Fact<readonly T[]>): readonly T[] => knownValueOr<readonly T[]>(list, []);

describe("the containers of a pod", () => {
  const containersOf = (spec: Value): string => {
    const { containers } = podOf(spec);
    return containers.is === "known"
      ? elements(containers)
          .map(({ kind, name, path }) => `${kind} ${factText(name)} at ${path}`)
          .join("\n")
      : factText(containers);
  };

  test("are those of all three lists", () => {
    const spec = {
      containers: [{ name: "api" }, { name: UNKNOWN }],
      initContainers: [{ name: "migrate" }],
      ephemeralContainers: [{ name: "debug" }],
    };
    expect(containersOf(spec)).toBe(
      [
        "container api at template.spec.containers[0]",
        "container unknown: api at template.spec.containers[1]",
        "init container migrate at template.spec.initContainers[0]",
        "ephemeral container debug at template.spec.ephemeralContainers[0]",
      ].join("\n"),
    );
  });

  test.each<[string, Value, string]>([
    ["none where no list is there", {}, ""],
    ["unknown while one of the lists is", { containers: [{ name: "api" }], initContainers: UNKNOWN }, "unknown: api"],
    ["unknown while the pod is", UNKNOWN, "unknown: api"],
  ])("are %s", (_, spec, expected) => {
    expect(containersOf(spec)).toBe(expected);
  });
});

describe("the environment of a container", () => {
  const containerOf = (container: Value, keysOf?: Parameters<typeof readPod>[3]) => {
    const [read] = elements(podOf({ containers: [container] }, keysOf).containers);
    if (!read) throw new Error("no container");
    return read;
  };

  test.each<[string, Value, string]>([
    ["a literal value", { name: "A", value: "x" }, "A from value: x"],
    ["a literal value that is empty", { name: "A", value: "" }, "A from value: "],
    ["a literal value that is unknown", { name: "A", value: UNKNOWN }, "A from value: unknown: api"],
    ["a reference", { name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }, "A from valueFrom: absent"],
    ["a reference that is unknown", { name: "A", valueFrom: UNKNOWN }, "A from valueFrom: absent"],
    ["both, which Kubernetes refuses", { name: "A", value: "x", valueFrom: {} }, "A from valueFrom: x"],
    ["neither, which makes it empty", { name: "A" }, "A from nothing: absent"],
    ["null in place of either", { name: "A", value: null, valueFrom: null }, "A from nothing: absent"],
  ])("a variable of %s", (_, variable, expected) => {
    const described = elements(containerOf({ env: [variable] }).env).map(
      ({ name, from, value }) => `${factText(name)} from ${from}: ${factText(value)}`,
    );
    expect(described.join(", ")).toBe(expected);
  });

  test.each<[string, Value, string]>([
    ["a ConfigMap", { configMapRef: { name: "settings" } }, "keys of configMap settings with absent"],
    ["a Secret", { secretRef: { name: "token" }, prefix: "P_" }, "keys of secret token with P_"],
    ["an unknown ConfigMap", { configMapRef: UNKNOWN }, "keys of configMap unknown: api with absent"],
  ])("all keys of %s", (_, source, expected) => {
    const asked: string[] = [];
    const container = containerOf({ envFrom: [source] }, (kind, name) => {
      asked.push(`keys of ${kind} ${factText(name)}`);
      return noKeys();
    });
    const [read] = elements(container.envFrom);
    expect(`${asked.join()} with ${factText(read?.prefix)}`).toBe(expected);
    expect(`keys of ${read?.kind ?? ""} ${factText(read?.name)}`).toBe(asked.join());
  });

  test("mounts with their paths", () => {
    const mounts = [{ name: "token", mountPath: "/var/run/token", subPath: "t" }, { name: "data" }];
    const described = elements(containerOf({ volumeMounts: mounts }).mounts).map(
      ({ path, volume, mountPath, subPath }) =>
        `${path.slice(-15)} ${factText(volume)} ${factText(mountPath)} ${factText(subPath)}`,
    );
    expect(described).toEqual(["volumeMounts[0] token /var/run/token t", "volumeMounts[1] data absent absent"]);
  });
});

describe("the volumes of a pod", () => {
  const volumeOf = (volume: Value) => {
    const [read] = elements(podOf({ volumes: [volume] }).volumes);
    if (!read) throw new Error("no volume");
    return read;
  };

  test.each<[string, Value, string]>([
    ["its key beside the name", { name: "v", emptyDir: {} }, "emptyDir"],
    ["not one that is null", { name: "v", emptyDir: null, secret: { secretName: "s" } }, "secret"],
    ["none where there is only a name", { name: "v" }, "absent"],
    ["none for something that is no object", "v", "absent"],
    ["unknown while the volume is", UNKNOWN, "unknown: api"],
  ])("the source of one is %s", (_, volume, expected) => {
    expect(factText(volumeOf(volume).source)).toBe(expected);
  });

  test.each<[string, Value, string]>([
    ["a Secret", { name: "v", secret: { secretName: "s" } }, "s, absent, absent"],
    ["a Secret that is not known yet", { name: "v", secret: UNKNOWN }, "unknown: api, absent, absent"],
    [
      "a class of the Secrets Store driver",
      { name: "v", csi: { volumeAttributes: { secretProviderClass: "c" } } },
      "absent, c, absent",
    ],
    ["a mode", { name: "v", projected: { defaultMode: 420 } }, "absent, absent, 420"],
  ])("one names %s", (_, volume, expected) => {
    const { secretName, secretProviderClass, defaultMode } = volumeOf(volume);
    expect([secretName, secretProviderClass, defaultMode].map(factText).join(", ")).toBe(expected);
  });

  test.each<[string, Value, string]>([
    [
      "each token of the sources, and nothing else",
      [
        { configMap: { name: "ca" } },
        { serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 3600, path: "token" } },
        { serviceAccountToken: { path: "vault" } },
      ],
      "sources[1].serviceAccountToken: sts.amazonaws.com 3600 token; sources[2].serviceAccountToken: absent absent vault",
    ],
    ["a token that is not known yet", [{ serviceAccountToken: UNKNOWN }], tokenAt("unknown: api")],
    ["a source that is not known yet", [UNKNOWN], tokenAt("unknown: api")],
    ["no token of other sources", [{ downwardAPI: {} }], ""],
    ["unknown tokens of unknown sources", UNKNOWN, "unknown: api"],
  ])("one projects %s", (_, sources, expected) => {
    const { tokens } = volumeOf({ name: "v", projected: { sources } });
    const described = elements(tokens).map(
      ({ path, audience, expirationSeconds, file }) =>
        `${path.replace(/^.*projected\./, "")}: ${[audience, expirationSeconds, file].map(factText).join(" ")}`,
    );
    expect(tokens.is === "known" ? described.join("; ") : factText(tokens)).toBe(expected);
  });

  function tokenAt(value: string): string {
    return `sources[0].serviceAccountToken: ${value} ${value} ${value}`;
  }
});

describe("a node affinity asks for Windows", () => {
  const os = { key: "kubernetes.io/os", operator: "In", values: ["windows"] };
  const zone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["windows"] };
  const terms = (...expressions: readonly Value[]): Value => [{ matchExpressions: expressions }];
  const asks = (nodeSelectorTerms: Value): boolean =>
    podOf({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    }).windowsAffinity;

  test.each<[string, Value, boolean]>([
    ["by the operating system", terms(os), true],
    ["by the older name of that label", terms({ ...os, key: "beta.kubernetes.io/os" }), true],
    ["beside other expressions", terms(zone, os), true],
    ["in one of several terms", [{ matchFields: [] }, { matchExpressions: [os] }], true],
    ["not by another label of that value", terms(zone), false],
    ["not by a label whose name ends in it", terms({ ...os, key: "example.com/kubernetes.io/os" }), false],
    ["not by a label whose name begins with it", terms({ ...os, key: "kubernetes.io/os-build" }), false],
    ["not by an unknown label", terms({ ...os, key: UNKNOWN }), false],
    ["not by exclusion", terms({ ...os, operator: "NotIn" }), false],
    ["not where Linux will do", terms({ ...os, values: ["windows", "linux"] }), false],
    ["not for Linux", terms({ ...os, values: ["linux"] }), false],
    ["not without values", terms({ key: os.key, operator: "In" }), false],
    ["not while the values are unknown", terms({ ...os, values: UNKNOWN }), false],
    ["not by a term of fields alone", [{ matchFields: [] }], false],
    ["not while the expressions are unknown", [{ matchExpressions: UNKNOWN }], false],
    ["not while the terms are unknown", UNKNOWN, false],
  ])("%s", (_, nodeSelectorTerms, expected) => {
    expect(asks(nodeSelectorTerms)).toBe(expected);
  });

  test("not where there is no affinity", () => {
    expect(podOf({}).windowsAffinity).toBe(false);
  });
});

describe("the rest of a pod", () => {
  test("is read with its paths", () => {
    const pod = podOf({
      serviceAccountName: "api",
      serviceAccount: "old",
      hostNetwork: true,
      nodeSelector: { zone: "a" },
      os: { name: "linux" },
      securityContext: { runAsUser: 1000, runAsNonRoot: true, fsGroup: 2000 },
    });
    expect({
      paths: [pod.path, pod.metadataPath, pod.securityContext.path],
      account: factText(pod.serviceAccountName),
      alias: factText(pod.serviceAccountAlias),
      hostNetwork: factText(pod.hostNetwork),
      selector: factText(pod.nodeSelector),
      os: factText(pod.osName),
      user: [pod.securityContext.runAsUser, pod.securityContext.runAsNonRoot, pod.securityContext.fsGroup].map(
        factText,
      ),
    }).toEqual({
      paths: ["template.spec", "template.metadata", "template.spec.securityContext"],
      account: "api",
      alias: "old",
      hostNetwork: "true",
      selector: '[{"key":"zone","path":"template.spec.nodeSelector[\\"zone\\"]","value":{"is":"known","value":"a"}}]',
      os: "linux",
      user: ["1000", "true", "2000"],
    });
  });

  test("annotations and labels stand in the metadata", () => {
    const { annotations, labels } = readObjectMeta({ metadata: { labels: { app: "api" } } }, ["metadata"], []);
    expect([annotations, labels].map(factText)).toEqual([
      "absent",
      '[{"key":"app","path":"metadata.labels[\\"app\\"]","value":{"is":"known","value":"api"}}]',
    ]);
  });

  test("waits for what the pod came from", () => {
    expect(factText(podOf({ serviceAccountName: UNKNOWN }).serviceAccountName)).toBe("unknown: api");
  });
});
