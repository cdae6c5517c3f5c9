import { listIn } from "../facts/lists";
import { known, knownValue, knownValueOr, unknown, type Fact, type Urn } from "../facts/fact";
import { parseOidcProviderArn } from "../facts/arn";
import { admits } from "../iam/web-identity";
import type { Decision } from "../iam/decision";
import type { PolicyDocument } from "../iam/document";
import { grouped, once } from "./lookup";
import { sameIssuer } from "./read-aws";
import { sameText } from "./resource";
import type { Binding, IrsaModel, Join, KubernetesScope, Role, ServiceAccount, Workload } from "./types";

type UnjoinedWorkload = Omit<Workload, "serviceAccount">;

/** The account that a workload's pods run as: the one that is named, else `default`, as Kubernetes has it. */
export function joinWorkload(workload: UnjoinedWorkload, accounts: readonly ServiceAccount[]): Join<ServiceAccount> {
  const name = podAccountName(workload);
  const reachable = candidates(name, accounts).filter(
    (account) => sameCluster(account.scope, workload.scope) !== false,
  );
  if (name.is === "unknown") {
    const wired = reachable.filter((account) => sameText(account.namespace, workload.namespace) !== false);
    const [only] = wired;
    if (wired.length === 1 && only) return { how: "by wiring", to: only };
    return { how: "unresolved", because: wired.length > 1 ? "ambiguous" : "unknown", waitsFor: name.waitsFor };
  }
  const fitting = reachable.filter(
    (account) => sameText(account.name, name) === true && sameText(account.namespace, workload.namespace) === true,
  );
  const chosen = preferred(fitting, workload);
  if (chosen) return { how: "by value", to: chosen };
  const possible = reachable.filter(
    (account) => sameText(account.name, name) !== false && sameText(account.namespace, workload.namespace) !== false,
  );
  const wired = possible.filter(
    (account) =>
      workload.specFrom.includes(account.urn) ||
      (workload.dependencies.includes(account.urn) && isNamespaceOf(account, workload)),
  );
  const [only] = wired;
  if (wired.length === 1 && only) return { how: "by wiring", to: only };
  return {
    how: "unresolved",
    because: possible.length > 0 ? "unknown" : "elsewhere",
    waitsFor: possible.map((account) => account.urn),
  };
}

/** Whether a workload is in the account's namespace as far as that can be told: an unknown one may be any, unless it came from the account. */
function isNamespaceOf({ urn, namespace }: ServiceAccount, workload: UnjoinedWorkload): boolean {
  if (sameText(namespace, workload.namespace) === true) return true;
  return workload.namespace.is === "unknown" && workload.namespace.waitsFor.includes(urn);
}

/** The accounts that a name may mean, in their order: those of that name or of none yet; of an unknown name, those it came from. */
function candidates(name: Fact<string>, accounts: readonly ServiceAccount[]): readonly ServiceAccount[] {
  const by = accountsBy(accounts);
  if (name.is === "unknown") return [...new Set(name.waitsFor)].flatMap((urn) => listIn(by.urn, urn));
  if (name.is === "absent") return accounts;
  const named = listIn(by.name, name.value);
  if (by.unnamed.length === 0) return named;
  return [...named, ...by.unnamed].sort((a, b) => (by.place.get(a) ?? 0) - (by.place.get(b) ?? 0));
}

const accountsBy = once((accounts: readonly ServiceAccount[]) => ({
  name: grouped(accounts, ({ name }) => knownValue(name)),
  urn: grouped(accounts, ({ urn }) => urn),
  unnamed: accounts.filter(({ name }) => name.is !== "known"),
  place: new Map(accounts.map((account, index) => [account, index])),
}));

/** Of one account that stands in several resources (Helm's and a patch) the one that carries the role; of two clusters' the one on the workload's. */
function preferred(accounts: readonly ServiceAccount[], workload: UnjoinedWorkload): ServiceAccount | undefined {
  const near = accounts.filter((account) => sameCluster(account.scope, workload.scope) === true);
  const pool = near.length > 0 ? near : accounts;
  return pool.find((account) => account.roleArn.is !== "absent") ?? pool[0];
}

/** True while nobody can say whether the workload's pods run as the account: a name, a namespace or a cluster is not known yet. */
export function mayUse(workload: Workload, account: ServiceAccount): boolean {
  const { serviceAccount } = workload;
  if (serviceAccount.how !== "unresolved" || serviceAccount.because === "elsewhere") return false;
  return (
    sameText(podAccountName(workload), account.name) !== false &&
    sameText(workload.namespace, account.namespace) !== false &&
    sameCluster(workload.scope, account.scope) !== false
  );
}

/** `serviceAccountName`, else its deprecated alias, else `default`. */
export function podAccountName(workload: Pick<Workload, "pod">): Fact<string> {
  const { serviceAccountName, serviceAccountAlias } = workload.pod;
  if (serviceAccountName.is === "unknown" || (serviceAccountName.is === "known" && serviceAccountName.value !== ""))
    return serviceAccountName;
  if (serviceAccountAlias.is === "unknown" || (serviceAccountAlias.is === "known" && serviceAccountAlias.value !== ""))
    return serviceAccountAlias;
  return known("default");
}

/** Whether two objects are on one cluster; undefined while nobody can say. */
export function sameCluster(a: KubernetesScope, b: KubernetesScope): boolean | undefined {
  if (a.provider !== undefined && a.provider === b.provider) return true;
  if (a.cluster.how === "unresolved" || b.cluster.how === "unresolved") return undefined;
  return a.cluster.to === b.cluster.to;
}

type Bound = Pick<IrsaModel, "bindings" | "bindingsByRole" | "bindingByServiceAccount" | "workloadsByServiceAccount">;

/** One binding for each account that carries a role. */
export function bindAll(accounts: readonly ServiceAccount[], workloads: readonly Workload[]): Bound {
  const workloadsByServiceAccount = grouped(workloads, ({ serviceAccount }) =>
    serviceAccount.how === "unresolved" ? undefined : serviceAccount.to,
  );
  const bindings = accounts
    .filter(carriesRole)
    .map((account) => bind(account, listIn(workloadsByServiceAccount, account)));
  const bindingsByRole = grouped(bindings, ({ role }) => (role.how === "unresolved" ? undefined : role.to));
  return {
    bindings,
    bindingsByRole,
    bindingByServiceAccount: new Map(bindings.map((each) => [each.serviceAccount, each])),
    workloadsByServiceAccount,
  };
}

/**
 * True for an account that carries a role, or will: its annotation is there, or came from an IrsaBinding as one unknown map. Of
 * any other map that is unknown, nobody can say whether it holds the annotation.
 */
export function carriesRole({ roleArn, annotations, role }: ServiceAccount): boolean {
  if (roleArn.is === "unknown") return annotations.is === "known" || role.how !== "unresolved";
  return roleArn.is === "known" && roleArn.value !== "";
}

function bind(serviceAccount: ServiceAccount, workloads: readonly Workload[]): Binding {
  const { role, scope } = serviceAccount;
  const token = tokenOf(serviceAccount);
  return {
    serviceAccount,
    role: constructed(role, serviceAccount),
    workloads,
    cluster: scope.cluster,
    token,
    decision: role.how === "unresolved" ? undefined : decide(role.to, token),
  };
}

/** The claims of the tokens that an account's pods get, or would get if it carried a role. */
export function tokenOf({ namespace, name, audience, scope }: ServiceAccount): Binding["token"] {
  const { cluster } = scope;
  const issuer: Fact<string> = cluster.how === "unresolved" ? unknown(cluster.waitsFor) : cluster.to.issuer;
  return { subject: subjectOf(namespace, name), audience, issuer };
}

/** A role and an account that one IrsaBinding made belong together, whatever is known of their texts. */
function constructed(role: Join<Role>, account: ServiceAccount): Join<Role> {
  if (role.how !== "by wiring" || role.to.construction === undefined) return role;
  return role.to.construction.urn === account.construction?.urn ? { how: "by construction", to: role.to } : role;
}

/** The `sub` claim: `system:serviceaccount:<namespace>:<name>`. */
function subjectOf(namespace: Fact<string>, name: Fact<string>): Fact<string> {
  if (namespace.is === "known" && name.is === "known")
    return known(`system:serviceaccount:${namespace.value}:${name.value}`);
  const waitsFor: Urn[] = [namespace, name].flatMap((each) => (each.is === "unknown" ? each.waitsFor : []));
  return unknown(waitsFor);
}

/**
 * What STS would say. Where the account's cluster is not known, the token is taken to come from an issuer that the policy
 * trusts: whether it is the right one is then not for this decision to say, but whether subject and audience fit is.
 */
export function decide(role: Pick<Role, "trust" | "scope">, token: Binding["token"]): Decision | undefined {
  if (role.trust.is !== "known") return undefined;
  const document = role.trust.value;
  const trusted = trustedProviders(document);
  const candidates =
    token.issuer.is === "known" ? [token.issuer.value] : [...new Set(trusted.map((each) => each.issuer))];
  const decisions = candidates.map((issuer) => {
    const match = trusted.find(
      (each) =>
        sameIssuer(each.issuer, issuer) &&
        (role.scope.accountId.is !== "known" || role.scope.accountId.value === each.accountId),
    );
    return admits(document, {
      providerArn: providerArn(role, issuer, match?.arn),
      issuer,
      subject: token.subject,
      audience: token.audience,
    });
  });
  return (
    decisions.find((each) => each.answer === "allow") ??
    decisions.find((each) => each.answer === "unknown") ??
    decisions[0] ??
    admits(document, { providerArn: unknown(), issuer: "", subject: token.subject, audience: token.audience })
  );
}

/** The provider that STS looks up: the one of this issuer in the role's own account. */
function providerArn(role: Pick<Role, "scope">, issuer: string, trusted: string | undefined): Fact<string> {
  if (trusted !== undefined) return known(trusted);
  const { accountId, partition } = role.scope;
  if (accountId.is !== "known" || partition.is !== "known") return unknown();
  return known(`arn:${partition.value}:iam::${accountId.value}:oidc-provider/${issuer}`);
}

interface TrustedProvider {
  readonly arn: string;
  readonly accountId: string;
  readonly issuer: string;
}

/** The OIDC providers that a trust policy names by a well-formed ARN. */
export function trustedProviders(document: PolicyDocument): readonly TrustedProvider[] {
  return document.statements.flatMap((statement) => {
    const principals = knownValueOr(statement.principals, []);
    return principals.flatMap((principal) => {
      const arn =
        principal.type === "Federated" && principal.value.is === "known"
          ? parseOidcProviderArn(principal.value.value)
          : undefined;
      return arn && principal.value.is === "known"
        ? [{ arn: principal.value.value, accountId: arn.accountId, issuer: arn.issuer }]
        : [];
    });
  });
}
