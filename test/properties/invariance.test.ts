import * as fc from "fast-check";
import { parseFinding, renderFindingText } from "../../policy-pack/src/findings/parse";
import { renderFinding } from "../../policy-pack/src/findings/render";
import { isList, isObject, isUnknown, parseJson, type Value } from "../../policy-pack/src/facts/value";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { kubernetesProvider, wired } from "../support/stack";
import { corpus, type Example } from "./corpus";
import { hide, placesOf, put } from "./leaves";
import { mutate, mutations } from "./mutate";
import { stackPlan } from "./plan";
import { inForm, type PolicyForm } from "./policy-form";
import { runs } from "./runs";
import { buildStack, strangers } from "./stacks";
import { judge } from "./verdicts";

let examples: readonly Example[];
beforeAll(async () => {
  examples = await corpus();
}, 60_000);

/** Stacks with faults and with unknown values: the cases of the rules, and generated programs that were tampered with. */
const stacks: fc.Arbitrary<() => Snapshot> = fc.oneof(
  fc.nat({ max: 100_000 }).map((which) => () => examples[which % examples.length]?.stack ?? wired()),
  fc
    .tuple(stackPlan, fc.constantFrom("known" as const, "first" as const), mutations(3), fc.nat({ max: 10_000 }))
    .map(([plan, mode, faults, where]) => () => {
      const stack = mutate(buildStack(plan, mode), faults);
      const places = placesOf(stack);
      const place = places[where % Math.max(places.length, 1)];
      return place && where % 2 === 0 ? hide(stack, place) : stack;
    }),
);

function expectSame(change: (stack: Snapshot, seed: number) => Snapshot, modest = 80): void {
  fc.assert(
    fc.property(stacks, fc.nat({ max: 1_000_000 }), (make, seed) => {
      const stack = make();
      const { findings, unverified } = judge(change(stack, seed));
      const before = judge(stack);
      expect({ findings, unverified }).toEqual({ findings: before.findings, unverified: before.unverified });
    }),
    { numRuns: runs(modest) },
  );
}

/** A reordering that depends on the seed alone. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  return items
    .map((item, index) => ({ item, key: ((index + 1) * 7919 * (seed + 1)) % 10_007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function withEachValue(stack: Snapshot, change: (value: Value) => Value): Snapshot {
  const properties = (value: { readonly [key: string]: Value } | undefined) => {
    const changed = value && change(value);
    return isObject(changed) ? changed : value;
  };
  return {
    ...stack,
    resources: stack.resources.map((each) => ({
      ...each,
      ...(each.inputs ? { inputs: properties(each.inputs) ?? {} } : {}),
      ...(each.outputs ? { outputs: properties(each.outputs) ?? {} } : {}),
    })),
  };
}

function turn(value: Value): Value {
  if (isList(value)) return value.map(turn);
  if (!isObject(value) || isUnknown(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turn(item)]),
  );
}

/** A document as text, with its keys in another order; text that would come out otherwise changed stays as it is. */
function turnText(text: string): string {
  try {
    const value = parseJson(text);
    return JSON.stringify(value) === text ? JSON.stringify(turn(value)) : text;
  } catch {
    return text;
  }
}

describe("nothing changes", () => {
  test("when the same stack is judged again", () => {
    expectSame((stack) => structuredClone(stack));
  });

  test("when a stack was saved as JSON and read back", () => {
    expectSame((stack) => JSON.parse(JSON.stringify(stack)) as Snapshot);
  });

  test("when the resources come in another order", () => {
    expectSame((stack, seed) => ({ ...stack, resources: shuffled(stack.resources, seed) }));
  });

  test("when dependencies come in another order", () => {
    expectSame((stack, seed) => ({
      ...stack,
      resources: stack.resources.map((each) => ({
        ...each,
        dependencies: shuffled(each.dependencies, seed),
        propertyDependencies: Object.fromEntries(
          Object.entries(each.propertyDependencies).map(([key, urns]) => [key, shuffled(urns, seed)]),
        ),
      })),
    }));
  });

  test("when the keys of objects come in another order", () => {
    expectSame((stack) => withEachValue(stack, turn));
  });

  test("when the keys of a policy document that is a text come in another order", () => {
    expectSame((stack) =>
      placesOf(stack)
        .filter(({ path }) => path.length === 1 && (path[0] === "assumeRolePolicy" || path[0] === "policy"))
        .reduce(
          (changed, place) => (typeof place.value === "string" ? put(changed, place, turnText(place.value)) : changed),
          stack,
        ),
    );
  });

  test("when resources that are none of the chain's business stand beside it", () => {
    expectSame((stack) => {
      const provider = { ...kubernetesProvider("elsewhere"), inputs: {} };
      const present = new Set(stack.resources.map(({ urn }) => urn));
      const more = strangers(undefined, provider, "known").filter(({ urn }) => !present.has(urn));
      return { ...stack, resources: [...stack.resources, ...more] };
    });
  });
});

test("a list of one and its only element are the same in a policy document", () => {
  const rewritten = (stack: Snapshot, form: PolicyForm): Snapshot =>
    placesOf(stack)
      .filter(({ path, value }) => path.length === 1 && path[0] === "assumeRolePolicy" && typeof value === "string")
      .reduce((changed, place) => {
        const document = typeof place.value === "string" ? parseJson(place.value) : null;
        return put(changed, place, JSON.stringify(inForm(document, form)));
      }, stack);
  const found = new Set<string | undefined>();
  const where = (stack: Snapshot) => judge(stack).findings.map(({ rule, at }) => [rule, at.urn]);
  fc.assert(
    fc.property(stackPlan, fc.constantFrom("api", "web", "nobody"), (plan, word) => {
      const text = JSON.stringify(buildStack(plan, "known")).replaceAll(`:${word}\\"`, ':other\\"');
      const stack = JSON.parse(text) as Snapshot;
      expect(where(rewritten(stack, "list"))).toEqual(where(stack));
      expect(where(rewritten(stack, "one"))).toEqual(where(stack));
      where(stack).forEach(([rule]) => found.add(rule));
    }),
    { numRuns: runs(60) },
  );
  expect(found).toContain("trust-policy-subject-mismatch");
});

test("the text of every finding can be read back", () => {
  const texts = new Set<string>();
  fc.assert(
    fc.property(stacks, (make) => {
      for (const finding of judge(make()).findings) {
        const text = renderFinding(finding);
        const parsed = parseFinding(`A rule's summary.\n${text}`);
        expect(parsed && renderFindingText(parsed)).toBe(text);
        expect(parsed?.related).toHaveLength(finding.related.length);
        texts.add(finding.rule);
      }
    }),
    { numRuns: runs(300) },
  );
  expect(texts.size).toBeGreaterThan(10);
});
