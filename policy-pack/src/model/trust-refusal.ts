import type { Urn } from "../facts/fact";
import type { Mismatch } from "../iam/decision";
import type { Condition, PolicyDocument, Statement } from "../iam/document";
import { matchGlob } from "../iam/match";
import { explainDenial, webIdentityStatements } from "../iam/web-identity";
import { trustedProviders } from "./bind";
import { hasUnknownPrincipal, meantCluster } from "./provider-use";
import { sameIssuer } from "./read-aws";
import { sameText } from "./resource";
import { isBlocking, trustFaults } from "./trust";
import { claimOf } from "./trust-condition";
import { isFaultyProviders, knownTexts } from "./trust-statement";
import { wiredElsewhere } from "./trust-wiring";
import type { Binding, Cluster, IrsaModel, Role } from "./types";

/** Why a role does not admit an account that is annotated with it, when its trust policy has no fault of its own. */
export type Refusal = { readonly binding: Binding; readonly role: Role } & (
  | { readonly kind: "not-web-identity"; readonly path: string; readonly principals: readonly string[] }
  | {
      readonly kind: "provider";
      /** Where the trusted provider stands; empty for the policy as a whole. */
      readonly path: string;
      readonly cluster: Cluster;
      /** The other clusters of this stack that the role trusts. */
      readonly trusted: readonly Cluster[];
      readonly issuers: readonly string[];
      /** The account of the trusted provider, where the issuer is right and the account is not the role's. */
      readonly account: string | undefined;
      readonly how: "by value" | "by wiring";
    }
  | {
      readonly kind: "subject";
      readonly path: string;
      readonly condition: Condition | undefined;
      /** The subjects that the role admits. */
      readonly seen: readonly string[];
      readonly issuer: string | undefined;
      /** True while only the making of the name is known: Pulumi adds a random suffix. */
      readonly autonamed: boolean;
      readonly how: "by value" | "by construction";
    }
  | {
      readonly kind: "audience";
      readonly path: string;
      readonly condition: Condition;
      readonly seen: readonly string[];
      readonly issuer: string | undefined;
    }
  | { readonly kind: "condition"; readonly condition: Condition; readonly seen: readonly string[] }
  | { readonly kind: "deny"; readonly statement: Statement }
  | {
      readonly kind: "unknown";
      /** What decides once it is known. */
      readonly about: "provider" | "subject" | "audience";
      readonly what: string;
      readonly waitsFor: readonly Urn[];
    }
);

export type SubjectRefusal = Extract<Refusal, { kind: "subject" }>;

type Bare<T> = T extends unknown ? Omit<T, "binding" | "role"> : never;
type Reason = Bare<Refusal>;

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

function reasons(binding: Binding, role: Role, model: IrsaModel): readonly Reason[] {
  const { trust } = role;
  if (trust.is === "absent" || hasPodIdentity(binding, model) || isFaultExplained(binding, role, model)) return [];
  const wiring = wiredElsewhere(binding, role);
  if (wiring.kind === "elsewhere" && (trust.is === "unknown" || hasUnknownPrincipal(role))) {
    const { cluster, trusted } = wiring;
    return [{ kind: "provider", path: "", cluster, trusted, issuers: [], account: undefined, how: "by wiring" }];
  }
  if (trust.is === "unknown") return unseen(binding, role, wiring.kind === "here");
  const provider = providerReason(binding, role, trust.value, wiring.kind === "here", model);
  if (provider && provider.kind !== "unknown") return [provider];
  return [...(provider ? [provider] : []), ...judged(binding, role, trust.value, wiring.kind === "here")];
}

/** The webhook prefers a Pod Identity association of the account, and passes its role-arn by. */
function hasPodIdentity({ serviceAccount, cluster }: Binding, model: IrsaModel): boolean {
  return model.associations.some(
    (each) =>
      sameText(each.namespace, serviceAccount.namespace) === true &&
      sameText(each.serviceAccount, serviceAccount.name) === true &&
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
  if (decision.answer === "unknown") return waits(binding, role, decision.because, wiredRight);
  if (decision.explicit) return [{ kind: "deny", statement: decision.explicit }];
  const explanations = explainDenial(decision);
  const [nearest] = explanations;
  if (!nearest || nearest.mismatch.kind !== "condition") return [];
  const failing = explanations.flatMap(({ mismatch, others }) => [mismatch, ...others]).filter(isFailingCondition);
  const own = failing.filter(({ statement }) => statement === nearest.statement);
  const isOn = (claim: string) => (each: FailingCondition) =>
    each.reason !== "key-absent" && claimOf(each.condition) === claim;
  const subject = own.find(isOn("sub"));
  const [issuer] = trustedIssuers(document, nearest.statement);
  if (subject) {
    const seen = failing.filter(isOn("sub")).flatMap((each) => each.seen);
    const { condition } = subject;
    const path = condition.path;
    return [{ kind: "subject", path, condition, seen: unique(seen), issuer, autonamed: false, how: "by value" }];
  }
  const audience = own.find(isOn("aud"));
  if (audience) {
    const { condition, seen } = audience;
    return [{ kind: "audience", path: condition.path, condition, seen, issuer }];
  }
  const [other] = own;
  return other ? [{ kind: "condition", condition: other.condition, seen: other.seen }] : [];
}

type FailingCondition = Extract<Mismatch, { kind: "condition" }>;

function isFailingCondition(mismatch: Mismatch): mismatch is FailingCondition {
  return mismatch.kind === "condition" && mismatch.verdict === "fails";
}

function trustedIssuers(document: PolicyDocument, statement: Statement): readonly string[] {
  return trustedProviders({ ...document, statements: [statement] }).map(({ issuer }) => issuer);
}

/** Whether the role trusts a web identity at all, and the provider of the account's cluster. */
function providerReason(
  binding: Binding,
  role: Role,
  document: PolicyDocument,
  wiredRight: boolean,
  model: IrsaModel,
): Reason | undefined {
  if (!document.complete) return undefined;
  const candidates = webIdentityStatements(document);
  if (candidates.length === 0) {
    const principals = document.statements.flatMap((each) =>
      each.principals.is === "known" ? each.principals.value : [],
    );
    const [first] = document.statements;
    return {
      kind: "not-web-identity",
      path: first ? first.path : "",
      principals: unique(principals.flatMap(({ value }) => (value.is === "known" ? [value.value] : []))),
    };
  }
  if (candidates.some(({ certain, everyone }) => !certain || everyone) || hasUnknownPrincipal(role)) return undefined;
  const { cluster } = binding;
  if (cluster.how === "unresolved") return undefined;
  const trusted = trustedProviders({ ...document, statements: candidates.map(({ statement }) => statement) });
  const [first] = candidates.flatMap(({ providers }) => providers);
  const path = first?.principal.path ?? "";
  const issuers = unique(trusted.map(({ issuer }) => issuer));
  const found = {
    kind: "provider" as const,
    path,
    cluster: cluster.to,
    trusted: [],
    issuers,
    how: "by value" as const,
  };
  const { issuer } = cluster.to;
  if (issuer.is !== "known") {
    if (wiredRight) return undefined;
    // The issuer of a cluster that is yet to be made is not known, but it is none that another cluster has.
    const others = model.clusters.filter(
      (each) => each !== cluster.to && each.issuer.is === "known" && issuers.some((text) => isOf(text, each)),
    );
    const taken = issuers.every((text) => others.some((each) => isOf(text, each)));
    if (taken && cluster.to.declared) return { ...found, trusted: others, account: undefined };
    const waitsFor = issuer.is === "unknown" ? issuer.waitsFor : [];
    return { kind: "unknown", about: "provider", what: `the issuer of ${cluster.to.title}`, waitsFor };
  }
  const right = trusted.filter((each) => sameIssuer(each.issuer, issuer.value));
  if (right.length === 0) {
    if (trusted.some((each) => isMendedAtProvider(each.issuer, cluster.to, model))) return undefined;
    return {
      ...found,
      trusted: model.clusters.filter((each) => issuers.some((text) => isOf(text, each))),
      account: undefined,
    };
  }
  const { accountId } = role.scope;
  const own = accountId.is !== "known" || right.some((each) => each.accountId === accountId.value);
  return own ? undefined : { ...found, account: right[0]?.accountId };
}

function isOf(issuer: string, cluster: Cluster): boolean {
  return cluster.issuer.is === "known" && sameIssuer(issuer, cluster.issuer.value);
}

/** True for the issuer of a provider of this stack that is meant for the cluster and has the wrong url: it is what to mend. */
function isMendedAtProvider(issuer: string, cluster: Cluster, model: IrsaModel): boolean {
  if (isFaultyProviders(issuer, model)) return true;
  return model.providers.some(
    (each) => each.issuer.is === "known" && each.issuer.value === issuer && meantCluster(each, model) === cluster,
  );
}

/** What a decision hangs on that will be known; a key whose value depends on the call itself never is. */
function waits(binding: Binding, role: Role, because: readonly Mismatch[], wiredRight: boolean): readonly Reason[] {
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
    const seen = knownTexts(condition);
    const path = condition.path;
    // No literal can foresee the suffix that Pulumi gives the name; the policy is known and the name is not.
    if (binding.serviceAccount.autonamed && !seen.some((text) => /[*?]|\$\{/.test(text)))
      return { kind: "subject", path, condition, seen, issuer: undefined, autonamed: true, how: "by value" };
    return { kind: "unknown", about: "subject", what: `the name of ${title}`, waitsFor: subject.waitsFor };
  }
  if (claimOf(condition) === "aud" && audience.is === "unknown")
    return { kind: "unknown", about: "audience", what: `the audience of ${title}`, waitsFor: audience.waitsFor };
  return undefined;
}

/** True when a fault of the policy itself is why the account is refused. */
function isFaultExplained({ token }: Binding, role: Role, model: IrsaModel): boolean {
  const faults = trustFaults(model).find((each) => each.role === role);
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
