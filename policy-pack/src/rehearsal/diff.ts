/** Which inputs changed between two deployments. */
import { equal, plain, type Value, type ValueMap } from "./values";

/** Bookkeeping that bridged providers leave in the inputs; never a change by itself. */
const bookkeeping = "__defaults";

/**
 * The top-level properties that differ, secrets compared by value. An unknown differs from every known value: the
 * engine then plans an update, as it does with the real providers.
 * @param same whether two values of a property mean the same although they are written differently
 */
export function changes(
  olds: ValueMap,
  news: ValueMap,
  same: (property: string, left: Value, right: Value) => boolean = () => false,
): readonly string[] {
  const properties = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return properties.filter((property) => {
    if (property === bookkeeping) return false;
    const [left, right] = [plain(olds[property] ?? null), plain(news[property] ?? null)];
    return !equal(left, right) && !same(property, left, right);
  });
}
