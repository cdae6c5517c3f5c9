import type { Context } from "./request";

/** One place of a pattern: a character that stands for itself, or a wildcard. */
export type Place = { readonly letter: string } | "any-run" | "any-one";

/**
 * The places of a policy text. A variable becomes the letters of its value, so that an asterisk in the value of a tag is no
 * wildcard. Undefined when a variable has no value: "the value is effectively null. There is no equal or like value"
 * (IAM User Guide, reference_policies_variables, "Policy variables with no value").
 */
export function placesOf(text: string, variables: Context | undefined): readonly Place[] | undefined {
  if (text === "") return [];
  const variable = variables && /^\$\{([^{}]*)\}/.exec(text);
  if (!variable) return joined([placeOf(text.charAt(0))], placesOf(text.slice(1), variables));
  const value = valueOf(variable[1] ?? "", variables);
  if (value === undefined) return undefined;
  return joined(letters(value), placesOf(text.slice(variable[0].length), variables));
}

/** The text whose every character stands for itself; undefined when a variable has no value. */
export function literalOf(text: string, variables: Context | undefined): string | undefined {
  const places = placesOf(text, variables);
  return places?.map((place) => (place === "any-run" ? "*" : place === "any-one" ? "?" : place.letter)).join("");
}

/**
 * Wildcards by their definition, tried one way after the other: `*` is nothing, or one character and again `*`; `?` is one
 * character. `within` says whether a wildcard may stand for a character, given the places after the wildcard.
 */
export function matches(
  pattern: readonly Place[],
  text: string,
  within: (letter: string, after: readonly Place[]) => boolean = () => true,
): boolean {
  const [place, ...rest] = pattern;
  if (place === undefined) return text === "";
  const letter = text.charAt(0);
  if (place === "any-run" && matches(rest, text, within)) return true;
  if (letter === "") return false;
  if (place === "any-run") return within(letter, rest) && matches(pattern, text.slice(1), within);
  const fits = place === "any-one" ? within(letter, ["any-one"]) : place.letter === letter;
  return fits && matches(rest, text.slice(1), within);
}

function placeOf(letter: string): Place {
  return letter === "*" ? "any-run" : letter === "?" ? "any-one" : { letter };
}

function letters(text: string): readonly Place[] {
  return text.split("").map((letter) => ({ letter }));
}

function joined(head: readonly Place[], tail: readonly Place[] | undefined): readonly Place[] | undefined {
  return tail && [...head, ...tail];
}

/**
 * `*`, `?` and `$` are the predefined variables of reference_policies_variables, "Special characters"; `key, 'default'` is
 * "Specifying default values". A key with several values cannot be a variable, so it has no value here.
 */
function valueOf(inside: string, context: Context): string | undefined {
  if (inside === "*" || inside === "?" || inside === "$") return inside;
  const [, key = inside, standIn] = /^(.*), '(.*)'$/.exec(inside) ?? [];
  const values = context(key);
  return values.length === 1 ? values[0] : standIn;
}
