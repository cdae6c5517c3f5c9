import { isLiteral, reason } from "../checks";
import type { Flaw } from "../refusal";
import type { RichIrsaBindingArgs } from "../ts-args";
import type { AddonPreset } from "../args";
import { PRESETS } from "./index";
import type { AddonName } from "./names";
import type { Preset, ScopeArgument } from "./preset";

/** What is wrong with the add-ons that are asked for. */
export function addonFlaws(args: RichIrsaBindingArgs): Flaw[] {
  const addons: readonly (AddonName | Partial<AddonPreset> | null)[] = args.addons ?? [];
  const names = addons.map((each) => (typeof each === "string" ? each : each?.addon));
  return addons.flatMap((each, index) => {
    const path = `addons[${index}]`;
    const name = names[index];
    if (name === undefined || !Object.hasOwn(PRESETS, name)) {
      return [{ propertyPath: path, reason: reason(name, `it has to be one of ${Object.keys(PRESETS).join(", ")}`) }];
    }
    if (names.indexOf(name) < index)
      return [{ propertyPath: path, reason: `"${name}" stands at addons[${names.indexOf(name)}] already` }];
    if (Object.hasOwn(args.inlinePolicies ?? {}, name)) {
      return [
        { propertyPath: `inlinePolicies["${name}"]`, reason: `the name is taken by ${path}; give the policy another` },
      ];
    }
    return scopeFlaws(path, PRESETS[name], typeof each === "string" ? {} : (each ?? {}));
  });
}

function scopeFlaws(path: string, { needs = [], takes = [] }: Preset, given: object): Flaw[] {
  const scope = Object.entries(given).filter(
    ([argument, value]) => argument !== "addon" && value !== undefined && value !== null,
  );
  const arguments_ = new Map<string, unknown>(scope);
  const missing = needs.flatMap((need) => {
    const choices: readonly ScopeArgument[] = typeof need === "string" ? [need] : need;
    if (choices.some((choice) => arguments_.has(choice))) return [];
    return [
      {
        propertyPath: `${path}.${choices[0] ?? ""}`,
        reason: `it is missing: the add-on needs ${choices.join(" or ")}`,
      },
    ];
  });
  const wrong = scope.flatMap(([argument, value]) => {
    if (![...needs.flat(), ...takes].some((each) => each === argument)) {
      return [{ propertyPath: `${path}.${argument}`, reason: "it has no effect on this add-on; leave it out" }];
    }
    return valueFlaws(`${path}.${argument}`, argument, value);
  });
  return [...missing, ...wrong];
}

function valueFlaws(path: string, argument: string, value: unknown): Flaw[] {
  if (!isLiteral(value)) return [];
  if (argument === "clusterName") {
    const legal = typeof value === "string" && /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(value);
    return legal
      ? []
      : [
          {
            propertyPath: path,
            reason: reason(value, "an EKS cluster's name has 1 to 100 letters, digits, hyphens and underscores"),
          },
        ];
  }
  if (!Array.isArray(value) || value.length === 0)
    return [{ propertyPath: path, reason: "it has to be a list of at least one ARN" }];
  return value.flatMap((item: unknown, index) =>
    !isLiteral(item) || (typeof item === "string" && /^arn:aws[a-z-]*:\S+$/.test(item))
      ? []
      : [{ propertyPath: `${path}[${index}]`, reason: reason(item, "it has to be an ARN") }],
  );
}
