import * as fc from "fast-check";
import {
  escapeText,
  fillVariables,
  hasWildcard,
  matchAction,
  matchArn,
  matchGlob,
} from "../../policy-pack/src/iam/match";

describe("matchGlob", () => {
  test.each([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["*", "a:b/c", true],
    ["?", "", false],
    ["?", "a", true],
    ["a*", "a", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["*ab", "aab", true],
    ["a?c*e", "abcde", true],
    ["a?c*e", "abcd", false],
    ["system:serviceaccount:*", "system:serviceaccount:a:b", true],
    ["[a-z]", "b", false],
    ["a.c", "abc", false],
    ["A", "a", false],
    ["*?*", "", false],
    ["**a**", "a", true],
    ["a?", "a", false],
    ["?a", "a", false],
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["*a?*?b", "xaabb", true],
    ["*a?*?b", "xaab", false],
    ["*a?*", "xa", false],
    ["*a?*b*", "aab", true],
    ["*ab*b*", "ab", false],
    ["*?b*c", "bac", false],
    ["a*b*c", "abcb", false],
    [`*${"?".repeat(64)}*`, "a".repeat(64), true],
    [`*${"?".repeat(65)}*`, "a".repeat(65), true],
    [`*${"?".repeat(65)}*`, "a".repeat(64), false],
  ])("%j on %j is %j", (pattern, text, expected) => {
    expect(matchGlob(pattern, text)).toBe(expected);
  });

  test("it agrees with a regular expression on any small input", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const reference = new RegExp(`^${glob.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "s");
        expect(matchGlob(glob, value)).toBe(reference.test(value));
      }),
      { numRuns: 2000 },
    );
  });

  test("long runs of letters and question marks match as short ones do", () => {
    const letter = fc.constantFrom("a", "b", "?");
    const run = fc.array(letter, { minLength: 65, maxLength: 90 }).map((letters) => letters.join(""));
    const tail = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 60 });
    fc.assert(
      fc.property(
        run,
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 200 }),
        tail,
        fc.boolean(),
        (wild, before, after, fits) => {
          const middle = fits ? wild.replaceAll("?", "a") : after;
          const text = `${before}${middle}${after}`;
          const reference = new RegExp(wild.replaceAll("?", "."), "s");
          expect(matchGlob(`*${wild}*`, text)).toBe(reference.test(text));
        },
      ),
      { numRuns: 1000 },
    );
  });

  // Each of these takes hours of an algorithm that tries every way to divide the text.
  test.each([
    ["stars between equal letters", "a*".repeat(2048), "a".repeat(4096) + "b", true],
    ["stars before a letter that never comes", "*a".repeat(2048) + "*b", "a".repeat(4096), false],
    ["question marks after a star", `*${"?".repeat(2048)}b`, "a".repeat(4096), false],
    ["a long run of letters and question marks", `*${"a?".repeat(1024)}b*`, "a".repeat(4096), false],
    ["nothing but stars", "*".repeat(4096) + "b", "a".repeat(4096), false],
  ])("it comes to an end over %s", (_, pattern, text, expected) => {
    expect(matchGlob(pattern, text)).toBe(expected);
  });
});

describe("hasWildcard", () => {
  test.each([
    ["a*", true],
    ["a?", true],
    ["a", false],
    ["${*}", false],
    ["${*}*", true],
    ["${?}${$}", false],
    ["a${*}b?", true],
  ])("%j: %j", (text, expected) => {
    expect(hasWildcard(text)).toBe(expected);
  });
});

describe("matchAction", () => {
  test.each([
    ["*", true],
    ["*:*", true],
    ["sts:*", true],
    ["STS:assumerolewithwebidentity", true],
    ["sts:AssumeRole*", true],
    ["sts:AssumeRoleWith?ebIdentity", true],
    ["sts:AssumeRole", false],
    ["sts:AssumeRoleWithSAML", false],
    ["s3:*", false],
    ["", false],
  ])("%j covers sts:AssumeRoleWithWebIdentity: %j", (pattern, expected) => {
    expect(matchAction(pattern, "sts:AssumeRoleWithWebIdentity")).toBe(expected);
  });
});

describe("matchArn", () => {
  test.each([
    ["*", "anything", true],
    ["arn:aws:s3:::b/*", "arn:aws:s3:::b/a:b/c", true],
    ["arn:aws:s3:::b/*", "arn:aws:s3:::c/a", false],
    ["arn:aws:*:::b", "arn:aws:s3:::b", true],
    ["arn:aws:s3", "arn:aws:s3:::b", false],
    ["arn:*", "arn:aws:s3:::b", true],
    ["arn:aws:iam::*:role/x", "arn:aws:iam::111122223333:role/x", true],
    ["arn:aws:iam::*:role/x", "arn:aws:iam::1:2:role/x", false],
    ["arn:aws:iam::1:role/x", "system:serviceaccount:a:b", false],
    ["urn:aws:s3:::b", "urn:aws:s3:::b", false],
    ["arn:aws:s3::b", "arn:aws:s3::b", false],
    ["arn:aws:s3", "arn:aws:s3", false],
    ["arn:aws:*", "arn:aws:s3::b", false],
    ["arn:aws:*", "urn:aws:s3:::b", false],
    ["arn:aws:s3:::b:c:d", "arn:aws:s3:::b:c:d", true],
    ["arn:aws:s3:::b:*:d", "arn:aws:s3:::b:c:e:d", true],
    ["arn:aws:s3:::b:c:d", "arn:aws:s3:::b:cd", false],
    ["arn:aws:s3:::b:c", "arn:aws:s3:::b", false],
    ["arn:aws:s3:::", "arn:aws:s3:::", true],
    ["arn:aws:s3::*", "arn:aws:s3::1:b", true],
    ["arn:aws:s3::1b", "arn:aws:s3::1:b", false],
  ])("%j on %j is %j", (pattern, arn, expected) => {
    expect(matchArn(pattern, arn)).toBe(expected);
  });
});

describe("policy variables", () => {
  const fill = (text: string) =>
    fillVariables(text, (key) => (key === "aws:username" ? { value: "jo*" } : key === "gone" ? "absent" : undefined));

  test("a variable becomes the request's value, whose wildcards are ordinary characters", () => {
    expect(fill("home/${aws:username}/*")).toEqual({ value: `home/${escapeText("jo*")}/*` });
  });

  test("an escape is the character itself and no wildcard", () => {
    const filled = fill("a${*}b${?}c${$}{d}");
    expect(filled).toEqual({ value: escapeText("a*b?c${d}") });
    const pattern = typeof filled === "object" ? filled.value : "";
    expect(matchGlob(pattern, escapeText("a*b?c${d}"))).toBe(true);
    expect(matchGlob(pattern, escapeText("axbxc${d}"))).toBe(false);
  });

  test("a default stands in for a key that the request lacks", () => {
    expect(fill("x/${gone, 'all'}")).toEqual({ value: "x/all" });
    expect(fill("x/${aws:username, 'all'}")).toEqual({ value: `x/${escapeText("jo*")}` });
  });

  test("a key that the request lacks leaves the whole without a value, whatever the rest of it is", () => {
    expect(fill("${gone}")).toBe("absent");
    expect(fill("${other}/${gone}")).toBe("absent");
  });

  test.each([
    ["${ aws:username }", "jo*"],
    ["${aws:username,'x'}", "jo*"],
    ["${gone,   'a b' }", "a b"],
    ["${gone, ''}", ""],
    ["$", "$"],
    ["$${*}", "$*"],
    ["{a}", "{a}"],
  ])("%j is %j", (text, expected) => {
    expect(fill(text)).toEqual({ value: escapeText(expected) });
  });

  test("a variable of more than 512 characters is none", () => {
    expect(fill(`\${${"a".repeat(513)}}`)).toBeUndefined();
  });

  test.each([
    "${other}",
    "${other, 'x'}",
    "${gone, x}",
    "${gone, 'x' y}",
    "${gone 'x'}",
    "${gone x}",
    "${a gone}",
    "${",
    "${}",
    "${a b}",
    "${".repeat(5000),
  ])("%j has no certain value", (text) => {
    expect(fill(text)).toBeUndefined();
  });
});
