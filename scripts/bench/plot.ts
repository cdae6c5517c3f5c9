/** The stack phase against the size of the stack, both on logarithmic scales, as an SVG that reads on light and dark pages. */
import type { Cell } from "./measure";
import type { Pack } from "./pack-process";
import { typical } from "./statistics";

const WIDTH = 760;
const HEIGHT = 440;
const PLOT = { left: 70, right: 250, top: 50, bottom: 55 };
/** Told apart without colour too, by their dashes. */
const STYLES: Readonly<Record<Pack["id"], { readonly colour: string; readonly dash: string }>> = {
  pack: { colour: "#2563eb", dash: "none" },
  "single-file": { colour: "#0d9488", dash: "8 3" },
  idle: { colour: "#8b8b8b", dash: "2 3" },
  naive: { colour: "#dc2626", dash: "10 4 2 4" },
};

interface Point {
  readonly size: number;
  readonly milliseconds: number;
}

/** Empty plots are legal: they show the axes of one decade. */
export function plot(packs: readonly Pack[], cells: readonly Cell[]): string {
  const clean = cells.filter(({ mix }) => mix === "clean");
  const series = packs.map(({ id, title }) => ({
    id,
    title,
    points: clean.flatMap((cell): readonly Point[] => {
      const milliseconds = typical(cell, id, "stackMs");
      return milliseconds === undefined ? [] : [{ size: cell.size, milliseconds }];
    }),
  }));
  const points = series.flatMap((each) => each.points);
  const x = scale(
    points.map(({ size }) => size),
    PLOT.left,
    WIDTH - PLOT.right,
  );
  const y = scale(
    points.map(({ milliseconds }) => milliseconds),
    HEIGHT - PLOT.bottom,
    PLOT.top,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="13">`,
    `<title id="title">Time of the stack phase by number of resources, for each pack</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(PLOT.left, 25, "Stack phase of a clean stack, by number of resources", `font-size="15" font-weight="600"`),
    ...x.decades.map((size) => grid(x.at(size), "x", size.toLocaleString("en"))),
    ...y.decades.map((milliseconds) => grid(y.at(milliseconds), "y", duration(milliseconds))),
    ...series.flatMap(({ id, points: own }) =>
      curve(
        id,
        own.map((point) => [x.at(point.size), y.at(point.milliseconds)]),
      ),
    ),
    ...legend(series.map(({ id, title }) => ({ id, title }))),
    "</svg>",
    "",
  ].join("\n");
}

interface Scale {
  readonly decades: readonly number[];
  at(value: number): number;
}

function scale(values: readonly number[], from: number, to: number): Scale {
  const present = values.length > 0 ? values : [1];
  const low = Math.floor(Math.log10(Math.min(...present)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...present))));
  return {
    decades: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

function grid(at: number, axis: "x" | "y", label: string): string {
  const place = at.toFixed(1);
  if (axis === "x") {
    const bottom = HEIGHT - PLOT.bottom;
    return (
      `<line x1="${place}" x2="${place}" y1="${PLOT.top}" y2="${bottom}" stroke="#e5e7eb"/>` +
      text(at, bottom + 20, label, `text-anchor="middle"`)
    );
  }
  return (
    `<line x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${place}" y2="${place}" stroke="#e5e7eb"/>` +
    text(PLOT.left - 8, at + 4, label, `text-anchor="end"`)
  );
}

function curve(id: Pack["id"], points: readonly (readonly [number, number])[]): readonly string[] {
  const { colour, dash } = STYLES[id];
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash}"/>`,
    ...points.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5" fill="${colour}"/>`),
  ];
}

function legend(series: readonly Pick<Pack, "id" | "title">[]): readonly string[] {
  const left = WIDTH - PLOT.right + 20;
  return series.map(({ id, title }, index) => {
    const top = PLOT.top + 12 + index * 26;
    const { colour, dash } = STYLES[id];
    return (
      `<line x1="${left}" x2="${left + 30}" y1="${top}" y2="${top}" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash}"/>` +
      text(left + 38, top + 4, title)
    );
  });
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="#1f2937" ${attributes}>${escaped}</text>`;
}

function duration(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}
