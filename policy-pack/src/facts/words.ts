/** Small help for the sentences of findings. */

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The text in double quotes, shortened to 120 characters; line breaks and quotes inside stay visible. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
}

/** `"a"`, `"a" and "b"`, `"a", "b" and 3 more`: at most `limit` quoted texts. */
export function quoteAll(texts: readonly string[], limit = 3): string {
  return enumerate(texts.map(quote), limit);
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function enumerate(items: readonly string[], limit = 3): string {
  if (items.length > limit) return `${items.slice(0, limit - 1).join(", ")} and ${items.length - limit + 1} more`;
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} and ${items.slice(-1).join("")}`;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(candidate: string | undefined): string {
  return candidate === undefined ? "" : ` Did you mean ${quote(candidate)}?`;
}

/** The repair of an EKS issuer's thumbprints. The property may be left out since @pulumi/aws 6.65 (seen in its types). */
export function leaveThumbprintsOut(property: string): string {
  const since = property === "thumbprintLists" ? " (@pulumi/aws 6.65 and newer)" : "";
  return `Leave ${property} out${since}: an EKS issuer needs none.`;
}
