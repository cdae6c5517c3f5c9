import { listIn } from "../facts/lists";
import { knownValueOr, knownValues, type Urn } from "../facts/fact";
import { claimsEks, normaliseIssuer } from "../facts/issuer";
import { namesAccount } from "../facts/subject";
import { isUnknown } from "../facts/value";
import type { Condition } from "../iam/document";
import { AwsScopes } from "./accounts";
import { bindAll, joinWorkload } from "./bind";
import { accountsOfRelease } from "./chart-accounts";
import { readConstruction } from "./construction";
import { configuredCluster, readClusters, readProvider, readRole, type BareRole } from "./read-aws";
import { readAddon, readAssociation, readOther } from "./read-eks";
import {
  expectedServiceAccount,
  hidesAccounts,
  KubernetesScopes,
  readNamespace,
  readObjects,
  readOpaqueSource,
  readServiceAccount,
  readWorkload,
} from "./read-kubernetes";
import { grouped } from "./lookup";
import { rolesByProvider } from "./provider-use";
import { boundaryDocument, joinAttachments, NO_PERMISSIONS, readAttachments, readPolicy } from "./read-permissions";
import { toResource, type Resource } from "./resource";
import { readRoleRequests } from "./role-requests";
import { readSecretClasses } from "./secret-classes";
import { envKeys } from "./secrets";
import type { Snapshot } from "./snapshot";
import { awsNoun, BINDING_COMPONENT, isOpaqueSource, isProvider, type AwsNoun } from "./tokens";
import { knownTexts } from "./trust-statement";
import type { Cluster, Construction, IrsaModel, Join, OidcProvider, Role, ServiceAccount } from "./types";

/** Joins a snapshot into the chain. Pure, and the only place where nouns are found from one another; rules only read. */
export function buildModel(snapshot: Snapshot): IrsaModel {
  const { config } = snapshot;
  // Programs register resources in whatever order their values come in; a report must not differ for that.
  const resources = [...snapshot.resources].sort((a, b) => (a.urn < b.urn ? -1 : 1)).map(toResource);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const of = groupByNoun(resources);
  const scopes = new AwsScopes(resources);
  const constructionOf = constructions(resources, byUrn);

  const declared = readClusters(of("cluster"), of("cluster-component"), scopes);
  const clusters = [...declared, ...config.clusters.map(configuredCluster)];
  const providers = of("oidc-provider").map((resource) =>
    readProvider(resource, clusters, scopes, constructionOf(resource)),
  );
  const understood = understoodUrns(clusters, providers, resources);
  const bareRoles = of("role").map((resource) =>
    readRole(resource, providers, clusters, scopes, understood, constructionOf(resource)),
  );

  const kubernetes = new KubernetesScopes(
    new Map(resources.filter((each) => isProvider(each.type)).map((each) => [each.urn, each])),
    clusters,
    (urns) => clusters.filter((cluster) => cluster.urns.some((urn) => urns.includes(urn))),
  );
  const objects = readObjects(resources, kubernetes);
  const written = [
    ...objects
      .filter((each) => each.noun.noun === "service-account")
      .map((each) => readServiceAccount(each, config, bareRoles, constructionOf(each.resource))),
    ...config.expectServiceAccounts.map((expected) => expectedServiceAccount(expected, config, clusters, bareRoles)),
  ];
  const opaque = resources
    .filter((each) => isOpaqueSource(each.type) || hidesAccounts(each))
    .map((each) => ({ resource: each, source: readOpaqueSource(each, kubernetes) }));
  const bareAccounts = [
    ...written,
    ...opaque.flatMap(({ resource, source }) => {
      const namespace = source.namespace.is === "absent" ? kubernetes.defaultNamespace(resource) : source.namespace;
      return accountsOfRelease(resource, source, config, bareRoles, written, namespace);
    }),
  ];
  const bareAddons = of("addon").map((resource) => readAddon(resource, clusters, scopes, bareRoles));

  const attachments = joinAttachments(
    readAttachments(of("attachment"), of("role"), of("policy"), scopes),
    bareRoles,
    of("role"),
  );
  const policies = of("policy").map(readPolicy);
  const used = new Set(
    [...bareAccounts, ...bareAddons].flatMap((each) => (each.role.how === "unresolved" ? [] : [each.role.to])),
  );
  const roles = new Map<BareRole, Role>(
    bareRoles.map((role) => [
      role,
      {
        ...role,
        permissions: attachments.byRole.get(role) ?? NO_PERMISSIONS,
        boundaryDocument: boundaryDocument(role.permissionsBoundary, policies),
        forPods: used.has(role) || role.construction !== undefined || trustsCluster(role, clusters),
      },
    ]),
  );
  const finished = <T extends { readonly role: Join<BareRole> }>(
    each: T,
  ): Omit<T, "role"> & { readonly role: Join<Role> } => ({ ...each, role: finish(each.role, roles) });

  const accounts: readonly ServiceAccount[] = bareAccounts.map(finished);
  // What a chart calls its account by itself is no name that anything of the program could mean.
  const serviceAccounts = accounts.filter(({ chartName }) => chartName === undefined);
  const keysOf = envKeys(objects);
  const workloads = objects
    .filter((each) => each.noun.noun === "workload")
    .map((each) => readWorkload(each, keysOf))
    .map((workload) => ({ ...workload, serviceAccount: joinWorkload(workload, serviceAccounts) }));
  const bound = bindAll(accounts, workloads);

  return {
    config,
    today: snapshot.today,
    clusters,
    providers,
    roles: [...roles.values()],
    serviceAccounts,
    workloads,
    namespaces: objects.filter((each) => each.noun.noun === "namespace" && !each.noun.patch).map(readNamespace),
    opaqueSources: opaque.map(({ source }) => source),
    roleRequests: readRoleRequests(resources, kubernetes, bareRoles).map(finished),
    secretClasses: readSecretClasses(resources, kubernetes),
    associations: of("association").map((resource) => finished(readAssociation(resource, clusters, bareRoles, scopes))),
    addons: bareAddons.map(finished),
    others: of("other").map((resource) => readOther(resource, scopes)),
    strayAttachments: attachments.stray,
    leftOut: new Set(resources.flatMap(({ urn, inputs }) => (isUnknown(inputs) ? [urn] : []))),
    rolesByProvider: rolesByProvider(providers, [...roles.values()]),
    ...bound,
  };
}

function groupByNoun(resources: readonly Resource[]): (noun: AwsNoun) => readonly Resource[] {
  const groups = grouped(resources, ({ type }) => awsNoun(type));
  return (noun) => listIn(groups, noun);
}

function finish(join: Join<BareRole>, roles: ReadonlyMap<BareRole, Role>): Join<Role> {
  if (join.how === "unresolved") return join;
  const role = roles.get(join.to);
  return role ? { how: join.how, to: role } : { how: "unresolved", because: "elsewhere", waitsFor: [] };
}

/** The IrsaBinding around a resource, however deep. */
function constructions(
  resources: readonly Resource[],
  byUrn: ReadonlyMap<Urn, Resource>,
): (resource: Resource) => Construction | undefined {
  const read = new Map<Urn, Construction>();
  for (const resource of resources)
    if (resource.type === BINDING_COMPONENT) read.set(resource.urn, readConstruction(resource));
  return (resource) => {
    let parent = resource.parent;
    // The bound is for hostile input alone: real stacks are a few levels deep, and a parent cannot be its own child.
    for (let depth = 0; parent !== undefined && depth < 100; depth++) {
      const found = read.get(parent);
      if (found) return found;
      parent = byUrn.get(parent)?.parent;
    }
    return undefined;
  };
}

/** Resources of which the model knows all that a trust policy can take from them. */
function understoodUrns(
  clusters: readonly Cluster[],
  providers: readonly OidcProvider[],
  resources: readonly Resource[],
): (urn: Urn) => boolean {
  const urns = new Set([...clusters.flatMap((each) => each.urns), ...providers.map((each) => each.urn)]);
  for (const resource of resources)
    if (resource.type === BINDING_COMPONENT || resource.type.startsWith("kubernetes:core/v1:")) urns.add(resource.urn);
  return (urn) => urns.has(urn);
}

/** True when the role trusts EKS, or a provider or cluster of this stack. GitHub's, GitLab's and other issuers are none of the chain's business. */
function trustsCluster(role: BareRole, clusters: readonly Cluster[]): boolean {
  if (role.wiredClusters.length > 0) return true;
  if (
    role.wiredProviders.some(
      (provider) =>
        provider.cluster.how !== "unresolved" || (provider.issuer.is === "known" && claimsEks(provider.issuer.value)),
    )
  )
    return true;
  if (role.trust.is !== "known") return false;
  const issuers = new Set(clusters.flatMap((cluster) => knownValues(cluster.issuer)));
  return role.trust.value.statements.some((statement) => {
    if (statement.conditions.is === "known" && statement.conditions.value.some(namesServiceAccount)) return true;
    const principals = knownValueOr(statement.principals, []);
    return principals.some((principal) => {
      if (principal.type !== "Federated" || principal.value.is !== "known") return false;
      const issuer = normaliseIssuer(principal.value.value.replace(/^.*oidc-provider\//, ""));
      return claimsEks(issuer) || issuers.has(issuer);
    });
  });
}

/** True for a condition on a subject of Kubernetes, whatever became of the issuer beside it. */
function namesServiceAccount({ values }: Condition): boolean {
  return knownTexts({ values }).some(namesAccount);
}
