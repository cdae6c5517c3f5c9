import { run } from "../../policy-pack/src/findings/run";
import { awaitedLinks } from "../../policy-pack/src/gate/awaited";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import type { Cases } from "../support/cases";
import { firstPreview } from "../support/stack";

const casesOf = async ({ link, id }: { readonly link: string; readonly id: string }): Promise<Cases> =>
  ((await import(`../rules/${link}/${id}.cases`)) as { readonly default: Cases }).default;

test.each(rules.map((rule) => ({ id: rule.id, rule })))(
  "whatever $id waits for, the picture knows its link",
  async ({ rule }) => {
    const { unverified } = await casesOf(rule);
    const lines = ("none" in unverified ? [] : unverified).flatMap(
      (each) => run([rule], buildModel(each.stack)).unverified,
    );
    expect(lines.filter(({ says }) => awaitedLinks(says) === undefined).map(({ says }) => says)).toEqual([]);
    expect(lines.flatMap(({ says }) => [...(awaitedLinks(says) ?? [])]).every((link) => typeof link === "string")).toBe(
      true,
    );
  },
);

test("a first preview waits for the trust policy alone: all else is proven by wiring", () => {
  const { unverified } = run(rules, buildModel(firstPreview()));
  expect(unverified.map(({ says }) => [...(awaitedLinks(says) ?? [])])).toEqual([["trust-policy"]]);
});

test.each([
  "Something else.",
  'Role "x" is not verified yet: the colour of role "x". Known once a exists; run it.',
  'Role "x" is not verified yet: ',
])("%s: nobody knows which link that is", (says) => {
  expect(awaitedLinks(says)).toBeUndefined();
});
