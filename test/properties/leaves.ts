import { isList, isObject, isUnknown, UNKNOWN, type Value } from "../../policy-pack/src/facts/value";
import type { Properties, Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";

export type Step = string | number;

/** One place in a snapshot: a property of a resource, at any depth, or one of a provider's configuration. */
export interface Place {
  readonly urn: string;
  readonly part: "inputs" | "outputs" | "provider";
  readonly path: readonly Step[];
  readonly value: Value;
}

/** Every node of every property, inner objects and lists included; what a resource's inputs hold is not counted again in its outputs. */
export function placesOf(snapshot: Snapshot): readonly Place[] {
  const providers = new Map(snapshot.resources.flatMap((each) => (each.provider ? [[each.provider.urn, each]] : [])));
  const declared = new Set(snapshot.resources.map((each) => each.urn));
  return [
    ...snapshot.resources.flatMap((each) => [
      ...nodes(each.inputs ?? {}, []).map((node) => ({ urn: each.urn, part: "inputs" as const, ...node })),
      ...nodes(without(each.outputs ?? {}, each.inputs ?? {}), []).map((node) => ({
        urn: each.urn,
        part: "outputs" as const,
        ...node,
      })),
    ]),
    ...[...providers].flatMap(([urn, each]) =>
      declared.has(urn)
        ? []
        : nodes(each.provider?.inputs ?? {}, []).map((node) => ({ urn, part: "provider" as const, ...node })),
    ),
  ];
}

function nodes(
  value: Value,
  path: readonly Step[],
): readonly { readonly path: readonly Step[]; readonly value: Value }[] {
  const own = path.length > 0 ? [{ path, value }] : [];
  if (isUnknown(value)) return [];
  if (isList(value)) return [...own, ...value.flatMap((item, index) => nodes(item, [...path, index]))];
  if (!isObject(value)) return own;
  return [...own, ...Object.keys(value).flatMap((key) => nodes(value[key] ?? null, [...path, key]))];
}

function without(outputs: Properties, inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => !Object.hasOwn(inputs, key)));
}

/** The snapshot with another value at a place; outputs that repeat an input and copies of a provider's configuration follow. */
export function put(snapshot: Snapshot, place: Place, value: Value): Snapshot {
  return { ...snapshot, resources: snapshot.resources.map((each) => putIn(each, place, value)) };
}

export function hide(snapshot: Snapshot, place: Place): Snapshot {
  return put(snapshot, place, UNKNOWN);
}

function putIn(each: SnapshotResource, place: Place, value: Value): SnapshotResource {
  const { urn, part, path } = place;
  const { provider } = each;
  const configured =
    provider?.urn === urn ? { provider: { ...provider, inputs: replaced(provider.inputs, path, value) } } : {};
  if (each.urn !== urn || part === "provider") return { ...each, ...configured };
  const inputs = each.inputs && part === "inputs" ? { inputs: replaced(each.inputs, path, value) } : {};
  const [top] = path;
  const repeats = part === "outputs" || (top !== undefined && Object.hasOwn(each.outputs ?? {}, top));
  const outputs = each.outputs && repeats ? { outputs: replaced(each.outputs, path, value) } : {};
  return { ...each, ...configured, ...inputs, ...outputs };
}

function replaced(root: Properties, path: readonly Step[], value: Value): Properties {
  const changed = replace(root, path, value);
  return isObject(changed) ? changed : root;
}

/** Leaves the value as it is where the path does not exist in it. */
function replace(root: Value, [step, ...rest]: readonly Step[], value: Value): Value {
  if (step === undefined) return value;
  if (isList(root) && typeof step === "number")
    return step < root.length ? root.map((item, index) => (index === step ? replace(item, rest, value) : item)) : root;
  if (isObject(root) && !isUnknown(root) && Object.hasOwn(root, step))
    return Object.fromEntries(
      Object.entries(root).map(([key, item]) => [key, key === step ? replace(item, rest, value) : item]),
    );
  return root;
}
