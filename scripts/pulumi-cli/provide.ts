import { buildWithGo } from "./go-build";
import { cachedCli, cacheFolder } from "./cache";
import { askVersion, executableIn, pathFolders } from "./executable";
import { findLanguageHost, type LanguageHost } from "./language-host";
import { installRelease } from "./release";
import { CLI_MODULE, isAtLeast, OLDEST_CLI, pinnedVersion } from "./version";

export type How = "path" | "cache" | "release" | "go";

/** A CLI that is there and runs. `version` has no "v". */
export interface Cli {
  readonly path: string;
  readonly version: string;
}

/** What one way came to: a CLI, or a phrase that says why not. That nothing was there is `absent`, and no trouble. */
export type Attempt = { readonly found: Cli } | { readonly failed: string; readonly absent?: true };

/** One way to a CLI. `title` names it in messages: "pulumi on PATH". */
export interface Way {
  readonly how: How;
  readonly title: string;
  readonly attempt: () => Promise<Attempt>;
}

export interface ProvidedCli extends Cli, LanguageHost {
  readonly how: How;
}

export interface ProvideOptions {
  /** Where PATH and XDG_CACHE_HOME are read. Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told what goes on, one line each. Default: stderr, since stdout belongs to the caller. */
  readonly say?: (line: string) => void;
}

/**
 * Finds or makes a Pulumi CLI: `pulumi` on PATH when it is new enough, else one in the cache, else the official release
 * where the internet answers, else a build of the pinned Go module. The two last fill the cache.
 * @throws Error that names every way and why it failed.
 */
export async function providePulumi(options: ProvideOptions = {}): Promise<ProvidedCli> {
  const { env = process.env, say = (line) => void process.stderr.write(`${line}\n`) } = options;
  const { how, found } = await firstThatWorks(waysToPulumi(env, say), say);
  return { ...found, how, ...findLanguageHost(found.path, pathFolders(env)) };
}

/** The ways in their order, most convenient first. */
export function waysToPulumi(env: NodeJS.ProcessEnv, say: (line: string) => void): readonly Way[] {
  const version = pinnedVersion();
  const folder = cacheFolder(version, env);
  return [
    { how: "path", title: "pulumi on PATH", attempt: () => pulumiOnPath(pathFolders(env)) },
    { how: "cache", title: "the cache", attempt: () => cachedCli(folder, version) },
    {
      how: "release",
      title: `the official release v${version}`,
      attempt: () => installRelease(folder, version, say),
    },
    {
      how: "go",
      title: `go build of ${CLI_MODULE} v${version}`,
      attempt: () => buildWithGo(folder, version, env, say),
    },
  ];
}

/** The first `pulumi` of these folders, unless it is too old for what this project needs. */
export async function pulumiOnPath(folders: readonly string[]): Promise<Attempt> {
  const path = executableIn(folders, "pulumi");
  if (path === undefined) return { failed: "there is none", absent: true };
  const answer = await askVersion(path);
  if ("failed" in answer) return answer;
  return isAtLeast(answer.version, OLDEST_CLI)
    ? { found: { path, version: answer.version } }
    : { failed: `${path} is version ${answer.version}; ${OLDEST_CLI} or newer is needed` };
}

/**
 * Tries the ways one after the other.
 * @throws Error that names every way and why it failed.
 */
export async function firstThatWorks(
  ways: readonly Way[],
  say: (line: string) => void,
): Promise<{ readonly how: How; readonly found: Cli }> {
  const failures: string[] = [];
  for (const { how, title, attempt } of ways) {
    const result = await attempt();
    if ("found" in result) return { how, found: result.found };
    failures.push(`${title}: ${result.failed}`);
    if (result.absent !== true) say(`Pulumi CLI: not from ${title}: ${result.failed}.`);
  }
  throw new Error(
    [
      "No Pulumi CLI could be found or made. Tried, in this order:",
      ...failures.map((failure, index) => `  ${index + 1}. ${failure}.`),
      `Install Pulumi ${OLDEST_CLI} or newer (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/), then run again.`,
    ].join("\n"),
  );
}
