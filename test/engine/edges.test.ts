import { byDataSource, eksComponent, elsewhere, everyKind, native, renamed } from "./edge-programs";
import {
  policyPack,
  RUN_TIMEOUT_MS,
  START_TIMEOUT_MS,
  startEngine,
  type EngineResult,
  type TestEngine,
} from "./harness";

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

interface Verdict {
  readonly errors: readonly string[];
  readonly violations: readonly string[];
  readonly unverified: number;
  readonly text: string;
}

async function judge(engine: TestEngine, program: string): Promise<Verdict> {
  const result = await engine.preview({ program, policyPack });
  const { policyEvents } = result;
  return {
    errors: errorsOf(result),
    violations: policyEvents
      .filter(({ policyName }) => policyName !== "irsa-unverified")
      .map(
        ({ enforcementLevel, policyName, resourceUrn }) => `${enforcementLevel} ${policyName} ${nameOf(resourceUrn)}`,
      )
      .sort(),
    unverified: policyEvents.filter(({ policyName }) => policyName === "irsa-unverified").length,
    text: policyEvents.map(({ message }) => message).join("\n"),
  };
}

function nameOf(urn: string | undefined): string {
  return urn?.split("::").at(-1) ?? "";
}

/** Errors of the program itself; that a mandatory violation fails the preview is no such error. */
function errorsOf({ diagnostics, stderr }: EngineResult): readonly string[] {
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message)
    .filter((message) => message.trim() !== "preview failed");
  return /panic|can't run policy|failed to run policy/.test(stderr) ? [...errors, stderr] : errors;
}

const silent = { errors: [], violations: [] };

describe("List and Patch forms, every kind of workload, a Helm release and a GitHub role", () => {
  test("are silent by value, and no violation at the first preview", async () => {
    expect(await judge(known, everyKind())).toMatchObject({ ...silent, unverified: 0 });
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
    expect(await judge(known, native())).toMatchObject({ ...silent, unverified: 0 });
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
    expect(await judge(known, eksComponent(true))).toMatchObject({ ...silent, unverified: 0 });
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
    expect(first.unverified).toBeGreaterThan(0);
    expect(await judge(known, broken)).toMatchObject({
      errors: [],
      violations: ["mandatory trust-policy-subject-mismatch api"],
    });
    expect(await judge(known, byDataSource("provider.url", "api"))).toMatchObject({ ...silent, unverified: 0 });
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
  expect([errorsOf(again), again.policyEvents]).toEqual([[], []]);
  expect((await known.policyAnalyze(run)).policyEvents).toEqual([]);
});
