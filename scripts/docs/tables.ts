import { LINKS, type Rule } from "../../policy-pack/src/rules/rule";
import type { Cases } from "../../test/support/cases";
import { CATALOGUE } from "../../test/support/catalogue";

/** The rules of each link, for the README. */
export function readmeTable(rules: readonly Rule[]): string {
  return [
    "| rule | level | a correct stack holds |",
    "| --- | --- | --- |",
    ...rules.map((rule) => row([`[\`${rule.id}\`](docs/rules/${rule.id}.md)`, rule.level, rule.summary])),
    "",
  ].join("\n");
}

/** docs/rules/README.md: the rules by link, and every known failure with the rule and case that show it. */
export function indexPage(all: readonly Cases[]): string {
  return [
    "# Rules",
    "",
    "Written from the rules and their cases by `npm run docs`.",
    "",
    ...LINKS.flatMap((link) => [
      `## ${link}`,
      "",
      "| rule | level | severity | AWS's article | a correct stack holds |",
      "| --- | --- | --- | --- | --- |",
      ...all
        .filter(({ rule }) => rule.link === link)
        .map(({ rule }) =>
          row([
            `[\`${rule.id}\`](${rule.id}.md)`,
            rule.level,
            rule.severity,
            rule.articleStep === undefined ? "" : `step ${rule.articleStep}`,
            rule.summary,
          ]),
        ),
      "",
    ]),
    "## Every known failure",
    "",
    "How it can be known: R from one resource's inputs, X by joining resources, C with configuration, H by heuristic evidence, N not from inputs at all.",
    "",
    "| failure | known | rule | case |",
    "| --- | --- | --- | --- |",
    ...Object.entries(CATALOGUE).flatMap(([id, how]) => failureRows(id, how, all)),
    "",
  ].join("\n");
}

function failureRows(id: string, how: string, all: readonly Cases[]): readonly string[] {
  const shown = all.flatMap(({ rule, invalid }) =>
    invalid.filter((each) => each.covers?.includes(id)).map((each) => ({ rule, each })),
  );
  if (shown.length > 0)
    return shown.map(({ rule, each }) => row([`\`${id}\``, how, `[\`${rule.id}\`](${rule.id}.md)`, each.name]));
  if (id === "trust-unverifiable")
    return [row([`\`${id}\``, how, "`irsa-unverified`", "every rule's unverified cases"])];
  return [row([`\`${id}\``, how, "", "[by hand](../troubleshooting.md)"])];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
