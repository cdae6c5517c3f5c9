import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Mutation testing, one area at a time (`npm run mutation -- iam`): a mutant runs against the tests that are written for its
 * area, so that a fault is found next to where it was made, and a run takes minutes rather than days.
 */
export const AREAS = {
  iam: { mutate: ["policy-pack/src/iam/**/*.ts"], tests: ["iam"] },
  findings: { mutate: ["policy-pack/src/findings/**/*.ts"], tests: ["findings"] },
  model: {
    mutate: ["policy-pack/src/{facts,model}/**/*.ts"],
    tests: ["facts", "model", "findings", "rules", "field-reports"],
    large: true,
  },
  rules: { mutate: ["policy-pack/src/rules/**/*.ts"], tests: ["rules", "field-reports"], large: true },
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

/** Tests that start an engine or a Python host, and those of huge inputs, say nothing more of plain data. */
const ELSEWHERE =
  /components\/(?:engine|package|python|schema)\.test\.ts$|(?:hostile|differential)\.test\.ts$|soundness\.test\.ts$/;

const tests = area.tests.flatMap((folder) =>
  readdirSync(join(import.meta.dirname, "test", folder), { recursive: true })
    .map((file) => `test/${folder}/${file}`)
    .filter((file) => file.endsWith(".test.ts") && !ELSEWHERE.test(file))
    .sort(),
);

export default {
  plugins: [join(import.meta.dirname, "scripts", "mutation", "runner.mjs")],
  testRunner: "in-one-process",
  inOneProcess: { tests, setup: ["test/support/seed.ts"] },
  coverageAnalysis: "perTest",
  // A mutated loop may never end; the tests of an area take milliseconds each.
  timeoutMS: 4000,
  timeoutFactor: 2,
  // A change of what runs once, when a module is loaded, costs a new load of everything and then all tests of the area.
  ignoreStatic: area.large ?? false,
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
