import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from "node-sarif-builder";
import type { Location, Notification, ReportingDescriptor, Result } from "sarif";
import { rules } from "../../rules";
import type { Rule } from "../../rules/rule";
import type { Position, Report, ReportFinding, ReportPlace, StackReport, SuppressedFinding } from "../report";
import { detailLines, placeWords, type Reporter } from "./words";

type Level = "error" | "warning" | "note";

/**
 * SARIF 2.1.0 for code scanning. Suppressed findings are left out unless asked for, since GitHub shows them as open. What
 * was not verified is a notification of the run, not a result: it accuses no line.
 */
export const sarifReporter: Reporter = (report, { showSuppressed, fails }) => {
  const { stacks, tool, decision } = report;
  const ids = idsOf(report);
  const run = new SarifRunBuilder({
    tool: { driver: { name: tool.name, version: tool.version, semanticVersion: tool.version, rules: [] } },
    columnKind: "utf16CodeUnits",
    automationDetails: { id: "irsa-gate/" },
    invocations: [
      {
        executionSuccessful: decision.exitCode !== 2,
        toolExecutionNotifications: stacks.flatMap(notifications),
      },
    ],
    results: [],
  });
  for (const id of ids) run.addRule(new SarifRuleBuilder(describe(id)));
  for (const stack of stacks) {
    for (const finding of stack.findings) {
      if (!finding.known)
        run.addResult(new SarifResultBuilder(resultOf(finding, stack, levelOf(finding, fails(finding)))));
    }
    if (!showSuppressed) continue;
    for (const suppressed of stack.suppressed)
      run.addResult(new SarifResultBuilder(suppressedResult(suppressed, stack)));
  }
  const builder = new SarifBuilder({ $schema: "https://json.schemastore.org/sarif-2.1.0.json" });
  builder.addRun(run);
  return `${builder.buildSarifJsonString({ indent: true })}\n`;
};

/** All rules of the pack, found or not, so that a reader of the file knows what was asked; then what others found. */
function idsOf({ stacks }: Report): readonly string[] {
  const found = stacks.flatMap((stack) => [...stack.findings, ...stack.suppressed]).map(({ rule }) => rule);
  return [...new Set([...rules.map(({ id }) => id), ...found])];
}

function describe(id: string): ReportingDescriptor {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) return { id, shortDescription: { text: id } };
  const { summary, why, severity, level, link, references } = rule;
  const [reference] = references;
  return {
    id,
    name: id.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary },
    fullDescription: { text: why },
    // GitHub does not show helpUri.
    help: { text: helpText(rule), markdown: helpText(rule) },
    ...(reference === undefined ? {} : { helpUri: reference }),
    defaultConfiguration: { level: level === "mandatory" ? "error" : "warning" },
    properties: { tags: ["irsa", link], severity, precision: level === "mandatory" ? "very-high" : "medium" },
  };
}

function helpText({ summary, why, references }: Rule): string {
  return [summary, "", why, ...references.map((reference) => `\n${reference}`)].join("\n");
}

function levelOf({ level, severity }: ReportFinding, failing: boolean): Level {
  if (failing || level === "mandatory") return "error";
  return severity === "low" ? "note" : "warning";
}

function resultOf(finding: ReportFinding, stack: StackReport, level: Level): Result {
  const { rule, says, at, related, fingerprint } = finding;
  return {
    ruleId: rule,
    level,
    message: { text: [says, ...detailLines(finding).map((line) => `  ${line}`)].join("\n") },
    locations: [locationOf(at, stack)],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((place, index) => ({
            id: index + 1,
            ...locationOf(place, stack),
            message: { text: placeWords(place) },
          })),
        }
      : {}),
    partialFingerprints: { "ruleAndUrn/v1": fingerprint },
    properties: { stack: `${stack.project}/${stack.stack}`, severity: finding.severity },
  };
}

function suppressedResult({ rule, at, says, reason }: SuppressedFinding, stack: StackReport): Result {
  return {
    ruleId: rule,
    level: "note",
    message: { text: says },
    locations: [locationOf(at, stack)],
    suppressions: [{ kind: "inSource", status: "accepted", justification: reason }],
  };
}

/** GitHub needs a file: where none is known it is the project's own. */
function locationOf({ urn, resource, position }: ReportPlace, { directory }: StackReport): Location {
  const at: Position = position ?? { file: projectFile(directory), line: 1, column: 1 };
  return {
    physicalLocation: {
      artifactLocation: { uri: at.file.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" },
      region: { startLine: at.line, startColumn: at.column },
    },
    logicalLocations: [{ name: resource, ...(urn === undefined ? {} : { fullyQualifiedName: urn }), kind: "resource" }],
  };
}

function projectFile(directory: string): string {
  return directory === "" || directory === "." ? "Pulumi.yaml" : `${directory}/Pulumi.yaml`;
}

function notifications({ error, unverified, notRehearsed, faults }: StackReport): readonly Notification[] {
  const note = (id: string, level: Level, text: string): Notification => ({
    descriptor: { id },
    level,
    message: { text },
  });
  return [
    ...(error === undefined ? [] : [note("not-judged", "error", error)]),
    ...faults.map((fault) => note("failed-inside", "warning", fault)),
    ...unverified.map(({ says }) => note("irsa-unverified", "note", says)),
    ...notRehearsed.map(({ what, why }) => note("not-rehearsed", "note", `${what}: ${why}`)),
  ];
}
