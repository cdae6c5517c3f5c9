import type { Chain, ChainLink, ChainNode } from "../report";

export interface Placed {
  readonly node: ChainNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the parts of a picture stand, in CSS pixels. `path` and `head` are SVG path data. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly links: readonly {
    readonly link: ChainLink;
    readonly path: string;
    readonly head: string;
    readonly mark: readonly [x: number, y: number];
    /** Room for the verdict in words beside the mark. */
    readonly words: boolean;
  }[];
}

const HEIGHT = 46;
const MARGIN = 12;

/** Column of each kind: permissions hang below the provider. */
const COLUMN: Readonly<Record<ChainNode["kind"], number>> = {
  workload: 0,
  "service-account": 1,
  role: 2,
  "oidc-provider": 3,
  permissions: 3,
  cluster: 4,
};

const WIDE = { width: 190, gapX: 44, gapY: 18 } as const;

/** From left to right, 1150 pixels at most. */
export function wide(chain: Chain): Layout {
  const first = Math.min(...chain.nodes.map(({ kind }) => COLUMN[kind]));
  const rows = new Map<number, number>();
  // The spine first, so that it stays in the top row.
  const nodes = [...chain.nodes]
    .sort((a, b) => Number(a.kind === "permissions") - Number(b.kind === "permissions"))
    .map((node): Placed => {
      const column = COLUMN[node.kind] - first;
      const row = rows.get(column) ?? 0;
      rows.set(column, row + 1);
      const [x, y] = [MARGIN + column * (WIDE.width + WIDE.gapX), MARGIN + row * (HEIGHT + WIDE.gapY)];
      return { node, x, y, width: WIDE.width, height: HEIGHT };
    });
  const links = chain.links.flatMap((link) =>
    between(link, nodes).map(({ start, end }) => {
      const [x1, y1] = [start.x + start.width, start.y + HEIGHT / 2];
      const [x2, y2] = [end.x, end.y + HEIGHT / 2];
      const middle = (x1 + x2) / 2;
      const path = `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2 - 7} ${y2}`;
      return { link, path, head: rightwards(x2, y2), mark: [middle, (y1 + y2) / 2] as const, words: false };
    }),
  );
  return sized(nodes, links);
}

const TALL = { width: 268, gap: 36, indent: 78, bus: 12, spine: 20, branch: 38 } as const;

/** From top to bottom, 304 pixels at most; permissions hang indented below their role. */
export function tall(chain: Chain): Layout {
  const order = [...chain.nodes].sort((a, b) => rank(a) - rank(b));
  const left = MARGIN + TALL.bus;
  const nodes = order.map((node, row): Placed => {
    const indent = node.kind === "permissions" ? TALL.indent : 0;
    return {
      node,
      x: left + indent,
      y: MARGIN + row * (HEIGHT + TALL.gap),
      width: TALL.width - indent,
      height: HEIGHT,
    };
  });
  const spine = nodes.filter(({ node }) => node.kind !== "permissions");
  const links = chain.links.flatMap((link) =>
    between(link, nodes).map(({ start, end }) => {
      const x = left + TALL.spine;
      const below = start.y + HEIGHT;
      if (end.node.kind === "permissions") {
        const y = end.y + HEIGHT / 2;
        const branch = left + TALL.branch;
        const mark = [branch + 16, y] as const;
        return {
          link,
          path: `M${branch} ${below} V${y} H${end.x - 7}`,
          head: rightwards(end.x, y),
          mark,
          words: false,
        };
      }
      if (spine.indexOf(end) === spine.indexOf(start) + 1) {
        const mark = [x, end.y - TALL.gap / 2] as const;
        return { link, path: `M${x} ${below} V${end.y - 7}`, head: downwards(x, end.y), mark, words: true };
      }
      // One of several workloads: around those between it and the account.
      const [from, to] = [start.y + HEIGHT / 2, end.y + HEIGHT / 2];
      const path = `M${start.x} ${from} H${MARGIN} V${to} H${end.x - 7}`;
      return { link, path, head: rightwards(end.x, to), mark: [MARGIN, from] as const, words: false };
    }),
  );
  return sized(nodes, links);
}

/** The spine from the pods to the cluster, with the permissions after the role. */
function rank({ kind }: ChainNode): number {
  return kind === "permissions" ? COLUMN.role + 0.5 : COLUMN[kind];
}

function between({ from, to }: ChainLink, nodes: readonly Placed[]) {
  const start = nodes.find(({ node }) => node.id === from);
  const end = nodes.find(({ node }) => node.id === to);
  return start === undefined || end === undefined ? [] : [{ start, end }];
}

function sized(nodes: readonly Placed[], links: Layout["links"]): Layout {
  const right = Math.max(...nodes.map(({ x, width }) => x + width));
  const bottom = Math.max(...nodes.map(({ y }) => y + HEIGHT));
  return { width: right + MARGIN, height: bottom + MARGIN, nodes, links };
}

const rightwards = (x: number, y: number): string => `M${x - 8} ${y - 4} L${x} ${y} L${x - 8} ${y + 4} Z`;
const downwards = (x: number, y: number): string => `M${x - 4} ${y - 8} L${x} ${y} L${x + 4} ${y - 8} Z`;
