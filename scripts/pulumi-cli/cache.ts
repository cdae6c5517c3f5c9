import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { types } from "node:util";
import { startProgress } from "../progress";
import { askVersion, executableIn } from "./executable";
import type { Attempt } from "./provide";

/** A holder touches its lock this often; one that has not for STALE_MS is dead. */
const HEARTBEAT_MS = 5_000;
const STALE_MS = 30_000;
const ABANDONED_MS = 6 * 60 * 60 * 1000;

/** This project's folder in the user's cache, so that all checkouts share it. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const base = env["XDG_CACHE_HOME"];
  // The XDG specification: a relative path is invalid and must be ignored.
  const root = base !== undefined && isAbsolute(base) ? base : join(homedir(), ".cache");
  return join(root, "eks-irsa");
}

/**
 * Folder of one version of the CLI, or of another program, for this kind of machine. A home folder may be shared by machines
 * of several kinds, hence platform and architecture in the name.
 */
export function cacheFolder(version: string, env: NodeJS.ProcessEnv, name = "pulumi"): string {
  return join(cacheRoot(env), `${name}-v${version}-${process.platform}-${process.arch}`);
}

/** The CLI in the cache, when it runs and is the version that its folder promises. */
export async function cachedCli(folder: string, version: string): Promise<Attempt> {
  const path = executableIn([join(folder, "bin")], "pulumi");
  if (path === undefined) return { failed: `${folder} holds none`, absent: true };
  const answer = await askVersion(path);
  if ("failed" in answer) return { failed: answer.failed };
  if (answer.version !== version) return { failed: `${path} is version ${answer.version}, not ${version}` };
  return { found: { path, version } };
}

/**
 * Fills a version's folder: `fill` puts the program below the folder it is given and returns why it could not, if so; `look`
 * finds it there when it is what it should be. That folder is renamed into place whole, so an interrupted run leaves no half CLI, and one run fills at a time: the
 * others wait and take what it made.
 */
export async function fillCache(
  folder: string,
  look: (root: string) => Promise<Attempt>,
  fill: (root: string) => Promise<string | undefined>,
): Promise<Attempt> {
  try {
    mkdirSync(dirname(folder), { recursive: true });
    return await exclusively(folder, async () => {
      const meanwhile = await look(folder);
      if ("found" in meanwhile) return meanwhile;
      removeAbandoned(folder);
      const root = mkdtempSync(`${folder}.partial-`);
      const discard = (): void => rmSync(root, { recursive: true, force: true });
      process.once("exit", discard);
      try {
        const failed = await fill(root);
        if (failed !== undefined) return { failed };
        const made = await look(root);
        if ("failed" in made) return made;
        rmSync(folder, { recursive: true, force: true });
        renameSync(root, folder);
        return await look(folder);
      } finally {
        process.removeListener("exit", discard);
        discard();
      }
    });
  } catch (error) {
    return { failed: `${dirname(folder)} cannot be used as a cache: ${messageOf(error)}` };
  }
}

/** Runs `work` while no other process does so for the same folder. */
export async function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = `${folder}.lock`;
  await acquire(lock);
  const heartbeat = setInterval(() => touch(lock), HEARTBEAT_MS);
  const release = (): void => rmSync(lock, { recursive: true, force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener("exit", release);
    release();
  }
}

async function acquire(lock: string): Promise<void> {
  let progress: ReturnType<typeof startProgress> | undefined;
  for (;;) {
    try {
      // Creating a folder is atomic: exactly one process succeeds.
      mkdirSync(lock);
      progress?.stop();
      return;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") {
        progress?.stop();
        throw error;
      }
    }
    if (ageOf(lock) > STALE_MS) takeAway(lock);
    progress ??= startProgress(`Waiting for another process that is filling ${lock.slice(0, -".lock".length)}`);
    await delay(500);
  }
}

/** Renaming first makes sure that of several waiting processes one takes the dead lock away. */
function takeAway(lock: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // Another process was faster; the next round sees its lock.
  }
}

function removeAbandoned(folder: string): void {
  for (const name of readdirSync(dirname(folder))) {
    const path = join(dirname(folder), name);
    if (name.startsWith(`${basename(folder)}.partial-`) && ageOf(path) > ABANDONED_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Taken away by a process that thought this one dead: placing the result is atomic, so both may go on.
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function codeOf(error: unknown): unknown {
  return types.isNativeError(error) && "code" in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}
