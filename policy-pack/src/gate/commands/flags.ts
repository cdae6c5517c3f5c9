import { type Command, InvalidArgumentError } from "commander";
import { GateFailure } from "../failure";
import { fields, parseJson } from "../json";
import type { RehearsalSettings } from "../options";
import { parseFailOn, parseTargets, type ProjectSettings, type Settings } from "../settings";
import { resolve } from "node:path";
import type { ReportFlags } from "./context";
import { readText } from "./report";

/** Flags as commander reads them. */
export interface RawFlags {
  readonly format?: readonly string[];
  readonly failOn?: readonly string[];
  readonly strict?: boolean;
  readonly requireIrsa?: boolean;
  readonly suppressions?: boolean;
  readonly showSuppressed?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly gateConfig?: string;
  readonly base?: string;
  readonly cwd?: readonly string[];
  readonly stack?: readonly string[];
  readonly live?: boolean;
  readonly firstPreview?: boolean;
  readonly rehearse?: boolean;
  readonly config?: readonly string[];
  readonly account?: string;
  readonly region?: string;
  readonly partition?: string;
  readonly issuer?: readonly string[];
  readonly echo?: readonly string[];
  readonly stackOutputs?: readonly string[];
  readonly policyPack?: readonly string[];
  readonly policyPackConfig?: readonly string[];
  readonly pulumi?: string;
  readonly timeout?: number;
  readonly parallel?: number;
  readonly events?: readonly string[];
  readonly preview?: readonly string[];
  readonly state?: readonly string[];
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function addReportFlags(command: Command): Command {
  return command
    .option(
      "-f, --format <format[=file],…>",
      "reports: text, json, sarif, junit, markdown, html, github; - is stdout",
      collect,
    )
    .option(
      "--fail-on <level,…>",
      "mandatory (default), advisory, none, or a severity: low, medium, high, critical",
      collect,
    )
    .option("--strict", "exit with 3 when something could not be verified")
    .option("--require-irsa", "exit with 4 when no stack has anything to check")
    .option("--no-suppressions", "judge as if nothing were suppressed")
    .option("--show-suppressed", "also show suppressed findings in SARIF, and all of them in text")
    .option("--baseline <file>", "findings that are known: shown, and no reason to fail")
    .option("--write-baseline <file>", "write all findings of this run as a baseline")
    .option("--gate-config <file>", "configuration (default: .irsa-gate.yaml or .irsa-gate.json in the current folder)")
    .option("--base <folder>", "folder that file names in reports are relative to (default: the repository)");
}

export function addEngineFlags(command: Command): Command {
  return command
    .option("--pulumi <path>", "the Pulumi CLI (default: on PATH, in the cache, or the official release)")
    .option("--timeout <seconds>", "seconds for one stack (default: 600)", positive)
    .option("--parallel <number>", "stacks at the same time (default: processors, 4 at most)", positive);
}

export function addPreviewFlags(command: Command): Command {
  return addEngineFlags(command)
    .option("-C, --cwd <folder>", "folder of a Pulumi program; may be repeated (default: the current one)", collect)
    .option("-s, --stack <name>", "stack of each program; may be repeated (default: the only one, or dev)", collect)
    .option("--rehearse", "stand-in providers answer, everything is known (default)")
    .option("--first-preview", "stand-in providers answer as before a first deployment: outputs are unknown")
    .option("--live", "the real backend, cloud and cluster")
    .option("-c, --config <key=value>", "stack configuration for the preview; may be repeated", collect)
    .option("--account <id>", "rehearsal: account (default: 111122223333)")
    .option("--region <region>", "rehearsal: region of providers that name none (default: us-west-2)")
    .option("--partition <partition>", "rehearsal: partition (default: the region's)")
    .option("--issuer <cluster=url>", "rehearsal: issuer of an existing cluster; may be repeated", collect)
    .option(
      "--echo <package>",
      "rehearsal: a further package whose resources hand their inputs back; may be repeated",
      collect,
    )
    .option(
      "--stack-outputs <stack=file>",
      "rehearsal: outputs of a stack that a StackReference names, as pulumi stack output --json prints them; may be repeated",
      collect,
    )
    .option("--policy-pack <path>", "a further policy pack; may be repeated", collect)
    .option(
      "--policy-pack-config <file>",
      "configuration: the first of eks-irsa, the next of the further packs",
      collect,
    );
}

export function reportFlags({ base, writeBaseline }: RawFlags): ReportFlags {
  return { base, writeBaseline };
}

/** Settings that the flags give; what is not given is left to the file and the defaults. */
export function settingsOf(raw: RawFlags): Settings {
  const { format, failOn, strict, requireIrsa, suppressions, showSuppressed, baseline, pulumi, timeout, parallel } =
    raw;
  const { policyPack, config } = raw;
  return defined<Settings>({
    projects: projectsOf(raw),
    mode: modeOf(raw),
    format: format && parseTargets(format),
    failOn: failOn && parseFailOn(failOn),
    strict,
    requireIrsa,
    // commander gives true for a "--no-" flag that is not there; the file may say otherwise.
    suppressions: suppressions === false ? false : undefined,
    showSuppressed,
    baseline,
    pulumi,
    timeout,
    parallel,
    config: config && pairs(config, "--config"),
    policyPacks: policyPack?.map((path) => ({ path: resolve(path) })),
    rehearsal: rehearsalOf(raw),
  });
}

function projectsOf({ cwd, stack }: RawFlags): readonly ProjectSettings[] | undefined {
  if (cwd === undefined && stack === undefined) return undefined;
  return (cwd ?? ["."]).map((directory) => ({ directory: resolve(directory), stacks: stack ?? [] }));
}

function modeOf({ live, firstPreview, rehearse }: RawFlags): Settings["mode"] {
  const chosen = [live && "live", firstPreview && "first-preview", rehearse && "rehearsal"].filter(Boolean);
  if (chosen.length > 1) throw new GateFailure("--rehearse, --first-preview and --live exclude each other.");
  return live ? "live" : firstPreview ? "first-preview" : rehearse ? "rehearsal" : undefined;
}

function rehearsalOf({ account, region, partition, issuer, echo, stackOutputs }: RawFlags): RehearsalSettings {
  return defined<RehearsalSettings>({
    accountId: account,
    region,
    partition,
    issuers: issuer && pairs(issuer, "--issuer"),
    echoPackages: echo,
    stackOutputs: stackOutputs && outputsOf(stackOutputs),
  });
}

function outputsOf(items: readonly string[]): NonNullable<RehearsalSettings["stackOutputs"]> {
  return Object.fromEntries(
    Object.entries(pairs(items, "--stack-outputs")).map(([stack, file]) => {
      const outputs = parseJson(readText(file));
      if (typeof outputs !== "object" || outputs === null || Array.isArray(outputs))
        throw new GateFailure(
          `${file} holds no outputs of a stack. Write it with: pulumi stack output --json > ${file}`,
        );
      return [stack, fields(outputs)];
    }),
  );
}

function pairs(items: readonly string[], flag: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    items.map((item) => {
      const at = item.indexOf("=");
      if (at < 1) throw new GateFailure(`${flag} takes NAME=VALUE, not "${item}".`);
      return [item.slice(0, at), item.slice(at + 1)];
    }),
  );
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("It takes a number above 0.");
  return number;
}

/** The entries that are given: an undefined one would replace what the file says. */
function defined<T>(entries: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as T;
}
