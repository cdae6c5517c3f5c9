import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "../..");

/** A page of the documentation; `path` is relative to the repository's root. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block. `line` is that of its first line in the page, from 1. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Pages that people write. */
export const written: readonly Page[] = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "policy-pack/README.md",
  "components/README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
].map(page);

/** Pages that `npm run docs` writes. */
export const generated: readonly Page[] = readdirSync(join(ROOT, "docs/rules")).map((file) =>
  page(`docs/rules/${file}`),
);

export function page(path: string): Page {
  return { path, text: readFileSync(join(ROOT, path), "utf8") };
}

/** The fenced blocks of a page, without the indentation of the list that they stand in. */
export function blocksOf({ path, text }: Page): readonly Block[] {
  return [...text.matchAll(/^( *)```(\w*)[^\n]*\n([^]*?)^\1```$/gm)].map((match) => {
    const [, indent = "", language = "", body = ""] = match;
    const lines = body.split("\n").map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    return { page: path, line: text.slice(0, match.index).split("\n").length + 1, language, text: lines.join("\n") };
  });
}

/** The TypeScript blocks under a heading, up to the next heading of any level. */
export function codeUnder(each: Page, heading: string): readonly string[] {
  const headings = [...prose(each).matchAll(/^#+ +(.*)$/gm)].map(({ 1: title, index }) => ({
    title,
    line: prose(each).slice(0, index).split("\n").length,
  }));
  const start = headings.findIndex(({ title }) => title === heading);
  if (start < 0) throw new Error(`${each.path} has no heading "${heading}"`);
  const from = headings[start]?.line ?? 0;
  const to = headings[start + 1]?.line ?? Infinity;
  return blocksOf(each)
    .filter(({ language, line }) => language === "ts" && line > from && line < to)
    .map(({ text }) => text);
}

/** The text with every fenced block emptied, its lines kept. */
export function prose({ text }: Page): string {
  return text.replace(/^( *)```[^]*?^\1```$/gm, (block) => block.replace(/[^\n]/g, ""));
}

/** What stands between backticks, once each. */
export function codeSpans(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code))];
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors(each: Page): readonly string[] {
  const seen = new Map<string, number>();
  return [...prose(each).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** The targets of a page's links and images that lead to this repository. */
export function relativeLinks(each: Page): readonly string[] {
  const text = prose(each).replace(/`[^`\n]*`/g, "");
  const inline = [...text.matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g)].map(([, target = ""]) => target);
  const html = [...text.matchAll(/\b(?:href|src|srcset)="([^"\s]+)"/g)].map(([, target = ""]) => target);
  return [...inline, ...html].filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}
