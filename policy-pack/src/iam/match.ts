/** True when the text has a wildcard that is not escaped as `${*}` or `${?}`. */
export function hasWildcard(text: string): boolean {
  return /[*?]/.test(text.replace(/\$\{[*?$]\}/g, ""));
}

/**
 * Whether the whole text fits the pattern, with regard to case. Wildcards are as IAM reads them: `*` stands for any run of
 * characters, colons and slashes included, `?` for exactly one. The literal runs between the stars are looked for from
 * left to right, so that the time grows with the text and the pattern, not with the number of stars.
 */
export function matchGlob(pattern: string, text: string): boolean {
  const [first = "", ...runs] = pattern.split("*");
  const last = runs.pop();
  if (last === undefined) return first.length === text.length && fitsAt(first, text, 0);
  const end = text.length - last.length;
  if (first.length > end || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false;
  let from = first.length;
  for (const run of runs) {
    const found = find(run, text, from);
    if (found < 0 || found + run.length > end) return false;
    from = found + run.length;
  }
  return true;
}

/** Whether the run fits the text at a place where it does not reach beyond the end. */
function fitsAt(run: string, text: string, start: number): boolean {
  for (let at = 0; at < run.length; at++) {
    const wanted = run.charCodeAt(at);
    if (wanted !== 0x3f && wanted !== text.charCodeAt(start + at)) return false;
  }
  return true;
}

function find(run: string, text: string, from: number): number {
  if (!run.includes("?")) return text.indexOf(run, from);
  if (run.length > 64) return findLong(run, text, from);
  for (let start = from; start + run.length <= text.length; start++) {
    if (fitsAt(run, text, start)) return start;
  }
  return -1;
}

/**
 * The same for a long run, which at every place of the text would be compared far into it: all places at once, with one bit for
 * each character of the run that is matched so far (the shift-and algorithm).
 */
function findLong(run: string, text: string, from: number): number {
  const places = new Map<string, bigint>();
  let any = 0n;
  for (let at = 0; at < run.length; at++) {
    const bit = 1n << BigInt(at);
    const character = run.charAt(at);
    if (character === "?") any |= bit;
    else places.set(character, (places.get(character) ?? 0n) | bit);
  }
  const whole = 1n << BigInt(run.length - 1);
  let matched = 0n;
  for (let at = from; at < text.length; at++) {
    matched = ((matched << 1n) | 1n) & (any | (places.get(text.charAt(at)) ?? 0n));
    if ((matched & whole) !== 0n) return at - run.length + 1;
  }
  return -1;
}

/** Whether an Action element's text covers an action. Prefix and name are compared without regard to case. */
export function matchAction(pattern: string, action: string): boolean {
  return matchGlob(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * Whether an ARN fits a pattern: each of the six parts is compared separately, so that a star reaches across a colon in the
 * last part only; a pattern of fewer parts ends in one that covers the rest. Text that is no ARN fits nothing but `*`.
 */
export function matchArn(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const wanted = arnParts(pattern);
  const parts = arnParts(arn);
  if (parts.length < 6 || parts[0] !== "arn") return false;
  const rest = wanted.length - 1;
  return wanted.every((part, index) =>
    matchGlob(part, index < rest ? (parts[index] ?? "") : parts.slice(rest).join(":")),
  );
}

function arnParts(text: string): string[] {
  const parts = text.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Stand-ins for escaped characters; IAM refuses them in documents, so no policy can mean them. */
const STAR = "\uE000";
const MARK = "\uE001";

/** A text, `absent` when it hangs on a condition key that the request lacks, undefined when nobody can say. */
export type Filled = { readonly value: string } | "absent" | undefined;

const VARIABLE = /\$\{([^{}]{0,512})\}/g;

/**
 * A value of the policy with its variables filled in: `${aws:username}`, `${key, 'default'}`, and the escapes `${*}`, `${?}`
 * and `${$}`. A variable that the request has no value for is "effectively null. There is no equal or like value", so the whole
 * is absent (IAM User Guide, "Policy variables with no value"). Escaped and filled-in wildcards come back as stand-ins, to be
 * compared with a text that went through {@link escapeText}.
 */
export function fillVariables(value: string, resolve: (key: string) => Filled): Filled {
  const found: Filled[] = [];
  const text = value.replace(VARIABLE, (_, inside: string) => {
    const one = fillVariable(inside, resolve);
    found.push(one);
    return typeof one === "object" ? escapeText(one.value) : "";
  });
  if (found.includes("absent")) return "absent";
  return found.includes(undefined) || value.replace(VARIABLE, "").includes("${") ? undefined : { value: text };
}

function fillVariable(inside: string, resolve: (key: string) => Filled): Filled {
  if (inside === "*" || inside === "?" || inside === "$") return { value: inside };
  const [, key, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside) ?? [];
  const found = key === undefined ? undefined : resolve(key);
  return found === "absent" && fallback !== undefined ? { value: fallback } : found;
}

/** The text with its own wildcard characters as stand-ins, so that they equal escaped ones and nothing else. */
export function escapeText(text: string): string {
  return text.replaceAll("*", STAR).replaceAll("?", MARK);
}
