import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { rules } from "../../policy-pack/src/rules";
import chartsAndClusters from "./charts-and-clusters";
import chartValues from "./chart-values";
import controllers from "./controllers";
import controllersWorking from "./controllers-working";
import { firstPreviewOf } from "./first-preview";
import helmCharts from "./helm-charts";
import helmChartsWorking from "./helm-charts-working";
import naivePrograms from "./naive-programs";
import oidcProvider from "./oidc-provider";
import permissions from "./permissions";
import providersAnew from "./providers-anew";
import providersAnewWorking from "./providers-anew-working";
import { shortOf, type Reports } from "./support";
import threads from "./threads";
import threadsOfPods from "./threads-of-pods";
import trustConditions from "./trust-conditions";
import smallSlips from "./small-slips";
import trustDocuments from "./trust-documents";
import trustDocumentsWorking from "./trust-documents-working";
import trustKeys from "./trust-keys";
import trustPrincipals from "./trust-principals";
import workingAddons from "./working-addons";
import workingBystanders from "./working-bystanders";
import workingPlatform from "./working-platform";
import programs from "./programs";
import workingConditions from "./working-conditions";
import workingElsewhere from "./working-elsewhere";
import workingIssuers from "./working-issuers";

const topics: Readonly<Record<string, Reports>> = {
  "oidc-provider": oidcProvider,
  "providers-anew": providersAnew,
  "helm-charts": helmCharts,
  "trust-documents": trustDocuments,
  "trust-keys": trustKeys,
  "trust-documents-working": trustDocumentsWorking,
  "helm-charts-working": helmChartsWorking,
  "providers-anew-working": providersAnewWorking,
  "naive-programs": naivePrograms,
  "small-slips": smallSlips,
  "charts-and-clusters": chartsAndClusters,
  "chart-values": chartValues,
  "working-platform": workingPlatform,
  programs,
  threads,
  "threads-of-pods": threadsOfPods,
  controllers,
  "controllers-working": controllersWorking,
  "trust-principals": trustPrincipals,
  "trust-conditions": trustConditions,
  permissions,
  "working-addons": workingAddons,
  "working-bystanders": workingBystanders,
  "working-conditions": workingConditions,
  "working-elsewhere": workingElsewhere,
  "working-issuers": workingIssuers,
};
const reports = Object.entries(topics).flatMap(([topic, { broken, working }]) => [
  ...broken.map((each) => ({
    early: undefined,
    at: undefined,
    ...each,
    topic,
    title: `${each.name} (${each.source})`,
  })),
  ...working.map((each) => ({
    ...each,
    finds: undefined,
    at: undefined,
    early: undefined,
    topic,
    title: `${each.name} (${each.source})`,
  })),
]);

function verdicts(stack: Snapshot) {
  const { findings, faults } = run(rules, buildModel(stack));
  expect(faults).toEqual([]);
  return findings.map(({ rule, level, at, says }) => ({ rule, level, at: shortOf(at.urn), says }));
}

test("there are enough reports of both kinds to mean something", () => {
  expect(reports.filter(({ finds }) => finds).length).toBeGreaterThanOrEqual(30);
  expect(reports.filter(({ finds }) => !finds).length).toBeGreaterThanOrEqual(20);
  expect(new Set(reports.map(({ title }) => title)).size).toBe(reports.length);
});

describe.each(reports.filter(({ finds }) => finds))("broken, $topic: $title", ({ stack, finds, at }) => {
  test("is reported for what it is, where it is to be mended, and for nothing else", () => {
    const found = verdicts(stack);
    expect(found.map(({ rule, level }) => `${rule} ${level}`)).toEqual(finds);
    expect(found.map((each) => each.at)).toEqual(at ?? found.map((each) => each.at));
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

describe.each(reports)("first preview, $topic: $title", (report) => {
  test("makes no mandatory finding of what is only unknown", () => {
    const known = new Set(verdicts(report.stack).map(({ rule }) => rule));
    const allowed = new Set([...known, report.early]);
    const early = verdicts(firstPreviewOf(report.stack)).filter(({ level }) => level === "mandatory");
    expect(early.filter(({ rule }) => !allowed.has(rule))).toEqual([]);
  });
});
