import fc from "fast-check";
import type { Json } from "./request";

/**
 * A part of a generated document that the evaluator under test is not shown, and the ways in which it may turn out. A tree of
 * these is one document with holes and several ways to fill them.
 */
export interface Hole {
  readonly ways: readonly Tree[];
}
export type Tree = null | boolean | number | string | Hole | readonly Tree[] | { readonly [key: string]: Tree };

/** The ways to fill a hole that a tree holds. */
export const WAYS: readonly number[] = [0, 1, 2, 3];

/** The values, hidden as often as `hiding` says, in per cent. */
export function leafOf(values: fc.Arbitrary<Tree>, hiding: number): fc.Arbitrary<Tree> {
  if (hiding === 0) return values;
  return fc
    .integer({ min: 0, max: 99 })
    .chain((die) =>
      die < hiding
        ? fc.array(values, { minLength: WAYS.length, maxLength: WAYS.length }).map((ways) => ({ ways }))
        : values,
    );
}

/** The document as the evaluator under test sees it. */
export function shown(tree: Tree, hole: Json): Json {
  return spread(tree, () => hole);
}

/** The document as it turns out: known parts are the same in every way. */
export function filled(tree: Tree, way: number): Json {
  return spread(tree, ({ ways }) => filled(ways[way] ?? null, way));
}

function spread(tree: Tree, fill: (hole: Hole) => Json): Json {
  if (typeof tree !== "object" || tree === null) return tree;
  if (isList(tree)) return tree.map((each) => spread(each, fill));
  if (isHole(tree)) return fill(tree);
  return Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, spread(each, fill)]));
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

function isHole(tree: Hole | { readonly [key: string]: Tree }): tree is Hole {
  return Array.isArray(tree["ways"]);
}
