import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fields, parseJson, text } from "./json";

/** Folder of this package: the policy pack itself. The gate lies two folders below, in `src` and in `dist`. */
export const PACKAGE_FOLDER = join(__dirname, "..", "..");

export function packageVersion(): string {
  return text(fields(parseJson(readFileSync(join(PACKAGE_FOLDER, "package.json"), "utf8")))["version"]) ?? "0.0.0";
}

export type SchemaName = "report" | "baseline" | "config";

/** A shipped JSON schema. */
export function readSchema(name: SchemaName): Readonly<Record<string, unknown>> {
  return fields(parseJson(readFileSync(join(PACKAGE_FOLDER, "schemas", `${name}.v1.json`), "utf8")));
}
