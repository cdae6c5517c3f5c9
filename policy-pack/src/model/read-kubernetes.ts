import {
  absent,
  at,
  type Fact,
  isKnownAs,
  known,
  knownValueOr,
  listAt,
  textAt,
  unknown,
  type Urn,
} from "../facts/fact";
import { parseUrn } from "../facts/urn";
import { isObject, type Value } from "../facts/value";
import { chartOf } from "./chart-catalogue";
import type { ContextConfig, ExpectedServiceAccount } from "./config";
import { joinAnnotatedRole, joinRole, type BareRole } from "./read-aws";
import { readObjectMeta, readPod } from "./read-pod";
import type { KeysOf } from "./secrets";
import { cameFrom, entries, pathText, textOfEntry, type Resource } from "./resource";
import { kubernetesNoun, type KubernetesNoun } from "./tokens";
import type {
  Cluster,
  Construction,
  Join,
  KubernetesScope,
  Namespace,
  OpaqueSource,
  ServiceAccount,
  Workload,
} from "./types";

/** One Kubernetes object: a resource, or an item of a List resource. */
export interface KubernetesObject {
  readonly resource: Resource;
  readonly noun: KubernetesNoun;
  /** Steps to the object inside the resource: none, or `items`, index. */
  readonly root: readonly (string | number)[];
  readonly scope: KubernetesScope;
  readonly name: Fact<string>;
  readonly autonamed: boolean;
  readonly namespace: Fact<string>;
  readonly namespaceImplicit: boolean;
}

/** The objects of the stack, Lists taken apart; what a List does not know yet is not an object. */
export function readObjects(resources: readonly Resource[], scopes: KubernetesScopes): readonly KubernetesObject[] {
  return resources.flatMap((resource) => {
    const noun = kubernetesNoun(resource.type);
    if (!noun) return [];
    if (noun.isCustom && at(resource.properties, [...noun.template]).is === "absent") return [];
    if (!noun.list) return [readObject(resource, noun, [], scopes)];
    const items = listAt(resource.properties, ["items"]);
    if (items.is !== "known") return [];
    return items.value.flatMap((item, index) =>
      isObject(item) ? [readObject(resource, noun, ["items", index], scopes)] : [],
    );
  });
}

/** True for a List of accounts that is not known yet: it may hold any, in any namespace. */
export function hidesAccounts(resource: Resource): boolean {
  const noun = kubernetesNoun(resource.type);
  if (!noun?.list || noun.noun !== "service-account") return false;
  return listAt(resource.properties, ["items"]).is === "unknown";
}

function readObject(
  resource: Resource,
  noun: KubernetesNoun,
  root: readonly (string | number)[],
  scopes: KubernetesScopes,
): KubernetesObject {
  const waitsFor = cameFrom(resource, root.length > 0 ? "items" : "metadata");
  const written = textAt(resource.properties, [...root, "metadata", "name"], waitsFor);
  const autonamed = written.is === "absent" || hasAutonameMark(resource, root);
  const namespace = textAt(resource.properties, [...root, "metadata", "namespace"], namespacesOf(waitsFor));
  return {
    resource,
    noun,
    root,
    scope: scopes.of(resource),
    name: written.is === "absent" ? unknown([resource.urn]) : written,
    autonamed,
    namespace: namespace.is === "absent" ? scopes.defaultNamespace(resource) : namespace,
    namespaceImplicit: namespace.is === "absent",
  };
}

/** The Namespace resources among what the metadata came from, where there are any: then the namespace's name came from them. */
function namespacesOf(urns: readonly Urn[]): readonly Urn[] {
  const namespaces = urns.filter((urn) => parseUrn(urn).type === "kubernetes:core/v1:Namespace");
  return namespaces.length > 0 ? namespaces : urns;
}

function hasAutonameMark(resource: Resource, root: readonly (string | number)[]): boolean {
  return textAt(resource.properties, [...root, "metadata", "annotations", "pulumi.com/autonamed"]).is === "known";
}

/** Which cluster each Kubernetes provider reaches: its kubeconfig names the endpoint, or came from the cluster's resource. */
export class KubernetesScopes {
  private readonly scopes = new Map<Urn, KubernetesScope>();

  constructor(
    private readonly providers: ReadonlyMap<Urn, Resource>,
    private readonly clusters: readonly Cluster[],
    private readonly clustersBehind: (urns: readonly Urn[]) => readonly Cluster[],
  ) {}

  of(resource: Resource): KubernetesScope {
    const { provider } = resource;
    if (!provider) return { provider: undefined, cluster: { how: "unresolved", because: "absent", waitsFor: [] } };
    const found = this.scopes.get(provider.urn) ?? {
      provider: provider.urn,
      cluster: this.clusterOf(provider.urn, provider.inputs),
    };
    this.scopes.set(provider.urn, found);
    return found;
  }

  /** Kubernetes' own default, unless the provider names another. */
  defaultNamespace(resource: Resource): Fact<string> {
    if (!resource.provider) return known("default");
    const own = textAt(resource.provider.inputs, ["namespace"], [resource.provider.urn]);
    return own.is === "absent" ? known("default") : own;
  }

  private clusterOf(urn: Urn, inputs: Value): Join<Cluster> {
    const declared = this.providers.get(urn);
    const kubeconfig = at(inputs, ["kubeconfig"]);
    if (kubeconfig.is === "known") {
      const config = typeof kubeconfig.value === "string" ? kubeconfig.value : JSON.stringify(kubeconfig.value);
      // Endpoints are unique in the world, so finding one in the text is proof, in YAML as in JSON.
      const match = this.clusters.find(
        (cluster) =>
          cluster.endpoint.is === "known" && cluster.endpoint.value !== "" && config.includes(cluster.endpoint.value),
      );
      if (match) return { how: "by value", to: match };
    }
    const from = declared ? cameFrom(declared, "kubeconfig") : [];
    const wired = this.clustersBehind(from);
    const [only] = wired;
    if (wired.length === 1 && only) return { how: "by wiring", to: only };
    if (wired.length > 1) return { how: "unresolved", because: "ambiguous", waitsFor: [] };
    if (kubeconfig.is === "unknown") return { how: "unresolved", because: "unknown", waitsFor: from };
    // A context or cluster of the kubeconfig of whoever runs Pulumi is named on purpose, and says nothing of this stack's.
    const named = [["context"], ["cluster"]].some((path) => at(inputs, path).is !== "absent");
    if (kubeconfig.is === "absent" && !named) return { how: "unresolved", because: "absent", waitsFor: [] };
    // A text cannot name a cluster that is yet to be made, but one that stands and whose endpoint is not known.
    const possible = this.clusters.filter((each) => each.declared && !each.isNew && each.endpoint.is === "unknown");
    const waitsFor = kubeconfig.is === "known" ? possible.flatMap(({ urns }) => urns) : [];
    return { how: "unresolved", because: waitsFor.length > 0 ? "unknown" : "elsewhere", waitsFor };
  }
}

export function readServiceAccount(
  object: KubernetesObject,
  config: ContextConfig,
  roles: readonly BareRole[],
  construction: Construction | undefined,
): Omit<ServiceAccount, "role"> & { readonly role: Join<BareRole> } {
  const { resource, root, noun } = object;
  const property = root.length > 0 ? "items" : "metadata";
  const metadataFrom = cameFrom(resource, property);
  const path = [...root, "metadata", "annotations"];
  const annotations = entries(resource.properties, path, pathText(path), metadataFrom);
  const roleArn = textOfEntry(annotations, `${config.annotationPrefix}/role-arn`);
  const audience = textOfEntry(annotations, `${config.annotationPrefix}/audience`);
  return {
    urn: resource.urn,
    title: `ServiceAccount "${displayName(object)}"`,
    form: noun.patch ? "patch" : "resource",
    root: pathText(root),
    name: object.name,
    autonamed: object.autonamed,
    namespace: object.namespace,
    namespaceImplicit: object.namespaceImplicit,
    scope: object.scope,
    annotations,
    labels: entries(
      resource.properties,
      [...root, "metadata", "labels"],
      pathText([...root, "metadata", "labels"]),
      metadataFrom,
    ),
    roleArn,
    roleArnPath: `${pathText(path)}[${JSON.stringify(`${config.annotationPrefix}/role-arn`)}]`,
    role: joinAnnotatedRole(annotations, roleArn, metadataFrom, roles),
    metadataFrom,
    dependencies: resource.dependencies,
    audience: audience.is === "absent" ? known(config.audience) : audience,
    construction,
  };
}

/** An account that Helm renders; the configuration stands for its manifest. */
export function expectedServiceAccount(
  expected: ExpectedServiceAccount,
  config: ContextConfig,
  clusters: readonly Cluster[],
  roles: readonly BareRole[],
): Omit<ServiceAccount, "role"> & { readonly role: Join<BareRole> } {
  const named = clusters.filter(
    (cluster) =>
      expected.cluster !== undefined &&
      (cluster.title === `EKS cluster "${expected.cluster}"` || isKnownAs(cluster.name, expected.cluster)),
  );
  const [only] = named;
  const roleArn: Fact<string> = expected.role === undefined ? absent : known(expected.role);
  const role: Join<BareRole> = expected.role?.startsWith("arn:")
    ? joinRole(roleArn, [], undefined, roles)
    : byName(expected.role, roles);
  return {
    urn: "",
    title: `ServiceAccount "${expected.namespace}/${expected.name}"`,
    form: "expected",
    root: "",
    name: known(expected.name),
    autonamed: false,
    namespace: known(expected.namespace),
    namespaceImplicit: false,
    scope: {
      provider: undefined,
      cluster: only ? { how: "by value", to: only } : { how: "unresolved", because: "absent", waitsFor: [] },
    },
    annotations: absent,
    labels: absent,
    roleArn,
    roleArnPath: `expectServiceAccounts["${expected.namespace}/${expected.name}"].role`,
    role,
    metadataFrom: [],
    dependencies: [],
    audience: known(config.audience),
    construction: undefined,
  };
}

function byName(name: string | undefined, roles: readonly BareRole[]): Join<BareRole> {
  const matches =
    name === undefined
      ? []
      : roles.filter(
          (role) => role.title === `role "${name}"` || isKnownAs(role.name, name) || role.urn.endsWith(`::${name}`),
        );
  const [only] = matches;
  if (matches.length === 1 && only) return { how: "by value", to: only };
  return {
    how: "unresolved",
    because: name === undefined ? "absent" : matches.length > 1 ? "ambiguous" : "elsewhere",
    waitsFor: [],
  };
}

export function readWorkload(object: KubernetesObject, keysOf: KeysOf): Omit<Workload, "serviceAccount"> {
  const { resource, root, noun } = object;
  const [top = "spec"] = root.length > 0 ? root : noun.template;
  const specFrom = cameFrom(resource, String(top));
  const metadata = [...root, "metadata"];
  const strategyOf = (key: "updateStrategy" | "strategy") => {
    const path = [...root, "spec", key, "type"];
    return { updateStrategy: textAt(resource.properties, path, specFrom), updateStrategyPath: pathText(path) };
  };
  const strategy = strategyOf("updateStrategy");
  return {
    urn: resource.urn,
    title: `${noun.kind} "${displayName(object)}"`,
    kind: noun.kind,
    patch: noun.patch,
    root: pathText(root),
    name: object.name,
    namespace: object.namespace,
    namespaceImplicit: object.namespaceImplicit,
    scope: object.scope,
    metadata: readObjectMeta(resource.properties, metadata, cameFrom(resource, "metadata")),
    ...(strategy.updateStrategy.is === "absent" ? strategyOf("strategy") : strategy),
    strayAccountName:
      noun.template.length > 0
        ? textAt(resource.properties, [...root, "spec", "serviceAccountName"], specFrom)
        : absent,
    pod: readPod(resource.properties, [...root, ...noun.template], specFrom, (kind, name) =>
      keysOf(kind, name, object.namespace),
    ),
    dependencies: resource.dependencies,
    specFrom,
  };
}

export function readNamespace(object: KubernetesObject): Namespace {
  const { resource, root, name, scope } = object;
  return {
    urn: resource.urn,
    title: `Namespace "${knownValueOr(name, resource.name)}"`,
    name,
    scope,
    metadata: readObjectMeta(resource.properties, [...root, "metadata"], cameFrom(resource, "metadata")),
  };
}

export function readOpaqueSource(resource: Resource, scopes: KubernetesScopes): OpaqueSource {
  const namespace = textAt(resource.properties, ["namespace"], cameFrom(resource, "namespace"));
  return {
    urn: resource.urn,
    title: `${resource.type.slice(resource.type.lastIndexOf(":") + 1)} "${resource.name}"`,
    type: resource.type,
    scope: scopes.of(resource),
    namespace,
    chart: chartOf(resource),
    values: isObject(resource.properties["values"]) ? resource.properties["values"] : {},
    valuesFrom: cameFrom(resource, "values"),
    hasUnseenValues: hasUnseenValues(resource),
  };
}

/** Once all is known the provider lays the values over those of the files, and the checksum of what it renders beside them. */
function hasUnseenValues({ inputs, properties }: Resource): boolean {
  const written = inputs ?? properties;
  const files = listAt(written, ["valueYamlFiles"]);
  const someFiles = files.is === "unknown" || (files.is === "known" && files.value.length > 0);
  return someFiles && textAt(written, ["checksum"]).is === "absent";
}

/** `namespace/name` as far as they are known; the Pulumi name stands in for an unknown name. */
function displayName(object: KubernetesObject): string {
  const name = knownValueOr(object.name, object.resource.name);
  return object.namespace.is === "known" ? `${object.namespace.value}/${name}` : name;
}
