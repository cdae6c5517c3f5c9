import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Root of this repository: the nearest folder above that holds the Go module of the CLI. Sources under test and their
 * compiled form in scripts/dist lie at different depths, so no fixed `../..` fits both.
 */
export const repositoryRoot: string = rootAbove(__dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, "scripts", "pulumi-cli", "go.mod"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`${__dirname} is not in a checkout of eks-irsa.`);
  return rootAbove(parent);
}
