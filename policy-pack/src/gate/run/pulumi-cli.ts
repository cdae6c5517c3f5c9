import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { GateFailure, messageOf } from "../failure";
import { PACKAGE_FOLDER } from "../package-files";
import { runProcess } from "./process";

/** `--event-log` with policy events and `policy analyze --json` came with this version. */
const OLDEST_CLI = "3.229.0";
/** The first that takes a pack that is one executable file. */
const OLDEST_CLI_FOR_FILES = "3.255.0";
/** The release that is installed where there is none: the gate is tested with it. */
const RELEASE = "3.259.0";
const INSTALLER =
  process.platform === "win32" ? "https://get.pulumi.com/install.ps1" : "https://get.pulumi.com/install.sh";
const ANSWER_MS = 5_000;
const INSTALL_MS = 10 * 60 * 1000;

export interface PulumiCli {
  /** Absolute. */
  readonly path: string;
  /** `3.259.0`. */
  readonly version: string;
}

export interface FindOptions {
  /** Path that the user gave; then nothing else is tried. */
  readonly explicit: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Absolute path of a Pulumi CLI that is new enough: the one named, the one on PATH, one in the cache, or the official
 * release, installed into the cache.
 * @throws GateFailure that names what was tried and all ways out.
 */
export async function findPulumi({ explicit, env, say, signal }: FindOptions): Promise<PulumiCli> {
  if (explicit !== undefined) {
    const path = resolve(explicit);
    const asked = await askVersion(path, env);
    if ("version" in asked) return asked;
    throw new GateFailure(`--pulumi ${explicit}: ${asked.problem}.`);
  }
  const tried: string[] = [];
  const candidates = [
    ...onPath(env).map((path) => ({ path, from: "PATH" })),
    ...inCache(env).map((path) => ({ path, from: "the cache" })),
  ];
  for (const { path, from } of candidates) {
    const asked = await askVersion(path, env);
    if ("version" in asked) return asked;
    tried.push(`${from}: ${asked.problem}`);
  }
  if (candidates.length === 0) tried.push('there is no "pulumi" on PATH and none in the cache');
  const installed = await install(env, say, signal);
  if ("path" in installed) return { path: installed.path, version: RELEASE };
  tried.push(`installing v${RELEASE}: ${installed.problem}`);
  throw new GateFailure(
    `No Pulumi CLI of version ${OLDEST_CLI} or newer: ${tried.join("; ")}. Install it (https://www.pulumi.com/docs/install/), ` +
      `put it on PATH, name it with --pulumi PATH, or let irsa-gate fetch ${INSTALLER}.`,
  );
}

/** The CLI, or why it cannot be used. */
async function askVersion(path: string, env: NodeJS.ProcessEnv): Promise<PulumiCli | { readonly problem: string }> {
  const home = mkdtempSync(join(tmpdir(), "irsa-gate-version-"));
  try {
    // Even this question makes the CLI write into its home.
    const asked = { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { code, stdout, trouble } = await runProcess(path, ["version"], { env: asked, timeoutMs: 30_000 });
    const version = /^v?(\d+\.\d+\.\d+\S*)/m.exec(stdout)?.[1];
    if (trouble !== undefined) return { problem: `${path} ${trouble}` };
    if (code !== 0 || version === undefined) return { problem: `${path} does not say its version` };
    return isOld(version) ? { problem: `${path} is version ${version}, older than ${OLDEST_CLI}` } : { path, version };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * The policy pack of this package, as this CLI takes it. As one executable file it starts in a fraction of the time, since
 * neither a language host nor the TypeScript compiler is loaded; CLIs before 3.255 and Windows take only its folder.
 */
export function ownPack({ version }: PulumiCli): string {
  const file = join(PACKAGE_FOLDER, "dist", "eks-irsa-policy-pack.cjs");
  const takesFile = !isOlder(version, OLDEST_CLI_FOR_FILES) && process.platform !== "win32" && isExecutable(file);
  return takesFile ? file : PACKAGE_FOLDER;
}

/** Compares the numbers only: a prerelease of the oldest version is as good as it. */
export function isOld(version: string): boolean {
  return isOlder(version, OLDEST_CLI);
}

function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => text.split(/[.+-]/).slice(0, 3).map(Number);
  const [have, need] = [numbers(version), numbers(than)];
  const different = need.findIndex((number, index) => number !== have[index]);
  return different >= 0 && (have[different] ?? 0) < (need[different] ?? 0);
}

function onPath(env: NodeJS.ProcessEnv): readonly string[] {
  // A relative folder in PATH means something else in each folder.
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
  return executablesIn(folders).slice(0, 1);
}

function executablesIn(folders: readonly string[]): readonly string[] {
  const names = process.platform === "win32" ? ["pulumi.exe", "pulumi.cmd"] : ["pulumi"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env["XDG_CACHE_HOME"];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), ".cache"), "eks-irsa");
}

function inCache(env: NodeJS.ProcessEnv): readonly string[] {
  const cache = cacheFolder(env);
  if (!existsSync(cache)) return [];
  const kind = `-${process.platform}-${process.arch}`;
  const folders = readdirSync(cache).filter((name) => name.startsWith("pulumi-v") && name.endsWith(kind));
  return executablesIn(
    folders
      .sort()
      .reverse()
      .map((name) => join(cache, name, "bin")),
  );
}

type Installed = { readonly path: string } | { readonly problem: string };

async function install(env: NodeJS.ProcessEnv, say: (line: string) => void, signal?: AbortSignal): Promise<Installed> {
  const unreachable = await whyUnreachable();
  if (unreachable !== undefined) return { problem: unreachable };
  const folder = join(cacheFolder(env), `pulumi-v${RELEASE}-${process.platform}-${process.arch}`);
  try {
    mkdirSync(dirname(folder), { recursive: true });
    const partial = mkdtempSync(`${folder}.partial-`);
    try {
      say(`Installing the Pulumi CLI v${RELEASE} into ${folder}.`);
      // A process of its own: an install that hangs cannot be stopped from within.
      const script = `const { createRequire } = require("node:module");
        const [sdk, root, version] = process.argv.slice(1);
        const { SemVer } = createRequire(sdk)("semver");
        require(sdk).PulumiCommand.install({ root, version: new SemVer(version) })
          .catch((error) => { console.error(error.message); process.exitCode = 1; });`;
      const { code, stderr, trouble } = await runProcess(
        process.execPath,
        ["-e", script, require.resolve("@pulumi/pulumi/automation"), partial, RELEASE],
        { env, timeoutMs: INSTALL_MS, ...(signal === undefined ? {} : { signal }) },
      );
      if (code !== 0) return { problem: trouble ?? stderr.trim().slice(-400) };
      // Renaming is all or nothing; whoever was faster has put the same release there.
      if (!existsSync(folder)) renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
    const [path] = executablesIn([join(folder, "bin")]);
    return path === undefined ? { problem: `${folder} holds no pulumi` } : { path };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function whyUnreachable(): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) });
    return ok ? undefined : `${INSTALLER} answers ${status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
    return `${INSTALLER} cannot be reached (${cause})`;
  }
}
