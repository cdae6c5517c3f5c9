import type { EngineResult } from "./harness";

/** What a person would read off an engine run: whether it worked, and who is accused of what. */
export interface Verdict {
  /** Errors of the program, the providers or the pack itself; that a mandatory violation fails the run is no such error. */
  readonly errors: readonly string[];
  /** `<level> <policy> <resource's name in the program>`, sorted. */
  readonly violations: readonly string[];
  /** Names of the resources that are not verified yet, sorted. */
  readonly unverified: readonly string[];
  /** Every message, one after the other. */
  readonly text: string;
}

/** A verdict without an error or a violation; what is not verified yet is left open. */
export const silent = { errors: [], violations: [] };

export function verdictOf(result: EngineResult): Verdict {
  const { policyEvents } = result;
  const isUnverified = ({ policyName }: { readonly policyName: string }): boolean => policyName === "irsa-unverified";
  return {
    errors: errorsOf(result),
    violations: policyEvents
      .filter((event) => !isUnverified(event))
      .map(
        ({ enforcementLevel, policyName, resourceUrn }) => `${enforcementLevel} ${policyName} ${nameOf(resourceUrn)}`,
      )
      .sort(),
    unverified: policyEvents
      .filter(isUnverified)
      .map(({ resourceUrn }) => nameOf(resourceUrn))
      .sort(),
    text: policyEvents.map(({ message }) => message).join("\n"),
  };
}

/** The operations of a run and the names of the resources that they were done to, sorted. */
export function operations({ steps }: EngineResult): Readonly<Record<string, readonly string[]>> {
  const names = (op: string): readonly string[] =>
    steps
      .filter((step) => step.op === op)
      .map(({ urn }) => nameOf(urn))
      .sort();
  return Object.fromEntries([...new Set(steps.map(({ op }) => op))].map((op) => [op, names(op)]));
}

function nameOf(urn: string | undefined): string {
  return urn?.split("::").at(-1) ?? "";
}

function errorsOf({ diagnostics, stderr }: EngineResult): readonly string[] {
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim())
    // The engine's closing words say no more than its exit code.
    .filter((message) => message !== "preview failed" && message !== "update failed");
  return /panic|can't run policy|failed to run policy/.test(stderr) ? [...errors, stderr] : errors;
}
