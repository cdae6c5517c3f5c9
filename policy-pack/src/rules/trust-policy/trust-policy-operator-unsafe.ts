import { capital, quote, quoteAll } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import type { OperatorFault } from "../../model/trust-condition";
import { placeIn } from "../../model/trust-statement";
import { defineRule, type Level } from "../rule";

interface Data extends OperatorFault {
  readonly role: string;
}

export default defineRule<Data>({
  id: "trust-policy-operator-unsafe",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "Subject and audience are compared with a positive text operator that fails where the claim is missing.",
  why: "A comparison that holds for what it does not name lets every other ServiceAccount of the cluster in.",
  articleStep: 3,
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html",
  ],
  *check(model) {
    for (const { role, operators } of trustFaults(model)) {
      for (const fault of operators) {
        if (fault.fault === "negated" && isMeant(fault, model.config.allowedSubjects)) continue;
        yield {
          verdict: "violation",
          at: placeIn(role, fault.path),
          related: [],
          level: levelOf(fault),
          data: { ...fault, role: role.title },
        };
      }
    }
  },
  explain: (data) => {
    const { role, operator, fault, needed } = data;
    if (fault === "not-action") {
      return {
        says: `${capital(role)} is open for every action but ${quoteAll(data.values)}: its trust policy has NotAction.`,
        why: "An action that AWS adds to STS is then allowed too.",
        fix: 'Set Action to "sts:AssumeRoleWithWebIdentity" in place of NotAction.',
      };
    }
    const claim = data.claim === "sub" ? "subject" : "audience";
    return {
      says: `${capital(role)} compares the ${claim} with ${quote(operator)}, ${clause(data)}.`,
      ...symptom(fault),
      fix:
        fault === "negated"
          ? `Use ${quote(needed)} with the ${claim}s that may assume the role.`
          : `Use ${quote(needed)} in place of ${quote(operator)}.`,
    };
  },
});

/** Tokens always carry both claims, so IfExists and ForAllValues do no harm yet; how IAM compares text as another type is not documented. */
function levelOf({ fault, claim }: OperatorFault): Level {
  return (fault === "negated" && claim === "sub") || fault === "null" ? "mandatory" : "advisory";
}

function isMeant({ claim }: OperatorFault, allowed: readonly string[]): boolean {
  return claim === "sub" && allowed.some((text) => text === "*" || text === "system:serviceaccount:*");
}

function clause({ fault, values }: OperatorFault): string {
  switch (fault) {
    case "negated":
      return `which admits all but ${quoteAll(values)}`;
    case "null":
      return "which wants it to be missing, but every token has it";
    case "type":
      return "which is not for text";
    case "if-exists":
      return "which holds where the claim is missing";
    case "for-all-values":
      return "which holds where the claim is missing and is for keys of several values";
    case "not-action":
      return "";
  }
}

function symptom(fault: OperatorFault["fault"]): { readonly why?: string } {
  switch (fault) {
    case "null":
    case "type":
      return {
        why: 'The condition never holds, so STS refuses every pod: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
      };
    case "if-exists":
    case "for-all-values":
      return { why: "With a slip in the key the condition holds for everybody, and nothing tells you." };
    default:
      return {};
  }
}
