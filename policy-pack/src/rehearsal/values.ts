/**
 * The values that cross the provider protocol: plain JSON in which unknowns, secrets and resource references are
 * spelled out, as pulumi/pulumi `sdk/go/common/resource/plugin/rpc.go` marshals them.
 */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { SECRET, SENTINELS, SIGNATURE } from "../facts/wire";

export type Value = null | boolean | number | string | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value;
}

export { UNKNOWN_STRING as unknown } from "../facts/wire";

const unknownSentinels: ReadonlySet<string> = new Set(SENTINELS);

const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

export const isMap = (value: Value | undefined): value is ValueMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

export const isUnknown = (value: Value | undefined): boolean =>
  typeof value === "string" && unknownSentinels.has(value);

export const isSecret = (value: Value | undefined): boolean => isMap(value) && value[SIGNATURE] === SECRET;

/** A null property means "not set", as the bridged providers and the kubernetes provider read it. */
export const isSet = (value: Value | undefined): value is Exclude<Value, null> => value !== undefined && value !== null;

export const secret = (value: Value): Value => (isSecret(value) ? value : { [SIGNATURE]: SECRET, value });

/** The value without its secret wrapper, one level deep. */
export function reveal(value: Value | undefined): Value | undefined {
  return isMap(value) && isSecret(value) ? reveal(value.value) : value;
}

/** The known text of a property, secret or not; undefined when it is absent, unknown or no text. */
export function text(value: Value | undefined): string | undefined {
  const revealed = reveal(value);
  return typeof revealed === "string" && !isUnknown(revealed) ? revealed : undefined;
}

/** A property as text for names and hashes, whatever it is; empty when it is absent, unknown or no scalar. */
export function scalar(value: Value | undefined): string {
  const revealed = reveal(value);
  const known = isUnknown(revealed) ? undefined : revealed;
  return typeof known === "string" || typeof known === "number" || typeof known === "boolean" ? String(known) : "";
}

/** The elements of a list property; none when it is absent, unknown or no list. */
export function items(value: Value | undefined): readonly Value[] {
  const revealed = reveal(value);
  return isList(revealed) ? revealed : [];
}

/** The fields of an object property; none when it is absent, unknown or no object. */
export function fields(value: Value | undefined): ValueMap {
  const revealed = reveal(value);
  return isMap(revealed) ? revealed : {};
}

/** Does a test hold for the value or for anything inside it? */
function someWithin(value: Value, test: (value: Value) => boolean): boolean {
  if (test(value)) return true;
  if (isList(value)) return value.some((item) => someWithin(item, test));
  return isMap(value) && Object.values(value).some((item) => someWithin(item, test));
}

export const containsUnknown = (value: Value): boolean => someWithin(value, isUnknown);
export const containsSecret = (value: Value): boolean => someWithin(value, isSecret);

/** A reference to a resource, as a component hands out its children. */
export const resourceReference = (urn: string, id: string): Value => ({ [SIGNATURE]: resourceSignature, urn, id });

/** The value with every secret in it unwrapped. */
export function plain(value: Value): Value {
  if (isList(value)) return value.map(plain);
  if (!isMap(value)) return value;
  if (isSecret(value)) return plain(value.value ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Equality of plain JSON, whatever the order of keys. A null field equals an absent one. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (!isSet(left) || !isSet(right)) return isSet(left) === isSet(right);
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (isMap(left) && isMap(right)) {
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => equal(left[key], right[key]));
  }
  return left === right;
}

/** A table's own entry: a user's `constructor` or `toString` must find nothing. */
export const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** Fields that may be undefined, without those that are: what a table of outputs is turned into. */
export function compact(entries: Readonly<Record<string, Value | undefined>>): ValueMap {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}

/** A message's struct as a value; an absent struct is an empty object. */
export function fromStruct(struct: Struct | undefined): ValueMap {
  // The struct holds JSON by definition of the protocol; its typing says `any`-like JavaScriptValue.
  return struct?.toJavaScript() ?? {};
}

export function toStruct(value: ValueMap): Struct {
  return Struct.fromJavaScript(value);
}
