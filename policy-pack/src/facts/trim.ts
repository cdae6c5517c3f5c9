/**
 * Trimming of given characters. A regular expression such as `/\/+$/` tries every run of slashes in a text, and so takes the
 * square of the length of a hostile one; these walk from the ends.
 */

/** The text without any of `characters` at its end. */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The text without any of `characters` at its start or its end. */
export function withoutSurrounding(text: string, characters: string): string {
  const trimmed = withoutTrailing(text, characters);
  let start = 0;
  while (start < trimmed.length && characters.includes(trimmed.charAt(start))) start++;
  return trimmed.slice(start);
}
