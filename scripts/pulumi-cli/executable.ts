import { accessSync, constants, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runCommand } from "../run-command";
import { versionIn } from "./version";

const suffixes: readonly string[] = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];

/** Path of an executable in one of the folders, the first that has it; undefined when none has. */
export function executableIn(folders: readonly string[], name: string): string | undefined {
  for (const folder of folders) {
    for (const suffix of suffixes) {
      const candidate = join(folder, name + suffix);
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

/** The folders of PATH, without empty and relative ones, whose meaning changes with the current folder. */
export function pathFolders(env: NodeJS.ProcessEnv): readonly string[] {
  return (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((folder) => /^([/\\]|[A-Za-z]:)/.test(folder));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The version a CLI says it has, without "v", or the reason why it says none. */
export async function askVersion(cli: string): Promise<{ readonly version: string } | { readonly failed: string }> {
  // The CLI writes logs and caches into its home even for this question.
  const home = mkdtempSync(join(tmpdir(), "eks-irsa-version-"));
  try {
    const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { code, stdout, stderr, trouble } = await runCommand(cli, ["version"], { env, timeoutMs: 30_000 });
    if (trouble !== undefined) return { failed: `"${cli} version" ${trouble}` };
    if (code !== 0) return { failed: `"${cli} version" ended with code ${code}: ${lastLine(stderr)}` };
    const version = versionIn(stdout);
    return version === undefined ? { failed: `"${cli} version" prints no version: ${lastLine(stdout)}` } : { version };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
