const base = require("./jest.config.cjs");

/** The parts of the pack that decide; each of them holds the threshold by itself. */
const measured = ["facts", "iam", "model", "rules", "findings", "intake"];
/** The tests that need no engine, browser, Python or network. */
const tests = ["facts", "iam", "model", "rules", "findings", "intake"].concat([
  "policies",
  "field-reports",
  "properties",
  "rehearsal",
]);

/**
 * Lines and branches, by instrumentation ("babel") rather than by V8's own counters. The code is compiled for ES2022, so `?.`
 * and `??` stay as they are written and no helper of the compiler counts as a branch. V8 knows only blocks: it reports no branch
 * for an `if` that was never false, so its percentages rest on fewer branches and flatter. What no test can reach is written
 * without a branch, and no comment takes a branch out of the count.
 *
 * @type {import("jest").Config}
 */
module.exports = {
  ...base,
  roots: tests.map((part) => `<rootDir>/test/${part}`),
  testPathIgnorePatterns: ["/node_modules/", "/engine\\.test\\.ts$"],
  collectCoverage: true,
  collectCoverageFrom: measured.map((part) => `policy-pack/src/${part}/**/*.ts`),
  coverageProvider: "babel",
  coverageDirectory: "coverage",
  coverageReporters: ["text-summary", "json-summary", "lcovonly"],
  coverageThreshold: Object.fromEntries(
    measured.map((part) => [`./policy-pack/src/${part}/`, { lines: 95, branches: 95 }]),
  ),
};
