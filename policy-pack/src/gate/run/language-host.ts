import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { LanguageHost } from "../../rehearsal";
import { runProcess } from "./process";

export interface HostOptions {
  readonly pulumi: string;
  /** `nodejs`, `python`, … */
  readonly runtime: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Starts the language host that the engine itself would start for a program.
 * @throws Error in the engine's words when there is none, or it does not start.
 */
export async function startLanguageHost(engineAddress: string, options: HostOptions): Promise<LanguageHost> {
  const { runtime, cwd, env, timeoutMs, signal } = options;
  const file = findHost(options);
  if (file === undefined) throw new Error(`no language plugin 'pulumi-language-${runtime}' found on your $PATH`);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  signal?.addEventListener("abort", interrupt, { once: true });
  let ended: Promise<unknown> = Promise.resolve();
  const port = await new Promise<string>((resolve, reject) => {
    let said = "";
    const onStdout = (chunk: string): void => {
      said += chunk;
      // Its first line is its port.
      const [line = "", more] = said.split("\n");
      if (more !== undefined) resolve(line.trim());
    };
    ended = runProcess(file, [engineAddress], {
      cwd,
      env,
      timeoutMs,
      signal: stop.signal,
      onStdout,
      holdStdin: true,
    }).then(({ stderr, trouble = "ended" }) =>
      reject(new Error(`the language host ${file} ${trouble}: ${stderr.trim()}`)),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      signal?.removeEventListener("abort", interrupt);
      stop.abort();
      await ended;
    },
  };
}

/** Where the engine looks: beside the CLI, among the plugins of its home, on PATH. */
function findHost({ pulumi, runtime, env }: HostOptions): string | undefined {
  const name = `pulumi-language-${runtime}${process.platform === "win32" ? ".exe" : ""}`;
  const plugins = join(env["PULUMI_HOME"] ?? "", "plugins");
  const installed = existsSync(plugins)
    ? readdirSync(plugins).filter((each) => each.startsWith(`language-${runtime}-`))
    : [];
  return [
    ...[pulumi, realpathSync(pulumi)].map(dirname),
    ...installed.map((each) => join(plugins, each)),
    ...(env["PATH"] ?? "").split(delimiter),
  ]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}
