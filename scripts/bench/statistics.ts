import type { Pack } from "./pack-process";
import type { Cell, Sample } from "./measure";

export type Figure = Exclude<keyof Sample, "findings">;

/** @returns undefined for no values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[middle - 1];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

/** Median of one figure of one pack. */
export function typical(cell: Cell, pack: Pack["id"], figure: Figure): number | undefined {
  return median(defined((cell.samples.get(pack) ?? []).map((sample) => sample[figure])));
}

/**
 * How often a pack costs what another does: the median of the ratios of each round, because the two runs of a round found
 * the machine in the same state, and the medians of two series did not.
 */
export function ratio(cell: Cell, pack: Pack["id"], base: Pack["id"], figure: Figure): number | undefined {
  return median(pairedRatios(cell, pack, base, figure));
}

export function pairedRatios(cell: Cell, pack: Pack["id"], base: Pack["id"], figure: Figure): readonly number[] {
  const bases = cell.samples.get(base) ?? [];
  return defined(
    (cell.samples.get(pack) ?? []).map((sample, round) => {
      const value = sample[figure];
      const other = bases[round]?.[figure];
      return value === undefined || other === undefined || other === 0 ? undefined : value / other;
    }),
  );
}

function defined(values: readonly (number | undefined)[]): readonly number[] {
  return values.filter((value) => value !== undefined);
}
