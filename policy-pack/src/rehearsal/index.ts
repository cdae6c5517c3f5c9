/**
 * Rehearsal: stand-in providers that let the real Pulumi engine preview a program without a cloud account or a
 * cluster. They answer with known values, so every `apply` of the program runs and the whole IRSA chain can be judged
 * by value, before anything of it exists.
 */
import { awsNativeStandIn } from "./aws-native";
import { awsStandIn } from "./aws";
import { echoStandIn } from "./echo";
import { constructEksCluster } from "./eks-cluster";
import { kubernetesStandIn } from "./kubernetes";
import { type RunningStandIn, serve } from "./server";
import type { Note, RehearsalMode, StandIn } from "./stand-in";
import { readYamlProgram, type YamlProgram } from "./yaml/program";
import { schemaFor } from "./yaml/schema";

export type { RehearsalMode } from "./stand-in";
export { type LanguageHost, type OtherStacks, startOtherStacks } from "./stack-references";
export { readYamlProgram, type YamlProgram } from "./yaml/program";
export { packagesOf, spellingsOf } from "./yaml/schema";

export interface RehearsalOptions {
  /**
   * `known` (the default): computed outputs and ids have known, deterministic values already at preview.
   * `unknown`: they are unknown until creation, as in a first preview against the real cloud.
   */
  readonly mode?: RehearsalMode;
  /** Account of providers that neither assume a role nor allow one account only. Default `111122223333`. */
  readonly accountId?: string;
  /** Region of aws providers that configure none. Default: the partition's main region, `us-west-2` for `aws`. */
  readonly region?: string;
  /** Default: the partition of the region. */
  readonly partition?: string;
  /** Issuer URLs of existing clusters by cluster name; of other clusters it is derived from account, region and name. */
  readonly issuers?: Readonly<Record<string, string>>;
  /** Further packages to answer for, `random` for instance; their resources hand their inputs back. */
  readonly echoPackages?: readonly string[];
  /** The program's folder: where the paths of Kubernetes manifests start, and a program in YAML is. Default: the current one. */
  readonly folder?: string;
}

export interface Rehearsal {
  /** Value of the engine's environment variable PULUMI_DEBUG_PROVIDERS: `aws:40001,kubernetes:40002,…`. */
  readonly debugProviders: string;
  /** What the program asked for and no stand-in can know, in order of appearance. It grows while the engine runs. */
  readonly notRehearsed: readonly { readonly what: string; readonly why: string }[];
  /** Adds to it, once per `what`. */
  readonly note: Note;
  /** Stops the servers at once. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts the stand-in providers on free ports of 127.0.0.1.
 * @throws Error when a port cannot be bound; none is left open then.
 */
export async function startRehearsal(options: RehearsalOptions = {}): Promise<Rehearsal> {
  const { mode = "known", accountId = "111122223333", region, partition, issuers = {}, echoPackages = [] } = options;
  const notRehearsed: { readonly what: string; readonly why: string }[] = [];
  const note: Note = (what, why) => {
    if (!notRehearsed.some((noted) => noted.what === what)) notRehearsed.push({ what, why });
  };
  const defaults = { accountId, region, partition, issuers };
  const folder = options.folder ?? process.cwd();
  const chain: readonly StandIn[] = [
    awsStandIn(mode, defaults, note),
    kubernetesStandIn(mode, note, folder),
    awsNativeStandIn(mode, defaults, note),
    echoStandIn("eks", mode, note, {
      "eks:index:Cluster": (request) => constructEksCluster(request, defaults),
    }),
  ];
  const taken = new Set(chain.map(({ packageName }) => packageName));
  const others = [...new Set(echoPackages)].filter((packageName) => !taken.has(packageName));
  let program: YamlProgram | undefined;
  const schemaOf =
    ({ packageName }: StandIn) =>
    () => {
      program ??= readYamlProgram(folder);
      return program && schemaFor(packageName, program);
    };
  const running = await serveAll([...chain, ...others.map((name) => echoStandIn(name, mode, note))], schemaOf);
  return {
    debugProviders: running.map(({ packageName, port }) => `${packageName}:${port}`).join(","),
    notRehearsed,
    note,
    close: async () => {
      await Promise.all(running.map((standIn) => standIn.close()));
    },
  };
}

async function serveAll(
  standIns: readonly StandIn[],
  schemaOf: (standIn: StandIn) => () => string | undefined,
): Promise<readonly RunningStandIn[]> {
  const settled = await Promise.allSettled(standIns.map((standIn) => serve(standIn, schemaOf(standIn))));
  const running = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = settled.find((result) => result.status === "rejected");
  if (failed === undefined) return running;
  await Promise.all(running.map((standIn) => standIn.close()));
  throw failed.reason;
}
