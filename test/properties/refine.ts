import { isList, isObject, type Value } from "../../policy-pack/src/facts/value";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { placesOf, type Place } from "./leaves";

/** Values that a hidden place may turn out to have: its own, those of the same property elsewhere in the stack, and plain ones. */
export function refinements(stack: Snapshot, place: Place): readonly Value[] {
  const key = keyOf(place);
  // A role, a policy or a provider cannot have the name that another one has: AWS refuses it.
  const isTaken = place.path.length === 1 && ["name", "roleName", "url"].includes(key);
  const alike = (isTaken ? [] : placesOf(stack)).flatMap((each) =>
    keyOf(each) === key && typeof each.value === typeof place.value ? [each.value] : [],
  );
  return [place.value, ...alike.slice(0, 4), ...plain(place.value)].filter((value) => value !== "");
}

function keyOf({ path }: Place): string {
  return path.filter((step) => typeof step === "string").at(-1) ?? "";
}

function plain(value: Value): readonly Value[] {
  if (typeof value === "boolean") return [true, false];
  if (typeof value === "number") return [0, 1, 1000];
  if (typeof value === "string") return ["something-else", "x"];
  if (isList(value)) return [[], value.slice(1)];
  return isObject(value) ? [{}] : [];
}
