import { existsSync } from "node:fs";
import { join } from "node:path";
import { GateFailure } from "../failure";
import { writeOutputs } from "../output";
import { type Ci, STARTER_CONFIG, TEMPLATES } from "../templates";

export interface InitFlags {
  readonly force: boolean;
  /** Folder of the repository. */
  readonly folder: string;
}

/**
 * Writes a workflow and a starter configuration; returns what it wrote.
 * @throws GateFailure when a file is there already, or the CI system is neither named nor to be seen.
 */
export function init(named: string | undefined, { force, folder }: InitFlags): readonly string[] {
  const files = [TEMPLATES[chosen(named, folder)], STARTER_CONFIG];
  const there = files.filter(({ path }) => existsSync(join(folder, path))).map(({ path }) => path);
  if (there.length > 0 && !force) {
    throw new GateFailure(
      `${there.join(" and ")} ${there.length === 1 ? "is" : "are"} there already; --force replaces.`,
    );
  }
  writeOutputs(
    files.map(({ path, content }) => ({ file: join(folder, path), content })),
    () => undefined,
  );
  return files.map(({ path }) => path);
}

function chosen(named: string | undefined, folder: string): Ci {
  if (named === "github" || named === "gitlab") return named;
  if (named !== undefined) throw new GateFailure(`irsa-gate init knows github and gitlab, not "${named}".`);
  if (existsSync(join(folder, ".gitlab-ci.yml"))) return "gitlab";
  if (existsSync(join(folder, ".github"))) return "github";
  throw new GateFailure("Name the CI system: irsa-gate init github, or irsa-gate init gitlab.");
}
