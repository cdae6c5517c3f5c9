import { denials } from "../../policy-pack/src/model/trust-denial";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Value } from "../../policy-pack/src/facts/value";
import { ISSUER, OTHER_ISSUER, ROLE_ARN, SUBJECT, trustStatement, UNKNOWN, wired, type Wiring } from "../support/stack";
import { AUD, conditioned, policyOf, statementFor, statementOf, SUB } from "../support/trust-parts";
import { accountOf } from "../support/trust-stacks";

/** `Statement[1] refuses "…"`, with what its key is to be and the places of the accounts. */
function denialsIn(statements: readonly Value[], changes: Wiring = {}): readonly string[] {
  const model = buildModel(wired({ ...changes, role: { assumeRolePolicy: policyOf(...statements) } }));
  return denials(model).map(({ statement, refused, slip, places }) => {
    const key = slip === undefined ? "" : `, with ${slip.seen} for ${slip.needed}`;
    const at =
      places.length === 0 ? "" : ` at ${places.length === 1 ? "its annotation" : `${places.length} annotations`}`;
    return `${statement.path} refuses ${refused.join(" and ")}${at}${key}`;
  });
}

const OPS = "system:serviceaccount:ops:api";
const WEB = "system:serviceaccount:shop:web";
const deny = (operator: string, sub: Value): Value =>
  statementOf({ Effect: "Deny", Principal: "*", Condition: { [operator]: { [SUB]: sub } } });
const subjects = (sub: Value): Value => statementFor(ISSUER, sub);
/** A stack in which nobody uses the role. */
const UNUSED: Wiring = { serviceAccount: null, deployment: null };

describe("a Deny refuses the accounts that use the role", () => {
  const api = 'Statement[1] refuses ServiceAccount "shop/api" at its annotation';

  test.each<[string, readonly Value[], Wiring, readonly string[]]>([
    ["but none where there is none", [trustStatement()], {}, []],
    ["where it is for them", [trustStatement(), deny("StringEquals", SUBJECT)], {}, [api]],
    ["but none that it is not for", [trustStatement(), deny("StringEquals", OPS)], {}, []],
    [
      "all together",
      [subjects([SUBJECT, WEB]), deny("StringLike", "system:serviceaccount:shop:*")],
      { plus: [accountOf("shop/web", ROLE_ARN)] },
      ['Statement[1] refuses ServiceAccount "shop/api" and ServiceAccount "shop/web" at 2 annotations'],
    ],
    [
      "by a key that is written wrong",
      [
        trustStatement(),
        statementOf({
          Effect: "Deny",
          Principal: "*",
          Condition: { StringNotEquals: { [`https://${ISSUER}:sub`]: SUBJECT } },
        }),
      ],
      {},
      [`${api}, with https://${ISSUER}:sub for ${ISSUER}:sub`],
    ],
    [
      "by a key for which no issuer is to be read from the role alone",
      [
        trustStatement(),
        statementOf({
          Effect: "Deny",
          Principal: "*",
          Condition: { StringNotEquals: { [`${OTHER_ISSUER}:sub`]: SUBJECT } },
        }),
      ],
      {},
      [`${api}, with ${OTHER_ISSUER}:sub for ${ISSUER}:sub`],
    ],
    [
      "without a condition",
      [trustStatement(), statementOf({ Effect: "Deny", Principal: "*", Condition: undefined })],
      {},
      [api],
    ],
  ])("%s", (_, statements, changes, expected) => {
    expect(denialsIn(statements, changes)).toEqual(expected);
  });
});

describe("where nobody uses the role, a Deny refuses the subjects that it names", () => {
  const all = (place: string, ...refused: readonly string[]): readonly string[] => [
    `${place} refuses ${refused.map((each) => `"${each}"`).join(" and ")}`,
  ];
  const only = (sub: Value): Value => deny("StringEquals", sub);

  test.each<[string, readonly Value[], readonly string[]]>([
    ["but none where there is none", [trustStatement()], []],
    ["where it is for the only one", [trustStatement(), only(SUBJECT)], all("Statement[1]", SUBJECT)],
    [
      "where it is for each of two",
      [subjects([SUBJECT, OPS]), deny("StringLike", "*")],
      all("Statement[1]", SUBJECT, OPS),
    ],
    ["and says each once", [subjects([SUBJECT, SUBJECT]), only(SUBJECT)], all("Statement[1]", SUBJECT)],
    ["but not where it is for the first of two", [subjects([SUBJECT, OPS]), only(SUBJECT)], []],
    ["but not where another refuses the second", [subjects([SUBJECT, OPS]), only(SUBJECT), only(OPS)], []],
    [
      "but not where the second is refused for its audience",
      [
        subjects(SUBJECT),
        conditioned({ StringEquals: { [AUD]: "sts.amazonaws.com", [SUB]: OPS }, StringLike: { [AUD]: "vault" } }),
        only(SUBJECT),
      ],
      [],
    ],
    [
      "but not while the second may be admitted",
      [subjects(SUBJECT), statementOf({ Action: UNKNOWN, Condition: { StringEquals: { [SUB]: OPS } } }), only(SUBJECT)],
      [],
    ],
    [
      "where it is for tokens of its audience",
      [
        conditioned({ StringEquals: { [AUD]: "vault", [SUB]: SUBJECT } }),
        statementOf({ Effect: "Deny", Principal: "*", Condition: { StringEquals: { [AUD]: "vault" } } }),
      ],
      all("Statement[1]", SUBJECT),
    ],
    [
      "where it is for tokens of the audience that the webhook asks for",
      [
        conditioned({ StringEquals: { [SUB]: SUBJECT } }),
        statementOf({ Effect: "Deny", Principal: "*", Condition: { StringEquals: { [AUD]: "sts.amazonaws.com" } } }),
      ],
      all("Statement[1]", SUBJECT),
    ],
    [
      "and none that it names by a pattern",
      [conditioned({ StringLike: { [SUB]: ["system:serviceaccount:shop:*", OPS] } }), only(OPS)],
      all("Statement[1]", OPS),
    ],
    [
      "and none that it takes away",
      [conditioned({ StringEquals: { [SUB]: SUBJECT }, StringNotEquals: { [SUB]: OPS } }), only(SUBJECT)],
      all("Statement[1]", SUBJECT),
    ],
    [
      "but none where every subject is a pattern",
      [subjects("system:serviceaccount:shop:*"), deny("StringLike", "*")],
      [],
    ],
    [
      "but none where it is refused without one",
      [conditioned({ StringEquals: { [AUD]: "sts.amazonaws.com", [SUB]: SUBJECT }, StringLike: { [AUD]: "vault" } })],
      [],
    ],
    ["but not in a policy with a flaw", [trustStatement(), { ...(only(SUBJECT) as object), Sid: 1 }], []],
  ])("%s", (_, statements, expected) => {
    expect(denialsIn(statements, UNUSED)).toEqual(expected);
  });

  test("but it is asked of the account where one uses the role", () => {
    expect(denialsIn([subjects([SUBJECT, WEB]), only(WEB)])).toEqual([]);
    expect(denialsIn([subjects(WEB), only(WEB)])).toEqual([]);
  });
});
