import { UNKNOWN, type Value } from "../facts/value";
import { SECRET, SENTINELS, SIGNATURE } from "../facts/wire";

const SENTINEL_LENGTH = 36;

/** Deeper or larger than any AWS or Kubernetes object: what lies beyond is taken as unknown rather than walked. */
const MAX_DEPTH = 64;
const MAX_NODES = 200_000;

export interface CopyOptions {
  /**
   * Secret values are unknown to the pack, so that they can reach no message; `open` copies them all the same, for objects
   * of which only the keys are kept.
   */
  readonly secrets: "unknown" | "open";
}

/**
 * Copies what a policy is handed into plain JSON, from the wire or as the SDK unpacked it. The SDK wraps properties in proxies that throw when an unknown is read;
 * property descriptors reach the raw value without that trap, in every version of the SDK.
 */
export function copyValue(raw: unknown, options: CopyOptions = { secrets: "unknown" }): Value {
  return new Copier(options).copy(raw, 0);
}

class Copier {
  private nodes = 0;
  private readonly open = new Set<object>();

  constructor(private readonly options: CopyOptions) {}

  copy(raw: unknown, depth: number): Value {
    if (typeof raw === "string") return copyText(raw);
    if (typeof raw === "boolean" || raw === null) return raw;
    if (typeof raw === "number") return Number.isFinite(raw) ? raw : null;
    if (typeof raw !== "object") return null;
    if (depth >= MAX_DEPTH || ++this.nodes > MAX_NODES || this.open.has(raw)) return UNKNOWN;
    this.open.add(raw);
    const copied = Array.isArray(raw) ? this.copyList(raw, depth) : this.copyObject(raw, depth);
    this.open.delete(raw);
    return copied;
  }

  private copyList(raw: readonly unknown[], depth: number): Value {
    return Array.from({ length: raw.length }, (_, index) => this.copy(rawProperty(raw, String(index)), depth + 1));
  }

  private copyObject(raw: object, depth: number): Value {
    const signature = rawProperty(raw, SIGNATURE);
    if (signature === SECRET)
      return this.options.secrets === "open" ? this.copy(rawProperty(raw, "value"), depth) : UNKNOWN;
    if (signature !== undefined) return null;
    // Assets and archives are instances of SDK classes: their contents are files, which are never part of the chain.
    const prototype: unknown = Object.getPrototypeOf(raw);
    if (prototype !== null && prototype !== Object.prototype && "__pulumiAsset" in raw) return null;
    // fromEntries defines `__proto__` as the own property that it was in the program.
    return Object.fromEntries(Object.keys(raw).map((key) => [key, this.copy(rawProperty(raw, key), depth + 1)]));
  }
}

function rawProperty(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}

/** An unknown inside a longer text (an ARN built with a template string) makes the whole text unknown. */
function copyText(text: string): Value {
  if (text.length < SENTINEL_LENGTH) return text;
  return SENTINELS.some((sentinel) => text.includes(sentinel)) ? UNKNOWN : text;
}
