import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../repository";

/** The module whose main package is the CLI. */
export const CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3";

/** `pulumi policy analyze --json`, which the tests and the gate use, came with this version. */
export const OLDEST_CLI = "3.229.0";

/** Folder of the Go module that pins the CLI. */
export const cliModuleFolder: string = join(repositoryRoot, "scripts", "pulumi-cli");

/**
 * Version of the CLI that is installed or built when none is there, without "v". go.mod is its only source.
 * @throws Error when go.mod does not require the CLI.
 */
export function pinnedVersion(goMod = readFileSync(join(cliModuleFolder, "go.mod"), "utf8")): string {
  return requiredVersion(CLI_MODULE, goMod);
}

/**
 * Version of a module that the text of a go.mod requires, without "v".
 * @throws Error when it requires none.
 */
export function requiredVersion(module: string, goMod: string): string {
  const required = new RegExp(`^(?:require\\s+|\\s+)${module.replaceAll(".", "\\.")}\\s+v(\\S+)`, "m").exec(goMod);
  if (required?.[1] === undefined) throw new Error(`The go.mod requires no version of ${module}.`);
  return required[1];
}

interface Version {
  readonly numbers: readonly number[];
  readonly prerelease: boolean;
}

/** Reads `v3.259.0`, `3.260.0-alpha.1` or `3.1.0+dirty`; undefined for anything else. */
function parse(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(\+\S+)?$/.exec(text.trim());
  if (match === null) return undefined;
  return { numbers: match.slice(1, 4).map(Number), prerelease: match[4] !== undefined };
}

/** The version in what `pulumi version` prints, without "v"; undefined when there is none. */
export function versionIn(output: string): string | undefined {
  const line = output.split("\n").find((candidate) => parse(candidate) !== undefined);
  return line?.trim().replace(/^v/, "");
}

/** Whether a version is the minimum or newer. A prerelease of the minimum is older; what is no version is never enough. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [have, need] = [parse(version), parse(minimum)];
  if (have === undefined || need === undefined) return false;
  for (const [index, number] of need.numbers.entries()) {
    const difference = (have.numbers[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return need.prerelease || !have.prerelease;
}
