import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import type { Finding } from "./findings/finding";
import { run, type Verdicts } from "./findings/run";
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

/** What the policies of one pack share while they serve one engine. */
export class Session {
  private readonly intake = new Intake();
  private reported: readonly Finding[] = [];
  private readonly earlyRules: readonly Rule[];
  /** What irsa-context found in the stack that is being analysed; undefined where that policy is disabled. */
  verdicts: SuppressedVerdicts | undefined;
  /** What the rules found in the resource that is being registered. */
  early: readonly Finding[] = [];
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
    if (args.type === ROOT) this.begin();
    this.early = [];
    this.config = config;
    if (!this.intake.record(args) || !this.options.early) return;
    const snapshot = this.intake.around(args.urn, config, this.options.today());
    const { findings } = this.suppress(run(this.earlyRules, buildModel(snapshot)), snapshot);
    this.early = findings.filter((finding) => finding.level === "mandatory" && !this.isReported(finding));
    this.reported = [...this.reported, ...this.early];
  }

  /** An update that stopped never came to its stack phase; nothing of it may reach the next run of the same process. */
  private begin(): void {
    this.intake.forget();
    this.reported = [];
  }

  /** Before the resource phase: what `rule` would set on the resource. */
  mend(rule: Rule, type: string, props: unknown): readonly Edit[] {
    if (!rule.mend) return [];
    const inputs = this.intake.inputsOf(type, props);
    return inputs ? rule.mend(type, inputs, this.config) : [];
  }

  /** Stack phase. What the resource phase has reported of this stack is left out. */
  judge(args: StackValidationArgs, config: ContextConfig, only?: Rule): SuppressedVerdicts {
    const snapshot = this.intake.snapshot(args.resources, config, this.options.today());
    const verdicts = this.suppress(run(only ? [only] : this.rules, buildModel(snapshot)), snapshot);
    const findings = verdicts.findings.filter((finding) => !this.isReported(finding));
    this.reported = [];
    return { ...verdicts, findings };
  }

  /** One fault, whatever more is known of it by now: the rule, the place to edit, and at least the same other parties. */
  private isReported({ rule, at, related }: Finding): boolean {
    return this.reported.some(
      (each) =>
        each.rule === rule &&
        each.at.urn === at.urn &&
        each.at.path === at.path &&
        each.related.every((place) => related.some((other) => other.urn === place.urn)),
    );
  }

  private suppress(verdicts: Verdicts, snapshot: Snapshot): SuppressedVerdicts {
    if (snapshot.config.ignoreSuppressions) return { ...verdicts, suppressed: [], problems: [] };
    const ids = this.rules.map((rule) => rule.id);
    return applySuppressions(verdicts, snapshot, ids);
  }
}

export function contextConfig(configured: Partial<ContextConfig>): ContextConfig {
  return { ...DEFAULT_CONFIG, ...configured };
}
