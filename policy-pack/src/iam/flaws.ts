import type { Urn } from "../facts/fact";
import { isList, isUnknown, isObject, type Value } from "../facts/value";
import type { Flaw, FlawKind } from "./document";
import { spell, type Trail } from "./json-text";

const MAX_FLAWS = 100;
const MAX_SEEN = 120;

/**
 * Collects flaws, one for each place: the first that is added is the most causal (text that an Output left behind is also
 * a misspelt action, but saying so twice helps nobody).
 */
export class Flaws {
  private readonly byPath = new Map<string, Flaw>();

  add(kind: FlawKind, path: string, seen: Value | undefined, needed: string): void {
    if (this.byPath.size >= MAX_FLAWS || this.byPath.has(path)) return;
    this.byPath.set(path, { kind, path, seen: shorten(seen), needed });
  }

  list(): readonly Flaw[] {
    return [...this.byPath.values()];
  }
}

/** What the functions that read one document share. */
export interface Reading {
  readonly kind: "trust" | "identity";
  readonly waitsFor: readonly Urn[];
  readonly flaws: Flaws;
}

function shorten(value: Value | undefined): string {
  if (value === undefined) return "";
  if (isList(value)) return "a list";
  if (isObject(value)) return "an object";
  return cut(String(value));
}

/** Cuts between characters, never inside a surrogate pair. */
function cut(text: string): string {
  if (text.length <= MAX_SEEN) return text;
  const end = MAX_SEEN - 1;
  const last = text.charCodeAt(end - 1);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)}…`;
}

export interface Scan {
  /** Characters of the value as compact JSON; undefined when a part of it is unknown. */
  readonly size: number | undefined;
}

/** Looks at every text of the value, keys included, for what IAM refuses anywhere; the walk is a loop, so depth does not matter. */
export function scanTexts(root: Value, flaws: Flaws): Scan {
  const open: { readonly value: Value; readonly trail: Trail | undefined }[] = [{ value: root, trail: undefined }];
  let size: number | undefined = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, trail } = next;
    if (isUnknown(value)) {
      size = undefined;
    } else if (isList(value)) {
      size = grow(size, 2 + Math.max(0, value.length - 1));
      for (let index = value.length - 1; index >= 0; index--)
        open.push({ value: value[index] ?? null, trail: { above: trail, step: index } });
    } else if (isObject(value)) {
      const keys = Object.keys(value);
      size = grow(size, 2 + Math.max(0, keys.length - 1) + keys.length);
      for (let index = keys.length - 1; index >= 0; index--) {
        const key = keys[index] ?? "";
        const deeper: Trail = { above: trail, step: key };
        size = grow(size, JSON.stringify(key).length);
        inspect(key, deeper, flaws);
        open.push({ value: value[key] ?? null, trail: deeper });
      }
    } else {
      size = grow(size, JSON.stringify(value).length);
      if (typeof value === "string") inspect(value, trail, flaws);
    }
  }
  return { size };
}

function grow(size: number | undefined, by: number): number | undefined {
  return size === undefined ? undefined : size + by;
}

function inspect(text: string, trail: Trail | undefined, flaws: Flaws): void {
  if (leftBehind(text))
    flaws.add(
      "stringified-output",
      spell(trail),
      text,
      "the text itself; use pulumi.interpolate, apply or pulumi.jsonStringify",
    );
  const illegal = ILLEGAL.exec(text);
  if (illegal)
    flaws.add("illegal-character", spell(trail), text, `characters up to U+00FF, not ${codePoint(illegal[0])}`);
}

/** The API's pattern for policy documents: tab, line feed, carriage return and U+0020 to U+00FF. */
const ILLEGAL = /[^\u0009\u000A\u000D\u0020-\u00FF]/;

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** What the SDKs of Node.js, Python, Go, .NET and Java write where a program turns an Output into text. */
const OUTPUT_TEXT =
  /\[object Object\]|Calling \[?_*to_?(?:string|json)_*\]? on an? \[?Output|Calling __str__ on an Output|<pulumi\.output\.Output object|\[object Promise\]|Pulumi\.Output`1\[|com\.pulumi\.core\.\S{0,40}Output\S{0,40}@[0-9a-f]/i;

/** True for text that a program made of an Output, an object or a missing value instead of its content. */
function leftBehind(text: string): boolean {
  if (OUTPUT_TEXT.test(text)) return true;
  // No ARN part is called `undefined`; `null` and Python's `None` are possible as names of resources, but not before them.
  if (text.startsWith("arn:"))
    return /[:/]undefined(?:[:/]|$)/.test(text) || /^arn:(?:[^:]*:){0,3}(?:null|None)(?::|$)/.test(text);
  return /^(?:https:\/\/)?(?:undefined|null|None):(?:sub|aud)$/.test(text);
}
