import { isList, isObject, own, type Value } from "../facts/value";
import { kubernetesNoun } from "../model/tokens";

/** Variables whose values decide the identity of a pod and are no secrets. */
const KEPT = /^AWS_(?!.*(SECRET|SESSION_TOKEN|ACCESS_KEY|AUTHORIZATION_TOKEN$))/;

/**
 * Takes out of a Kubernetes object what must never reach a message or a saved snapshot: the values of Secrets and
 * ConfigMaps (their keys stay), and those of environment variables that are not AWS's own settings.
 */
export function redact(type: string, properties: { readonly [key: string]: Value }): { readonly [key: string]: Value } {
  const noun = kubernetesNoun(type)?.noun;
  if (noun === "secret" || noun === "config-map") return mapObject(properties, redactData);
  if (noun === "workload") return mapObject(properties, (value) => redactEnv(value));
  return properties;
}

function redactData(value: Value, key: string): Value {
  if (key === "items" && isList(value))
    return value.map((item) => (isObject(item) ? mapObject(item, redactData) : item));
  if (key !== "data" && key !== "stringData" && key !== "binaryData") return value;
  return isObject(value) && own(value, "$unknown") === undefined ? mapObject(value, () => "") : value;
}

function redactEnv(value: Value): Value {
  if (isList(value)) return value.map(redactEnv);
  if (!isObject(value)) return value;
  return mapObject(value, (item, key) => (key === "env" && isList(item) ? item.map(redactVariable) : redactEnv(item)));
}

function redactVariable(variable: Value): Value {
  const name = own(variable, "name");
  if (
    !isObject(variable) ||
    typeof own(variable, "value") !== "string" ||
    (typeof name === "string" && KEPT.test(name))
  )
    return variable;
  return mapObject(variable, (value, key) => (key === "value" && value !== "" ? "(not kept)" : value));
}

function mapObject(
  object: { readonly [key: string]: Value },
  change: (value: Value, key: string) => Value,
): { readonly [key: string]: Value } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
