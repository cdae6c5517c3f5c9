import type { Urn } from "../facts/fact";
import type { Link, Level, Severity } from "../rules/rule";

/** Raised with every change that a reader of an older version would misread. `schemas/report.v1.json` describes version 1. */
export const REPORT_VERSION = 1;
export const REPORT_SCHEMA = "https://eks-irsa.dev/schemas/report.v1.json";

/** What a gate found: plain JSON, and all that a reporter knows. */
export interface Report {
  readonly $schema: typeof REPORT_SCHEMA;
  readonly version: typeof REPORT_VERSION;
  readonly tool: { readonly name: "irsa-gate"; readonly version: string };
  readonly stacks: readonly StackReport[];
  readonly baseline?: BaselineReport;
  readonly decision: Decision;
}

/** How the stack came to be judged. */
export type Source = "rehearsal" | "first-preview" | "live" | "events" | "state";

export interface StackReport {
  readonly project: string;
  readonly stack: string;
  /** Folder of the program, relative to where the gate was called; empty when only events or a state were given. */
  readonly directory: string;
  readonly source: Source;
  /** Resources that the engine told of. */
  readonly resources: number;
  /** True when the stack has a role annotation, a role for pods, an add-on with a role or an IrsaBinding. */
  readonly usesIrsa: boolean;
  readonly chains: readonly Chain[];
  readonly findings: readonly ReportFinding[];
  readonly unverified: readonly UnverifiedLine[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly notRehearsed: readonly { readonly what: string; readonly why: string }[];
  /** Rules that failed inside and judged nothing. */
  readonly faults: readonly string[];
  /** Why the stack could not be judged; the rest is then empty or in parts. */
  readonly error?: string;
}

export interface ReportFinding {
  /** Rule id; for a policy of another pack `pack/policy`. */
  readonly rule: string;
  readonly link: Link | "other";
  readonly level: Level;
  readonly severity: Severity;
  /** Hash of rule, URN and, where one rule finds several faults in one resource, their number. Lines and texts may change. */
  readonly fingerprint: string;
  readonly says: string;
  readonly at: ReportPlace;
  readonly related: readonly ReportPlace[];
  /** Empty for findings of other packs. */
  readonly why: string;
  readonly fix: string;
  /** Ids of the chains that have the resource in them. */
  readonly chains: readonly string[];
  /** True when the baseline knows it: shown, and never a reason to fail. */
  readonly known: boolean;
}

export interface ReportPlace {
  /** Undefined where the engine named none: the stack as a whole, or the pack's configuration. */
  readonly urn?: Urn;
  /** `aws:iam/role:Role api`. */
  readonly resource: string;
  readonly path: string;
  readonly position?: Position;
}

/** Where the program makes the resource. `file` is relative to the base folder, with forward slashes, and inside it. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface UnverifiedLine {
  readonly says: string;
  readonly at: ReportPlace;
  readonly chains: readonly string[];
}

export interface SuppressedFinding {
  readonly rule: string;
  readonly at: ReportPlace;
  readonly says: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, when the suppression ends. */
  readonly until?: string;
}

export type Verdict = "ok" | "violation" | "advisory" | "unverified";

/** One way from pods to AWS. */
export interface Chain {
  readonly id: string;
  /** `shop/api`, or the role's name where no account of this stack uses it. */
  readonly title: string;
  readonly verdict: Verdict;
  readonly nodes: readonly ChainNode[];
  readonly links: readonly ChainLink[];
}

export type NodeKind = "workload" | "service-account" | "role" | "permissions" | "oidc-provider" | "cluster";

export interface ChainNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly urn?: Urn;
  /** False for what the program only names, or what should be there. */
  readonly declared: boolean;
}

export interface ChainLink {
  readonly from: string;
  readonly to: string;
  readonly link: Link;
  readonly verdict: Verdict;
}

export interface BaselineReport {
  readonly file: string;
  readonly known: number;
  /** Entries that no finding matches any more: they can go. */
  readonly unneeded: readonly { readonly rule: string; readonly urn: Urn }[];
}

type Outcome = "pass" | "violations" | "unverified" | "nothing-to-check" | "error";

export interface Decision {
  readonly outcome: Outcome;
  readonly exitCode: ExitCode;
  /** One sentence. */
  readonly says: string;
  readonly counts: Counts;
}

export type ExitCode = 0 | 1 | 2 | 3 | 4;

export interface Counts {
  readonly mandatory: number;
  readonly advisory: number;
  /** Findings that make the gate fail. */
  readonly failing: number;
  readonly known: number;
  readonly unverified: number;
  readonly suppressed: number;
  readonly chains: number;
}
