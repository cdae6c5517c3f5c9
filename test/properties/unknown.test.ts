import * as fc from "fast-check";

import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { parseUrn } from "../../policy-pack/src/facts/urn";
import { isOpaqueSource } from "../../policy-pack/src/model/tokens";
import { corpus, silentRules, type Example } from "./corpus";
import { withHonestEdges, withoutEdges } from "./edges";
import { hide, placesOf, put, type Place } from "./leaves";
import { mutate, mutations } from "./mutate";
import { stackPlan } from "./plan";
import { isTakenForSet, refinements } from "./refine";
import { runs } from "./runs";
import { buildStack } from "./stacks";
import { brief, judge, lost, unanswered } from "./verdicts";

let examples: readonly Example[];
let silent: ReadonlySet<string>;
beforeAll(async () => {
  examples = (await corpus()).map(({ name, stack }) => ({ name, stack: withHonestEdges(stack) }));
  silent = await silentRules();
}, 60_000);

/**
 * The places that can be hidden. What is empty, of those that are taken for set while they are not known, is not among them.
 * Nor are ids: that an id is unknown is itself the fact that the resource is not there yet.
 */
function hideable(stack: Snapshot): readonly Place[] {
  return placesOf(stack).filter(
    (place) => !isEmptyButTakenForSet(place) && !(place.part === "outputs" && place.path[0] === "id"),
  );
}

function isEmptyButTakenForSet(place: Place): boolean {
  return (place.value === "" || place.value === null) && isTakenForSet(place);
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % Math.max(items.length, 1)];
}

/** What a hidden value makes of the verdicts: violations that are not there when it is known. */
function created(stack: Snapshot, place: Place): readonly string[] {
  return unanswered(judge(hide(stack, place)), judge(stack)).map(brief);
}

/**
 * True for a value by which the pack finds out what belongs together: who is named, where an object lives, for whom a provider
 * is. While it is unknown, and no edge tells it, there is no binding of which anything could be said. What a chart renders is
 * known from its values alone.
 */
function tellsParties({ urn, path }: Place): boolean {
  const { type } = parseUrn(urn);
  const key = String(path.at(-1));
  const isName = /^(name|roleName|role|namespace|serviceAccountName|serviceAccount|kubeconfig)$/.test(key);
  return isName || isOpaqueSource(type) || (/oidc|openid/i.test(type) && path[0] === "url");
}

describe("a value that becomes unknown creates no violation", () => {
  test.each([
    ["with its edges", (stack: Snapshot) => stack],
    ["without its edges", withoutEdges],
  ])("in the cases of the rules, %s", (_, prepare) => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }), (which, where) => {
        const example = pick(examples, which);
        const place = example && pick(hideable(example.stack), where);
        const report = place ? created(prepare(example.stack, place), place) : [];
        expect({ case: example?.name, place, report }).toEqual({ case: example?.name, place, report: [] });
      }),
      { numRuns: runs(1000) },
    );
  });

  test("in generated stacks with faults, several values at a time", () => {
    const hidden = fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(stackPlan, mutations(3), hidden, (plan, faults, where) => {
        const stack = withHonestEdges(mutate(buildStack(plan, "known"), faults));
        const places = where.flatMap((each) => pick(hideable(stack), each) ?? []);
        const masked = places.reduce(hide, stack);
        const report = unanswered(judge(masked), judge(stack)).map(brief);
        expect({ places, report }).toEqual({ places, report: [] });
      }),
      { numRuns: runs(150) },
    );
  });
});

test("a fault of a binding stays, or the binding is said to be unverified, when a text, a number or a flag becomes unknown", () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }), fc.boolean(), (which, where, edges) => {
      const example = pick(examples, which);
      const leaves = example ? hideable(example.stack).filter(({ value }) => typeof value !== "object") : [];
      const place = pick(
        leaves.filter((each) => !tellsParties(each)),
        where,
      );
      if (!example || !place) return;
      const stack = edges ? example.stack : withoutEdges(example.stack, place);
      const gone = lost(judge(stack), judge(hide(stack, place)));
      const report = gone.filter(({ rule }) => !silent.has(rule)).map(brief);
      expect({ case: example.name, place, edges, report }).toEqual({ case: example.name, place, edges, report: [] });
    }),
    { numRuns: runs(500) },
  );
});

test("a violation that stands while a value is unknown stands for whatever the value turns out to be", () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }), (which, where) => {
      const example = pick(examples, which);
      const place = example && pick(hideable(example.stack), where);
      if (!place) return;
      const stack = withoutEdges(example.stack, place);
      const hidden = judge(hide(stack, place));
      for (const value of refinements(stack, place)) {
        const report = unanswered(hidden, judge(put(stack, place, value))).map(brief);
        expect({ case: example.name, place, value, report }).toEqual({ case: example.name, place, value, report: [] });
      }
    }),
    { numRuns: runs(200) },
  );
});
