import { nearest } from "../facts/did-you-mean";
import { absent, known, unknown, type Fact, type Urn } from "../facts/fact";
import { isList, isObject, isUnknown, own, type Value } from "../facts/value";
import { actionFlaw } from "./parse-action";
import { readConditions } from "./parse-condition";
import type { Leaf, Principal, Statement } from "./document";
import type { Reading } from "./flaws";
import { below } from "./json-text";
import { PRINCIPAL_TYPES, STATEMENT_ELEMENTS } from "./vocabulary";

type Fields = { readonly [key: string]: Value };

export function readStatement(value: Fields, index: number, path: string, reading: Reading): Statement {
  const near = elementFlaws(value, path, STATEMENT_ELEMENTS, reading);
  const element = (name: string): Value | undefined => own(value, name) ?? undefined;
  checkElements(value, path, near, reading);
  return {
    index,
    path,
    sid: readSid(element("Sid"), `${path}.Sid`, reading),
    effect: readEffect(element("Effect"), `${path}.Effect`, reading),
    actions: readActions(element("Action"), `${path}.Action`, reading),
    notActions: readActions(element("NotAction"), `${path}.NotAction`, reading),
    resources: readLeaves(element("Resource"), `${path}.Resource`, 'an ARN or "*"', reading),
    notResources: readLeaves(element("NotResource"), `${path}.NotResource`, "an ARN", reading),
    principals: readPrincipals(element("Principal"), `${path}.Principal`, reading),
    notPrincipals: readPrincipals(element("NotPrincipal"), `${path}.NotPrincipal`, reading),
    conditions: readConditions(element("Condition"), `${path}.Condition`, reading),
  };
}

/** A statement of which only the place is known. */
export function unknownStatement(index: number, path: string, waitsFor: readonly Urn[]): Statement {
  const nothing = unknown(waitsFor);
  return {
    index,
    path,
    sid: nothing,
    effect: nothing,
    actions: nothing,
    notActions: nothing,
    resources: nothing,
    notResources: nothing,
    principals: nothing,
    notPrincipals: nothing,
    conditions: nothing,
  };
}

/** Flags element names that IAM does not have; returns the names that were probably meant, so that they are not missed too. */
export function elementFlaws(
  value: Fields,
  path: string,
  names: readonly string[],
  reading: Reading,
): ReadonlySet<string> {
  const meant = new Set<string>();
  for (const key of Object.keys(value)) {
    if (names.includes(key)) continue;
    const near = nearest(key, names);
    if (near) meant.add(near);
    const needed = near ? `"${near}"` : `one of ${names.map((name) => `"${name}"`).join(", ")}`;
    reading.flaws.add("unknown-element", below(path, key), key, needed);
  }
  return meant;
}

const EXCLUSIVE: readonly (readonly [string, string])[] = [
  ["Action", "NotAction"],
  ["Resource", "NotResource"],
];

function checkElements(value: Fields, path: string, near: ReadonlySet<string>, reading: Reading): void {
  // An element whose value is unknown may turn out to be left out, so it counts as possible, never as present.
  const possible = (name: string): boolean => (own(value, name) ?? null) !== null;
  const present = (name: string): boolean => possible(name) && !isUnknown(own(value, name));
  const refuse = (name: string, needed: string): void => {
    if (present(name)) reading.flaws.add("element-not-allowed", `${path}.${name}`, own(value, name), needed);
  };
  const require = (name: string, other: string | undefined, needed: string): void => {
    if ([name, other].some((each) => each !== undefined && (possible(each) || near.has(each)))) return;
    reading.flaws.add("missing-element", `${path}.${name}`, undefined, needed);
  };
  require("Effect", undefined, '"Effect" with "Allow" or "Deny"');
  require("Action", "NotAction", '"Action"');
  if (reading.kind === "trust") {
    require("Principal", "NotPrincipal", '"Principal", which says who may assume the role');
    refuse("NotPrincipal", '"Principal": IAM takes no NotPrincipal in a trust policy');
    refuse("Resource", "nothing: a trust policy is about the role that it stands on");
    refuse("NotResource", "nothing: a trust policy is about the role that it stands on");
  } else {
    require("Resource", "NotResource", '"Resource"');
    refuse("Principal", "nothing: the principal is the role that the policy is attached to");
    refuse("NotPrincipal", "nothing: the principal is the role that the policy is attached to");
  }
  for (const [name, negated] of EXCLUSIVE) {
    if (present(name)) refuse(negated, `either "${name}" or "${negated}", not both`);
  }
}

function readSid(value: Value | undefined, path: string, reading: Reading): Fact<string> {
  if (value === undefined) return absent;
  if (isUnknown(value)) return unknown(reading.waitsFor);
  if (typeof value === "string") return known(value);
  reading.flaws.add("wrong-shape", path, value, "text");
  return absent;
}

function readEffect(value: Value | undefined, path: string, reading: Reading): Statement["effect"] {
  if (value === undefined) return absent;
  if (isUnknown(value)) return unknown(reading.waitsFor);
  if (value === "Allow" || value === "Deny") return known(value);
  const near = typeof value === "string" ? nearest(value, ["Allow", "Deny"]) : undefined;
  reading.flaws.add("wrong-value", path, value, near ? `"${near}"` : '"Allow" or "Deny"');
  return absent;
}

function readActions(value: Value | undefined, path: string, reading: Reading): Fact<readonly Leaf[]> {
  const leaves = readLeaves(value, path, "an action, which is text", reading);
  if (leaves.is !== "known") return leaves;
  for (const leaf of leaves.value) {
    if (leaf.value.is !== "known") continue;
    const needed = actionFlaw(leaf.value.value, reading.kind);
    if (needed) reading.flaws.add("unknown-action", leaf.path, leaf.value.value, needed);
  }
  return leaves;
}

/** A text or a list of texts. What is neither becomes a leaf without a value, so that nothing is taken for less than it is. */
export function readLeaves(
  value: Value | undefined,
  path: string,
  needed: string,
  reading: Reading,
): Fact<readonly Leaf[]> {
  if (value === undefined) return absent;
  if (isUnknown(value)) return unknown(reading.waitsFor);
  if (!isList(value)) return known([readLeaf(value, path, needed, reading)]);
  if (value.length === 0) reading.flaws.add("wrong-shape", path, value, `at least one element: ${needed}`);
  return known(value.map((item, index) => readLeaf(item, `${path}[${index}]`, needed, reading)));
}

function readLeaf(value: Value, path: string, needed: string, reading: Reading): Leaf {
  if (isUnknown(value)) return { path, value: unknown(reading.waitsFor) };
  if (typeof value === "string") return { path, value: known(value) };
  reading.flaws.add("wrong-shape", path, value, needed);
  return { path, value: absent };
}

function readPrincipals(value: Value | undefined, path: string, reading: Reading): Fact<readonly Principal[]> {
  if (value === undefined) return absent;
  if (isUnknown(value)) return unknown(reading.waitsFor);
  if (value === "*") return known([{ type: "*", path, value: known("*") }]);
  if (!isObject(value)) {
    reading.flaws.add("wrong-shape", path, value, 'an object such as {"Federated": "<ARN of the OIDC provider>"}');
    return known([]);
  }
  const types = Object.keys(value);
  if (types.length === 0) reading.flaws.add("wrong-shape", path, value, "at least one principal");
  elementFlaws(value, path, PRINCIPAL_TYPES, reading);
  return known(types.flatMap((type) => readPrincipal(type, own(value, type) ?? undefined, below(path, type), reading)));
}

function readPrincipal(type: string, value: Value | undefined, path: string, reading: Reading): readonly Principal[] {
  const leaves = readLeaves(value, path, "the principal, which is text", reading);
  // `{"Federated": <unknown>}` may be one principal or a list of them; one of unknown value stands for all.
  if (leaves.is === "unknown") return [{ type, path, value: leaves }];
  return leaves.is === "known" ? leaves.value.map((leaf) => ({ ...leaf, type })) : [];
}
