import {
  awaitedEnvironment,
  environmentOf,
  literal,
  setVariable,
  type Variable,
} from "../../policy-pack/src/model/workload-env";
import type { Container } from "../../policy-pack/src/model/types";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, UNKNOWN, urns, wired } from "../support/stack";
import { envOf, namesOf, podOf, workloadIn, type Written } from "../support/pods";

const SETTINGS = resource("kubernetes:core/v1:ConfigMap", "settings", {
  metadata: { name: "settings", namespace: "shop" },
  data: { AWS_REGION: "eu-west-1", MODE: "fast" },
});
const LATER = resource("kubernetes:core/v1:Secret", "later", {
  metadata: { name: "later", namespace: "shop" },
  stringData: UNKNOWN,
});

function containerWith(parts: Written): Container {
  const edges = { "deployment.spec": [urns.namespace] } as const;
  const { workload } = workloadIn(wired({ deployment: podOf(parts), plus: [SETTINGS, LATER], edges }));
  const { containers } = workload.pod;
  const [container] = containers.is === "known" ? containers.value : [];
  if (!container) throw new Error("no container");
  return container;
}

/** `AWS_REGION=eu-west-1` for a literal, `MODE from envFrom of settings` for others. */
function describeVariable({ name, value, from, declaredBy }: Variable): string {
  if (value.is === "known") return `${name}=${value.value}`;
  return `${name} from ${from}${declaredBy === undefined ? "" : ` of ${namesOf([declaredBy])}`}`;
}

function environment(parts: Written): string {
  const found = environmentOf(containerWith(parts));
  if (found.is !== "known") return found.is;
  const { written, all, complete } = found.value;
  const imported = [...all.values()].filter((each) => written.get(each.name) !== each);
  const lists = [[...written.values()], imported].map((list) => list.map(describeVariable).join(", ") || "nothing");
  return `${lists.join(" and ")}${complete ? "" : ", and more"}`;
}

const mapRef = (name: Value, more: Written = {}): Value => ({ configMapRef: { name }, ...more });
const SECRET = { valueFrom: { secretKeyRef: { name: "keys", key: "id" } } };

describe("what a container's process sees", () => {
  test.each<[string, Written, string]>([
    ["is nothing where nothing is written", {}, "nothing and nothing"],
    ["is what is written", { env: envOf({ AWS_REGION: "eu-west-1" }) }, "AWS_REGION=eu-west-1 and nothing"],
    ["is not known while the list is not", { env: UNKNOWN }, "unknown"],
    ["is not known while a name is not", { env: [{ name: UNKNOWN, value: "x" }] }, "unknown"],
    ["is nothing by an entry without a name", { env: [{ value: "x" }] }, "nothing and nothing"],
    [
      "may be the text of another variable",
      { env: envOf({ AWS_REGION: "$(REGION)" }) },
      "AWS_REGION from value and nothing",
    ],
    [
      "may come from a Secret",
      { env: [{ name: "AWS_ACCESS_KEY_ID", ...SECRET }] },
      "AWS_ACCESS_KEY_ID from valueFrom and nothing",
    ],
    [
      "is what a ConfigMap of the stack holds",
      { envFrom: [mapRef("settings")] },
      "nothing and AWS_REGION from envFrom of settings, MODE from envFrom of settings",
    ],
    [
      "has the prefix of what it comes from",
      { envFrom: [mapRef("settings", { prefix: "X_" })] },
      "nothing and X_AWS_REGION from envFrom of settings, X_MODE from envFrom of settings",
    ],
    [
      "is what is written rather than what a ConfigMap holds",
      { env: envOf({ AWS_REGION: "eu-west-2" }), envFrom: [mapRef("settings")] },
      "AWS_REGION=eu-west-2 and MODE from envFrom of settings",
    ],
    ["is more where the list of sources is not known", { envFrom: UNKNOWN }, "nothing and nothing, and more"],
    ["is more where a source lives elsewhere", { envFrom: [mapRef("others")] }, "nothing and nothing, and more"],
    [
      "is more where the keys of a source are not known",
      { envFrom: [{ secretRef: { name: "later" } }] },
      "nothing and nothing, and more",
    ],
    [
      "is more where the prefix of a source is not known",
      { envFrom: [mapRef("settings", { prefix: UNKNOWN })] },
      "nothing and nothing, and more",
    ],
  ])("%s", (_, parts, expected) => {
    expect(environment(parts)).toBe(expected);
  });
});

describe("what tells what that is", () => {
  test.each<[string, Written, string]>([
    ["is nothing once all is known", { env: envOf({ MODE: "x" }), envFrom: [mapRef("settings")] }, "nothing"],
    ["is nothing where nothing is written", {}, "nothing"],
    ["is what the list came from", { env: UNKNOWN }, "shop"],
    ["is what the list of sources came from", { envFrom: UNKNOWN }, "shop"],
    ["is what a name came from", { env: [{ name: UNKNOWN, value: "x" }] }, "shop"],
    ["is what the variable that is asked for came from", { env: envOf({ AWS_REGION: UNKNOWN }) }, "shop"],
    ["is not what another came from", { env: envOf({ MODE: UNKNOWN, AWS_REGION: "eu-west-1" }) }, "nothing"],
    ["is what the name of a source came from", { envFrom: [mapRef(UNKNOWN)] }, "shop"],
    ["is what the prefix of a source came from", { envFrom: [mapRef("settings", { prefix: UNKNOWN })] }, "shop"],
    [
      "is nobody knows what, while the keys of a source are not known",
      { envFrom: [{ secretRef: { name: "later" } }] },
      "nobody can say what",
    ],
  ])("%s", (_, parts, expected) => {
    expect(namesOf(awaitedEnvironment(containerWith(parts), "AWS_REGION"))).toBe(expected);
  });
});

describe("a variable is set", () => {
  const stateOf = (env: Value): string => {
    const found = environmentOf(containerWith({ env, envFrom: [mapRef("settings")] }));
    if (found.is !== "known") return found.is;
    const variable = setVariable(found.value, "AWS_REGION");
    return variable
      ? `${describeVariable(variable)}, literally ${literal(found.value, "AWS_REGION") ?? "nothing"}`
      : "not set";
  };

  test.each<[string, Value, string]>([
    ["by a text", envOf({ AWS_REGION: "eu-west-2" }), "AWS_REGION=eu-west-2, literally eu-west-2"],
    ["by a text that is not known yet", envOf({ AWS_REGION: UNKNOWN }), "AWS_REGION from value, literally nothing"],
    ["by a Secret", [{ name: "AWS_REGION", ...SECRET }], "AWS_REGION from valueFrom, literally nothing"],
    ["by a ConfigMap", [], "AWS_REGION from envFrom of settings, literally nothing"],
    ["not by an empty text, although that hides the ConfigMap's", envOf({ AWS_REGION: "" }), "not set"],
    ["not by a name alone", [{ name: "AWS_REGION" }], "not set"],
  ])("%s", (_, env, expected) => {
    expect(stateOf(env)).toBe(expected);
  });
});
