import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";
import { IN_HALVES } from "./life-programs";
import { silent, verdictOf } from "./verdict";

jest.setTimeout(RUN_TIMEOUT_MS);

/** Half of the program is a role without permissions and pods without an account: nothing that may be said of the whole. */
const run = { program: IN_HALVES, policyPack, policyPackConfig: { "workload-order": "disabled" } };
const nothingSaid = { violations: [], unverified: [], text: "" };

let engine: TestEngine;
beforeEach(async () => {
  engine = await startEngine({ mode: "known" });
}, START_TIMEOUT_MS);
afterEach(() => engine.close());

test("of a program that throws after half of its resources nothing is said, and once it is whole it is right", async () => {
  const config = { between: "throw" };
  for (const operation of [engine.preview, engine.up]) {
    const result = await operation({ ...run, config });
    expect(result.code).not.toBe(0);
    const { errors, ...said } = verdictOf(result);
    expect(said).toEqual(nothingSaid);
    expect(errors.join("\n")).toContain("half of the program is missing");
    expect(result.stderr).not.toMatch(/panic|policy pack/i);
  }
  expect(verdictOf(await engine.preview({ ...run, config: { between: "nothing" } }))).toMatchObject({
    ...silent,
    unverified: [],
  });
});

test("of a preview whose providers are killed half-way nothing is said but what the engine says", async () => {
  let called = 0;
  const switchOff = createServer((_, response) => {
    called += 1;
    void engine.killProviders().then(() => response.end());
  });
  const { port } = await new Promise<AddressInfo>((resolve) => {
    switchOff.listen(0, "127.0.0.1", () => resolve(switchOff.address() as AddressInfo));
  });
  const result = await engine.preview({ ...run, config: { between: `http://127.0.0.1:${String(port)}` } });
  switchOff.close();
  expect(called).toBe(1);
  expect(result.code).not.toBe(0);
  const { errors, ...said } = verdictOf(result);
  expect(said).toEqual(nothingSaid);
  expect(errors.length).toBeGreaterThan(0);
  expect(result.stderr + errors.join("\n")).not.toMatch(/panic|policy pack|failed to run policy/i);
});
