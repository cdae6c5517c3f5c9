import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { executableIn } from "./executable";
import { cliModuleFolder } from "./version";

export interface LanguageHost {
  readonly languageHost: "official" | "stand-in";
  /** Folders to put in front of PATH, so that the engine finds this CLI and its host for Node programs. */
  readonly binDirs: readonly string[];
}

const HOST = "pulumi-language-nodejs";
const standInFolder = join(cliModuleFolder, "language-host");

/** The stand-in's executable. It finds its packages in this repository, from wherever it is linked. */
export const standInHost: string = join(standInFolder, HOST);

/**
 * The host that runs Node programs for this CLI. Official releases carry it beside the CLI; a CLI built from its Go
 * module has none, and then the stand-in of this repository serves.
 */
export function findLanguageHost(cli: string, folders: readonly string[]): LanguageHost {
  const beside = [...new Set([dirname(cli), dirname(realpathSync(cli))])];
  const others = folders.filter((folder) => folder !== standInFolder);
  if (executableIn([...beside, ...others], HOST) !== undefined) return { languageHost: "official", binDirs: beside };
  return { languageHost: "stand-in", binDirs: [...beside, standInFolder] };
}
