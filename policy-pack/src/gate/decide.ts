import { LEVEL_OR_SEVERITY, type FailOn } from "./options";
import type { Counts, Decision, ReportFinding, StackReport } from "./report";

export interface DecideOptions {
  readonly failOn: readonly FailOn[];
  /** Fail when something could not be verified. */
  readonly strict: boolean;
  /** Fail when no stack has anything to check. */
  readonly requireIrsa: boolean;
}

/** Whether a deployment may go on, and the exit code that says so. Pure. */
export function decide(stacks: readonly StackReport[], options: DecideOptions): Decision {
  const counts = count(stacks, options.failOn);
  const failed = stacks.filter(({ error }) => error !== undefined);
  if (failed.length > 0) {
    const names = failed.map(({ project, stack }) => `${project}/${stack}`).join(", ");
    return { outcome: "error", exitCode: 2, says: `Not judged: ${names}.`, counts };
  }
  if (counts.failing > 0) {
    const says = `${plural(counts.failing, "violation")} ${counts.failing === 1 ? "fails" : "fail"} the gate.`;
    return { outcome: "violations", exitCode: 1, says, counts };
  }
  if (options.requireIrsa && !stacks.some(({ usesIrsa }) => usesIrsa)) {
    const says = "Nothing to check: no role annotation, no role for pods and no IrsaBinding in any stack.";
    return { outcome: "nothing-to-check", exitCode: 4, says, counts };
  }
  if (options.strict && counts.unverified > 0) {
    const says = `${plural(counts.unverified, "thing")} could not be verified, and --strict asks for all.`;
    return { outcome: "unverified", exitCode: 3, says, counts };
  }
  return { outcome: "pass", exitCode: 0, says: passed(stacks, counts), counts };
}

/** Does a finding make the gate fail? What the baseline knows never does. */
export function fails({ level, severity, known }: ReportFinding, failOn: readonly FailOn[]): boolean {
  if (known) return false;
  const severities = LEVEL_OR_SEVERITY.severities;
  return failOn.some((each) => {
    if (each === "none") return false;
    if (each === "advisory" || each === "mandatory") return each === "advisory" || level === "mandatory";
    return severities.indexOf(severity) >= severities.indexOf(each);
  });
}

function count(stacks: readonly StackReport[], failOn: readonly FailOn[]): Counts {
  const findings = stacks.flatMap((stack) => stack.findings);
  const sum = (of: (stack: StackReport) => readonly unknown[]) =>
    stacks.reduce((total, stack) => total + of(stack).length, 0);
  return {
    mandatory: findings.filter(({ level, known }) => level === "mandatory" && !known).length,
    advisory: findings.filter(({ level, known }) => level === "advisory" && !known).length,
    failing: findings.filter((finding) => fails(finding, failOn)).length,
    known: findings.filter(({ known }) => known).length,
    unverified: sum(({ unverified, notRehearsed, faults }) => [...unverified, ...notRehearsed, ...faults]),
    suppressed: sum(({ suppressed }) => suppressed),
    chains: sum(({ chains }) => chains),
  };
}

function passed(stacks: readonly StackReport[], { chains, advisory, unverified }: Counts): string {
  if (!stacks.some(({ usesIrsa }) => usesIrsa)) return "Nothing to check: no stack uses IAM roles for ServiceAccounts.";
  const notes = [
    ...(advisory > 0 ? [plural(advisory, "advice", "advices")] : []),
    ...(unverified > 0 ? [`${unverified} not verified`] : []),
  ];
  const chained = chains === 0 ? "No broken link" : `${plural(chains, "chain")} checked, no broken link`;
  return `${chained}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}.`;
}

/** `1 violation`, `2 violations`. */
export function plural(number: number, singular: string, several = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : several}`;
}
