import { listIn } from "../facts/lists";
import { type Fact, isKnownAs, knownValueOr, knownValues, type Urn } from "../facts/fact";
import { claimsEks, issuerOfEndpoint, isUnfilled, normaliseIssuer, parseSoundEksIssuer } from "../facts/issuer";
import { sameAccount } from "./accounts";
import { trustedProviders } from "./bind";
import { ownIssuerConfigs } from "./identity-provider-config";
import { hasUnknownPrincipal, likelyCluster, meantCluster, providersOf } from "./provider-use";
import { sameIssuer } from "./read-aws";
import type { Cluster, IrsaModel, OidcProvider, Role } from "./types";

/** A cluster of this stack whose pods use roles, and for which the stack makes no IAM OIDC provider in the roles' account. */
export interface MissingProvider {
  readonly cluster: Cluster;
  readonly roles: readonly Role[];
  /**
   * no-cluster-yet: the cluster does not exist, so nobody can have made its provider. empty-arn: the roles trust the empty
   * ARN of an eks component that makes none. issuer: the roles trust the issuer of a cluster that may exist already.
   */
  readonly evidence: "no-cluster-yet" | "empty-arn" | "issuer";
  /** The cluster's provider that stands in another account than the roles. */
  readonly elsewhere: OidcProvider | undefined;
}

export function missingProviders(model: IrsaModel): readonly MissingProvider[] {
  const mistaken = new Set(ownIssuerConfigs(model).map(({ cluster }) => cluster));
  return model.clusters.flatMap((cluster) => {
    // Where the provider is there but wrong, or IRSA is not to be had at all, another rule says so.
    if (!cluster.declared || cluster.onOutposts || mistaken.has(cluster) || isMiswritten(cluster, model)) return [];
    const users = model.roles.flatMap((role) => {
      const evidence = livesElsewhere(role, cluster, model) ? undefined : reliance(role, cluster, model);
      return evidence ? [{ role, evidence }] : [];
    });
    const providers = providersOf(cluster, model);
    const made = model.providers.some(({ madeBy }) => madeBy === cluster.urn);
    if (providers.length === 0 && (made || hidesProvider(cluster) || mayBeFor(cluster, model))) return [];
    const groups = new Map<string, MissingProvider>();
    for (const { role, evidence } of users) {
      const candidates = [...providers, ...model.providers.filter((each) => isUndecided(each, cluster))];
      if (candidates.some((provider) => sameAccount(provider.scope, role.scope) !== false)) continue;
      const [elsewhere] = providers;
      const key = `${evidence} ${role.scope.accountId.is === "known" && elsewhere ? role.scope.accountId.value : ""}`;
      const group = groups.get(key);
      groups.set(key, { cluster, evidence, elsewhere, roles: [...(group?.roles ?? []), role] });
    }
    return [...groups.values()];
  });
}

/** How a role shows that it needs the cluster's provider; undefined when it does not. */
function reliance(role: Role, cluster: Cluster, model: IrsaModel): MissingProvider["evidence"] | undefined {
  if (!role.forPods || role.trust.is === "absent") return undefined;
  if (role.trust.is === "unknown" || hasUnknownPrincipal(role)) {
    // Trust in Pod Identity takes its conditions from the cluster too, so only an annotated account shows that IRSA is meant.
    const annotated = listIn(model.bindingsByRole, role).length > 0;
    const associated = model.associations.some((each) => each.role.how !== "unresolved" && each.role.to === role);
    if (!annotated || associated || !role.wiringComplete) return undefined;
    const direct =
      role.wiredProviders.length === 0 && role.wiredClusters.length === 1 && role.wiredClusters[0] === cluster;
    const through =
      role.wiredProviders.length > 0 &&
      role.wiredProviders.every((each) => each.cluster.how !== "unresolved" && each.cluster.to === cluster);
    if (!direct && !through) return undefined;
    return byIssuer(cluster);
  }
  const { issuer } = cluster;
  const { accountId } = role.scope;
  if (
    issuer.is === "known" &&
    trustedProviders(role.trust.value).some(
      (trusted) =>
        sameIssuer(trusted.issuer, issuer.value) && (accountId.is !== "known" || accountId.value === trusted.accountId),
    )
  )
    return byIssuer(cluster);
  const makesNone = cluster.createsOidcProvider.is === "known" && !cluster.createsOidcProvider.value;
  return makesNone && role.wiredClusters.includes(cluster) && trustsEmptyArn(role) ? "empty-arn" : undefined;
}

function byIssuer(cluster: Cluster): MissingProvider["evidence"] {
  return cluster.isNew || cluster.issuer.is !== "known" ? "no-cluster-yet" : "issuer";
}

/** True when the trust policy names an empty text as a federated principal, as eks.Cluster gives it out for a provider that it does not make. */
export function trustsEmptyArn(role: Role): boolean {
  return (
    role.trust.is === "known" &&
    role.trust.value.statements.some(
      ({ principals }) =>
        principals.is === "known" &&
        principals.value.some(({ type, value }) => type === "Federated" && isKnownAs(value, "")),
    )
  );
}

/** True when all accounts of the role live on other clusters: then the role trusts the wrong one. */
function livesElsewhere(role: Role, cluster: Cluster, model: IrsaModel): boolean {
  const users = listIn(model.bindingsByRole, role);
  return users.length > 0 && users.every((each) => each.cluster.how !== "unresolved" && each.cluster.to !== cluster);
}

/** An eks component whose children the stack does not show (yet) may make its provider. */
function hidesProvider({ createsOidcProvider, urns }: Cluster): boolean {
  if (createsOidcProvider.is === "absent") return false;
  return knownValueOr(createsOidcProvider, urns.length < 2);
}

/** True when a provider of the stack is evidently for this cluster though it is written wrong. */
function isMiswritten(cluster: Cluster, model: IrsaModel): boolean {
  return model.providers.some(
    (provider) =>
      provider.issuer.is === "known" &&
      provider.cluster.how === "unresolved" &&
      (isSlipFor(provider.issuer.value, cluster) ||
        (meantCluster(provider, model) ?? likelyCluster(provider, model)) === cluster ||
        (claimsEks(provider.issuer.value) &&
          (parseSoundEksIssuer(provider.issuer.value) === undefined ||
            provider.issuer.value.toLowerCase() === textOf(cluster.issuer)))),
  );
}

/** Text that can only be meant for a cluster and is no issuer: an endpoint, a scheme that stands twice, what was not filled in. */
function isSlipFor(text: string, cluster: Cluster): boolean {
  if (isUnfilled(text)) return true;
  const meant = issuerOfEndpoint(text) ?? normaliseIssuer(text);
  return meant !== text && cluster.issuer.is === "known" && sameIssuer(meant, cluster.issuer.value);
}

function textOf(issuer: Fact<string>): string | undefined {
  return issuer.is === "known" ? issuer.value.toLowerCase() : undefined;
}

/** True while a provider of the stack may turn out to be the cluster's. */
function mayBeFor(cluster: Cluster, model: IrsaModel): boolean {
  return model.providers.some((provider) => isUndecided(provider, cluster));
}

function isUndecided({ cluster: join, issuer }: OidcProvider, cluster: Cluster): boolean {
  return (
    join.how === "unresolved" &&
    (issuer.is === "unknown" ||
      (cluster.issuer.is === "unknown" && issuer.is === "known" && parseSoundEksIssuer(issuer.value) !== undefined))
  );
}

/** A provider that the stack neither makes nor rules out. */
export interface UnseenProvider {
  readonly role: Role;
  readonly what: string;
  readonly waitsFor: readonly Urn[];
}

/** The EKS issuers that roles for pods trust, of clusters that neither the stack nor the configuration knows. */
export function unseenProviders(model: IrsaModel): readonly UnseenProvider[] {
  const seen = [...model.clusters, ...model.providers].flatMap(({ issuer }) => knownValues(issuer));
  return model.roles.flatMap((role) => {
    const users = listIn(model.bindingsByRole, role);
    // An account on a cluster of this stack makes the trust the thing to judge, not the provider.
    if (!role.forPods || role.trust.is !== "known" || users.some(({ cluster }) => cluster.how !== "unresolved"))
      return [];
    // An IrsaBinding makes the provider, or was given it by ARN: the user's word that it exists.
    if (role.construction) return [];
    return trustedProviders(role.trust.value)
      .filter(
        ({ issuer }) => parseSoundEksIssuer(issuer) !== undefined && !seen.some((each) => sameIssuer(each, issuer)),
      )
      .map(({ issuer, accountId }) => {
        const undecided = model.providers.filter((each) => each.issuer.is === "unknown");
        return {
          role,
          what: `whether account "${accountId}" has an OIDC provider for the issuer "${issuer}"`,
          waitsFor: undecided.map((each) => each.urn),
        };
      });
  });
}
