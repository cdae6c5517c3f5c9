import { textAt, type Fact } from "../facts/fact";
import { texts } from "../facts/lists";
import { isList, isObject, isUnknown, own, type Value } from "../facts/value";
import { pathText } from "./resource";
import type { Entry, IrsaModel, OpaqueSource } from "./types";
import { isMisspeltRoleKey, isRoleText, roleArnKey } from "./webhook-annotations";

/** One annotation that the values of a chart give to a ServiceAccount or to pods. */
export interface ChartAnnotation extends Entry {
  readonly source: OpaqueSource;
  readonly on: "account" | "pod";
}

/**
 * The annotations in the values of the stack's charts, by the keys that charts use for them: below `serviceAccount` in
 * whatever form, and `podAnnotations`. Texts that the chart is to fill in itself (`{{ … }}`) are left out.
 */
export function chartAnnotations(model: IrsaModel): readonly ChartAnnotation[] {
  return model.opaqueSources.flatMap((source) =>
    search(source.values, ["values"]).flatMap(({ on, block, steps }) =>
      Object.keys(block).flatMap((key): readonly ChartAnnotation[] => {
        const value: Fact<string> = textAt(block, [key], source.valuesFrom);
        if (value.is === "known" && value.value.includes("{{")) return [];
        return [{ source, on, key, value, path: pathText([...steps, key]) }];
      }),
    ),
  );
}

/** True when the values give a role to some account of the chart, under the key that the webhook reads. */
export function isRoleGiven(source: OpaqueSource, all: readonly ChartAnnotation[], model: IrsaModel): boolean {
  const key = roleArnKey(model);
  return all.some((each) => each.source === source && each.on === "account" && each.key === key);
}

/** True while the part of the values where a chart's account takes its annotations from is not known: a role may stand there. */
export function mayGiveRole(source: OpaqueSource): boolean {
  return source.hasUnseenValues || hidesAccount(source.values, []);
}

function hidesAccount(value: Value | undefined, steps: readonly string[]): boolean {
  if (steps.length > 12 || !isObject(value)) return false;
  return Object.keys(value).some((key) => {
    const inner = own(value, key);
    const ofAccount = isAccountKey(key) || isAccountAnnotations(key, steps);
    return isUnknown(inner) ? ofAccount : hidesAccount(inner, [...steps, key]);
  });
}

/** Those that are meant to name the role of an account, and are misspelt; none where the right key stands in the values too. */
export function misspeltChartKeys(model: IrsaModel): readonly ChartAnnotation[] {
  const all = chartAnnotations(model);
  return all.filter(({ source, on, key, value }) => {
    if (on !== "account" || !isMisspeltRoleKey(key, model.config.annotationPrefix)) return false;
    if (isRoleGiven(source, all, model) || source.hasUnseenValues) return false;
    if (value.is === "unknown") return model.roles.some((role) => source.valuesFrom.includes(role.urn));
    return value.is === "known" && isRoleText(value.value, model);
  });
}

interface Block {
  readonly on: "account" | "pod";
  readonly block: { readonly [key: string]: Value };
  readonly steps: readonly string[];
}

/** The depth is bounded for hostile values alone; charts nest a few levels. */
function search(value: Value | undefined, steps: readonly string[]): readonly Block[] {
  if (steps.length > 12 || !isObject(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const inner = own(value, key);
    const path = [...steps, key];
    if (isList(inner) || !isObject(inner)) return [];
    if (/^podAnnotations$/i.test(key) || isPodMetadata(key, steps))
      return [{ on: "pod" as const, block: inner, steps: path }];
    const ofAccount = isAccountAnnotations(key, steps);
    return ofAccount ? [{ on: "account" as const, block: inner, steps: path }] : search(inner, path);
  });
}

/** The annotations of a pod template that values hand on whole, as those of the runners of GitHub Actions do. */
function isPodMetadata(key: string, steps: readonly string[]): boolean {
  const [template, metadata] = texts(steps.slice(-2));
  return key === "annotations" && metadata === "metadata" && /^(?:pod)?template$/i.test(template);
}

function isAccountAnnotations(key: string, steps: readonly string[]): boolean {
  return /serviceAccountAnnotations$/i.test(key) || (key === "annotations" && steps.some(isAccountKey));
}

function isAccountKey(step: string): boolean {
  return /serviceAccounts?$/i.test(step);
}
