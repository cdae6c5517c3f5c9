import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../../scripts/repository";
import {
  type EngineResult,
  policyPack,
  RUN_TIMEOUT_MS,
  START_TIMEOUT_MS,
  startEngine,
  type TestEngine,
} from "../engine/harness";

const folder = mkdtempSync(join(tmpdir(), "eks-irsa-single-file-"));
const file = join(folder, "eks-irsa-policy-pack.cjs");
const { version } = JSON.parse(readFileSync(join(policyPack, "package.json"), "utf8")) as { version: string };

let known: TestEngine;
let unknown: TestEngine;

beforeAll(async () => {
  execFileSync(process.execPath, [join(repositoryRoot, "scripts", "single-file.mjs"), folder]);
  known = await startEngine({ mode: "known" });
  unknown = await startEngine({ mode: "unknown" });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await known.close();
  await unknown.close();
  rmSync(folder, { recursive: true });
});

function example(name: string): string {
  return join(repositoryRoot, "examples", name);
}

/** Everything that the engine was told, level, severity and resource included, in an order of its own. */
function findings({ policyEvents }: EngineResult): readonly string[] {
  return policyEvents.map((event) => JSON.stringify(event)).sort();
}

test("it is an executable of its own, without the TypeScript compiler", () => {
  expect(statSync(file).mode & 0o111).toBe(0o111);
  const text = readFileSync(file, "utf8");
  expect(text.startsWith("#!/usr/bin/env node\n")).toBe(true);
  expect(text).not.toContain("createSourceFile");
});

test("beside it lies the directory pack's entry, which loads packages and none of its own files", () => {
  const text = readFileSync(join(folder, "pack.js"), "utf8");
  const loaded = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, module]) => module);
  expect(loaded.filter((module) => module?.startsWith("."))).toEqual([]);
  expect(loaded).toContain("@pulumi/policy");
});

test.each([
  ["broken/trust", "values are known", () => known],
  ["broken/annotation", "values are known", () => known],
  ["quickstart", "nothing exists yet", () => unknown],
  ["broken/annotation", "nothing exists yet", () => unknown],
])(
  "on %s, when %s, it reports byte for byte what the directory pack reports",
  async (name, _, engine) => {
    const dir = example(name);
    const single = await engine().preview({ dir, policyPack: file });
    const whole = await engine().preview({ dir, policyPack });
    expect(findings(single)).toEqual(findings(whole));
    expect(single.code).toBe(whole.code);
    // Pulumi names pack and version; the current folder, a user's program, has no version of the pack's.
    expect(single.stdout).toContain(`eks-irsa@v${version}`);
  },
  RUN_TIMEOUT_MS,
);

test(
  "it stops an update before a resource is made that can never work, and knows a preview from an update",
  async () => {
    const dir = example("broken/annotation");
    const single = await known.up({ dir, policyPack: file, stack: "single" });
    const whole = await known.up({ dir, policyPack, stack: "whole" });
    const alike = (result: EngineResult) => findings(result).map((text) => text.replace(/urn:pulumi:\w+::/g, "urn::"));
    expect(alike(single)).toEqual(alike(whole));
    expect(single.code).toBe(whole.code);
    expect(single.code).not.toBe(0);
  },
  RUN_TIMEOUT_MS,
);
