/** Reports on examples, and what tests look at in them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log, Result } from "sarif";
import { parse } from "yaml";
import type { Format } from "../../policy-pack/src/gate/options";
import type { Report, StackReport } from "../../policy-pack/src/gate/report";
import { repositoryRoot } from "../../scripts/repository";
import { EXAMPLES, type TestGate } from "./gate";
import { readable } from "./golden";
import { render, reportOf } from "./support";

export const GOLDEN = join(__dirname, "golden");
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

/** `quickstart`, `broken/trust`, … */
export const EXAMPLE_NAMES: readonly string[] = ["", "broken"]
  .flatMap((group) => readdirSync(join(EXAMPLES, group)).map((name) => (group === "" ? name : `${group}/${name}`)))
  .filter((name) => existsSync(join(EXAMPLES, name, "Pulumi.yaml")));

export function isForNode(name: string): boolean {
  const { runtime } = parse(readFileSync(join(EXAMPLES, name, "Pulumi.yaml"), "utf8")) as { readonly runtime: unknown };
  return runtime === "nodejs";
}

/**
 * Runs the gate and reads its report.
 * @throws Error with what the gate says when it makes none.
 */
export async function judged(gate: TestGate, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Report> {
  const flags = [
    "--parallel",
    "2",
    "--format",
    "json=-",
    ...(args.includes("--base") ? [] : ["--base", repositoryRoot]),
  ];
  const { stdout, stderr } = await gate.run([...args, ...flags], env);
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

export function stackIn(stacks: ReadonlyMap<string, StackReport>, name: string): StackReport {
  const found = stacks.get(name);
  if (found === undefined) throw new Error(`There is no report on ${name}.`);
  return found;
}

export const places = ({ findings }: StackReport) => findings.map(({ rule, at }) => `${rule} at ${at.resource}`);
export const titles = ({ chains }: StackReport) => chains.map(({ title }) => title);

/** A report as it is, and as its golden file says; undefined where there is no file. */
export function goldenReport(name: string, format: Format, stack: StackReport) {
  const folder = join(GOLDEN, name.replace("/", "-"));
  const file = join(folder, `${format}.golden`);
  const seen = readable(format, render(format, reportOf([stack])));
  if (UPDATE) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, seen);
  }
  return { seen, golden: existsSync(file) ? readFileSync(file, "utf8") : undefined };
}

export function sarifOf(stack: StackReport): { readonly log: Log; readonly results: readonly Result[] } {
  const log = JSON.parse(render("sarif", reportOf([stack]))) as Log;
  return { log, results: log.runs.flatMap(({ results }) => results ?? []) };
}

/** The name of the resource that a result is about. */
export function nameOf({ locations }: Result): string {
  return locations?.[0]?.logicalLocations?.[0]?.name?.split(" ")[1] ?? "none";
}

/**
 * The name that stands at a result's position: `new aws.iam.Role("api"`, whose name may be on the next line,
 * `k8s.apps.v1.Deployment("api"` in Python, `api:` in YAML.
 */
export function pointedAt({ locations }: Result, base: string = repositoryRoot): string {
  const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
  const lines = readFileSync(join(base, artifactLocation?.uri ?? ""), "utf8").split("\n");
  const from = lines
    .slice((region?.startLine ?? 1) - 1)
    .join("\n")
    .slice((region?.startColumn ?? 1) - 1);
  const [, called, key] = /^(?:(?:new )?[\w.]+\(\s*"([^"]+)"|([\w-]+):\n)/.exec(from) ?? [];
  return called ?? key ?? `no resource, but ${from.slice(0, 60)}`;
}
