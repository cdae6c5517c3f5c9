import type { EngineResult } from "./harness";
import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";
import { oneCluster, twoClusters } from "./programs";

const MISMATCH = oneCluster("system:serviceaccount:shop:web");

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine({ mode: "unknown" });
}, START_TIMEOUT_MS);
afterAll(() => engine.close());

function policies({ policyEvents }: EngineResult): readonly string[] {
  return policyEvents.map((event) => `${event.enforcementLevel} ${event.policyName}`);
}

function violations(result: EngineResult): readonly string[] {
  return policies(result).filter((each) => !each.endsWith("irsa-unverified"));
}

test(
  "a role that trusts cluster A, with its account on cluster B, is caught at the first preview while every value is unknown",
  async () => {
    const result = await engine.preview({ program: twoClusters("b"), policyPack });
    expect(violations(result)).toEqual(["mandatory trust-policy-provider-mismatch"]);
    expect(result.code).not.toBe(0);
    expect(result.policyEvents.map((event) => event.message).join("\n")).toMatch(/cluster "a"[\s\S]*cluster "b"/);
  },
  RUN_TIMEOUT_MS,
);

test(
  "the same two clusters, with the account where the role trusts it, are no violation",
  async () => {
    const result = await engine.preview({ program: twoClusters("a"), policyPack });
    expect(violations(result)).toEqual([]);
    expect(result.code).toBe(0);
  },
  RUN_TIMEOUT_MS,
);

test(
  "a correct stack is silent when it is deployed, at the next preview, and in the analysis of its state",
  async () => {
    const program = oneCluster();
    const up = await engine.up({ program, policyPack });
    expect([up.code, policies(up)]).toEqual([0, []]);
    const preview = await engine.preview({ program, policyPack });
    expect([preview.code, policies(preview)]).toEqual([0, []]);
    const analysis = await engine.policyAnalyze({ program, policyPack });
    expect([analysis.code, policies(analysis)]).toEqual([0, []]);
  },
  RUN_TIMEOUT_MS,
);

test(
  "an update without a preview stops before the broken account is made, and names the fault once",
  async () => {
    const up = await engine.up({ program: MISMATCH, policyPack, stack: "stopped" });
    expect(up.code).not.toBe(0);
    expect(violations(up)).toEqual(["mandatory trust-policy-subject-mismatch"]);
    const deployed = up.steps.filter((step) => step.op === "create" && step.outputs !== undefined);
    expect(deployed.some((step) => step.type === "aws:iam/role:Role")).toBe(true);
    expect(deployed.some((step) => step.type === "kubernetes:core/v1:ServiceAccount")).toBe(false);
  },
  RUN_TIMEOUT_MS,
);

test(
  "what was deployed without the pack is found by the next preview and in its state alike",
  async () => {
    const stack = "late";
    expect((await engine.up({ program: MISMATCH, stack })).code).toBe(0);
    const preview = await engine.preview({ program: MISMATCH, policyPack, stack });
    expect(violations(preview)).toEqual(["mandatory trust-policy-subject-mismatch"]);
    const analysis = await engine.policyAnalyze({ program: MISMATCH, policyPack, stack });
    // A state is analysed resource by resource, as in an update, where the fault is told before the issuer is known: what is
    // wrong and where is the same to the letter, while why and fix say less.
    const fault = ({ policyEvents }: EngineResult) =>
      policyEvents.map(({ policyName, message }) => [policyName, ...message.split("\n").slice(0, 4)]);
    expect(fault(analysis)).toEqual(fault(preview));
    expect(analysis.code).not.toBe(0);
  },
  RUN_TIMEOUT_MS,
);

test(
  "users set levels as for any policy, and a configuration that does not fit is refused with the field named",
  async () => {
    const stack = "late";
    const advisory = await engine.preview({
      program: MISMATCH,
      policyPack,
      stack,
      policyPackConfig: { "trust-policy-subject-mismatch": "advisory" },
    });
    expect([advisory.code, violations(advisory)]).toEqual([0, ["advisory trust-policy-subject-mismatch"]]);
    const disabled = await engine.preview({
      program: MISMATCH,
      policyPack,
      stack,
      policyPackConfig: { "trust-policy-subject-mismatch": "disabled" },
    });
    expect(violations(disabled)).toEqual([]);
    const refused = await engine.preview({
      program: MISMATCH,
      policyPack,
      stack,
      policyPackConfig: { "irsa-context": { clusters: [{ name: "prod" }] } },
    });
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toMatch(/irsa-context.*issuer/s);
  },
  RUN_TIMEOUT_MS,
);
