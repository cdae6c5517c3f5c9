import { at, listAt, textAt, type Fact, type Urn } from "../facts/fact";
import { parseUrn } from "../facts/urn";
import { holdsUnknown, isObject, own, type Value } from "../facts/value";
import type { Properties, SnapshotResource } from "./snapshot";
import type { Entry } from "./types";

/** A resource of the snapshot with its inputs and outputs laid over each other, and readers that know what each value waits for. */
export interface Resource {
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  readonly properties: Properties;
  /** What the program wrote, without what the cloud added; undefined when only the stack phase saw the resource. */
  readonly inputs: Properties | undefined;
  readonly outputs: Properties;
  readonly parent: Urn | undefined;
  readonly provider: SnapshotResource["provider"];
  readonly dependencies: readonly Urn[];
  readonly propertyDependencies: Readonly<Record<string, readonly Urn[]>>;
}

/**
 * An input wins over the output of the same name, since outputs are rewritten by the provider (IAM gives the url back
 * without its scheme), except where the input still has unknown parts and the output has none.
 */
export function toResource(seen: SnapshotResource): Resource {
  const inputs = seen.inputs ?? {};
  const outputs = seen.outputs ?? {};
  const properties: Record<string, Value> = { ...outputs };
  for (const [key, input] of Object.entries(inputs)) {
    const output = own(outputs, key);
    if (output === undefined || output === null || !holdsUnknown(input) || holdsUnknown(output))
      properties[key] = input;
  }
  return {
    urn: seen.urn,
    type: seen.type,
    name: seen.name,
    properties,
    inputs: seen.inputs,
    outputs,
    parent: seen.parent,
    provider: seen.provider,
    dependencies: seen.dependencies,
    propertyDependencies: seen.propertyDependencies,
  };
}

/** The resources from which a top-level input came. */
export function cameFrom(resource: Resource, property: string): readonly Urn[] {
  const urns = Object.hasOwn(resource.propertyDependencies, property)
    ? resource.propertyDependencies[property]
    : undefined;
  return urns ?? [];
}

export function fact(resource: Resource, ...path: (string | number)[]): Fact<Value> {
  return at(resource.properties, path, cameFrom(resource, String(path[0])));
}

export function text(resource: Resource, ...path: (string | number)[]): Fact<string> {
  return textAt(resource.properties, path, cameFrom(resource, String(path[0])));
}

export function list(resource: Resource, ...path: (string | number)[]): Fact<readonly Value[]> {
  return listAt(resource.properties, path, cameFrom(resource, String(path[0])));
}

/** A value that the cloud makes (an ARN, an issuer): known from the outputs, else waiting for the resource itself. */
export function computedText(resource: Resource, ...path: (string | number)[]): Fact<string> {
  const found = textAt(resource.properties, path, [resource.urn]);
  return found.is === "absent" ? { is: "unknown", waitsFor: [resource.urn] } : found;
}

/** A map of texts (annotations, labels, tags, nodeSelector), each with its path. */
export function entries(
  root: Value | undefined,
  path: readonly (string | number)[],
  prefix: string,
  waitsFor: readonly Urn[],
): Fact<readonly Entry[]> {
  const map = at(root, path, waitsFor);
  if (map.is !== "known") return map;
  const { value } = map;
  if (!isObject(value)) return { is: "absent" };
  return {
    is: "known",
    value: Object.keys(value).map((key) => ({
      key,
      path: `${prefix}[${JSON.stringify(key)}]`,
      value: textAt(value, [key], waitsFor),
    })),
  };
}

/** `metadata.annotations["a/b"]`: names as they are, everything else in brackets. */
export function pathText(steps: readonly (string | number)[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === "number") return `${path}[${step}]`;
    if (/^[A-Za-z_$][\w$]*$/.test(step)) return path ? `${path}.${step}` : step;
    return `${path}[${JSON.stringify(step)}]`;
  }, "");
}

export function numberAt(
  root: Value | undefined,
  path: readonly (string | number)[],
  waitsFor: readonly Urn[] = [],
): Fact<number> {
  const found = at(root, path, waitsFor);
  if (found.is !== "known") return found;
  const value = typeof found.value === "string" && found.value.trim() !== "" ? Number(found.value) : found.value;
  return typeof value === "number" && Number.isFinite(value) ? { is: "known", value } : { is: "absent" };
}

export function booleanAt(
  root: Value | undefined,
  path: readonly (string | number)[],
  waitsFor: readonly Urn[] = [],
): Fact<boolean> {
  const found = at(root, path, waitsFor);
  if (found.is !== "known") return found;
  return typeof found.value === "boolean" ? { is: "known", value: found.value } : { is: "absent" };
}

/** The value of one key of a map that was read with {@link entries}. */
export function textOfEntry(map: Fact<readonly Entry[]>, key: string): Fact<string> {
  if (map.is !== "known") return map;
  return map.value.find((entry) => entry.key === key)?.value ?? { is: "absent" };
}

/**
 * Whether two texts are the same; undefined while nobody can say. Two unknown texts are one where both come from one
 * resource that has a single name to give, a Namespace or a ServiceAccount; of a stack reference they may be two outputs.
 */
export function sameText(a: Fact<string>, b: Fact<string>): boolean | undefined {
  if (a.is === "known" && b.is === "known") return a.value === b.value;
  if (a.is !== "unknown" || b.is !== "unknown") return undefined;
  const [source, ...others] = a.waitsFor;
  const one = source !== undefined && others.length === 0 && b.waitsFor.length === 1 && b.waitsFor[0] === source;
  return one && NAMED.has(parseUrn(source).type) ? true : undefined;
}

const NAMED: ReadonlySet<string> = new Set(["kubernetes:core/v1:Namespace", "kubernetes:core/v1:ServiceAccount"]);
