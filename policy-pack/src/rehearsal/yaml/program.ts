/**
 * What a program in YAML says of itself, as far as a rehearsal needs it: which types and functions it names with which
 * properties, and where it declares each resource. The host of YAML programs (pulumi/pulumi-yaml) runs on the same file.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isPair, isScalar, LineCounter, type Pair, parseDocument, visit, type YAMLMap } from "yaml";
import { type Path, readReads } from "./reads";

export interface YamlProgram {
  /** Absolute path of the file that declares the resources. */
  readonly file: string;
  readonly resources: readonly YamlResource[];
  /** Functions that are invoked. */
  readonly functions: readonly YamlUse[];
  /** Every key of the file: some of them are properties that an expression gives. */
  readonly keys: readonly string[];
  /** Packages that the project takes from a folder or a repository, with their source: they hold components. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface YamlUse {
  /** As the program writes it: `aws:iam:Role` for `aws:iam/role:Role`. */
  readonly token: string;
  /** Names of the properties it is given; undefined where an expression gives them. */
  readonly properties: readonly string[] | undefined;
  /** What the program reads of its outputs. */
  readonly read: readonly Path[];
}

export interface YamlResource extends YamlUse {
  /** The resource's name in its URN. */
  readonly name: string;
  /** Both from 1: where the resource's key stands. */
  readonly line: number;
  readonly column: number;
}

/**
 * Reads the program in a project's folder. Undefined when it is none in YAML, when it is written by a compiler
 * (`runtime.options.compiler`), and when it cannot be read: the host then says why.
 */
export function readYamlProgram(folder: string): YamlProgram | undefined {
  const project = mapIn(join(folder, "Pulumi.yaml")) ?? mapIn(join(folder, "Pulumi.yml"));
  const runtime: unknown = project?.map.get("runtime");
  const name = isMap(runtime) ? runtime.get("name") : runtime;
  if (project === undefined || name !== "yaml" || project.map.getIn(["runtime", "options", "compiler"]) !== undefined)
    return undefined;
  const main: unknown = project.map.get("main");
  const home = typeof main === "string" ? join(folder, main) : folder;
  // The order in which pulumi-yaml looks for it (pkg/pulumiyaml/run.go, LoadDir).
  const file = ["Main.json", "Main.yaml", "Pulumi.yaml"]
    .map((each) => join(home, each))
    .find((each) => existsSync(each));
  const program = file === undefined ? undefined : mapIn(file);
  return program && { file: program.file, sources: sourcesIn(project.map), ...readProgram(program) };
}

interface ReadFile {
  readonly file: string;
  readonly map: YAMLMap;
  readonly lines: LineCounter;
}

function mapIn(file: string): ReadFile | undefined {
  try {
    const lines = new LineCounter();
    const { contents } = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines, logLevel: "silent" });
    return isMap(contents) ? { file, map: contents, lines } : undefined;
  } catch {
    return undefined;
  }
}

/** `packages: {eks-irsa: ../../components, network: {source: github.com/example/network@v1}}`, without those of a registry. */
function sourcesIn(project: YAMLMap): YamlProgram["sources"] {
  const packages: unknown = project.get("packages");
  const pairs = itemsOf(packages).flatMap(({ key, value }): [string, string][] => {
    const name = textOf(key);
    const source = isMap(value) ? value.get("source") : textOf(value);
    return name !== undefined && typeof source === "string" && source.includes("/") ? [[name, source]] : [];
  });
  return Object.fromEntries(pairs);
}

function readProgram({ map, lines }: ReadFile): Omit<YamlProgram, "file" | "sources"> {
  const readOf = readReads(map);
  const keys = new Set<string>();
  const functions: YamlUse[] = [];
  visit(map, {
    Pair: (_, pair, path) => {
      keys.add(textOf(pair.key) ?? "");
      const called = invoked(pair);
      if (called === undefined) return;
      const { token, properties, returns } = called;
      const read = readOf(variableOf(path) ?? "");
      functions.push({
        token,
        properties,
        read: returns === undefined ? read : [[returns], ...read.map((each) => [returns, ...each])],
      });
    },
  });
  return { resources: resourcesOf(map, lines, readOf), functions, keys: [...keys].filter((key) => /^\w+$/.test(key)) };
}

/** The key of the variable whose whole value is at the end of a path from the root. */
function variableOf(path: readonly unknown[]): string | undefined {
  const [, section, , variable, value, ...deeper] = path;
  const whole = isPair(section) && textOf(section.key) === "variables" && isPair(variable);
  return whole && deeper.length === 0 && isMap(value) ? textOf(variable.key) : undefined;
}

function resourcesOf(
  map: YAMLMap,
  lines: LineCounter,
  readOf: (key: string) => readonly Path[],
): readonly YamlResource[] {
  return itemsOf(map.get("resources")).flatMap(({ key, value }) => {
    const [logical, token] = [textOf(key), isMap(value) ? value.get("type") : undefined];
    if (logical === undefined || typeof token !== "string" || !isMap(value) || !isScalar(key)) return [];
    const named: unknown = value.get("name");
    const { line, col } = lines.linePos(key.range?.[0] ?? 0);
    const name = typeof named === "string" && named !== "" ? named : logical;
    return { token, name, properties: propertiesOf(value), read: readOf(logical), line, column: col };
  });
}

/** What it is made with, or what an existing one is looked up with. */
function propertiesOf(resource: YAMLMap): readonly string[] | undefined {
  const [given, state]: unknown[] = [resource.get("properties"), resource.getIn(["get", "state"])];
  const sides = [given, state].filter((side) => side !== undefined && side !== null);
  return sides.every((side) => isMap(side)) ? sides.flatMap(keysOf) : undefined;
}

/** `fn::invoke: {function: aws:iam:getRole, arguments: …, return: arn}`, or `fn::aws:iam:getRole: …` for short. */
function invoked({
  key,
  value,
}: Pair): (Pick<YamlUse, "token" | "properties"> & { readonly returns: string | undefined }) | undefined {
  const name = /^fn::(.+)$/i.exec(textOf(key) ?? "")?.[1];
  if (name?.includes(":"))
    return { token: name, properties: isMap(value) ? keysOf(value) : undefined, returns: undefined };
  if (name?.toLowerCase() !== "invoke") return undefined;
  const part = (called: string): unknown =>
    itemsOf(value).find((each) => textOf(each.key)?.toLowerCase() === called)?.value ?? undefined;
  const [token, args] = [textOf(part("function")), part("arguments")];
  if (token === undefined) return undefined;
  const properties = args === undefined ? [] : isMap(args) ? keysOf(args) : undefined;
  return { token, properties, returns: textOf(part("return")) };
}

const itemsOf = (node: unknown): readonly Pair[] => (isMap(node) ? node.items : []);

const keysOf = (map: YAMLMap): readonly string[] => map.items.flatMap(({ key }) => textOf(key) ?? []);

function textOf(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
}
