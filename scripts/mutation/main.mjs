/**
 * `npm run mutation [-- AREA…]`: Stryker over the areas of stryker.config.mjs, one after the other, and docs/mutation.md
 * with a page for each area from what they gave. Areas that are not named keep the result of their last run. `--report` runs nothing, and writes from what is there.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AREAS } from "../../stryker.config.mjs";
import { REASONS, reasonFor } from "./reasons/index.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Small, so that it can be committed: what Stryker writes holds every file and every mutant. */
const RESULTS = join(root, "docs", "mutation.json");
/** The list of each area's living changes. */
const PAGES = join(root, "docs", "mutation");
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { report: { type: "boolean", default: false }, concurrency: { type: "string" } },
});

const unknown = positionals.filter((name) => !(name in AREAS));
if (unknown.length > 0)
  throw new Error(`No such area: ${unknown.join(", ")}. Areas: ${Object.keys(AREAS).join(", ")}.`);
const asked = values.report ? [] : positionals.length > 0 ? positionals : Object.keys(AREAS);

const results = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : {};
let failed = false;
for (const area of asked) {
  const { status } = spawnSync(
    join(root, "node_modules", ".bin", "stryker"),
    ["run", ...(values.concurrency ? ["--concurrency", values.concurrency] : [])],
    { cwd: root, stdio: "inherit", env: { ...process.env, MUTATION_AREA: area } },
  );
  failed ||= status !== 0;
}
for (const area of Object.keys(AREAS)) {
  const report = join(root, "reports", "mutation", `${area}.json`);
  if (existsSync(report)) results[area] = digest(JSON.parse(readFileSync(report, "utf8")));
}
rmSync(PAGES, { recursive: true, force: true });
mkdirSync(PAGES, { recursive: true });
writeFileSync(RESULTS, `${JSON.stringify(results)}\n`);
writeFileSync(join(root, "docs", "mutation.md"), summary(results));
for (const [name, { living }] of Object.entries(results).filter(([, { living }]) => living.length > 0))
  writeFileSync(join(PAGES, `${name}.md`), areaPage(name, living));
const needed = new Set(Object.values(results).flatMap(({ living }) => living.map(reasonFor)));
for (const { file, code } of REASONS.filter((reason) => !needed.has(reason)))
  console.warn(`scripts/mutation/reasons: no living change of ${file} needs the reason for: ${code}`);
process.exitCode = failed ? 1 : 0;

/** Counts by status, and each mutant that no test noticed: where it is, what it is, and the line it changes. */
function digest({ files }) {
  const counts = {};
  const living = [];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const lines = source.split("\n");
    for (const { status, mutatorName, replacement = "", location, statusReason } of mutants) {
      const reason = status === "Ignored" && /static/i.test(statusReason ?? "") ? "Static" : status;
      counts[reason] = (counts[reason] ?? 0) + 1;
      if (status !== "Survived" && status !== "NoCoverage") continue;
      const { line, column } = location.start;
      living.push({
        file,
        line,
        column,
        mutator: mutatorName,
        to: replacement.slice(0, 80),
        code: lines[line - 1]?.trim(),
      });
    }
  }
  return { counts, living };
}

/** Killed and timed out, of all that were tried. */
function score({ Killed = 0, Timeout = 0, Survived = 0, NoCoverage = 0 }) {
  const tried = Killed + Timeout + Survived + NoCoverage;
  return tried === 0 ? "–" : `${((100 * (Killed + Timeout)) / tried).toFixed(1)} %`;
}

function summary(all) {
  const areas = Object.entries(all);
  const open = Object.keys(AREAS).filter((name) => !(name in all));
  return [
    "<!-- Written by `npm run mutation`. -->",
    "",
    "# Mutation testing",
    "",
    "Stryker changes the code in small ways and runs the tests of that area against each change. Each change that no test noticed is",
    "listed on the page of its area, with the reason where it changes nothing that can be seen; the others are open: a test is",
    "missing, or a reason.",
    "",
    "| area | score | killed | timed out | living, with a reason | living, open | static, not tried |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...areas.map(([name, { counts: c, living }]) => {
      const explained = living.filter(reasonFor).length;
      const cells = [score(c), c.Killed ?? 0, c.Timeout ?? 0, explained, living.length - explained, c.Static ?? 0];
      return `| ${[living.length > 0 ? `[${name}](mutation/${name}.md)` : name, ...cells].join(" | ")} |`;
    }),
    ...open.map((name) => `| ${name} | not measured yet | | | | | |`),
    "",
  ].join("\n");
}

function areaPage(name, living) {
  const files = [...new Set(living.map(({ file }) => file))];
  return [
    "<!-- Written by `npm run mutation`. -->",
    "",
    `# Living changes of ${name}`,
    "",
    "[All areas](../mutation.md)",
    "",
    ...files.flatMap((file) => [`## ${file}`, "", ...oneByOne(living.filter((each) => each.file === file)), ""]),
  ].join("\n");
}

function oneByOne(living) {
  const rows = living.map((each) => {
    const { line, mutator, to, code } = each;
    const why = reasonFor(each)?.reason ?? "open";
    return `| ${line} | ${mutator}: ${cell(to)} | ${cell(code)} | ${why} |`;
  });
  // The same change at two places of a line is one row.
  return ["| line | change | code | why |", "| --- | --- | --- | --- |", ...new Set(rows)];
}

function cell(text) {
  return `\`${String(text).replace(/\s+/g, " ").replaceAll("`", "ˋ").replaceAll("|", "\\|").slice(0, 100)}\``;
}
