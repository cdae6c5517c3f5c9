import * as fc from "fast-check";
import { absent } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { breadth, gradesOf, GRADES } from "../../policy-pack/src/iam/web-identity";
import { matchGlob } from "../../policy-pack/src/iam/match";
import { AUD, AUDIENCE, ISSUER, policy, PROVIDER, read, statement, SUB, SUBJECT, trust, UNKNOWN } from "./support";

const widest = (pattern: string) => GRADES.filter((grade) => gradesOf(pattern).has(grade)).at(-1);

describe("how far a subject pattern reaches", () => {
  test.each([
    ["system:serviceaccount:shop:api", "exact"],
    ["*:shop:api", "exact"],
    ["system:serviceaccount:shop:api-*", "name-family"],
    ["system:serviceaccount:shop:*-api", "name-family"],
    ["system:serviceaccount:shop:ap?", "name-family"],
    ["system:serviceaccount:shop:???", "name-family"],
    ["system:serviceaccount:shop:*", "namespace"],
    ["*:serviceaccount:shop:*", "namespace"],
    ["*:shop:*", "namespace"],
    ["system:serviceaccount:shop*", "several-namespaces"],
    ["system:serviceaccount:shop-*:api", "several-namespaces"],
    ["system:serviceaccount:*:api", "several-namespaces"],
    ["system:serviceaccount:sho?:api", "several-namespaces"],
    ["*:api", "several-namespaces"],
    ["*shop*", "several-namespaces"],
    ["system:serviceaccount:*:*", "everyone"],
    ["system:serviceaccount:*", "everyone"],
    ["system:*", "everyone"],
    ["*", "everyone"],
    ["**", "everyone"],
    ["*:*:*:*", "everyone"],
  ])("%j: %s", (pattern, expected) => {
    expect(widest(pattern)).toBe(expected);
  });

  test.each([
    "",
    "shop:*",
    "system:serviceaccount:shop",
    "system:serviceaccount:shop/*",
    "system:serviceaccount:Shop:*",
    "system:serviceaccount:*:*:*",
    "x".repeat(5000),
    "?*".repeat(400),
  ])("%j fits no account", (pattern) => {
    expect(gradesOf(pattern).size).toBe(0);
  });

  test.each(["system:serviceaccount:shop*", "*", "*:api", "*shop*", "sys*:serviceaccount:a?c:*-x"])(
    "the examples of %j fit it and are accounts",
    (pattern) => {
      const examples = [...gradesOf(pattern).values()];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        expect(example).toMatch(/^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/);
        expect(matchGlob(pattern, example)).toBe(true);
      }
    },
  );

  test("a pattern has a grade exactly when an account fits it, and the grade tells which parts may vary", () => {
    const pattern = fc.array(fc.constantFrom("system:serviceaccount:", "a", "b", ":", "*", "?", "system", "account:"), {
      maxLength: 6,
    });
    const names = ["a", "b", "ab", "ba", "aab", "zzprobe", "x.y"];
    const subjects = names
      .filter((name) => !name.includes("."))
      .flatMap((namespace) => names.map((name) => [namespace, name] as const));
    fc.assert(
      fc.property(pattern, (parts) => {
        const glob = parts.join("");
        const fitting = subjects.filter(([namespace, name]) =>
          matchGlob(glob, `system:serviceaccount:${namespace}:${name}`),
        );
        const grade = widest(glob);
        const namespaces = new Set(fitting.map(([namespace]) => namespace)).size;
        const several = grade === "everyone" || grade === "several-namespaces";
        expect(fitting.length > 0 ? grade : undefined).toBe(fitting.length > 0 ? (grade ?? "a grade") : undefined);
        expect(several || namespaces <= 1).toBe(true);
        expect(grade !== "everyone" || fitting.length === subjects.length).toBe(true);
        expect(grade !== "exact" || fitting.length <= 1).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["*", "everyone", "system:serviceaccount:zzprobe:zzprobe"],
    ["system:serviceaccount:shop:*", "namespace", "system:serviceaccount:shop:zzprobe"],
    ["system:serviceaccount:shop:a??", "name-family", "system:serviceaccount:shop:azz"],
    ["system:serviceaccount:sh?p:api", "several-namespaces", "system:serviceaccount:shzp:api"],
    ["sy?tem:*:api", "several-namespaces", "system:serviceaccount:zzprobe:api"],
    ["system:serviceaccount:a-1:b.c-2", "exact", "system:serviceaccount:a-1:b.c-2"],
  ] as const)("the example of %j at %s is %j", (pattern, grade, example) => {
    expect(gradesOf(pattern).get(grade)).toBe(example);
  });

  test("a pattern longer than any account fits none", () => {
    const longest = `system:serviceaccount:${"n".repeat(63)}:${"a".repeat(253)}`;
    expect(widest(longest)).toBe("exact");
    expect(widest(`${longest}*`)).toBe("name-family");
    expect(gradesOf(`${longest}a`).size).toBe(0);
  });

  test.each([
    "system:serviceaccount:a_b:c",
    "system:serviceaccount::c",
    "system:serviceaccount:a:",
    "system:serviceaccount:a.b:c",
  ])("%j is no account", (pattern) => {
    expect(gradesOf(pattern).size).toBe(0);
  });

  test("a hostile pattern is graded, too", () => {
    expect(gradesOf("*a".repeat(330))).toBeDefined();
    expect(gradesOf("*".repeat(100_000))).toEqual(gradesOf("*"));
  });
});

describe("how far a trust policy reaches", () => {
  const reach = (...statements: readonly Value[]) => {
    const fact = breadth(read(policy(...statements)), ISSUER);
    return fact.is === "known" ? [fact.value.grade, fact.value.pattern?.path] : fact.is;
  };
  const like = (pattern: Value, more = {}) => statement({ Condition: { StringLike: { [SUB]: pattern }, ...more } });
  const deny = (condition: Value) => statement({ Effect: "Deny", Principal: "*", Condition: condition });

  test("an exact subject reaches one account", () => {
    expect(reach(statement())).toEqual(["exact", `Statement[0].Condition.StringEquals["${SUB}"]`]);
  });

  test("without a subject it reaches everyone, with or without the audience", () => {
    expect(reach(statement({ Condition: { StringEquals: { [AUD]: AUDIENCE } } }))).toEqual(["everyone", undefined]);
    expect(reach(statement({ Condition: null, Principal: "*" }))).toEqual(["everyone", undefined]);
  });

  test("the widest of several patterns counts", () => {
    const path = `Statement[0].Condition.StringLike["${SUB}"][1]`;
    expect(reach(like(["system:serviceaccount:shop:api-*", "system:serviceaccount:shop:*"]))).toEqual([
      "namespace",
      path,
    ]);
    expect(reach(like("system:serviceaccount:a:b"), like("system:serviceaccount:*"))).toEqual([
      "everyone",
      `Statement[1].Condition.StringLike["${SUB}"]`,
    ]);
  });

  test("of two statements as wide the one that lets the account in counts", () => {
    const path = `Statement[1].Condition.StringLike["${SUB}"]`;
    expect(
      reach(
        like("system:serviceaccount:shop:*", { StringEquals: { "sts:ExternalId": "x" } }),
        like("system:serviceaccount:shop:*"),
      ),
    ).toEqual(["namespace", path]);
  });

  test("two conditions on the subject reach as far as both allow", () => {
    expect(reach(like("system:serviceaccount:*", { StringEquals: { [SUB]: SUBJECT } }))).toEqual([
      "exact",
      `Statement[0].Condition.StringEquals["${SUB}"]`,
    ]);
  });

  test("an audience of its own or under a pattern does not narrow the subjects", () => {
    expect(reach(like("system:serviceaccount:*", { StringEquals: { [AUD]: ["own", AUDIENCE] } }))).toEqual([
      "everyone",
      `Statement[0].Condition.StringLike["${SUB}"]`,
    ]);
    expect(reach(statement({ Condition: { StringLike: { [AUD]: "sts.*" } } }))).toEqual(["everyone", undefined]);
  });

  test("a subject that is only excluded reaches everyone", () => {
    expect(reach(statement({ Condition: { StringNotEquals: { [SUB]: SUBJECT } } }))).toEqual(["everyone", undefined]);
  });

  test("a Deny of all others takes the reach away", () => {
    expect(reach(like(["system:serviceaccount:*", SUBJECT]), deny({ StringNotEquals: { [SUB]: SUBJECT } }))).toEqual([
      "exact",
      `Statement[0].Condition.StringLike["${SUB}"][1]`,
    ]);
  });

  test("a wildcard that is compared as a letter reaches nobody", () => {
    expect(breadth(trust({ Condition: { StringEquals: { [SUB]: "system:serviceaccount:shop:*" } } }), ISSUER)).toBe(
      absent,
    );
  });

  test("statements for another issuer or another action do not count", () => {
    expect(
      reach(
        statement({ Principal: { Federated: `${PROVIDER}X` }, Condition: null }),
        statement({ Action: "sts:AssumeRole", Condition: null }),
      ),
    ).toBe("absent");
  });

  test("an unknown part leaves it open, unless everyone gets in anyway", () => {
    expect(reach(like([SUBJECT, UNKNOWN]))).toBe("unknown");
    expect(reach(statement(), UNKNOWN)).toBe("unknown");
    expect(reach(like("*"), like(UNKNOWN))).toEqual(["everyone", `Statement[0].Condition.StringLike["${SUB}"]`]);
    expect(reach(like("*", { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }))).toBe("unknown");
  });

  test("the example is an account that nobody meant", () => {
    const example = (value: Value) => {
      const fact = breadth(read(policy(value)), ISSUER);
      return fact.is === "known" ? fact.value.example : fact.is;
    };
    expect(example(statement({ Condition: null }))).toBe("system:serviceaccount:zzprobe:zzprobe");
    expect(example(like("system:serviceaccount:shop:*"))).toBe("system:serviceaccount:shop:zzprobe");
    expect(example(statement())).toBe(SUBJECT);
  });

  test.each([
    `x${SUBJECT}`,
    `${SUBJECT} `,
    `${SUBJECT}/x`,
    "system:serviceaccount:a_b:c",
    `system:serviceaccount:${"n".repeat(64)}:a`,
  ])("%j is no account, so it reaches nobody", (subject) => {
    expect(reach(statement({ Condition: { StringEquals: { [SUB]: subject } } }))).toBe("absent");
  });

  test("an account in another case is one where case does not count", () => {
    expect(reach(statement({ Condition: { StringEqualsIgnoreCase: { [SUB]: SUBJECT.toUpperCase() } } }))).toEqual([
      "exact",
      `Statement[0].Condition.StringEqualsIgnoreCase["${SUB}"]`,
    ]);
    expect(reach(statement({ Condition: { StringEquals: { [SUB]: SUBJECT.toUpperCase() } } }))).toBe("absent");
  });

  test("a subject that need only be there reaches everyone", () => {
    expect(reach(statement({ Condition: { Null: { [SUB]: "false" } } }))).toEqual(["everyone", undefined]);
  });

  test("what is unknown of another issuer's statement is of no account", () => {
    const other = statement({ Principal: { Federated: `${PROVIDER}X` }, Condition: UNKNOWN });
    expect(reach(other, statement())).toEqual(["exact", `Statement[1].Condition.StringEquals["${SUB}"]`]);
    expect(reach(other)).toBe("absent");
    expect(reach(statement({ Principal: { Federated: UNKNOWN } }))).toBe("unknown");
    expect(reach(statement({ Principal: { Federated: ["x", UNKNOWN] } }))).toBe("unknown");
    expect(reach(statement({ Principal: { AWS: "*", Federated: `${PROVIDER}X` }, Condition: null }))).toBe("unknown");
  });

  test("which provider everyone comes through is unknown", () => {
    const denied = deny({});
    expect(reach(statement({ Principal: "*" }), { ...denied, Principal: { Federated: PROVIDER } })).toBe("unknown");
    expect(reach(statement({ Principal: { Federated: `${PROVIDER}X` } }), denied)).toBe("absent");
  });

  test("unknown patterns leave it open, also beside known ones", () => {
    expect(reach(like(UNKNOWN))).toBe("unknown");
    expect(reach(like([UNKNOWN]))).toBe("unknown");
    expect(reach(like(["system:serviceaccount:${aws:SourceIp}:a"]))).toBe("unknown");
    expect(reach(like([SUBJECT, UNKNOWN], { StringEquals: { [SUB]: SUBJECT } }))).toBe("unknown");
    expect(reach(statement({ Condition: { StringEquals: UNKNOWN, StringLike: { [SUB]: SUBJECT } } }))).toBe("unknown");
  });

  test.each<[string, Value, unknown]>([
    ["an audience of its own", { StringEquals: { [AUD]: "own" } }, ["everyone", undefined]],
    ["an audience under a pattern", { StringLike: { [AUD]: "o?n*" } }, ["everyone", undefined]],
    [
      "an audience under a pattern and without one",
      { StringLike: { [AUD]: "sts.*amazonaws.com" }, StringEquals: { [AUD]: AUDIENCE } },
      ["everyone", undefined],
    ],
    ["an audience without a value", { StringEquals: { [AUD]: [] } }, "absent"],
    ["an audience that is not known", { StringEquals: { [AUD]: UNKNOWN } }, "unknown"],
    ["an audience of which one is not known", { StringEquals: { [AUD]: [UNKNOWN, "own"] } }, "unknown"],
    ["an audience that is no text", { StringEquals: { [AUD]: [{}] } }, "unknown"],
    ["a subject under an operator that IAM does not have", { StringIs: { [SUB]: SUBJECT } }, "unknown"],
    ["the usual audience excluded", { StringNotEquals: { [AUD]: AUDIENCE } }, "absent"],
  ])("%s", (_, condition, expected) => {
    expect(reach(statement({ Condition: condition }))).toEqual(expected);
  });

  test("without a condition on the audience it is the usual one", () => {
    expect(reach(statement({ Condition: null }), deny({ StringNotEquals: { [AUD]: AUDIENCE } }))).toEqual([
      "everyone",
      undefined,
    ]);
  });
});
