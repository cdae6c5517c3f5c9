import { join } from "node:path";
import { types } from "node:util";
import { startProgress } from "../progress";
import { runCommand } from "../run-command";
import { cachedCli, fillCache } from "./cache";
import type { Attempt } from "./provide";
import { cliModuleFolder } from "./version";

/** What `PulumiCommand.install` asks for first; its own limit of two minutes is too long to find out that nobody answers. */
const INSTALLER =
  process.platform === "win32" ? "https://get.pulumi.com/install.ps1" : "https://get.pulumi.com/install.sh";
const ANSWER_MS = 5_000;
/** The release is 200 MB and more. */
const INSTALL_MS = 15 * 60 * 1000;

/** Installs the official release, language hosts included, through Pulumi's Automation API. */
export async function installRelease(folder: string, version: string, say: (line: string) => void): Promise<Attempt> {
  const unreachable = await whyUnreachable(INSTALLER);
  if (unreachable !== undefined) return { failed: unreachable };
  return fillCache(
    folder,
    (root) => cachedCli(root, version),
    async (root) => {
      say(`Installing the official release v${version} of the Pulumi CLI into ${folder}.`);
      const progress = startProgress("Installing the Pulumi CLI");
      // A process of its own, since an install that hangs cannot be stopped from within.
      const { code, stderr, trouble } = await runCommand(
        process.execPath,
        [join(cliModuleFolder, "install-release.cjs"), root, version],
        { timeoutMs: INSTALL_MS },
      );
      progress.stop();
      if (trouble !== undefined) return `the installer ${trouble}`;
      return code === 0 ? undefined : `the installer ended with code ${code}: ${stderr.trim().slice(-600)}`;
    },
  );
}

async function whyUnreachable(url: string): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) });
    return ok ? undefined : `${url} answers ${status}`;
  } catch (error) {
    return `${url} cannot be reached (${reasonOf(error)})`;
  }
}

/** fetch says only "fetch failed"; what happened is in its cause. */
function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${ANSWER_MS / 1000} s`;
  return types.isNativeError(error.cause) && error.cause.message !== "" ? error.cause.message : error.message;
}
