import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "./cache";
import { executableIn, pathFolders } from "./executable";
import { buildProgram } from "./go-build";
import type { Attempt, ProvideOptions } from "./provide";
import { cliModuleFolder, requiredVersion } from "./version";

const YAML_MODULE = "github.com/pulumi/pulumi-yaml";
const HOST = "pulumi-language-yaml";
const moduleFolder = join(cliModuleFolder, "yaml-host");

/**
 * Folders to put in front of PATH, so that this CLI runs programs in YAML. Official releases carry their host beside the CLI;
 * for a CLI that was built from its Go module the host is built too, into the cache.
 * @throws Error that says why the host cannot be built.
 */
export async function provideYamlHost(cli: string, options: ProvideOptions = {}): Promise<readonly string[]> {
  const { env = process.env, say = (line) => void process.stderr.write(`${line}\n`) } = options;
  const there = executableIn([dirname(cli), dirname(realpathSync(cli)), ...pathFolders(env)], HOST);
  if (there !== undefined) return [dirname(there)];
  const version = requiredVersion(YAML_MODULE, readFileSync(join(moduleFolder, "go.mod"), "utf8"));
  const folder = cacheFolder(version, env, "pulumi-yaml");
  // The host tells no version of its own. A folder in the cache is whole, or not there.
  const look = (root: string): Promise<Attempt> => {
    const path = executableIn([join(root, "bin")], HOST);
    return Promise.resolve(path === undefined ? { failed: `${root} holds none` } : { found: { path, version } });
  };
  const cached = await look(folder);
  const host = {
    title: `Pulumi's language host for YAML v${version}`,
    moduleFolder,
    mainPackage: `${YAML_MODULE}/cmd/${HOST}`,
    stamp: `${YAML_MODULE}/pkg/version.Version=v${version}`,
    name: HOST,
  };
  const made = "found" in cached ? cached : await buildProgram(host, folder, look, env, say);
  if ("failed" in made) {
    throw new Error(
      `No language host for YAML: ${cli} has none beside it, there is none on PATH, and it could not be built: ${made.failed}.`,
    );
  }
  return [dirname(made.found.path)];
}
