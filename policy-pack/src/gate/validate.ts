import Ajv from "ajv";
import { GateFailure } from "./failure";
import { readSchema, type SchemaName } from "./package-files";

/**
 * Checks a file that a user wrote against its schema.
 * @throws GateFailure that names the field and what it may be.
 */
export function validate(value: unknown, name: SchemaName, file: string): void {
  const check = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(readSchema(name));
  if (check(value)) return;
  const problems = (check.errors ?? []).slice(0, 5).map(({ instancePath, message = "", params }) => {
    const extra = "additionalProperty" in params ? ` (${String(params["additionalProperty"])})` : "";
    const legal = "allowedValues" in params ? `: ${String(params["allowedValues"])}` : "";
    return `${instancePath === "" ? "the file" : instancePath.slice(1).replaceAll("/", ".")} ${message}${extra}${legal}`;
  });
  throw new GateFailure(`${file} is not a ${name} of irsa-gate: ${problems.join("; ")}.`);
}
