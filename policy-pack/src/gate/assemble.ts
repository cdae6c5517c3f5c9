import { applyBaseline, readBaseline, renderBaseline } from "./baseline";
import { decide, fails } from "./decide";
import type { FailOn, Target } from "./options";
import { type Output, writeOutputs } from "./output";
import { packageVersion } from "./package-files";
import { type Report, REPORT_SCHEMA, REPORT_VERSION, type StackReport } from "./report";
import { REPORTERS } from "./reporters";

export interface ReportOptions {
  readonly format: readonly Target[];
  readonly failOn: readonly FailOn[];
  readonly strict: boolean;
  readonly requireIrsa: boolean;
  readonly showSuppressed: boolean;
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  readonly color: boolean;
}

/** The whole report of one call. */
export function assemble(judged: readonly StackReport[], options: ReportOptions): Report {
  const { baseline: file } = options;
  const { stacks, baseline } =
    file === undefined ? { stacks: judged, baseline: undefined } : applyBaseline(judged, readBaseline(file), file);
  return {
    $schema: REPORT_SCHEMA,
    version: REPORT_VERSION,
    tool: { name: "irsa-gate", version: packageVersion() },
    stacks,
    ...(baseline === undefined ? {} : { baseline }),
    decision: decide(stacks, options),
  };
}

/** Writes the report in each format that was asked for, and the new baseline. */
export function publish(report: Report, options: ReportOptions, stdout: (content: string) => void): void {
  const { format, failOn, showSuppressed, color, writeBaseline } = options;
  const outputs: Output[] = format.map((target) => ({
    file: target.file,
    content: REPORTERS[target.format](report, {
      color: color && target.file === "-",
      showSuppressed,
      fails: (finding) => fails(finding, failOn),
    }),
  }));
  if (writeBaseline !== undefined && report.decision.outcome !== "error") {
    outputs.push({ file: writeBaseline, content: renderBaseline(report.stacks) });
  }
  writeOutputs(outputs, stdout);
}
