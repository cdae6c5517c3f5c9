import { listIn } from "../facts/lists";
import type { Urn } from "../facts/fact";
import { isOpaqueSource } from "./tokens";
import type { IrsaModel, Role, Workload } from "./types";

const graphs = new WeakMap<IrsaModel, ReadonlyMap<Urn, readonly Urn[]>>();

/** What each workload and account of the stack waits for; one graph for all questions. */
function dependenciesOf(model: IrsaModel): ReadonlyMap<Urn, readonly Urn[]> {
  const done = graphs.get(model);
  if (done) return done;
  const graph = new Map([...model.workloads, ...model.serviceAccounts].map((each) => [each.urn, each.dependencies]));
  graphs.set(model, graph);
  return graph;
}

/** Whether a workload is created after a resource: it, or an account or workload that it waits for, depends on it. */
export function createdAfter(model: IrsaModel, workload: Workload, targets: readonly Urn[]): boolean {
  const dependencies = dependenciesOf(model);
  const seen = new Set<Urn>();
  const open = [...workload.dependencies];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    if (targets.includes(urn)) return true;
    if (seen.has(urn)) continue;
    seen.add(urn);
    open.push(...listIn(dependencies, urn));
  }
  return false;
}

/** What stands for a role in a dependency list: itself, and what is created after it. */
export function roleUrns(role: Role): readonly Urn[] {
  const { attachments, possible } = role.permissions;
  return [role.urn, ...[...attachments, ...possible].map((each) => each.urn)];
}

/**
 * True for an object that a chart or a YAML file of the program makes: its manifest names others by plain text, and the program
 * has no place to write a dependency.
 */
export function isRendered(urn: Urn): boolean {
  const types = urn.split("::")[2]?.split("$") ?? [];
  return types.slice(0, -1).some(isOpaqueSource);
}
