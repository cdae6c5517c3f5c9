import { absent, known, knownValues, listAt, textAt, textOf, type Fact } from "../facts/fact";
import { isUnknown, own } from "../facts/value";
import type { Resource } from "./resource";
import type { Construction } from "./types";

/**
 * What an IrsaBinding says of itself. Its literal inputs reach the pack in both phases, so a first preview knows which
 * accounts its role admits although the trust policy is still one unknown text.
 */
export function readConstruction(component: Resource): Construction {
  const namespace = textAt(component.properties, ["namespace"], [component.urn]);
  const name = textAt(component.properties, ["serviceAccountName"], [component.urn]);
  return {
    urn: component.urn,
    name: component.name,
    namespace,
    serviceAccountName: name,
    subjects: subjects(component, namespace, name),
    allowsNoPermissions: allowsNone(component),
    audience: textAt(component.properties, ["audience"], [component.urn]),
  };
}

/** Also while the value is not known: nothing proves then that permissions are missing. */
function allowsNone({ properties }: Resource): boolean {
  const allowed = own(properties, "allowNoPermissions");
  return allowed === true || isUnknown(allowed);
}

function subjects(component: Resource, namespace: Fact<string>, name: Fact<string>): Fact<readonly string[]> {
  const list = listAt(component.properties, ["subjects"], [component.urn]);
  const single = textAt(component.properties, ["subject"], [component.urn]);
  if (list.is === "known") {
    const texts = list.value.map((each) => textOf(each, [component.urn]));
    const waiting = texts.find((each) => each.is === "unknown");
    if (waiting?.is === "unknown") return waiting;
    return known(texts.flatMap((each) => knownValues(each)));
  }
  // What may name other accounts than the two below is not to be overruled by them.
  if (list.is === "unknown") return list;
  if (single.is === "unknown") return single;
  if (single.is === "known") return known([single.value]);
  if (namespace.is === "known" && name.is === "known")
    return known([`system:serviceaccount:${namespace.value}:${name.value}`]);
  return namespace.is === "unknown" ? namespace : name.is === "unknown" ? name : absent;
}
