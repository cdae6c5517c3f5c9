import { isKnownAs, knownValues } from "../facts/fact";
import { listIn } from "../facts/lists";
import { parseSoundEksIssuer } from "../facts/issuer";
import type { PolicyDocument } from "../iam/document";
import { webIdentityStatements } from "../iam/web-identity";
import { trustedProviders } from "./bind";
import { hasUnknownPrincipal, meantCluster, providersOf } from "./provider-use";
import { sameIssuer } from "./read-aws";
import type { Reason } from "./trust-reason";
import { isFaultyProviders } from "./trust-statement";
import type { Binding, Cluster, IrsaModel, Role, ServiceAccount } from "./types";

/** Whether the role trusts a web identity at all, and the provider of the account's cluster. */
export function providerReason(
  binding: Binding,
  role: Role,
  document: PolicyDocument,
  wiredRight: boolean,
  model: IrsaModel,
): Reason | undefined {
  if (!document.complete) return undefined;
  const candidates = webIdentityStatements(document);
  if (candidates.length === 0) {
    const principals = document.statements.flatMap(({ effect, principals: named }) =>
      named.is === "known" && !isKnownAs(effect, "Deny") ? named.value : [],
    );
    const [first] = document.statements;
    return {
      kind: "not-web-identity",
      path: first ? first.path : "",
      principals: unique(principals.flatMap(({ value }) => knownValues(value))),
    };
  }
  if (candidates.some(({ certain, everyone }) => !certain || everyone) || hasUnknownPrincipal(role)) return undefined;
  const { cluster } = binding;
  const trusted = trustedProviders({ ...document, statements: candidates.map(({ statement }) => statement) });
  const [first] = candidates.flatMap(({ providers }) => providers);
  const path = first?.principal.path ?? "";
  const issuers = unique(trusted.map(({ issuer }) => issuer));
  if (cluster.how === "unresolved") {
    const likely = cluster.because === "absent" ? clusterMadeAnew(issuers, role, model) : undefined;
    return (
      likely && { kind: "provider", path, cluster: likely, trusted: [], issuers, account: undefined, how: "likely" }
    );
  }
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
    const { accountId } = role.scope;
    const [other] = trusted;
    // STS looks only in the role's own account, whatever the issuer turns out to be.
    if (other && accountId.is === "known" && trusted.every((each) => each.accountId !== accountId.value))
      return { ...found, account: other.accountId };
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

/**
 * The cluster that an account is likely meant for though its Kubernetes provider takes the kubeconfig of whoever runs
 * Pulumi: the only one that the stack makes, while the role trusts EKS issuers that nothing in the stack has. That is how a
 * stack looks whose cluster was made anew and whose trust policy kept the old id. A stack that makes one cluster and
 * configures another looks like it too, but takes the other's issuer from where that is made, in whatever region that is,
 * and makes no IAM OIDC provider that none of its roles trusts.
 */
function clusterMadeAnew(issuers: readonly string[], role: Role, model: IrsaModel): Cluster | undefined {
  const [only, ...more] = model.clusters;
  if (!only?.declared || more.length > 0 || only.issuer.is !== "known" || issuers.length === 0) return undefined;
  const [own, idle] = [parseSoundEksIssuer(only.issuer.value), providersOf(only, model)];
  if ((role.trustFrom.length > 0 && !role.wiringComplete) || idle.length === 0) return undefined;
  if (idle.some((each) => listIn(model.rolesByProvider, each).length > 0)) return undefined;
  // Accounts that reach it, or may do so, through a provider of their own leave the others to another cluster.
  const mayReach = ({ scope: { cluster } }: ServiceAccount) =>
    cluster.how !== "unresolved" || cluster.because === "unknown" || cluster.because === "ambiguous";
  if (model.serviceAccounts.some(mayReach)) return undefined;
  const isStrange = (issuer: string) =>
    own !== undefined &&
    parseSoundEksIssuer(issuer)?.region === own.region &&
    [only, ...model.providers].every((each) => each.issuer.is === "known" && !sameIssuer(each.issuer.value, issuer));
  return issuers.every(isStrange) ? only : undefined;
}

function isOf(issuer: string, cluster: Cluster): boolean {
  return cluster.issuer.is === "known" && sameIssuer(issuer, cluster.issuer.value);
}

/** True for the issuer of a provider of this stack that is meant for the cluster and has the wrong url: it is what to mend. */
function isMendedAtProvider(issuer: string, cluster: Cluster, model: IrsaModel): boolean {
  if (isFaultyProviders(issuer, model)) return true;
  return model.providers.some((each) => isKnownAs(each.issuer, issuer) && meantCluster(each, model) === cluster);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
