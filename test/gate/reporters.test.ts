import Ajv from "ajv";
import type { Log } from "sarif";
import { rules } from "../../policy-pack/src/rules";
import { readSchema } from "../../policy-pack/src/gate/package-files";
import { FORMATS } from "../../policy-pack/src/gate/options";
import { urns } from "../support/stack";
import { readable, schemaErrors } from "./golden";
import { judge, render, reportOf, richReport, stack, violation } from "./support";

const report = richReport();

test.each(["text", "markdown", "github", "junit", "json"] as const)("golden %s report", (format) => {
  expect(render(format, report)).toMatchSnapshot();
});

test.each(["sarif", "html"] as const)("golden %s report, without what has tests of its own", (format) => {
  expect(readable(format, render(format, report))).toMatchSnapshot();
});

test("the JSON report is what its shipped schema says", () => {
  const check = new Ajv({ strict: true, allErrors: true }).compile(readSchema("report"));
  check(JSON.parse(render("json", report)));
  expect(check.errors).toBeNull();
});

describe("SARIF", () => {
  test.each([
    ["with everything", report],
    ["with nothing", reportOf([])],
  ])("is valid by the 2.1.0 schema %s", (_, each) => {
    expect(schemaErrors(JSON.parse(render("sarif", each, { showSuppressed: true })))).toEqual([]);
  });

  test("has results even when there are none, and describes every rule", () => {
    const [run] = (JSON.parse(render("sarif", reportOf([]))) as Log).runs;
    expect(run?.results).toEqual([]);
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
  });

  test("points at the line of the program that makes the resource to edit", () => {
    const [run] = (JSON.parse(render("sarif", report)) as Log).runs;
    expect(run?.results?.[0]?.locations?.[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: "shop/index.ts" },
      region: { startLine: 17, startColumn: 14 },
    });
  });

  test("leaves suppressed results out unless asked", () => {
    const results = (showSuppressed: boolean) =>
      (JSON.parse(render("sarif", report, { showSuppressed })) as Log).runs[0]?.results ?? [];
    expect(results(false).filter(({ suppressions }) => suppressions)).toEqual([]);
    expect(results(true).flatMap(({ suppressions }) => suppressions ?? [])).toEqual([
      { kind: "inSource", status: "accepted", justification: "moved next sprint" },
    ]);
  });
});

test("fingerprints stay when lines and texts change, and differ within one resource", () => {
  const at = { urn: urns.role, path: "assumeRolePolicy" };
  const fingerprints = (lines: readonly string[], position: string) =>
    judge(
      stack({ [urns.role]: { position } }),
      lines.map((says) => violation("trust-policy-invalid", at, says)),
    ).findings.map(({ fingerprint }) => fingerprint);
  const before = fingerprints(["One.", "Two."], "index.ts#1,1");
  expect(fingerprints(["Other.", "Words."], "main.ts#99,9")).toEqual(before);
  expect(new Set(before).size).toBe(2);
});

test("too many findings are cut from Markdown, and the summary is not", () => {
  const many = Array.from({ length: 400 }, (_, index) =>
    violation("workload-root", { urn: urns.deployment, path: `spec[${index}]` }, `Fault ${index} ${"x".repeat(200)}.`),
  );
  const text = render("markdown", reportOf([judge(stack(), many)]));
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain("| shop&#47;dev, rehearsed".replace("&#47;", "/"));
  expect(text).toContain("400 violations fail the gate.");
  expect(text).toMatch(/_\d+ more sections did not fit/);
});

test.each(FORMATS)("an empty report is written as %s too", (format) => {
  expect(render(format, reportOf([])).trim()).not.toBe("");
});
