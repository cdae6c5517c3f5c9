/**
 * Runs the real Pulumi CLI and engine, closed off from the machine: state, home and configuration lie in a temporary
 * folder, no plugin is downloaded, and nothing of the user's Pulumi or AWS settings gets in.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { standInHost } from "../pulumi-cli/language-host";
import type { ProvidedCli } from "../pulumi-cli/provide";
import { repositoryRoot } from "../repository";
import { type CommandResult, runCommand } from "../run-command";
import { type EngineEvents, eventsIn, readEventLog } from "./events";
import { readProject, stackConfig, writeProgram, writeStackConfig } from "./project";

export interface EngineOptions {
  readonly cli: ProvidedCli;
  /** Value of PULUMI_DEBUG_PROVIDERS: the providers that are running and answer this engine. */
  readonly debugProviders: string;
}

/** What to run. Exactly one of `dir` and `program` is given. */
interface EngineRun {
  /** Folder of a program, with its Pulumi.yaml. */
  readonly dir?: string;
  /** A program as TypeScript source. The same source is the same project, so it meets its own state again. */
  readonly program?: string;
  /** Folders, or executables, of policy packs. */
  readonly policyPack?: string | readonly string[];
  /** Configuration of the policy pack, by policy; of each pack when a list is given. */
  readonly policyPackConfig?: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
  /** Configuration of the stack, added to the program's own `Pulumi.<stack>.yaml`: `{ "aws:region": "eu-west-1" }`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Default `dev`. */
  readonly stack?: string;
  /** Environment variables beside the closed ones, which they may replace. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments of the command: `["--diff"]`. */
  readonly args?: readonly string[];
  /** Milliseconds; default three minutes. */
  readonly timeoutMs?: number;
}

export interface EngineResult extends EngineEvents {
  /** Exit code of the CLI; -1 when it had to be stopped, and `stderr` ends with the reason. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Engine {
  readonly cli: ProvidedCli;
  /** Temporary folder that is removed by `close`; `node_modules` in it are the repository's. */
  readonly folder: string;
  preview(run: EngineRun): Promise<EngineResult>;
  /** Deploys, so that a following preview meets state. */
  up(run: EngineRun): Promise<EngineResult>;
  /** Without policy packs: they judge what will be, not what was. */
  refresh(run: EngineRun): Promise<EngineResult>;
  destroy(run: EngineRun): Promise<EngineResult>;
  /** Judges the deployed state by a pack, without running the program. */
  policyAnalyze(run: EngineRun): Promise<EngineResult>;
  /** Runs any other command in the program's folder: `["stack", "export", "--stack", "dev"]`. The stack exists then. */
  pulumi(args: readonly string[], run: EngineRun): Promise<CommandResult>;
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 180_000;
const PROGRAM_ENVIRONMENT = /^(PULUMI|AWS|KUBE|NODE_OPTIONS$|TS_NODE)/;

/** Makes a closed engine. Nothing is started yet; each command is a process of its own. */
export function createEngine({ cli, debugProviders }: EngineOptions): Engine {
  const folder = mkdtempSync(join(tmpdir(), "eks-irsa-engine-"));
  for (const name of ["state", "home", "events"]) mkdirSync(join(folder, name));
  // Programs written below find their packages where the repository's own do. Windows lets anyone make a junction.
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"), "junction");
  if (cli.languageHost === "stand-in") installStandIn(join(folder, "home"));
  const environment = closedEnvironment(cli, debugProviders, folder);
  const stacks = new Map<string, Promise<string>>();
  const programs = new Map<string, string>();
  let runs = 0;

  const call = (args: readonly string[], cwd: string, { env = {}, timeoutMs = DEFAULT_TIMEOUT_MS }: EngineRun) =>
    runCommand(cli.path, [...args, "--non-interactive", "--color", "never"], {
      cwd,
      env: { ...environment, ...env },
      timeoutMs,
    });

  const programFolder = ({ dir, program }: EngineRun): string => {
    if (dir !== undefined) return resolve(dir);
    if (program === undefined) throw new Error("Nothing to run: give a program's folder or its source.");
    const known = programs.get(program);
    if (known !== undefined) return known;
    const name = `program-${programs.size + 1}`;
    const written = join(folder, "programs", name);
    writeProgram(written, name, program);
    programs.set(program, written);
    return written;
  };

  /** The stack lives beside the program, not in it: `stack init` would write its settings between the user's files. */
  const stackFolder = async (run: EngineRun): Promise<string> => {
    const { name } = readProject(programFolder(run));
    const { stack = "dev" } = run;
    const home = join(folder, "stacks", name);
    const key = `${name}/${stack}`;
    const made = stacks.get(key) ?? initialise(home, name, stack, run);
    stacks.set(key, made);
    return made;
  };

  const initialise = async (home: string, name: string, stack: string, run: EngineRun): Promise<string> => {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "Pulumi.yaml"), JSON.stringify({ name, runtime: "nodejs" }));
    const { code, stderr, trouble } = await call(["stack", "init", stack], home, run);
    if (code !== 0) throw new Error(`"pulumi stack init ${stack}" failed for ${name}: ${trouble ?? stderr}`);
    return home;
  };

  const operate = async (operation: string, flags: readonly string[], run: EngineRun): Promise<EngineResult> => {
    const { stack = "dev", config = {}, args = [] } = run;
    const dir = programFolder(run);
    const settings = join(await stackFolder(run), `Pulumi.${stack}.yaml`);
    writeStackConfig(settings, { ...stackConfig(dir, stack), ...config });
    const log = join(folder, "events", `${(runs += 1)}.jsonl`);
    const asked = ["--stack", stack, "--config-file", settings, "--event-log", log, ...args];
    const result = await call([operation, ...flags, ...asked], dir, run);
    return { ...outcome(result), ...readEventLog(log) };
  };

  const packs = ({ policyPack = [], policyPackConfig }: EngineRun): readonly string[] => {
    const paths = typeof policyPack === "string" ? [policyPack] : policyPack;
    const configs = policyPackConfig === undefined ? [] : [policyPackConfig].flat();
    return [
      ...paths.flatMap((path) => ["--policy-pack", resolve(path)]),
      ...configs.flatMap((content) => {
        const file = join(folder, `policy-config-${(runs += 1)}.json`);
        writeFileSync(file, JSON.stringify(content));
        return ["--policy-pack-config", file];
      }),
    ];
  };

  return {
    cli,
    folder,
    preview: (run) => operate("preview", packs(run), run),
    up: (run) => operate("up", ["--yes", "--skip-preview", ...packs(run)], run),
    refresh: (run) => operate("refresh", ["--yes", "--skip-preview"], run),
    destroy: (run) => operate("destroy", ["--yes", "--skip-preview"], run),
    policyAnalyze: async (run) => {
      const { stack = "dev", args = [] } = run;
      // Only this command cannot be told where the stack's settings are, so it runs where they are.
      const home = await stackFolder(run);
      const result = await call(["policy", "analyze", "--json", "--stack", stack, ...args, ...packs(run)], home, run);
      return { ...outcome(result), ...eventsIn(result.stdout) };
    },
    pulumi: async (args, run) => {
      await stackFolder(run);
      return call(args, programFolder(run), run);
    },
    close: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function outcome({ code, stdout, stderr, trouble }: CommandResult): Pick<EngineResult, "code" | "stdout" | "stderr"> {
  return { code, stdout, stderr: trouble === undefined ? stderr : `${stderr}\nThe command ${trouble}.` };
}

/** Among the plugins of its home the engine takes the host as its own; on PATH, it would warn about it in each run. */
function installStandIn(home: string): void {
  const plugin = join(home, "plugins", "language-nodejs-v0.0.0");
  mkdirSync(plugin, { recursive: true });
  symlinkSync(standInHost, join(plugin, basename(standInHost)));
}

/** This process's environment without whatever would make a run depend on who runs it. */
function closedEnvironment(cli: ProvidedCli, debugProviders: string, folder: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !PROGRAM_ENVIRONMENT.test(name));
  return {
    ...Object.fromEntries(inherited),
    // Programs and packs run on the same Node as this process.
    PATH: [dirname(cli.path), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "not a secret: the state is thrown away",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: debugProviders,
    // `--event-log` is hidden without it.
    PULUMI_DEBUG_COMMANDS: "true",
    // Checking types is the program's own build; here it would cost seconds a run.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
}
