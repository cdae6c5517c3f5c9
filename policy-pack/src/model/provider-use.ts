import { knownValueOr } from "../facts/fact";
import { listIn } from "../facts/lists";
import { namesAccount } from "../facts/subject";
import type { PolicyDocument, Statement } from "../iam/document";
import { claimsEks, parseSoundEksIssuer } from "../facts/issuer";
import { sameAccount } from "./accounts";
import { trustedProviders } from "./bind";
import { once } from "./lookup";
import { sameIssuer } from "./read-aws";
import type { Binding, Cluster, IrsaModel, OidcProvider, Role } from "./types";

/** Who relies on the IAM OIDC providers of the stack, and which of them are for pods at all. */

/** The roles that trust each provider: by the ARN in the policy, or by wiring where the ARN is not known yet. */
export function rolesByProvider(
  providers: readonly OidcProvider[],
  roles: readonly Role[],
): ReadonlyMap<OidcProvider, readonly Role[]> {
  return new Map(providers.map((provider) => [provider, roles.filter((role) => trusts(role, provider))]));
}

function trusts(role: Role, provider: OidcProvider): boolean {
  if (role.trust.is === "absent") return false;
  if (role.trust.is === "unknown" || hasUnknownPrincipal(role)) return role.wiredProviders.includes(provider);
  const { issuer, scope } = provider;
  if (issuer.is !== "known") return false;
  return trustedProviders(role.trust.value).some(
    (trusted) =>
      sameIssuer(trusted.issuer, issuer.value) &&
      (scope.accountId.is !== "known" || scope.accountId.value === trusted.accountId),
  );
}

/** True when the trust policy can be read but for the ARN of who is trusted. */
export function hasUnknownPrincipal(role: Pick<Role, "trust">): boolean {
  if (role.trust.is !== "known") return false;
  return role.trust.value.statements.some(
    ({ principals }) =>
      principals.is === "unknown" ||
      (principals.is === "known" && principals.value.some((principal) => principal.value.is === "unknown")),
  );
}

/**
 * True when pods get their identity through the provider. IAM OIDC providers of GitHub, GitLab and others are the same
 * kind of resource, and none of the chain's business.
 */
export function servesPods(provider: OidcProvider, model: IrsaModel): boolean {
  if (provider.issuer.is === "known" && claimsEks(provider.issuer.value)) return true;
  if (provider.cluster.how !== "unresolved" || provider.wiredClusters.length > 0) return true;
  if (provider.construction !== undefined) return true;
  return bindingsThrough(provider, model).length > 0;
}

/** The accounts whose role trusts the provider, for them as far as that can be told. */
export function bindingsThrough(provider: OidcProvider, model: IrsaModel): readonly Binding[] {
  return listIn(allBindingsThrough(model), provider);
}

/** Worked out once for a model, since every condition of every trust policy asks whom its issuer serves. */
const allBindingsThrough = once(
  (model: IrsaModel): ReadonlyMap<OidcProvider, readonly Binding[]> =>
    new Map(
      model.providers.map((provider) => [
        provider,
        listIn(model.rolesByProvider, provider)
          .filter((role) => trustsForPods(role, provider, model))
          .flatMap((role) => listIn(model.bindingsByRole, role)),
      ]),
    ),
);

/**
 * A role that pods use may trust GitHub or GitLab beside, to be tried out from a pipeline. Its trust in a provider that is of
 * no EKS cluster is for pods where the statement names a ServiceAccount, or where nothing else in the policy is for pods.
 */
function trustsForPods(role: Role, provider: OidcProvider, model: IrsaModel): boolean {
  const { issuer, cluster, wiredClusters } = provider;
  if (cluster.how !== "unresolved" || wiredClusters.length > 0) return true;
  if (issuer.is === "known" && claimsEks(issuer.value)) return true;
  if (issuer.is !== "known" || role.trust.is !== "known" || hasUnknownPrincipal(role))
    return role.wiredClusters.length === 0 && role.wiredProviders.every((each) => each === provider);
  const { value: document } = role.trust;
  const trusting = ({ statements }: PolicyDocument, wanted: (issuer: string) => boolean): readonly Statement[] =>
    statements.filter((statement) =>
      trustedProviders({ ...document, statements: [statement] }).some((trusted) => wanted(trusted.issuer)),
    );
  const own = trusting(document, (text) => sameIssuer(text, issuer.value));
  const isOfCluster = (text: string): boolean =>
    claimsEks(text) || model.clusters.some((each) => each.issuer.is === "known" && sameIssuer(each.issuer.value, text));
  const others = document.statements.filter((statement) => !own.includes(statement));
  return own.some(namesAnAccount) || !(others.some(namesAnAccount) || trusting(document, isOfCluster).length > 0);
}

function namesAnAccount({ conditions }: Statement): boolean {
  return knownValueOr(conditions, []).some(({ values }) =>
    knownValueOr(values, []).some(({ value }) => value.is === "known" && namesAccount(value.value)),
  );
}

/** The providers that this stack makes for a cluster. */
export function providersOf(cluster: Cluster, model: IrsaModel): readonly OidcProvider[] {
  return model.providers.filter((each) => each.cluster.how !== "unresolved" && each.cluster.to === cluster);
}

/**
 * The cluster that a provider is evidently for although its issuer, which must be known, is not that cluster's: the one
 * that its url came from; else the one on which every account lives that uses it, when no other provider of the stack is
 * for that cluster and no role of these accounts trusts the cluster's own issuer.
 */
export function meantCluster(provider: OidcProvider, model: IrsaModel): Cluster | undefined {
  if (provider.issuer.is !== "known" || provider.cluster.how !== "unresolved") return undefined;
  const [wired] = provider.wiredClusters;
  if (provider.wiredClusters.length > 0) return provider.wiredClusters.length === 1 ? wired : undefined;
  const users = bindingsThrough(provider, model);
  const clusters = new Set(users.map(({ cluster }) => (cluster.how === "unresolved" ? undefined : cluster.to)));
  const [only] = clusters;
  if (clusters.size !== 1 || only === undefined) return undefined;
  const rivals = providersOf(only, model).filter((each) => sameAccount(each.scope, provider.scope) !== false);
  return rivals.length > 0 || users.some((user) => trustsIssuerOf(user, only)) ? undefined : only;
}

function trustsIssuerOf(binding: Binding, cluster: Cluster): boolean {
  if (binding.role.how === "unresolved" || cluster.issuer.is !== "known") return false;
  const { trust } = binding.role.to;
  const { value: issuer } = cluster.issuer;
  return trust.is === "known" && trustedProviders(trust.value).some((trusted) => sameIssuer(trusted.issuer, issuer));
}

/**
 * The one cluster of the stack, when it has no provider and the stack's one provider for pods fits no cluster at all: either
 * roles here trust that provider without that anybody is seen to use them, or nobody trusts it while a role trusts the
 * cluster's own issuer.
 */
export function likelyCluster(provider: OidcProvider, model: IrsaModel): Cluster | undefined {
  const [cluster, ...more] = model.clusters;
  if (!cluster?.declared || more.length > 0 || cluster.issuer.is !== "known") return undefined;
  const { value: issuer } = cluster.issuer;
  // A url that is written wrong is the business of oidc-provider-url-invalid.
  if (provider.issuer.is !== "known" || !parseSoundEksIssuer(provider.issuer.value)) return undefined;
  if (provider.issuer.value.includes("://")) return undefined;
  // One whose url is not known yet may be the cluster's.
  if (model.providers.filter((each) => each.issuer.is === "unknown" || servesPods(each, model)).length > 1)
    return undefined;
  if (provider.cluster.how !== "unresolved" || providersOf(cluster, model).length > 0) return undefined;
  if (bindingsThrough(provider, model).length > 0 || sameAccount(provider.scope, cluster.scope) !== true)
    return undefined;
  if (listIn(model.rolesByProvider, provider).length > 0) return cluster;
  const isTrusted = model.roles.some(
    ({ trust }) =>
      trust.is === "known" && trustedProviders(trust.value).some((trusted) => sameIssuer(trusted.issuer, issuer)),
  );
  return isTrusted ? cluster : undefined;
}
