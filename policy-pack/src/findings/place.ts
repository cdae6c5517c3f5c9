import type { Urn } from "../facts/fact";
import { parseUrn } from "../facts/urn";
import type { Place } from "../rules/rule";

/** `aws:iam/role:Role api`; what only the configuration names has no resource. */
export function label(urn: Urn): string {
  const { type, name } = parseUrn(urn);
  return type ? `${type} ${name}` : "the configuration of irsa-context";
}

/** By resource, then by path. */
export function byPlace(a: Place, b: Place): number {
  return compare(a.urn, b.urn) || compare(a.path, b.path);
}

/** By code unit, so that the order is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
