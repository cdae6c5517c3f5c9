import {
  policyPack,
  RUN_TIMEOUT_MS,
  START_TIMEOUT_MS,
  startEngine,
  type EngineResult,
  type TestEngine,
} from "./harness";
import { IN_HALVES, TWO_TEAMS } from "./life-programs";
import { onCall, startMortal } from "./mortal";
import { operations, silent, verdictOf } from "./verdict";

jest.setTimeout(RUN_TIMEOUT_MS);

/** Half of the program is a role without permissions and pods without an account: nothing that may be said of the whole. */
const run = { program: IN_HALVES, policyPack, policyPackConfig: { "workload-order": "disabled" } };
const whole = { ...run, config: { between: "nothing" } };
const nothingSaid = { violations: [], unverified: [], text: "" };

let engine: TestEngine;
beforeEach(async () => {
  engine = await startEngine({ mode: "known" });
}, START_TIMEOUT_MS);
afterEach(() => engine.close());

function expectOnlyTheEngineToSpeak(result: EngineResult | undefined): void {
  if (!result) throw new Error("the engine did not run");
  expect(result.code).not.toBe(0);
  const { errors, ...said } = verdictOf(result);
  expect(said).toEqual(nothingSaid);
  expect(errors.length).toBeGreaterThan(0);
  expect(result.stderr + errors.join("\n")).not.toMatch(/panic|policy pack|failed to run policy/i);
}

test("of a program that throws after half of its resources nothing is said, and once it is whole it is right", async () => {
  const config = { between: "throw" };
  for (const operation of [engine.preview, engine.up]) {
    const result = await operation({ ...run, config });
    expectOnlyTheEngineToSpeak(result);
    expect(verdictOf(result).errors.join("\n")).toContain("half of the program is missing");
  }
  expect(verdictOf(await engine.preview(whole))).toMatchObject({ ...silent, unverified: [] });
});

test("of a preview whose providers are killed half-way nothing is said but what the engine says", async () => {
  let result: EngineResult | undefined;
  const calls = await onCall(
    () => engine.killProviders(),
    async (between) => {
      result = await engine.preview({ ...run, config: { between } });
    },
  );
  expect(calls).toBe(1);
  expectOnlyTheEngineToSpeak(result);
});

describe.each([
  { killed: ["aws", "kubernetes"], args: [] },
  // The role stays without its permissions, and the pods without the account that comes after them.
  { killed: ["aws"], args: ["--continue-on-error"] },
  // The role gets its permissions, the pods no account.
  { killed: ["kubernetes"], args: ["--continue-on-error"] },
])("an update $args whose providers of $killed are killed when some resources are made", ({ killed, args }) => {
  test("says nothing but what the engine says, and the next run is right", async () => {
    const providers = await startMortal(...killed);
    let result: EngineResult | undefined;
    const calls = await onCall(
      () => providers.kill(),
      async (between) => {
        result = await engine.up({ ...run, env: providers.env, config: { between }, args });
      },
    );
    expect(calls).toBe(1);
    expectOnlyTheEngineToSpeak(result);
    await providers.close();

    // Of the half that is there now it is true that its role has no permissions yet; nothing of it is mandatory.
    const half = verdictOf(await engine.policyAnalyze(whole));
    expect(half.errors).toEqual([]);
    expect(half.violations.filter((each) => each !== "advisory role-permissions-missing api")).toEqual([]);
    const preview = await engine.preview(whole);
    expect(verdictOf(preview)).toMatchObject({ ...silent, unverified: [] });
    expect(Object.keys(operations(preview)).sort()).toEqual(["create", "same"]);
    const up = await engine.up(whole);
    expect([up.code, verdictOf(up)]).toEqual([0, { ...silent, unverified: [], text: "" }]);
    expect(verdictOf(await engine.policyAnalyze(whole))).toMatchObject({ ...silent, unverified: [] });
  });
});

test("a violation is told once and its resource not made where an update is to go on after errors", async () => {
  const broken = { ...run, program: TWO_TEAMS, config: { suffix: "-v2" } };
  const result = await engine.up({ ...broken, args: ["--continue-on-error"] });
  expect(result.code).not.toBe(0);
  const { errors, violations } = verdictOf(result);
  expect({ errors, violations }).toEqual({
    errors: [],
    violations: ["mandatory trust-policy-subject-mismatch shop"],
  });
  expect(result.steps.filter(({ type, outputs }) => type.endsWith(":ServiceAccount") && outputs)).toEqual([]);
  const mended = await engine.up({ ...broken, config: {}, args: ["--continue-on-error"] });
  expect([mended.code, verdictOf(mended)]).toEqual([0, { ...silent, unverified: [], text: "" }]);
});
