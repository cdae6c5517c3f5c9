import { buildModel } from "../../policy-pack/src/model/build";
import type { Container, IrsaModel, Workload } from "../../policy-pack/src/model/types";
import { boundWorkload, type BoundWorkload } from "../../policy-pack/src/model/workload-bound";
import { environmentOf, type Environment } from "../../policy-pack/src/model/workload-env";
import { parseUrn } from "../../policy-pack/src/facts/urn";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { urns, wired, type Change, type Wiring } from "./stack";

/** Pods for the tests of what a workload's pods are: the Deployment `api` of a stack with parts of its pod replaced. */

/** The parts of a container, or of a pod spec, as a program writes them. */
export interface Written {
  readonly [key: string]: Value;
}

/** The Deployment with this laid over the spec of its pods. */
export function podSpec(spec: Change): Change {
  return { spec: { template: { spec } } };
}

/** The container `api` with more parts. */
export function containerOf(parts: Written = {}): Value {
  return { name: "api", image: "example.com/shop/api:1.4.2", ...parts };
}

/** The Deployment whose only container has these parts, beside more of the pod spec. */
export function podOf(container: Written, spec: Written = {}): Change {
  return podSpec({ containers: [containerOf(container)], ...spec });
}

/** An `env` list: each variable with its literal value, or with the object that says where it comes from. */
export function envOf(values: Written): Value {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** A workload of a stack, as the model reads it. */
export function workloadIn(
  stack: Snapshot,
  urn: string = urns.deployment,
): { readonly model: IrsaModel; readonly workload: Workload } {
  const model = buildModel(stack);
  const workload = model.workloads.find((each) => each.urn === urn);
  if (!workload) throw new Error(`no workload ${urn}`);
  return { model, workload };
}

export interface PodInStack {
  readonly model: IrsaModel;
  readonly workload: Workload;
  readonly bound: BoundWorkload | undefined;
  readonly container: Container;
  readonly environment: Environment;
}

/** The Deployment of a stack with its first container and what that sees. */
export function podIn(changes: Wiring, urn?: string): PodInStack {
  const { model, workload } = workloadIn(wired(changes), urn);
  const { containers } = workload.pod;
  const container = containers.is === "known" ? containers.value[0] : undefined;
  const environment = container ? environmentOf(container) : undefined;
  if (!container || environment?.is !== "known") throw new Error("no container whose environment is known");
  return { model, workload, bound: boundWorkload(model, workload), container, environment: environment.value };
}

/** The same, for a workload whose account carries a role. */
export function boundPodIn(changes: Wiring, urn?: string): PodInStack & { readonly bound: BoundWorkload } {
  const pod = podIn(changes, urn);
  if (!pod.bound) throw new Error("no account with a role");
  return { ...pod, bound: pod.bound };
}

/** The names of resources, as people say them: `api and web`. */
export function namesOf(waitsFor: readonly string[] | undefined): string {
  if (waitsFor === undefined) return "nothing";
  if (waitsFor.length === 0) return "nobody can say what";
  return waitsFor.map((urn) => parseUrn(urn).name || "a resource without a URN").join(" and ");
}
