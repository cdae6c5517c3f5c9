import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { plural } from "../decide";
import { GateFailure } from "../failure";
import { dig, type Fields, fields, list, parseJson, text } from "../json";
import type { RehearsalSettings } from "../options";
import { runTasks } from "../progress";
import type { ExitCode, StackReport } from "../report";
import { type PreviewJob, type PreviewOptions, previewStack } from "../run/preview";
import { defaultStack, readProject } from "../run/project";
import { findPulumi, ownPack } from "../run/pulumi-cli";
import type { Resolved } from "../settings";
import { baseFolder, type Context, finish, type ReportFlags } from "./context";

export interface PreviewFlags extends ReportFlags {
  /** Policy-pack configuration files: the first for eks-irsa, the others for the further packs in their order. */
  readonly policyPackConfigs: readonly string[];
}

const MODES = { rehearsal: "known", "first-preview": "unknown", live: "live" } as const;

/** Previews every stack of every project, a few at a time, and reports on all together. */
export async function preview(settings: Resolved, flags: PreviewFlags, context: Context): Promise<ExitCode> {
  const { env, signal, say } = context;
  const jobs = jobsOf(settings, env);
  const configs = packConfigs(settings, flags.policyPackConfigs);
  const cli = await findPulumi({ explicit: settings.pulumi, env, say, signal });
  const packs = [{ path: ownPack(cli), config: configs.own }, ...configs.others];
  const options: PreviewOptions = {
    pulumi: cli.path,
    env,
    mode: MODES[settings.mode],
    packs,
    config: settings.config,
    rehearsal: rehearsalOf(settings, configs.own),
    timeoutMs: settings.timeout * 1000,
    base: baseFolder(flags.base, env),
    suppressions: settings.suppressions,
    signal,
  };
  const tasks = jobs.map((job) => ({
    title: `Preview of ${job.project.name}/${job.stack}`,
    run: async () => {
      const result = await previewStack(job, options);
      return { result, says: summary(result) };
    },
  }));
  return finish(await runTasks(tasks, settings.parallel), settings, flags, context);
}

function jobsOf({ projects, mode }: Resolved, env: NodeJS.ProcessEnv): readonly PreviewJob[] {
  return projects.flatMap(({ directory, stacks }) => {
    const project = readProject(directory);
    const chosen = stacks.length > 0 ? stacks : [defaultStack(project, env)];
    // A rehearsal has a backend of its own, which knows no organisation.
    return chosen.map((stack) => ({
      project,
      stack: mode === "live" ? stack : stack.slice(stack.lastIndexOf("/") + 1),
    }));
  });
}

function packConfigs(
  settings: Resolved,
  configFiles: readonly string[],
): { readonly own: Fields; readonly others: PreviewOptions["packs"] } {
  const [own, ...others] = configFiles;
  const { policyPacks, policies } = settings;
  if (others.length > policyPacks.length) {
    throw new GateFailure(
      "There are more --policy-pack-config files than policy packs: the first is for eks-irsa itself.",
    );
  }
  return {
    own: { ...(own === undefined ? {} : readPackConfig(own)), ...policies },
    others: policyPacks.map(({ path, config }, index) => {
      if (!existsSync(path)) throw new GateFailure(`There is no policy pack ${path}.`);
      const file = others[index] ?? config;
      return { path, config: file === undefined ? {} : readPackConfig(file) };
    }),
  };
}

function readPackConfig(file: string): Fields {
  const path = resolve(file);
  const content = existsSync(path) ? parseJson(readFileSync(path, "utf8")) : undefined;
  if (typeof content !== "object")
    throw new GateFailure(`The policy-pack configuration ${file} is missing, or no JSON object.`);
  return fields(content);
}

/** Clusters that the pack is told of have the same issuers in the rehearsal. */
function rehearsalOf({ rehearsal }: Resolved, packConfig: Fields): RehearsalSettings {
  const told = list(dig(packConfig, "irsa-context", "clusters")).flatMap((cluster) => {
    const [name, issuer] = [text(dig(cluster, "name")), text(dig(cluster, "issuer"))];
    if (name === undefined || issuer === undefined) return [];
    return [[name, issuer.startsWith("https://") ? issuer : `https://${issuer}`] as const];
  });
  return { ...rehearsal, issuers: { ...Object.fromEntries(told), ...rehearsal.issuers } };
}

function summary({ error, findings, unverified, chains }: StackReport): string {
  if (error !== undefined) return "not judged";
  const parts = [
    plural(chains.length, "chain"),
    plural(findings.length, "finding"),
    ...(unverified.length > 0 ? [`${unverified.length} not verified`] : []),
  ];
  return parts.join(", ");
}
