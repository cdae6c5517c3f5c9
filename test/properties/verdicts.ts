import type { Finding } from "../../policy-pack/src/findings/finding";
import { run, type Verdicts } from "../../policy-pack/src/findings/run";
import { podAccountName } from "../../policy-pack/src/model/bind";
import { buildModel } from "../../policy-pack/src/model/build";
import { sameText } from "../../policy-pack/src/model/resource";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Cluster, IrsaModel } from "../../policy-pack/src/model/types";
import { rules } from "../../policy-pack/src/rules";
import { LINKS } from "../../policy-pack/src/rules/rule";

export interface Judged extends Verdicts {
  /** The URNs of accounts that carry a role, and of what hangs on them. */
  readonly bound: ReadonlySet<string>;
  /** The URNs of each chain: an account with its role, the workloads that use or name it, the cluster, and the providers that the role trusts. */
  readonly chains: readonly ReadonlySet<string>[];
}

/** What all rules say of a stack; a rule that fails inside fails the property. */
export function judge(snapshot: Snapshot): Judged {
  const model = buildModel(snapshot);
  const verdicts = run(rules, model);
  expect(verdicts.faults).toEqual([]);
  const bound = model.bindings.flatMap(({ serviceAccount, workloads, role }) => [
    serviceAccount,
    ...workloads,
    ...(role.how === "unresolved" ? [] : [role.to]),
  ]);
  return { ...verdicts, chains: chainsOf(model), bound: new Set(urnsOfAll(bound)) };
}

function chainsOf(model: IrsaModel): readonly ReadonlySet<string>[] {
  return [
    ...model.serviceAccounts.map((account) => {
      const { cluster } = account.scope;
      const role = model.bindingByServiceAccount.get(account)?.role ?? account.role;
      const used = role.how === "unresolved" ? [] : [role.to];
      const workloads = model.workloads.filter(
        (each) =>
          each.dependencies.includes(account.urn) ||
          sameText(podAccountName(each), account.name) === true ||
          (each.serviceAccount.how !== "unresolved" && each.serviceAccount.to === account),
      );
      const lived = cluster.how === "unresolved" ? [] : cluster.to.urns;
      const providers = cluster.how === "unresolved" ? [] : providersOf(cluster.to, model);
      return new Set([...urnsOfAll([account, ...workloads, ...used, ...providers]), ...lived, ...trusted(used, model)]);
    }),
    ...model.roles.map((role) => new Set([role.urn, ...trusted([role], model)])),
  ];
}

function trusted(roles: IrsaModel["roles"], model: IrsaModel): readonly string[] {
  const providers = model.providers.filter((each) =>
    (model.rolesByProvider.get(each) ?? []).some((role) => roles.includes(role)),
  );
  return providers.flatMap((each) => [
    each.urn,
    ...(each.cluster.how === "unresolved" ? [] : each.cluster.to.urns),
    ...each.wiredClusters.flatMap(({ urns }) => urns),
  ]);
}

function providersOf(cluster: Cluster, model: IrsaModel): IrsaModel["providers"] {
  return model.providers.filter(
    (each) =>
      each.wiredClusters.includes(cluster) || (each.cluster.how !== "unresolved" && each.cluster.to === cluster),
  );
}

function urnsOfAll(subjects: readonly { readonly urn: string }[]): readonly string[] {
  return subjects.flatMap(({ urn }) => (urn === "" ? [] : [urn]));
}

/**
 * The violations that nothing in a fuller judgement answers to. A violation is answered by one of the same rule that names
 * its resource, by one of another rule that is as strong and stands at the same resource, or is of the same link or an earlier
 * one and names a resource of it, or by one that is as strong and of an earlier link of the same chain: one fault is one finding, so that what is known decides which
 * of two rules reports a broken chain, and which of its parties is to be edited.
 */
export function unanswered(found: Judged, fuller: Judged): readonly Finding[] {
  const chains = [...found.chains, ...fuller.chains];
  return found.findings.filter(
    (finding) =>
      !fuller.findings.some((other) => isAsStrong(other, finding) && answers(other, finding, chains)) &&
      !isHintBesideFault(finding, fuller, chains),
  );
}

/**
 * True where the fuller judgement says the same as a hint, and stops for another fault of that chain. A provider that lacks
 * the audience is faulty as soon as a role comes from it; where that role's policy proves to be broken, nobody uses the
 * provider for certain, and the policy is what is reported.
 */
function isHintBesideFault(finding: Finding, { findings }: Judged, chains: Judged["chains"]): boolean {
  const isSame = (other: Finding) => other.rule === finding.rule && other.at.urn === finding.at.urn;
  const isOfChain = (other: Finding) => isConnected(urnsOf(other), urnsOf(finding), chains);
  return findings.some(isSame) && findings.some((other) => other.level === "mandatory" && isOfChain(other));
}

function isAsStrong(other: Finding, finding: Finding): boolean {
  return finding.level !== "mandatory" || other.level === "mandatory";
}

function answers(other: Finding, finding: Finding, chains: Judged["chains"]): boolean {
  if (other.rule === finding.rule) return urnsOf(other).includes(finding.at.urn);
  // The order of creation is a matter of edges alone and hides no other fault.
  if (other.rule === "workload-order") return false;
  // Two rules of different links may ask for the same resource to be edited: a name that no account has is judged as that of
  // the account which is meant, where one can be told.
  if (other.at.urn === finding.at.urn) return true;
  if (linkOf(other) > linkOf(finding)) return false;
  const share = urnsOf(other).some((urn) => urnsOf(finding).includes(urn));
  // Rules judge on sound ground only: a provider that is broken keeps them from judging the roles that trust it, though it is
  // named in no finding of theirs.
  return share || (linkOf(other) < linkOf(finding) && isConnected(urnsOf(other), urnsOf(finding), chains));
}

function linkOf({ rule }: Finding): number {
  return LINKS.findIndex((link) => rules.some((each) => each.id === rule && each.link === link));
}

function isConnected(some: readonly string[], others: readonly string[], chains: Judged["chains"]): boolean {
  return chains.some((chain) => some.some((urn) => chain.has(urn)) && others.some((urn) => chain.has(urn)));
}

/**
 * The mandatory violations of bindings that are lost where something of the stack is hidden: no violation answers to them, be
 * it as a hint, and nothing of their chain is said to be unverified. Hints need their texts; without them there is nothing to
 * hint at.
 */
export function lost(full: Judged, hidden: Judged): readonly Finding[] {
  const chains = [...full.chains, ...hidden.chains];
  const faults = full.findings.filter(
    (each) => each.level === "mandatory" && urnsOf(each).some((urn) => full.bound.has(urn)),
  );
  return faults.filter(
    (finding) =>
      !hidden.findings.some((other) => answers(other, finding, chains) || namesItsPlace(other, finding)) &&
      !hidden.unverified.some(({ at }) => awaits(at.urn, finding, chains)),
  );
}

/** Two parties that disagree are one fault: a rule of a later link may tell it of the other party, and names this one beside it. */
function namesItsPlace(other: Finding, finding: Finding): boolean {
  return isAsStrong(other, finding) && urnsOf(other).includes(finding.at.urn);
}

function awaits(urn: string, finding: Finding, chains: Judged["chains"]): boolean {
  return urnsOf(finding).includes(urn) || isConnected([urn], urnsOf(finding), chains);
}

export function urnsOf({ at, related }: Finding): readonly string[] {
  return [at, ...related].map(({ urn }) => urn);
}

/** A violation in one line, for the report of a failed property. */
export function brief({ level, rule, at, says }: Finding): string {
  return `${level} ${rule} at ${at.urn.split("::").slice(2).join(" ")}: ${says}`;
}
