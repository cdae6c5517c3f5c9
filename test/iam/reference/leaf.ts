import fc from "fast-check";
import type { Json } from "./request";

/**
 * A part of a generated document: what stands there, what could stand there instead, and whether the evaluator under test is
 * shown it. One tree of these is one document with holes and several ways to fill them.
 */
export interface Leaf {
  readonly leaf: readonly Tree[];
  readonly hidden: boolean;
}
export type Tree = null | boolean | number | string | Leaf | readonly Tree[] | { readonly [key: string]: Tree };

/** The ways to fill a hole that a tree holds. */
export const WAYS: readonly number[] = [0, 1, 2, 3];

export function leafOf(values: fc.Arbitrary<Tree>, hiding: number): fc.Arbitrary<Tree> {
  if (hiding === 0) return values;
  return fc.record({
    leaf: fc.array(values, { minLength: WAYS.length, maxLength: WAYS.length }),
    hidden: fc.integer({ min: 0, max: 99 }).map((die) => die < hiding),
  });
}

/** The document as the evaluator under test sees it. */
export function shown(tree: Tree, hole: Json): Json {
  return spread(tree, (leaf) => (leaf.hidden ? hole : shown(leaf.leaf[0] ?? null, hole)));
}

/** The document as it turns out: known parts the same in every filling, holes filled in one of the ways. */
export function filled(tree: Tree, way: number): Json {
  return spread(tree, (leaf) => filled(leaf.leaf[leaf.hidden ? way : 0] ?? null, way));
}

export function hasHole(tree: Tree): boolean {
  return JSON.stringify(tree).includes('"hidden":true');
}

function spread(tree: Tree, change: (leaf: Leaf) => Json): Json {
  if (typeof tree !== "object" || tree === null) return tree;
  if (isList(tree)) return tree.map((each) => spread(each, change));
  if (isLeaf(tree)) return change(tree);
  return Object.fromEntries(Object.entries(tree).map(([key, each]) => [key, spread(each, change)]));
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

function isLeaf(tree: Leaf | { readonly [key: string]: Tree }): tree is Leaf {
  return Array.isArray(tree["leaf"]) && typeof tree["hidden"] === "boolean";
}
