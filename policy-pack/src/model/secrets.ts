import { absent, known, at, unknown, type Fact } from "../facts/fact";
import { isObject } from "../facts/value";
import type { KubernetesObject } from "./read-kubernetes";
import { sameText } from "./resource";
import type { KeysOfPod } from "./read-pod";

export type KeysOf = (
  kind: "secret" | "configMap",
  name: Fact<string>,
  namespace: Fact<string>,
) => ReturnType<KeysOfPod>;

/** The key names of the stack's Secrets and ConfigMaps; values are never looked at. */
export function envKeys(objects: readonly KubernetesObject[]): KeysOf {
  const sources = objects.filter((each) => each.noun.noun === "secret" || each.noun.noun === "config-map");
  return (kind, name, namespace) => {
    const wanted = kind === "secret" ? "secret" : "config-map";
    const named = sources.filter((each) => each.noun.noun === wanted && sameText(each.name, name) === true);
    const match = named.find((each) => sameText(each.namespace, namespace) === true);
    if (match) return { keys: keysOf(match), declaredBy: match.resource.urn };
    // One of a namespace that is not known yet may be another object of the same name.
    const possible = named.some((each) => sameText(each.namespace, namespace) === undefined);
    return { keys: possible ? unknown() : absent, declaredBy: undefined };
  };
}

function keysOf(object: KubernetesObject): Fact<readonly string[]> {
  const maps = ["data", "stringData"].map((property) => at(object.resource.properties, [...object.root, property]));
  const waiting = maps.find((each) => each.is === "unknown");
  if (waiting?.is === "unknown") return waiting;
  return known(maps.flatMap((each) => (each.is === "known" && isObject(each.value) ? Object.keys(each.value) : [])));
}
