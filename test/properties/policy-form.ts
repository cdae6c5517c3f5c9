import { isList, isObject, type Value } from "../../policy-pack/src/facts/value";

/** one: a value that stands alone is no list. list: it is a list of one. IAM takes both, at these places. */
export type PolicyForm = "one" | "list";

/** A policy document with every value that may be one or several in the form asked for. */
export function inForm(document: Value, form: PolicyForm): Value {
  const value = (item: Value): Value => {
    if (form === "list") return isList(item) ? item : [item];
    const [only] = isList(item) ? item : [];
    return isList(item) && item.length === 1 && only !== undefined ? only : item;
  };
  const values = (item: Value): Value => mapped(item, value);
  const statement = (item: Value): Value =>
    mapped(item, (inner, key) => {
      switch (key) {
        case "Action":
        case "Resource":
          return value(inner);
        case "Principal":
          return values(inner);
        case "Condition":
          return mapped(inner, values);
        default:
          return inner;
      }
    });
  return mapped(document, (item, key) => {
    if (key !== "Statement") return item;
    return value(isList(item) ? item.map(statement) : statement(item));
  });
}

function mapped(item: Value, change: (value: Value, key: string) => Value): Value {
  if (!isObject(item)) return item;
  return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, change(inner, key)]));
}
