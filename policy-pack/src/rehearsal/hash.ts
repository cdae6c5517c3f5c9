/**
 * Deterministic stand-ins for what a cloud draws at random, so that two rehearsals of one program, on any machine,
 * give the same names, ids and therefore the same findings.
 */
import { createHash } from "crypto";

function digest(parts: readonly string[]): Buffer {
  // The separator cannot occur in names, so ("a", "bc") and ("ab", "c") differ.
  return createHash("sha256").update(parts.join("\u0000")).digest();
}

/** Lower-case hexadecimal digits, 64 at most. */
export const hex = (length: number, ...parts: readonly string[]): string =>
  digest(parts).toString("hex").slice(0, length);

/** Decimal digits. */
export const digits = (length: number, ...parts: readonly string[]): string =>
  Array.from(digest(parts), (byte) => String(byte % 10))
    .join("")
    .slice(0, length);

/** Upper-case letters and digits, as IAM's unique ids use them. */
export const alphanumeric = (length: number, ...parts: readonly string[]): string =>
  Array.from(digest(parts), (byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32])
    .join("")
    .slice(0, length);

/** A version 4 UUID. */
export function uuid(...parts: readonly string[]): string {
  const h = hex(32, ...parts);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}
