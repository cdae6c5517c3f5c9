import { compare, isOfType } from "../../policy-pack/src/iam/compare";
import { inRange, isAddress } from "../../policy-pack/src/iam/ip-range";
import { parseOperator } from "../../policy-pack/src/iam/operator";

function operator(name: string) {
  const parsed = parseOperator(name);
  if (!parsed) throw new Error(`no operator: ${name}`);
  return parsed;
}

describe("one value of the policy against one of the request", () => {
  test.each([
    ["NumericEquals", "10", "10.0", true],
    ["NumericEquals", "10", "010", true],
    ["NumericEquals", "+10", "10", true],
    ["NumericEquals", "-10", "-10.00", true],
    ["NumericEquals", "-10", "10", false],
    ["NumericEquals", "10.25", "10.25", true],
    ["NumericEquals", "10.25", "10.2", false],
    ["NumericEquals", "1e3", "1000", true],
    ["NumericEquals", "1e+3", "1000", true],
    ["NumericEquals", "25e-1", "2.5", true],
    ["NumericEquals", "1E12", "1000000000000", true],
    ["NumericEquals", "1e100", "1E+100", true],
    ["NumericLessThan", "10", "9", true],
    ["NumericLessThan", "10", "10", false],
    ["NumericLessThan", "10", "11", false],
    ["NumericLessThanEquals", "10", "9", true],
    ["NumericLessThanEquals", "10", "10", true],
    ["NumericLessThanEquals", "10", "11", false],
    ["NumericGreaterThan", "10", "11", true],
    ["NumericGreaterThan", "10", "10", false],
    ["NumericGreaterThan", "10", "9", false],
    ["NumericGreaterThanEquals", "10", "11", true],
    ["NumericGreaterThanEquals", "10", "10", true],
    ["NumericGreaterThanEquals", "10", "9", false],
    ["NumericNotEquals", "10", "10", true],
    ["DateEquals", "2026", "2026-01-01T00:00:00Z", true],
    ["DateEquals", "2026-11", "2026-11-01", true],
    ["DateEquals", "2026-11-24", "2026-11-24T00:00Z", true],
    ["DateEquals", "2026-11-24T01:00:00+01:00", "2026-11-24T00:00:00Z", true],
    ["DateEquals", "2026-11-23T23:30:00-00:30", "2026-11-24T00:00:00.000Z", true],
    ["DateEquals", "2026-11-24T00:00:00.125Z", "2026-11-24T00:00:00.125000000Z", true],
    ["DateEquals", "1795478400", "2026-11-24T00:00:00Z", true],
    ["DateEquals", "1795478401", "2026-11-24T00:00:00Z", false],
    ["DateEquals", "10000", "1970-01-01T02:46:40Z", true],
    ["DateLessThan", "2026-11-24", "2026-11-23", true],
    ["DateLessThan", "2026-11-24", "2026-11-24", false],
    ["DateLessThan", "2026-11-24", "2026-11-25", false],
    ["DateLessThanEquals", "2026-11-24", "2026-11-23", true],
    ["DateLessThanEquals", "2026-11-24", "2026-11-24", true],
    ["DateLessThanEquals", "2026-11-24", "2026-11-25", false],
    ["DateGreaterThan", "2026-11-24", "2026-11-25", true],
    ["DateGreaterThan", "2026-11-24", "2026-11-24", false],
    ["DateGreaterThan", "2026-11-24", "2026-11-23", false],
    ["DateGreaterThanEquals", "2026-11-24", "2026-11-25", true],
    ["DateGreaterThanEquals", "2026-11-24", "2026-11-24", true],
    ["DateGreaterThanEquals", "2026-11-24", "2026-11-23", false],
    ["Bool", "True", "true", true],
    ["Bool", "yes", "yes", false],
    ["ArnLike", "*", "arn:aws:s3:::a", true],
    ["ArnLike", "*", "a", false],
    ["BinaryEquals", "YQ==", "YQ==", true],
    ["BinaryEquals", "YQ==", "yq==", false],
  ])("%s %j on %j: %j", (name, wanted, value, expected) => {
    expect(compare(operator(name), wanted, value)).toBe(expected);
  });
});

describe("the type of a value of the request", () => {
  test.each([
    ["StringLike", "anything", true],
    ["BinaryEquals", "anything", true],
    ["Null", "anything", true],
    ["Bool", "TRUE", true],
    ["Bool", "false", true],
    ["Bool", "yes", false],
    ["Bool", "true or false", false],
    ["Bool", "untrue", false],
    ["ArnLike", "arn:aws:s3:::a", true],
    ["ArnLike", "arn:aws:s3::a", false],
    ["ArnLike", "see arn:aws:s3:::a", false],
    ["ArnLike", "system:serviceaccount:a:b", false],
    ["IpAddress", "10.0.0.1", true],
    ["IpAddress", "::1", true],
    ["IpAddress", "10.0.0.0/8", false],
    ["IpAddress", "localhost", false],
    ["NumericEquals", "3", true],
    ["NumericEquals", "three", false],
    ["NumericEquals", "", false],
    ["NumericEquals", "0x10", false],
    ["NumericEquals", "1 000", false],
    ["NumericEquals", "1.", false],
    ["NumericEquals", ".5", false],
    ["NumericEquals", "1e", false],
    ["NumericEquals", "e3", false],
    ["DateEquals", "2026-11-24", true],
    ["DateEquals", "1795478400", true],
    ["DateEquals", "on 2026-11-24", false],
    ["DateEquals", "2026-11-24 12:00", false],
    ["DateEquals", "2026-11-24T12:00", false],
    ["DateEquals", "2026-11-24T12Z", false],
    ["DateEquals", "2026-11-24T12:00:00.Z", false],
    ["DateEquals", "2026-11-24T12:00:00.1234567890Z", false],
    ["DateEquals", "2026-1-1", false],
    ["DateEquals", "2026-13-01", false],
    ["DateEquals", "about 1795478400", false],
    ["DateEquals", "1795478400 seconds", false],
    ["DateEquals", "999", false],
    ["DateEquals", "-1795478400", false],
    ["DateEquals", "17954784000000", false],
  ])("%s takes %j: %j", (name, value, expected) => {
    expect(isOfType(operator(name), value)).toBe(expected);
  });
});

describe("addresses", () => {
  test.each([
    "0.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "1::",
    "1:2:3:4:5:6:7:8",
    "1::3:4:5:6:7:8",
    "2001:DB8::a",
    "::ffff:203.0.113.9",
    "1:2:3:4:5:6:203.0.113.9",
    "0000:0000:0000:0000:0000:ffff:255.255.255.255",
  ])("%j is one", (text) => {
    expect(isAddress(text)).toBe(true);
    expect(inRange(text, text)).toBe(true);
  });

  test.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "a1.2.3.4",
    "1.2.3.4 ",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8:9",
    "1::2::3",
    "1:2:3:4::5:6:7:8",
    "12345::",
    "::g",
    "g::",
    "::1g",
    "::ffff:1.2.3",
    "::ffff:1.2.3.456",
    "1:2:3:4:5:6:7:203.0.113.9",
    ":1",
    "1.2.3.4:1",
    `${"0".repeat(50)}::1`,
  ])("%j is none", (text) => {
    expect(isAddress(text)).toBe(false);
    expect(inRange(text, "::1")).toBeUndefined();
    expect(inRange("::/0", text)).toBeUndefined();
  });

  test.each([
    ["10.0.0.0/8", "10.255.255.255", true],
    ["10.0.0.0/8", "11.0.0.0", false],
    ["203.0.113.9/24", "203.0.113.255", true],
    ["203.0.113.128/25", "203.0.113.127", false],
    ["203.0.113.9", "203.0.113.8", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "203.0.113.9", false],
    ["2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true],
    ["2001:db8::/32", "2001:db9::", false],
    ["2001:db8::1", "2001:db8::2", false],
    ["1::/16", "1:2:3:4:5:6:7:8", true],
    ["::ffff:203.0.113.0/120", "::ffff:cb00:71ff", true],
    ["::ffff:203.0.113.0/120", "::ffff:cb00:72ff", false],
    ["10.0.0.0/33", "10.0.0.0", undefined],
    ["10.0.0.0/", "10.0.0.0", undefined],
    ["10.0.0.0/8x", "10.0.0.0", undefined],
    ["10.0.0.0/x8", "10.0.0.0", undefined],
    ["10.0.0.0/8/8", "10.0.0.0", undefined],
    ["::/129", "::", undefined],
  ])("%j covers %j: %j", (range, text, expected) => {
    expect(inRange(range, text)).toBe(expected);
  });
});
