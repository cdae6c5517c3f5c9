import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { GateFailure } from "./failure";
import { dig, type Fields, fields, list, text } from "./json";
import { type FailOn, type Format, FORMATS, LEVEL_OR_SEVERITY, type RehearsalSettings, type Target } from "./options";
import { readYaml } from "./run/project";
import { validate } from "./validate";

type Mode = "rehearsal" | "first-preview" | "live";

/** What flags or a configuration file say. Undefined: nothing. Paths are absolute. */
export interface Settings {
  readonly projects?: readonly ProjectSettings[];
  readonly mode?: Mode;
  readonly format?: readonly Target[];
  readonly failOn?: readonly FailOn[];
  readonly strict?: boolean;
  readonly requireIrsa?: boolean;
  readonly suppressions?: boolean;
  readonly showSuppressed?: boolean;
  readonly baseline?: string;
  readonly policyPacks?: readonly PackSettings[];
  readonly policies?: Fields;
  readonly config?: Readonly<Record<string, string>>;
  readonly rehearsal?: RehearsalSettings;
  readonly pulumi?: string;
  readonly timeout?: number;
  readonly parallel?: number;
}

export interface ProjectSettings {
  readonly directory: string;
  /** Empty: the program's default stack. */
  readonly stacks: readonly string[];
}

interface PackSettings {
  readonly path: string;
  readonly config?: string;
}

export type Resolved = Required<Omit<Settings, "baseline" | "pulumi">> & Pick<Settings, "baseline" | "pulumi">;

const CONFIG_FILES: readonly string[] = [".irsa-gate.yaml", ".irsa-gate.yml", ".irsa-gate.json"];

/** Defaults, then the file, then the flags; objects are merged by key, all else is replaced. */
export function resolveSettings(file: Settings, flags: Settings): Resolved {
  const defaults = {
    projects: [{ directory: process.cwd(), stacks: [] }],
    mode: "rehearsal" as const,
    format: [{ format: "text" as const, file: "-" }],
    failOn: ["mandatory" as const],
    strict: false,
    requireIrsa: false,
    suppressions: true,
    showSuppressed: false,
    policyPacks: [],
    timeout: 600,
    parallel: Math.min(4, availableParallelism()),
  };
  return {
    ...defaults,
    ...file,
    ...flags,
    policies: { ...file.policies, ...flags.policies },
    config: { ...file.config, ...flags.config },
    rehearsal: {
      ...file.rehearsal,
      ...flags.rehearsal,
      issuers: { ...file.rehearsal?.issuers, ...flags.rehearsal?.issuers },
    },
  };
}

/**
 * Reads the configuration file that was named, or the one in the current folder; nothing when there is none.
 * @throws GateFailure when it was named and is missing, or is not what its schema says.
 */
export function readSettings(named: string | undefined, folder: string): Settings {
  const file = named === undefined ? CONFIG_FILES.map((name) => join(folder, name)).find(existsSync) : resolve(named);
  if (file === undefined) return {};
  if (!existsSync(file)) throw new GateFailure(`There is no configuration file ${file}.`);
  const body = readYaml(file);
  validate(body, "config", file);
  const from = (path: string) => resolve(dirname(file), path);
  const path = (key: string) => (body[key] === undefined ? {} : { [key]: from(text(body[key]) ?? "") });
  const same = (...keys: readonly string[]) =>
    Object.fromEntries(keys.flatMap((key) => (body[key] === undefined ? [] : [[key, body[key]]])));
  return {
    // The schema has said that these are what their types say.
    ...(same(
      "mode",
      "failOn",
      "strict",
      "requireIrsa",
      "suppressions",
      "showSuppressed",
      "timeout",
      "parallel",
    ) as Settings),
    ...(same("policies", "rehearsal") as Settings),
    ...path("baseline"),
    ...path("pulumi"),
    ...(body["format"] === undefined
      ? {}
      : {
          format: parseTargets(list(body["format"]).map(String)).map((target) => ({
            ...target,
            file: target.file === "-" ? "-" : from(target.file),
          })),
        }),
    ...(body["config"] === undefined
      ? {}
      : {
          config: Object.fromEntries(
            Object.entries(fields(body["config"])).map(([key, value]) => [key, String(value)]),
          ),
        }),
    ...(body["projects"] === undefined
      ? {}
      : {
          projects: list(body["projects"]).map((project) => ({
            directory: from(text(dig(project, "directory")) ?? "."),
            stacks: list(dig(project, "stacks")).map(String),
          })),
        }),
    ...(body["policyPacks"] === undefined
      ? {}
      : {
          policyPacks: list(body["policyPacks"]).map((pack) => {
            const config = text(dig(pack, "config"));
            return {
              path: from(text(dig(pack, "path")) ?? ""),
              ...(config === undefined ? {} : { config: from(config) }),
            };
          }),
        }),
  };
}

/**
 * `sarif=out.sarif,markdown=-`, each part FORMAT or FORMAT=FILE.
 * @throws GateFailure for another format, or two reports on stdout.
 */
export function parseTargets(parts: readonly string[]): readonly Target[] {
  const targets = parts
    .flatMap((part) => part.split(","))
    .filter(Boolean)
    .map((part) => {
      const [name = "", ...file] = part.split("=");
      const format = FORMATS.find((each) => each === name);
      if (format === undefined) throw new GateFailure(`There is no format "${name}". Formats: ${FORMATS.join(", ")}.`);
      return { format: format satisfies Format, file: file.join("=") || "-" };
    });
  if (targets.filter(({ file }) => file === "-").length > 1) {
    throw new GateFailure("Only one report can go to stdout: name a file for the others, as in sarif=irsa.sarif.");
  }
  return targets;
}

/**
 * `mandatory`, or several as in `mandatory,high`.
 * @throws GateFailure for another word.
 */
export function parseFailOn(parts: readonly string[]): readonly FailOn[] {
  const legal = [...LEVEL_OR_SEVERITY.levels, ...LEVEL_OR_SEVERITY.severities];
  return parts
    .flatMap((part) => part.split(","))
    .filter(Boolean)
    .map((part) => {
      const found = legal.find((each) => each === part);
      if (found === undefined) throw new GateFailure(`--fail-on takes ${legal.join(", ")}, not "${part}".`);
      return found;
    });
}
