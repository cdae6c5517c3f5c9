import type { Chain, ChainLink, ChainNode } from "../report";
import { html } from "./escape";
import { LINK_WORDS, MARKS, VERDICT_WORDS } from "./words";

const BOX = { width: 190, height: 46, gapX: 74, gapY: 18, margin: 12 } as const;

const KIND_WORDS: Readonly<Record<ChainNode["kind"], string>> = {
  workload: "workload",
  "service-account": "ServiceAccount",
  role: "IAM role",
  permissions: "permissions",
  "oidc-provider": "OIDC provider",
  cluster: "EKS cluster",
};

/** Column of each kind: the chain runs from left to right, permissions hang below the provider. */
const COLUMN: Readonly<Record<ChainNode["kind"], number>> = {
  workload: 0,
  "service-account": 1,
  role: 2,
  "oidc-provider": 3,
  permissions: 3,
  cluster: 4,
};

interface Placed {
  readonly node: ChainNode;
  readonly x: number;
  readonly y: number;
}

/** A chain as an SVG picture with a description for those who do not see it. */
export function chainPicture(chain: Chain, id: string): string {
  const placed = place(chain.nodes);
  const width = Math.max(...placed.map(({ x }) => x)) + BOX.width + BOX.margin;
  const height = Math.max(...placed.map(({ y }) => y)) + BOX.height + BOX.margin;
  const drawn = chain.links.flatMap((link) => drawLink(link, placed));
  return [
    `<svg role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title id="${id}-t">Chain of ${html(chain.title)}: ${VERDICT_WORDS[chain.verdict]}</title>`,
    `<desc id="${id}-d">${html(describe(chain))}</desc>`,
    ...drawn,
    ...placed.map(drawNode),
    "</svg>",
  ].join("");
}

function place(nodes: readonly ChainNode[]): readonly Placed[] {
  const first = Math.min(...nodes.map(({ kind }) => COLUMN[kind]));
  const rows = new Map<number, number>();
  // The spine first, so that it stays in the top row.
  return [...nodes]
    .sort((a, b) => Number(a.kind === "permissions") - Number(b.kind === "permissions"))
    .map((node) => {
      const column = COLUMN[node.kind] - first;
      const row = rows.get(column) ?? 0;
      rows.set(column, row + 1);
      return {
        node,
        x: BOX.margin + column * (BOX.width + BOX.gapX),
        y: BOX.margin + row * (BOX.height + BOX.gapY),
      };
    });
}

function drawNode({ node, x, y }: Placed): string {
  const kind = KIND_WORDS[node.kind];
  const name = node.label.startsWith(`${kind} `) ? node.label.slice(kind.length + 1) : node.label;
  return [
    `<g class="node${node.declared ? "" : " elsewhere"}"><title>${html(node.label)}</title>`,
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    `<text class="kind" x="${x + 10}" y="${y + 17}">${kind}${node.declared ? "" : " (not in this stack)"}</text>`,
    `<text x="${x + 10}" y="${y + 35}">${html(shorten(name, 24))}</text></g>`,
  ].join("");
}

function drawLink({ from, to, link, verdict }: ChainLink, placed: readonly Placed[]): readonly string[] {
  const start = placed.find(({ node }) => node.id === from);
  const end = placed.find(({ node }) => node.id === to);
  if (start === undefined || end === undefined) return [];
  const [x1, y1] = [start.x + BOX.width, start.y + BOX.height / 2];
  const [x2, y2] = [end.x, end.y + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  const mark =
    verdict === "ok"
      ? ""
      : `<circle cx="${middle}" cy="${(y1 + y2) / 2}" r="11"/><text class="mark" x="${middle}" y="${(y1 + y2) / 2 + 5}">${MARKS[verdict]}</text>`;
  return [
    `<g class="link ${verdict}"><title>${html(`${VERDICT_WORDS[verdict]}: ${LINK_WORDS[link]}`)}</title>`,
    `<path d="M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2 - 7} ${y2}"/>`,
    `<path class="head" d="M${x2 - 8} ${y2 - 4} L${x2} ${y2} L${x2 - 8} ${y2 + 4} Z"/>${mark}</g>`,
  ];
}

/** The picture in words, link by link. */
function describe({ nodes, links }: Chain): string {
  const label = (id: string) => nodes.find((node) => node.id === id)?.label ?? "";
  return links.map(({ from, to, verdict }) => `${label(from)} to ${label(to)}: ${VERDICT_WORDS[verdict]}.`).join(" ");
}

function shorten(text: string, length: number): string {
  const characters = Array.from(text);
  if (characters.length <= length) return text;
  return `${characters.slice(0, length - 9).join("")}…${characters.slice(-8).join("")}`;
}
