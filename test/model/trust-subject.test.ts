import { subjectFaults } from "../../policy-pack/src/model/trust-subject";
import { podStatements } from "../../policy-pack/src/model/trust-statement";
import type { Value } from "../../policy-pack/src/facts/value";
import { ISSUER, resource, ROLE_ARN, SUBJECT, UNKNOWN, wired, type Wiring } from "../support/stack";
import { arnOf, conditioned, GITHUB, statementOf, SUB, withRole } from "../support/trust-parts";

const A = "system:serviceaccount:";
const nobody: Wiring = { serviceAccount: null };

/** `form "seen": because → needed (beside others)` for each dead subject. */
function faultsOf(statement: Value, changes: Wiring = nobody): readonly string[] {
  const { model, role } = withRole(wired({ ...changes, role: { assumeRolePolicy: { Statement: [statement] } } }));
  return podStatements(role, model)
    .flatMap((pod) => subjectFaults(pod, model))
    .map(
      ({ fault, seen, because, needed, beside }) =>
        `${fault} "${seen}": ${because} → ${needed ?? "nothing"}${beside ? " (beside others)" : ""}`,
    );
}
const named = (sub: Value, operator = "StringEquals"): Value => conditioned({ [operator]: { [SUB]: sub } });
/** The reason alone, for a subject of which there is one. */
const reasonOf = (sub: string, operator = "StringEquals"): string => {
  const [fault] = faultsOf(named(sub, operator));
  return fault === undefined ? "none" : fault.slice(fault.indexOf('": ') + 3, fault.lastIndexOf(" → "));
};
const [N63, N64, N253, N254] = [63, 64, 253, 254].map((length) => "a".repeat(length)) as [
  string,
  string,
  string,
  string,
];

describe("a subject that no account can have", () => {
  const otherCharacters = (part: string): string => `its ${part} has characters other than a-z, 0-9`;

  test.each<[string, string]>([
    [` ${SUBJECT}`, "there are blanks around it"],
    [`${SUBJECT}\n`, "there are blanks around it"],
    ["shop:api", 'it does not begin with "system:serviceaccount:"'],
    ["System:ServiceAccount:shop:api", 'it does not begin with "system:serviceaccount:"'],
    [`${A}shop`, "the name of the account is missing"],
    [`${A}shop:api:x`, "it has more than four parts"],
    [`${A}:api`, "its namespace is empty"],
    [`${A}shop:`, "the name of the account is empty"],
    [`${A}${N64}:api`, "its namespace is longer than 63 characters"],
    [`${A}shop:${N254}`, "the name of the account is longer than 253 characters"],
    [`${A}Shop:Api`, `${otherCharacters('namespace "Shop"')} and "-"`],
    [`${A}shop.eu:api`, `${otherCharacters('namespace "shop.eu"')} and "-"`],
    [`${A}shop:Api`, `${otherCharacters('name "Api"')}, "-" and "."`],
    [`${A}${N63}:Api`, `${otherCharacters('name "Api"')}, "-" and "."`],
    [`${A}Shop:${N253}`, `${otherCharacters('namespace "Shop"')} and "-"`],
    [`${A}shop:*`, "none"],
    [SUBJECT, "none"],
    [`${A}${N63}:${N253}`, "none"],
  ])("%j: %s", (sub, because) => {
    expect(reasonOf(sub, sub.includes("*") ? "StringLike" : "StringEquals")).toBe(because);
  });

  test.each<[string, string, string]>([
    [`${A}*a*b*c*d*:api`, "StringLike", "none"],
    [`${A}${N63}*:api`, "StringLike", "none"],
    [`${A}shop:${N253}*`, "StringLike", "none"],
    [`${A}${N64}*:api`, "StringLike", "its namespace is longer than 63 characters"],
    ["*", "StringLike", "none"],
    ["repo:*", "StringLike", 'it does not begin with "system:serviceaccount:"'],
    [`${A}shop:*`, "StringEquals", "StringEquals takes * and ? for themselves"],
    [`${A}shop:ap?`, "StringEqualsIgnoreCase", "StringEquals takes * and ? for themselves"],
    ["shop:*", "StringEquals", 'it does not begin with "system:serviceaccount:"'],
    [`${A}Shop:Api`, "StringEqualsIgnoreCase", "none"],
    [`${A}Shop:Api`, "StringLike", 'its namespace "Shop" has characters other than a-z, 0-9 and "-"'],
    [
      `${A}\${namespace}:api`,
      "StringLike",
      '"${namespace}" was not filled in, which needs backticks, and IAM has no such variable',
    ],
    [`${A}\${aws:PrincipalTag/team}:api`, "StringLike", "none"],
  ])("%j under %s: %s", (sub, operator, because) => {
    expect(reasonOf(sub, operator)).toBe(because);
  });

  test("is told with what was not filled in, of which nobody can tell what was meant", () => {
    expect(faultsOf(named(`${A}\${namespace}:\${name}`))).toEqual([
      `form "${A}\${namespace}:\${name}": "\${namespace}" was not filled in, which needs backticks, and IAM has no such variable → nothing`,
    ]);
  });

  test("stands beside others in a list", () => {
    expect(faultsOf(named([`${A}shop:web`, `${A}shop`, UNKNOWN]))).toEqual([
      `form "${A}shop": the name of the account is missing → nothing (beside others)`,
    ]);
  });

  test("is told for each of several, none of which can fit", () => {
    expect(faultsOf(named([`${A}shop`, `${A}web`]))).toEqual([
      `form "${A}shop": the name of the account is missing → nothing`,
      `form "${A}web": the name of the account is missing → nothing`,
    ]);
  });

  test("is told as a wildcard only where the pattern could fit an account", () => {
    const because = "StringEquals takes * and ? for themselves";
    expect(faultsOf(named([`${A}shop:*`, "shop:*"]))).toEqual([
      `wildcard "${A}shop:*": ${because} → ${A}shop:*`,
      `form "shop:*": it does not begin with "system:serviceaccount:" → ${A}shop:*`,
    ]);
  });

  test("is told by its path and its operator", () => {
    const { model, role } = withRole(
      wired({ role: { assumeRolePolicy: { Statement: [named(["shop", SUBJECT], "StringLike")] } } }),
    );
    const [pod] = podStatements(role, model);
    expect(pod && subjectFaults(pod, model)[0]).toMatchObject({
      operator: "StringLike",
      path: `Statement[0].Condition.StringLike["${SUB}"][0]`,
    });
  });

  test.each<[string, Value]>([
    ["an excluded subject", conditioned({ StringEquals: { [SUB]: SUBJECT }, StringNotEquals: { [SUB]: "shop:web" } })],
    ["an unknown one", named(UNKNOWN)],
    [
      "one of GitHub's",
      statementOf({
        Principal: { Federated: [arnOf(ISSUER), arnOf(GITHUB)] },
        Condition: { StringEquals: { [SUB]: SUBJECT, [`${GITHUB}:sub`]: "repo:acme/shop" } },
      }),
    ],
  ])("is not %s", (_, statement) => {
    expect(faultsOf(statement)).toEqual([]);
  });
});

describe("what was probably meant by it is", () => {
  const needed = (sub: Value, changes: Wiring = nobody, operator = "StringEquals"): string => {
    const [fault = " → no fault"] = faultsOf(named(sub, operator), changes);
    return fault.slice(fault.lastIndexOf(" → ") + 3).replace(" (beside others)", "");
  };
  const account = (metadata: { readonly [key: string]: Value }) =>
    resource("kubernetes:core/v1:ServiceAccount", "second", { metadata });
  /** The stack's account does not use the role. */
  const idle: Wiring = { serviceAccount: { metadata: { annotations: undefined } } };
  const annotations = { "eks.amazonaws.com/role-arn": ROLE_ARN };

  test.each<[string, Value, Wiring, string]>([
    ["the one account that uses the role", "api", {}, SUBJECT],
    ["the one account that uses the role and is not named yet", [`${A}shop`, SUBJECT], {}, "nothing"],
    [
      "the one of two accounts that is not named yet",
      [`${A}shop`, SUBJECT],
      { plus: [account({ name: "web", namespace: "shop", annotations })] },
      `${A}shop:web`,
    ],
    [
      "neither of two accounts that use it, but the one of like name",
      "shop:web",
      { plus: [account({ name: "web", namespace: "shop", annotations })] },
      `${A}shop:web`,
    ],
    [
      "no account whose name is not known yet, but the same parts",
      "shop:web",
      { serviceAccount: { metadata: { name: UNKNOWN } } },
      `${A}shop:web`,
    ],
    ["an account whose parts these are, also beside a longer rest", [`${SUBJECT}:x`, `${A}shop:web`], idle, SUBJECT],
    ["an account of like name", `${A}shop:api_`, idle, SUBJECT],
    [
      "not an account of like name, where others stand in the list",
      [`${A}shop:API2`, `${A}shop:web`],
      idle,
      `${A}shop:api2`,
    ],
    [
      "not an account of like name whose namespace is not known",
      `${A}Default:web`,
      { ...nobody, plus: [account({ name: "web", namespace: UNKNOWN })] },
      `${A}default:web`,
    ],
    [
      "not an account of like namespace whose name is not known",
      `${A}shop:Undefine`,
      { ...nobody, plus: [account({ name: UNKNOWN, namespace: "shop" })] },
      `${A}shop:undefine`,
    ],
  ])("%s", (_, sub, changes, expected) => {
    expect(needed(sub, changes)).toBe(expected);
  });

  test.each<[string, string]>([
    ["shop:web", `${A}shop:web`],
    ["shop/web", `${A}shop:web`],
    [` ${A}shop:web `, `${A}shop:web`],
    ["system:serviceaccounts:shop:web", `${A}shop:web`],
    ["system:serviceaccountshop:web", `${A}shop:web`],
    ["system:serviceaccountteam:web", `${A}team:web`],
    ["SYSTEM:SERVICEACCOUNT:Shop:Web", `${A}shop:web`],
    ["team_shop:my_web", `${A}team-shop:my-web`],
    ["web", "nothing"],
    ["shop:web:x", "nothing"],
    ["shop:system:serviceaccount:web", "nothing"],
    ["shop:we b", "nothing"],
    [`${N63}:Web`, `${A}${N63}:web`],
    [`${N64}:web`, "nothing"],
    [`shop:${N254}`, "nothing"],
  ])("the same parts put in order: %j → %s", (sub, expected) => {
    expect(needed(sub)).toBe(expected);
  });

  test("the pattern itself, whoever uses the role", () => {
    expect(needed(`${A}shop:*`, {})).toBe(`${A}shop:*`);
  });
});
