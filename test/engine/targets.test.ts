import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";
import { TWO_TEAMS } from "./life-programs";
import { operations, silent, verdictOf } from "./verdict";

jest.setTimeout(RUN_TIMEOUT_MS);

/** With `--target` a program is registered as a whole: the rest of it stays as the state has it, or does not come to be. */
const targeted = (...names: readonly string[]): readonly string[] => names.flatMap((name) => ["--target", name]);
// The pods of this program name their account by text, which is a hint about their order; it is not what is asked here.
const run = { program: TWO_TEAMS, policyPack, policyPackConfig: { "workload-order": "disabled" } };
const ROLE = "**aws:iam/role:Role::";
const DEPLOYMENT = "**kubernetes:apps/v1:Deployment::";
const CLUSTER = "**aws:eks/cluster:Cluster::";

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine({ mode: "known" });
}, START_TIMEOUT_MS);
afterAll(() => engine.close());

test("the first steps of a stack are no violation: a cluster alone, then the role and the pods before provider, permissions and account", async () => {
  const first = await engine.up({ ...run, args: targeted(`${CLUSTER}shop`) });
  expect(operations(first)["create"]).toContain("shop");
  expect(verdictOf(first)).toMatchObject(silent);
  const next = await engine.preview({ ...run, args: targeted(`${ROLE}shop`, `${DEPLOYMENT}shop`) });
  expect(operations(next)["create"]).toEqual(["shop", "shop"]);
  expect(verdictOf(next)).toMatchObject(silent);
});

describe("with the stack in place", () => {
  test("the whole is silent", async () => {
    expect(verdictOf(await engine.up(run))).toMatchObject({ ...silent, unverified: [] });
  });

  test("an update of one resource is silent, whatever else the program adds, renames or breaks", async () => {
    const added = await engine.preview({
      ...run,
      config: { stage: "second" },
      args: targeted(`${ROLE}shop`, `${CLUSTER}data`),
    });
    expect(verdictOf(added)).toMatchObject(silent);
    // The account is in the state under its former name and in the program under the new one: one account, not two.
    const renamed = await engine.preview({ ...run, config: { stage: "renamed" }, args: targeted(`${ROLE}shop`) });
    expect(verdictOf(renamed)).toMatchObject(silent);
    const broken = await engine.preview({ ...run, config: { suffix: "-v2" }, args: targeted(`${DEPLOYMENT}shop`) });
    expect(verdictOf(broken)).toMatchObject(silent);
  });

  test("an update of the one resource that breaks the chain is stopped, though the rest is only in the state", async () => {
    const broken = await engine.up({ ...run, config: { suffix: "-v2" }, args: targeted(`${ROLE}shop`) });
    expect(broken.code).not.toBe(0);
    expect(verdictOf(broken).violations).toEqual(["mandatory trust-policy-subject-mismatch shop"]);
  });
});
