import { own, isObject, isList, isUnknown, type Value } from "../facts/value";
import { pathText } from "./resource";
import type { OpaqueSource } from "./types";

/** A ServiceAccount that the values of a chart ask for: `serviceAccount.name`, at whatever depth. */
export interface ChartAccount {
  readonly name: string;
  /** Path of the block in the resource: `values.controller.serviceAccount`. */
  readonly path: string;
  /** True unless `create: false` stands there, or a value that is not known yet. */
  readonly creates: boolean;
  /** Keys of the annotations that the values give it. */
  readonly annotations: readonly string[];
}

/** The accounts that the values name in the form which most charts share; charts that do it otherwise stay unseen. */
export function chartAccounts({ values }: OpaqueSource): readonly ChartAccount[] {
  return search(values, ["values"]);
}

/** The depth is bounded for hostile values alone; charts nest a few levels. */
function search(value: Value | undefined, path: readonly (string | number)[]): readonly ChartAccount[] {
  if (path.length > 12 || !isObject(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const inner = own(value, key);
    const steps = [...path, key];
    if (isList(inner)) return [];
    const name = /serviceAccount$/i.test(key) ? own(inner, "name") : undefined;
    if (typeof name !== "string" || name === "") return search(inner, steps);
    const annotations = own(inner, "annotations");
    const create = own(inner, "create");
    const creates = create !== false && !isUnknown(create);
    return [
      { name, path: pathText(steps), creates, annotations: isObject(annotations) ? Object.keys(annotations) : [] },
    ];
  });
}
