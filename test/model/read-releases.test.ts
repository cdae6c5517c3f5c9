import { UNKNOWN, resource, urns, wired } from "../support/stack";
import { buildModel } from "../../policy-pack/src/model/build";
import { toResource } from "../../policy-pack/src/model/resource";
import { KubernetesScopes, readOpaqueSource } from "../../policy-pack/src/model/read-kubernetes";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import type { OpaqueSource } from "../../policy-pack/src/model/types";
import { factText } from "../support/answers";
import { namesOf } from "../support/pods";

const RELEASE = "kubernetes:helm.sh/v3:Release";

function releaseIn(inputs: Properties, from: Readonly<Record<string, readonly string[]>> = {}): OpaqueSource {
  const [source] = buildModel(wired({ plus: [resource(RELEASE, "driver", inputs, { from })] })).opaqueSources;
  if (!source) throw new Error("no release");
  return source;
}

describe("a Helm release", () => {
  test("is reported under its kind and name", () => {
    expect(releaseIn({ chart: "aws-ebs-csi-driver" })).toMatchObject({
      title: 'Release "driver"',
      type: RELEASE,
      chart: "aws-ebs-csi-driver",
    });
  });

  test.each<[string, Properties, string, string]>([
    ["that are written", { namespace: "kube-system", values: { a: 1 } }, "kube-system", '{"a":1} from shop'],
    ["none", {}, "absent", "{} from shop"],
    ["that are unknown", { namespace: UNKNOWN, values: UNKNOWN }, "unknown: api", '{"$unknown":true} from shop'],
    ["of another shape", { values: "a" }, "absent", "{} from shop"],
  ])("has a namespace and values: %s", (_, inputs, namespace, values) => {
    const source = releaseIn(inputs, { namespace: [urns.role], values: [urns.cluster] });
    expect(factText(source.namespace)).toBe(namespace);
    expect(`${JSON.stringify(source.values)} from ${namesOf(source.valuesFrom)}`).toBe(values);
  });
});

describe("a release has values that nobody sees", () => {
  const scopes = new KubernetesScopes(new Map(), [], () => []);
  const unseen = (inputs: Properties | undefined, outputs: Properties = {}): boolean => {
    const { inputs: written, ...seen } = resource(RELEASE, "driver", inputs ?? {}, { outputs });
    const source = toResource(inputs && written ? { ...seen, inputs: written } : seen);
    return readOpaqueSource(source, scopes).hasUnseenValues;
  };
  const files = { valueYamlFiles: [{ path: "values.yaml" }] };

  test.each<[string, () => boolean, boolean]>([
    ["where files hold some", () => unseen(files), true],
    ["while it is not known whether files do", () => unseen({ valueYamlFiles: UNKNOWN }), true],
    ["not without files", () => unseen({}), false],
    ["not with an empty list of files", () => unseen({ valueYamlFiles: [] }), false],
    ["not once the provider has laid them over the others", () => unseen({ ...files, checksum: "5f1d" }), false],
    ["still where only the last update did so", () => unseen(files, { ...files, checksum: "5f1d" }), true],
    ["where only the state shows the release", () => unseen(undefined, files), true],
    ["not where that state has them laid over", () => unseen(undefined, { ...files, checksum: "5f1d" }), false],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });
});
