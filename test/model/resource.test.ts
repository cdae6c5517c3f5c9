import { absent, known, unknown, type Fact } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  booleanAt,
  cameFrom,
  computedText,
  entries,
  fact,
  list,
  numberAt,
  pathText,
  sameText,
  text,
  textOfEntry,
  toResource,
} from "../../policy-pack/src/model/resource";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns } from "../support/stack";

const role = (inputs: Properties, outputs: Properties, from: Readonly<Record<string, readonly string[]>> = {}) =>
  toResource(resource("aws:iam/role:Role", "api", inputs, { outputs, from }));

/** `known 3`, `absent`, `unknown, with shop`. */
function describeFact(found: Fact<unknown>): string {
  if (found.is === "known") return `known ${JSON.stringify(found.value)}`;
  if (found.is === "absent") return "absent";
  return ["unknown", ...found.waitsFor.map((urn) => urn.slice(urn.lastIndexOf("::") + 2))].join(", with ");
}

describe("a property of a resource", () => {
  test.each<[string, Value, Value | undefined, string]>([
    ["is as the program wrote it, not as the provider gives it back", "https://a", "a", 'known "https://a"'],
    ["is as written where the cloud has said nothing", "a", undefined, 'known "a"'],
    ["is what the cloud says while the input is unknown", UNKNOWN, "a", 'known "a"'],
    ["is unknown while both are", UNKNOWN, UNKNOWN, "unknown, with shop"],
    ["is unknown where the cloud has nothing", UNKNOWN, null, "unknown, with shop"],
    ["is unknown where there is no output", UNKNOWN, undefined, "unknown, with shop"],
    ["is unknown only in part where both are so", ["a", UNKNOWN], [UNKNOWN, UNKNOWN], 'known ["a",{"$unknown":true}]'],
  ])("%s", (_, input, output, expected) => {
    const read = role({ x: input }, output === undefined ? {} : { x: output }, { x: [urns.cluster] });
    const found = describeFact(fact(read, "x"));
    expect(expected.includes("$unknown") ? found.replace(/\{.*\}/, '{"$unknown":true}') : found).toBe(expected);
  });

  test("stands among the outputs where the program wrote none", () => {
    const read = role({}, { arn: ROLE_ARN });
    expect([describeFact(text(read, "arn")), read.inputs]).toEqual([`known "${ROLE_ARN}"`, {}]);
  });

  test("of a resource that only the stack phase saw is what the outputs say", () => {
    const { urn, type, name } = resource("aws:iam/role:Role", "api", {});
    const read = toResource({ urn, type, name, outputs: { name: "api" }, dependencies: [], propertyDependencies: {} });
    expect([describeFact(text(read, "name")), read.inputs]).toEqual(['known "api"', undefined]);
  });

  test("came from the resources that Pulumi recorded for it alone", () => {
    const read = role({ name: "a" }, {}, { name: [urns.cluster] });
    expect([cameFrom(read, "name"), cameFrom(read, "path"), cameFrom(read, "constructor")]).toEqual([
      [urns.cluster],
      [],
      [],
    ]);
  });

  test("is a list also where it is a single text", () => {
    const read = role({ one: "a", two: ["a", "b"] }, {});
    expect([describeFact(list(read, "one")), describeFact(list(read, "two"))]).toEqual([
      'known ["a"]',
      'known ["a","b"]',
    ]);
  });
});

describe("a text that the cloud makes", () => {
  test.each<[string, Properties, string]>([
    ["is known once it is there", { arn: ROLE_ARN }, `known "${ROLE_ARN}"`],
    ["waits for the resource itself while it is not there", {}, "unknown, with api"],
    ["waits for the resource itself while it is unknown", { arn: UNKNOWN }, "unknown, with api"],
  ])("%s", (_, outputs, expected) => {
    expect(describeFact(computedText(role({}, outputs), "arn"))).toBe(expected);
  });
});

describe("a map of texts", () => {
  const read = (labels: Value) => entries({ labels }, ["labels"], "metadata.labels", [urns.cluster]);
  const inLine = (labels: Value) => {
    const found = read(labels);
    if (found.is !== "known") return describeFact(found);
    return found.value.map(({ path, value }) => `${path} ${describeFact(value)}`).join("; ");
  };
  test.each<[string, Value, string]>([
    ["has a path for each", { app: "api" }, 'metadata.labels["app"] known "api"'],
    ["may have unknown values", { app: UNKNOWN }, 'metadata.labels["app"] unknown, with shop'],
    ["may be empty", {}, ""],
    ["may be unknown", UNKNOWN, "unknown, with shop"],
    ["is none where it is not there", null, "absent"],
    ["is none where it is a text", "app=api", "absent"],
  ])("%s", (_, labels, expected) => {
    expect(inLine(labels)).toBe(expected);
  });

  test.each<[string, Value, string]>([
    ["is found by its key", { app: "api" }, 'known "api"'],
    ["is absent under another", { tier: "api" }, "absent"],
    ["is unknown with the whole map", UNKNOWN, "unknown, with shop"],
    ["is absent with the whole map", null, "absent"],
  ])("a value %s", (_, labels, expected) => {
    expect(describeFact(textOfEntry(read(labels), "app"))).toBe(expected);
  });
});

describe("a path", () => {
  test.each<[readonly (string | number)[], string]>([
    [["metadata", "annotations", "a/b"], 'metadata.annotations["a/b"]'],
    [["items", 2, "metadata"], "items[2].metadata"],
    [[0], "[0]"],
    [["a b"], '["a b"]'],
    [["1a"], '["1a"]'],
    [["$ref", "_x1"], "$ref._x1"],
    [[], ""],
  ])("%j", (steps, expected) => {
    expect(pathText(steps)).toBe(expected);
  });
});

describe("a number", () => {
  test.each<[string, Value, string]>([
    ["as it is", 3600, "known 3600"],
    ["as text, as in YAML", "3600", "known 3600"],
    ["as text with blanks around it", " 3600 ", "known 3600"],
    ["of nothing", 0, "known 0"],
    ["without an end", Infinity, "absent"],
    ["in words", "an hour", "absent"],
    ["of blanks", "  ", "absent"],
    ["of no text at all", "", "absent"],
    ["of a truth", true, "absent"],
    ["in a list", [3600], "absent"],
    ["not set", null, "absent"],
    ["not known yet", UNKNOWN, "unknown"],
  ])("%s", (_, value, expected) => {
    expect(describeFact(numberAt({ x: value }, ["x"]))).toBe(expected);
  });

  test("waits for what it came from", () => {
    expect(describeFact(numberAt({ x: UNKNOWN }, ["x"], [urns.cluster]))).toBe("unknown, with shop");
  });
});

describe("a truth", () => {
  test.each<[string, Value, string]>([
    ["that holds", true, "known true"],
    ["that does not", false, "known false"],
    ["as text", "true", "absent"],
    ["as a number", 1, "absent"],
    ["not set", null, "absent"],
    ["not known yet", UNKNOWN, "unknown"],
  ])("%s", (_, value, expected) => {
    expect(describeFact(booleanAt({ x: value }, ["x"]))).toBe(expected);
  });

  test("waits for what it came from", () => {
    expect(describeFact(booleanAt({ x: UNKNOWN }, ["x"], [urns.cluster]))).toBe("unknown, with shop");
  });
});

describe("two texts", () => {
  const output = urnOf("pulumi:pulumi:StackReference", "platform");
  const later = (...from: readonly string[]) => unknown(from);
  test.each<[string, Fact<string>, Fact<string>, boolean | undefined]>([
    ["that are alike", known("a"), known("a"), true],
    ["that differ", known("a"), known("b"), false],
    ["of which one is unknown", known("a"), later(urns.namespace), undefined],
    ["of which the other is unknown", later(urns.namespace), known("a"), undefined],
    ["of which one is absent", known("a"), absent, undefined],
    ["of which the first is absent", absent, known("a"), undefined],
    ["that are both absent", absent, absent, undefined],
    ["of which one is absent and the other comes from a Namespace", absent, later(urns.namespace), undefined],
    ["that both come from one Namespace", later(urns.namespace), later(urns.namespace), true],
    ["that both come from one account", later(urns.serviceAccount), later(urns.serviceAccount), true],
    ["that come from one stack reference", later(output), later(output), undefined],
    ["that come from two resources", later(urns.namespace), later(urns.serviceAccount), undefined],
    [
      "of which the first may come from two",
      later(urns.namespace, urns.serviceAccount),
      later(urns.namespace),
      undefined,
    ],
    [
      "of which the second may come from two",
      later(urns.namespace),
      later(urns.namespace, urns.serviceAccount),
      undefined,
    ],
    ["that come from nowhere", later(), later(), undefined],
    ["of which the first comes from nowhere", later(), later(urns.namespace), undefined],
    ["of which the second comes from nowhere", later(urns.namespace), later(), undefined],
  ])("%s", (_, a, b, expected) => {
    expect(sameText(a, b)).toBe(expected);
  });
});
