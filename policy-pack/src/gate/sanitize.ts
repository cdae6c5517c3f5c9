import { visible } from "../findings/render";

/**
 * Shows the control characters, direction marks and terminal escapes in every text of a report, so that no name of a
 * program can act on a terminal, a log or a page. Only an error keeps its line ends.
 */
export function sanitize<T>(value: T): T {
  // The shape is kept: texts become texts, everything else is copied.
  return copy(value, "") as T;
}

function copy(value: unknown, key: string): unknown {
  if (typeof value === "string") return key === "error" ? value.split("\n").map(legible).join("\n") : legible(value);
  if (Array.isArray(value)) return value.map((item) => copy(item, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item, name)]));
}

/** Half a surrogate pair and the two non-characters are refused by XML, whatever else is done to them. */
function legible(text: string): string {
  return visible(text).replaceAll(/\p{Surrogate}|[\ufffe\uffff]/gu, "\ufffd");
}
