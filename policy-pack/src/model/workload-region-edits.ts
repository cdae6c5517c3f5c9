import { listAt, textAt } from "../facts/fact";
import { partitionOfRegion } from "../facts/issuer";
import type { Value } from "../facts/value";
import { kubernetesNoun } from "./tokens";

const VARIABLES: readonly string[] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/** A leaf of a resource's inputs to be set. */
interface Edit {
  readonly path: readonly (string | number)[];
  readonly value: Value;
}

/**
 * In China a container that sets one of the two region variables gets the other one with the same value. A container that
 * sets neither is left to the webhook, and one whose environment is not wholly known is left alone.
 */
export function missingRegionVariables(type: string, inputs: Value): readonly Edit[] {
  const noun = kubernetesNoun(type);
  if (noun?.noun !== "workload") return [];
  const items = noun.list ? listAt(inputs, ["items"]) : undefined;
  const roots = items?.is === "known" ? items.value.map((_, index) => ["items", index]) : [[]];
  return roots.flatMap((root) =>
    ["containers", "initContainers"].flatMap((list) => {
      const path = [...root, ...noun.template, "spec", list];
      const containers = listAt(inputs, path);
      if (containers.is !== "known") return [];
      return containers.value.flatMap((container, index) => inContainer(container, [...path, index]));
    }),
  );
}

function inContainer(container: Value, path: readonly (string | number)[]): readonly Edit[] {
  const env = listAt(container, ["env"]);
  if (env.is !== "known") return [];
  const names = env.value.map((each) => textAt(each, ["name"]));
  if (names.some((name) => name.is === "unknown")) return [];
  const set = VARIABLES.flatMap((variable) => {
    const found = env.value.find((_, index) => isNamed(names[index], variable));
    const value = found === undefined ? undefined : textAt(found, ["value"]);
    return value?.is === "known" ? [{ variable, value: value.value }] : found === undefined ? [] : [undefined];
  });
  const [only] = set;
  if (only === undefined || set.length !== 1) return [];
  if (partitionOfRegion(only.value) !== "aws-cn") return [];
  const missing = VARIABLES.filter((variable) => variable !== only.variable);
  return missing.map((name) => ({ path: [...path, "env", env.value.length], value: { name, value: only.value } }));
}

function isNamed(name: ReturnType<typeof textAt> | undefined, variable: string): boolean {
  return name?.is === "known" && name.value === variable;
}
