/** Check of the bridged AWS provider: generated names, defaults, policy documents as text, and the failures it reports. */
import { hex } from "../hash";
import type { Autonaming, CheckAnswer, CheckFailure, CheckRequest } from "../stand-in";
import { isList, isMap, isSet, isUnknown, reveal, text, type Value, type ValueMap } from "../values";
import { collapse, policyTextFault, snakeCase } from "./policy-text";
import { missingArgument, type ResourceType } from "./resource-type";

/** Random characters that the bridge appends to a name: `api-1a2b3c4`. */
const suffixLength = 7;

export function check(type: ResourceType, request: CheckRequest): CheckAnswer {
  const given = collapsePolicies(type, request.news);
  const { name, failures } = autoname(type, request, given);
  const defaults = Object.entries(type.defaults ?? {}).filter(([property]) => !isSet(given[property]));
  const inputs = { ...given, ...name, ...Object.fromEntries(defaults) };
  const generated = [...Object.keys(name), ...defaults.map(([property]) => property)].sort();
  return {
    inputs: { ...inputs, __defaults: generated },
    failures: [
      ...failures,
      ...(type.required ?? [])
        .filter((property) => !isSet(reveal(inputs[property])))
        .map((property) => missingArgument(property, argumentName(property))),
      ...policyFaults(type, inputs),
      ...(type.validate?.(inputs) ?? []),
    ],
  };
}

/** Pulumi's list properties are plural, Terraform's singular: clientIdLists, client_id_list. */
const argumentName = (property: string): string => snakeCase(property.replace(/Lists$/, "List"));

function collapsePolicies(type: ResourceType, news: ValueMap): ValueMap {
  const policies = (type.policies ?? []).filter((property) => isSet(news[property]));
  const collapsed = policies.map((property): [string, Value] => [property, collapse(news[property] ?? null)]);
  const inline = reveal(news.inlinePolicies);
  return {
    ...news,
    ...Object.fromEntries(collapsed),
    ...(isList(inline) ? { inlinePolicies: inline.map(collapseInline) } : {}),
  };
}

/** The deprecated `inlinePolicies` of a role: a list of { name, policy }. */
function collapseInline(value: Value): Value {
  return isMap(value) && isSet(value.policy) ? { ...value, policy: collapse(value.policy) } : value;
}

function policyFaults(type: ResourceType, inputs: ValueMap): readonly CheckFailure[] {
  return (type.policies ?? []).flatMap((property) => {
    const reason = policyTextFault(property, inputs[property] ?? null);
    return reason === undefined || !isSet(inputs[property]) ? [] : [{ property, reason }];
  });
}

/** Whether Check made up a property; the bridge keeps that under `__defaults`. */
export const isGenerated = (inputs: ValueMap, property: string): boolean =>
  isList(inputs.__defaults) && inputs.__defaults.includes(property);

/**
 * The generated name. An earlier generated name is kept, so nothing is replaced at the next deployment; a prefix makes
 * the cloud choose the name, so Check adds none.
 */
function autoname(
  type: ResourceType,
  { urn, name, olds, autonaming }: CheckRequest,
  given: ValueMap,
): { readonly name: ValueMap; readonly failures: readonly CheckFailure[] } {
  const property = type.autoname?.property;
  if (property === undefined || isSet(given[property]) || isSet(given[`${property}Prefix`])) {
    return { name: {}, failures: [] };
  }
  const earlier = olds !== undefined && isGenerated(olds, property) ? reveal(olds[property]) : undefined;
  if (isSet(earlier) && !isUnknown(earlier)) return { name: { [property]: earlier }, failures: [] };
  if (autonaming.is === "disabled") return { name: {}, failures: [] };
  const generated = proposed(autonaming) ?? `${name}-${hex(suffixLength, "name", urn)}`;
  const maxLength = type.autoname?.maxLength ?? generated.length;
  return generated.length <= maxLength
    ? { name: { [property]: generated }, failures: [] }
    : { name: {}, failures: [{ property, reason: tooLong(name, maxLength) }] };
}

const proposed = (autonaming: Autonaming): string | undefined =>
  autonaming.is === "proposed" ? text(autonaming.name) : undefined;

const tooLong = (name: string, maxLength: number): string =>
  `failed to apply auto-naming: name '${name}' plus ${suffixLength} random chars is longer than maximum length ${maxLength}`;
