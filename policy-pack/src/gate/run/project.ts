import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse } from "yaml";
import { packagesOf, readYamlProgram } from "../../rehearsal";
import { GateFailure, messageOf } from "../failure";
import { type Fields, fields, text } from "../json";

export interface Project {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  readonly runtime: string;
  /** Folder of the stacks' settings. */
  readonly settingsFolder: string;
  /** Stacks that have a settings file there. */
  readonly stacks: readonly string[];
  /** Options of the runtime, as Pulumi.yaml has them. */
  readonly options: Fields;
  /** Keys, with their namespace, that the project declares as secret: the engine refuses them in plain text. */
  readonly secretKeys: ReadonlySet<string>;
}

const PROJECT_FILES: readonly string[] = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * Reads a program's Pulumi.yaml.
 * @throws GateFailure when there is none, or it cannot be read.
 */
export function readProject(cwd: string): Project {
  const folder = resolve(cwd);
  const file = PROJECT_FILES.map((name) => join(folder, name)).find((each) => existsSync(each));
  if (file === undefined) {
    throw new GateFailure(`${folder} is no Pulumi program: it has no Pulumi.yaml. Name its folder with --cwd DIR.`);
  }
  const body = readYaml(file);
  const name = text(body["name"]);
  const runtime = text(body["runtime"]) ?? text(fields(body["runtime"])["name"]);
  if (name === undefined || runtime === undefined) throw new GateFailure(`${file} needs a name and a runtime.`);
  const settingsFolder = join(folder, text(body["stackConfigDir"]) ?? ".");
  return {
    folder,
    name,
    runtime,
    settingsFolder,
    stacks: stacksIn(settingsFolder),
    options: fields(fields(body["runtime"])["options"]),
    secretKeys: new Set(
      Object.entries(fields(body["config"])).flatMap(([key, declared]) =>
        fields(declared)["secret"] === true ? [qualified(key, name)] : [],
      ),
    ),
  };
}

/** A key of the configuration without a namespace is the project's own. */
export function qualified(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

/**
 * The stack to judge when none is named: the only one, or `dev`.
 * @throws GateFailure when there are several to choose from.
 */
export function defaultStack({ stacks, folder }: Project, env: NodeJS.ProcessEnv): string {
  const chosen = env["PULUMI_STACK"];
  if (chosen !== undefined && chosen !== "") return chosen;
  const [only, ...others] = stacks;
  if (others.length === 0) return only ?? "dev";
  if (stacks.includes("dev")) return "dev";
  throw new GateFailure(`${folder} has several stacks (${stacks.join(", ")}). Name those to check with --stack.`);
}

/** The settings file of a stack, `Pulumi.<stack>.yaml`; no fields when it has none. */
export function stackSettings({ settingsFolder }: Project, stack: string): Fields {
  const file = ["yaml", "yml", "json"]
    .map((extension) => join(settingsFolder, `Pulumi.${stack}.${extension}`))
    .find((each) => existsSync(each));
  return file === undefined ? {} : readYaml(file);
}

export function readYaml(file: string): Fields {
  try {
    return fields(parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new GateFailure(`${file} cannot be read: ${messageOf(error)}`);
  }
}

function stacksIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => /^Pulumi\.(.+)\.(?:yaml|yml|json)$/.exec(basename(name))?.[1] ?? [])
    .sort();
}

/**
 * Packages whose plugin the program needs, as far as its files tell: those that a program in YAML names, and those that
 * node_modules has (`@pulumi/random` says `pulumi: {resource: true}`). Others show when the engine asks for them.
 */
export function pluginPackages({ folder }: Project): readonly string[] {
  const program = readYamlProgram(folder);
  // Components in a folder run as they are.
  if (program) return packagesOf(program).filter((name) => !/^[./\\]/.test(program.sources[name] ?? ""));
  const manifest = readManifest(join(folder, "package.json"));
  const wanted = Object.keys({ ...fields(manifest["dependencies"]), ...fields(manifest["devDependencies"]) });
  return wanted.flatMap((name) => {
    const plugin = fields(readManifest(findPackage(folder, name))["pulumi"]);
    if (plugin["resource"] !== true) return [];
    return text(plugin["name"]) ?? name.slice(name.lastIndexOf("/") + 1);
  });
}

function readManifest(file: string): Fields {
  try {
    return fields(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

/** As Node finds it: in this folder's node_modules or in one above. */
function findPackage(folder: string, name: string): string {
  const file = join(folder, "node_modules", name, "package.json");
  const above = resolve(folder, "..");
  return existsSync(file) || above === folder ? file : findPackage(above, name);
}
