import type { Cell } from "./measure";
import type { Pack } from "./pack-process";
import { type Figure, median, pairedRatios } from "./statistics";

/** A promise of docs/performance.md, as a ratio within one run: absolute times belong to a machine, ratios to the pack. */
export interface Target {
  readonly title: string;
  readonly pack: Pack["id"];
  readonly figure: Figure;
  /** At most so many times what the idle pack costs. */
  readonly limit: number;
  /** The cells that it is judged on, taken together. */
  readonly on: (cell: Cell) => boolean;
}

export interface Judgement {
  readonly target: Target;
  /** By the clock (or in memory). Undefined where the run did not measure it (a size left out, memory off Linux). */
  readonly ratio: number | undefined;
  /** In processor time; undefined for memory, and off Linux. */
  readonly cpuRatio: number | undefined;
  /** Judged by processor time where there is one: by the clock, a machine with other work to do fails at random. */
  readonly kept: boolean;
}

const CPU: Partial<Readonly<Record<Figure, Figure>>> = {
  bootMs: "bootCpuMs",
  unrelatedUs: "unrelatedCpuUs",
  stackMs: "stackCpuMs",
};

const every = (): boolean => true;
/** Below, a run has too few resources to time one of them. */
const MANY = 1_000;

const stackTargets = [1_000, 10_000, 50_000].map((size): Target => ({
  title: `stack phase of a clean stack, ${size.toLocaleString("en")} resources`,
  pack: "pack",
  figure: "stackMs",
  limit: 1.3,
  on: (cell) => cell.size === size && cell.mix === "clean",
}));

export const TARGETS: readonly Target[] = [
  { title: "boot, directory pack", pack: "pack", figure: "bootMs", limit: 1.1, on: every },
  { title: "boot, single file", pack: "single-file", figure: "bootMs", limit: 0.45, on: every },
  { title: "peak memory at boot, directory pack", pack: "pack", figure: "bootMemory", limit: 1.15, on: every },
  { title: "peak memory at boot, single file", pack: "single-file", figure: "bootMemory", limit: 1.15, on: every },
  {
    title: "resource phase, resources outside the chain",
    pack: "pack",
    figure: "unrelatedUs",
    limit: 1.2,
    on: ({ size }) => size >= MANY,
  },
  ...stackTargets,
];

export function judge(cells: readonly Cell[]): readonly Judgement[] {
  return TARGETS.map((target) => {
    const judged = cells.filter(target.on);
    const ratioOf = (figure: Figure | undefined): number | undefined =>
      figure && median(judged.flatMap((cell) => pairedRatios(cell, target.pack, "idle", figure)));
    const ratio = ratioOf(target.figure);
    const cpuRatio = ratioOf(CPU[target.figure]);
    const decisive = cpuRatio ?? ratio;
    return { target, ratio, cpuRatio, kept: decisive === undefined || decisive <= target.limit };
  });
}
