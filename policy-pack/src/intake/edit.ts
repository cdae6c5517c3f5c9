import type { Value } from "../facts/value";

/**
 * Sets one leaf of the properties that a remediation was handed. They are walked and written through the SDK's own proxies,
 * which keep what was secret a secret; nothing else is read, so unknown values stay as they are.
 */
export function setLeaf(properties: object, path: readonly (string | number)[], value: Value): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let holder: unknown = properties;
  for (const step of path.slice(0, -1)) {
    if (typeof holder !== "object" || holder === null) return;
    holder = Reflect.get(holder, step);
  }
  if (typeof holder === "object" && holder !== null) Reflect.set(holder, last, value);
}
