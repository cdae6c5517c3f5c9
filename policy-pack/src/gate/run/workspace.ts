import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { stringify } from "yaml";
import { GateFailure } from "../failure";
import { type Fields, fields } from "../json";
import { runProcess } from "./process";
import { type Project, qualified, stackSettings } from "./project";

/** State, home and settings of one rehearsal, in a temporary folder: the user's own are neither read nor written. */
export interface Workspace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly settingsFile: string;
  /** What of the stack's settings could not be used. */
  readonly notes: readonly { readonly what: string; readonly why: string }[];
  close(): void;
}

export interface WorkspaceOptions {
  readonly pulumi: string;
  readonly env: NodeJS.ProcessEnv;
  /** Configuration beside the stack's own. */
  readonly config: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Settings that say who can decrypt, or which environment of Pulumi Cloud to open. */
const TIED_TO_A_BACKEND: ReadonlySet<string> = new Set([
  "encryptionsalt",
  "encryptedkey",
  "secretsprovider",
  "environment",
]);

const PLACEHOLDER = "placeholder-for-a-secret";

/**
 * Settings of the user's Pulumi that tie a run to an account or a backend. The AWS credentials go too: a program that
 * calls AWS by itself must not reach a real account from a rehearsal.
 */
const LEFT_OUT =
  /^(PULUMI_(ACCESS_TOKEN|API|BACKEND_URL|CLOUD_URL|HOME|STACK|DEBUG_PROVIDERS|PARALLEL)|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|ROLE_ARN|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+))$/;

/**
 * Makes the workspace and its stack.
 * @throws GateFailure when the names are none, or secrets cannot be written.
 */
export async function openWorkspace(
  project: Project,
  stack: string,
  { pulumi, env, config, timeoutMs, signal }: WorkspaceOptions,
): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), "irsa-gate-"));
  const close = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    for (const name of ["state", "home", "stack"]) mkdirSync(join(folder, name));
    shareLanguageHosts(env, join(folder, "home"));
    const { settings, secrets, notes } = usableSettings(stackSettings(project, stack), stack, env);
    const closed = closedEnvironment(pulumi, env, folder, secrets);
    writeStack(join(folder, "state", ".pulumi"), project.name, stack);
    // Settings stand beside the program, not in it.
    const home = join(folder, "stack");
    const settingsFile = join(home, `Pulumi.${stack}.yaml`);
    const all = Object.entries({ ...fields(settings["config"]), ...config }).map(([key, value]): [string, unknown] => [
      qualified(key, project.name),
      value,
    ]);
    const open = all.filter(([key, value]) => !project.secretKeys.has(key) || holdsSecret(value));
    writeFileSync(settingsFile, stringify({ ...settings, config: Object.fromEntries(open) }));
    const hidden = all.flatMap(([key, value]) =>
      project.secretKeys.has(key) && typeof value === "string" && !holdsSecret(value) ? [`${key}=${value}`] : [],
    );
    if (hidden.length > 0) {
      writeFileSync(join(home, "Pulumi.yaml"), JSON.stringify({ name: project.name, runtime: "yaml" }));
      const args = ["config", "set-all", "--stack", stack, ...hidden.flatMap((pair) => ["--secret", pair])];
      const about = { cwd: home, env: closed, timeoutMs, ...(signal === undefined ? {} : { signal }) };
      const { code, trouble, stderr } = await runProcess(pulumi, [...args, "--non-interactive"], about);
      if (code !== 0) throw new GateFailure(`"pulumi config set-all" ${trouble ?? `failed: ${stderr.trim()}`}`);
    }
    return { folder, env: closed, settingsFile, notes, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * A new stack in a backend of files, as `pulumi stack init` makes it; that command alone would take half a second. The layout
 * is that of every CLI the gate takes. The engine makes the salt of its passphrase by itself.
 * @throws GateFailure for names that Pulumi refuses, and that must not become paths.
 */
function writeStack(backend: string, project: string, stack: string): void {
  for (const [kind, name] of Object.entries({ project, stack })) {
    if (!/^[A-Za-z0-9_.-]{1,100}$/.test(name) || /^\.+$/.test(name)) {
      throw new GateFailure(
        `"${name}" is no name of a ${kind}: it has at most 100 letters, digits, hyphens, underscores and periods.`,
      );
    }
  }
  const stacks = join(backend, "stacks", project);
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(backend, "meta.yaml"), "version: 1\n");
  const checkpoint = { stack: `organization/${project}/${stack}` };
  writeFileSync(join(stacks, `${stack}.json`), JSON.stringify({ version: 3, checkpoint }));
}

/**
 * The stack's settings as far as they can be used without its account. Encrypted values stay when their passphrase is
 * given; otherwise a placeholder stands for each, and that is said.
 */
export function usableSettings(
  settings: Fields,
  stack: string,
  env: NodeJS.ProcessEnv,
): { readonly settings: Fields; readonly secrets: boolean; readonly notes: Workspace["notes"] } {
  const { encryptionsalt, environment, config } = settings;
  const rest = Object.fromEntries(Object.entries(settings).filter(([key]) => !TIED_TO_A_BACKEND.has(key)));
  const encrypted = Object.entries(fields(config)).flatMap(([key, value]) => (holdsSecret(value) ? [key] : []));
  const hasPassphrase = Boolean(env["PULUMI_CONFIG_PASSPHRASE"]) || Boolean(env["PULUMI_CONFIG_PASSPHRASE_FILE"]);
  const secrets = encrypted.length > 0 && encryptionsalt !== undefined && hasPassphrase;
  const help =
    encryptionsalt === undefined
      ? "give a value for the rehearsal with --config"
      : "set PULUMI_CONFIG_PASSPHRASE, or give a value for the rehearsal with --config";
  const notes = [
    ...(secrets ? [] : encrypted).map((key) => ({
      what: `configuration ${key}`,
      why: `It is encrypted in Pulumi.${stack}.yaml and was rehearsed with a placeholder; ${help}.`,
    })),
    ...(environment === undefined
      ? []
      : [
          {
            what: `environment of stack ${stack}`,
            why: "Pulumi ESC is not asked in a rehearsal; give the values that the program reads with --config.",
          },
        ]),
  ];
  const usable = secrets ? fields(config) : fields(withPlaceholders(config));
  return { settings: { ...rest, ...(secrets ? { encryptionsalt } : {}), config: usable }, secrets, notes };
}

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  const entries = Object.entries(fields(value));
  return entries.some(([key, item]) => (key === "secure" && typeof item === "string") || holdsSecret(item));
}

function withPlaceholders(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlaceholders);
  if (typeof value !== "object" || value === null) return value;
  if (Object.keys(value).join() === "secure") return PLACEHOLDER;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlaceholders(item)]));
}

/** Language hosts that the user has installed as plugins; providers are left out, since stand-ins answer for them. */
function shareLanguageHosts(env: NodeJS.ProcessEnv, home: string): void {
  const plugins = join(env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "plugins");
  if (!existsSync(plugins)) return;
  mkdirSync(join(home, "plugins"));
  for (const name of readdirSync(plugins)) {
    // Beside each plugin lies its lock, a file.
    if (name.startsWith("language-") && !name.endsWith(".lock"))
      symlinkSync(join(plugins, name), join(home, "plugins", name), "junction");
  }
}

function closedEnvironment(
  pulumi: string,
  env: NodeJS.ProcessEnv,
  folder: string,
  secrets: boolean,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !LEFT_OUT.test(name) && (secrets || !name.startsWith("PULUMI_CONFIG_PASSPHRASE")),
  );
  return {
    // Types are the program's own build's affair, and cost seconds here.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...(secrets ? {} : { PULUMI_CONFIG_PASSPHRASE: "the state is thrown away" }),
    ...Object.fromEntries(kept),
    ...engineEnvironment(pulumi, env),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state").replaceAll("\\", "/")}`,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** What the engine needs for the gate, whoever's backend it uses. */
export function engineEnvironment(pulumi: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    // An official release has its language hosts beside it; programs and packs run on this process's Node.
    PATH: [dirname(pulumi), env["PATH"] ?? "", dirname(process.execPath)].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // `--event-log` is hidden without it.
    PULUMI_DEBUG_COMMANDS: "true",
  };
}
