/** Every example through the gate on the real engine: rehearsed, as a first preview, and from the state it leaves. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Log, Result } from "sarif";
import { parse } from "yaml";
import { FORMATS } from "../../policy-pack/src/gate/options";
import type { Report, StackReport } from "../../policy-pack/src/gate/report";
import { repositoryRoot } from "../../scripts/repository";
import { START_TIMEOUT_MS, startEngine, type TestEngine } from "../engine/harness";
import { EXAMPLES, openGate, type TestGate } from "./gate";
import { readable, schemaErrors } from "./golden";
import { render, reportOf } from "./support";

const GOLDEN = join(__dirname, "golden");
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

const folders = ["", "broken"].flatMap((group) =>
  readdirSync(join(EXAMPLES, group)).map((name) => (group === "" ? name : `${group}/${name}`)),
);
const projectOf = (name: string) => join(EXAMPLES, name, "Pulumi.yaml");
const named = folders.filter((name) => existsSync(projectOf(name)));
const runtimeOf = (name: string) =>
  (parse(readFileSync(projectOf(name), "utf8")) as { readonly runtime: unknown }).runtime;
/** Programs whose language host the tests have; the others have a test of their own below. */
const examples = named.filter((name) => runtimeOf(name) === "nodejs");
const others = named.filter((name) => runtimeOf(name) !== "nodejs");

let gate: TestGate;
let engine: TestEngine;
let rehearsed: ReadonlyMap<string, StackReport>;
let first: ReadonlyMap<string, StackReport>;
let deployed: ReadonlyMap<string, StackReport>;

beforeAll(async () => {
  gate = await openGate();
  engine = await startEngine();
  const programs = examples.flatMap((name) => ["-C", join(EXAMPLES, name)]);
  rehearsed = byName(await judged(programs));
  first = byName(await judged([...programs, "--first-preview"]));
  deployed = await fromStates();
}, START_TIMEOUT_MS);

afterAll(async () => {
  gate.close();
  await engine.close();
});

async function judged(args: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await gate.run([
    ...args,
    "--parallel",
    "2",
    "--format",
    "json=-",
    "--base",
    repositoryRoot,
  ]);
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

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
  const report = await judged([
    "analyze",
    ...examples.flatMap((name) => ["--state", join(states, name.replace("/", "-"), "dev.json")]),
  ]);
  const byProject = new Map(report.stacks.map((stack) => [stack.project, stack]));
  return new Map(examples.map((name) => [name, stackIn(byProject, name.replace("/", "-"))]));
}

function stackIn(stacks: ReadonlyMap<string, StackReport>, name: string): StackReport {
  const found = stacks.get(name);
  if (found === undefined) throw new Error(`There is no report on ${name}.`);
  return found;
}

const places = ({ findings }: StackReport) => findings.map(({ rule, at }) => `${rule} at ${at.resource}`);
const titles = ({ chains }: StackReport) => chains.map(({ title }) => title);

describe.each(examples)("%s", (name) => {
  const golden = join(GOLDEN, name.replace("/", "-"));

  test.each(FORMATS)("its %s report is the golden one", (format) => {
    const stack = stackIn(rehearsed, name);
    expect(stack.error).toBeUndefined();
    const seen = readable(format, render(format, reportOf([stack])));
    const file = join(golden, `${format}.golden`);
    if (UPDATE) {
      mkdirSync(golden, { recursive: true });
      writeFileSync(file, seen);
    }
    expect(existsSync(file)).toBe(true);
    expect(seen).toBe(readFileSync(file, "utf8"));
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
    const log = JSON.parse(render("sarif", reportOf([stackIn(rehearsed, name)]))) as Log;
    expect(schemaErrors(log)).toEqual([]);
    const results = log.runs.flatMap(({ results: found }) => found ?? []);
    expect(results.map(pointedAt)).toEqual(results.map(({ locations }) => nameOf(locations?.[0])));
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

test.each(others)("%s is judged where its language host is, and else the host is named", async (name) => {
  const config = ["-c", "kubeconfig={}"];
  const { stacks, decision } = await judged(["-C", join(EXAMPLES, name), ...config]);
  const [stack] = stacks;
  const host = `pulumi-language-${String(runtimeOf(name))}`;
  const isThere = (gate.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, host)));
  const missing = `no language plugin '${host}' found`;
  expect({
    code: decision.exitCode,
    findings: stack?.findings,
    named: stack?.error?.includes(missing) ?? false,
  }).toEqual(isThere ? { code: 0, findings: [], named: false } : { code: 2, findings: [], named: true });
});

test("there is no golden report of an example that is gone", () => {
  expect(readdirSync(GOLDEN).sort()).toEqual(examples.map((name) => name.replace("/", "-")).sort());
});

type Location = NonNullable<Result["locations"]>[number];

function nameOf(location: Location | undefined): string {
  return location?.logicalLocations?.[0]?.name?.split(" ")[1] ?? "none";
}

/** The first text after the position: the resource's name, which `new aws.iam.Role(` may have on its next line. */
function pointedAt({ locations }: Result): string {
  const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
  const lines = readFileSync(join(repositoryRoot, artifactLocation?.uri ?? ""), "utf8").split("\n");
  const from = lines
    .slice((region?.startLine ?? 1) - 1)
    .join("\n")
    .slice((region?.startColumn ?? 1) - 1);
  return /^new [\w.]+\(\s*"([^"]+)"/.exec(from)?.[1] ?? `no resource, but ${from.slice(0, 60)}`;
}
