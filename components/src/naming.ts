import { createHash } from "node:crypto";

/** The first characters of the SHA-256 of a text, in lower-case hexadecimal. */
export function shortHash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/**
 * A name that IAM accepts (`[\w+=,.@-]`) and that is no longer than `max`, 10 or more. A name that already is stays as it is;
 * any other ends in a hash of the whole name, so that two long names with the same beginning stay apart and the result is the
 * same in every run.
 */
export function boundedName(name: string, max: number): string {
  const legal = name.replace(/[^\w+=,.@-]/g, "-");
  if (legal === name && name.length <= max) return name;
  // eslint-disable-next-line redos/no-vulnerable -- shorter than `max`
  return `${legal.slice(0, max - 9).replace(/[-.]+$/, "")}-${shortHash(name, 8)}`;
}

/** Longest logical name under which Pulumi's random suffix (a hyphen and seven characters) still fits a role's 64 characters. */
export const LONGEST_AUTONAMED_ROLE = 56;

/** What is wrong with a DNS label (RFC 1123), as Kubernetes wants it of a namespace; undefined when it is one. */
export function labelFlaw(text: string): string | undefined {
  if (text.length > 63) return `a namespace has at most 63 characters, this one has ${text.length}`;
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)
    ? undefined
    : "a namespace consists of lower-case letters, digits and hyphens, and begins and ends with a letter or digit";
}

/** What is wrong with a DNS subdomain (RFC 1123), as Kubernetes wants it of a ServiceAccount; undefined when it is one. */
export function subdomainFlaw(text: string): string | undefined {
  if (text.length > 253) return `a ServiceAccount's name has at most 253 characters, this one has ${text.length}`;
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text)
    ? undefined
    : "a ServiceAccount's name consists of lower-case letters, digits, hyphens and dots, and each part begins and ends with a letter or digit";
}
