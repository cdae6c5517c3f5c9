import type {
  Policies,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { CONTEXT_SCHEMA } from "./config-schema";
import type { Finding } from "./findings/finding";
import { renderFinding, renderSuppressed, visible } from "./findings/render";
import type { SuppressedVerdicts } from "./findings/suppress";
import { setLeaf } from "./intake/edit";
import type { ContextConfig } from "./model/config";
import type { Edit, Rule } from "./rules/rule";
import { contextConfig, Session, type SessionOptions } from "./session";

/** A type that no provider has. A policy that says it applies to this type is passed over before the SDK does any work for it. */
const NO_SUCH_TYPE = "eks-irsa:nothing:Nothing";

/**
 * Serves rules as Pulumi policies. Every rule is a policy of its own, so that users set its level as for any policy; but the
 * SDK unpacks all resources once more for each stack policy that runs. So one policy, irsa-context, judges all rules at
 * once, and the others step forward only when it has left them something to say.
 */
export function createPolicies(rules: readonly Rule[], options: SessionOptions): Policies {
  const session = new Session(rules, options);
  return [
    contextPolicy(session),
    ...rules.map((rule) => rulePolicy(rule, session)),
    unverifiedPolicy(session),
    suppressionPolicy(session),
  ];
}

type StackValidation = (args: StackValidationArgs, report: ReportViolation) => void;
type ResourceValidation = (args: ResourceValidationArgs, report: ReportViolation) => void;
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
      attempt(() => session.record(args, contextConfig(args.getConfig<Partial<ContextConfig>>())));
    },
    validateStack: (args, report) => {
      let verdicts: SuppressedVerdicts | undefined;
      const failure = attempt(() => {
        verdicts = session.judge(args, contextConfig(args.getConfig<Partial<ContextConfig>>()));
      });
      // Without verdicts every rule would judge for itself and fail in the same way: one report is enough.
      verdicts ??= {
        findings: [],
        unverified: [],
        suppressed: [],
        problems: [],
        faults: [{ rule: "irsa-context", message: failure ?? "no verdict" }],
      };
      session.conclude(args, verdicts);
      for (const fault of verdicts.faults) {
        report(
          visible(
            `The rule ${fault.rule} failed inside and judged nothing; the others went on. Please report this: ${fault.message}`,
          ),
        );
      }
    },
  };
}

function rulePolicy(rule: Rule, session: Session): StackValidationPolicy | ContextPolicy {
  return {
    ...stackRulePolicy(rule, session),
    ...(rule.decidesEarly ? { validateResource: earlyValidation(rule, session) } : {}),
    ...(rule.mend ? { remediateResource: (args: ResourceValidationArgs) => remediation(rule, session, args) } : {}),
  };
}

/** The SDK calls this only where the user has set the rule's level to `remediate`. */
function remediation(rule: Rule, session: Session, args: ResourceValidationArgs): Record<string, unknown> | undefined {
  let edits: readonly Edit[] = [];
  attempt(() => {
    edits = session.mend(rule, args.type, args.urn, args.props);
    edits.forEach((edit) => setLeaf(args.props, edit.path, edit.value));
  });
  return edits.length > 0 ? args.props : undefined;
}

/** Says at a resource's registration what irsa-context has found in it, under the rule's own name and level. */
function earlyValidation(rule: Rule, session: Session): ResourceValidation {
  return onlyWhen<ResourceValidation>(
    ({ urn }, report) => {
      attempt(() => {
        for (const finding of session.earlyFindings(urn))
          if (finding.rule === rule.id) reportFinding(rule, finding, report);
      });
    },
    () => session.speaksEarly(rule),
  );
}

function stackRulePolicy(rule: Rule, session: Session): StackValidationPolicy {
  const findings = (args: StackValidationArgs): readonly Finding[] =>
    (session.verdicts(args) ?? session.judge(args, contextConfig({}), rule)).findings.filter(
      (finding) => finding.rule === rule.id,
    );
  return {
    name: rule.id,
    description: rule.summary,
    enforcementLevel: rule.level,
    severity: rule.severity,
    tags: ["irsa", rule.link],
    validateStack: onlyWhen<StackValidation>(
      (args, report) => {
        attempt(() => findings(args).forEach((finding) => reportFinding(rule, finding, report)));
      },
      () => session.someVerdicts(({ findings: all }) => all.some((finding) => finding.rule === rule.id)) ?? true,
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
    validateStack: onlyWhen<StackValidation>(
      (args, report) => {
        for (const finding of session.verdicts(args)?.unverified ?? [])
          report(visible(finding.says), finding.at.urn || undefined);
      },
      () => session.someVerdicts(({ unverified }) => unverified.length > 0) ?? false,
    ),
  };
}

function suppressionPolicy(session: Session): StackValidationPolicy {
  return {
    name: "irsa-suppression",
    description: "Every suppression has a reason, still holds, and suppresses something.",
    enforcementLevel: "advisory",
    severity: "low",
    tags: ["irsa"],
    validateStack: onlyWhen<StackValidation>(
      (args, report) => {
        const { problems, suppressed } = session.verdicts(args) ?? { problems: [], suppressed: [] };
        for (const problem of problems) report(visible(problem.says), problem.at.urn || undefined);
        for (const each of suppressed) report(renderSuppressed(each), each.finding.at.urn || undefined);
      },
      () => session.someVerdicts(({ problems, suppressed }) => problems.length + suppressed.length > 0) ?? false,
    ),
  };
}

/** The SDK asks for `__pulumiType` at every call (seen with @pulumi/policy 1.21), so a getter can answer by what was found. */
function onlyWhen<Validation extends object>(validate: Validation, speaks: () => boolean): Validation {
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
