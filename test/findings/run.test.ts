import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Place, Violation } from "../../policy-pack/src/rules/rule";
import { urnOf, urns, wired } from "../support/stack";
import { FINDING, ruleOf } from "./support";

const model = buildModel(wired());
const violation = (data: string, at: Place = FINDING.at): Violation<string> => ({
  verdict: "violation",
  at,
  related: [],
  data,
});

test("a finding has the level, severity and reason of its rule", () => {
  expect(run([ruleOf(() => [{ ...violation("It is broken."), related: FINDING.related }])], model)).toEqual({
    findings: [{ ...FINDING, severity: "low" }],
    unverified: [],
    faults: [],
  });
});

test("a finding may be weaker than its rule, and have a reason of its own", () => {
  const weaker = { ...violation(""), level: "advisory" as const, data: { says: "It is broken.", why: "It may fail." } };
  expect(run([ruleOf(() => [weaker])], model).findings).toMatchObject([{ level: "advisory", why: "It may fail." }]);
});

test("findings come in the order of the rules, then of resources, paths and sentences, whatever a rule's own order", () => {
  const [first, second] = [urnOf("aws:iam/role:Role", "a"), urnOf("aws:iam/role:Role", "b")];
  const faults = [
    violation("B", { urn: first, path: "name" }),
    violation("A", { urn: first, path: "path" }),
    violation("A", { urn: second, path: "name" }),
    violation("A", { urn: first, path: "name" }),
  ];
  const expected = [
    [first, "name", "A"],
    [first, "name", "B"],
    [first, "path", "A"],
    [second, "name", "A"],
  ];
  for (const order of [faults, faults.toReversed()]) {
    const { findings } = run([ruleOf(() => order, "test-second"), ruleOf(() => order, "test-first")], model);
    expect(findings.map(({ at, says }) => [at.urn, at.path, says])).toEqual([...expected, ...expected]);
    expect(findings.map(({ rule }) => rule)).toEqual([
      ...expected.map(() => "test-second"),
      ...expected.map(() => "test-first"),
    ]);
  }
});

test("whatever a rule throws becomes a fault of that rule, and stops no other", () => {
  const throws = (thrown: unknown, id: string) =>
    ruleOf(() => {
      throw thrown;
    }, id);
  const rules = [throws(new Error("no such thing"), "test-error"), throws("only text", "test-text")];
  const { findings, faults } = run([...rules, ruleOf(() => [violation("It is broken.")])], model);
  expect(faults).toEqual([
    { rule: "test-error", message: "no such thing" },
    { rule: "test-text", message: "only text" },
  ]);
  expect(findings.map(({ rule }) => rule)).toEqual(["test-fault"]);
});

test("a rule that fails half-way finds nothing, while what it waits for is told", () => {
  function* half() {
    yield violation("It is broken.");
    yield { verdict: "unverified" as const, at: { urn: urns.role, path: "" }, what: "its policy", waitsFor: [] };
    throw new Error("half-way");
  }
  const { findings, unverified, faults } = run([ruleOf(half)], model);
  expect(findings).toEqual([]);
  expect(faults).toEqual([{ rule: "test-fault", message: "half-way" }]);
  expect(unverified.map(({ rules }) => rules)).toEqual([["test-fault"]]);
});
