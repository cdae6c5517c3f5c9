import type { Urn } from "../facts/fact";
import type { Level, Place, Severity } from "../rules/rule";

/** A judged fault, with the text that people read. Plain JSON. */
export interface Finding {
  readonly rule: string;
  readonly verdict: "violation";
  readonly level: Level;
  readonly severity: Severity;
  readonly at: Place;
  readonly related: readonly Place[];
  readonly says: string;
  readonly why: string;
  readonly fix: string;
}

/** What could not be judged, one for each binding (or resource, where no binding is concerned). */
export interface UnverifiedFinding {
  readonly rule: "irsa-unverified";
  readonly verdict: "unverified";
  readonly at: Place;
  readonly says: string;
  /** The rules that wait. */
  readonly rules: readonly string[];
  readonly waitsFor: readonly Urn[];
}

/** A rule that failed inside: the others went on. */
export interface Fault {
  readonly rule: string;
  readonly message: string;
}
