import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

/** A Pulumi program: a folder with a Pulumi.yaml. */
export interface Project {
  readonly dir: string;
  readonly name: string;
  readonly runtime: string;
  readonly description: string | undefined;
}

/**
 * Reads a program's Pulumi.yaml.
 * @throws Error when there is none, or it has no name or runtime.
 */
export function readProject(dir: string): Project {
  const file = join(dir, "Pulumi.yaml");
  if (!existsSync(file)) throw new Error(`${dir} is no Pulumi program: it has no Pulumi.yaml.`);
  const { name, runtime, description } = readYaml(file);
  const language = typeof runtime === "string" ? runtime : objectOf(runtime)["name"];
  if (typeof name !== "string" || typeof language !== "string") throw new Error(`${file} needs a name and a runtime.`);
  return { dir, name, runtime: language, description: typeof description === "string" ? description : undefined };
}

/** The configuration a program keeps for a stack, `Pulumi.<stack>.yaml`; empty when it has none. */
export function stackConfig(dir: string, stack: string): Readonly<Record<string, unknown>> {
  const file = join(dir, `Pulumi.${stack}.yaml`);
  return existsSync(file) ? objectOf(readYaml(file)["config"]) : {};
}

/** Adds configuration to a stack's file, beside the salt of its secrets. */
export function writeStackConfig(file: string, config: Readonly<Record<string, unknown>>): void {
  writeFileSync(file, stringify({ ...(existsSync(file) ? readYaml(file) : {}), config }));
}

/**
 * Writes a program of one TypeScript file. Its packages resolve through the folders above, so one of them needs a
 * `node_modules`.
 */
export function writeProgram(dir: string, name: string, source: string): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "Pulumi.yaml"), stringify({ name, runtime: "nodejs" }));
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name, private: true, main: "index.ts" }));
  writeFileSync(join(dir, "index.ts"), source);
}

function readYaml(file: string): Readonly<Record<string, unknown>> {
  return objectOf(parse(readFileSync(file, "utf8")));
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
