import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "../../policy-pack/src/findings/run";
import { parseFinding, renderFindingText } from "../../policy-pack/src/findings/parse";
import { renderFinding } from "../../policy-pack/src/findings/render";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import { LINKS, type Rule } from "../../policy-pack/src/rules/rule";
import type { Cases } from "../support/cases";
import { judgements } from "../support/judgements";
import { firstPreview, wired } from "../support/stack";

const UPDATE = process.env["UPDATE_GOLDEN"] === "1";
const SOURCES = join(__dirname, "../../policy-pack/src/rules");
const files = LINKS.flatMap((link) =>
  readdirSync(join(SOURCES, link)).map((file) => ({ link, id: basename(file, ".ts") })),
);

async function casesOf(rule: Pick<Rule, "link" | "id">): Promise<Cases> {
  const module = (await import(`./${rule.link}/${rule.id}.cases`)) as { readonly default: Cases };
  return module.default;
}

test("the list holds every rule file, each once and under its own link", () => {
  expect(rules.map((rule) => `${rule.link}/${rule.id}`).sort()).toEqual(
    files.map((file) => `${file.link}/${file.id}`).sort(),
  );
});

test("links come in the order of the chain", () => {
  const order = rules.map((rule) => LINKS.indexOf(rule.link));
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test("a correct stack is silent, and at its first preview nothing is a violation", () => {
  expect(run(rules, buildModel(wired()))).toEqual({ findings: [], unverified: [], faults: [] });
  const first = run(rules, buildModel(firstPreview()));
  expect(first.findings).toEqual([]);
  expect(first.faults).toEqual([]);
});

describe.each(rules.map((rule) => ({ id: rule.id, rule })))("$id", ({ rule }) => {
  test("finds what is broken", async () => {
    const { invalid } = await casesOf(rule);
    expect(invalid.length).toBeGreaterThan(0);
    for (const each of invalid) {
      const { findings, faults } = run([rule], buildModel(each.stack));
      const seen = findings.map(({ at, says, fix, level }) => ({
        at,
        says,
        fix,
        ...(level === rule.level ? {} : { level }),
      }));
      expect({ case: each.name, finds: seen, faults }).toEqual({ case: each.name, finds: each.finds, faults: [] });
    }
  });

  test("one fault is one finding: no other rule reports the same stack", async () => {
    for (const each of (await casesOf(rule)).invalid) {
      const others = new Set(run(rules, buildModel(each.stack)).findings.map((finding) => finding.rule));
      others.delete(rule.id);
      expect({ case: each.name, others: [...others].sort() }).toEqual({
        case: each.name,
        others: Object.keys(each.companions ?? {}).sort(),
      });
    }
  });

  test("its text can be read back", async () => {
    for (const each of (await casesOf(rule)).invalid) {
      for (const finding of run([rule], buildModel(each.stack)).findings) {
        const text = renderFinding(finding);
        const parsed = parseFinding(`${rule.summary}\n${text}`);
        expect(parsed && renderFindingText(parsed)).toBe(text);
      }
    }
  });

  test("is silent, with every other rule, where nothing is broken", async () => {
    const { valid } = await casesOf(rule);
    expect(valid.length).toBeGreaterThan(0);
    for (const each of valid) {
      const { findings } = run(rules, buildModel(each.stack));
      expect({ case: each.name, finds: findings }).toEqual({ case: each.name, finds: [] });
    }
  });

  test("says what it waits for where it cannot know", async () => {
    const { unverified } = await casesOf(rule);
    expect("none" in unverified ? unverified.none : unverified).not.toHaveLength(0);
    for (const each of "none" in unverified ? [] : unverified) {
      const model = buildModel(each.stack);
      const waits = [...rule.judge(model)].map((judgement) =>
        judgement.verdict === "unverified" ? judgement.what : `violation: ${judgement.explanation.says}`,
      );
      expect({ case: each.name, waits: waits.sort() }).toEqual({ case: each.name, waits: [...each.waits].sort() });
    }
  });

  test("reasons, related places and what is waited for are those of its golden file", async () => {
    const path = join(__dirname, rule.link, `${rule.id}.golden`);
    const text = judgements(rule, await casesOf(rule));
    if (UPDATE) {
      if (text === "") rmSync(path, { force: true });
      else writeFileSync(path, text);
    }
    expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
  });
});
