import type { Flaw } from "../checks";
import type { RichIrsaBindingArgs } from "../ts-args";
import { ADDON_NAMES } from "./names";

/** What is wrong with the add-ons that are asked for. */
export function addonFlaws(args: RichIrsaBindingArgs): Flaw[] {
  return (args.addons ?? []).flatMap((each, index) => {
    const name = typeof each === "string" ? each : each.addon;
    if (ADDON_NAMES.some((known) => known === name)) return [];
    return [{ propertyPath: `addons[${index}]`, reason: `"${String(name)}" is not legal: it has to be one of ${ADDON_NAMES.join(", ")}` }];
  });
}
