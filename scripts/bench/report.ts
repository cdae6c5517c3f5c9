import { cpus } from "node:os";
import type { EngineRuns } from "./engine-runs";
import { MAX_GROWTH, type EvaluatorFigures } from "./evaluator";
import type { Cell } from "./measure";
import type { Pack } from "./pack-process";
import { type Figure, ratio, typical } from "./statistics";
import type { Judgement } from "./targets";

export interface Results {
  readonly packs: readonly Pack[];
  readonly bytes: ReadonlyMap<Pack["id"], number>;
  readonly cells: readonly Cell[];
  readonly engine: EngineRuns | undefined;
  readonly evaluator: EvaluatorFigures;
  readonly judgements: readonly Judgement[];
}

/** The whole report, as Markdown. */
export function report({ packs, bytes, cells, engine, evaluator, judgements }: Results): string {
  return [
    "# Measured",
    "",
    `${cpus().length} CPUs, Node ${process.versions.node}, ${process.platform}. Medians; in parentheses the ratio to the two idle policies, which is the median of the ratios of each round. ` +
      "One binding (role, ServiceAccount, Deployment) for every hundred resources. A broken stack has a fault in every fifth binding. Made by `npm run bench -- --write`.",
    "",
    "## Targets",
    "",
    ...table(
      ["what", "at most", "measured", "processor time", ""],
      judgements.map(({ target, ratio: measured, cpuRatio, kept }) => [
        target.title,
        times(target.limit),
        measured === undefined ? "not measured" : times(measured),
        cpuRatio === undefined ? "" : times(cpuRatio),
        measured === undefined ? "" : kept ? "kept" : "**missed**",
      ]),
    ),
    ...start(packs, bytes, cells),
    ...phases(packs, cells),
    ...(engine ? wholePreviews(packs, engine) : []),
    ...evaluation(evaluator),
    "",
  ].join("\n");
}

function start(packs: readonly Pack[], bytes: Results["bytes"], cells: readonly Cell[]): readonly string[] {
  // Every run of every stack starts a process of its own, so the boots of all cells are one series.
  const all = cells.length > 0 ? together(cells) : undefined;
  if (!all) return [];
  return [
    "",
    "## Start",
    "",
    ...table(
      ["pack", "boot to port, ms", "its processor time, ms", "peak memory at boot, MiB", "its file, KiB"],
      packs.map(({ id, title }) => [
        title,
        figure(all, id, "bootMs"),
        figure(all, id, "bootCpuMs"),
        figure(all, id, "bootMemory"),
        ((bytes.get(id) ?? 0) / 1024).toFixed(0),
      ]),
    ),
  ];
}

function together(cells: readonly Cell[]): Cell | undefined {
  const [first] = cells;
  if (!first) return undefined;
  const ids = [...first.samples.keys()];
  return {
    ...first,
    samples: new Map(ids.map((id) => [id, cells.flatMap((cell) => cell.samples.get(id) ?? [])])),
  };
}

function phases(packs: readonly Pack[], cells: readonly Cell[]): readonly string[] {
  return [
    "",
    "## Phases",
    "",
    ...table(
      [
        "resources",
        "stack",
        "pack",
        "unrelated resource, µs",
        "its processor time, µs",
        "resource of the chain, µs",
        "stack phase, ms",
        "its processor time, ms",
        "peak memory, MiB",
        "findings",
      ],
      cells.flatMap((cell) =>
        packs
          .filter(({ id }) => (cell.samples.get(id) ?? []).length > 0)
          .map(({ id, title }) => [
            cell.size.toLocaleString("en"),
            cell.mix,
            title,
            figure(cell, id, "unrelatedUs"),
            figure(cell, id, "unrelatedCpuUs"),
            figure(cell, id, "chainUs"),
            figure(cell, id, "stackMs"),
            figure(cell, id, "stackCpuMs"),
            figure(cell, id, "peakMemory"),
            String(cell.samples.get(id)?.[0]?.findings ?? "–"),
          ]),
      ),
    ),
  ];
}

function wholePreviews(packs: readonly Pack[], engine: EngineRuns): readonly string[] {
  const added = packs.flatMap(({ id, title }) => {
    const seconds = engine.addedSeconds.get(id);
    return seconds === undefined ? [] : [[title, seconds.toFixed(2)]];
  });
  return [
    "",
    "## Whole previews",
    "",
    `A preview of ${engine.resources} resources on the real engine, with stand-in providers, takes ${engine.withoutSeconds.toFixed(2)} s without a pack (median of ${engine.rounds} rounds).`,
    "",
    ...table(["pack", "adds, s"], added),
  ];
}

function evaluation({ decisionsPerSecond, growth }: EvaluatorFigures): readonly string[] {
  return [
    "",
    "## Evaluator",
    "",
    `${decisionsPerSecond.toLocaleString("en")} decisions a second on a typical trust policy. At twice the size it takes so many times longer (2 is in proportion, ${MAX_GROWTH} the limit):`,
    "",
    ...table(
      ["more of", "times"],
      growth.map(({ what, factor }) => [what, factor.toFixed(2)]),
    ),
  ];
}

function figure(cell: Cell, pack: Pack["id"], name: Figure): string {
  const value = typical(cell, pack, name);
  if (value === undefined) return "–";
  const text = value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
  const against = pack === "idle" ? undefined : ratio(cell, pack, "idle", name);
  return against === undefined ? text : `${text} (${times(against)})`;
}

function times(ratioValue: number): string {
  return `${ratioValue.toFixed(2)} ×`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)];
}
