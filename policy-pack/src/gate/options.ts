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
}

/** What flags and configuration file may say, whichever way: all optional. */
export interface Settings {
  readonly cwd?: readonly string[];
  readonly stack?: readonly string[];
  readonly mode?: "known" | "unknown" | "live";
  readonly format?: readonly Target[];
  readonly failOn?: readonly FailOn[];
  readonly strict?: boolean;
  readonly requireIrsa?: boolean;
  readonly suppressions?: boolean;
  readonly showSuppressed?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly policyPacks?: readonly string[];
  /** Files, the first for eks-irsa, the others for `policyPacks` in their order. */
  readonly policyPackConfigs?: readonly string[];
  /** Configuration of eks-irsa's own policies, as a policy-pack configuration file has it. */
  readonly policies?: Readonly<Record<string, unknown>>;
  /** Stack configuration beside the stack's own file: `{ "aws:region": "eu-west-1" }`. */
  readonly config?: Readonly<Record<string, string>>;
  readonly rehearsal?: RehearsalSettings;
  readonly pulumi?: string;
  /** Seconds for one preview. */
  readonly timeout?: number;
  /** Previews at the same time. */
  readonly parallel?: number;
  readonly base?: string;
}
