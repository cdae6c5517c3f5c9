import * as fc from "fast-check";
import { createPolicies } from "../../policy-pack/src/policies";
import { rules } from "../../policy-pack/src/rules";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { analyze, type Diagnostic, type Raw, type RawResource } from "../support/analyzer";
import { firstPreview, TODAY, wired } from "../support/stack";
import { anything, hostileResource, secret, SECRET_TEXT, SENTINEL, SIGNATURE, TYPES } from "./hostile";

/** How many hostile resources are sent: 2,000, or FUZZ_RUNS. */
const INPUTS = Number(process.env["FUZZ_RUNS"] ?? 2000);
const PER_STACK = 20;
jest.setTimeout(60_000 + INPUTS * 60);

const policies = (early: boolean) => createPolicies(rules, { today: () => TODAY, early });

/** A snapshot as the engine would send it: the unknown marker becomes Pulumi's sentinel. */
function raw(snapshot: Snapshot): readonly RawResource[] {
  return JSON.parse(
    JSON.stringify(snapshot.resources).replaceAll('{"$unknown":true}', JSON.stringify(SENTINEL)),
  ) as RawResource[];
}

async function expectSound(resources: readonly RawResource[], early = false): Promise<readonly Diagnostic[]> {
  const found = await analyze(policies(early), resources);
  const bad = found.filter(
    ({ message }) => /can't run|failed inside|failed to run/.test(message) || message.includes(SECRET_TEXT),
  );
  expect(bad).toEqual([]);
  return found;
}

test("every type token of the pack is among the hostile ones", () => {
  expect(TYPES.length).toBeGreaterThan(60);
});

test("no policy throws, gives up or tells a secret, whatever the properties of any resource are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(hostileResource, { minLength: PER_STACK, maxLength: PER_STACK }),
      fc.boolean(),
      async (resources, early) => {
        await expectSound(distinct(resources), early);
      },
    ),
    { numRuns: Math.ceil(INPUTS / 2 / PER_STACK) },
  );
});

test("no policy throws, gives up or tells a secret, whatever stands at places of a real stack", async () => {
  const stacks = [raw(wired()), raw(firstPreview())];
  const spots = fc.array(fc.tuple(fc.nat({ max: 10_000 }), anything), { minLength: 5, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 1 }), spots, async (which, changes) => {
      const stack = changes.reduce((all, [where, value]) => withValue(all, where, value), stacks[which] ?? []);
      await expectSound(stack);
    }),
    { numRuns: Math.ceil(INPUTS / 2 / 5) },
  );
});

test.each([
  ["a secret", (text: unknown) => secret(text)],
  ["unknown", () => SENTINEL],
])("every leaf of a real stack can be %s at once", async (_, wrap) => {
  const all = raw(wired()).map((each) => ({
    ...each,
    inputs: leaves(each.inputs ?? {}, wrap),
    outputs: leaves(each.outputs ?? {}, wrap),
  }));
  const found = await expectSound(all);
  expect(found.filter(({ level }) => level === "mandatory")).toEqual([]);
});

describe("what is huge or deep", () => {
  const places: readonly (readonly string[])[] = [
    ["role", "assumeRolePolicy"],
    ["role", "name"],
    ["oidcProvider", "url"],
    ["serviceAccount", "metadata"],
    ["deployment", "spec"],
  ];
  const HUGE: readonly (readonly [string, string])[] = [
    ["letters", "a".repeat(10_000_000)],
    ["colons", "arn:".repeat(2_500_000)],
    ["wildcards", "*?".repeat(5_000_000)],
    ["blanks", " ".repeat(10_000_000)],
    ["an open list of JSON", "[".repeat(10_000_000)],
  ];

  test.each(HUGE)("a text of 10 MB of %s is judged in seconds", async (_, text) => {
    const began = Date.now();
    const found = await expectSound(raw(wired()).map((each) => withTexts(each, places, text)));
    expect(Math.max(0, ...found.map(({ message }) => message.length))).toBeLessThan(20_000);
    expect(Date.now() - began).toBeLessThan(30_000);
  });

  test.each([
    ["objects", '{"Statement":'.repeat(10_000) + "[]" + "}".repeat(10_000)],
    ["lists", "[".repeat(10_000) + "]".repeat(10_000)],
    ["conditions", `{"Statement":[{"Effect":"Allow","Condition":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}]}`],
  ])("a policy document of 10,000 levels of %s", async (_, text) => {
    await expectSound(raw(wired()).map((each) => withTexts(each, places, text)));
  });

  test("properties as deep as the SDK itself can carry them", async () => {
    for (const key of ["metadata", "spec", "assumeRolePolicyDocument", "values", "kubeconfig"]) {
      let value: unknown = "x";
      for (let level = 0; level < 150; level++) value = level % 2 === 0 ? { [key]: value } : [value];
      await expectSound(
        raw(wired()).map((each) => ({ ...each, inputs: { ...each.inputs, [key]: value }, outputs: { [key]: value } })),
      );
    }
  });
});

/** The engine has one resource of each URN. */
function distinct(resources: readonly RawResource[]): readonly RawResource[] {
  return [...new Map(resources.map((each) => [each.urn, each])).values()];
}

function withValue(all: readonly RawResource[], where: number, value: unknown): readonly RawResource[] {
  const places = all.flatMap((each, index) =>
    (["inputs", "outputs"] as const).flatMap((phase) =>
      pathsOf(each[phase] ?? {}).map((path) => ({ index, phase, path })),
    ),
  );
  const place = places[where % places.length];
  if (!place) return all;
  return all.map((each, index) =>
    index === place.index ? { ...each, [place.phase]: replaced(each[place.phase] ?? {}, place.path, value) } : each,
  );
}

function withTexts(each: RawResource, places: readonly (readonly string[])[], text: string): RawResource {
  const [, top] = places.find(([part]) => each.type.toLowerCase().endsWith(`:${part?.toLowerCase() ?? ""}`)) ?? [];
  const value = top === undefined ? undefined : each.inputs?.[top];
  if (top === undefined) return each;
  const inputs: Raw = { ...each.inputs, [top]: typeof value === "string" ? text : leaves(value, () => text) };
  return { ...each, inputs, outputs: { ...each.outputs, [top]: inputs[top] } };
}

function leaves(value: Raw, wrap: (leaf: unknown) => unknown): Raw;
function leaves(value: unknown, wrap: (leaf: unknown) => unknown): unknown;
function leaves(value: unknown, wrap: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => leaves(item, wrap));
  if (typeof value !== "object" || value === null) return wrap(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, leaves(item, wrap)]));
}

function pathsOf(value: unknown, prefix: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  // The SDK refuses an asset or a secret whose inner form is broken, and the engine sends none.
  if (Object.hasOwn(value, SIGNATURE)) return [];
  return Object.entries(value).flatMap(([key, item]) => [[...prefix, key], ...pathsOf(item, [...prefix, key])]);
}

function replaced(value: unknown, [step, ...rest]: readonly string[], leaf: unknown): Record<string, unknown> {
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  if (step !== undefined) copy[step] = rest.length === 0 ? leaf : replaced(copy[step], rest, leaf);
  return copy;
}
