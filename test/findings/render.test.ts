import type { UnverifiedFinding } from "../../policy-pack/src/findings/finding";
import { renderFinding, renderSuppressed, visible } from "../../policy-pack/src/findings/render";
import { urnOf, urns } from "../support/stack";
import { FINDING } from "./support";

test("a finding is a sentence, and below it where, why, and what to do", () => {
  const related = [...FINDING.related, { urn: urns.cluster, path: "name" }];
  expect(renderFinding({ ...FINDING, related })).toBe(
    [
      "It is broken.",
      "  at    aws:iam/role:Role api, assumeRolePolicy",
      "  with  kubernetes:core/v1:ServiceAccount api",
      "  with  aws:eks/cluster:Cluster shop, name",
      "  why   It fails.",
      "  fix   Mend it.",
    ].join("\n"),
  );
});

test.each([
  ["a", "a"],
  ["api", "api"],
  ["a'b:c/d", "a'b:c/d"],
  ["api, the second", '"api, the second"'],
  ["two words", '"two words"'],
  ['quo"ted', '"quo\\"ted"'],
  ["back\\slash", '"back\\\\slash"'],
  ["", '""'],
])("a resource named %j is printed as %s", (name, printed) => {
  const text = renderFinding({ ...FINDING, at: { urn: urnOf("aws:iam/role:Role", name), path: "" }, related: [] });
  expect(text.split("\n")[1]).toBe(`  at    aws:iam/role:Role ${printed}`);
});

test("what only the configuration names is called that", () => {
  const text = renderFinding({ ...FINDING, at: { urn: "", path: "" }, related: [{ urn: "", path: "clusters[0]" }] });
  expect(text.split("\n").slice(1, 3)).toEqual([
    "  at    policy-pack configuration irsa-context",
    "  with  policy-pack configuration irsa-context, clusters[0]",
  ]);
});

test("every text of a finding stays on its line", () => {
  const urn = urnOf("aws:iam/role:Role", "a\nb");
  const text = renderFinding({
    at: { urn, path: "tags.\u2028" },
    related: [],
    says: "One\nline.",
    why: "One\rline.",
    fix: "One\u0085line.",
  });
  expect(text).toBe(
    [
      "One\\nline.",
      '  at    aws:iam/role:Role "a\\nb", tags.\\u2028',
      "  why   One\\rline.",
      "  fix   One\\u0085line.",
    ].join("\n"),
  );
});

describe("visible text", () => {
  test.each([
    ["\n", "\\n"],
    ["\r", "\\r"],
    ["\t", "\\t"],
    ["\u0000", "\\u0000"],
    ["\u0007", "\\u0007"],
    ["\u001f", "\\u001f"],
    ["\u007f", "\\u007f"],
    ["\u009f", "\\u009f"],
    ["\u200b", "\\u200b"],
    ["\u200f", "\\u200f"],
    ["\u2028", "\\u2028"],
    ["\u202e", "\\u202e"],
    ["\u2066", "\\u2066"],
    ["\ufeff", "\\ufeff"],
  ])("of %j is its escape, each time that it stands there", (character, escape) => {
    expect(visible(`a${character}b${character}`)).toBe(`a${escape}b${escape}`);
  });

  test.each([" ", "~", "\u00a0", "é", "\u200a", "\u2010", "\u2030", "\u2065", "\u206a", "…", "🚀"])(
    "keeps %j",
    (character) => {
      expect(visible(`a${character}b`)).toBe(`a${character}b`);
    },
  );

  test("is cut behind the 8000th character", () => {
    expect(visible("x".repeat(8000))).toBe("x".repeat(8000));
    expect(visible("x".repeat(8000) + "y")).toBe(`${"x".repeat(8000)}…`);
  });
});

describe("a suppressed finding", () => {
  const by = { urn: urns.role, path: 'tags["ignore"]' };

  test("is told with its level, rule, last day and reason, and stands below them", () => {
    expect(renderSuppressed({ finding: FINDING, reason: "migration\nto", until: "2027-02-28", by })).toBe(
      `Suppressed mandatory test-fault until 2027-02-28: migration\\nto\n${renderFinding(FINDING)}`,
    );
  });

  test("says so where its reason is not known yet", () => {
    const text = renderSuppressed({
      finding: { ...FINDING, level: "advisory" },
      reason: undefined,
      until: undefined,
      by,
    });
    expect(text).toBe(`Suppressed advisory test-fault: its reason is not known yet\n${renderFinding(FINDING)}`);
  });

  test("that was not verified yet is one sentence", () => {
    const finding: UnverifiedFinding = {
      rule: "irsa-unverified",
      verdict: "unverified",
      at: FINDING.at,
      says: "It is not\nverified yet.",
      rules: ["test-fault"],
      waitsFor: [],
    };
    expect(renderSuppressed({ finding, reason: "later", until: undefined, by })).toBe(
      "Suppressed unverified irsa-unverified: later\nIt is not\\nverified yet.",
    );
  });
});
