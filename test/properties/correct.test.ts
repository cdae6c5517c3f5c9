import * as fc from "fast-check";
import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import { stackPlan } from "./plan";
import { runs } from "./runs";
import { buildStack } from "./stacks";

test("a correct program has no finding once its values are known, in whatever form it is written", () => {
  fc.assert(
    fc.property(stackPlan, (plan) => {
      expect(run(rules, buildModel(buildStack(plan, "known")))).toEqual({ findings: [], unverified: [], faults: [] });
    }),
    { numRuns: runs(300) },
  );
});

test("a correct program has no violation at its first preview", () => {
  fc.assert(
    fc.property(stackPlan, (plan) => {
      const { findings, faults } = run(rules, buildModel(buildStack(plan, "first")));
      expect({ findings, faults }).toEqual({ findings: [], faults: [] });
    }),
    { numRuns: runs(300) },
  );
});
