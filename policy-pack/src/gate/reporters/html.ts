import { createHash } from "node:crypto";
import type { Chain, Report, ReportFinding, StackReport, Verdict } from "../report";
import { html } from "./escape";
import { SCRIPT, STYLE } from "./html-assets";
import { chainPicture } from "./html-chain";
import {
  byChain,
  figures,
  MARKS,
  otherChains,
  placeWords,
  positionWords,
  type Reporter,
  stackWords,
  VERDICT_WORDS,
  verdictOf,
} from "./words";

const VERDICTS: readonly Verdict[] = ["violation", "advisory", "unverified", "ok"];

/** One self-contained page: no network, no script but its own, and nothing of a program that could act on it. */
export const htmlReporter: Reporter = (report) => {
  const { decision, stacks, tool } = report;
  const policy = `default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>irsa-gate: ${html(decision.says)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>irsa-gate: ${html(decision.says)}</h1>
<p class="dim figures">${html(figures(report))}; exit code ${decision.exitCode}; version ${html(tool.version)}</p>
</header>
${filterForm(report)}
<main>
${stacks.map(stackSection).join("\n")}
${baselineSection(report)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
};

function filterForm({ stacks }: Report): string {
  const found = [...new Set(stacks.flatMap(({ findings }) => findings.map(({ rule }) => rule)))].sort();
  const boxes = VERDICTS.map(
    (verdict) =>
      `<label><input type="checkbox" value="${verdict}" checked> ${MARKS[verdict]} ${VERDICT_WORDS[verdict]}</label>`,
  );
  const options = found.map((rule) => `<option value="${html(rule)}">${html(rule)}</option>`);
  return `<form aria-label="Filter">
<fieldset><legend>Show</legend>${boxes.join("")}</fieldset>
<label>Rule <select><option value="">all</option>${options.join("")}</select></label>
<button type="reset">Reset</button>
<output id="shown" aria-live="polite" class="dim"></output>
</form>`;
}

function stackSection(stack: StackReport, index: number): string {
  const cards = [...byChain(stack)].flatMap(([chain, findings], position) =>
    chain === undefined && findings.length === 0 ? [] : [card(chain, findings, stack, `s${index}c${position}`)],
  );
  const open = [
    ...stack.unverified.map(({ says }) => says),
    ...stack.notRehearsed.map(({ what, why }) => `${what}: ${why}`),
    ...stack.faults,
  ];
  return `<section aria-labelledby="s${index}">
<h2 id="s${index}">${html(stackWords(stack))} <span class="dim">${html(stack.directory)}</span></h2>
${stack.error === undefined ? "" : `<div class="card violation" data-verdict="violation"><h3>Not judged</h3><pre>${html(stack.error)}</pre></div>`}
${cards.join("\n")}
${listCard("Not verified", "unverified", open)}
${listCard(
  "Suppressed",
  "ok",
  stack.suppressed.map(
    ({ rule, at, reason, until }) =>
      `${rule} at ${at.resource}: ${reason}${until === undefined ? "" : ` (until ${until})`}`,
  ),
)}
</section>`;
}

function card(chain: Chain | undefined, findings: readonly ReportFinding[], stack: StackReport, id: string): string {
  const verdict = chain?.verdict ?? (findings.some(({ level }) => level === "mandatory") ? "violation" : "advisory");
  return `<article class="card ${verdict}" data-verdict="${verdict}" aria-labelledby="${id}">
<h3 id="${id}">${badge(verdict)} ${html(chain?.title ?? "Other findings")}</h3>
${chain === undefined ? "" : `<div class="picture">${chainPicture(chain, id)}</div>`}
${findings.map((finding) => findingPart(finding, stack.chains)).join("\n")}
</article>`;
}

function findingPart(finding: ReportFinding, chains: readonly Chain[]): string {
  const { rule, level, severity, says, at, related, why, fix, known } = finding;
  const verdict = verdictOf(finding);
  const where = positionWords(at);
  const rows: readonly (readonly [string, string])[] = [
    ["at", placeWords(at) + (where === "" ? "" : ` (${where})`)],
    ...related.map((place) => ["with", placeWords(place)] as const),
    ["why", why],
    ["fix", fix],
    ["also", otherChains(finding, chains).join(", ")],
  ];
  return `<div class="finding" data-verdict="${verdict}" data-rule="${html(rule)}">
<p class="says">${html(says)}</p>
<p>${badge(verdict)} <code>${html(rule)}</code> <span class="dim">${level}, ${severity} severity${known ? ", known to the baseline" : ""}</span></p>
<dl>${rows.map(([name, text]) => (text === "" ? "" : `<dt>${name}</dt><dd>${html(text)}</dd>`)).join("")}</dl>
</div>`;
}

function listCard(title: string, verdict: Verdict, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const items = lines.map((line) => `<li>${html(line)}</li>`).join("");
  return `<article class="card ${verdict}" data-verdict="${verdict}"><h3>${badge(verdict)} ${title}</h3><ul>${items}</ul></article>`;
}

function baselineSection({ baseline }: Report): string {
  if (baseline === undefined || baseline.unneeded.length === 0) return "";
  const items = baseline.unneeded
    .map(({ rule, urn }) => `<li><code>${html(rule)}</code> at ${html(urn)}</li>`)
    .join("");
  return `<section><h2>No longer needed in the baseline</h2><ul>${items}</ul></section>`;
}

function badge(verdict: Verdict): string {
  return `<span class="badge ${verdict}">${MARKS[verdict]} ${VERDICT_WORDS[verdict]}</span>`;
}

function hash(source: string): string {
  return `sha256-${createHash("sha256").update(source).digest("base64")}`;
}
