import { known, unknown } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Request } from "../../policy-pack/src/iam/decision";
import { evaluate } from "../../policy-pack/src/iam/evaluate";
import { AUD, AUDIENCE, policy, PROVIDER, read, REQUEST, statement, SUB, SUBJECT, trust, UNKNOWN } from "./support";

const denyAll = { Effect: "Deny", Principal: "*", Action: "*", Condition: null };

describe("the evidence", () => {
  test("an allow names its statement", () => {
    const document = trust({ Action: "sts:AssumeRole" }, {});
    expect(evaluate(document, REQUEST)).toEqual({ answer: "allow", by: document.statements[1] });
  });

  test("every part that fails is listed in document order with what was seen and what was needed", () => {
    const document = trust(
      { Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
      { Condition: { StringEquals: { [AUD]: ["a", "b"], x: "y" }, Bool: { [SUB]: "true" } } },
    );
    const [first, second] = document.statements;
    const decision = evaluate(document, REQUEST);
    const conditions = second?.conditions.is === "known" ? second.conditions.value : [];
    expect(decision).toEqual({
      answer: "deny",
      explicit: undefined,
      because: [
        {
          kind: "action",
          statement: first,
          verdict: "fails",
          seen: ["sts:AssumeRole"],
          needed: "sts:AssumeRoleWithWebIdentity",
        },
        { kind: "principal", statement: first, verdict: "fails", seen: ["ec2.amazonaws.com"], needed: PROVIDER },
        {
          kind: "condition",
          statement: second,
          condition: conditions[0],
          verdict: "fails",
          seen: ["a", "b"],
          needed: AUDIENCE,
          reason: "value-differs",
        },
        {
          kind: "condition",
          statement: second,
          condition: conditions[1],
          verdict: "fails",
          seen: ["y"],
          needed: undefined,
          reason: "key-absent",
        },
        {
          kind: "condition",
          statement: second,
          condition: conditions[2],
          verdict: "fails",
          seen: ["true"],
          needed: SUBJECT,
          reason: "operator-never-matches",
        },
      ],
    });
  });

  test("a resource that is not covered is listed with what was seen and what was needed", () => {
    const grant = { Effect: "Allow", Action: "s3:*", Condition: null, Principal: null };
    const document = read(
      policy(
        { Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::a", UNKNOWN, "arn:aws:s3:::b"] },
        { Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::*" },
        statement({ ...grant, Resource: "arn:aws:s3:::${aws:PrincipalTag/team}" }),
      ),
      "identity",
    );
    const [first, second, third] = document.statements;
    const asked = { action: "s3:GetObject", context: {}, resource: known("arn:aws:s3:::c") };
    const line = { kind: "resource", needed: "arn:aws:s3:::c" };
    expect(evaluate(document, asked)).toEqual({
      answer: "unknown",
      because: [
        { ...line, statement: first, verdict: "unknown", seen: ["arn:aws:s3:::a", "arn:aws:s3:::b"] },
        { ...line, statement: second, verdict: "fails", seen: ["arn:aws:s3:::*"] },
        { ...line, statement: third, verdict: "fails", seen: ["arn:aws:s3:::${aws:PrincipalTag/team}"] },
      ],
    });
    const answers = (resource: Value, request: Request) =>
      evaluate(read(policy({ Effect: "Allow", Action: "s3:*", Resource: resource }), "identity"), request).answer;
    expect(answers("arn:aws:s3:::*", { ...asked, resource: unknown() })).toBe("unknown");
    expect(answers("*", { ...asked, resource: unknown() })).toBe("allow");
    expect(answers("*", asked)).toBe("allow");
    const team = { "aws:PrincipalTag/team": known(["c"]) };
    expect(answers("arn:aws:s3:::${aws:PrincipalTag/team}", { ...asked, context: team })).toBe("allow");
    expect(answers("arn:aws:s3:::$c", { ...asked, resource: known("arn:aws:s3:::$c") })).toBe("allow");
    const later = { ...asked, unknownKeys: () => true };
    expect(answers("arn:aws:s3:::${aws:PrincipalTag/team}", later)).toBe("unknown");
    expect(answers(["arn:aws:s3:::${aws:PrincipalTag/team}", "arn:aws:s3:::c"], later)).toBe("allow");
  });

  test("a version that is not known leaves open what a variable stands for", () => {
    const document = read(
      { Version: UNKNOWN, Statement: { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::${aws:username}" } },
      "identity",
    );
    const asked = { action: "s3:GetObject", context: { "aws:username": known(["jo"]) } };
    expect(evaluate(document, { ...asked, resource: known("arn:aws:s3:::jo") }).answer).toBe("unknown");
    const plain = read({
      Version: UNKNOWN,
      Statement: { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::j*" },
    });
    expect(evaluate(plain, { ...asked, resource: known("arn:aws:s3:::jo") }).answer).toBe("allow");
  });

  test("what fits is no evidence, whatever else does not", () => {
    const document = read(policy({ Effect: "Allow", Action: "ec2:*", Resource: "arn:aws:s3:::j*" }), "identity");
    const decision = evaluate(document, { action: "s3:x", context: {}, resource: known("arn:aws:s3:::jo") });
    expect(decision.answer === "deny" && decision.because.map(({ kind }) => kind)).toEqual(["action"]);
  });

  test("conditions that are not known are one line of evidence", () => {
    const document = read(policy(statement({ Condition: UNKNOWN })));
    const [only] = document.statements;
    expect(evaluate(document, REQUEST)).toEqual({
      answer: "unknown",
      because: [
        {
          kind: "condition",
          statement: only,
          condition: { path: "Statement[0].Condition", operator: "", key: "", values: only?.conditions },
          verdict: "unknown",
          seen: [],
          needed: undefined,
          reason: "value-unknown",
        },
      ],
    });
  });

  test("several values of a request are told one after the other; of what may be carried nothing is told", () => {
    const document = trust({ Condition: { StringEquals: { "x:many": "c", "x:maybe": "d", "x:later": "e" } } });
    const decision = evaluate(document, {
      ...REQUEST,
      context: { "x:many": known(["a", "b"]), "X:LATER": unknown() },
      unknownKeys: (key) => key === "x:maybe",
    });
    expect(
      decision.answer === "deny" &&
        decision.because.map((each) => (each.kind === "condition" ? [each.verdict, each.needed] : each.kind)),
    ).toEqual([
      ["fails", "a, b"],
      ["unknown", undefined],
      ["unknown", undefined],
    ]);
  });

  test("a principal that is not known yet is needed as nothing", () => {
    const principal = { type: "Federated", value: unknown() } as const;
    expect(evaluate(trust({}), { ...REQUEST, principal })).toMatchObject({
      because: [{ kind: "principal", verdict: "unknown", needed: "", seen: [PROVIDER] }],
    });
  });

  test("an explicit deny names the Deny", () => {
    const document = trust({}, denyAll);
    expect(evaluate(document, REQUEST)).toEqual({ answer: "deny", explicit: document.statements[1], because: [] });
  });

  test("a Deny that does not apply is no evidence, one that may apply is", () => {
    const document = trust(
      { Effect: "Deny", Action: "sts:AssumeRole" },
      {},
      { ...denyAll, Condition: { StringIs: { [SUB]: "x" } } },
    );
    const decision = evaluate(document, REQUEST);
    expect(decision).toMatchObject({
      answer: "unknown",
      because: [{ kind: "condition", verdict: "unknown", reason: "operator-unknown" }],
    });
    expect(decision.answer === "unknown" && decision.because).toHaveLength(1);
  });

  test("an effect that is no effect is evidence", () => {
    expect(evaluate(trust({ Effect: "allow" }), REQUEST)).toMatchObject({
      answer: "deny",
      because: [{ kind: "effect", verdict: "fails" }],
    });
    expect(evaluate(read(policy(statement({ Effect: UNKNOWN }))), REQUEST)).toMatchObject({
      answer: "unknown",
      because: [{ kind: "effect", verdict: "unknown" }],
    });
  });
});
