/**
 * Stand-in for the bridged AWS provider (pulumi-aws): Check with its names, defaults and failures, and outputs that
 * are known already at preview (mode `known`) or, as in the cloud, only after creation (mode `unknown`).
 */
import { changes } from "../diff";
import type { CheckAnswer, DiffAnswer, MakeAnswer, Note, ReadRequest, RehearsalMode, StandIn } from "../stand-in";
import {
  compact,
  equal,
  fields,
  isMap,
  isSet,
  isUnknown,
  own,
  plain,
  text,
  unknown,
  type Value,
  type ValueMap,
} from "../values";
import { check, isGenerated } from "./check";
import { eksTypes } from "./eks-types";
import { iamTypes } from "./iam-types";
import { invoke } from "./invokes";
import { otherType } from "./other-types";
import { normalise } from "./policy-text";
import type { ResourceType } from "./resource-type";
import { inputsFromId } from "./read";
import { type AwsDefaults, providerScope, resourceScope, setting } from "./scope";

export function awsStandIn(mode: RehearsalMode, defaults: AwsDefaults, note: Note): StandIn {
  return {
    packageName: "aws",
    check: (request): CheckAnswer => check(resourceType(request.type), request),
    diff: (request): DiffAnswer => {
      const type = resourceType(request.type);
      const changed = changes(request.oldInputs, request.news, (property, left, right) =>
        sameMeaning(type, property, left, right),
      ).filter((property) => !request.ignoreChanges.includes(property));
      const replaces = changed.filter((property) => type.forceNew?.includes(property));
      const name = type.autoname?.property;
      const keepsName = name !== undefined && !changed.includes(name) && !isGenerated(request.news, name);
      return { changed, replaces, deleteBeforeReplace: replaces.length > 0 && keepsName };
    },
    make: (request): MakeAnswer => {
      const type = resourceType(request.type);
      const provider = providerScope(request.config, defaults);
      const making = {
        urn: request.urn,
        inputs: plain(request.inputs) as ValueMap,
        scope: resourceScope(provider, request.inputs),
      };
      const hidden = mode === "unknown" && request.preview;
      const id = request.id ?? (hidden ? undefined : text(type.id(making)));
      const computed = Object.entries(compact(type.computed(making))).map(([property, value]): [string, Value] => [
        property,
        settle(value, request.inputs[property], request.olds[property], hidden),
      ]);
      const outputs = {
        ...inputsAsOutputs(type, request.inputs),
        ...Object.fromEntries(computed),
        // In a preview that knows everything, too: it shows the program what an update would.
        ...(hidden ? {} : compact(type.readBack?.(request.inputs) ?? {})),
        ...tagsAll(request.inputs, request.config),
        ...(request.type.startsWith("aws:iam/") ? {} : { region: making.scope.region }),
        // The provider's own outputs hold the id as well, and there a preview does not know it before the resource exists,
        // however much of the rest a rehearsal makes up: that is how a pack can tell new resources from old ones.
        ...(request.preview && request.id === undefined ? { id: unknown } : id === undefined ? {} : { id }),
      };
      return { id, outputs };
    },
    read: (request) => read(request, defaults),
    invoke: ({ token, args, config }) => ({ result: invoke(token, args, providerScope(config, defaults), note) }),
  };
}

const resourceType = (type: string): ResourceType => own(iamTypes, type) ?? own(eksTypes, type) ?? otherType(type);

/** Policy documents that differ only in white space or the order of keys are equal to the provider. */
const sameMeaning = (type: ResourceType, property: string, left: Value, right: Value): boolean =>
  type.policies?.includes(property) === true && !isUnknown(right) && equal(normalise(left), normalise(right));

function inputsAsOutputs(type: ResourceType, inputs: ValueMap): ValueMap {
  const given = Object.fromEntries(Object.entries(inputs).filter(([property]) => property !== "__defaults"));
  const policies = (type.policies ?? []).filter((property) => isSet(given[property]));
  return {
    ...given,
    ...Object.fromEntries(policies.map((property) => [property, normalise(given[property] ?? null)])),
  };
}

/**
 * One output that the cloud computes. What the program gives wins over it, field by field; what state knows stays, as
 * in the plan of an update; otherwise it is unknown until creation, unless the rehearsal knows everything.
 */
function settle(computed: Value, input: Value | undefined, old: Value | undefined, hidden: boolean): Value {
  if (isMap(computed) && isMap(input) && isSet(input) && Object.keys(computed).length > 0) {
    const merged = Object.entries(computed).map(([key, value]): [string, Value] => [
      key,
      settle(value, input[key], fields(old)[key], hidden),
    ]);
    return { ...input, ...Object.fromEntries(merged) };
  }
  if (isSet(input)) return input;
  if (isSet(old)) return old;
  return hidden ? unknown : computed;
}

function tagsAll(inputs: ValueMap, config: ValueMap): ValueMap {
  const defaults = fields(fields(setting(config.defaultTags)).tags);
  if (!isSet(inputs.tags) && Object.keys(defaults).length === 0) return {};
  if (isUnknown(inputs.tags)) return { tagsAll: unknown };
  return { tagsAll: { ...defaults, ...fields(inputs.tags) } };
}

/** A resource that is read by id: what state or the program has, completed by what the id alone tells. */
function read(request: ReadRequest, defaults: AwsDefaults): { outputs: ValueMap; inputs: ValueMap } {
  const type = resourceType(request.type);
  const provider = providerScope(request.config, defaults);
  const known = { ...request.inputs, ...request.state };
  const inputs = { ...inputsFromId(request.type, request.id), ...known };
  const making = { urn: request.urn, inputs: plain(inputs) as ValueMap, scope: resourceScope(provider, inputs) };
  const computed = Object.entries(compact(type.computed(making))).filter(([, value]) => !isUnknown(value));
  return { outputs: { ...Object.fromEntries(computed), ...inputs, id: request.id }, inputs: { ...request.inputs } };
}
