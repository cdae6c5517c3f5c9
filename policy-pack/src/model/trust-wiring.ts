import type { Binding, Cluster, OidcProvider, Role } from "./types";

/**
 * What the edges of a trust policy say of the cluster on which an account lives, whatever the policy's text. here: it comes
 * from that cluster or its provider. elsewhere: it comes from other clusters only, and nothing that it comes from could name
 * this one. undecided: the edges do not tell.
 */
export type Wired =
  | { readonly kind: "here" }
  | { readonly kind: "undecided" }
  | { readonly kind: "elsewhere"; readonly cluster: Cluster; readonly trusted: readonly Cluster[] };

export function wiredElsewhere(binding: Binding, role: Role): Wired {
  const { cluster: join } = binding;
  if (join.how === "unresolved") return { kind: "undecided" };
  const cluster = join.to;
  const through = role.wiredProviders.map(clusterOf);
  if (role.wiredClusters.includes(cluster) || through.includes(cluster)) return { kind: "here" };
  const trusted = [...new Set([...role.wiredClusters, ...through.flatMap((each) => each ?? [])])];
  // A literal can name a cluster whose issuer exists already, so only one that is yet to be made is ruled out by edges alone.
  const unnameable = cluster.declared && cluster.issuer.is === "unknown";
  if (!unnameable || !role.wiringComplete || trusted.length === 0 || through.includes(undefined))
    return { kind: "undecided" };
  return { kind: "elsewhere", cluster, trusted };
}

/** The cluster that a provider is for; undefined while that cannot be told. */
function clusterOf({ cluster, wiredClusters }: OidcProvider): Cluster | undefined {
  if (cluster.how !== "unresolved") return cluster.to;
  return wiredClusters.length === 1 ? wiredClusters[0] : undefined;
}
