import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Level, Place, Rule } from "../../policy-pack/src/rules/rule";

export interface Found {
  /** URN of the resource to edit, and the path of the property in it. */
  readonly at: Place;
  readonly says: string;
  readonly fix: string;
  /** Only where it differs from the rule's level. */
  readonly level?: Level;
}

export interface InvalidCase {
  /** A short fact: `the subject differs only in case`. */
  readonly name: string;
  /** Ids of the failure catalogue that this case shows. */
  readonly covers?: readonly string[];
  readonly stack: Snapshot;
  /** Everything that this rule reports, in order. */
  readonly finds: readonly Found[];
  /** Other rules that rightly report the same stack, each with the reason. */
  readonly companions?: Readonly<Record<string, string>>;
}

export interface ValidCase {
  readonly name: string;
  readonly stack: Snapshot;
}

export interface UnverifiedCase {
  readonly name: string;
  readonly stack: Snapshot;
  /** What this rule waits for, sorted. */
  readonly waits: readonly string[];
}

export interface Cases {
  readonly rule: Rule;
  readonly invalid: readonly InvalidCase[];
  readonly valid: readonly ValidCase[];
  readonly unverified: readonly UnverifiedCase[] | { readonly none: string };
}

/** Declares the cases of a rule. `unverified: none("…")` says why a rule can never be unsure. */
export function cases(rule: Rule, lists: Omit<Cases, "rule">): Cases {
  return { rule, ...lists };
}

export function none(because: string): { readonly none: string } {
  return { none: because };
}
