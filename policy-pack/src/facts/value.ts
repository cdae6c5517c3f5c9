/**
 * A property value as the snapshot holds it: plain JSON, with every value that Pulumi does not know yet spelled out
 * as `{ "$unknown": true }`. Nothing here can be a proxy, a sentinel string, an Output or a class instance.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** What stands in a {@link Value} where Pulumi knows nothing yet. */
export const UNKNOWN = Object.freeze({ $unknown: true }) satisfies Value;

/** True for the unknown marker, also after a round trip through JSON. */
export function isUnknown(value: Value | undefined): boolean {
  return isObject(value) && value["$unknown"] === true;
}

export function isObject(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** True when the value, or anything inside it, is unknown. */
export function holdsUnknown(value: Value | undefined): boolean {
  if (isUnknown(value)) return true;
  if (isList(value)) return value.some(holdsUnknown);
  if (isObject(value)) return Object.values(value).some(holdsUnknown);
  return false;
}

/** The own property `key`, never one that an object inherits. */
export function own(value: Value | undefined, key: string): Value | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** JSON text as a value. Throws SyntaxError where the text is no JSON. */
export const parseJson: (text: string) => Value = JSON.parse;
