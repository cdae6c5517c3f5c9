interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Whether an address lies in a range (`203.0.113.0/24`, `2001:db8::/32`, or one address); undefined when either is none. */
export function inRange(range: string, text: string): boolean | undefined {
  const [network = "", prefix, ...rest] = range.split("/");
  const from = parseAddress(network);
  const address = parseAddress(text);
  if (!from || !address || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  const length = prefix === undefined ? from.bits : Number(prefix);
  if (length > from.bits) return undefined;
  if (from.bits !== address.bits) return false;
  const shift = BigInt(from.bits - length);
  return from.value >> shift === address.value >> shift;
}

/** True when the text is an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

function parseAddress(text: string): Address | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { bits: 32, value: v4 };
  const v6 = text.length <= 45 ? parseV6(text) : undefined;
  return v6 === undefined ? undefined : { bits: 128, value: v6 };
}

function parseV4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const parts = match?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  // An IPv4 tail (`::ffff:203.0.113.9`) counts as two groups.
  const cut = text.lastIndexOf(":") + 1;
  const [head, tail] = [text.slice(0, cut), text.slice(cut)];
  const v4 = parseV4(tail);
  const plain = v4 === undefined ? text : `${head}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  const halves = plain.split("::");
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: Math.max(0, missing) }, () => "0"), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
