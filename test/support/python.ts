import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot, exclusively } from "../../scripts/pulumi-cli/cache";
import { runCommand } from "../../scripts/run-command";

const INSTALL_MS = 10 * 60 * 1000;

/**
 * Python with what a requirements.txt names, kept between runs: the folder of its executables. Undefined where there is no
 * Python 3 with venv.
 * @throws Error when the requirements cannot be installed.
 */
export async function pythonWith(requirements: string): Promise<string | undefined> {
  const run = (command: string, args: readonly string[]) => runCommand(command, args, { timeoutMs: INSTALL_MS });
  if ((await run("python3", ["-c", "import ensurepip, venv"])).code !== 0) return undefined;
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const venv = join(cacheRoot(process.env), `python-${hash}`);
  const [bin, complete] = [join(venv, "bin"), join(venv, "complete")];
  mkdirSync(dirname(venv), { recursive: true });
  // Test files run at once, and a virtual environment cannot be moved into its place.
  await exclusively(venv, async () => {
    if (existsSync(complete)) return;
    rmSync(venv, { recursive: true, force: true });
    for (const [command, args] of [
      ["python3", ["-m", "venv", venv]],
      [join(bin, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]],
    ] as const) {
      const { code, stderr, trouble } = await run(command, args);
      if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${trouble ?? stderr}`);
    }
    writeFileSync(complete, "");
  });
  return bin;
}
