/**
 * The values of a condition key in the request, none when the request does not carry the key. Names of keys do not depend on
 * case (IAM User Guide, reference_policies_elements_condition).
 */
export type Context = (key: string) => readonly string[];

export interface ReferenceRequest {
  readonly action: string;
  readonly principal?: { readonly type: "Federated" | "AWS" | "Service"; readonly value: string };
  readonly resource?: string;
  readonly context: { readonly [key: string]: readonly string[] };
}

export function contextOf(entries: { readonly [key: string]: readonly string[] }): Context {
  return (key) =>
    Object.entries(entries)
      .filter(([name]) => name.toLowerCase() === key.toLowerCase())
      .flatMap(([, values]) => values);
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** "If the element takes an array but only one value is included, the brackets are optional" (reference_policies_grammar). */
export function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return isArray(value) ? value : [value];
}

/** `<condition_value> = ("string" | "number" | "Boolean")`, and quotation marks are optional for the last two. */
export function texts(value: Json | undefined): readonly string[] {
  return listed(value).map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
}

export function fields(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !isArray(value) ? value : {};
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
