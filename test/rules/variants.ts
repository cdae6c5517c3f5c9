import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { rules } from "../../policy-pack/src/rules";

/** A fault in another form than that of its rule's own cases. */
export interface Variant {
  readonly name: string;
  readonly stack: Snapshot;
  /** `<rule> <level> <path>`, what it says, and how the fix begins: all that all rules find. */
  readonly finds: readonly (readonly [place: string, says: string, fix: string])[];
}

/** What all rules find in the stack, cut to what the variant tells of it. */
export function found({ stack, finds }: Variant): Variant["finds"] {
  const { findings, faults } = run(rules, buildModel(stack));
  expect(faults).toEqual([]);
  return findings.map(({ rule, level, at, says, fix }, index) => [
    `${rule} ${level} ${at.path}`,
    says,
    fix.slice(0, finds[index]?.[2].length),
  ]);
}
