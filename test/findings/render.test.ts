import { parseFinding, renderFindingText } from "../../policy-pack/src/findings/parse";
import { renderFinding, renderSuppressed } from "../../policy-pack/src/findings/render";
import { run } from "../../policy-pack/src/findings/run";
import type { Finding, UnverifiedFinding } from "../../policy-pack/src/findings/finding";
import { buildModel } from "../../policy-pack/src/model/build";
import { defineRule, type Rule, type Violation } from "../../policy-pack/src/rules/rule";
import { urnOf, urns, wired } from "../support/stack";

const FINDING: Finding = {
  rule: "test-fault",
  verdict: "violation",
  level: "mandatory",
  severity: "high",
  at: { urn: urns.role, path: "assumeRolePolicy" },
  related: [{ urn: urns.serviceAccount, path: "" }],
  says: "It is broken.",
  why: "It fails.",
  fix: "Mend it.",
};

describe("a suppressed finding", () => {
  const by = { urn: urns.role, path: 'tags["ignore"]' };

  test("is told with its level, rule, last day and reason", () => {
    const text = renderSuppressed({ finding: FINDING, reason: "migration", until: "2027-02-28", by });
    expect(text.split("\n").slice(0, 2)).toEqual([
      "Suppressed mandatory test-fault until 2027-02-28: migration",
      "It is broken.",
    ]);
  });

  test("says so where its reason is not known yet", () => {
    const text = renderSuppressed({ finding: FINDING, reason: undefined, until: undefined, by });
    expect(text).toMatch(/^Suppressed mandatory test-fault: its reason is not known yet\n/);
  });

  test("that was not verified yet is one sentence", () => {
    const finding: UnverifiedFinding = {
      rule: "irsa-unverified",
      verdict: "unverified",
      at: FINDING.at,
      says: "It is not verified yet.",
      rules: ["test-fault"],
      waitsFor: [],
    };
    expect(renderSuppressed({ finding, reason: "later", until: undefined, by })).toBe(
      "Suppressed unverified irsa-unverified: later\nIt is not verified yet.",
    );
  });
});

describe("places", () => {
  test.each(["api, the second", "two words", 'quo"ted', "back\\slash"])("a resource named %j is read back", (name) => {
    const text = renderFinding({ ...FINDING, at: { urn: urnOf("aws:iam/role:Role", name), path: "name" } });
    const parsed = parseFinding(text);
    expect(parsed?.at).toEqual({ resource: `aws:iam/role:Role ${JSON.stringify(name)}`, path: "name" });
    expect(parsed && renderFindingText(parsed)).toBe(text);
  });

  test("what only the configuration names is called that", () => {
    const text = renderFinding({ ...FINDING, at: { urn: "", path: "" }, related: [] });
    expect(parseFinding(text)?.at).toEqual({ resource: "policy-pack configuration irsa-context", path: "" });
  });
});

describe("text of another origin", () => {
  const text = renderFinding(FINDING);

  test.each([
    ["another pack's", "Buckets must be private."],
    ["a list of places without a sentence above it", "  at    aws:iam/role:Role api"],
    ["a finding that was cut off before why", text.split("\n").slice(0, 2).join("\n")],
    ["a finding that was cut off before fix", text.split("\n").slice(0, -1).join("\n")],
  ])("%s is no finding", (_, other) => {
    expect(parseFinding(other)).toBeUndefined();
  });

  test("a place of another form is kept as it is", () => {
    const other = text.replace("aws:iam/role:Role api, assumeRolePolicy", "somewhere");
    expect(parseFinding(other)?.at).toEqual({ resource: "somewhere", path: "" });
  });
});

describe("running rules", () => {
  function rule(check: () => Iterable<Violation<string>>): Rule {
    return defineRule<string>({
      id: "test-fault",
      link: "workload",
      severity: "low",
      level: "mandatory",
      summary: "Nothing is broken.",
      why: "It fails.",
      articleStep: undefined,
      references: [],
      check,
      explain: (says) => ({ says, fix: "Mend it." }),
    });
  }
  const violation = (data: string): Violation<string> => ({ verdict: "violation", at: FINDING.at, related: [], data });

  test("two faults of one place come in the order of their sentences, whatever the rule's own order", () => {
    const model = buildModel(wired());
    const says = (...order: string[]) =>
      run([rule(() => order.map(violation))], model).findings.map((finding) => finding.says);
    expect(says("B is broken.", "A is broken.")).toEqual(["A is broken.", "B is broken."]);
    expect(says("A is broken.", "B is broken.")).toEqual(["A is broken.", "B is broken."]);
  });

  test("whatever a rule throws becomes a fault of that rule", () => {
    const throws = (thrown: unknown) =>
      rule(() => {
        throw thrown;
      });
    const faults = (thrown: unknown) => run([throws(thrown)], buildModel(wired())).faults;
    expect(faults(new Error("no such thing"))).toEqual([{ rule: "test-fault", message: "no such thing" }]);
    expect(faults("only text")).toEqual([{ rule: "test-fault", message: "only text" }]);
  });

  test("of what a binding waits for, four are named and the rest is counted", () => {
    const waitsFor = ["a", "b", "c", "d", "e", "f"].map((name) => urnOf("aws:iam/role:Role", name));
    const waiting = defineRule<null>({
      id: "test-wait",
      link: "workload",
      severity: "low",
      level: "mandatory",
      summary: "Nothing is broken.",
      why: "It fails.",
      articleStep: undefined,
      references: [],
      check: () => [{ verdict: "unverified", at: FINDING.at, what: "its policy", waitsFor }],
      explain: () => ({ says: "", fix: "" }),
    });
    const [open] = run([waiting], buildModel(wired())).unverified;
    expect(open?.says).toContain("aws:iam/role:Role d and 2 more exist;");
    expect(open?.waitsFor).toHaveLength(6);
  });
});
