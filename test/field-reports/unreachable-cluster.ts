import { isList, isObject, isUnknown, type Value } from "../../policy-pack/src/facts/value";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { UNKNOWN } from "../support/stack";
import { firstPreviewOf } from "./first-preview";

/**
 * The first preview of a program whose cluster does not exist yet: beside what AWS gives, the names that the program takes
 * from other Kubernetes objects are unknown too.
 */
export function unreachableFirstPreviewOf(snapshot: Snapshot): Snapshot {
  const first = firstPreviewOf(snapshot);
  const resources = first.resources.map((each) => {
    const from = (property: string, kind: string) =>
      (each.propertyDependencies[property] ?? []).some((urn) => urn.split("::")[2]?.endsWith(`core/v1:${kind}`));
    const takesNamespace = from("metadata", "Namespace");
    const takesAccount = from("spec", "ServiceAccount");
    if (!takesNamespace && !takesAccount) return each;
    return {
      ...each,
      inputs: Object.fromEntries(
        Object.entries(each.inputs ?? {}).map(([property, value]) => {
          if (property === "metadata" && takesNamespace) return [property, replaced(value, "namespace")];
          return [property, property === "spec" && takesAccount ? replaced(value, "serviceAccountName") : value];
        }),
      ),
    };
  });
  return { ...first, resources };
}

function replaced(value: Value, name: string): Value {
  if (isList(value)) return value.map((item) => replaced(item, name));
  if (!isObject(value) || isUnknown(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === name ? UNKNOWN : replaced(item, name)]),
  );
}
