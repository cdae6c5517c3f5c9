/** Measures packs in turn, so that whatever else the machine does in the meantime falls on all of them alike. */
import { type Pack, type PackProcess, startPack } from "./pack-process";
import { type Requests, requestsFor } from "./requests";
import { type Mix, stackOf } from "./stacks";

/**
 * What one run of one pack gave; each run is a new process, as it is for every preview. Times are wall-clock, and beside
 * them processor time, which does not grow when the machine has other work; undefined off Linux.
 */
export interface Sample {
  readonly bootMs: number;
  readonly bootCpuMs: number | undefined;
  /** MiB, once the pack serves; undefined off Linux, as `peakMemory`. */
  readonly bootMemory: number | undefined;
  /** Microseconds for each resource that is not of the chain, protocol included; undefined for a pack without resource policies. */
  readonly unrelatedUs: number | undefined;
  readonly unrelatedCpuUs: number | undefined;
  readonly chainUs: number | undefined;
  readonly stackMs: number;
  readonly stackCpuMs: number | undefined;
  readonly peakMemory: number | undefined;
  readonly findings: number;
}

export interface Cell {
  readonly size: number;
  readonly mix: Mix;
  readonly requestBytes: number;
  /** By pack, one sample for each round; a pack that was left out of a round has fewer. */
  readonly samples: ReadonlyMap<Pack["id"], readonly Sample[]>;
}

export interface Plan {
  readonly packs: readonly Pack[];
  readonly sizes: readonly number[];
  readonly mixes: (size: number) => readonly Mix[];
  readonly rounds: (size: number) => number;
  readonly say: (line: string) => void;
}

/** One stack policy for each rule costs minutes on large stacks: measured once there, on the clean one, and not at all beyond. */
const NAIVE_ONCE_FROM = 1_000;
const NAIVE_UP_TO = 10_000;

/** Each costs the same and leaves nothing in the pack, so of a large stack a part of them is enough. */
const UNRELATED_UP_TO = 2_000;

export async function measure(plan: Plan): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const size of plan.sizes) {
    for (const mix of plan.mixes(size)) cells.push(await measureStack(plan, size, mix));
  }
  return cells;
}

async function measureStack({ packs, rounds, say }: Plan, size: number, mix: Mix): Promise<Cell> {
  const requests = requestsFor(stackOf(size, mix));
  const samples = new Map<Pack["id"], Sample[]>(packs.map(({ id }) => [id, []]));
  for (let round = 0; round < rounds(size); round++) {
    say(`${size} resources, ${mix}: round ${round + 1} of ${rounds(size)}`);
    // Each round begins with another pack: none is always the one that finds the machine cold.
    const turn = packs.map((_, index) => packs[(index + round) % packs.length]);
    for (const pack of turn) {
      if (pack === undefined || (pack.id === "naive" && !takesPart(size, mix, round))) continue;
      samples.get(pack.id)?.push(await sample(pack, requests));
    }
  }
  return { size, mix, requestBytes: requests.analyzeStack.length, samples };
}

function takesPart(size: number, mix: Mix, round: number): boolean {
  return size <= NAIVE_UP_TO && (size < NAIVE_ONCE_FROM || (mix === "clean" && round === 0));
}

async function sample(pack: Pack, requests: Requests): Promise<Sample> {
  const running = await startPack(pack);
  try {
    const bootMemory = running.peakMemory();
    const phase = pack.id === "naive" ? undefined : await resourcePhase(running, requests);
    const cpu = running.processorTime();
    const started = performance.now();
    const answer = await running.analyzeStack(requests.analyzeStack);
    return {
      bootMs: running.bootMs,
      bootCpuMs: running.bootCpuMs,
      bootMemory,
      unrelatedUs: phase?.unrelatedUs,
      unrelatedCpuUs: phase?.unrelatedCpuUs,
      chainUs: phase?.chainUs,
      stackMs: performance.now() - started,
      stackCpuMs: difference(running.processorTime(), cpu),
      peakMemory: running.peakMemory(),
      findings: answer.getDiagnosticsList().length,
    };
  } finally {
    await running.stop();
  }
}

interface Spent {
  readonly count: number;
  readonly milliseconds: number;
  readonly cpu: number | undefined;
}

async function resourcePhase(
  running: PackProcess,
  { analyze }: Requests,
): Promise<Pick<Sample, "unrelatedUs" | "unrelatedCpuUs" | "chainUs">> {
  const chain = await timed(
    running,
    analyze.filter(({ ofChain }) => ofChain),
  );
  const unrelated = await timed(running, analyze.filter(({ ofChain }) => !ofChain).slice(0, UNRELATED_UP_TO));
  const each = (milliseconds: number | undefined, { count }: Spent): number | undefined =>
    count === 0 || milliseconds === undefined ? undefined : (milliseconds * 1000) / count;
  return {
    chainUs: each(chain.milliseconds, chain),
    unrelatedUs: each(unrelated.milliseconds, unrelated),
    unrelatedCpuUs: each(unrelated.cpu, unrelated),
  };
}

async function timed(running: PackProcess, requests: Requests["analyze"]): Promise<Spent> {
  const cpu = running.processorTime();
  const started = performance.now();
  for (const { bytes } of requests) await running.analyze(bytes);
  return {
    count: requests.length,
    milliseconds: performance.now() - started,
    cpu: difference(running.processorTime(), cpu),
  };
}

/** Linux counts processor time in hundredths of a second: of less than five of them, a ratio says nothing. */
const MEASURABLE_MS = 50;

function difference(end: number | undefined, start: number | undefined): number | undefined {
  if (end === undefined || start === undefined) return undefined;
  return end - start < MEASURABLE_MS ? undefined : end - start;
}
