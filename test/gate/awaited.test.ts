import { run } from "../../policy-pack/src/findings/run";
import { awaitedLinks } from "../../policy-pack/src/gate/awaited";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import type { Cases } from "../support/cases";
import { firstPreview } from "../support/stack";

const casesOf = async ({ link, id }: { readonly link: string; readonly id: string }): Promise<Cases> =>
  ((await import(`../rules/${link}/${id}.cases`)) as { readonly default: Cases }).default;

test.each(rules.map((rule) => ({ id: rule.id, rule })))(
  "whatever $id waits for, its link is open",
  async ({ rule }) => {
    const { unverified } = await casesOf(rule);
    const lines = ("none" in unverified ? [] : unverified).flatMap(
      (each) => run([rule], buildModel(each.stack)).unverified,
    );
    expect(lines.map(({ says }) => [...(awaitedLinks(says) ?? [])])).toEqual(lines.map(() => [rule.link]));
  },
);

test("a first preview waits for the trust policy alone: all else is proven by wiring", () => {
  const { unverified } = run(rules, buildModel(firstPreview()));
  expect(unverified.map(({ says }) => [...(awaitedLinks(says) ?? [])])).toEqual([["trust-policy"]]);
});

test("the links of several rules are open, each once", () => {
  const says = "Role x is not verified yet: a. Rules that wait: role-action-denied, role-shared, trust-policy-invalid.";
  expect(awaitedLinks(says)).toEqual(new Set(["permissions", "trust-policy"]));
});

test.each([
  "Something else.",
  'Role "x" is not verified yet: its colour. Rules that wait: .',
  'Role "x" is not verified yet: its colour. Rules that wait: role-colour, trust-policy-invalid.',
  'Role "x. Rules that wait: trust-policy-invalid." is not verified yet: its colour.',
])("%s: nobody knows which link that is", (says) => {
  expect(awaitedLinks(says)).toBeUndefined();
});
