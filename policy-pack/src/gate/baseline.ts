import { existsSync, readFileSync } from "node:fs";
import { dig, list, parseJson, text } from "./json";
import { GateFailure, messageOf } from "./failure";
import type { BaselineReport, ReportFinding, StackReport } from "./report";
import { validate } from "./validate";

const BASELINE_VERSION = 1;

/** A finding that was there when the baseline was written. Neither line nor text is part of it: both change freely. */
export interface BaselineEntry {
  readonly rule: string;
  readonly urn: string;
}

/**
 * Reads a baseline.
 * @throws GateFailure when it is missing, no baseline, or of another version.
 */
export function readBaseline(file: string): readonly BaselineEntry[] {
  if (!existsSync(file))
    throw new GateFailure(`There is no baseline ${file}. Write one with --write-baseline ${file}.`);
  const content = parseJson(readText(file));
  const version = dig(content, "version");
  if (version !== BASELINE_VERSION && version !== undefined) {
    throw new GateFailure(
      `${file} is a baseline of version ${JSON.stringify(version)}; this irsa-gate reads version ${BASELINE_VERSION}. Write it anew with --write-baseline.`,
    );
  }
  validate(content, "baseline", file);
  return list(dig(content, "findings")).map((entry) => ({
    rule: text(dig(entry, "rule")) ?? "",
    urn: text(dig(entry, "urn")) ?? "",
  }));
}

/** The stacks with known findings marked, and what of the baseline has become needless. */
export function applyBaseline(
  stacks: readonly StackReport[],
  entries: readonly BaselineEntry[],
  file: string,
): { readonly stacks: readonly StackReport[]; readonly baseline: BaselineReport } {
  const keys = new Set(entries.map(keyOf));
  const found = new Set(stacks.flatMap(({ findings }) => findings.map((finding) => keyOf(entryOf(finding)))));
  const marked = stacks.map((stack) => ({
    ...stack,
    findings: stack.findings.map((finding) => ({ ...finding, known: keys.has(keyOf(entryOf(finding))) })),
  }));
  // What was not judged this time may still be there.
  const judged = stacks.every(({ error }) => error === undefined);
  return {
    stacks: marked,
    baseline: {
      file,
      known: marked.flatMap(({ findings }) => findings).filter(({ known }) => known).length,
      unneeded: judged ? entries.filter((entry) => !found.has(keyOf(entry))) : [],
    },
  };
}

/** The file's content, sorted, so that a new baseline differs from the old one only by what changed. */
export function renderBaseline(stacks: readonly StackReport[]): string {
  const entries = new Map(
    stacks.flatMap(({ findings }) => findings).map((finding) => [keyOf(entryOf(finding)), entryOf(finding)]),
  );
  const findings = [...entries.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return `${JSON.stringify({ version: BASELINE_VERSION, findings }, undefined, 2)}\n`;
}

function entryOf({ rule, at }: ReportFinding): BaselineEntry {
  return { rule, urn: at.urn ?? at.resource };
}

function keyOf({ rule, urn }: BaselineEntry): string {
  return `${rule}\n${urn}`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new GateFailure(`The baseline ${file} cannot be read: ${messageOf(error)}`);
  }
}
