import { waitingRules } from "../findings/parse";
import { rules } from "../rules";
import type { Link } from "../rules/rule";

const LINKS: ReadonlyMap<string, Link> = new Map(rules.map(({ id, link }) => [id, link]));

/**
 * The links that a line of irsa-unverified leaves open: those of the rules that wait. All others the pack has judged, by
 * value or by the wiring of the program. Undefined when the line names no rule, or one of another version of the pack: then
 * every link counts as open.
 */
export function awaitedLinks(says: string): ReadonlySet<Link> | undefined {
  const links = waitingRules(says).map((id) => LINKS.get(id));
  if (links.length === 0 || links.includes(undefined)) return undefined;
  return new Set(links.filter((link) => link !== undefined));
}
