import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { rules } from "../../policy-pack/src/rules";
import accountAddons from "./account-addons";
import accountAnnotations from "./account-annotations";
import accountOwners from "./account-owners";
import accountWorking from "./account-working";
import accountsAnew from "./accounts-anew";
import accountsAnewWorking from "./accounts-anew-working";
import { firstPreviewOf } from "./first-preview";
import workloadAccounts from "./workload-accounts";
import workloadEnvironment from "./workload-environment";
import workloadTokens from "./workload-tokens";
import workloadWorking from "./workload-working";
import { unreachableFirstPreviewOf } from "./unreachable-cluster";
import type { Reports } from "./support";

const topics: Readonly<Record<string, Reports>> = {
  "account annotations": accountAnnotations,
  "account owners": accountOwners,
  "accounts anew": accountsAnew,
  "accounts anew that work": accountsAnewWorking,
  "account add-ons": accountAddons,
  "workload accounts": workloadAccounts,
  "workload environment": workloadEnvironment,
  "workload tokens": workloadTokens,
  "accounts that work": accountWorking,
  "workloads that work": workloadWorking,
};
const reports = Object.entries(topics).flatMap(([topic, { broken, working }]) => [
  ...broken.map((each) => ({ ...each, kind: "broken" as const, title: `${topic}: ${each.name} (${each.source})` })),
  ...working.map((each) => ({ ...each, kind: "working" as const, title: `${topic}: ${each.name} (${each.source})` })),
]);
const broken = reports.filter((each) => each.kind === "broken");
const working = reports.filter((each) => each.kind === "working");

function verdicts(stack: Snapshot) {
  const { findings, faults } = run(rules, buildModel(stack));
  expect(faults).toEqual([]);
  return findings.map(({ rule, level, at, says, fix }) => ({ rule, level, at, says, fix }));
}

test("there are enough reports of both kinds to mean something", () => {
  expect(broken.length).toBeGreaterThanOrEqual(30);
  expect(working.length).toBeGreaterThanOrEqual(25);
  expect(new Set(reports.map(({ title }) => title)).size).toBe(reports.length);
});

test.each(broken)("broken, $title: reported for what it is, and for nothing else", ({ stack, finds }) => {
  const found = verdicts(stack);
  expect({ is: found.map(({ rule, level }) => `${rule} ${level}`), found }).toEqual({ is: finds, found });
});

test.each(working)(
  "working, $title: no mandatory finding, and no hint but those accepted",
  ({ stack, accepts = {} }) => {
    const found = verdicts(stack);
    expect(found.filter(({ level }) => level === "mandatory")).toEqual([]);
    expect({ is: [...new Set(found.map(({ rule }) => rule))].sort(), found }).toEqual({
      is: Object.keys(accepts).sort(),
      found,
    });
    expect(Object.values(accepts).every((reason) => reason.length > 20)).toBe(true);
  },
);

test.each(reports)("first preview, $title: nothing mandatory comes of what is only unknown", ({ stack }) => {
  const known = new Set(verdicts(stack).map(({ rule }) => rule));
  for (const first of [firstPreviewOf(stack), unreachableFirstPreviewOf(stack)]) {
    const early = verdicts(first).filter(({ level, rule }) => level === "mandatory" && !known.has(rule));
    expect(early).toEqual([]);
  }
});
