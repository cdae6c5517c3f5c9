import type { Urn } from "../facts/fact";
import { dig, document, fields, list, oneOrMore } from "./json";
import { isGiven, known, type Resources, type StackResource, textOf, valueOf } from "./resources";

/**
 * The parties of IRSA chains among a stack's resources, as far as a picture needs them. The gate draws and counts with
 * them; what is right or wrong with them only the pack says.
 */
export interface Members {
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly workloads: readonly Workload[];
  readonly roles: readonly Role[];
  readonly providers: readonly Provider[];
  readonly clusters: readonly StackResource[];
  readonly addons: readonly Addon[];
  /** IrsaBinding components. */
  readonly bindings: readonly StackResource[];
}

interface Named {
  readonly resource: StackResource;
  /** Undefined while unknown. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

export interface ServiceAccount extends Named {
  readonly annotated: boolean;
  readonly roleArn: string | undefined;
  /** The EKS cluster of this stack that its Kubernetes provider is configured for. */
  readonly cluster: StackResource | undefined;
}

export interface Workload extends Named {
  readonly accountName: string | undefined;
}

export interface Role {
  readonly resource: StackResource;
  readonly arn: string | undefined;
  /** ARNs of the OIDC providers that its trust policy names. */
  readonly federated: readonly string[];
  /** `system:serviceaccount:<namespace>:<name>` without its prefix, as the trust policy has it. */
  readonly subjects: readonly { readonly namespace: string; readonly name: string }[];
  readonly forPods: boolean;
  readonly permissions: number;
}

export interface Provider {
  readonly resource: StackResource;
  readonly arn: string | undefined;
  readonly issuer: string | undefined;
}

interface Addon {
  readonly resource: StackResource;
  readonly name: string;
  readonly roleArn: string | undefined;
}

const ROLE_ANNOTATION = /(^|\.)amazonaws\.com\/role-arn$/;
const SUBJECT = /^system:serviceaccount:([^:]+):([^:]+)$/;
const POD_OWNER =
  /^kubernetes:(core\/v1|apps\/v1(beta[12])?|batch\/v1(beta1)?|extensions\/v1beta1):(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob)(Patch)?$/;

export function findMembers(resources: Resources): Members {
  // The engine tells of resources as they are registered, in another order in each run.
  const all = [...resources.values()].toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  const ofType = (...types: readonly string[]) => all.filter(({ type }) => types.includes(type));
  const clusters = ofType("aws:eks/cluster:Cluster", "aws-native:eks:Cluster");
  const providers = ofType("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws-native:iam:OidcProvider").map(
    readProvider,
  );
  return {
    serviceAccounts: all
      .filter(({ type }) => /^kubernetes:core\/v1:ServiceAccount(Patch)?$/.test(type))
      .map((resource) => readServiceAccount(resource, resources, clusters)),
    workloads: all.filter(({ type }) => POD_OWNER.test(type)).map((resource) => readWorkload(resource, resources)),
    roles: ofType("aws:iam/role:Role", "aws-native:iam:Role").map((role) => readRole(role, all, providers)),
    providers,
    clusters,
    addons: ofType("aws:eks/addon:Addon", "aws-native:eks:Addon")
      .filter((addon) => isGiven(addon, "serviceAccountRoleArn"))
      .map((resource) => ({
        resource,
        name: textOf(resource, "addonName") ?? resource.name,
        roleArn: textOf(resource, "serviceAccountRoleArn"),
      })),
    bindings: all.filter(({ type }) => type === "eks-irsa:index:IrsaBinding"),
  };
}

/** A stack without any of these has nothing that the gate could judge. */
export function usesIrsa({ serviceAccounts, roles, addons, bindings }: Members): boolean {
  return (
    bindings.length + addons.length > 0 ||
    serviceAccounts.some(({ annotated }) => annotated) ||
    roles.some(({ forPods }) => forPods)
  );
}

function readServiceAccount(
  resource: StackResource,
  resources: Resources,
  clusters: readonly StackResource[],
): ServiceAccount {
  const kubernetes = resources.get(resource.provider ?? "");
  const configuredFor =
    kubernetes === undefined ? [] : dependenciesOf(kubernetes, ...Object.keys(kubernetes.dependencies));
  const annotations = fields(valueOf(resource, "metadata", "annotations"));
  const key = Object.keys(annotations).find((each) => ROLE_ANNOTATION.test(each));
  return {
    ...readNames(resource, resources),
    annotated: key !== undefined,
    roleArn: key === undefined ? undefined : known(annotations[key]),
    cluster: clusters.find(({ urn }) => configuredFor.includes(urn)),
  };
}

function readWorkload(resource: StackResource, resources: Resources): Workload {
  const kind = resource.type.slice(resource.type.lastIndexOf(":") + 1);
  const pod = kind.startsWith("Pod")
    ? ["spec"]
    : kind.startsWith("CronJob")
      ? ["spec", "jobTemplate", "spec", "template", "spec"]
      : ["spec", "template", "spec"];
  const accountName = textOf(resource, ...pod, "serviceAccountName") ?? textOf(resource, ...pod, "serviceAccount");
  const isNamed = isGiven(resource, ...pod, "serviceAccountName") || isGiven(resource, ...pod, "serviceAccount");
  return { ...readNames(resource, resources), accountName: accountName ?? (isNamed ? undefined : "default") };
}

function readNames(resource: StackResource, resources: Resources): Named {
  const namespace = textOf(resource, "metadata", "namespace");
  return {
    resource,
    name: textOf(resource, "metadata", "name"),
    namespace:
      namespace ?? (isGiven(resource, "metadata", "namespace") ? wiredNamespace(resource, resources) : "default"),
  };
}

/** The name of the one Namespace that the metadata is made from: before the cluster exists its outputs are unknown. */
function wiredNamespace(resource: StackResource, resources: Resources): string | undefined {
  const [only, ...others] = dependenciesOf(resource, "metadata").flatMap((urn) => {
    const found = resources.get(urn);
    return found?.type === "kubernetes:core/v1:Namespace" ? [found] : [];
  });
  return only === undefined || others.length > 0 ? undefined : textOf(only, "metadata", "name");
}

function readProvider(resource: StackResource): Provider {
  return {
    resource,
    arn: textOf(resource, "arn"),
    issuer: textOf(resource, "url")?.replace(/^https:\/\//, ""),
  };
}

function readRole(resource: StackResource, all: readonly StackResource[], providers: readonly Provider[]): Role {
  const source = textOf(resource, "assumeRolePolicy") ?? valueOf(resource, "assumeRolePolicy");
  const trust = source ?? valueOf(resource, "assumeRolePolicyDocument");
  const statements = oneOrMore(dig(document(trust), "Statement"));
  const federated = statements.flatMap((statement) =>
    oneOrMore(dig(statement, "Principal", "Federated")).flatMap((arn) => known(arn) ?? []),
  );
  const madeFrom = dependenciesOf(resource, "assumeRolePolicy", "assumeRolePolicyDocument");
  return {
    resource,
    arn: textOf(resource, "arn"),
    federated,
    subjects: statements.flatMap(subjectsOf),
    forPods:
      federated.some(
        (arn) => (arn.includes("oidc-provider/") && /\beks\b/.test(arn)) || providers.some((each) => each.arn === arn),
      ) || providers.some(({ resource: { urn } }) => madeFrom.includes(urn)),
    permissions: countPermissions(resource, all),
  };
}

function subjectsOf(statement: unknown): readonly { readonly namespace: string; readonly name: string }[] {
  return Object.values(fields(dig(statement, "Condition"))).flatMap((condition) =>
    Object.entries(fields(condition)).flatMap(([key, values]) =>
      key.endsWith(":sub")
        ? oneOrMore(values).flatMap((value) => {
            const [, namespace, name] = SUBJECT.exec(known(value) ?? "") ?? [];
            return namespace === undefined || name === undefined ? [] : [{ namespace, name }];
          })
        : [],
    ),
  );
}

function countPermissions(role: StackResource, all: readonly StackResource[]): number {
  const names = [textOf(role, "name"), textOf(role, "roleName"), textOf(role, "arn")].filter(Boolean);
  const attached = all.filter(
    (each) =>
      /^aws(-native)?:iam[/:](rolePolic|rolePolicyAttachment|policyAttachment|RolePolicy)/.test(each.type) &&
      (dependenciesOf(each, "role", "roleName", "roles").includes(role.urn) ||
        [textOf(each, "role"), textOf(each, "roleName"), ...list(valueOf(each, "roles"))].some(
          (name) => typeof name === "string" && names.includes(name),
        )),
  );
  const inline = ["managedPolicyArns", "inlinePolicies", "policies"].flatMap((key) => list(role.inputs[key]));
  return attached.length + inline.length;
}

export function dependenciesOf(resource: StackResource, ...properties: readonly string[]): readonly Urn[] {
  return properties.flatMap((property) => resource.dependencies[property] ?? []);
}
