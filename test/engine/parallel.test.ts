import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type EngineResult,
  policyPack,
  RUN_TIMEOUT_MS,
  START_TIMEOUT_MS,
  startEngine,
  type TestEngine,
} from "./harness";
import { IN_HALVES, TWO_TEAMS } from "./life-programs";
import { verdictOf } from "./verdict";

jest.setTimeout(RUN_TIMEOUT_MS);

const EACH_ITS_OWN = {
  right: { code: 0, violations: [] },
  wrong: { code: 1, violations: ["mandatory trust-policy-subject-mismatch shop"] },
};
let engine: TestEngine;
let pack: ChildProcess | undefined;
beforeAll(async () => {
  engine = await startEngine({ mode: "unknown" });
}, START_TIMEOUT_MS);
afterAll(async () => {
  pack?.kill();
  await engine.close();
});

test("two previews of one project by one pack at the same time judge each its own stack", async () => {
  expect(await twoStacksAtOnce(policyPack)).toEqual(EACH_ITS_OWN);
});

test("two stacks that one process of the pack serves at the same time, after a run that broke off, are judged each by itself", async () => {
  const shared = await sharedPack();
  const brokenOff = await engine.up({
    program: IN_HALVES,
    policyPack: shared,
    policyPackConfig: { "workload-order": "disabled" },
    config: { between: "throw" },
  });
  expect(brokenOff.code).not.toBe(0);
  expect(await twoStacksAtOnce(shared)).toEqual(EACH_ITS_OWN);
});

/** A preview of a correct stack and an update of a broken one. */
async function twoStacksAtOnce(by: string): Promise<unknown> {
  const run = { program: TWO_TEAMS, policyPack: by, policyPackConfig: { "workload-order": "disabled" } };
  const [right, wrong] = await Promise.all([
    engine.preview({ ...run, stack: `right-${by.length}` }),
    engine.up({ ...run, stack: `wrong-${by.length}`, config: { suffix: "-v2" } }),
  ]);
  const outcome = (result: EngineResult) => ({ code: result.code, violations: verdictOf(result).violations });
  return { right: outcome(right), wrong: outcome(wrong) };
}

/** An executable pack that is the same process every time it is started: it tells the port of one that runs already. */
async function sharedPack(): Promise<string> {
  const running = spawn(process.execPath, [join(policyPack, "dist/eks-irsa-policy-pack.cjs"), "127.0.0.1:1"]);
  pack = running;
  const port = await new Promise<string>((resolve, reject) => {
    running.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    running.once("exit", (code) => reject(new Error(`The pack ended with ${String(code)} before it told its port.`)));
  });
  const file = join(engine.folder, "shared-pack");
  writeFileSync(file, `#!${process.execPath}\nconsole.log(${JSON.stringify(port)});\nsetInterval(() => {}, 1000);\n`);
  chmodSync(file, 0o755);
  return file;
}
