import type { Operator } from "./document";
import { inRange, isAddress } from "./ip-range";
import { matchArn, matchGlob } from "./match";

/**
 * Whether one value of the policy matches one value of the request, leaving aside that a negated operator turns the answer
 * round. A value that is not of the operator's type matches nothing.
 */
export function compare(operator: Operator, wanted: string, value: string): boolean {
  switch (operator.base) {
    case "StringEquals":
    case "StringNotEquals":
    case "BinaryEquals":
      return wanted === value;
    case "StringEqualsIgnoreCase":
    case "StringNotEqualsIgnoreCase":
      return wanted.toLowerCase() === value.toLowerCase();
    case "StringLike":
    case "StringNotLike":
      return matchGlob(wanted, value);
    case "ArnEquals":
    case "ArnLike":
    case "ArnNotEquals":
    case "ArnNotLike":
      // IAM compares both the same way: "ArnEquals and ArnLike behave identically".
      return isArn(value) && matchArn(wanted, value);
    case "Bool":
      return isBool(value) && wanted.toLowerCase() === value.toLowerCase();
    case "IpAddress":
    case "NotIpAddress":
      return inRange(wanted, value) === true;
    default:
      return operator.family === "Numeric"
        ? order(operator.base, toNumber(wanted), toNumber(value))
        : order(operator.base, toTime(wanted), toTime(value));
  }
}

/** Whether a request value is of the type that the operator compares; if not, no value of the policy can ever match it. */
export function isOfType(operator: Operator, value: string): boolean {
  switch (operator.family) {
    case "String":
    case "Binary":
    case "Null":
      return true;
    case "Arn":
      return isArn(value);
    case "Bool":
      return isBool(value);
    case "IpAddress":
      return isAddress(value);
    case "Numeric":
      return !Number.isNaN(toNumber(value));
    case "Date":
      return !Number.isNaN(toTime(value));
  }
}

function isArn(text: string): boolean {
  return /^arn:(?:[^:]*:){4}/.test(text);
}

function isBool(text: string): boolean {
  return /^(?:true|false)$/i.test(text);
}

/** NaN compares false with everything, which is what a value of another type shall do. */
function order(base: string, wanted: number, value: number): boolean {
  switch (base) {
    case "NumericLessThan":
    case "DateLessThan":
      return value < wanted;
    case "NumericLessThanEquals":
    case "DateLessThanEquals":
      return value <= wanted;
    case "NumericGreaterThan":
    case "DateGreaterThan":
      return value > wanted;
    case "NumericGreaterThanEquals":
    case "DateGreaterThanEquals":
      return value >= wanted;
    default:
      return value === wanted;
  }
}

function toNumber(text: string): number {
  return /^[+-]?\d{1,40}(?:\.\d{1,40})?(?:e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : NaN;
}

const TIME = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?)?)?$/;

/** ISO 8601 as the W3C profiles it, or seconds since 1970 (IAM User Guide, "Date condition operators"); in milliseconds. */
function toTime(text: string): number {
  if (/^\d{5,13}$/.test(text)) return Number(text) * 1000;
  // eslint-disable-next-line no-restricted-globals -- parsing reads no clock
  return TIME.test(text) ? Date.parse(text) : NaN;
}
