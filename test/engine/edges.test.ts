import { byDataSource, eksComponent, elsewhere, everyKind, native, renamed } from "./edge-programs";
import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";
import { silent, type Verdict, verdictOf } from "./verdict";

jest.setTimeout(RUN_TIMEOUT_MS);

let known: TestEngine;
let unknown: TestEngine;
beforeAll(async () => {
  known = await startEngine({ mode: "known" });
  unknown = await startEngine({ mode: "unknown" });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await known.close();
  await unknown.close();
});

const judge = async (engine: TestEngine, program: string): Promise<Verdict> =>
  verdictOf(await engine.preview({ program, policyPack }));

describe("List and Patch forms, every kind of workload, a Helm release and a GitHub role", () => {
  test("are silent by value, and no violation at the first preview", async () => {
    expect(await judge(known, everyKind())).toMatchObject({ ...silent, unverified: [] });
    expect(await judge(unknown, everyKind())).toMatchObject(silent);
  });

  test("are judged: an item of a List whose role trusts another account", async () => {
    const { errors, violations, text } = await judge(known, everyKind("apis"));
    expect({ errors, violations }).toEqual({
      errors: [],
      violations: ["mandatory trust-policy-subject-mismatch apis"],
    });
    expect(text).toContain("items[0].metadata");
  });
});

describe("the types of aws-native", () => {
  test("are silent by value, and no violation at the first preview", async () => {
    expect(await judge(known, native())).toMatchObject({ ...silent, unverified: [] });
    expect(await judge(unknown, native())).toMatchObject(silent);
  });

  test("are judged by value", async () => {
    const { errors, violations, text } = await judge(known, native("web"));
    expect({ errors, violations }).toEqual({ errors: [], violations: ["mandatory trust-policy-subject-mismatch api"] });
    expect(text).toContain("assumeRolePolicyDocument.Statement[0].Condition");
  });
});

describe("eks.Cluster of pulumi-eks", () => {
  test("with an OIDC provider of its own is silent by value, and no violation at the first preview", async () => {
    expect(await judge(known, eksComponent(true))).toMatchObject({ ...silent, unverified: [] });
    expect(await judge(unknown, eksComponent(true))).toMatchObject(silent);
  });

  test("without one is found out", async () => {
    const { errors, violations, text } = await judge(known, eksComponent(false));
    expect({ errors, violations }).toEqual({ errors: [], violations: ["mandatory oidc-provider-not-found shop"] });
    expect(text).toContain("Set createOidcProvider to true");
  });
});

test("roles and providers by .get, two AWS accounts and a renamed role are no violation in either mode", async () => {
  expect(await judge(known, elsewhere())).toMatchObject(silent);
  expect(await judge(unknown, elsewhere())).toMatchObject(silent);
});

describe("a trust policy by the data source getPolicyDocument", () => {
  test("is not verified at the first preview and judged by value in rehearsal", async () => {
    const broken = byDataSource("provider.url", "web");
    const first = await judge(unknown, broken);
    expect(first).toMatchObject(silent);
    expect(first.unverified).toEqual(["api"]);
    expect(await judge(known, broken)).toMatchObject({
      errors: [],
      violations: ["mandatory trust-policy-subject-mismatch api"],
    });
    expect(await judge(known, byDataSource("provider.url", "api"))).toMatchObject({ ...silent, unverified: [] });
  });

  test("with the issuer as condition key, scheme and all, is caught by value", async () => {
    const { errors, violations, text } = await judge(known, byDataSource("raw issuer", "api"));
    expect({ errors, violations }).toEqual({
      errors: [],
      violations: ["mandatory trust-policy-condition-key-invalid api"],
    });
    expect(text).toContain("https://");
  });
});

test("a role that was renamed with an alias is one role, in the next preview and in its state", async () => {
  const run = { program: renamed(), policyPack, stack: "renamed" };
  expect((await known.up(run)).code).toBe(0);
  const again = await known.preview({ ...run, config: { name: "shop-api" } });
  expect(again.steps.map(({ op }) => op)).not.toContain("delete");
  expect(verdictOf(again)).toMatchObject({ ...silent, unverified: [] });
  expect((await known.policyAnalyze(run)).policyEvents).toEqual([]);
});
