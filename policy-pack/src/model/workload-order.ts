import type { Urn } from "../facts/fact";
import type { IrsaModel, Role, Workload } from "./types";

/** Whether a workload is created after a resource: it, or an account or workload that it waits for, depends on it. */
export function createdAfter(model: IrsaModel, workload: Workload, targets: readonly Urn[]): boolean {
  const dependencies = new Map<Urn, readonly Urn[]>();
  for (const each of [...model.workloads, ...model.serviceAccounts])
    dependencies.set(each.urn, [...(dependencies.get(each.urn) ?? []), ...each.dependencies]);
  const seen = new Set<Urn>();
  const open = [...workload.dependencies];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    if (targets.includes(urn)) return true;
    if (seen.has(urn)) continue;
    seen.add(urn);
    open.push(...(dependencies.get(urn) ?? []));
  }
  return false;
}

/** What stands for a role in a dependency list: itself, and what is created after it. */
export function roleUrns(role: Role): readonly Urn[] {
  const { attachments, possible } = role.permissions;
  return [role.urn, ...[...attachments, ...possible].map((each) => each.urn)];
}
