import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { rules } from "../../policy-pack/src/rules";
import oidcProvider from "./oidc-provider";
import permissions from "./permissions";
import { firstPreviewOf, type Reports } from "./support";
import probes from "./probes";
import trustConditions from "./trust-conditions";
import trustPrincipals from "./trust-principals";
import workingAddons from "./working-addons";
import workingElsewhere from "./working-elsewhere";

const topics: Readonly<Record<string, Reports>> = {
  "oidc-provider": oidcProvider,
  "trust-principals": trustPrincipals,
  "trust-conditions": trustConditions,
  permissions,
  probes,
  "working-addons": workingAddons,
  "working-elsewhere": workingElsewhere,
};
const reports = Object.entries(topics).flatMap(([topic, { broken, working }]) => [
  ...broken.map((each) => ({ ...each, topic, title: `${each.name} (${each.source})` })),
  ...working.map((each) => ({ ...each, finds: undefined, topic, title: `${each.name} (${each.source})` })),
]);

function verdicts(stack: Snapshot) {
  const { findings, faults } = run(rules, buildModel(stack));
  expect(faults).toEqual([]);
  return findings.map(({ rule, level, says }) => ({ rule, level, says }));
}

test("there are enough reports of both kinds to mean something", () => {
  expect(reports.filter(({ finds }) => finds).length).toBeGreaterThanOrEqual(30);
  expect(reports.filter(({ finds }) => !finds).length).toBeGreaterThanOrEqual(20);
  expect(new Set(reports.map(({ title }) => title)).size).toBe(reports.length);
});

describe.each(reports.filter(({ finds }) => finds))("broken, $topic: $title", ({ stack, finds }) => {
  test("is reported for what it is, and for nothing else", () => {
    expect(verdicts(stack).map(({ rule, level }) => `${rule} ${level}`)).toEqual(finds);
  });
});

describe.each(reports.filter(({ finds }) => !finds))("working, $topic: $title", (report) => {
  const accepts = "accepts" in report ? (report.accepts ?? {}) : {};

  test("gets no mandatory finding, and only the hints that a reviewer would give", () => {
    const found = verdicts(report.stack);
    expect(found.filter(({ level }) => level === "mandatory")).toEqual([]);
    expect([...new Set(found.map(({ rule }) => rule))].sort()).toEqual(Object.keys(accepts).sort());
    expect(Object.values(accepts).every((reason) => reason.length > 20)).toBe(true);
  });
});

describe.each(reports)("first preview, $topic: $title", ({ stack }) => {
  test("makes no mandatory finding of what is only unknown", () => {
    const known = new Set(verdicts(stack).map(({ rule }) => rule));
    const early = verdicts(firstPreviewOf(stack)).filter(
      ({ level, rule }) => level === "mandatory" && !known.has(rule),
    );
    expect(early).toEqual([]);
  });
});
