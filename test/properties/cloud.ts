import type { Value } from "../../policy-pack/src/facts/value";
import type { Properties, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { UNKNOWN, urnOf } from "../support/stack";
import type { ClusterPlan } from "./plan";

/** known: everything exists. first: what the cloud or another resource gives is unknown, with its edges. */
export type Mode = "known" | "first";
export type Provider = NonNullable<SnapshotResource["provider"]>;

/** A cluster as its bindings see it: the values that they need, and where these come from. */
export interface BuiltCluster {
  readonly plan: ClusterPlan;
  readonly name: string;
  readonly partition: string;
  readonly issuer: string;
  /** Account of the OIDC provider and the roles. */
  readonly roleAccount: string;
  readonly providerArn: string;
  /** What a trust policy for this cluster comes from. */
  readonly trustFrom: readonly string[];
  /** URN of what stands for the cluster in edges: the component, where there is one. */
  readonly urn: string;
  readonly kubernetes: Provider;
  readonly roleProvider: Provider;
  readonly resources: readonly SnapshotResource[];
}

/** A value that Pulumi knows only once the resource behind it exists. */
export function computed(value: Value, mode: Mode): Value {
  return mode === "known" ? value : UNKNOWN;
}

/** One provider resource for each package, account and region, as a program with several has them. */
export function awsProvider(packageName: "aws" | "aws-native", account: string, plan: ClusterPlan): Provider {
  const type = `pulumi:providers:${packageName}`;
  const name = `${account}-${plan.region}-${plan.told ? "told" : "plain"}`;
  const role = `arn:${partitionOf(plan.region)}:iam::${account}:role/deploy`;
  const inputs: Properties = {
    region: plan.region,
    ...(plan.told ? { assumeRoles: JSON.stringify([{ roleArn: role }]) } : {}),
  };
  return { urn: urnOf(type, name), type, name, inputs };
}

export function partitionOf(region: string): string {
  return region.startsWith("cn-") ? "aws-cn" : "aws";
}
