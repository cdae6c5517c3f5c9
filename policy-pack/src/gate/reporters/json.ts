import type { Reporter } from "./words";

/** The report itself; `schemas/report.v1.json` describes it. */
export const jsonReporter: Reporter = (report) => `${JSON.stringify(report, undefined, 2)}\n`;
