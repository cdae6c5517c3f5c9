import { listIn } from "../facts/lists";
import {
  absent,
  type Fact,
  isKnownAs,
  known,
  knownValue,
  knownValueOr,
  knownValues,
  listAt,
  mapFact,
  textOf,
  unknown,
  type Urn,
} from "../facts/fact";
import { parseRoleArn } from "../facts/arn";
import { normaliseIssuer, parseEksIssuer } from "../facts/issuer";
import { isUnknown, own, type Value } from "../facts/value";
import { readPolicyDocument } from "./policy";
import type { Leaf, PolicyDocument } from "../iam/document";
import { sameAccount, type AwsScopes } from "./accounts";
import type { ConfiguredCluster } from "./config";
import { grouped, once } from "./lookup";
import { booleanAt, cameFrom, computedText, fact, list, numberAt, text, type Resource } from "./resource";
import type { AwsScope, Cluster, Construction, Join, OidcProvider, Role } from "./types";

/** The clusters of the stack: an eks component and the aws resource inside it are one cluster. */
export function readClusters(
  resources: readonly Resource[],
  components: readonly Resource[],
  scopes: AwsScopes,
): readonly Cluster[] {
  const clusters: Cluster[] = [];
  const inside = new Map<Urn, Resource>();
  for (const component of components) {
    const child = resources.find((each) => each.parent === component.urn);
    if (child) inside.set(component.urn, child);
    clusters.push(fromComponent(component, child, scopes));
  }
  const wrapped = new Set([...inside.values()].map((child) => child.urn));
  for (const resource of resources) if (!wrapped.has(resource.urn)) clusters.push(fromResource(resource, scopes));
  return clusters;
}

function fromResource(resource: Resource, scopes: AwsScopes): Cluster {
  const native = resource.type.startsWith("aws-native:");
  const issuer = native
    ? computedText(resource, "openIdConnectIssuerUrl")
    : computedText(resource, "identities", 0, "oidcs", 0, "issuer");
  return {
    urn: resource.urn,
    title: `EKS cluster "${resource.name}"`,
    declared: true,
    urns: [resource.urn],
    name: orUnknown(text(resource, "name"), resource.urn),
    issuer: mapFact(issuer, normaliseIssuer),
    endpoint: computedText(resource, "endpoint"),
    version: text(resource, "version"),
    scope: withRegionOf(issuer, scopes.of(resource)),
    isNew: isUnknown(own(resource.outputs, "id")),
    onOutposts: fact(resource, "outpostConfig").is === "known",
    createsOidcProvider: absent,
    properties: resource.properties,
  };
}

function fromComponent(component: Resource, child: Resource | undefined, scopes: AwsScopes): Cluster {
  const inner = child ? fromResource(child, scopes) : undefined;
  const own = text(component, "oidcIssuer");
  const issuer = inner?.issuer.is === "known" ? inner.issuer : own.is === "known" ? own : unknown([component.urn]);
  // A remote component shows its inputs only to engines that send them; then the flag says what its children will be.
  const flag = booleanAt(component.properties, ["createOidcProvider"]);
  const made = text(component, "oidcProviderArn");
  return {
    urn: component.urn,
    title: `EKS cluster "${component.name}"`,
    declared: true,
    urns: child ? [component.urn, child.urn] : [component.urn],
    name: inner?.name ?? unknown([component.urn]),
    issuer: mapFact(issuer, normaliseIssuer),
    endpoint: inner?.endpoint ?? unknown([component.urn]),
    version: inner?.version ?? text(component, "version"),
    scope: withRegionOf(issuer, inner?.scope ?? scopes.of(component)),
    isNew: inner?.isNew ?? false,
    onOutposts: inner?.onOutposts ?? false,
    createsOidcProvider:
      flag.is !== "absent" ? flag : made.is === "known" ? known(made.value !== "") : unknown([component.urn]),
    properties: inner?.properties ?? component.properties,
  };
}

/** Clusters that only the configuration names. */
export function configuredCluster(cluster: ConfiguredCluster): Cluster {
  const issuer = known(normaliseIssuer(cluster.issuer));
  const scope: AwsScope = {
    provider: undefined,
    accountId: cluster.accountId === undefined ? unknown() : known(cluster.accountId),
    region: cluster.region === undefined ? absent : known(cluster.region),
    partition: unknown(),
  };
  return {
    urn: "",
    title: `EKS cluster "${cluster.name}"`,
    declared: false,
    urns: [],
    name: known(cluster.name),
    issuer,
    endpoint: unknown(),
    version: absent,
    scope: withRegionOf(issuer, scope),
    isNew: false,
    onOutposts: false,
    createsOidcProvider: absent,
    properties: {},
  };
}

function withRegionOf(issuer: Fact<string>, scope: AwsScope): AwsScope {
  const eks = issuer.is === "known" ? parseEksIssuer(issuer.value) : undefined;
  return eks && scope.region.is !== "known" ? { ...scope, region: known(eks.region) } : scope;
}

function orUnknown<T>(found: Fact<T>, urn: Urn): Fact<T> {
  return found.is === "absent" ? unknown([urn]) : found;
}

export function readProvider(
  resource: Resource,
  clusters: readonly Cluster[],
  scopes: AwsScopes,
  construction: Construction | undefined,
): OidcProvider {
  const native = resource.type.startsWith("aws-native:");
  const paths = native
    ? { url: "url", clientIds: "clientIdList", thumbprints: "thumbprintList" }
    : { url: "url", clientIds: "clientIdLists", thumbprints: "thumbprintLists" };
  const url = text(resource, paths.url);
  const issuer = mapFact(url, normaliseIssuer);
  const urlFrom = cameFrom(resource, paths.url);
  const wiredClusters = clusters.filter((cluster) => cluster.urns.some((urn) => urlFrom.includes(urn)));
  return {
    urn: resource.urn,
    title: `OIDC provider "${resource.name}"`,
    url,
    issuer,
    arn: computedText(resource, "arn"),
    clientIds: leaves(list(resource, paths.clientIds), paths.clientIds),
    thumbprints: leaves(
      listAt(resource.inputs ?? resource.properties, [paths.thumbprints], cameFrom(resource, paths.thumbprints)),
      paths.thumbprints,
    ),
    keptThumbprints: mapFact(listAt(resource.outputs, [paths.thumbprints], [resource.urn]), (values) =>
      values.flatMap((value) => (typeof value === "string" ? [value] : [])),
    ),
    thumbprintsFrom: cameFrom(resource, paths.thumbprints),
    madeBy: clusters.find((cluster) => cluster.createsOidcProvider.is !== "absent" && cluster.urn === resource.parent)
      ?.urn,
    paths,
    scope: scopes.of(resource),
    cluster: clusterOf(issuer, wiredClusters, clusters, urlFrom),
    wiredClusters,
    urlFrom,
    construction,
  };
}

function clusterOf(
  issuer: Fact<string>,
  wired: readonly Cluster[],
  clusters: readonly Cluster[],
  urlFrom: readonly Urn[],
): Join<Cluster> {
  if (issuer.is === "absent") return { how: "unresolved", because: "absent", waitsFor: [] };
  if (issuer.is === "known") {
    const match = clusters.find(
      (cluster) => cluster.issuer.is === "known" && sameIssuer(cluster.issuer.value, issuer.value),
    );
    if (match) return { how: "by value", to: match };
    const [only] = wired;
    if (wired.length === 1 && only && only.issuer.is !== "known") return { how: "by wiring", to: only };
    const waiting = clusters.filter((cluster) => cluster.issuer.is === "unknown").flatMap((cluster) => cluster.urns);
    return { how: "unresolved", because: waiting.length > 0 ? "unknown" : "elsewhere", waitsFor: waiting };
  }
  const [only] = wired;
  if (wired.length === 1 && only) return { how: "by wiring", to: only };
  return { how: "unresolved", because: wired.length > 1 ? "ambiguous" : "unknown", waitsFor: urlFrom };
}

/** Issuers are one when the text is, but for a slash at the end, which is reported on its own. */
export function sameIssuer(a: string, b: string): boolean {
  return a.replace(/\/$/, "") === b.replace(/\/$/, "");
}

function leaves(items: Fact<readonly Value[]>, path: string): Fact<readonly Leaf[]> {
  return mapFact(items, (values) =>
    values.map((value, index) => ({ path: `${path}[${index}]`, value: textOf(value) })),
  );
}

/** A role before it is joined with attachments and accounts. */
export type BareRole = Omit<Role, "permissions" | "boundaryDocument" | "forPods">;

export function readRole(
  resource: Resource,
  providers: readonly OidcProvider[],
  clusters: readonly Cluster[],
  scopes: AwsScopes,
  understood: (urn: Urn) => boolean,
  construction: Construction | undefined,
): BareRole {
  const native = resource.type.startsWith("aws-native:");
  const trustPath = native ? "assumeRolePolicyDocument" : "assumeRolePolicy";
  const scope = scopes.of(resource);
  const name = orUnknown(text(resource, native ? "roleName" : "name"), resource.urn);
  const writtenPath = text(resource, "path");
  const path = writtenPath.is === "absent" ? known("/") : writtenPath;
  const trustFrom = cameFrom(resource, trustPath);
  const wiredProviders = providers.filter((provider) => trustFrom.includes(provider.urn));
  const written = readPolicyDocument(fact(resource, trustPath), { kind: "trust", waitsFor: trustFrom });
  const changing = wiredProviders.filter((provider) => losesScheme(provider, written)).map(({ urn }) => urn);
  return {
    urn: resource.urn,
    title: `role "${knownValueOr(name, resource.name)}"`,
    name,
    path,
    arn: roleArn(computedText(resource, "arn"), name, path, scope),
    scope,
    trustPath,
    namePath: native ? "roleName" : "name",
    trust: changing.length > 0 ? unknown(changing) : written,
    trustFrom,
    wiredProviders,
    wiredClusters: clusters.filter((cluster) => cluster.urns.some((urn) => trustFrom.includes(urn))),
    wiringComplete: trustFrom.length > 0 && trustFrom.every(understood),
    permissionsBoundary: text(resource, "permissionsBoundary"),
    maxSessionDuration: numberAt(resource.properties, ["maxSessionDuration"]),
    construction,
  };
}

/**
 * True when the trust policy names the url of a provider that is not made yet. IAM gives the url back without its scheme, so
 * that a text made of `provider.url` is another one once the provider exists (the bridged provider's; aws-native keeps it).
 */
function losesScheme({ url, arn, paths }: OidcProvider, trust: Fact<PolicyDocument>): boolean {
  if (arn.is !== "unknown" || url.is !== "known" || trust.is !== "known" || paths.clientIds !== "clientIdLists") {
    return false;
  }
  const { value: text } = url;
  if (normaliseIssuer(text) === text) return false;
  return trust.value.statements.some(
    ({ principals, conditions }) =>
      knownValueOr(principals, []).some(({ value }) => knownValues(value).some((each) => each.endsWith(`/${text}`))) ||
      knownValueOr(conditions, []).some(({ key }) => key.startsWith(`${text}:`)),
  );
}

function roleArn(reported: Fact<string>, name: Fact<string>, path: Fact<string>, scope: AwsScope): Fact<string> {
  if (reported.is === "known" && parseRoleArn(reported.value)) return reported;
  if (name.is !== "known" || path.is !== "known") return reported;
  if (scope.accountId.is !== "known" || scope.partition.is !== "known") return reported;
  return known(`arn:${scope.partition.value}:iam::${scope.accountId.value}:role${path.value}${name.value}`);
}

/**
 * The role that a text names: by its ARN, by its name where the account may be the same, or, while the text is unknown,
 * by the one role that it came from.
 */
export function joinRole(
  reference: Fact<string>,
  from: readonly Urn[],
  scope: AwsScope | undefined,
  roles: readonly BareRole[],
): Join<BareRole> {
  if (reference.is === "absent" || isKnownAs(reference, ""))
    return { how: "unresolved", because: "absent", waitsFor: [] };
  if (reference.is === "known") {
    const arn = parseRoleArn(reference.value);
    const matches = (rolesBy(roles).name.get(arn?.name ?? reference.value) ?? []).filter((role) =>
      arn ? isRole(role, arn) : scope !== undefined && sameAccount(role.scope, scope) !== false,
    );
    const [only] = matches;
    if (matches.length === 1 && only) return { how: "by value", to: only };
    if (matches.length > 1) return { how: "unresolved", because: "ambiguous", waitsFor: [] };
    const waiting = rolesBy(roles).unnamed;
    return { how: "unresolved", because: waiting.length > 0 ? "unknown" : "elsewhere", waitsFor: waiting };
  }
  const wired = [...new Set(from)].flatMap((urn) => listIn(rolesBy(roles).urn, urn));
  const [only] = wired;
  if (wired.length === 1 && only) return { how: "by wiring", to: only };
  return { how: "unresolved", because: wired.length > 1 ? "ambiguous" : "unknown", waitsFor: from };
}

/**
 * The role that annotations name. A map that is one unknown value may hold any annotation, so that a role which it came from
 * need not be the one of the role annotation; only an IrsaBinding gives away a map, and that one names its role.
 */
export function joinAnnotatedRole(
  annotations: Fact<unknown>,
  roleArn: Fact<string>,
  from: readonly Urn[],
  roles: readonly BareRole[],
): Join<BareRole> {
  const join = joinRole(roleArn, from, undefined, roles);
  if (annotations.is !== "unknown" || join.how !== "by wiring" || join.to.construction !== undefined) return join;
  return { how: "unresolved", because: "unknown", waitsFor: from };
}

const rolesBy = once((roles: readonly BareRole[]) => ({
  name: grouped(roles, ({ name }) => knownValue(name)),
  urn: grouped(roles, ({ urn }) => urn),
  unnamed: roles.filter(({ name }) => name.is === "unknown").map(({ urn }) => urn),
}));

/** Whether a role of the ARN's name is the one it means. */
function isRole(role: BareRole, arn: { readonly accountId: string; readonly path: string }): boolean {
  if (role.path.is === "known" && role.path.value !== arn.path) return false;
  return role.scope.accountId.is !== "known" || role.scope.accountId.value === arn.accountId;
}
