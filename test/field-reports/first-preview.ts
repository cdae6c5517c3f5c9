import { isList, isObject, type Value } from "../../policy-pack/src/facts/value";
import type { Properties, Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { UNKNOWN } from "../support/stack";

/**
 * The same program at its first preview: what AWS gives each resource is unknown, and with it every text that was made of
 * it; names and other literals stay, and so do the edges.
 */
export function firstPreviewOf(snapshot: Snapshot): Snapshot {
  const given = new Map<string, readonly string[]>();
  const providers = new Map<string, Properties>();
  const resources = snapshot.resources.map((each) => {
    const inputs = hideInputs(each, given);
    given.set(each.urn, computed(each, inputs));
    if (each.type.startsWith("pulumi:providers:")) providers.set(each.urn, inputs);
    const provider = each.provider && {
      ...each.provider,
      inputs: providers.get(each.provider.urn) ?? each.provider.inputs,
    };
    const outputs = each.type.startsWith("kubernetes:") ? {} : hideOutputs(each, inputs);
    return { ...each, inputs, outputs, ...(provider ? { provider } : {}) };
  });
  return { ...snapshot, resources };
}

function hideInputs(each: SnapshotResource, given: ReadonlyMap<string, readonly string[]>): Properties {
  return Object.fromEntries(
    Object.entries(each.inputs ?? {}).map(([property, value]) => {
      const hidden = (each.propertyDependencies[property] ?? []).flatMap((urn) => given.get(urn) ?? []);
      return [property, hidden.length > 0 ? hide(value, hidden) : value];
    }),
  );
}

/** A text, a key or a name that holds something hidden is unknown as a whole. */
function hide(value: Value, hidden: readonly string[]): Value {
  if (typeof value === "string") return hidden.some((text) => value.includes(text)) ? UNKNOWN : value;
  if (isList(value)) return value.map((item) => hide(item, hidden));
  if (!isObject(value)) return value;
  if (Object.keys(value).some((key) => hidden.some((text) => key.includes(text)))) return UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item, hidden)]));
}

function hideOutputs(each: SnapshotResource, inputs: Properties): Properties {
  return Object.fromEntries(
    Object.keys(each.outputs ?? {}).map((key) => [
      key,
      Object.hasOwn(inputs, key) ? (inputs[key] ?? UNKNOWN) : UNKNOWN,
    ]),
  );
}

/** The texts that only AWS knows: outputs that are no inputs, and inputs that are not known themselves. */
function computed(each: SnapshotResource, inputs: Properties): readonly string[] {
  const texts = Object.entries(each.outputs ?? {}).flatMap(([key, value]) =>
    JSON.stringify(inputs[key]) === JSON.stringify(value) ? [] : textsIn(value),
  );
  return texts.map((text) => text.replace(/^https:\/\//, "")).filter((text) => text.length > 3);
}

function textsIn(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  if (isList(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
