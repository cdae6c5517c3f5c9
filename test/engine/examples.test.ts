import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineResult } from "./harness";
import { oneCluster } from "./programs";
import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";

const EXAMPLES = join(__dirname, "../../examples");
const GOOD = ["quickstart", "multi-cluster", "existing-cluster", "helm-owned", "china", "adoption"];
const BROKEN = readdirSync(join(EXAMPLES, "broken"));
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

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

/** What a person reads, in the order of the engine's events. */
function report({ policyEvents }: EngineResult): string {
  return policyEvents
    .map((event) => `[${event.enforcementLevel}] ${event.policyName}\n${event.message}\n`)
    .sort()
    .join("\n");
}

function programErrors({ diagnostics, stderr }: EngineResult): readonly string[] {
  // The engine's closing word after a mandatory violation says no more than its exit code.
  const closing = "preview failed";
  const errors = diagnostics
    .filter((each) => each.severity === "error" && each.message !== closing)
    .map((each) => each.message);
  return /panic|can't run policy|failed to run policy/.test(stderr) ? [...errors, stderr] : errors;
}

describe.each(GOOD)("%s", (name) => {
  test(
    "is silent when everything is known",
    async () => {
      const result = await known.preview({ dir: join(EXAMPLES, name), policyPack });
      expect(programErrors(result)).toEqual([]);
      expect(report(result)).toBe("");
      expect(result.code).toBe(0);
    },
    RUN_TIMEOUT_MS,
  );

  test(
    "has no violation at its first preview",
    async () => {
      const result = await unknown.preview({ dir: join(EXAMPLES, name), policyPack });
      expect(programErrors(result)).toEqual([]);
      expect(result.policyEvents.filter((event) => event.policyName !== "irsa-unverified")).toEqual([]);
      expect(result.code).toBe(0);
    },
    RUN_TIMEOUT_MS,
  );
});

test(
  "existing-cluster takes the provider of another stack by StackReference, and is silent",
  async () => {
    const program = oneCluster() + "export const oidcProviderArn = shop.provider.arn;\n";
    expect((await known.up({ program })).code).toBe(0);
    const clusterStack = "organization/program-1/dev";
    const result = await known.preview({
      dir: join(EXAMPLES, "existing-cluster"),
      policyPack,
      config: { "existing-cluster:clusterStack": clusterStack },
      stack: "referring",
    });
    expect(programErrors(result)).toEqual([]);
    expect([result.code, report(result)]).toEqual([0, ""]);
    expect(JSON.stringify(result.steps)).toContain("oidc-provider/oidc.eks.");
  },
  RUN_TIMEOUT_MS,
);

test("every point of AWS's article has its broken example", () => {
  expect([...BROKEN].sort()).toEqual([
    "account-exists",
    "annotation",
    "audience",
    "china-region",
    "environment",
    "permissions",
    "provider",
    "recreate-pods",
    "root",
    "sdk-version",
    "service-account-name",
    "thumbprint",
    "trust",
  ]);
});

describe.each(BROKEN)("broken/%s", (name) => {
  const dir = join(EXAMPLES, "broken", name);
  const golden = join(dir, "expected.txt");

  test(
    "is reported as expected.txt says, by value",
    async () => {
      const result = await known.preview({ dir, policyPack });
      expect(programErrors(result)).toEqual([]);
      const seen = report(result);
      if (UPDATE) writeFileSync(golden, seen);
      expect(existsSync(golden)).toBe(true);
      expect(seen).toBe(readFileSync(golden, "utf8"));
      expect(seen).not.toBe("");
      const mandatory = result.policyEvents.some((event) => event.enforcementLevel === "mandatory");
      expect(result.code === 0).toBe(!mandatory);
    },
    RUN_TIMEOUT_MS,
  );

  test(
    "is the same violation at the first preview, or unverified",
    async () => {
      const result = await unknown.preview({ dir, policyPack });
      expect(programErrors(result)).toEqual([]);
      const wanted = new Set([...readFileSync(golden, "utf8").matchAll(/^\[\w+\] (\S+)$/gm)].map((match) => match[1]));
      const reported = new Set(result.policyEvents.map((event) => event.policyName));
      const others = [...reported].filter((policy) => !wanted.has(policy) && policy !== "irsa-unverified");
      expect(others).toEqual([]);
      const missing = [...wanted].filter((policy) => policy !== undefined && !reported.has(policy));
      expect(missing.length === 0 || reported.has("irsa-unverified")).toBe(true);
    },
    RUN_TIMEOUT_MS,
  );
});
