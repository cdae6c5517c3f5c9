/** The part of JSON schema that the configurations of this project use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

/**
 * Every setting of a schema as a Markdown table, nested ones by their path (`clusters[].name`).
 *
 * @param schema Schema of an object.
 * @param defaults Values of the settings at the top that are not given; without it the table has no such column.
 */
export function settingsTable(schema: Schema, defaults?: Readonly<Record<string, unknown>>): string {
  const columns = ["setting", "value", ...(defaults ? ["default"] : []), "meaning"];
  const rows = settings(schema, "").map(({ path, value, required, meaning }) => [
    `\`${path}\`${required ? " (required)" : ""}`,
    value,
    ...(defaults ? [defaultOf(path, defaults)] : []),
    meaning,
  ]);
  return [columns, columns.map(() => "---"), ...rows].map(row).join("\n");
}

interface Setting {
  readonly path: string;
  readonly value: string;
  readonly required: boolean;
  readonly meaning: string;
}

function settings(schema: Schema, before: string): readonly Setting[] {
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== "$schema")
    .flatMap(([name, each]) => {
      const path = `${before}${name}`;
      const own = {
        path,
        value: valueOf(each),
        required: schema.required?.includes(name) ?? false,
        meaning: each.description ?? "",
      };
      const inner = each.properties
        ? settings(each, `${path}.`)
        : each.items?.properties
          ? settings(each.items, `${path}[].`)
          : [];
      return [own, ...inner];
    });
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  integer: "whole number",
  number: "number",
};

function valueOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((each) => `\`${String(each)}\``).join(", ");
  if (schema.type === "array") return `list of ${schema.items ? plural(schema.items) : "values"}`;
  if (schema.type === "object") {
    const inner = schema.additionalProperties;
    return typeof inner === "object" ? `map of name to ${valueOf(inner)}` : "map";
  }
  const types = [schema.type ?? []].flat().map((type) => TYPES[type] ?? type);
  const least = schema.minimum === undefined ? "" : `, ${schema.minimum} or more`;
  const above = schema.exclusiveMinimum === undefined ? "" : `, above ${schema.exclusiveMinimum}`;
  return `${types.join(" or ")}${least}${above}${schema.pattern === undefined ? "" : `, \`${schema.pattern}\``}`;
}

function plural(schema: Schema): string {
  return schema.type === "object" ? "maps" : `${schema.enum ? "" : "texts"}${valueOf(schema).replace(/^text/, "")}`;
}

function defaultOf(path: string, defaults: Readonly<Record<string, unknown>>): string {
  const value = defaults[path];
  if (value === undefined) return "";
  const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return empty ? "none" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
