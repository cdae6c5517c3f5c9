import type { Value } from "../facts/value";

/** One step below another; the root is undefined. Paths are spelled out only when something has to be said about them. */
export interface Trail {
  readonly above: Trail | undefined;
  readonly step: string | number;
}

/** `Statement[0].Condition.StringEquals["a:b"]`. */
export function spell(trail: Trail | undefined): string {
  const steps: (string | number)[] = [];
  for (let at = trail; at !== undefined; at = at.above) steps.push(at.step);
  return steps.reverse().reduce<string>(below, "");
}

/** The path one step below another; an index, and a name that is no identifier, stand in brackets. */
export function below(path: string, step: string | number): string {
  const name = String(step);
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(step)}]`;
  return path === "" ? name : `${path}.${name}`;
}

export interface JsonText {
  readonly value: Value;
  /** Where a key stands a second time in its object. `JSON.parse` keeps the last of them. */
  readonly duplicates: readonly Trail[];
  /** Characters without white space between tokens. */
  readonly size: number;
}

const MAX_DUPLICATES = 20;

/** JSON.parse returns a Value by the definition of both, and text for a token that is a string. */
const parse: (text: string) => Value = JSON.parse;
const parseKey: (text: string) => string = JSON.parse;

/** JSON text as a value, or undefined when it is no JSON. Any length and any depth: nothing here recurses. */
export function readJsonText(text: string): JsonText | undefined {
  try {
    const value = parse(text);
    return { value, ...scan(text) };
  } catch {
    return undefined;
  }
}

interface Frame {
  readonly trail: Trail | undefined;
  /** The keys seen so far; undefined for a list. */
  readonly keys: Set<string> | undefined;
  /** The key or index that the next value stands under. */
  step: string | number;
  expectsKey: boolean;
}

/** Walks the tokens of text that is known to be JSON, which is why it need not check what it skips. */
function scan(text: string): Pick<JsonText, "duplicates" | "size"> {
  const duplicates: Trail[] = [];
  const open: Frame[] = [];
  let frame: Frame | undefined;
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x20 || character === 0x0a || character === 0x0d || character === 0x09) continue;
    size += 1;
    switch (character) {
      case 0x22: {
        const end = endOfString(text, at);
        size += end - at;
        if (frame?.keys && frame.expectsKey) {
          const raw = text.slice(at, end + 1);
          const key = raw.includes("\\") ? parseKey(raw) : raw.slice(1, -1);
          if (frame.keys.has(key) && duplicates.length < MAX_DUPLICATES)
            duplicates.push({ above: frame.trail, step: key });
          frame.keys.add(key);
          frame.step = key;
          frame.expectsKey = false;
        }
        at = end;
        break;
      }
      case 0x7b: // {
      case 0x5b: {
        const trail: Trail | undefined = frame ? { above: frame.trail, step: frame.step } : undefined;
        const isObject = character === 0x7b;
        frame = { trail, keys: isObject ? new Set() : undefined, step: 0, expectsKey: isObject };
        open.push(frame);
        break;
      }
      case 0x7d: // }
      case 0x5d:
        open.pop();
        frame = open[open.length - 1];
        break;
      case 0x2c: // ,
        if (frame?.keys) frame.expectsKey = true;
        else if (frame && typeof frame.step === "number") frame.step += 1;
        break;
    }
  }
  return { duplicates, size };
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
