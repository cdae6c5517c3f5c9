import * as fc from "fast-check";
import { known } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { allows } from "../../policy-pack/src/iam/identity";
import { parsePolicyDocument } from "../../policy-pack/src/iam/parse";
import {
  admits,
  breadth,
  explainDenial,
  subjectConditions,
  webIdentityStatements,
} from "../../policy-pack/src/iam/web-identity";
import { ISSUER, policy, read, statement, SUB, TOKEN, trust } from "./support";

/** Everything that rules ask of a document; throws when one of them does. */
function ask(value: Value): string {
  const document = read(value);
  const decision = admits(document, TOKEN);
  explainDenial(decision);
  breadth(document, ISSUER);
  webIdentityStatements(document).forEach(({ statement: each }) => subjectConditions(each, ISSUER));
  allows([known(document)], known(document), "s3:GetObject");
  return decision.answer;
}

describe("hostile documents", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

  test.each([
    ["lists in lists", nested(10_000)],
    ["lists in lists where a statement belongs", `{"Statement":[${nested(10_000)}]}`],
    ["objects in objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
    ["brackets that never close", "[".repeat(100_000)],
  ])("%s", (_, text) => {
    expect(read(text).flaws.length).toBeGreaterThan(0);
    expect(ask(text)).toBe("deny");
  });

  test("a deep object", () => {
    let deep: Value = "x";
    for (let depth = 0; depth < 10_000; depth++) deep = { Statement: deep };
    expect(ask(policy(statement({ Condition: { StringEquals: { [SUB]: deep } } })))).toBe("unknown");
  });

  test.each([
    ["in one text", () => JSON.stringify(policy(statement({ Sid: "x".repeat(10_000_000) }))), "allow"],
    [
      "in many statements",
      () => JSON.stringify(policy(...Array.from({ length: 30_000 }, () => statement({ Action: "sts:AssumeRole" })))),
      "deny",
    ],
    ["in one key", () => `{"Statement":[],${'"a":1,'.repeat(1_500_000)}"b":2}`, "deny"],
  ])("ten megabytes of text %s", (_, text, expected) => {
    expect(ask(text())).toBe(expected);
  });

  test("names of Object's prototype are names like any other", () => {
    const text = `{"__proto__":{"Statement":[${JSON.stringify(statement())}]},"constructor":1,"toString":2}`;
    expect(ask(text)).toBe("deny");
    expect(read(text).flaws.map(({ path }) => path)).toEqual(["__proto__", "constructor", "toString", "Statement"]);
    const keys = JSON.parse(`{"StringEquals":{"__proto__":"x","constructor":"y"},"__proto__":{"a":"b"}}`) as Value;
    expect(ask(policy(statement({ Condition: keys })))).toBe("deny");
    expect({}).not.toHaveProperty("Statement");
  });

  test("a key that stands a hundred thousand times is said once", () => {
    expect(
      read(`{${'"a":1,'.repeat(100_000)}"a":1}`).flaws.filter(({ kind }) => kind === "duplicate-key"),
    ).toHaveLength(1);
  });

  test("flaws and what they quote are bounded", () => {
    const { flaws } = read(policy(...Array.from({ length: 5000 }, () => ({ Effect: "😀".repeat(5000) }))));
    expect(flaws).toHaveLength(100);
    expect(Math.max(...flaws.map(({ seen }) => seen.length))).toBeLessThanOrEqual(120);
    expect(flaws.some(({ seen }) => /[\ud800-\udbff](?![\udc00-\udfff])/.test(seen))).toBe(false);
  });

  test("any JSON at all, as text and as an object, is read without an error", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        ask(value as Value);
        parsePolicyDocument(known(JSON.stringify(value)), { kind: "identity" });
      }),
      { numRuns: 500 },
    );
  });

  test("a fitting document with anything in place of any part is read without an error", () => {
    const part = fc.constantFrom(
      "Version",
      "Sid",
      "Effect",
      "Principal",
      "Action",
      "NotAction",
      "Resource",
      "NotPrincipal",
      "Condition",
    );
    fc.assert(
      fc.property(part, fc.jsonValue({ maxDepth: 4 }), (element, value) => {
        expect(["allow", "deny", "unknown"]).toContain(ask(policy(statement({ [element]: value as Value }))));
        ask(policy(statement({ Condition: { StringLike: { [SUB]: value as Value } } })));
        ask(policy(statement({ Principal: { Federated: value as Value } })));
      }),
      { numRuns: 300 },
    );
  });

  test("any text is read without an error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(ask(text)).toBe("deny");
      }),
      { numRuns: 300 },
    );
  });
});

test("a thousand statements of four kilobytes of stars", () => {
  const pattern = `${"*s".repeat(2000)}*`;
  const document = trust(...Array.from({ length: 1000 }, () => ({ Condition: { StringLike: { [SUB]: pattern } } })));
  expect(admits(document, TOKEN).answer).toBe("deny");
  expect(breadth(document, ISSUER).is).toBe("absent");
});
