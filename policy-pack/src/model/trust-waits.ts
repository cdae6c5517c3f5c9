import type { Mismatch } from "../iam/decision";
import { explainDenial } from "../iam/web-identity";
import { claimOf } from "./trust-condition";
import type { Reason } from "./trust-reason";
import { knownTexts } from "./trust-statement";
import type { Binding, Role } from "./types";

/** What a decision hangs on that will be known; a key whose value depends on the call itself never is. */
export function waits(
  binding: Binding,
  role: Role,
  because: readonly Mismatch[],
  wiredRight: boolean,
): readonly Reason[] {
  const hanging = explainDenial({ answer: "unknown", because }).flatMap(({ mismatch, others }) => [
    mismatch,
    ...others,
  ]);
  const policy: Reason = {
    kind: "unknown",
    about: "subject",
    what: `the trust policy of ${role.title}`,
    waitsFor: role.trustFrom,
  };
  const found: Reason[] = [];
  for (const each of hanging.length > 0 ? hanging : because) {
    const reason = waitsOn(each, binding, policy, wiredRight);
    if (
      reason &&
      !found.some((other) => other.kind === "unknown" && reason.kind === "unknown" && other.what === reason.what)
    )
      found.push(reason);
  }
  return because.length === 0 ? [policy] : found;
}

function waitsOn(each: Mismatch, binding: Binding, policy: Reason, wiredRight: boolean): Reason | undefined {
  if (each.verdict !== "unknown") return undefined;
  if (each.kind !== "condition") return each.kind === "principal" && wiredRight ? undefined : policy;
  const { condition } = each;
  const { title } = binding.serviceAccount;
  const { subject, audience } = binding.token;
  const isWritten =
    condition.values.is === "known" &&
    condition.key !== "" &&
    condition.values.value.every(({ value }) => value.is === "known");
  if (!isWritten) return policy;
  if (claimOf(condition) === "sub" && subject.is === "unknown") {
    const { namespace } = binding.serviceAccount;
    const part = namespace.is === "unknown" ? "namespace" : "name";
    const seen = knownTexts(condition);
    const path = condition.path;
    // No literal can foresee the suffix that Pulumi gives the name; the policy is known and the name is not.
    if (binding.serviceAccount.autonamed && !seen.some((text) => /[*?]|\$\{/.test(text)))
      return { kind: "subject", path, condition, seen, issuer: undefined, autonamed: true, how: "by value" };
    return { kind: "unknown", about: "subject", what: `the ${part} of ${title}`, waitsFor: subject.waitsFor };
  }
  if (claimOf(condition) === "aud" && audience.is === "unknown")
    return { kind: "unknown", about: "audience", what: `the audience of ${title}`, waitsFor: audience.waitsFor };
  return undefined;
}
