/**
 * `npm start`: previews a correct and a broken program through the pack, on the real engine, and shows what Pulumi
 * reports. It fails unless the correct one is silent and the fault of the broken one is named.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { startRehearsal } from "eks-irsa-policy-pack/dist/rehearsal";
import { createEngine, type Engine, type EngineResult } from "./engine/engine";
import { readProject } from "./engine/project";
import { policiesSection } from "./engine/report";
import { startProgress } from "./progress";
import { providePulumi } from "./pulumi-cli/provide";
import { repositoryRoot } from "./repository";
import { exitOnSignals } from "./run-command";

interface Act {
  /** Folder of the program below the repository's root. */
  readonly program: string;
  readonly expectation: string;
  /** Whether the preview went as it must, `undefined`, or what is wrong with it. */
  readonly wrong: (result: EngineResult) => string | undefined;
}

async function start(): Promise<void> {
  const cli = await providePulumi();
  const rehearsal = await startRehearsal({ mode: "known" });
  const engine = createEngine({ cli, debugProviders: rehearsal.debugProviders });
  try {
    print(
      `eks-irsa previews two programs with its policy pack, on the real Pulumi engine (v${cli.version}).`,
      "Stand-in AWS and Kubernetes providers answer the engine: no account, no cluster, no login.",
    );
    for (const act of acts()) await perform(engine, act);
    for (const { what, why } of rehearsal.notRehearsed) print("", `Not rehearsed: ${what}: ${why}`);
    print(
      "",
      "The correct program is silent, and the broken one is told what to repair.",
      "More broken programs, one for each step of AWS's troubleshooting article: examples/broken",
      `The pack on your own program: pulumi preview --policy-pack ${join(repositoryRoot, "policy-pack")}`,
    );
  } finally {
    engine.close();
    await rehearsal.close();
  }
}

function acts(): readonly Act[] {
  return [
    {
      program: "examples/quickstart",
      expectation: "A correct chain: the pack must be silent.",
      wrong: ({ code, policyEvents }) => {
        if (policyEvents.length > 0) return `the pack reports ${policyEvents.length} findings where it must be silent`;
        return code === 0 ? undefined : `the preview ended with code ${code}`;
      },
    },
    {
      program: brokenExample(),
      expectation: "A broken chain: the pack must name the fault and its repair.",
      wrong: ({ policyEvents }) =>
        // The pack's own service policies report what is unverified or went wrong inside, not faults.
        policyEvents.some(({ policyName }) => !policyName.startsWith("irsa-"))
          ? undefined
          : "the pack names no fault where there is one",
    },
  ];
}

/** The article's most frequent fault, or the first that is there. */
function brokenExample(): string {
  const folder = "examples/broken";
  if (existsSync(join(repositoryRoot, folder, "trust", "Pulumi.yaml"))) return `${folder}/trust`;
  const [first] = readdirSync(join(repositoryRoot, folder)).sort();
  if (first === undefined) throw new Error(`${folder} holds no example.`);
  return `${folder}/${first}`;
}

async function perform(engine: Engine, { program, expectation, wrong }: Act): Promise<void> {
  const dir = join(repositoryRoot, program);
  const { description } = readProject(dir);
  print("", `── ${program} ${"─".repeat(Math.max(3, 100 - program.length))}`);
  print(expectation, ...(description === undefined ? [] : [description]), "");
  const progress = startProgress(`pulumi preview --cwd ${program} --policy-pack policy-pack`);
  const result = await engine.preview({ dir, policyPack: join(repositoryRoot, "policy-pack") });
  const seconds = progress.stop();
  const fault = wrong(result);
  if (fault !== undefined) {
    print(result.stdout.trimEnd(), result.stderr.trimEnd());
    throw new Error(`${program}: ${fault}.`);
  }
  print(policiesSection(result.stdout).replaceAll(join(repositoryRoot, "/"), ""), "");
  const resources = result.steps.filter(({ type }) => !type.startsWith("pulumi:")).length;
  print(`${counted(resources, "resource")}, ${counted(result.policyEvents.length, "finding")}, ${seconds} s`);
}

function counted(number: number, noun: string): string {
  return `${number === 0 ? "no" : number} ${noun}${number === 1 ? "" : "s"}`;
}

function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

exitOnSignals();
start().catch((error: unknown) => {
  process.stderr.write(`\nnpm start failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
