import { buildModel } from "../../policy-pack/src/model/build";
import type { IrsaModel, OpaqueSource } from "../../policy-pack/src/model/types";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Properties, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { resource, ROLE_ARN, wired, type ResourceOptions, type Wiring } from "./stack";

/** Helm releases for the tests of what the values of a chart say: `dns`, of a chart that nobody knows, in the namespace `shop`. */

export const RELEASE = "kubernetes:helm.sh/v3:Release";
export const CHART = "kubernetes:helm.sh/v3:Chart";
export const ROLE_KEY = "eks.amazonaws.com/role-arn";

/** The values of a chart, as a program writes them. */
export interface Values {
  readonly [key: string]: Value;
}

export interface ReleaseOptions {
  readonly type?: string;
  readonly name?: string;
  /** More of the release's inputs, or others in place of its own; `undefined` leaves one out. */
  readonly inputs?: { readonly [key: string]: Value | undefined };
  /** What the provider says of the release. */
  readonly outputs?: Properties;
  /** The URNs that the values came from. */
  readonly from?: readonly string[];
  readonly provider?: ResourceOptions["provider"];
}

export function releaseOf(values: Value, options: ReleaseOptions = {}): SnapshotResource {
  const { type = RELEASE, name = "dns" } = options;
  const all = { name, chart: "generic", namespace: "shop", values, ...options.inputs };
  const inputs: Properties = Object.fromEntries(
    Object.entries<Value | undefined>(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  return resource(type, name, inputs, {
    outputs: { ...inputs, ...options.outputs },
    from: { values: options.from ?? [] },
    ...("provider" in options ? { provider: options.provider } : {}),
  });
}

/** The values below so many keys: `{ part: { part: values } }`. */
export function nested(depth: number, values: Values): Values {
  return depth === 0 ? values : nested(depth - 1, { part: values });
}

/** The block of an account that the values give a role. */
export function withRoleArn(arn: Value = ROLE_ARN, more: Values = {}): Values {
  return { ...more, annotations: { [ROLE_KEY]: arn } };
}

/** The model of the stack with more resources, and the first chart in it. */
export function chartIn(
  plus: readonly SnapshotResource[],
  changes: Wiring = {},
): { readonly model: IrsaModel; readonly source: OpaqueSource } {
  const model = buildModel(wired({ ...changes, plus }));
  const [source] = model.opaqueSources;
  if (!source) throw new Error("no chart");
  return { model, source };
}
