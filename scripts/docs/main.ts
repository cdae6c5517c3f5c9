import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../policy-pack/src/rules";
import type { Cases } from "../../test/support/cases";
import { rulePage } from "./rule-page";
import { indexPage, readmeTable } from "./tables";

/**
 * Writes docs/rules/ and the rule table of the README from the rules and their cases; with `--check` it only compares, and
 * fails where a page is stale. Run from the repository's root: `npm run docs`, `npm run docs:check`.
 */
const FOLDER = "docs/rules";
const BEGIN = "<!-- rules: begin -->";
const END = "<!-- rules: end -->";

async function pages(): Promise<ReadonlyMap<string, string>> {
  const written = new Map<string, string>();
  const all: Cases[] = [];
  for (const rule of rules) {
    const { default: cases } = (await import(`../../test/rules/${rule.link}/${rule.id}.cases.ts`)) as {
      readonly default: Cases;
    };
    all.push(cases);
    written.set(join(FOLDER, `${rule.id}.md`), rulePage(cases));
  }
  written.set(join(FOLDER, "README.md"), indexPage(all));
  const readme = readFileSync("README.md", "utf8");
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`README.md needs the lines ${BEGIN} and ${END}, between which the rule table stands.`);
  written.set("README.md", `${before}${BEGIN}\n\n${readmeTable(rules)}\n${END}${after}`);
  return written;
}

function existing(): readonly string[] {
  mkdirSync(FOLDER, { recursive: true });
  return readdirSync(FOLDER).map((file) => join(FOLDER, file));
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

async function main(check: boolean): Promise<number> {
  const wanted = await pages();
  const stale = [...wanted].filter(([file, text]) => read(file) !== text).map(([file]) => file);
  const left = existing().filter((file) => !wanted.has(file));
  if (check) {
    for (const file of [...stale, ...left]) console.error(`stale: ${file}`);
    if (stale.length + left.length > 0)
      console.error("The rules have changed since these pages were written. Run: npm run docs");
    return stale.length + left.length > 0 ? 1 : 0;
  }
  for (const file of left) rmSync(file);
  for (const [file, text] of wanted) writeFileSync(file, text);
  console.log(`${wanted.size} pages, ${stale.length} changed, ${left.length} removed.`);
  return 0;
}

void main(process.argv.includes("--check")).then((code) => {
  process.exitCode = code;
});
