import * as fc from "fast-check";
import { known, unknown } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { evaluate } from "../../policy-pack/src/iam/evaluate";
import { webIdentityRequest } from "../../policy-pack/src/iam/web-identity";
import { AUD, AUDIENCE, ISSUER, PROVIDER, read, SUB, SUBJECT, TOKEN, UNKNOWN } from "./support";

const oneOf = (...values: readonly Value[]) => fc.constantFrom(...values);
const oneOrMany = (...values: readonly Value[]) =>
  fc.oneof(oneOf(...values), fc.array(oneOf(...values), { minLength: 1, maxLength: 3 }));

const operators = [
  "StringEquals",
  "StringLike",
  "StringNotEquals",
  "StringNotLike",
  "StringLikeIfExists",
  "ForAllValues:StringEquals",
  "ForAnyValue:StringLike",
  "ForAnyValue:StringNotEquals",
  "Null",
  "ArnLike",
  "Bool",
  "NumericNotEquals",
  "StringIs",
];
const keys = [SUB, AUD, SUB.toUpperCase(), `https://${SUB}`, "aws:SourceIp", "aws:PrincipalOrgID"];
const values = [SUBJECT, AUDIENCE, "system:serviceaccount:shop:*", "*", "x", "true", "false", "${aws:SourceIp}"];

const conditions = fc.dictionary(
  fc.constantFrom(...operators),
  fc.dictionary(fc.constantFrom(...keys), oneOrMany(...values), { maxKeys: 2, minKeys: 1, noNullPrototype: true }),
  { maxKeys: 2, noNullPrototype: true },
);
const principals = fc.oneof(
  { weight: 1, arbitrary: fc.constant("*") },
  {
    weight: 5,
    arbitrary: fc.dictionary(
      fc.constantFrom("Federated", "AWS", "Service"),
      oneOrMany(PROVIDER, `${PROVIDER}X`, "*", "ec2.amazonaws.com"),
      { minKeys: 1, maxKeys: 2, noNullPrototype: true },
    ),
  },
);
const statements = fc.record(
  {
    Effect: fc.constantFrom("Allow", "Allow", "Allow", "Deny"),
    Action: oneOrMany("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole", "sts:*"),
    NotAction: oneOrMany("sts:AssumeRole", "sts:*"),
    Principal: principals,
    Condition: conditions,
  },
  { requiredKeys: ["Effect", "Principal"], noNullPrototype: true },
);
const documents = fc.record(
  {
    Version: fc.constantFrom("2012-10-17", "2008-10-17"),
    Statement: fc.array(statements, { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ["Statement"], noNullPrototype: true },
);

/** The document with the node at each chosen position (in the order of a walk) unknown. */
function mask(document: Value, chosen: ReadonlySet<number>): Value {
  let position = 0;
  const walk = (value: Value): Value => {
    if (position > 0 && chosen.has(position)) return UNKNOWN;
    position += 1;
    if (typeof value !== "object" || value === null) return value;
    return Array.isArray(value)
      ? value.map(walk)
      : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
  };
  return walk(document);
}

const positions = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 });

describe("a certain answer stays, whatever the unknown parts turn out to be", () => {
  test("for unknown parts of the policy", () => {
    const answers = new Set<string>();
    fc.assert(
      fc.property(documents, positions, (document, chosen) => {
        const request = webIdentityRequest(TOKEN);
        const whole = evaluate(read(document), request).answer;
        const masked = evaluate(read(mask(document, new Set(chosen))), request).answer;
        answers.add(`${masked} of ${whole}`);
        expect(["unknown", whole]).toContain(masked);
      }),
      { numRuns: 4000, seed: 7 },
    );
    expect([...answers].sort()).toEqual([
      "allow of allow",
      "deny of deny",
      "unknown of allow",
      "unknown of deny",
      "unknown of unknown",
    ]);
  });

  test("for unknown claims of the token", () => {
    fc.assert(
      fc.property(
        documents,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (document, noSubject, noAudience, noProvider) => {
          const policy = read(document);
          const token = {
            issuer: ISSUER,
            subject: noSubject ? unknown() : known(SUBJECT),
            audience: noAudience ? unknown() : known(AUDIENCE),
            providerArn: noProvider ? unknown() : known(PROVIDER),
          };
          const masked = evaluate(policy, webIdentityRequest(token)).answer;
          expect(["unknown", evaluate(policy, webIdentityRequest(TOKEN)).answer]).toContain(masked);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test("the order of statements and of values decides nothing", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const request = webIdentityRequest(TOKEN);
      const turned = JSON.parse(JSON.stringify(document), (_, value: unknown) =>
        Array.isArray(value) ? value.toReversed() : value,
      ) as Value;
      expect(evaluate(read(turned), request).answer).toBe(evaluate(read(document), request).answer);
    }),
    { numRuns: 500 },
  );
});

test("a further Deny never lets anybody in, a further Allow never keeps anybody out of what no Deny refuses", () => {
  fc.assert(
    fc.property(documents, statements, (document, more) => {
      const request = webIdentityRequest(TOKEN);
      const before = evaluate(read(document), request).answer;
      const after = evaluate(read({ ...document, Statement: [...document.Statement, more] }), request).answer;
      const decided = more.Effect === "Deny" ? "deny" : "allow";
      expect(before === decided ? after : decided).toBe(decided);
    }),
    { numRuns: 1000 },
  );
});
