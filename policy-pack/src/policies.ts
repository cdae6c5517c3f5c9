import type {
  Policies,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { CONTEXT_SCHEMA } from "./config-schema";
import type { Finding } from "./findings/finding";
import { renderFinding, visible } from "./findings/render";
import { run, type Verdicts } from "./findings/run";
import { Intake } from "./intake/intake";
import { buildModel } from "./model/build";
import { DEFAULT_CONFIG, type ContextConfig } from "./model/config";
import type { Rule } from "./rules/rule";

/** A type that no provider has. A policy that says it applies to this type is passed over before the SDK does any work for it. */
const NO_SUCH_TYPE = "eks-irsa:nothing:Nothing";

/**
 * Serves rules as Pulumi policies. Every rule is a policy of its own, so that users set its level as for any policy; but the
 * SDK unpacks all resources once more for each stack policy that runs. So one policy, irsa-context, judges all rules at
 * once, and the others step forward only when it has left them something to say.
 */
export function createPolicies(rules: readonly Rule[], today: () => string): Policies {
  const session = new Session(rules, today);
  return [contextPolicy(session), ...rules.map((rule) => rulePolicy(rule, session)), unverifiedPolicy(session)];
}

class Session {
  private readonly intake = new Intake();
  /** What irsa-context found in the stack that is being analysed; undefined where that policy is disabled. */
  verdicts: Verdicts | undefined;

  constructor(
    private readonly rules: readonly Rule[],
    private readonly today: () => string,
  ) {}

  record(args: Parameters<Intake["record"]>[0]): void {
    this.intake.record(args);
  }

  judge(args: StackValidationArgs, config: ContextConfig, only?: Rule): Verdicts {
    const model = buildModel(this.intake.snapshot(args.resources, config, this.today()));
    return run(only ? [only] : this.rules, model);
  }
}

type ContextPolicy = ResourceValidationPolicy & StackValidationPolicy;

function contextPolicy(session: Session): ContextPolicy {
  return {
    name: "irsa-context",
    description:
      "Collects the stack for the other policies and holds the configuration that they share; keep it enabled.",
    enforcementLevel: "advisory",
    severity: "low",
    configSchema: CONTEXT_SCHEMA,
    validateResource: (args) => {
      attempt(() => session.record(args));
    },
    validateStack: (args, report) => {
      session.verdicts = undefined;
      const failure = attempt(() => {
        session.verdicts = session.judge(args, { ...DEFAULT_CONFIG, ...args.getConfig<Partial<ContextConfig>>() });
      });
      // Without verdicts every rule would judge for itself and fail in the same way: one report is enough.
      session.verdicts ??= {
        findings: [],
        unverified: [],
        faults: [{ rule: "irsa-context", message: failure ?? "no verdict" }],
      };
      for (const fault of session.verdicts.faults) {
        report(
          visible(
            `The rule ${fault.rule} failed inside and judged nothing; the others went on. Please report this: ${fault.message}`,
          ),
        );
      }
    },
  };
}

function rulePolicy(rule: Rule, session: Session): StackValidationPolicy {
  const findings = (args: StackValidationArgs): readonly Finding[] =>
    (session.verdicts ?? session.judge(args, DEFAULT_CONFIG, rule)).findings.filter(
      (finding) => finding.rule === rule.id,
    );
  return {
    name: rule.id,
    description: rule.summary,
    enforcementLevel: rule.level,
    severity: rule.severity,
    tags: ["irsa", rule.link],
    validateStack: onlyWhen(
      (args, report) => {
        attempt(() => findings(args).forEach((finding) => reportFinding(rule, finding, report)));
      },
      () => session.verdicts?.findings.some((finding) => finding.rule === rule.id) ?? true,
    ),
  };
}

function unverifiedPolicy(session: Session): StackValidationPolicy {
  return {
    name: "irsa-unverified",
    description: "Every binding is verified once its values are known.",
    enforcementLevel: "advisory",
    severity: "low",
    tags: ["irsa"],
    validateStack: onlyWhen(
      (_, report) => {
        for (const finding of session.verdicts?.unverified ?? [])
          report(visible(finding.says), finding.at.urn || undefined);
      },
      () => (session.verdicts?.unverified.length ?? 0) > 0,
    ),
  };
}

/** The SDK asks for `__pulumiType` at every stack (seen with @pulumi/policy 1.21), so a getter can answer by what was found. */
function onlyWhen(
  validate: NonNullable<StackValidationPolicy["validateStack"]>,
  speaks: () => boolean,
): NonNullable<StackValidationPolicy["validateStack"]> {
  return Object.defineProperty(validate, "__pulumiType", { get: () => (speaks() ? undefined : NO_SUCH_TYPE) });
}

/**
 * A finding that is weaker than its rule is reported at its own level; the SDK takes an object for that (seen with 1.21),
 * though its typings know only text.
 */
function reportFinding(rule: Rule, finding: Finding, report: ReportViolation): void {
  const text = renderFinding(finding);
  const urn = finding.at.urn || undefined;
  if (finding.level === rule.level) report(text, urn);
  else
    (report as unknown as (violation: object) => void)({
      message: `${rule.summary}\n${text}`,
      urn,
      enforcementLevel: finding.level,
    });
}

/** Runs what must never throw into the engine, where it would end the user's deployment; returns the failure's text. */
function attempt(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
