import { createColors } from "picocolors";
import type { Chain, Report, ReportFinding, StackReport, Verdict } from "../report";
import { logLine } from "./escape";
import {
  byChain,
  detailLines,
  figures,
  LINK_WORDS,
  MARKS,
  nodeOf,
  otherChains,
  positionWords,
  type Reporter,
  stackWords,
  VERDICT_WORDS,
  verdictOf,
} from "./words";

type Paint = ReturnType<typeof createColors>;

/** For people at a terminal and in a job's log. */
export const textReporter: Reporter = (report, { color, showSuppressed }) => {
  const paint = createColors(color);
  const blocks = [
    ...report.stacks.map((stack) => stackLines(stack, showSuppressed, paint)),
    baselineLines(report),
    [
      `${mark(outcomeVerdict(report), paint)} ${paint.bold(report.decision.says)}`,
      `  ${figures(report)}; exit code ${report.decision.exitCode}`,
    ],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => logLine(line).trimEnd()).join("\n"))
    .join("\n\n")}\n`;
};

function stackLines(stack: StackReport, showSuppressed: boolean, paint: Paint): readonly string[] {
  const { error, unverified, notRehearsed, faults, suppressed, chains } = stack;
  const lines = [paint.bold(stackWords(stack)) + (stack.directory ? paint.dim(`  ${stack.directory}`) : "")];
  if (error !== undefined) {
    const [first = "", ...rest] = error.split("\n");
    lines.push("", `  ${mark("violation", paint)} ${first}`, ...rest.map((line) => `    ${line}`));
  }
  for (const [chain, findings] of byChain(stack)) {
    if (chain !== undefined) lines.push("", ...chainLines(chain, paint));
    else if (findings.length > 0) lines.push("", "  Other findings");
    for (const finding of findings) lines.push("", ...findingLines(finding, chains, paint));
  }
  lines.push(
    ...section(
      "Not verified",
      unverified.map(({ says }) => `${mark("unverified", paint)} ${says}`),
    ),
  );
  lines.push(
    ...section(
      "Not rehearsed",
      notRehearsed.map(({ what, why }) => `${mark("unverified", paint)} ${what}: ${why}`),
    ),
  );
  lines.push(
    ...section(
      "Failed inside",
      faults.map((fault) => `${mark("unverified", paint)} ${fault}`),
    ),
  );
  if (suppressed.length > 0) {
    const shown = suppressed.map(
      ({ rule, at, reason, until }) =>
        `- ${rule} at ${at.resource}: ${reason}${until === undefined ? "" : ` (until ${until})`}`,
    );
    lines.push(...section(`Suppressed: ${suppressed.length}`, showSuppressed ? shown : shown.slice(0, 5)));
    if (!showSuppressed && shown.length > 5) lines.push(`    … and ${shown.length - 5} more`);
  }
  return lines;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `  ${title}`, ...lines.map((line) => `    ${line}`)];
}

/** Down the chain, link by link; one line where all is well. */
function chainLines(chain: Chain, paint: Paint): readonly string[] {
  const { verdict, title, nodes, links } = chain;
  const head = `  ${mark(verdict, paint)} ${paint.bold(title)}`;
  const spine = nodes.filter(({ kind }) => kind !== "permissions");
  if (verdict === "ok") return [`${head}  ${paint.dim(spine.map(({ label }) => label).join(" ─▶ "))}`];
  const lines: string[] = [head];
  for (const node of spine) {
    const sideways = links.filter(({ from, link }) => from === node.id && link === "permissions");
    const onwards = links.filter(({ from, link }) => from === node.id && link !== "permissions");
    lines.push(`      ${node.declared ? node.label : paint.dim(`(${node.label})`)}`);
    for (const link of sideways) {
      const target = nodeOf(chain, link.to)?.label ?? "";
      lines.push(
        link.verdict === "ok"
          ? `      ├─ ${target}`
          : `      ├${mark(link.verdict, paint)}─ ${target}: ${LINK_WORDS[link.link]}`,
      );
    }
    for (const { verdict: state, link } of onwards) {
      lines.push(
        state === "ok" ? "      │" : `      ${mark(state, paint)}  ${VERDICT_WORDS[state]}: ${LINK_WORDS[link]}`,
      );
    }
  }
  return lines;
}

function findingLines(finding: ReportFinding, chains: readonly Chain[], paint: Paint): readonly string[] {
  const { rule, level, severity, says, known, at } = finding;
  const facts = [level, `${severity} severity`, ...(known ? ["known to the baseline"] : [])].join(", ");
  const others = otherChains(finding, chains);
  return [
    `    ${mark(verdictOf(finding), paint)} ${paint.bold(rule)}  ${paint.dim(`${facts}  ${positionWords(at)}`.trimEnd())}`,
    `      ${says}`,
    ...detailLines(finding).map((line) => `        ${line}`),
    ...(others.length > 0 ? [`        also  ${others.join(", ")}`] : []),
  ];
}

function baselineLines({ baseline }: Report): readonly string[] {
  if (baseline === undefined || baseline.unneeded.length === 0) return [];
  return [
    `No longer needed in ${baseline.file}:`,
    ...baseline.unneeded.map(({ rule, urn }) => `  - ${rule} at ${urn}`),
  ];
}

function outcomeVerdict({ decision: { outcome } }: Report): Verdict {
  return outcome === "pass" ? "ok" : outcome === "unverified" ? "unverified" : "violation";
}

function mark(verdict: Verdict, { green, red, yellow, cyan }: Paint): string {
  const colors = { ok: green, violation: red, advisory: yellow, unverified: cyan };
  return colors[verdict](MARKS[verdict]);
}
