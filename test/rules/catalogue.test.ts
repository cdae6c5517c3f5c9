import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policy-pack/src/rules";
import type { Cases } from "../support/cases";
import { CATALOGUE } from "../support/catalogue";

const ids = Object.keys(CATALOGUE);

async function covered(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const rule of rules) {
    const { default: cases } = (await import(`./${rule.link}/${rule.id}.cases`)) as { readonly default: Cases };
    for (const each of cases.invalid)
      for (const row of each.covers ?? []) found.set(row, [...(found.get(row) ?? []), rule.id]);
  }
  return found;
}

/** Rows that no invalid case can show, each with the reason. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "trust-unverifiable": "is no fault: the policy irsa-unverified reports it, and every rule's unverified cases show it",
};

test("every failure that inputs, joins or configuration can show has an invalid case", async () => {
  const shown = await covered();
  const wanted = Object.entries(CATALOGUE).filter(([id, how]) => /[RXC]/.test(how) && !Object.hasOwn(ELSEWHERE, id));
  expect(wanted.map(([id]) => id).filter((id) => !shown.has(id))).toEqual([]);
});

test("no case covers a failure that the catalogue does not know", async () => {
  expect([...(await covered()).keys()].filter((id) => !ids.includes(id))).toEqual([]);
});

test("what no input can show is explained in the troubleshooting guide", () => {
  const guide = readFileSync(join(__dirname, "../../docs/troubleshooting.md"), "utf8");
  const unseen = Object.entries(CATALOGUE).filter(([, how]) => how === "N");
  expect(unseen.map(([id]) => id).filter((id) => !guide.includes(`\`${id}\``))).toEqual([]);
});
