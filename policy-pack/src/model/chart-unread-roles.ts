import { texts } from "../facts/lists";
import { absent, at, textAt, type Fact } from "../facts/fact";
import { isObject, own, type Value } from "../facts/value";
import { chartAnnotations, isRoleGiven, mayGiveRole } from "./chart-annotations";
import { rightBlock } from "./chart-catalogue";
import { pathText } from "./resource";
import type { IrsaModel, OpaqueSource } from "./types";
import { roleArnKey } from "./webhook-annotations";

/** A role in the values of a chart at a place from which the chart takes nothing. */
export interface UnreadChartRole {
  readonly source: OpaqueSource;
  /**
   * block: the chart reads another block. flat: the path stands as one key, as for `helm --set`, and values are nested.
   * split: the key of the annotation was taken apart at its dots. misplaced: it stands beside the annotations, or with those
   * of other objects.
   */
  readonly form: "block" | "flat" | "split" | "misplaced";
  readonly path: string;
  /** What stands there: a path of values, or the one key. */
  readonly seen: string;
  /** Where the annotation belongs. */
  readonly needed: string;
  readonly value: Fact<string>;
}

/** None where the values give a role at a place that the chart may read. */
export function unreadChartRoles(model: IrsaModel): readonly UnreadChartRole[] {
  const key = roleArnKey(model);
  const ending = `.annotations[${JSON.stringify(key)}]`;
  const all = chartAnnotations(model);
  const given = all.filter((each) => each.on === "account" && each.key === key && each.path.endsWith(ending));
  const placed = given.map((each) => {
    const block = each.path.slice(0, -ending.length);
    return { ...each, block, right: rightBlock(each.source.chart, block) };
  });
  const blocks = placed.flatMap(({ source, path, block, right, value }): readonly UnreadChartRole[] => {
    if (
      right === undefined ||
      source.hasUnseenValues ||
      placed.some((each) => each.source === source && each.right === undefined)
    )
      return [];
    // What the chart does read may turn out to give the role as well.
    if (at(source.values, [...right.split(".").slice(1), "annotations"]).is === "unknown") return [];
    return [{ source, form: "block", path, seen: `${block}.annotations`, needed: `${right}${ending}`, value }];
  });
  const flat = model.opaqueSources
    .filter((source) => !isRoleGiven(source, all, model) && !mayGiveRole(source))
    .flatMap((source) => search(source.values, ["values"], source, key));
  return [...blocks, ...flat];
}

/** `serviceAccount.annotations.<key>`, written as one name: the place that was meant, and the key. */
function flatKey(name: string): { readonly place: string; readonly annotation: string } | undefined {
  const cut = name.toLowerCase().indexOf(".annotations.");
  if (cut < 0 || name.length >= 512) return undefined;
  const place = name.slice(0, cut + ".annotations".length);
  const parts = place.split(".");
  const fits = parts.every((part) => /^[\w-]+$/.test(part)) && parts.some((part) => /^serviceAccounts?$/i.test(part));
  return fits ? { place, annotation: name.slice(place.length + 1) } : undefined;
}

function search(
  value: Value | undefined,
  steps: readonly string[],
  source: OpaqueSource,
  key: string,
): readonly UnreadChartRole[] {
  if (steps.length > 12 || !isObject(value)) return [];
  return Object.keys(value).flatMap((name): readonly UnreadChartRole[] => {
    const path = [...steps, name];
    if (name === "annotations" && steps.some((step) => /serviceAccounts?$/i.test(step))) {
      const split = key.split(".");
      // Of what is not known yet, nobody can say into which parts it falls.
      const isTakenApart = at(value, [name, ...split.slice(0, -1)]).is === "known";
      const text = isTakenApart ? textAt(value, [name, ...split], source.valuesFrom) : absent;
      const needed = `${pathText(path)}[${JSON.stringify(key)}]`;
      const seen = pathText([...path, ...split]);
      return text.is === "absent" ? [] : [{ source, form: "split", path: seen, seen, needed, value: text }];
    }
    const place = name === key ? rightPlace(steps) : undefined;
    if (place !== undefined) {
      const seen = pathText(path);
      const text = textAt(value, [name], source.valuesFrom);
      const needed = `${pathText(place)}[${JSON.stringify(key)}]`;
      return [{ source, form: "misplaced", path: seen, seen: pathText(steps), needed, value: text }];
    }
    const flat = flatKey(name);
    if (flat?.annotation.replaceAll("\\", "") !== key) return search(own(value, name), path, source, key);
    const needed = `${pathText([...steps, ...flat.place.split(".")])}[${JSON.stringify(key)}]`;
    const text = textAt(value, [name], source.valuesFrom);
    return [{ source, form: "flat", path: pathText(path), seen: name, needed, value: text }];
  });
}

/** Where the annotation belongs that stands below these keys; undefined where a chart may well take it from there. */
function rightPlace(steps: readonly string[]): readonly string[] | undefined {
  const [last] = texts(steps.slice(-1));
  const above = steps.slice(0, -1);
  const isAccount = (step: string): boolean => /serviceAccounts?$/i.test(step);
  if (isAccount(last)) return [...steps, "annotations"];
  if (/^(?:annotation|labels)$/i.test(last) && above.some(isAccount)) return [...above, "annotations"];
  if (/^(?:deployment|statefulSet|daemonSet)(?:Annotations|Labels)$|^podLabels$/i.test(last))
    return [...above, "serviceAccount", "annotations"];
  return undefined;
}
