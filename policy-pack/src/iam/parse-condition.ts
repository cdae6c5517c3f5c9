import { nearest } from "../facts/did-you-mean";
import { absent, known, unknown, type Fact } from "../facts/fact";
import { isList, isObject, isUnknown, own, type Value } from "../facts/value";
import type { Condition, Leaf } from "./document";
import { OPERATOR_NAMES, parseOperator } from "./operator";
import type { Reading } from "./flaws";
import { below } from "./json-text";

/**
 * The conditions of a statement, one for each key of each operator. What cannot be read stays as a condition of empty key
 * and no values: to drop it would make the statement wider than it is.
 */
export function readConditions(value: Value | undefined, path: string, reading: Reading): Fact<readonly Condition[]> {
  if (value === undefined) return absent;
  if (isUnknown(value)) return unknown(reading.waitsFor);
  if (!isObject(value)) {
    reading.flaws.add("wrong-shape", path, value, 'an object such as {"StringEquals": {"<issuer>:sub": "<subject>"}}');
    return known([{ path, operator: "", key: "", values: absent }]);
  }
  return known(
    Object.keys(value).flatMap((operator) => readOperator(operator, own(value, operator) ?? null, path, reading)),
  );
}

function readOperator(operator: string, value: Value, above: string, reading: Reading): readonly Condition[] {
  const path = below(above, operator);
  checkOperator(operator, path, reading);
  if (isUnknown(value)) return [{ path, operator, key: "", values: unknown(reading.waitsFor) }];
  if (value === null) return [];
  if (!isObject(value)) {
    reading.flaws.add("wrong-shape", path, value, "an object of condition keys and values");
    return [{ path, operator, key: "", values: absent }];
  }
  return Object.keys(value).flatMap((key): readonly Condition[] => {
    const values = own(value, key) ?? null;
    if (values === null) return [];
    const place = below(path, key);
    return [{ path: place, operator, key, values: readValues(values, place, reading) }];
  });
}

/** IAM answers `Invalid Condition type : stringEquals`, so a name that differs in case alone is refused like any other. */
function checkOperator(operator: string, path: string, reading: Reading): void {
  const parsed = parseOperator(operator);
  if (parsed && operator.includes(parsed.base)) return;
  const prefix = /^ForA(ll|ny)Values?:/i.exec(operator);
  const suffix = /IfExists$/i.exec(operator)?.[0] ?? "";
  const bare = operator.slice(prefix?.[0].length ?? 0, operator.length - suffix.length);
  const meant =
    OPERATOR_NAMES.find((name) => name.toLowerCase() === bare.toLowerCase()) ?? nearest(bare, OPERATOR_NAMES);
  const quantifier = prefix?.[1] === undefined ? "" : /ll/i.test(prefix[1]) ? "ForAllValues:" : "ForAnyValue:";
  const needed = meant
    ? `"${quantifier}${meant}${suffix && meant !== "Null" ? "IfExists" : ""}"`
    : 'a condition operator of IAM, such as "StringEquals"';
  reading.flaws.add("unknown-operator", path, operator, needed);
}

/** Condition values may be numbers and booleans as well as text; IAM compares their text. */
function readValues(value: Value, path: string, reading: Reading): Fact<readonly Leaf[]> {
  if (isUnknown(value)) return unknown(reading.waitsFor);
  if (!isList(value)) return known([readValue(value, path, reading)]);
  return known(value.map((item, index) => readValue(item, `${path}[${index}]`, reading)));
}

function readValue(value: Value, path: string, reading: Reading): Leaf {
  if (isUnknown(value)) return { path, value: unknown(reading.waitsFor) };
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return { path, value: known(String(value)) };
  reading.flaws.add("wrong-shape", path, value, "text, a number or a boolean");
  return { path, value: absent };
}
