/** Old SDKs as users still have them: installed on demand, for their hundreds of megabytes serve one test each. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../../scripts/pulumi-cli/cache";
import { pinnedVersion } from "../../../scripts/pulumi-cli/version";
import { startProgress } from "../../../scripts/progress";
import { runCommand } from "../../../scripts/run-command";

const INSTALL_MS = 10 * 60 * 1000;
const FILES = ["package.json", "package-lock.json"] as const;

/** One folder here, with a lock file that pins every package: `aws-5` is @pulumi/aws 5, and @pulumi/kubernetes and @pulumi/pulumi of its time. */
export type OldSdks = "aws-5" | "aws-6";

/**
 * The `node_modules` of old SDKs in the user's cache, beside the Pulumi CLI. The first call installs them from the registry.
 * @throws Error with what npm said when they cannot be installed.
 */
export async function provideSdks(name: OldSdks): Promise<string> {
  const lock = readFileSync(join(__dirname, name, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  const folder = join(dirname(cacheFolder(pinnedVersion(), process.env)), `sdks-${name}-${hash}`);
  if (!existsSync(folder)) await install(name, folder);
  return join(folder, "node_modules");
}

/** The folder is renamed into place whole, so that an interrupted run leaves no half SDK. */
async function install(name: OldSdks, folder: string): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}.partial-`);
  const progress = startProgress(`Installing the old SDKs ${name}`);
  try {
    for (const file of FILES) copyFileSync(join(__dirname, name, file), join(made, file));
    // Their install scripts download provider plugins; stand-ins answer here.
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const { code, stdout, stderr, trouble } = await npm(args, made);
    if (code !== 0) throw new Error(`"npm ci" of the old SDKs ${name} failed: ${trouble ?? stdout + stderr}`);
    try {
      renameSync(made, folder);
    } catch (error) {
      // Another process was faster; what it made is the same.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    progress.stop();
    rmSync(made, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The npm that runs these tests, if one does: as a script of Node it starts without a shell on every system. */
function npm(args: readonly string[], cwd: string): ReturnType<typeof runCommand> {
  const script = process.env["npm_execpath"];
  const options = { cwd, timeoutMs: INSTALL_MS };
  return script !== undefined && /\.c?js$/.test(script)
    ? runCommand(process.execPath, [script, ...args], options)
    : runCommand("npm", args, options);
}
