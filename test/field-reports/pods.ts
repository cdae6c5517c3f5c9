import type { Value } from "../../policy-pack/src/facts/value";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, urnOf } from "../support/stack";
import { eks, type ClusterOptions, type Part } from "./support";

const ROLE_ARN = "eks.amazonaws.com/role-arn";
const TYPES: Readonly<Record<string, string>> = { Pod: "core/v1", Job: "batch/v1", CronJob: "batch/v1" };

export interface AccountOptions {
  readonly annotations?: Properties;
  readonly labels?: Properties;
  /** Pulumi names of the roles that the metadata came from; the one of the annotation's ARN unless given. */
  readonly from?: readonly string[];
  readonly dependsOn?: readonly string[];
  /** ServiceAccountPatch, which adds to an account of others. */
  readonly patch?: boolean;
  readonly resourceName?: string;
  /** Replaces `metadata.namespace` or `metadata.name`; `undefined` leaves it out. */
  readonly metadata?: { readonly [key: string]: Value | undefined };
}

export interface PodOptions {
  readonly pod?: Properties;
  readonly container?: Properties;
  readonly template?: Properties;
  readonly spec?: Properties;
  readonly metadata?: Properties;
  /** The account that the program takes the name from; the one of `serviceAccountName` unless given, none for `null`. */
  readonly from?: readonly string[] | null;
  readonly dependsOn?: readonly string[];
  readonly resourceName?: string;
  readonly patch?: boolean;
}

/** A cluster, its Kubernetes objects and a role for one account, as a program declares them. */
export function kubernetes(options: ClusterOptions = {}) {
  const cluster = eks(options);
  const make = (
    type: string,
    name: string,
    inputs: Properties,
    from: Readonly<Record<string, readonly string[]>> = {},
  ) => resource(`kubernetes:${type}`, name, inputs, { provider: cluster.kubernetesProvider, from });
  const namespaceUrn = (namespace: string) => urnOf("kubernetes:core/v1:Namespace", namespace);
  const accountUrn = (namespace: string, name: string) =>
    urnOf("kubernetes:core/v1:ServiceAccount", `${namespace}-${name}`);
  return {
    ...cluster,
    awsAccount: cluster.account,
    make,
    /** Any AWS resource of the cluster's account and region. */
    of: (type: string, name: string, inputs: Properties, from: Readonly<Record<string, readonly string[]>> = {}) =>
      resource(type, name, inputs, { provider: cluster.aws, from }),
    accountUrn,
    namespace: (name: string, metadata: Properties = {}): readonly Part[] => [
      make("core/v1:Namespace", name, { metadata: { name, ...metadata } }),
    ],
    /** The role that trusts exactly this account, with a policy. */
    roleFor: (namespace: string, account: string, name = account): readonly Part[] =>
      cluster.role(name, cluster.trust(cluster.exact(`system:serviceaccount:${namespace}:${account}`))),
    account: (namespace: string, name: string, options: AccountOptions | string = {}): readonly Part[] => {
      const given = typeof options === "string" ? { annotations: { [ROLE_ARN]: options } } : options;
      const texts = Object.values({ ...given.annotations, ...given.labels }).filter((text) => typeof text === "string");
      const roles = given.from ?? texts.flatMap((text) => /role\/(?:.*\/)?([\w-]+)\s*$/.exec(text)?.[1] ?? []);
      const metadata: { readonly [key: string]: Value | undefined } = {
        name,
        namespace,
        ...(given.annotations ? { annotations: given.annotations } : {}),
        ...(given.labels ? { labels: given.labels } : {}),
        ...given.metadata,
      };
      const kept = Object.entries(metadata).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value] as const],
      );
      const type = given.patch ? "ServiceAccountPatch" : "ServiceAccount";
      const made = make(
        `core/v1:${type}`,
        given.resourceName ?? `${namespace}-${name}`,
        { metadata: Object.fromEntries(kept) },
        { metadata: [...roles.map((role) => urnOf("aws:iam/role:Role", role)), namespaceUrn(namespace)] },
      );
      return [{ ...made, dependencies: [...made.dependencies, ...(given.dependsOn ?? [])] }];
    },
    /** A workload of any kind; its account's name comes from the account's own resource unless told otherwise. */
    pods: (kind: string, namespace: string, name: string, account: string | undefined, given: PodOptions = {}) => {
      const pod = {
        ...(account === undefined ? {} : { serviceAccountName: account }),
        containers: [{ name: "app", image: "registry.example.com/team/app:1.4.2", ...given.container }],
        ...given.pod,
      };
      const labels = { app: name };
      const template = { metadata: { labels, ...given.template }, spec: pod };
      const metadata = { name, namespace, ...given.metadata };
      const source = given.from === null || account === undefined ? [] : [accountUrn(namespace, account)];
      const from = given.from ?? source;
      const inputs: Properties =
        kind === "Pod"
          ? { metadata: { ...metadata, ...template.metadata }, spec: pod }
          : kind === "CronJob"
            ? { metadata, spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template } }, ...given.spec } }
            : {
                metadata,
                spec: { ...(kind === "Job" ? {} : { selector: { matchLabels: labels } }), template, ...given.spec },
              };
      const made = make(
        `${TYPES[kind] ?? "apps/v1"}:${kind}${given.patch ? "Patch" : ""}`,
        given.resourceName ?? `${namespace}-${name}`,
        inputs,
        { spec: from, metadata: [namespaceUrn(namespace)] },
      );
      return [{ ...made, dependencies: [...made.dependencies, ...(given.dependsOn ?? [])] }];
    },
  };
}

/** The same resource as a chart or a YAML file of the program renders it: a child, with texts and no edges. */
export function rendered(parentType: string, parent: string, parts: readonly Part[]): readonly Part[] {
  return parts.map((part) => ({
    ...part,
    urn: part.urn.replace(`::${part.type}::`, `::${parentType}$${part.type}::`),
    parent: urnOf(parentType, parent),
    dependencies: [],
    propertyDependencies: {},
  }));
}
