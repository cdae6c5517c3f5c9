import { isList, isObject, isUnknown, own, type Value } from "./value";

/** A Pulumi URN, for example `urn:pulumi:dev::shop::aws:iam/role:Role::api`. */
export type Urn = string;

/**
 * What the stack says of one thing. Absent (nobody set it), known (also when empty) and unknown (Pulumi will know it
 * later) are three different answers, so callers switch on `is`; only {@link knownValue} and its kin fold the last two into one,
 * for callers to whom a value that is not there yet is as good as none.
 */
export type Fact<T> = Known<T> | Absent | NotYet;
export interface Known<T> {
  readonly is: "known";
  readonly value: T;
}
export interface Absent {
  readonly is: "absent";
}
export interface NotYet {
  readonly is: "unknown";
  /** The resources whose creation makes the value known; empty when Pulumi recorded no dependency. */
  readonly waitsFor: readonly Urn[];
}

export const absent: Absent = { is: "absent" };

export function known<T>(value: T): Known<T> {
  return { is: "known", value };
}

export function unknown(waitsFor: readonly Urn[] = []): NotYet {
  return { is: "unknown", waitsFor };
}

/** The value where it is known; undefined where it is absent or unknown. */
export function knownValue<T>(fact: Fact<T>): T | undefined {
  return fact.is === "known" ? fact.value : undefined;
}

/** The value where it is known; `otherwise` where it is absent or unknown. */
export function knownValueOr<T>(fact: Fact<T>, otherwise: NoInfer<T>): T {
  return fact.is === "known" ? fact.value : otherwise;
}

/** The value as a list of one where it is known; an empty list where it is absent or unknown. */
export function knownValues<T>(fact: Fact<T>): readonly T[] {
  return fact.is === "known" ? [fact.value] : [];
}

/** True where this very value is known. */
export function isKnownAs<T>(fact: Fact<T>, value: NoInfer<T>): boolean {
  return fact.is === "known" && fact.value === value;
}

/** Applies `change` to a known value; absent stays absent and unknown stays unknown. */
export function mapFact<A, B>(fact: Fact<A>, change: (value: A) => B): Fact<B> {
  return fact.is === "known" ? known(change(fact.value)) : fact;
}

/**
 * The value at `path` below `root`. Unknown as soon as a step on the way is unknown; absent when a step is missing,
 * null, or of another shape (a property that the schema calls an object may be anything in a hostile program).
 */
export function at(
  root: Value | undefined,
  path: readonly (string | number)[],
  waitsFor: readonly Urn[] = [],
): Fact<Value> {
  let value: Value | undefined = root;
  for (const step of path) {
    if (isUnknown(value)) return unknown(waitsFor);
    value = typeof step === "number" ? (isList(value) ? value[step] : undefined) : own(value, step);
  }
  if (isUnknown(value)) return unknown(waitsFor);
  return value === undefined || value === null ? absent : known(value);
}

/** Like {@link at}, for text. Numbers and booleans become their text, as they do in YAML and in IAM; other shapes are absent. */
export function textAt(
  root: Value | undefined,
  path: readonly (string | number)[],
  waitsFor: readonly Urn[] = [],
): Fact<string> {
  const fact = at(root, path, waitsFor);
  if (fact.is !== "known") return fact;
  return isObject(fact.value) || isList(fact.value) ? absent : known(String(fact.value));
}

/** Like {@link at}, for a list. A single value counts as a list of one, as in IAM documents. */
export function listAt(
  root: Value | undefined,
  path: readonly (string | number)[],
  waitsFor: readonly Urn[] = [],
): Fact<readonly Value[]> {
  const fact = at(root, path, waitsFor);
  if (fact.is !== "known") return fact;
  return known(isList(fact.value) ? fact.value : [fact.value]);
}

/** One element of a list that was read with {@link listAt}, as text. */
export function textOf(value: Value, waitsFor: readonly Urn[] = []): Fact<string> {
  return textAt([value], [0], waitsFor);
}
