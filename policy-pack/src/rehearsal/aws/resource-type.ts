/** What the stand-in knows about one AWS resource type: its schema as far as Check and Diff need it, and its outputs. */
import type { CheckFailure } from "../stand-in";
import { isSet, isUnknown, unknown, type Value, type ValueMap } from "../values";
import type { AwsScope } from "./scope";

/** A resource about to be created, its secrets unwrapped. */
export interface Making {
  readonly urn: string;
  readonly inputs: ValueMap;
  readonly scope: AwsScope;
}

export interface ResourceType {
  /** The property that gets a generated name when the program gives none, and the longest such name. */
  readonly autoname?: { readonly property: string; readonly maxLength: number };
  readonly required?: readonly string[];
  readonly defaults?: ValueMap;
  /** Properties that hold a policy document. */
  readonly policies?: readonly string[];
  /** Properties that cannot be changed in place. */
  readonly forceNew?: readonly string[];
  readonly validate?: (inputs: ValueMap) => readonly CheckFailure[];
  readonly id: (making: Making) => Value;
  /** Outputs that only the cloud can tell. The inputs are outputs too and need not be repeated. */
  readonly computed: (making: Making) => Readonly<Record<string, Value | undefined>>;
  /** How an input reads back once the resource exists. */
  readonly readBack?: (inputs: ValueMap) => Readonly<Record<string, Value | undefined>>;
}

/** Text made of parts that may be unknown; one unknown part makes it unknown, as in every string the cloud builds. */
export function textOf(parts: TemplateStringsArray, ...values: readonly (Value | undefined)[]): Value {
  if (values.some((value) => !isSet(value) || isUnknown(value) || typeof value === "object")) return unknown;
  return String.raw({ raw: parts }, ...values);
}

/** When everything here was created. */
export const createdAt = "2024-01-01T00:00:00Z";

export const iamArn = ({ scope }: Making, kind: string, path: Value | undefined, name: Value | undefined): Value =>
  textOf`arn:${scope.partition}:iam::${scope.accountId}:${kind}${isSet(path) ? path : "/"}${name}`;

export const regionalArn = ({ scope }: Making, service: string, rest: Value): Value =>
  textOf`arn:${scope.partition}:${service}:${scope.region}:${scope.accountId}:${rest}`;

export const missingArgument = (property: string, argument: string): CheckFailure => ({
  property,
  reason: `Missing required argument: The argument "${argument}" is required, but no definition was found.`,
});
