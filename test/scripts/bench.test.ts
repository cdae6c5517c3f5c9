import { join } from "node:path";
import * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import { createPolicies } from "../../policy-pack/src/policies";
import { rules } from "../../policy-pack/src/rules";
import { type Cell, measure, type Sample } from "../../scripts/bench/measure";
import type { Pack } from "../../scripts/bench/pack-process";
import { plot } from "../../scripts/bench/plot";
import { report } from "../../scripts/bench/report";
import { requestsFor } from "../../scripts/bench/requests";
import { type Mix, stackOf } from "../../scripts/bench/stacks";
import { median, ratio } from "../../scripts/bench/statistics";
import { judge } from "../../scripts/bench/targets";
import { repositoryRoot } from "../../scripts/repository";
import { analyze } from "../support/analyzer";

const IDLE: Pack = {
  id: "idle",
  title: "two idle policies",
  folder: join(repositoryRoot, "scripts", "bench", "packs", "idle"),
};
const PACK: Pack = { id: "pack", title: "eks-irsa, <directory>" };

describe("the stacks that are measured", () => {
  test.each([10, 100, 1_000])("one of %i resources has as many, and 3 %% are of bindings", (size) => {
    const stack = stackOf(size, "clean");
    expect(stack).toHaveLength(size);
    expect(new Set(stack.map(({ urn }) => urn)).size).toBe(size);
    const platform = 4;
    expect(stack.filter(({ ofChain }) => ofChain)).toHaveLength(platform + 3 * Math.max(1, size / 100));
  });

  const findings = async (mix: Mix) => {
    const policies = createPolicies(rules, { today: () => "2026-11-24", early: false });
    const resources = stackOf(600, mix).map((each) => ({
      ...each,
      dependencies: [...new Set(Object.values(each.from).flat())],
      propertyDependencies: each.from,
    }));
    return analyze(policies, resources);
  };

  test("a clean one is silent", async () => {
    expect(await findings("clean")).toEqual([]);
  });

  test("a new one has no violation, only what is not known yet", async () => {
    const found = await findings("new");
    expect(new Set(found.map(({ policy }) => policy))).toEqual(new Set(["irsa-unverified"]));
  });

  test("a broken one has one finding for each broken binding", async () => {
    const found = await findings("broken");
    expect(found.map(({ level }) => level)).toEqual(["mandatory", "mandatory"]);
  });
});

test("the request that is put together from bytes is the message of the protocol", () => {
  const stack = stackOf(300, "clean");
  const { analyze: each, analyzeStack } = requestsFor(stack);
  const parsed = pb.AnalyzeStackRequest.deserializeBinary(analyzeStack).getResourcesList();
  expect(parsed.map((resource) => resource.getUrn())).toEqual(stack.map(({ urn }) => urn));
  expect(each).toHaveLength(300);
  const role = parsed.find((resource) => resource.getType() === "aws:iam/role:Role");
  expect(role?.getPropertydependenciesMap().get("assumeRolePolicy")?.getUrnsList()).toHaveLength(1);
});

test("a pack is started, asked in both phases and stopped", async () => {
  const said: string[] = [];
  const [cell] = await measure({
    packs: [IDLE],
    sizes: [10],
    mixes: () => ["clean"],
    rounds: () => 1,
    say: (line) => said.push(line),
  });
  const [sample] = cell?.samples.get("idle") ?? [];
  expect(sample?.findings).toBe(0);
  expect(sample?.bootMs).toBeGreaterThan(0);
  expect(sample?.stackMs).toBeGreaterThan(0);
  expect(sample?.unrelatedUs).toBeGreaterThan(0);
  expect(said).toEqual(["10 resources, clean: round 1 of 1"]);
}, 60_000);

function sampleOf(factor: number): Sample {
  return {
    bootMs: 100 * factor,
    bootCpuMs: undefined,
    bootMemory: 50 * factor,
    unrelatedUs: 200 * factor,
    unrelatedCpuUs: undefined,
    chainUs: 300 * factor,
    stackMs: 400 * factor,
    stackCpuMs: 380 * factor,
    peakMemory: 60 * factor,
    findings: 0,
  };
}

function cellOf(size: number, pack: readonly number[], idle: readonly number[]): Cell {
  return {
    size,
    mix: "clean",
    requestBytes: 1,
    samples: new Map([
      ["pack", pack.map(sampleOf)],
      ["idle", idle.map(sampleOf)],
    ]),
  };
}

test("ratios are taken within a round: a machine that slows down for both changes nothing", () => {
  const cell = cellOf(1_000, [1, 10, 100], [1, 10, 100]);
  expect(ratio(cell, "pack", "idle", "stackMs")).toBe(1);
  expect(ratio(cell, "naive", "idle", "stackMs")).toBeUndefined();
  expect(median([3, 1, 2])).toBe(2);
  expect(median([1, 2])).toBe(1.5);
  expect(median([])).toBeUndefined();
});

test("a machine that had other work to do misses no target", () => {
  const slow: Sample = { ...sampleOf(1), stackMs: 9_000 };
  const cell: Cell = {
    ...cellOf(1_000, [], [1]),
    samples: new Map([
      ["pack", [slow]],
      ["idle", [sampleOf(1)]],
    ]),
  };
  const judgement = judge([cell]).find(({ target }) => target.title.includes("1,000"));
  expect(judgement).toMatchObject({ ratio: 22.5, cpuRatio: 1, kept: true });
});

test("a target is kept or missed by its ratio, and is not judged where nothing was measured", () => {
  const judgements = judge([cellOf(1_000, [1.25], [1])]);
  const of = (title: string) => judgements.find(({ target }) => target.title.startsWith(title));
  expect(of("stack phase of a clean stack, 1,000")).toMatchObject({ ratio: 1.25, cpuRatio: 1.25, kept: true });
  expect(of("boot, directory pack")).toMatchObject({ ratio: 1.25, kept: false });
  expect(of("stack phase of a clean stack, 50,000")).toMatchObject({ ratio: undefined, kept: true });
});

test("the report names machine, targets and every figure, and nothing of this machine but its CPUs", () => {
  const cells = [cellOf(1_000, [1], [1])];
  const text = report({
    packs: [PACK, IDLE],
    bytes: new Map([["pack", 2048]]),
    cells,
    engine: { resources: 100, rounds: 1, withoutSeconds: 2, addedSeconds: new Map([["pack", 0.25]]) },
    evaluator: { decisionsPerSecond: 300_000, growth: [{ what: "statements", factor: 2 }] },
    judgements: judge(cells),
  });
  expect(text).toMatch(/^\d+ CPUs, Node \d+\.\d+\.\d+, \w+\. /m);
  expect(text).toContain(
    "| stack phase of a clean stack, 1,000 resources  | 1.30 ×  | 1.00 ×       | 1.00 ×         | kept ",
  );
  expect(text).toContain("| 1,000     | clean | eks-irsa, <directory> | 200 (1.00 ×)");
  expect(text).toContain("| eks-irsa, <directory> | 0.25    |");
  expect(text).toContain("300,000 decisions a second");
  expect(text).not.toContain(repositoryRoot);
});

test("the plot has a line for each pack, and escapes their titles", () => {
  const svg = plot([PACK, IDLE], [cellOf(100, [1], [1]), cellOf(10_000, [2], [2])]);
  expect(svg.match(/<polyline /g)).toHaveLength(2);
  expect(svg.match(/<circle /g)).toHaveLength(4);
  expect(svg).toContain("eks-irsa, &lt;directory>");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(plot([], [])).not.toMatch(/NaN|undefined|Infinity/);
});
