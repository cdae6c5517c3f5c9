import type { Value } from "../../policy-pack/src/facts/value";
import { policy, read, statement } from "./support";

describe("what a flaw shows of what stands there", () => {
  const seen = (value: Value) => read(policy(statement({ Effect: value }))).flaws.map((flaw) => flaw.seen);
  test.each<[string, Value, string]>([
    ["a text", "Permit", "Permit"],
    ["a number", 7, "7"],
    ["a truth value", false, "false"],
    ["a list", ["Allow"], "a list"],
    ["an object", { Allow: true }, "an object"],
    ["a text of 120 characters", "x".repeat(120), "x".repeat(120)],
    ["a longer one, cut", "x".repeat(121), `${"x".repeat(119)}…`],
    ["a very long one, cut", "xy".repeat(5000), `${"xy".repeat(59)}x…`],
    ["Latin-1 letters, cut", "ÿ".repeat(121), `${"ÿ".repeat(119)}…`],
  ])("%s", (_, value, expected) => {
    expect(seen(value)).toEqual([expected]);
  });

  test("nothing, where an element is missing", () => {
    expect(read(policy(statement({ Effect: null }))).flaws).toEqual([
      {
        kind: "missing-element",
        path: "Statement[0].Effect",
        seen: "",
        needed: '"Effect" with "Allow" or "Deny"',
      },
    ]);
  });

  test.each([
    [
      "a pair that the cut would halve is left out",
      `${"x".repeat(118)}\u{1F600}${"x".repeat(9)}`,
      `${"x".repeat(118)}…`,
    ],
    ["a pair that just fits stays", `${"x".repeat(117)}\u{1F600}${"x".repeat(9)}`, `${"x".repeat(117)}\u{1F600}…`],
    ["of the last pair of all", `${"x".repeat(118)}\u{10FFFF}${"x".repeat(9)}`, `${"x".repeat(118)}…`],
    ["of the first pair of all", `${"x".repeat(118)}\u{10000}${"x".repeat(9)}`, `${"x".repeat(118)}…`],
    ["the second half of a pair is kept with its first", `x${"\u{1F600}".repeat(80)}`, `x${"\u{1F600}".repeat(59)}…`],
    ["a letter beyond all pairs stays", `${"x".repeat(118)}\uffee${"x".repeat(9)}`, `${"x".repeat(118)}\uffee…`],
  ])("%s", (_, text, expected) => {
    expect(seen(text)).toEqual([expected]);
  });

  test("a hundred flaws are enough", () => {
    const many = Array.from({ length: 101 }, () => statement({ Effect: "allow" }));
    expect(read(policy(...many)).flaws).toHaveLength(100);
    expect(read(policy(...many.slice(1))).flaws).toHaveLength(100);
    expect(read(policy(...many.slice(2))).flaws).toHaveLength(99);
  });
});

describe("what was left behind of an Output, told from what is not", () => {
  const flagged = (text: string) =>
    read(policy(statement({ Sid: text }))).flaws.some(({ kind }) => kind === "stringified-output");
  test.each([
    "Calling [toString] on an [Output<T>]",
    "Calling toString on an Output",
    "Calling [to_json] on an [Output]",
    "Calling [__tostring__] on a [Output]",
    "calling [tojson] on an [output]",
    "a com.pulumi.core.Output@0f",
    "com.pulumi.core.internal.OutputInternal@1b2c3d",
    "arn:undefined",
    "arn:aws:iam::1:role/undefined",
    "arn:aws:iam::undefined:role/x",
    "arn:aws:iam::1:undefined/x",
    "arn:null:iam",
    "arn:aws:None",
    "arn:aws:iam:null:",
    "arn:aws:iam::null",
    "undefined:sub",
    "null:aud",
    "None:sub",
    "https://undefined:sub",
  ])("%j was", (text) => {
    expect(flagged(text)).toBe(true);
  });

  test.each([
    "Calling someone on an Output",
    "[object]",
    "com.pulumi.core.Input@0f",
    "arn:aws:iam::1:null/x",
    "arn:aws:iam::1:role/None",
    "arn:aws:sns:eu-west-1:1:arn:None",
    "arn:aws:iam:::null",
    "an arn:null:iam",
    "arn:aws:nullable:x",
    "arn:aws:iam::1:role/undefined-role",
    "arn:aws:iam::1:role/is-undefined",
    "undefined:sub:x",
    "undefined:subs",
    "is undefined:sub",
    "http://undefined:sub",
    "undefined",
  ])("%j was not", (text) => {
    expect(flagged(text)).toBe(false);
  });
});
