/** Reports as golden files: what people review when a report changes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import type { Log } from "sarif";
import type { Format } from "../../policy-pack/src/gate/options";

/**
 * A report without what is the same in each and tested by itself: the rules that SARIF lists, style and script of the page
 * and their hashes. Nothing else is taken out; reports hold no time, no path of the machine and no other order.
 */
export function readable(format: Format, report: string): string {
  if (format === "html")
    return report.replace(/<(style|script)>[^]*?<\/\1>\n/g, "").replaceAll(/sha256-[^']+/g, "sha256-…");
  if (format !== "sarif") return report;
  const log = JSON.parse(report) as Log;
  for (const run of log.runs) {
    run.tool.driver.rules = [];
    for (const result of run.results ?? []) delete result.ruleIndex;
  }
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

let validate: ValidateFunction | undefined;

/** What is wrong with a log by the schema of SARIF 2.1.0. */
export function schemaErrors(log: unknown): readonly unknown[] {
  validate ??= new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(
    sarifSchema(),
  );
  validate(log);
  return validate.errors ?? [];
}

/** It names a draft that ajv no longer knows, though it uses nothing that has changed since. */
function sarifSchema(): Readonly<Record<string, unknown>> {
  const { $schema, id, ...schema } = JSON.parse(
    readFileSync(join(__dirname, "fixtures/sarif-2.1.0-rtm.5.schema.json"), "utf8"),
  ) as Readonly<Record<string, unknown>>;
  if (!String(id).includes("sarif-2.1.0") || $schema === undefined)
    throw new Error("The fixture is not the schema of SARIF 2.1.0.");
  return schema;
}
