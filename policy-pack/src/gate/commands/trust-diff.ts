import { GateFailure } from "../failure";
import { readEvents } from "../events";
import { dig, parseJson } from "../json";
import { fence, logLine, markdown } from "../reporters/escape";
import type { ExitCode } from "../report";
import { readDigest, type Resources } from "../resources";
import { previewResources } from "../run/preview";
import { defaultStack, readProject } from "../run/project";
import { findPulumi, ownPack } from "../run/pulumi-cli";
import { readState } from "../run/state";
import { sanitize } from "../sanitize";
import type { Resolved } from "../settings";
import { compareGrants, type TrustDiff } from "../trust-diff/compare";
import { grantsOf } from "../trust-diff/grants";
import { writeOutputs } from "../output";
import { baseFolder, type Context } from "./context";
import { readText } from "./report";

export interface TrustDiffFlags {
  /** A state file, a preview's digest or its events. */
  readonly before: string;
  /** The same kinds; undefined: a preview of the program. */
  readonly after: string | undefined;
  readonly failOnWider: boolean;
  readonly base: string | undefined;
}

/** Says in words which roles admit or allow more than before. */
export async function trustDiff(settings: Resolved, flags: TrustDiffFlags, context: Context): Promise<ExitCode> {
  const before = readResources(flags.before);
  const after = flags.after === undefined ? await previewed(settings, flags, context) : readResources(flags.after);
  const diff = sanitize(compareGrants(grantsOf(before), grantsOf(after)));
  const outputs = settings.format.map(({ format, file }) => {
    const render = { text: textOf, json: jsonOf, markdown: markdownOf }[format as string];
    if (render === undefined) throw new GateFailure(`trust-diff writes text, json and markdown, not ${format}.`);
    return { file, content: render(diff) };
  });
  writeOutputs(outputs, context.stdout);
  if (diff.wider.length > 0 && flags.failOnWider) return 1;
  return settings.strict && diff.unknown.length > 0 ? 3 : 0;
}

/** @throws GateFailure when the file is none of the three. */
function readResources(file: string): Resources {
  const source = readText(file);
  const whole = parseJson(source);
  if (dig(whole, "steps") !== undefined) return readDigest(source);
  if (dig(whole, "deployment") !== undefined || dig(whole, "checkpoint") !== undefined)
    return readState(source, file).resources;
  const { resources } = readEvents(source);
  if (resources.size > 0) return resources;
  throw new GateFailure(
    `${file} is neither a state (pulumi stack export), nor a preview (pulumi preview --json), nor its events.`,
  );
}

async function previewed(settings: Resolved, flags: TrustDiffFlags, { env, say, signal }: Context): Promise<Resources> {
  const [chosen] = settings.projects;
  const project = readProject(chosen?.directory ?? ".");
  const cli = await findPulumi({ explicit: settings.pulumi, env, say, signal });
  const { resources, error } = await previewResources(
    { project, stack: chosen?.stacks[0] ?? defaultStack(project, env) },
    {
      pulumi: cli.path,
      env,
      mode: settings.mode === "live" ? "live" : "known",
      packs: [{ path: ownPack(cli), config: settings.policies }],
      config: settings.config,
      rehearsal: settings.rehearsal,
      timeoutMs: settings.timeout * 1000,
      base: baseFolder(flags.base, env),
      suppressions: true,
      signal,
    },
  );
  if (error !== undefined) throw new GateFailure(error);
  return resources;
}

function textOf({ wider, unknown }: TrustDiff): string {
  const lines = wider.map(({ role, says }) => `! ${role} ${says}`);
  const head = wider.length === 0 ? "✓ No role admits or allows more than before." : "Wider than before:";
  return `${[head, ...lines, ...unknown.map((what) => `? ${what}`)].map(logLine).join("\n")}\n`;
}

function jsonOf(diff: TrustDiff): string {
  return `${JSON.stringify({ version: 1, ...diff }, undefined, 2)}\n`;
}

function markdownOf({ wider, unknown }: TrustDiff): string {
  if (wider.length + unknown.length === 0) return "✅ No role admits or allows more than before.\n";
  const lines = [
    ...wider.map(({ role, says }) => `${role} ${says}`),
    ...unknown.map((what) => `not compared: ${what}`),
  ];
  return `### ${markdown(wider.length === 0 ? "Trust was not compared in full" : "Roles are wider than before")}\n\n${fence(lines)}\n`;
}
