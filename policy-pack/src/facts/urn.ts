import type { Urn } from "./fact";

/**
 * The type and name in a URN: `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`. The name may itself hold
 * `::`. Both are empty for text that is no URN.
 */
export function parseUrn(urn: Urn): { readonly type: string; readonly name: string } {
  const parts = urn.split("::");
  const chain = parts[2] ?? "";
  return { type: chain.slice(chain.lastIndexOf("$") + 1), name: parts.slice(3).join("::") };
}

/** What the URNs of one stack begin with: `urn:pulumi:<stack>::<project>`. */
export function stackOf(urn: Urn): string {
  return urn.split("::", 2).join("::");
}
