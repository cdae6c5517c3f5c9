import type { Chain, ChainLink, ChainNode } from "../report";
import { html } from "./escape";
import { type Layout, type Placed, tall, wide } from "./html-layout";
import { LINK_WORDS, MARKS, VERDICT_WORDS } from "./words";

const KIND_WORDS: Readonly<Record<ChainNode["kind"], string>> = {
  workload: "workload",
  "service-account": "ServiceAccount",
  role: "IAM role",
  permissions: "permissions",
  "oidc-provider": "OIDC provider",
  cluster: "EKS cluster",
};

/**
 * A chain as a picture with a description for those who do not see it: from left to right, and once more from top to bottom.
 * The style shows the one that the page has room for, so that no picture scrolls sideways.
 */
export function chainPicture(chain: Chain, id: string): string {
  return `${draw(chain, wide(chain), `${id}-w`, "wide")}\n${draw(chain, tall(chain), `${id}-n`, "tall")}`;
}

function draw(chain: Chain, { width, height, nodes, links }: Layout, id: string, name: string): string {
  return [
    `<svg class="${name}" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title id="${id}-t">Chain of ${html(chain.title)}: ${VERDICT_WORDS[chain.verdict]}</title>`,
    `<desc id="${id}-d">${html(describe(chain))}</desc>`,
    ...links.map(drawLink),
    ...nodes.map(drawNode),
    "</svg>",
  ].join("\n");
}

function drawNode({ node, x, y, width, height }: Placed): string {
  const kind = KIND_WORDS[node.kind];
  const name = node.label.startsWith(`${kind} `) ? node.label.slice(kind.length + 1) : node.label;
  return [
    `<g class="node${node.declared ? "" : " elsewhere"}"><title>${html(node.label)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<text class="kind" x="${x + 10}" y="${y + 17}">${kind}${node.declared ? "" : " (not in this stack)"}</text>`,
    `<text x="${x + 10}" y="${y + 35}">${html(shorten(name, Math.floor(width / 7.9)))}</text></g>`,
  ].join("");
}

function drawLink({ link: { link, verdict }, path, head, mark, words }: Layout["links"][number]): string {
  const [x, y] = mark;
  const marked =
    verdict === "ok"
      ? ""
      : `<circle cx="${x}" cy="${y}" r="10"/><text class="mark" x="${x}" y="${y + 5}">${MARKS[verdict]}</text>`;
  const said =
    verdict === "ok" || !words ? "" : `<text class="kind" x="${x + 16}" y="${y + 4}">${VERDICT_WORDS[verdict]}</text>`;
  return [
    `<g class="link ${verdict}"><title>${html(`${VERDICT_WORDS[verdict]}: ${LINK_WORDS[link]}`)}</title>`,
    `<path d="${path}"/><path class="head" d="${head}"/>${marked}${said}</g>`,
  ].join("");
}

/** The picture in words, link by link. */
function describe({ nodes, links }: Chain): string {
  const label = (id: string) => nodes.find((node) => node.id === id)?.label ?? "";
  return links
    .map(({ from, to, verdict }: ChainLink) => `${label(from)} to ${label(to)}: ${VERDICT_WORDS[verdict]}.`)
    .join(" ");
}

function shorten(text: string, length: number): string {
  const characters = Array.from(text);
  if (characters.length <= length) return text;
  return `${characters.slice(0, length - 9).join("")}…${characters.slice(-8).join("")}`;
}
