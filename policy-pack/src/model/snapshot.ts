import type { Urn } from "../facts/fact";
import type { Value } from "../facts/value";
import type { ContextConfig } from "./config";

/**
 * One preview, update or state file as the pack saw it: plain JSON, so that it can be saved and replayed.
 * Resources that have nothing to do with the chain are left out.
 */
export interface Snapshot {
  readonly format: 1;
  /** `YYYY-MM-DD` in UTC: the only clock there is, for suppressions that expire. */
  readonly today: string;
  readonly config: ContextConfig;
  readonly resources: readonly SnapshotResource[];
}

export interface SnapshotResource {
  readonly urn: Urn;
  /** Type token, for example `aws:iam/role:Role`. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** What the program asked for, after the provider's check; absent when only the stack phase saw the resource. */
  readonly inputs?: Properties;
  /** The state after the preview or update; empty for Kubernetes while the cluster is not known. */
  readonly outputs?: Properties;
  readonly parent?: Urn;
  readonly provider?: { readonly urn: Urn; readonly type: string; readonly name: string; readonly inputs: Properties };
  readonly dependencies: readonly Urn[];
  /** Per top-level input property, the resources that its value came from. */
  readonly propertyDependencies: Readonly<Record<string, readonly Urn[]>>;
}

export type Properties = { readonly [key: string]: Value };
