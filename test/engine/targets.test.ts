import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";
import { TWO_TEAMS } from "./life-programs";
import { operations, silent, verdictOf } from "./verdict";

jest.setTimeout(RUN_TIMEOUT_MS);

/** With `--target` a program is registered as a whole: the rest of it stays as the state has it, or does not come to be. */
const targeted = (...names: readonly string[]): readonly string[] => names.flatMap((name) => ["--target", name]);
// The pods of this program name their account by text, which is a hint about their order; it is not what is asked here.
const run = { program: TWO_TEAMS, policyPack, policyPackConfig: { "workload-order": "disabled" } };
const without = (...names: readonly string[]): readonly string[] => names.flatMap((name) => ["--exclude", name]);
const ROLE = "**aws:iam/role:Role::";
const DEPLOYMENT = "**kubernetes:apps/v1:Deployment::";
const ACCOUNT = "**kubernetes:core/v1:ServiceAccount::";
const ATTACHMENT = "**aws:iam/rolePolicyAttachment:RolePolicyAttachment::";
const PROVIDER = "**aws:iam/openIdConnectProvider:OpenIdConnectProvider::";
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

describe("with --exclude", () => {
  const rest = { ...run, stack: "rest" };

  test.each([
    ["the role and what depends on it", [...without(`${ROLE}shop`), "--exclude-dependents"]],
    ["the OIDC provider", without(`${PROVIDER}shop`)],
    ["the account", without(`${ACCOUNT}shop`)],
  ])("a new stack without %s is no violation", async (_, args) => {
    const preview = await engine.preview({ ...rest, args });
    expect(preview.code).toBe(0);
    expect(operations(preview)["create"]?.length).toBeGreaterThan(3);
    const { text, ...said } = verdictOf(preview);
    expect(said).toMatchObject(silent);
    // What is left out is of this stack, so that nobody has to name it in the configuration.
    expect(text).not.toContain("Nothing in this stack");
  });

  test("permissions that come with the next update are not missing, and that update is right", async () => {
    const first = await engine.up({ ...rest, args: without(`${ATTACHMENT}shop`) });
    expect([first.code, verdictOf(first).violations]).toEqual([0, []]);
    const next = await engine.preview(rest);
    expect(operations(next)["create"]).toEqual(["shop"]);
    expect(verdictOf(next)).toMatchObject({ ...silent, unverified: [] });
    expect((await engine.up(rest)).code).toBe(0);
  });

  test("what is left as it was is judged as it was, and what is updated as it will be", async () => {
    const config = { suffix: "-v2" };
    const left = await engine.preview({ ...rest, config, args: without(`${ROLE}shop`) });
    expect([left.code, verdictOf(left)]).toEqual([0, { ...silent, unverified: [], text: "" }]);
    const broken = await engine.preview({ ...rest, config, args: without(`${DEPLOYMENT}shop`, `${ACCOUNT}shop`) });
    expect(broken.code).not.toBe(0);
    expect(verdictOf(broken).violations).toEqual(["mandatory trust-policy-subject-mismatch shop"]);
    const second = await engine.preview({ ...rest, config: { stage: "second" }, args: without("**::data") });
    expect([second.code, verdictOf(second).violations]).toEqual([0, []]);
  });
});

describe("with --target-dependents", () => {
  const onward = (name: string): readonly string[] => [...targeted(name), "--target-dependents"];
  const rest = { ...run, stack: "rest" };

  test("an update of the cluster and all that hangs on it is silent while it is right", async () => {
    const same = await engine.preview({ ...rest, args: onward(`${CLUSTER}shop`) });
    expect([same.code, verdictOf(same)]).toEqual([0, { ...silent, unverified: [], text: "" }]);
  });

  test("and stopped when something that hangs on it breaks the chain", async () => {
    const broken = await engine.preview({ ...rest, config: { suffix: "-v2" }, args: onward(`${CLUSTER}shop`) });
    expect(broken.code).not.toBe(0);
    expect(verdictOf(broken).violations).toEqual(["mandatory trust-policy-subject-mismatch shop"]);
  });
});

test("previews of a refresh and of a destruction change nothing that the next preview is judged by", async () => {
  const rest = { ...run, stack: "rest" };
  for (const command of ["refresh", "destroy"]) {
    const result = await engine.pulumi([command, "--stack", "rest", "--preview-only"], rest);
    expect([result.code, result.stderr]).toEqual([0, ""]);
  }
  const next = await engine.preview(rest);
  expect(Object.keys(operations(next))).toEqual(["same"]);
  expect(verdictOf(next)).toMatchObject({ ...silent, unverified: [] });
});
