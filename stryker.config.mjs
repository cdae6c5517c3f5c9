/**
 * Mutation testing, one area at a time (`npm run mutation -- iam`): a mutant runs against the tests that are written for its
 * area, so that a fault is found next to where it was made, and a run takes minutes rather than days.
 */
export const AREAS = {
  iam: { mutate: ["policy-pack/src/iam/**/*.ts"], tests: ["iam"] },
  findings: { mutate: ["policy-pack/src/findings/**/*.ts"], tests: ["findings"] },
  model: { mutate: ["policy-pack/src/{facts,model}/**/*.ts"], tests: ["model", "rules", "field-reports"] },
  rules: { mutate: ["policy-pack/src/rules/**/*.ts"], tests: ["rules", "field-reports"] },
  components: {
    mutate: [
      "components/src/{accounts,agreement,arn,checks,clusters,combinations,issuer,naming,permissions}.ts",
      "components/src/{plan,pod,pod-values,role,scope,trust-policy,trust-size,validate}.ts",
    ],
    tests: ["components"],
  },
};

const name = process.env["MUTATION_AREA"] ?? "iam";
const area = AREAS[name];
if (!area) throw new Error(`"${name}" is no area: ${Object.keys(AREAS).join(", ")}.`);

export default {
  testRunner: "jest",
  jest: {
    enableFindRelatedTests: false,
    config: {
      roots: area.tests.map((folder) => `<rootDir>/test/${folder}`),
      // Tests that start an engine or a Python host, and those of huge inputs, say nothing more of plain data.
      testPathIgnorePatterns: [
        "/node_modules/",
        "test/components/(engine|package|python|schema)\\.test\\.ts$",
        "hostile\\.test\\.ts$",
        "soundness\\.test\\.ts$",
      ],
    },
  },
  coverageAnalysis: "perTest",
  // A mutated loop may never end; the tests of an area take milliseconds each.
  timeoutMS: 2000,
  timeoutFactor: 2,
  // What runs once when a module is loaded cannot be told apart by test; such mutants would each cost a whole run.
  ignoreStatic: true,
  mutate: area.mutate,
  ignorePatterns: ["/reports", "/coverage", "**/dist/**/*.out"],
  tempDirName: "reports/.stryker",
  reporters: ["progress-append-only", "json"],
  jsonReporter: { fileName: `reports/mutation/${name}.json` },
  incremental: true,
  incrementalFile: `reports/mutation/${name}.incremental.json`,
  disableTypeChecks: false,
  thresholds: { high: 95, low: 92, break: 90 },
};
