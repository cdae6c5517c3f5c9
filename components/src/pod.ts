import * as pulumi from "@pulumi/pulumi";
import type * as kubernetes from "@pulumi/kubernetes/types/input";
import type { EnvVar } from "./args";
import { isLiteral, refused } from "./checks";

type PodSpec = kubernetes.core.v1.PodSpec;
type PodTemplateSpec = kubernetes.core.v1.PodTemplateSpec;
type Container = kubernetes.core.v1.Container;
type ContainerEnv = kubernetes.core.v1.EnvVar;

/** Variables that name the region; botocore reads only the second, other SDKs only the first. */
const REGION_VARIABLES = ["AWS_REGION", "AWS_DEFAULT_REGION"] as const;

/** What a pod has to have to run as an account of a binding. */
export interface PodIdentity {
  /** Name of the account when it is known while the program runs. */
  readonly literalName: string | undefined;
  /** Name of the account, after its ServiceAccount. */
  readonly name: pulumi.Output<string>;
  /** Region of the cluster; undefined when the issuer is not one of EKS. */
  readonly region: pulumi.Input<string> | undefined;
  /** Annotations whose values change when pods have to be started anew. */
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The region variables as environment of a container: both or none, since the webhook adds none when it finds one. */
export function regionEnv(region: pulumi.Input<string> | undefined): { name: string; value: pulumi.Input<string> }[] {
  return region === undefined ? [] : REGION_VARIABLES.map((name) => ({ name, value: region }));
}

/** The same as one Output; empty when the region turns out not to be known. */
export function regionEnvOutput(region: pulumi.Input<string | undefined>): pulumi.Output<EnvVar[]> {
  return pulumi.output(region).apply((settled) => (settled ? REGION_VARIABLES.map((name) => ({ name, value: settled })) : []));
}

/**
 * The pod spec with the account's name and the region variables of each container. Every field of the caller stays, in its place
 * and order; what the caller has set already wins, as far as it says the same account.
 * @throws pulumi.InputPropertiesError when the spec names another account.
 */
export function podSpecFor(identity: PodIdentity, spec: PodSpec): PodSpec & { serviceAccountName: pulumi.Output<string> } {
  return {
    ...spec,
    serviceAccountName: accountName(identity, spec),
    containers: withRegion(identity, spec.containers),
    ...(spec.initContainers !== undefined && { initContainers: withRegion(identity, spec.initContainers) }),
  };
}

/** The pod template with the binding's annotations and the pod spec of podSpecFor. */
export function podTemplateFor(identity: PodIdentity, template: PodTemplateSpec): PodTemplateSpec {
  const { metadata, spec } = template;
  return {
    ...template,
    metadata: mapInput(metadata ?? {}, (settled) => ({
      ...settled,
      annotations: mapInput(settled.annotations ?? {}, (annotations) => ({ ...annotations, ...identity.annotations })),
    })),
    ...(spec !== undefined && { spec: mapInput(spec, (settled) => podSpecFor(identity, settled)) }),
  };
}

function accountName(identity: PodIdentity, spec: PodSpec): pulumi.Output<string> {
  const ours = identity.name;
  const given = [spec.serviceAccountName, spec.serviceAccount].filter((each) => each !== undefined);
  return given.reduce<pulumi.Output<string>>((name, theirs) => {
    if (theirs === undefined || theirs === ours) return name;
    if (isLiteral(theirs) && identity.literalName !== undefined) {
      if (theirs !== identity.literalName) throw otherAccount(theirs, identity.literalName);
      return name;
    }
    return pulumi.all([name, theirs]).apply(([settled, other]) => {
      if (other !== undefined && other !== settled) throw otherAccount(other, settled);
      return settled;
    });
  }, ours);
}

function otherAccount(theirs: string, ours: string): Error {
  return refused([
    {
      propertyPath: "podSpec.serviceAccountName",
      reason: `"${theirs}" is not legal: the binding's account is "${ours}"; leave serviceAccountName out, or use the binding of "${theirs}"`,
    },
  ]);
}

function withRegion(
  identity: PodIdentity,
  containers: pulumi.Input<pulumi.Input<Container>[]>,
): pulumi.Input<pulumi.Input<Container>[]> {
  const ours = regionEnv(identity.region);
  if (ours.length === 0) return containers;
  return mapInput(containers, (list) =>
    list.map((container) => mapInput(container, (settled) => ({ ...settled, env: mapInput(settled.env ?? [], (env) => mergedEnv(ours, env)) }))),
  );
}

/** Ours come first: among equal names Kubernetes takes the last, so that a variable whose name is an Output still wins over ours. */
function mergedEnv(
  ours: readonly { readonly name: string; readonly value: pulumi.Input<string> }[],
  theirs: pulumi.Input<ContainerEnv>[],
): pulumi.Input<ContainerEnv>[] {
  const named = (name: string): ContainerEnv | undefined =>
    theirs.find((each): each is ContainerEnv => isLiteral(each) && each.name === name);
  const set = REGION_VARIABLES.flatMap((name) => named(name) ?? []);
  const missing = ours.filter((each) => named(each.name) === undefined);
  const [other] = set;
  return [...missing.map((each): pulumi.Input<ContainerEnv> => (other ? { ...other, name: each.name } : each)), ...theirs];
}

function mapInput<T, R>(input: pulumi.Input<T>, map: (value: T) => R): pulumi.Input<R> {
  if (isLiteral(input)) return map(input);
  return pulumi.output(input as pulumi.Input<unknown>).apply((value) => map(value as T)) as pulumi.Output<R>;
}
