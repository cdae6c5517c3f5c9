import * as fc from "fast-check";
import type { Verdicts } from "../../policy-pack/src/findings/run";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { corpus, type Example } from "./corpus";
import { withHonestEdges, withoutEdges } from "./edges";
import { hide, placesOf, put, type Place } from "./leaves";
import { mutate, mutations } from "./mutate";
import { stackPlan } from "./plan";
import { refinements } from "./refine";
import { runs } from "./runs";
import { buildStack } from "./stacks";
import { brief, judge, unanswered } from "./verdicts";

let examples: readonly Example[];
beforeAll(async () => {
  examples = (await corpus()).map(({ name, stack }) => ({ name, stack: withHonestEdges(stack) }));
}, 60_000);

/**
 * The places that can be hidden. Empty texts are not among them: a text that Pulumi does not know yet is taken not to be
 * empty, since programs leave a property out rather than compute an empty one; else no value of a secret, and no
 * annotation at a first preview, could count as set. Nor are ids: that an id is unknown is itself the fact that the resource
 * is not there yet.
 */
function hideable(stack: Snapshot): readonly Place[] {
  return placesOf(stack).filter(
    ({ part, path, value }) => value !== "" && value !== null && !(part === "outputs" && path[0] === "id"),
  );
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % Math.max(items.length, 1)];
}

/**
 * Violations of one judgement that the other does not answer. AWS documents the form of an EKS issuer's host, and only a
 * cluster that reports another overrules it; while that cluster says nothing, the documentation holds.
 */
function differing(mine: Verdicts, other: Verdicts, place: Place): readonly string[] {
  return unanswered(mine.findings, other.findings)
    .filter(({ rule }) => !(rule === "oidc-provider-issuer-host-invalid" && place.path[0] === "identities"))
    .map(brief);
}

/** What a hidden value makes of the verdicts: violations that are not there when it is known. */
function created(stack: Snapshot, place: Place): readonly string[] {
  return differing(judge(hide(stack, place)), judge(stack), place);
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
        const report = unanswered(judge(masked).findings, judge(stack).findings).map(brief);
        expect({ places, report }).toEqual({ places, report: [] });
      }),
      { numRuns: runs(150) },
    );
  });
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
        const report = differing(hidden, judge(put(stack, place, value)), place);
        expect({ case: example.name, place, value, report }).toEqual({ case: example.name, place, value, report: [] });
      }
    }),
    { numRuns: runs(200) },
  );
});
