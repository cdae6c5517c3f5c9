import type { Severity } from "../rules/rule";

export const FORMATS = ["text", "json", "sarif", "junit", "markdown", "html", "github"] as const;
export type Format = (typeof FORMATS)[number];

export type FailOn = "mandatory" | "advisory" | "none" | Severity;

export const LEVEL_OR_SEVERITY: {
  readonly levels: readonly FailOn[];
  readonly severities: readonly FailOn[];
} = { levels: ["mandatory", "advisory", "none"], severities: ["low", "medium", "high", "critical"] };

/** Where a report goes: `-` is stdout. */
export interface Target {
  readonly format: Format;
  readonly file: string;
}

/** How the stand-ins answer; see RehearsalOptions for the defaults. */
export interface RehearsalSettings {
  readonly accountId?: string;
  readonly region?: string;
  readonly partition?: string;
  readonly issuers?: Readonly<Record<string, string>>;
  readonly echoPackages?: readonly string[];
  /** Outputs of other stacks, by the name that a StackReference gives them. */
  readonly stackOutputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
