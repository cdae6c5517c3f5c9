/** What a map holds for the key; an empty list where it holds nothing. */
export function listIn<K, V>(map: ReadonlyMap<K, readonly V[]>, key: K): readonly V[] {
  return map.get(key) ?? [];
}

type Texts = readonly [string, string, string, string, string, string];

/**
 * The first six texts of a list, for destructuring: the parts of a split text, or a match and its groups. What is not there
 * (no match, a shorter list, a group that took no part) is "".
 */
export function texts(list: readonly (string | undefined)[] | null | undefined): Texts {
  const text = (index: number): string => list?.[index] ?? "";
  return [text(0), text(1), text(2), text(3), text(4), text(5)];
}
