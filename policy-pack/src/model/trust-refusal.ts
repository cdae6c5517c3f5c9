import { knownValueOr } from "../facts/fact";
import type { Mismatch } from "../iam/decision";
import type { PolicyDocument, Statement } from "../iam/document";
import { matchGlob } from "../iam/match";
import { explainDenial } from "../iam/web-identity";
import { trustedProviders } from "./bind";
import { hasUnknownPrincipal } from "./provider-use";
import { sameText } from "./resource";
import { faultsOfRole, isBlocking } from "./trust";
import { claimOf } from "./trust-condition";
import { providerReason } from "./trust-provider";
import type { Reason } from "./trust-reason";
import { isNaming } from "./trust-statement";
import { waits } from "./trust-waits";
import { wiredElsewhere } from "./trust-wiring";
import type { Binding, IrsaModel, Role } from "./types";

/** An account with the reason why its role refuses it, or with what has to be known before that can be said. */
export type Refusal = { readonly binding: Binding; readonly role: Role } & Reason;

export type RefusalOf<Kind extends Reason["kind"]> = Extract<Refusal, { kind: Kind }>;

const refusalsOf = new WeakMap<IrsaModel, readonly Refusal[]>();

/** Every binding whose role refuses it, or may do so; worked out once for a model. */
export function refusals(model: IrsaModel): readonly Refusal[] {
  const done = refusalsOf.get(model);
  if (done) return done;
  const found = model.bindings.flatMap((binding) => {
    if (binding.role.how === "unresolved") return [];
    const role = binding.role.to;
    return reasons(binding, role, model).map((reason): Refusal => ({ binding, role, ...reason }));
  });
  refusalsOf.set(model, found);
  return found;
}

/** The refusals of one kind, those together that are one fault of one role: accounts on one cluster, refused at one place. */
export function refusedTogether<Kind extends "provider" | "audience" | "condition" | "not-web-identity">(
  kind: Kind,
  model: IrsaModel,
): readonly (readonly [RefusalOf<Kind>, ...RefusalOf<Kind>[]])[] {
  const groups = new Map<string, [RefusalOf<Kind>, ...RefusalOf<Kind>[]]>();
  for (const each of refusals(model)) {
    const key = faultKey(each);
    if (!isOfKind(each, kind)) continue;
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()];
}

function faultKey(refusal: Refusal): string {
  const { role, binding } = refusal;
  const { cluster, token } = binding;
  const audience = knownValueOr(token.audience, "");
  const place = "condition" in refusal ? refusal.condition?.path : "";
  return JSON.stringify([role.urn, cluster.how === "unresolved" ? "" : cluster.to.title, place, audience]);
}

function isOfKind<Kind extends Reason["kind"]>(refusal: Refusal, kind: Kind): refusal is RefusalOf<Kind> {
  return refusal.kind === kind;
}

function reasons(binding: Binding, role: Role, model: IrsaModel): readonly Reason[] {
  const { trust } = role;
  if (trust.is === "absent" || hasPodIdentity(binding, model) || isFaultExplained(binding, role, model)) return [];
  const wiring = wiredElsewhere(binding, role);
  if (wiring.kind === "elsewhere" && (trust.is === "unknown" || hasUnknownPrincipal(role))) {
    const { cluster, trusted } = wiring;
    return [{ kind: "provider", path: "", cluster, trusted, issuers: [], account: undefined, how: "by wiring" }];
  }
  if (trust.is === "unknown") return unseen(binding, role, wiring.kind === "here");
  const { decision } = binding;
  if (decision?.answer === "deny" && decision.explicit) return [{ kind: "deny", statement: decision.explicit }];
  const provider = providerReason(binding, role, trust.value, wiring.kind === "here", model);
  if (provider?.kind === "provider" && provider.how === "likely") {
    // What is wrong for any cluster counts for more than which cluster is likely meant.
    const others = judged(binding, role, trust.value, false);
    return others.some(({ kind }) => kind !== "unknown") ? others : [provider];
  }
  if (provider && provider.kind !== "unknown") return [provider];
  return [...(provider ? [provider] : []), ...judged(binding, role, trust.value, wiring.kind === "here")];
}

/** The webhook prefers a Pod Identity association of the account, and passes its role-arn by; a chart's account may be any. */
function hasPodIdentity({ serviceAccount, cluster }: Binding, model: IrsaModel): boolean {
  return model.associations.some(
    (each) =>
      sameText(each.namespace, serviceAccount.namespace) === true &&
      (serviceAccount.chartName !== undefined || sameText(each.serviceAccount, serviceAccount.name) === true) &&
      (each.cluster.how === "unresolved" || cluster.how === "unresolved" || each.cluster.to === cluster.to),
  );
}

/** What can be said of a trust policy that is one unknown text. */
function unseen(binding: Binding, role: Role, providerIsRight: boolean): readonly Reason[] {
  const subjects = role.construction?.subjects;
  const { subject } = binding.token;
  if (subjects?.is === "known") {
    if (binding.role.how === "by construction") return [];
    if (subject.is === "known") {
      if (subjects.value.some((each) => matchGlob(each, subject.value))) return [];
      const how = "by construction";
      return [
        {
          kind: "subject",
          path: "",
          condition: undefined,
          seen: subjects.value,
          issuer: undefined,
          autonamed: false,
          how,
        },
      ];
    }
  }
  const what = `the trust policy of ${role.title}`;
  const waitsFor = role.trustFrom;
  const about = providerIsRight ? (["subject"] as const) : (["provider", "subject"] as const);
  return about.map((each): Reason => ({ kind: "unknown", about: each, what, waitsFor }));
}

function judged(binding: Binding, role: Role, document: PolicyDocument, wiredRight: boolean): readonly Reason[] {
  const { decision } = binding;
  if (!decision || decision.answer === "allow") return [];
  if (decision.answer === "unknown") {
    const awaited = waits(binding, role, decision.because, wiredRight);
    if (awaited.length > 0 || binding.token.issuer.is !== "unknown" || !hasUnknownPrincipal(role)) return awaited;
    // Neither the issuer of the token nor the one that is trusted can be told, hence not which conditions count.
    return [{ kind: "unknown", about: "subject", what: `the trust policy of ${role.title}`, waitsFor: role.trustFrom }];
  }
  const explanations = explainDenial(decision);
  const [nearest] = explanations;
  if (nearest?.mismatch.kind !== "condition") return [];
  const failing = explanations.flatMap(({ mismatch, others }) => [mismatch, ...others]).filter(isFailingCondition);
  const own = failing.filter(({ statement }) => statement === nearest.statement);
  const isOn = (claim: string) => (each: FailingCondition) =>
    each.reason !== "key-absent" && claimOf(each.condition) === claim;
  const namesSubjects = (each: FailingCondition) => isOn("sub")(each) && isNaming(each.condition);
  // A condition that takes some subjects away says nothing of those that it leaves.
  const subject = own.find(namesSubjects) ?? own.find(isOn("sub"));
  const [issuer] = trustedIssuers(document, nearest.statement);
  if (subject) {
    const seen = failing.filter(namesSubjects).flatMap((each) => each.seen);
    const { condition } = subject;
    const path = condition.path;
    return [{ kind: "subject", path, condition, seen: unique(seen), issuer, autonamed: false, how: "by value" }];
  }
  const audience = own.find(isOn("aud"));
  if (audience) {
    const { condition, seen } = audience;
    if (bringsOwnToken(binding, seen)) return [];
    return [{ kind: "audience", path: condition.path, condition, seen, issuer }];
  }
  const [other] = own;
  return other ? [{ kind: "condition", condition: other.condition, seen: other.seen }] : [];
}

/** Pods may mount a token of their own, with the audience that the role asks for, beside that of the webhook. */
function bringsOwnToken({ workloads }: Binding, audiences: readonly string[]): boolean {
  return workloads.some(({ pod }) => {
    if (pod.volumes.is !== "known") return pod.volumes.is === "unknown";
    const tokens = pod.volumes.value.flatMap((volume) => knownValueOr(volume.tokens, []));
    return tokens.some(
      ({ audience }) => audience.is === "unknown" || (audience.is === "known" && audiences.includes(audience.value)),
    );
  });
}

type FailingCondition = Extract<Mismatch, { kind: "condition" }>;

function isFailingCondition(mismatch: Mismatch): mismatch is FailingCondition {
  return mismatch.kind === "condition" && mismatch.verdict === "fails";
}

function trustedIssuers(document: PolicyDocument, statement: Statement): readonly string[] {
  return trustedProviders({ ...document, statements: [statement] }).map(({ issuer }) => issuer);
}

/** True when a fault of the policy itself is why the account is refused. */
function isFaultExplained({ token }: Binding, role: Role, model: IrsaModel): boolean {
  const faults = faultsOfRole(role, model);
  if (!faults) return false;
  const { flaws, principals, actions, keys, operators, subjects, unsatisfiable } = faults;
  if (flaws.length + principals.length + actions.length + keys.length + unsatisfiable.length > 0) return true;
  if (operators.some(isBlocking)) return true;
  return subjects.some(
    ({ beside, needed }) => !beside || (token.subject.is === "known" && needed === token.subject.value),
  );
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
