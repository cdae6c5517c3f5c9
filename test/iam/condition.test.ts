import { known, unknown, type Fact } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { evaluate } from "../../policy-pack/src/iam/evaluate";
import { OPERATOR_NAMES } from "../../policy-pack/src/iam/operator";
import { policy, read } from "./support";

type Carried = Fact<readonly string[]> | undefined;

/** What one condition says of a request that carries the key with these values: true, false or unknown. */
function holds(
  operator: string,
  wanted: Value,
  carried: Carried,
  more: Readonly<Record<string, Fact<readonly string[]>>> = {},
  version: Value = "2012-10-17",
) {
  const document = read({
    ...policy({ Effect: "Allow", Action: "*", Principal: "*", Condition: { [operator]: { "svc:Key": wanted } } }),
    Version: version,
  });
  const decision = evaluate(document, {
    action: "a:b",
    context: { ...(carried ? { "SVC:key": carried } : {}), ...more },
    unknownKeys: (key) => key === "svc:maybe",
  });
  return decision.answer === "unknown" ? "unknown" : decision.answer === "allow";
}

/** For each positive operator: values of a policy, a request value that the first matches, one that none matches, one of another type. */
const POSITIVE: Readonly<Record<string, { wanted: readonly string[]; match: string; differ: string; alien?: string }>> =
  {
    StringEquals: { wanted: ["one", "two"], match: "one", differ: "One" },
    StringEqualsIgnoreCase: { wanted: ["one", "two"], match: "ONE", differ: "on" },
    StringLike: { wanted: ["o*e", "t?o"], match: "o:/ne", differ: "O:ne" },
    NumericEquals: { wanted: ["1.0", "2"], match: "1", differ: "3", alien: "one" },
    NumericLessThan: { wanted: ["5", "-1"], match: "4.5", differ: "5", alien: "" },
    NumericLessThanEquals: { wanted: ["5", "-1"], match: "5", differ: "5.1", alien: "0x1" },
    NumericGreaterThan: { wanted: ["5", "9"], match: "6", differ: "5", alien: "six" },
    NumericGreaterThanEquals: { wanted: ["5", "9"], match: "5", differ: "4", alien: "Infinity" },
    DateEquals: {
      wanted: ["2026-01-01T00:00:00Z", "2020-01-01"],
      match: "2026-01-01T01:00:00+01:00",
      differ: "2026-01-02",
      alien: "tomorrow",
    },
    DateLessThan: { wanted: ["2026-01-01", "2020-01-01"], match: "1577836800", differ: "2026-01-01", alien: "soon" },
    DateLessThanEquals: {
      wanted: ["2026-01-01", "2020-01-01"],
      match: "2026-01-01",
      differ: "2026-01-01T00:00:01Z",
      alien: "now",
    },
    DateGreaterThan: {
      wanted: ["2026-01-01", "2027-01-01"],
      match: "2026-01-01T00:00:00.001Z",
      differ: "2026-01-01",
      alien: "never",
    },
    DateGreaterThanEquals: {
      wanted: ["2026-01-01", "2027-01-01"],
      match: "2026-01-01",
      differ: "2025-12-31",
      alien: "2026-13-01",
    },
    Bool: { wanted: ["true"], match: "TRUE", differ: "false", alien: "yes" },
    BinaryEquals: { wanted: ["QmluYXJ5", "YQ=="], match: "QmluYXJ5", differ: "qmluYXJ5" },
    IpAddress: {
      wanted: ["203.0.113.0/24", "2001:db8::/32"],
      match: "203.0.113.7",
      differ: "203.0.114.7",
      alien: "localhost",
    },
    ArnEquals: {
      wanted: ["arn:aws:s3:::a*", "arn:aws:s3:::z"],
      match: "arn:aws:s3:::a:b",
      differ: "arn:aws:s3:::b",
      alien: "a",
    },
    ArnLike: {
      wanted: ["arn:aws:*:::a", "arn:aws:s3:::z"],
      match: "arn:aws:s3:::a",
      differ: "arn:aws:s3:::A",
      alien: "system:serviceaccount:a:b",
    },
  };

const positiveOf = (name: string) => POSITIVE[name.replace("Not", "")];
const NEGATED = [
  "StringNotEquals",
  "StringNotEqualsIgnoreCase",
  "StringNotLike",
  "NumericNotEquals",
  "DateNotEquals",
  "NotIpAddress",
  "ArnNotEquals",
  "ArnNotLike",
];
const COMPARING = [...Object.keys(POSITIVE), ...NEGATED];

test("the examples are of every operator that compares", () => {
  expect([...COMPARING, "Null"].toSorted()).toEqual(OPERATOR_NAMES.toSorted());
});

describe.each(COMPARING)("%s", (name) => {
  const example = positiveOf(name);
  const negated = NEGATED.includes(name);
  if (!example) throw new Error(`no example for ${name}`);
  const { wanted, match, differ, alien } = example;
  const positive = (truth: boolean) => truth !== negated;

  test("it compares the one value of the key, and an absent key is a mismatch", () => {
    expect(holds(name, wanted, known([match]))).toBe(positive(true));
    expect(holds(name, wanted, known([differ]))).toBe(positive(false));
    expect(holds(name, wanted[0] ?? "", known([match]))).toBe(positive(true));
    expect(holds(name, wanted, undefined)).toBe(negated);
    expect(holds(name, wanted, known([]))).toBe(negated);
  });

  test("a value of another type matches nothing", () => {
    expect(holds(name, wanted, known([alien ?? "\u00ff"]))).toBe(positive(false));
    expect(holds(name, alien ?? "\u00ff", known([match]))).toBe(positive(false));
  });

  test("on several values of the request it is certain only when they agree", () => {
    expect(holds(name, wanted, known([match, match]))).toBe(positive(true));
    expect(holds(name, wanted, known([differ, differ]))).toBe(positive(false));
    expect(holds(name, wanted, known([match, differ]))).toBe("unknown");
  });

  test("IfExists holds when the key is absent and changes nothing else", () => {
    expect(holds(`${name}IfExists`, wanted, undefined)).toBe(true);
    expect(holds(`${name}IfExists`, wanted, known([match]))).toBe(positive(true));
    expect(holds(`${name}IfExists`, wanted, known([differ]))).toBe(positive(false));
  });

  test("ForAllValues holds when the key is absent or every value fits", () => {
    const operator = `ForAllValues:${name}`;
    expect(holds(operator, wanted, undefined)).toBe(true);
    expect(holds(operator, wanted, known([]))).toBe(true);
    expect(holds(operator, wanted, known([match, match]))).toBe(positive(true));
    expect(holds(operator, wanted, known([match, differ]))).toBe(false);
    expect(holds(operator, wanted, known([differ]))).toBe(positive(false));
  });

  test("ForAnyValue fails when the key is absent and holds when one value fits", () => {
    const operator = `ForAnyValue:${name}`;
    expect(holds(operator, wanted, undefined)).toBe(false);
    // "If the key does not exist, the condition returns false", and "if the key is not present, evaluate it as true".
    expect(holds(`${operator}IfExists`, wanted, undefined)).toBe("unknown");
    expect(holds(`${operator}IfExists`, wanted, known([differ, match]))).toBe(true);
    expect(holds(operator, wanted, known([match, differ]))).toBe(true);
    expect(holds(operator, wanted, known([match]))).toBe(positive(true));
    expect(holds(operator, wanted, known([differ]))).toBe(positive(false));
  });

  test("unknown on either side leaves it open, unless a known value matches already", () => {
    const open: Value = { $unknown: true };
    expect(holds(name, open, known([match]))).toBe("unknown");
    expect(holds(name, [open], known([match]))).toBe("unknown");
    expect(holds(name, [...wanted, open], known([match]))).toBe(positive(true));
    expect(holds(name, [...wanted, open], known([differ]))).toBe("unknown");
    expect(holds(name, wanted, unknown())).toBe("unknown");
    expect(holds(name, open, undefined)).toBe(negated);
  });

  test("no values match nothing", () => {
    expect(holds(name, [], known([match]))).toBe(positive(false));
    expect(holds(name, [], unknown())).toBe(positive(false));
  });
});

describe("Null", () => {
  test.each<[Value, Carried, unknown]>([
    ["true", undefined, true],
    ["true", known(["x"]), false],
    ["TRUE", undefined, true],
    [true, known([]), true],
    ["false", undefined, false],
    [false, known(["x"]), true],
    ["false", unknown(), true],
    [["true", "false"], known(["x"]), true],
    [["false", { $unknown: true }], known(["x"]), true],
    [["true", { $unknown: true }], known(["x"]), "unknown"],
    ["maybe", undefined, false],
    [{ $unknown: true }, undefined, "unknown"],
  ])("Null %j on %j: %j", (wanted, carried, expected) => {
    expect(holds("Null", wanted, carried)).toBe(expected);
  });
});

describe("why a condition fails", () => {
  const reason = (operator: string, wanted: Value, carried: Carried) => {
    const document = read(
      policy({ Effect: "Allow", Action: "*", Principal: "*", Condition: { [operator]: { "svc:Key": wanted } } }),
    );
    const decision = evaluate(document, { action: "a:b", context: carried ? { "svc:key": carried } : {} });
    return decision.answer === "allow"
      ? "it holds"
      : decision.because.map((each) => (each.kind === "condition" ? `${each.verdict}: ${each.reason}` : each.kind));
  };

  test.each<[string, string, Value, Carried, string]>([
    ["the key is not there", "StringEquals", "x", undefined, "fails: key-absent"],
    ["the key is not there, with any of its values", "ForAnyValue:StringEquals", "x", undefined, "fails: key-absent"],
    ["nobody says what an absent key means", "ForAnyValue:BoolIfExists", "true", undefined, "unknown: value-unknown"],
    ["the value differs", "StringEquals", "x", known(["y"]), "fails: value-differs"],
    ["no value is taken", "StringEquals", [], unknown(), "fails: value-differs"],
    ["the key is there", "Null", "true", known(["y"]), "fails: value-differs"],
    ["the key is not there to be so", "Null", "false", undefined, "fails: value-differs"],
    ["text is no number", "NumericEquals", "1", known(["y"]), "fails: operator-never-matches"],
    ["another number", "NumericEquals", "1", known(["2"]), "fails: value-differs"],
    [
      "one of the values is no number",
      "ForAnyValue:NumericEquals",
      "1",
      known(["2", "y"]),
      "fails: operator-never-matches",
    ],
    ["text is no date", "DateEquals", "2026-01-01", known(["y"]), "fails: operator-never-matches"],
    ["another date", "DateEquals", "2026-01-01", known(["2026-01-02"]), "fails: value-differs"],
    ["text is no truth value", "Bool", "true", known(["y"]), "fails: operator-never-matches"],
    ["the other truth value", "Bool", "true", known(["false"]), "fails: value-differs"],
    ["text is no address", "IpAddress", "::1", known(["y"]), "fails: operator-never-matches"],
    ["another address", "IpAddress", "::1", known(["::2"]), "fails: value-differs"],
    ["text is no ARN", "ArnLike", "arn:aws:s3:::a", known(["y"]), "fails: operator-never-matches"],
    ["another ARN", "ArnLike", "arn:aws:s3:::a", known(["arn:aws:s3:::b"]), "fails: value-differs"],
    ["bytes are compared as they are spelt", "BinaryEquals", "YQ==", known(["y"]), "fails: value-differs"],
    ["the value is not known yet", "StringEquals", "x", unknown(), "unknown: value-unknown"],
    ["the operator is none", "StringIs", "x", known(["x"]), "unknown: operator-unknown"],
  ])("%s: %s %j on %j", (_, operator, wanted, carried, expected) => {
    expect(reason(operator, wanted, carried)).toEqual([expected]);
  });

  test.each<[string, Value]>([
    ["StringLike", "*"],
    ["StringLike", "***"],
    ["ForAllValues:StringLike", "*"],
    ["StringLikeIfExists", ["a", "*"]],
  ])("%s %j holds of any value", (operator, wanted) => {
    expect(reason(operator, wanted, unknown())).toBe("it holds");
  });

  test.each<[string, Value]>([
    ["StringLike", "a*"],
    ["StringLike", "*a"],
    ["StringLike", "**?"],
    ["StringLike", [{ $unknown: true }]],
    ["StringEquals", "*"],
    ["ArnLike", "*"],
    ["StringEqualsIgnoreCase", "*"],
  ])("whether %s %j holds of any value is open", (operator, wanted) => {
    expect(reason(operator, wanted, unknown())).toEqual(["unknown: value-unknown"]);
  });
});

describe("what nobody can say", () => {
  test("a key that the request may or may not carry is unknown under every operator", () => {
    for (const name of OPERATOR_NAMES) {
      const document = read(
        policy({ Effect: "Allow", Action: "*", Principal: "*", Condition: { [name]: { "svc:maybe": "x" } } }),
      );
      expect(evaluate(document, { action: "a:b", context: {}, unknownKeys: (key) => key === "svc:maybe" }).answer).toBe(
        "unknown",
      );
    }
  });

  test.each(["StringEqual", "Foo", "", "NullIfExists"])(
    "operator %j is unknown, never a match and never a pass",
    (operator) => {
      expect(holds(operator, "one", known(["one"]))).toBe("unknown");
      expect(holds(operator, "one", known(["two"]))).toBe("unknown");
    },
  );

  test("a star fits a value that is carried but unknown", () => {
    expect(holds("StringLike", ["x", "**"], unknown())).toBe(true);
    expect(holds("StringNotLike", ["x", "*"], unknown())).toBe(false);
    expect(holds("StringEquals", "*", unknown())).toBe("unknown");
  });
});

describe("policy variables in values", () => {
  const who = {
    "aws:username": known(["jo"]),
    "svc:many": known(["x", "y"]),
    "svc:none": known([]),
    "svc:later": unknown(),
  };
  test.each<[string, string, string, unknown]>([
    ["StringEquals", "home/${aws:username}", "home/jo", true],
    ["StringEquals", "home/${aws:username}", "home/al", false],
    ["StringLike", "home/${AWS:UserName}/*", "home/jo/x", true],
    ["StringLike", "a${*}", "a*", true],
    ["StringLike", "a${*}", "ab", false],
    ["StringLike", "a${*}", "a", false],
    ["StringLike", "a${?}", "a", false],
    ["StringNotLike", "a${?}", "ab", true],
    ["StringEquals", "${svc:gone}", "x", false],
    ["StringNotEquals", "${svc:gone}", "x", true],
    ["StringNotLike", "*${svc:gone}*${svc:maybe}", "x", true],
    ["StringEquals", "${svc:gone, 'x'}", "x", true],
    ["StringEquals", "${svc:maybe, 'x'}", "x", "unknown"],
    ["StringEquals", "${svc:many}", "x", "unknown"],
    ["StringEquals", "${svc:many, 'x'}", "x", "unknown"],
    ["StringEquals", "${svc:none, 'x'}", "x", true],
    ["StringEquals", "${svc:none}", "", false],
    ["StringEquals", "${svc:later}", "x", "unknown"],
    ["StringEquals", "${a b}", "x", "unknown"],
    ["StringEquals", "x$", "x$", true],
    ["StringLike", "*{?", "a{b", true],
    ["ArnLike", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/jo", true],
  ])("%s %j on %j: %j", (operator, wanted, value, expected) => {
    expect(holds(operator, wanted, known([value]), who)).toBe(expected);
  });

  test("an older language version takes them for what they are spelt", () => {
    expect(holds("StringEquals", "${aws:username}", known(["${aws:username}"]), who, "2008-10-17")).toBe(true);
    expect(holds("StringEquals", "${aws:username}", known(["jo"]), who, null)).toBe(false);
    expect(holds("StringEquals", "${aws:username}", known(["jo"]), who, { $unknown: true })).toBe("unknown");
    expect(holds("StringEquals", "jo", known(["jo"]), who, { $unknown: true })).toBe(true);
    expect(holds("StringNotLike", "a*", known(["jo"]), who, { $unknown: true })).toBe(true);
  });
});

describe("addresses", () => {
  test.each([
    ["203.0.113.9", "203.0.113.9", true],
    ["203.0.113.9/32", "203.0.113.8", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "2001:db8::1", true],
    ["2001:db8:0:0:0:0:0:1", "2001:DB8::1", true],
    ["::ffff:203.0.113.0/120", "::ffff:203.0.113.9", true],
    ["203.0.113.0/33", "203.0.113.0", false],
    ["203.0.113.256", "203.0.113.0", false],
    ["1::2::3", "1::2:3", false],
    ["1:2:3:4:5:6:7:8:9", "::1", false],
  ])("%j covers %j: %j", (range, address, expected) => {
    expect(holds("IpAddress", range, known([address]))).toBe(expected);
  });
});
