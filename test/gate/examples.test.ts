/** Every example for Node through the gate on the real engine: rehearsed, as a first preview, and from the state it leaves. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { FORMATS } from "../../policy-pack/src/gate/options";
import type { Report, StackReport } from "../../policy-pack/src/gate/report";
import { START_TIMEOUT_MS, startEngine, type TestEngine } from "../engine/harness";
import {
  EXAMPLE_NAMES,
  GOLDEN,
  goldenReport,
  isForNode,
  judged,
  nameOf,
  places,
  pointedAt,
  sarifOf,
  stackIn,
  titles,
} from "./example-reports";
import { EXAMPLES, openGate, type TestGate } from "./gate";
import { schemaErrors } from "./golden";

/** The others need a language of their own; examples-languages.test.ts has them. */
const examples = EXAMPLE_NAMES.filter(isForNode);

let gate: TestGate;
let engine: TestEngine;
let rehearsed: ReadonlyMap<string, StackReport>;
let first: ReadonlyMap<string, StackReport>;
let deployed: ReadonlyMap<string, StackReport>;

beforeAll(async () => {
  gate = await openGate();
  engine = await startEngine();
  const programs = examples.flatMap((name) => ["-C", join(EXAMPLES, name)]);
  rehearsed = byName(await judged(gate, programs));
  first = byName(await judged(gate, [...programs, "--first-preview"]));
  deployed = await fromStates();
}, START_TIMEOUT_MS);

afterAll(async () => {
  gate.close();
  await engine.close();
});

function byName({ stacks }: Report): ReadonlyMap<string, StackReport> {
  return new Map(stacks.map((stack) => [stack.directory.replace("examples/", ""), stack]));
}

/** Deploys each example without the pack, so that nothing stops it, and judges the states that the backend then holds. */
async function fromStates(): Promise<ReadonlyMap<string, StackReport>> {
  const waiting = [...examples];
  const deployNext = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const { code, stderr } = await engine.up({ dir: join(EXAMPLES, name) });
      if (code !== 0) throw new Error(`${name} was not deployed: ${stderr}`);
    }
  };
  await Promise.all([deployNext(), deployNext()]);
  const states = join(engine.folder, "state/.pulumi/stacks");
  const report = await judged(gate, [
    "analyze",
    ...examples.flatMap((name) => ["--state", join(states, name.replace("/", "-"), "dev.json")]),
  ]);
  const byProject = new Map(report.stacks.map((stack) => [stack.project, stack]));
  return new Map(examples.map((name) => [name, stackIn(byProject, name.replace("/", "-"))]));
}

describe.each(examples)("%s", (name) => {
  test.each(FORMATS)("its %s report is the golden one", (format) => {
    const stack = stackIn(rehearsed, name);
    expect(stack.error).toBeUndefined();
    const { seen, golden } = goldenReport(name, format, stack);
    expect(seen).toBe(golden);
  });

  test("broken ones fail or are advised, sound ones are silent", () => {
    const { findings, unverified, notRehearsed, usesIrsa } = stackIn(rehearsed, name);
    expect({ found: findings.length > 0, unverified, notRehearsed, usesIrsa }).toEqual({
      found: name.startsWith("broken/"),
      unverified: [],
      notRehearsed: [],
      usesIrsa: true,
    });
  });

  test("SARIF is valid, and each result points at the line that makes its resource", () => {
    const { log, results } = sarifOf(stackIn(rehearsed, name));
    expect(schemaErrors(log)).toEqual([]);
    expect(results.map((result) => pointedAt(result))).toEqual(results.map(nameOf));
  });

  test("a first preview finds the same, or says that it waits, on the same chains", () => {
    const [known, unknown] = [stackIn(rehearsed, name), stackIn(first, name)];
    expect(unknown.error).toBeUndefined();
    expect(places(unknown).filter((place) => !places(known).includes(place))).toEqual([]);
    expect(titles(unknown)).toEqual(titles(known));
    const missed = known.findings.filter(({ rule, at }) => !places(unknown).includes(`${rule} at ${at.resource}`));
    // What a first preview cannot see yet, it may not call proven.
    const open = new Set(unknown.chains.filter(({ verdict }) => verdict === "unverified").map(({ id }) => id));
    expect(missed.filter(({ chains }) => !chains.some((id) => open.has(id))).map(({ rule }) => rule)).toEqual([]);
  });

  test("deployed, its state has the same faults, on the same chains", () => {
    const [known, state] = [stackIn(rehearsed, name), stackIn(deployed, name)];
    expect({ error: state.error, unverified: state.unverified }).toEqual({ error: undefined, unverified: [] });
    expect(places(state)).toEqual(places(known));
    expect(titles(state)).toEqual(titles(known));
    // What of a new cluster is certain may be made elsewhere for one that is there: then it is advice.
    const broken = ({ chains }: StackReport) => chains.map(({ verdict }) => verdict !== "ok");
    expect(broken(state)).toEqual(broken(known));
  });
});

test("there is no golden report of an example that is gone", () => {
  expect(readdirSync(GOLDEN).sort()).toEqual(EXAMPLE_NAMES.map((name) => name.replace("/", "-")).sort());
});
