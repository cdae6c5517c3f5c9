import type { Value } from "../../policy-pack/src/facts/value";
import { holdsUnknown, isList, isObject } from "../../policy-pack/src/facts/value";
import type { Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { awsNoun } from "../../policy-pack/src/model/tokens";
import type { Place } from "./leaves";

/**
 * The snapshot with only those edges that tell the truth: a known property keeps the edges to resources of which it holds
 * some text. Cases are written by changing one correct stack, so that a literal of another stack may still claim to come
 * from here; if such a value is then hidden, what its edge says is false, and no program gives that.
 */
export function withHonestEdges(snapshot: Snapshot): Snapshot {
  const byUrn = new Map(snapshot.resources.map((each) => [each.urn, each]));
  const resources = snapshot.resources.map((each) => {
    const kept = Object.entries(each.propertyDependencies).map(([property, urns]) => {
      const value = each.inputs?.[property];
      const honest = urns.filter((urn) => {
        const source = byUrn.get(urn);
        return value === undefined || holdsUnknown(value) || source === undefined || gives(source, value, each);
      });
      return [property, honest] as const;
    });
    const dropped = Object.values(each.propertyDependencies)
      .flat()
      .filter((urn) => !kept.some(([, urns]) => urns.includes(urn)));
    return {
      ...each,
      propertyDependencies: Object.fromEntries(kept),
      // A dependency without a value is what `dependsOn` makes: it says nothing of where a value came from.
      dependencies: [...new Set([...each.dependencies, ...dropped])],
    };
  });
  return { ...snapshot, resources };
}

/**
 * What a Kubernetes object takes from a role is the ARN: the name is known at every preview, so a text that was put together
 * from it is never unknown.
 */
function gives(source: SnapshotResource, value: Value, to: SnapshotResource): boolean {
  const takesArn = awsNoun(source.type) === "role" && to.type.startsWith("kubernetes:");
  const texts = textsIn(takesArn ? (source.outputs?.["arn"] ?? []) : [source.outputs ?? {}, source.inputs ?? {}]);
  return textsIn(value).some((text) => texts.some((given) => isTelling(given) && text.includes(given)));
}

/** Words of the policy language and the audience stand in every trust policy, wherever it came from. */
function isTelling(text: string): boolean {
  return text.length > 1 && !/^(Allow|Deny|sts[.:].*|2012-10-17)$/.test(text);
}

/** Every text of a value, at any depth. */
export function textsIn(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  if (isList(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** The snapshot with the edges of a place's property taken away, as for a value from the configuration. */
export function withoutEdges(snapshot: Snapshot, { urn, path }: Pick<Place, "urn" | "path">): Snapshot {
  const [property] = path;
  const resources = snapshot.resources.map((each) => {
    if (each.urn !== urn) return each;
    const kept = Object.entries(each.propertyDependencies).filter(([key]) => key !== property);
    return { ...each, propertyDependencies: Object.fromEntries(kept) };
  });
  return { ...snapshot, resources };
}
