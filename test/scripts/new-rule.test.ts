import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArguments, writeRule } from "../../scripts/new-rule";

const ROOT = join(__dirname, "../..");

test.each([
  [[], "usage"],
  [["trust-policy"], "usage"],
  [["trust", "trust-x-y"], '"trust" is not a link'],
  [["trust-policy", "TrustThing"], "not of the form"],
])("refuses %j", (args, reason) => {
  expect(parseArguments(args)).toContain(reason);
});

test("writes a rule whose own tests pass, in a copy of the project", () => {
  const copy = mkdtempSync(join(tmpdir(), "eks-irsa-new-rule-"));
  try {
    for (const part of ["policy-pack/src", "test/rules", "test/support"])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    for (const file of ["jest.config.cjs", "package.json"]) cpSync(join(ROOT, file), join(copy, file));
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    expect(writeRule(copy, { link: "workload", id: "workload-label-forbidden" })).toHaveLength(4);
    const jest = join(ROOT, "node_modules/jest/bin/jest.js");
    const printed = execFileSync(
      process.execPath,
      [jest, "test/rules/rules.test.ts", "-t", "workload-label-forbidden|the list holds", "--silent", "--json"],
      { cwd: copy, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    const result = JSON.parse(printed) as { readonly numPassedTests: number; readonly numFailedTests: number };
    expect(result.numFailedTests).toBe(0);
    expect(result.numPassedTests).toBeGreaterThanOrEqual(6);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 120_000);

test("refuses to write over a rule that exists", () => {
  const copy = mkdtempSync(join(tmpdir(), "eks-irsa-new-rule-"));
  try {
    cpSync(join(ROOT, "policy-pack/src/rules"), join(copy, "policy-pack/src/rules"), { recursive: true });
    expect(() => writeRule(copy, { link: "oidc-provider", id: "oidc-provider-duplicate" })).toThrow("exists already");
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
