import type { Chain, Report, ReportFinding, StackReport } from "../report";
import { fence, markdown, mermaid } from "./escape";
import {
  byChain,
  detailLines,
  figures,
  LINK_WORDS,
  MARKS,
  otherChains,
  positionWords,
  type Reporter,
  stackWords,
  verdictOf,
} from "./words";

/** By this the CI kits find their own comment again to edit it. */
const COMMENT_MARK = "<!-- irsa-gate -->";

/** GitHub refuses comments of more than 65536 characters; the rest is room for what a workflow adds. */
const MAX_LENGTH = 60_000;

const ICONS = { ok: "✅", violation: "❌", advisory: "⚠️", unverified: "❔" } as const;

/** For step summaries and comments on pull requests. Too many findings are cut, the summary never is. */
export const markdownReporter: Reporter = (report, { showSuppressed }) => {
  const head = headLines(report).join("\n");
  const blocks = report.stacks.flatMap((stack) => stackBlocks(stack, showSuppressed));
  const kept: string[] = [];
  let room = MAX_LENGTH - head.length - 300;
  for (const block of blocks) {
    if (block.length + 2 > room) break;
    room -= block.length + 2;
    kept.push(block);
  }
  const cut = blocks.length - kept.length;
  const rest =
    cut === 0 ? [] : [`_${cut} more section${cut === 1 ? "" : "s"} did not fit; the JSON and HTML reports have all._`];
  return `${[head, ...kept, ...rest].join("\n\n")}\n`;
};

function headLines(report: Report): readonly string[] {
  const { decision, stacks, baseline } = report;
  const icon = {
    pass: ICONS.ok,
    unverified: ICONS.unverified,
    violations: ICONS.violation,
    error: ICONS.violation,
    "nothing-to-check": ICONS.unverified,
  };
  return [
    COMMENT_MARK,
    `## ${icon[decision.outcome]} irsa-gate: ${markdown(decision.says)}`,
    "",
    markdown(figures(report)),
    "",
    "| stack | chains | mandatory | advisory | not verified | suppressed |",
    "|---|---:|---:|---:|---:|---:|",
    ...stacks.slice(0, 100).map(stackRow),
    ...(stacks.length > 100 ? [`| … and ${stacks.length - 100} more | | | | | |`] : []),
    ...(baseline && baseline.unneeded.length > 0
      ? ["", `${baseline.unneeded.length} entries of the baseline are no longer needed.`]
      : []),
  ];
}

function stackRow(stack: StackReport): string {
  const of = (level: string) => stack.findings.filter((finding) => finding.level === level && !finding.known).length;
  const open = stack.unverified.length + stack.notRehearsed.length + stack.faults.length;
  const name = `${stack.error === undefined ? "" : `${ICONS.violation} `}${markdown(stackWords(stack))}`;
  return `| ${name} | ${stack.chains.length} | ${of("mandatory")} | ${of("advisory")} | ${open} | ${stack.suppressed.length} |`;
}

function stackBlocks(stack: StackReport, showSuppressed: boolean): readonly string[] {
  const { error, chains, unverified, notRehearsed, faults, suppressed } = stack;
  const name = `${stack.project}/${stack.stack}`;
  const blocks: string[] = [];
  if (error !== undefined) {
    blocks.push(`### ${ICONS.violation} ${markdown(name)} was not judged`, fence(error.split("\n").slice(0, 60)));
  }
  for (const [chain, findings] of byChain(stack)) {
    if (chain === undefined) {
      if (findings.length > 0) blocks.push(`### Other findings in ${markdown(name)}`);
    } else if (chain.verdict !== "ok")
      blocks.push(`### ${ICONS[chain.verdict]} ${markdown(`${chain.title} in ${name}`)}\n\n${diagram(chain)}`);
    blocks.push(...findings.map((finding) => findingBlock(finding, chains)));
  }
  const sound = chains.filter(({ verdict }) => verdict === "ok");
  if (sound.length > 0) {
    blocks.push(
      details(`${ICONS.ok} ${sound.length} in order`, sound.map(({ title }) => `- ${markdown(title)}`).join("\n")),
    );
  }
  const open = [
    ...unverified.map(({ says }) => says),
    ...notRehearsed.map(({ what, why }) => `${what}: ${why}`),
    ...faults,
  ];
  if (open.length > 0) {
    blocks.push(
      details(`${ICONS.unverified} ${open.length} not verified`, open.map((line) => `- ${markdown(line)}`).join("\n")),
    );
  }
  if (suppressed.length > 0) {
    const list = suppressed.map(
      ({ rule, at, reason, until }) =>
        `- ${markdown(rule)} at ${markdown(at.resource)}: ${markdown(reason)}${until === undefined ? "" : ` (until ${markdown(until)})`}`,
    );
    blocks.push(details(`${suppressed.length} suppressed`, list.slice(0, showSuppressed ? undefined : 20).join("\n")));
  }
  return blocks;
}

function findingBlock(finding: ReportFinding, chains: readonly Chain[]): string {
  const { rule, level, severity, says, at, known } = finding;
  const others = otherChains(finding, chains);
  const facts = [level, `${severity} severity`, positionWords(at), ...(known ? ["known to the baseline"] : [])].filter(
    Boolean,
  );
  const lines = [...detailLines(finding), ...(others.length > 0 ? [`also  ${others.join(", ")}`] : [])];
  return `${ICONS[verdictOf(finding)]} **${markdown(says)}**\n\n${details(`${markdown(rule)} (${markdown(facts.join(", "))})`, fence(lines))}`;
}

/** Content stands between blank lines: only then is it Markdown inside of HTML. */
function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function diagram({ nodes, links }: Chain): string {
  const name = (id: string) => `n${nodes.findIndex((node) => node.id === id)}`;
  const colors = { ok: "#1a7f37", violation: "#cf222e", advisory: "#9a6700", unverified: "#6e7781" };
  return fence(
    [
      "flowchart LR",
      ...nodes.map(({ id, label, declared }) => `  ${name(id)}["${mermaid(label)}"]${declared ? "" : ":::elsewhere"}`),
      ...links.map(({ from, to, link, verdict }) =>
        verdict === "ok"
          ? `  ${name(from)} --> ${name(to)}`
          : `  ${name(from)} ${verdict === "violation" ? "--x" : "-.->"}|"${MARKS[verdict]} ${mermaid(LINK_WORDS[link])}"| ${name(to)}`,
      ),
      ...links.map(({ verdict }, index) => `  linkStyle ${index} stroke:${colors[verdict]},stroke-width:2px`),
      "  classDef elsewhere stroke-dasharray:4 4",
    ],
    "mermaid",
  );
}
