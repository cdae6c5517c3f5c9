import { known, unknown, type Fact } from "../facts/fact";
import type { Mismatch } from "../iam/decision";
import type { Condition, PolicyDocument } from "../iam/document";
import { hasWildcard } from "../iam/match";
import { parseOperator } from "../iam/operator";
import { admits, explainDenial, splitConditionKey } from "../iam/web-identity";
import { isKeyOf } from "../iam/trust-statements";
import { claimOf } from "./trust-condition";
import { claimConditions, isNaming, knownTexts, type PodStatement } from "./trust-statement";

/** A condition that fails for every token that the rest of its statement lets through. */
export interface Unsatisfiable {
  readonly path: string;
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  /** never-carried: no web identity call has the key. other-issuer: only tokens of another issuer have it. contradiction: another condition on the key excludes it. */
  readonly fault: "never-carried" | "other-issuer" | "contradiction";
  /** The condition that excludes it. */
  readonly against: Condition | undefined;
}

/**
 * The condition that makes a statement admit nobody, although each of its keys and subjects can be right. Every subject and
 * audience that the statement itself names is put to it; a pattern names more than can be tried, so contradictions are
 * sought only where one side names its values one by one.
 */
export function unsatisfiable(pod: PodStatement, document: PolicyDocument): Unsatisfiable | undefined {
  if (pod.covers !== true) return undefined;
  const alone: PolicyDocument = { ...document, statements: [pod.statement], complete: true };
  let found: Unsatisfiable | undefined;
  for (const issuer of pod.issuers) {
    const subjects = candidates({ ...pod, issuers: [issuer] }, "sub");
    const audiences = candidates({ ...pod, issuers: [issuer] }, "aud");
    for (const subject of subjects) {
      for (const audience of audiences) {
        const decision = admits(alone, { providerArn: unknown(), issuer, subject, audience });
        if (decision.answer !== "deny") return undefined;
        const conditions = explainDenial(decision).flatMap(({ mismatch, others }) => [mismatch, ...others]);
        found ??= conditions.flatMap((each) => describe(each, issuer, pod))[0];
      }
    }
  }
  return found;
}

/** The values of the claim that come into question, by the most exact condition; one of unknown value where none is exact. */
function candidates(pod: PodStatement, claim: "sub" | "aud"): readonly Fact<string>[] {
  const exact = claimConditions(pod, claim).find(isExact);
  return exact ? knownTexts(exact).map((text) => known(text)) : [unknown()];
}

function isExact(condition: Condition): boolean {
  const { values } = condition;
  if (!isNaming(condition) || values.is !== "known" || values.value.length === 0) return false;
  const like = parseOperator(condition.operator)?.base === "StringLike";
  return values.value.every(
    ({ value }) => value.is === "known" && !value.value.includes("${") && !(like && hasWildcard(value.value)),
  );
}

function describe(mismatch: Mismatch, issuer: string, pod: PodStatement): readonly Unsatisfiable[] {
  if (mismatch.kind !== "condition" || mismatch.verdict !== "fails") return [];
  const { condition, seen } = mismatch;
  const base = { path: condition.path, operator: condition.operator, key: condition.key, values: seen };
  if (mismatch.reason === "key-absent") {
    const own = /^(?:aws|sts|iam|saml):/i.test(condition.key);
    if (own) return [{ ...base, fault: "never-carried", against: undefined }];
    // A key of an issuer that the statement does not trust is a fault of the key, or of the principal.
    const trusted = pod.issuers.some((each) => isKeyOf(splitConditionKey(condition.key)?.issuer ?? "", each));
    return trusted ? [{ ...base, fault: "other-issuer", against: undefined }] : [];
  }
  const claim = claimOf(condition);
  if (mismatch.reason !== "value-differs" || (claim !== "sub" && claim !== "aud")) return [];
  const against = claimConditions({ ...pod, issuers: [issuer] }, claim).find(isExact);
  return against ? [{ ...base, fault: "contradiction", against }] : [];
}
