import { texts } from "../facts/lists";
import { at, listAt, textAt, type Fact, type Urn } from "../facts/fact";
import { holdsUnknown, isList, isObject } from "../facts/value";
import { entries, pathText, toResource, type Resource } from "./resource";
import type { Snapshot } from "./snapshot";
import { isSecretProviderClass, kubernetesNoun, roleRequestKind } from "./tokens";
import type { Entry } from "./types";

/** Annotation of a Kubernetes object, or tag of an AWS resource: this and the id of a rule. The value is the reason. */
export const SUPPRESSION_PREFIX = "ignore.eks-irsa.dev/";

/** One suppression as the program wrote it. */
export interface Suppression {
  readonly urn: Urn;
  /** Path of the annotation or tag in its resource. */
  readonly path: string;
  /** The part of the resource that it covers: empty, or `items[2]` in a List. */
  readonly root: string;
  /** What stands after the prefix, whether or not it is a rule. */
  readonly rule: string;
  readonly text: Fact<string>;
  /** False while something of the resource is not known yet, so that a rule which is silent now may still find a fault. */
  readonly settled: boolean;
}

/**
 * The suppressions of a snapshot, in the order of its resources. Tags or annotations that are unknown as a whole hold none,
 * as far as anyone can tell.
 */
export function readSuppressions(snapshot: Snapshot): readonly Suppression[] {
  return snapshot.resources.flatMap((seen) => {
    const resource = toResource(seen);
    const noun = kubernetesNoun(resource.type);
    if (noun || roleRequestKind(resource.type) || isSecretProviderClass(resource.type))
      return rootsOf(resource, noun?.list === true).flatMap((root) => ofObject(resource, root));
    return /^aws(-native)?:/.test(resource.type) ? suppressions(resource, "", tagsOf(resource)) : [];
  });
}

type Steps = readonly (string | number)[];

/** A List can be meant as a whole, or item by item. */
function rootsOf(resource: Resource, isListOf: boolean): readonly Steps[] {
  const items = isListOf ? listAt(resource.properties, ["items"]) : undefined;
  return [[], ...(items?.is === "known" ? items.value.map((_, index) => ["items", index]) : [])];
}

function ofObject(resource: Resource, root: Steps): readonly Suppression[] {
  const path = [...root, "metadata", "annotations"];
  return suppressions(resource, pathText(root), entries(resource.properties, path, pathText(path), []));
}

/** The aws package has a map of tags, aws-native a list of keys and values. Tags that the provider adds by itself are not in it. */
function tagsOf(resource: Resource): Fact<readonly Entry[]> {
  const tags = at(resource.properties, ["tags"]);
  if (tags.is !== "known" || !isList(tags.value)) return entries(resource.properties, ["tags"], "tags", []);
  const pairs = tags.value.flatMap((tag, index) => {
    const key = textAt(tag, ["key"]);
    if (key.is !== "known") return [];
    return [{ key: key.value, path: `tags[${index}]`, value: textAt(tag, ["value"]) }];
  });
  return { is: "known", value: pairs };
}

function suppressions(resource: Resource, root: string, found: Fact<readonly Entry[]>): readonly Suppression[] {
  if (found.is !== "known") return [];
  const own = found.value.filter(({ key }) => key.startsWith(SUPPRESSION_PREFIX));
  if (own.length === 0) return [];
  const settled = isObject(resource.properties) && !holdsUnknown(resource.properties);
  return own.map(({ key, path, value }) => ({
    urn: resource.urn,
    path,
    root,
    rule: key.slice(SUPPRESSION_PREFIX.length),
    text: value,
    settled,
  }));
}

/** What the value of a suppression says. */
export interface SuppressionText {
  /** Without the date; empty where none is given. */
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`; absent without a date, malformed for a text after `until` that is no day. */
  readonly until:
    | { readonly is: "absent" }
    | { readonly is: "day"; readonly day: string }
    | { readonly is: "malformed"; readonly seen: string };
}

/**
 * `reason`, or `reason until 2027-01-31`. The date is what stands after the word `until` at the very end; a number after
 * `until` further in front is taken for a date too, lest a suppression live on because of a word behind it.
 */
export function parseSuppressionText(text: string): SuppressionText {
  const written = text.slice(0, 1024);
  // Both are of the square of a length that is bounded above.
  /* eslint-disable redos/no-vulnerable */
  const match =
    /^([^]*?)(?:^|[\s,;(])until(?:\s+(\S*))?\s*$/i.exec(written) ??
    /^([^]*?)(?:^|[\s,;(])until\s+(\d[^]*?)\s*$/i.exec(written);
  if (!match) return { reason: text.trim(), until: { is: "absent" } };
  const [, before, day] = texts(match);
  const reason = before.replace(/[\s,;(]+$/, "").trim();
  /* eslint-enable redos/no-vulnerable */
  return { reason, until: isDay(day) ? { is: "day", day } : { is: "malformed", seen: day } };
}

/** True for a day of the calendar, written `YYYY-MM-DD`. */
function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [, ...parts] = texts(match);
  const [year, month, day] = [Number(parts[0]), Number(parts[1]), Number(parts[2])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
