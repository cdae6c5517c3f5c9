import { SENTINELS } from "../facts/wire";
import type { Urn } from "../facts/fact";
import { parseUrn } from "../facts/urn";
import { dig, type Fields, fields, list, parseJson, text } from "./json";

/** A resource as the engine told of it, in events, in a preview's digest or in a state file. */
export interface StackResource {
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  readonly inputs: Fields;
  readonly outputs: Fields;
  readonly parent: Urn | undefined;
  /** The provider resource that serves it. */
  readonly provider: Urn | undefined;
  /** Input property to the resources that it is made from; empty where the source does not tell. */
  readonly dependencies: Readonly<Record<string, readonly Urn[]>>;
  /** `project:///index.ts#12,3`, nearest first. */
  readonly positions: readonly string[];
}

export type Resources = ReadonlyMap<Urn, StackResource>;

/** What the engine writes for a value that it does not know yet, whatever its type. */
const UNKNOWN_VALUES: ReadonlySet<unknown> = new Set([
  ...SENTINELS,
  // Values of secrets, as events and the digest write them.
  "[secret]",
  "[unknown]",
]);

/** The known text of a property: of the outputs, since those are whole, else of the inputs. */
export function textOf(resource: StackResource, ...path: readonly (string | number)[]): string | undefined {
  for (const side of [resource.outputs, resource.inputs]) {
    const found = text(dig(side, ...path));
    if (found !== undefined && !UNKNOWN_VALUES.has(found)) return found;
  }
  return undefined;
}

/** A property of any shape; inputs stand in where the engine knows no outputs (Kubernetes before its cluster exists). */
export function valueOf(resource: StackResource, ...path: readonly (string | number)[]): unknown {
  return dig(resource.outputs, ...path) ?? dig(resource.inputs, ...path);
}

/** Is a property given, be it unknown? */
export function isGiven(resource: StackResource, ...path: readonly (string | number)[]): boolean {
  return (dig(resource.inputs, ...path) ?? dig(resource.outputs, ...path) ?? undefined) !== undefined;
}

export function known(value: unknown): string | undefined {
  const found = text(value);
  return found === undefined || UNKNOWN_VALUES.has(found) ? undefined : found;
}

/** A resource out of `metadata.new` of an event, `newState` of a digest's step, or a state file's entry. */
export function readResource(state: unknown): StackResource | undefined {
  const body = fields(state);
  const urn = text(body["urn"]);
  if (urn === undefined) return undefined;
  const { type, name } = parseUrn(urn);
  const frames = list(body["stackTrace"]).map((frame) => text(dig(frame, "sourcePosition")));
  return {
    urn,
    type: text(body["type"]) ?? type,
    name,
    inputs: fields(body["inputs"]),
    outputs: fields(body["outputs"]),
    parent: text(body["parent"]),
    // `urn::id`
    provider: text(body["provider"])?.replace(/::[^:]*$/, ""),
    dependencies: Object.fromEntries(
      Object.entries(fields(body["propertyDependencies"])).map(([property, urns]) => [
        property,
        list(urns).filter((each) => typeof each === "string"),
      ]),
    ),
    positions: [text(body["sourcePosition"]), ...frames].filter((position) => position !== undefined),
  };
}

/** The new states of a preview's digest (`pulumi preview --json`). Deleted resources have none. */
export function readDigest(source: string): Resources {
  const steps = list(dig(parseJson(source), "steps"));
  return byUrn(steps.map((step) => readResource(dig(step, "newState"))));
}

export function byUrn(resources: readonly (StackResource | undefined)[]): Resources {
  return new Map(resources.flatMap((resource) => (resource === undefined ? [] : [[resource.urn, resource] as const])));
}

/** Positions and dependencies stand only in the digest; what the events say beside is at least as new. */
export function mergeResources(events: Resources, digest: Resources): Resources {
  const merged = new Map(digest);
  for (const [urn, resource] of events) {
    const { dependencies = {}, positions = [] } = digest.get(urn) ?? {};
    merged.set(urn, { ...resource, dependencies, positions });
  }
  return merged;
}
