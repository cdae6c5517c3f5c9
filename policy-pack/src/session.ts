import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import type { Urn } from "./facts/fact";
import { stackOf } from "./facts/urn";
import type { Finding } from "./findings/finding";
import { run as runRules, type Verdicts } from "./findings/run";
import { applySuppressions, type SuppressedVerdicts } from "./findings/suppress";
import { Intake } from "./intake/intake";
import { buildModel } from "./model/build";
import { DEFAULT_CONFIG, type ContextConfig } from "./model/config";
import type { Snapshot } from "./model/snapshot";
import type { Edit, Rule } from "./rules/rule";

/** The engine registers the stack itself before anything else. */
const ROOT = "pulumi:pulumi:Stack";

export interface SessionOptions {
  /** The current date, `YYYY-MM-DD` in UTC. */
  readonly today: () => string;
  /**
   * True to judge resources while they are registered, so that an update stops before a broken one is made. Asked at each
   * resource: an executable pack is told only after its start whether it sees a preview.
   */
  readonly early: boolean;
}

/** An engine serves one stack; whoever serves more from one process ends with them one after the other, or has a few at once. */
const MAX_RUNS = 16;

/** What is known of one stack while an engine runs on it. */
interface Run {
  readonly intake: Intake;
  reported: readonly Finding[];
  /** What the rules found in resources at their registration, by URN. */
  readonly early: Map<Urn, readonly Finding[]>;
  verdicts: SuppressedVerdicts | undefined;
}

/** What the policies of one pack share while they serve an engine, or several. */
export class Session {
  private readonly runs = new Map<string, Run>();
  private readonly earlyRules: readonly Rule[];
  /** As irsa-context was last given it; remediations come before it at each resource, and after it at the one before. */
  private config: ContextConfig = DEFAULT_CONFIG;

  constructor(
    private readonly rules: readonly Rule[],
    private readonly options: SessionOptions,
  ) {
    this.earlyRules = rules.filter((rule) => rule.decidesEarly);
  }

  /** Resource phase. Only certain faults are kept: nothing that a later resource could mend. */
  record(args: ResourceValidationArgs, config: ContextConfig): void {
    const run = this.runOf(args.urn);
    if (args.type === ROOT) begin(run);
    run.early.delete(args.urn);
    this.config = config;
    if (!run.intake.record(args) || !this.options.early) return;
    const snapshot = run.intake.around(args.urn, config, this.options.today());
    const { findings } = this.suppress(runRules(this.earlyRules, buildModel(snapshot)), snapshot);
    const early = findings.filter((finding) => finding.level === "mandatory" && !isReported(run, finding));
    if (early.length > 0) run.early.set(args.urn, early);
    run.reported = [...run.reported, ...early];
  }

  /** What {@link record} found in the resource. */
  earlyFindings(urn: Urn): readonly Finding[] {
    return this.runOf(urn).early.get(urn) ?? [];
  }

  /** Whether a rule may have something to say at the registration of some resource. */
  speaksEarly(rule: Rule): boolean {
    return [...this.runs.values()].some(({ early }) =>
      [...early.values()].some((findings) => findings.some((finding) => finding.rule === rule.id)),
    );
  }

  /** Before the resource phase: what `rule` would set on the resource. */
  mend(rule: Rule, type: string, urn: Urn, props: unknown): readonly Edit[] {
    if (!rule.mend) return [];
    const inputs = this.runOf(urn).intake.inputsOf(type, props);
    return inputs ? rule.mend(type, inputs, this.config) : [];
  }

  /** Stack phase. What the resource phase has reported of this stack is left out. */
  judge(args: StackValidationArgs, config: ContextConfig, only?: Rule): SuppressedVerdicts {
    const run = this.runOfStack(args);
    const snapshot = run.intake.snapshot(args.resources, config, this.options.today());
    const verdicts = this.suppress(runRules(only ? [only] : this.rules, buildModel(snapshot)), snapshot);
    const findings = verdicts.findings.filter((finding) => !isReported(run, finding));
    run.reported = [];
    run.early.clear();
    return { ...verdicts, findings };
  }

  /** What irsa-context found in the stack that is being analysed; undefined where that policy is disabled. */
  verdicts(args: StackValidationArgs): SuppressedVerdicts | undefined {
    return this.runOfStack(args).verdicts;
  }

  conclude(args: StackValidationArgs, verdicts: SuppressedVerdicts): void {
    this.runOfStack(args).verdicts = verdicts;
  }

  /** Whether verdicts like these stand for some stack; undefined while there are none for any. */
  someVerdicts(alike: (verdicts: SuppressedVerdicts) => boolean): boolean | undefined {
    const all = [...this.runs.values()].flatMap(({ verdicts }) => verdicts ?? []);
    return all.length === 0 ? undefined : all.some(alike);
  }

  private runOfStack({ resources }: StackValidationArgs): Run {
    return this.runOf(resources[0]?.urn ?? "");
  }

  private runOf(urn: Urn): Run {
    const stack = stackOf(urn);
    const run = this.runs.get(stack) ?? { intake: new Intake(), reported: [], early: new Map(), verdicts: undefined };
    if (!this.runs.has(stack) && this.runs.size >= MAX_RUNS)
      for (const oldest of [...this.runs.keys()].slice(0, 1)) this.runs.delete(oldest);
    this.runs.set(stack, run);
    return run;
  }

  private suppress(verdicts: Verdicts, snapshot: Snapshot): SuppressedVerdicts {
    if (snapshot.config.ignoreSuppressions) return { ...verdicts, suppressed: [], problems: [] };
    const ids = this.rules.map((rule) => rule.id);
    return applySuppressions(verdicts, snapshot, ids);
  }
}

/** An update that stopped never came to its stack phase; nothing of it may reach the next run of the same process. */
function begin(run: Run): void {
  run.intake.forget();
  run.reported = [];
  run.early.clear();
}

/** One fault, whatever more is known of it by now: the rule, the place to edit, and at least the same other parties. */
function isReported({ reported }: Run, { rule, at, related }: Finding): boolean {
  return reported.some(
    (each) =>
      each.rule === rule &&
      each.at.urn === at.urn &&
      each.at.path === at.path &&
      each.related.every((place) => related.some((other) => other.urn === place.urn)),
  );
}

export function contextConfig(configured: Partial<ContextConfig>): ContextConfig {
  return { ...DEFAULT_CONFIG, ...configured };
}
