import { isList, isObject, type Value } from "../../policy-pack/src/facts/value";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { placesOf, type Place } from "./leaves";

/** Its cluster and OIDC provider are children of it. */
const COMPONENT = "eks:index:Cluster";

/**
 * Values that a hidden place may turn out to have: its own, those of the same property elsewhere in the stack, and plain
 * ones. The parts of a component follow its inputs, so that another value here alone would be a stack that cannot be.
 */
export function refinements(stack: Snapshot, place: Place): readonly Value[] {
  if (isOfComponent(stack, place)) return [place.value];
  const key = keyOf(place);
  // A role, a policy or a provider cannot have the name that another one has: AWS refuses it. ARNs and endpoints are unique.
  const isTaken = place.path.length === 1 && ["name", "roleName", "url", "arn", "endpoint"].includes(key);
  const alike = (isTaken ? [] : placesOf(stack)).flatMap((each) =>
    keyOf(each) === key && shapeOf(each.value) === shapeOf(place.value) ? [each.value] : [],
  );
  return [place.value, ...alike.slice(0, 4), ...plain(place.value)].filter(
    (value) => value !== "" || !isTakenForSet(place),
  );
}

/**
 * Annotations with a role, variables and the data of a Secret are taken not to be empty while they are not known: programs
 * leave such a thing out rather than compute an empty one, and else no account could count as one with a role at a first
 * preview, and nothing that is secret as set.
 */
export function isTakenForSet({ path }: Pick<Place, "path">): boolean {
  const isVariable = path.some((step) => typeof step === "string" && /env(?:s|vars?|ironment)?$/i.test(step));
  return isVariable || keyOf({ path }).endsWith("/role-arn") || path[0] === "data" || path[0] === "stringData";
}

function isOfComponent(stack: Snapshot, { urn }: Place): boolean {
  const components = new Set(stack.resources.filter(({ type }) => type === COMPONENT).map((each) => each.urn));
  return stack.resources.some(
    (each) => each.urn === urn && (components.has(urn) || (each.parent !== undefined && components.has(each.parent))),
  );
}

function keyOf({ path }: Pick<Place, "path">): string {
  return path.filter((step) => typeof step === "string").at(-1) ?? "";
}

function plain(value: Value): readonly Value[] {
  if (typeof value === "boolean") return [true, false];
  if (typeof value === "number") return [0, 1, 1000];
  if (typeof value === "string") return ["something-else", "x", ""];
  if (isList(value)) return [[], value.slice(1)];
  return isObject(value) ? [{}] : [];
}

function shapeOf(value: Value): string {
  return isList(value) ? "list" : typeof value;
}
