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
  const otherNamespace = inOtherNamespace(binding, because);
  if (otherNamespace) return [otherNamespace];
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
    const { namespace, chartName } = binding.serviceAccount;
    // What a chart calls its account is never known here, so nobody waits for it.
    if (chartName === "unknown" && namespace.is === "known") return undefined;
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

/** Where the account's name is not known yet, and every statement that might admit it names subjects of other namespaces alone. */
function inOtherNamespace({ serviceAccount, token }: Binding, because: readonly Mismatch[]): Reason | undefined {
  const { namespace } = serviceAccount;
  if (token.subject.is !== "unknown" || namespace.is !== "known") return undefined;
  const found = explainDenial({ answer: "unknown", because }).map(({ mismatch, others }) =>
    [mismatch, ...others].find((each) => excludesNamespace(each, namespace.value)),
  );
  const conditions = found.flatMap((each) => (each?.kind === "condition" ? [each.condition] : []));
  const [condition] = conditions;
  if (!condition || conditions.length < found.length) return undefined;
  const seen = [...new Set(conditions.flatMap(knownTexts))];
  return {
    kind: "subject",
    path: condition.path,
    condition,
    seen,
    issuer: undefined,
    autonamed: false,
    how: "by value",
  };
}

function excludesNamespace(each: Mismatch, namespace: string): boolean {
  if (each.kind !== "condition" || claimOf(each.condition) !== "sub" || each.condition.values.is !== "known")
    return false;
  if (!/^(?:ForAnyValue:)?String(?:Equals|Like)$/i.test(each.condition.operator)) return false;
  const { value: values } = each.condition.values;
  return (
    values.length > 0 &&
    values.every(({ value }) => {
      const trusted = value.is === "known" ? /^system:serviceaccount:([^:*?$]+):/.exec(value.value)?.[1] : undefined;
      return trusted !== undefined && trusted !== namespace;
    })
  );
}
