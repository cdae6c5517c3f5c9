import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CONTEXT_SCHEMA } from "../../policy-pack/src/config-schema";
import { DEFAULT_CONFIG } from "../../policy-pack/src/model/config";
import { rules } from "../../policy-pack/src/rules";
import type { Rule } from "../../policy-pack/src/rules/rule";
import type { Cases } from "../../test/support/cases";
import { type Schema, settingsTable } from "./reference";
import { rulePage } from "./rule-page";
import { indexPage, readmeTable } from "./tables";

/**
 * Writes docs/rules/ from the rules and their cases, and what stands between the markers of README.md and
 * docs/configuration.md from the rules and the schemas; with `--check` it only compares, and fails where a page is stale.
 * Run from the repository's root: `npm run docs`, `npm run docs:check`.
 */
const FOLDER = "docs/rules";
const GATE_SCHEMA = "policy-pack/schemas/config.v1.json";

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
  written.set("README.md", filled("README.md", { rules: readmeTable(rules) }));
  written.set("docs/configuration.md", filled("docs/configuration.md", settingsOfPackAndGate()));
  return written;
}

function settingsOfPackAndGate(): Readonly<Record<string, string>> {
  const gate = JSON.parse(readFileSync(GATE_SCHEMA, "utf8")) as Schema;
  // The SDK's type of a schema allows much that this one does not use.
  const context = JSON.parse(JSON.stringify(CONTEXT_SCHEMA)) as Schema;
  return {
    "irsa-context": settingsTable(context, { ...DEFAULT_CONFIG }),
    "irsa-gate": settingsTable(gate),
    remediate: ruleList(rules.filter((rule) => rule.mend)),
    early: ruleList(rules.filter((rule) => rule.decidesEarly)),
  };
}

function ruleList(some: readonly Rule[]): string {
  return some.map(({ id, summary }) => `- [\`${id}\`](rules/${id}.md): ${summary}`).join("\n");
}

/** The file with new text between the markers of each section. */
function filled(file: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce(
    (text, [name, section]) => {
      const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
      const [before, rest] = text.split(begin);
      const after = rest?.split(end)[1];
      if (before === undefined || after === undefined)
        throw new Error(`${file} needs the lines ${begin} and ${end}, between which a generated section stands.`);
      return `${before}${begin}\n\n${section.trimEnd()}\n\n${end}${after}`;
    },
    readFileSync(file, "utf8"),
  );
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
