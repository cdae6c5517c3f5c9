/**
 * Policy documents on their way through the bridged provider: an object becomes JSON text at Check, one unknown leaf
 * makes the whole text unknown (pulumi-terraform-bridge, TransformJSONDocument), known text must be a JSON object
 * (terraform-provider-aws, verify.ValidIAMPolicyJSON), and state holds it normalised (structure.NormalizeJsonString).
 */
import { containsSecret, containsUnknown, isMap, isUnknown, plain, secret, text, unknown, type Value } from "../values";

/** What Check makes of a document given as text or as an object. */
export function collapse(document: Value): Value {
  const guarded = containsSecret(document) ? secret : (value: Value): Value => value;
  if (containsUnknown(document)) return guarded(unknown);
  const value = plain(document);
  return guarded(typeof value === "string" ? value : goJson(value));
}

/** The document as state holds it; text that is no JSON stays as it is. */
export function normalise(document: Value): Value {
  const value = text(document);
  if (value === undefined) return document;
  try {
    const normal = goJson(JSON.parse(value) as Value);
    return containsSecret(document) ? secret(normal) : normal;
  } catch {
    return document;
  }
}

/** JSON as Go's encoding/json writes it: the keys of maps in order (those of structs as they are), `<`, `>` and `&` escaped. */
export function goJson(value: Value, { indent = 0, sort = true } = {}): string {
  return JSON.stringify(sort ? sorted(value) : value, undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

/** Why the bridged provider refuses a document, or undefined; an unknown document is never refused. */
export function policyTextFault(property: string, document: Value): string | undefined {
  const value = plain(document);
  if (typeof value !== "string" || isUnknown(value)) return undefined;
  const argument = `"${snakeCase(property)}"`;
  const trimmed = value.trim();
  if (trimmed === "") return `${argument} is an empty string, which is not a valid JSON value`;
  const invalid = `${argument} contains an invalid JSON policy`;
  if (trimmed.startsWith('"')) return `${invalid}: contains a JSON-encoded string, not a JSON-encoded object`;
  if (trimmed.startsWith("[")) return `${invalid}: contains a JSON array, not a JSON object`;
  if (!trimmed.startsWith("{")) return `${invalid}: not a JSON object`;
  try {
    JSON.parse(trimmed);
    return undefined;
  } catch (error) {
    return `${invalid}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Terraform's name of an argument, which the provider's messages use: assumeRolePolicy, assume_role_policy. */
export const snakeCase = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
