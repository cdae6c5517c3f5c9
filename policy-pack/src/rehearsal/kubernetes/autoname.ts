import { hex } from "../hash";
import type { CheckRequest } from "../stand-in";

/** The name of an object that is given none: what the engine proposes, else `<name>-<8 hex>`. */
export function generatedName({ urn, name, autonaming }: CheckRequest): string {
  return autonaming.is === "proposed" ? autonaming.name : `${name}-${hex(8, "name", urn)}`;
}
