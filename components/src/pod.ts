import * as pulumi from "@pulumi/pulumi";
import type * as kubernetes from "@pulumi/kubernetes/types/input";
import type { EnvVar } from "./args";
import { isLiteral, settled } from "./checks";
import { refused } from "./refusal";

type PodSpec = kubernetes.core.v1.PodSpec;
type PodTemplateSpec = kubernetes.core.v1.PodTemplateSpec;
type Container = kubernetes.core.v1.Container;
type ObjectMeta = kubernetes.meta.v1.ObjectMeta;
type ContainerEnv = kubernetes.core.v1.EnvVar;

/** Variables that name the region; botocore reads only the second, other SDKs only the first. */
const REGION_VARIABLES = ["AWS_REGION", "AWS_DEFAULT_REGION"] as const;

interface RegionVariable {
  readonly name: string;
  readonly value: pulumi.Input<string>;
}

/** What a pod has to have to run as an account of a binding. */
export interface PodIdentity {
  /** Pulumi name of the binding. */
  readonly binding: string;
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
function regionEnv(region: pulumi.Input<string> | undefined): RegionVariable[] {
  return region === undefined ? [] : REGION_VARIABLES.map((name) => ({ name, value: region }));
}

/** The same as one Output; empty when the region turns out not to be known. */
export function regionEnvOutput(region: pulumi.Input<string | undefined>): pulumi.Output<EnvVar[]> {
  return pulumi
    .output(region)
    .apply((settled) => (settled ? REGION_VARIABLES.map((name) => ({ name, value: settled })) : []));
}

/**
 * The pod spec with the account's name and the region variables of each container. Every field of the caller stays, in its place
 * and order; what the caller has set already wins, as far as it says the same account.
 * @throws pulumi.InputPropertiesError when the spec names another account.
 */
export function podSpecFor(
  identity: PodIdentity,
  spec: PodSpec,
): PodSpec & { serviceAccountName: pulumi.Output<string> } {
  const named = { ...spec, serviceAccountName: accountName(identity, spec) };
  const ours = regionEnv(identity.region);
  if (ours.length === 0) return named;
  return {
    ...named,
    containers: withEnv(ours, spec.containers),
    ...(spec.initContainers !== undefined && { initContainers: withEnv(ours, spec.initContainers) }),
  };
}

/** The pod template with the binding's annotations and the pod spec of podSpecFor. */
export function podTemplateFor(identity: PodIdentity, template: PodTemplateSpec): PodTemplateSpec {
  const { metadata, spec } = template;
  return {
    ...template,
    metadata: mapInput<ObjectMeta, ObjectMeta>(metadata ?? {}, (settled) => ({
      ...settled,
      annotations: mapInput(settled.annotations ?? {}, (annotations) => ({ ...annotations, ...identity.annotations })),
    })),
    ...(spec !== undefined && { spec: mapInput<PodSpec, PodSpec>(spec, (settled) => podSpecFor(identity, settled)) }),
  };
}

function accountName(identity: PodIdentity, spec: PodSpec): pulumi.Output<string> {
  const ours = identity.name;
  return [spec.serviceAccountName, spec.serviceAccount].reduce<pulumi.Output<string>>((name, theirs) => {
    if (theirs === undefined || theirs === ours) return name;
    if (isLiteral(theirs) && identity.literalName !== undefined) {
      if (theirs !== identity.literalName) throw otherAccount(identity, theirs, identity.literalName);
      return name;
    }
    return pulumi.all([name, theirs]).apply(([settled, other]) => {
      if (other !== undefined && other !== settled) throw otherAccount(identity, other, settled);
      return settled;
    });
  }, ours);
}

function otherAccount(identity: PodIdentity, theirs: string, ours: string): Error {
  return refused(identity.binding, [
    {
      propertyPath: "podSpec.serviceAccountName",
      reason: `"${theirs}" is not legal: the binding's account is "${ours}"; leave serviceAccountName out, or use the binding of "${theirs}"`,
    },
  ]);
}

function withEnv(
  ours: readonly RegionVariable[],
  containers: PodSpec["containers"] | NonNullable<PodSpec["initContainers"]>,
): pulumi.Input<pulumi.Input<Container>[]> {
  return mapInput<pulumi.Input<Container>[], pulumi.Input<Container>[]>(containers, (list) =>
    list.map((container) =>
      mapInput<Container, Container>(container, (settled) => ({
        ...settled,
        env: mapInput<pulumi.Input<ContainerEnv>[], pulumi.Input<ContainerEnv>[]>(settled.env ?? [], (env) =>
          mergedEnv(ours, env),
        ),
      })),
    ),
  );
}

/** Ours come first: among equal names Kubernetes takes the last, so that a variable whose name is an Output still wins over ours. */
function mergedEnv(
  ours: readonly RegionVariable[],
  theirs: pulumi.Input<ContainerEnv>[],
): pulumi.Input<ContainerEnv>[] {
  const named = (name: string): ContainerEnv | undefined =>
    theirs.find((each): each is ContainerEnv => isLiteral(each) && each.name === name);
  const set = REGION_VARIABLES.flatMap((name) => named(name) ?? []);
  const missing = ours.filter((each) => named(each.name) === undefined);
  const [other] = set;
  return [
    ...missing.map((each): pulumi.Input<ContainerEnv> => (other ? { ...other, name: each.name } : each)),
    ...theirs,
  ];
}

function mapInput<T, R>(input: pulumi.Input<T> | pulumi.Input<T | undefined>, map: (value: T) => R): pulumi.Input<R> {
  return isLiteral<T | undefined>(input) ? map(input as T) : settled(input, (value) => map(value as T));
}
