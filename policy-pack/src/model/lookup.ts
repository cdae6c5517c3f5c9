/**
 * Joins look up a few of many: without an index each of hundreds of accounts would walk all of hundreds of roles, and a
 * stack of twice the size would take four times as long.
 */

/** Items by key, each group in the order of the list; items without a key are in no group. */
export function grouped<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key | undefined,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Works something out once for each list (or model): asked again for the same one, it answers what it has. */
export function once<Source extends object, Result>(make: (source: Source) => Result): (source: Source) => Result {
  const made = new WeakMap<Source, { readonly result: Result }>();
  return (source) => {
    const found = made.get(source);
    if (found) return found.result;
    const result = make(source);
    made.set(source, { result });
    return result;
  };
}
