/** Engine tests: the real Pulumi CLI and engine, with stand-in providers in this process. */
import { join } from "node:path";
import { type RehearsalOptions, startRehearsal } from "../../policy-pack/src/rehearsal";
import { createEngine, type Engine } from "../../scripts/engine/engine";
import { providePulumi, type ProvidedCli } from "../../scripts/pulumi-cli/provide";
import { repositoryRoot } from "../../scripts/repository";

export type { EngineResult } from "../../scripts/engine/engine";

/** The pack under test; `npm test` has built it. */
export const policyPack: string = join(repositoryRoot, "policy-pack");

/** Time for `beforeAll`: on a new machine the CLI may have to be built first. */
export const START_TIMEOUT_MS = 50 * 60 * 1000;

/** Time for one test of a few engine runs, on a busy machine. */
export const RUN_TIMEOUT_MS = 4 * 60 * 1000;

export interface TestEngine extends Omit<Engine, "close"> {
  /** What programs asked for that no stand-in can know. */
  readonly notRehearsed: readonly { readonly what: string; readonly why: string }[];
  /** Ends the providers at once, as if their processes had been killed. */
  killProviders(): Promise<void>;
  /** Stops the providers and removes state and programs. */
  close(): Promise<void>;
}

let provided: Promise<ProvidedCli> | undefined;

/**
 * An engine with its own state and its own stand-in providers. Projects of the same name share state within it.
 * @throws Error when no Pulumi CLI can be provided.
 */
export async function startEngine(options: RehearsalOptions = {}): Promise<TestEngine> {
  provided ??= providePulumi();
  const cli = await provided;
  const rehearsal = await startRehearsal(options);
  const engine = createEngine({ cli, debugProviders: rehearsal.debugProviders });
  return {
    ...engine,
    notRehearsed: rehearsal.notRehearsed,
    killProviders: () => rehearsal.close(),
    close: async () => {
      engine.close();
      await rehearsal.close();
    },
  };
}
