import { faultsOfRole, isBlocking, trustFaults, type TrustFaults } from "../../policy-pack/src/model/trust";
import type { OperatorFault } from "../../policy-pack/src/model/trust-condition";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  ISSUER,
  OTHER_ISSUER,
  PROVIDER_ARN,
  SUBJECT,
  trustStatement,
  UNKNOWN,
  wired,
  type Wiring,
} from "../support/stack";
import {
  arnOf,
  AUD,
  conditioned,
  GITHUB,
  policyOf,
  providerFor,
  statementFor,
  statementOf,
  SUB,
  withRole,
} from "../support/trust-parts";

const KINDS = [
  "flaws",
  "wildcards",
  "principals",
  "actions",
  "foreign",
  "keys",
  "operators",
  "subjects",
  "unsatisfiable",
  "withoutAudience",
  "reaches",
] as const satisfies readonly (keyof TrustFaults)[];

/** The kinds of faults with the statements of each: `operators: Statement[0]`. */
function describeFaults(faults: TrustFaults | undefined): readonly string[] {
  if (!faults) return ["not judged"];
  return KINDS.flatMap((kind) => {
    const places = faults[kind].map(({ path }) => path.replace(/^(Statement\[\d\]).*/, "$1"));
    return places.length === 0 ? [] : [`${kind}: ${places.join(", ")}`];
  });
}
function faultsIn(statements: readonly Value[], changes: Wiring = {}): readonly string[] {
  const { model, role } = withRole(wired({ ...changes, role: { assumeRolePolicy: policyOf(...statements) } }));
  return describeFaults(faultsOfRole(role, model));
}

const NAMED = { [AUD]: "sts.amazonaws.com", [SUB]: SUBJECT };
const SLIP = "system:serviceaccounts:shop:api";
const WIDE = "system:serviceaccount:*:*";
const naming = (conditions: { readonly [operator: string]: Value }) =>
  conditioned({ StringEquals: NAMED, ...conditions });

test("the faults of a model are worked out once", () => {
  const { model, role } = withRole(wired());
  expect(faultsOfRole(role, model)).toBe(faultsOfRole(role, model));
  expect(trustFaults(model)).toEqual([faultsOfRole(role, model)]);
});

describe("a trust policy has", () => {
  const EXTERNAL = { StringLike: { "sts:ExternalId": "shop" } };
  const tagging = (...issuers: readonly string[]) =>
    statementOf({ Principal: { Federated: issuers.map((each) => arnOf(each)) }, Action: "sts:TagSession" });

  test.each<[string, readonly Value[], readonly string[]]>([
    ["no fault where it is right", [trustStatement()], []],
    [
      "an operator that refuses all, which comes before the form of its subject",
      [conditioned({ ArnEquals: { [AUD]: "sts.amazonaws.com" }, StringEquals: { [SUB]: SLIP } })],
      ["operators: Statement[0]"],
    ],
    ["a key that no call carries", [naming(EXTERNAL)], ["unsatisfiable: Statement[0]"]],
    [
      "a subject of a wrong form, which comes before such a key",
      [conditioned({ StringEquals: { ...NAMED, [SUB]: SLIP }, ...EXTERNAL })],
      ["subjects: Statement[0]"],
    ],
    [
      "perhaps no key that no call carries, while conditions are not known",
      [naming({ ...EXTERNAL, StringNotLike: UNKNOWN })],
      [],
    ],
    ["a statement without the action", [tagging(ISSUER)], ["actions: Statement[0]"]],
    ["a statement for another action beside one with the action", [tagging(ISSUER), trustStatement()], []],
    [
      "a statement for another action beside one with the action for two providers",
      [tagging(ISSUER), statementOf({ Principal: { Federated: [PROVIDER_ARN, arnOf(OTHER_ISSUER)] } })],
      [],
    ],
    [
      "a statement for another action beside one for another provider",
      [tagging(ISSUER), statementFor(OTHER_ISSUER)],
      ["actions: Statement[0]"],
    ],
    [
      "perhaps a statement with the wrong action, while nobody knows for whom",
      [statementOf({ Principal: { Federated: UNKNOWN }, Action: "sts:TagSession" })],
      [],
    ],
    ["a principal that no token can have", [statementFor(`${OTHER_ISSUER}/`, SLIP)], ["principals: Statement[0]"]],
    [
      "a key that is written wrong, which comes before the form of its subject",
      [conditioned({ StringEquals: { [SUB]: SLIP, [`https://${AUD}`]: "sts.amazonaws.com" } })],
      ["keys: Statement[0]"],
    ],
    [
      "a principal that lets everybody in, which comes before the form of its subject",
      [statementOf({ Principal: { Federated: ["*", PROVIDER_ARN] }, Condition: { StringEquals: { [SUB]: SLIP } } })],
      ["wildcards: Statement[0]"],
    ],
    [
      "no need of an audience for GitHub, which is trusted in the same statement",
      [
        statementOf({
          Principal: { Federated: [PROVIDER_ARN, arnOf(GITHUB)] },
          Condition: { StringEqualsIfExists: { ...NAMED, [`${GITHUB}:sub`]: "repo:shop/api:ref:refs/heads/main" } },
        }),
      ],
      ["operators: Statement[0], Statement[0]"],
    ],
    ["no audience", [conditioned({ StringEquals: { [SUB]: SUBJECT } })], ["withoutAudience: Statement[0]"]],
    [
      "perhaps an audience among conditions that are not known",
      [conditioned({ StringEquals: { [SUB]: SUBJECT }, StringLike: UNKNOWN })],
      [],
    ],
    [
      "perhaps no use for an audience, while its action is not known",
      [statementOf({ Action: UNKNOWN, Condition: { StringEquals: { [SUB]: SUBJECT } } })],
      [],
    ],
  ])("%s", (_, statements, expected) => {
    expect(faultsIn(statements)).toEqual(expected);
  });

  test("no fault of its own where the url of one of two providers is what is wrong", () => {
    const Principal = { Federated: [PROVIDER_ARN, arnOf(`${OTHER_ISSUER}/`)] };
    const statement = statementOf({ Principal, Condition: { StringEquals: { [SUB]: SLIP } } });
    expect(faultsIn([statement], { plus: [providerFor(`${OTHER_ISSUER}/`)] })).toEqual([]);
  });
  test("no fault of its own where its provider's url is what is wrong", () => {
    const statement = statementFor(`${OTHER_ISSUER}/`, SLIP);
    expect(faultsIn([statement], { plus: [providerFor(`${OTHER_ISSUER}/`)] })).toEqual([]);
  });
});

test("a statement without the action shows what it has in its place", () => {
  const actions = (changes: { readonly [element: string]: Value | undefined }): unknown => {
    const stack = wired({ role: { assumeRolePolicy: policyOf(statementOf(changes)) } });
    const { model, role } = withRole(stack);
    return faultsOfRole(role, model)?.actions;
  };
  const [path, issuer] = ["Statement[0].Action", ISSUER];
  expect(actions({ Action: ["sts:TagSession", "sts:AssumeRole"] })).toEqual([
    { path, seen: ["sts:TagSession", "sts:AssumeRole"], issuer },
  ]);
  expect(actions({ Action: undefined, NotAction: "sts:AssumeRoleWith*" })).toEqual([
    { path: "Statement[0].NotAction", seen: ["sts:AssumeRoleWith*"], issuer },
  ]);
});

describe("a provider in another account is a fault of the policy", () => {
  const foreign = statementOf({ Principal: { Federated: arnOf(ISSUER, "444455556666") } });

  test("where nobody uses the role", () => {
    expect(faultsIn([foreign], { serviceAccount: null, deployment: null })).toEqual(["foreign: Statement[0]"]);
  });
  test("but not where an account does, which is then refused for it", () => {
    expect(faultsIn([foreign])).toEqual([]);
  });
});

describe("how far a statement reaches is said", () => {
  const wide = conditioned({ StringEquals: { [AUD]: "sts.amazonaws.com" }, StringLike: { [SUB]: WIDE } });
  const unsound = conditioned({
    StringEquals: { [AUD]: "sts.amazonaws.com", "sts:ExternalId": "shop" },
    StringLike: { [SUB]: WIDE },
  });

  test.each<[string, readonly Value[], readonly string[]]>([
    ["where it is sound", [wide], ["reaches: Statement[0]"]],
    ["not where it has a fault that comes first", [unsound], ["unsatisfiable: Statement[0]"]],
    [
      "not where a key is written wrong, so that its condition holds of everybody",
      [conditioned({ StringEqualsIfExists: { [`https://${AUD}`]: "sts.amazonaws.com" }, StringLike: { [SUB]: WIDE } })],
      ["keys: Statement[0]"],
    ],
    ["where another statement has a fault", [wide, unsound], ["unsatisfiable: Statement[1]", "reaches: Statement[0]"]],
    [
      "not where it asks for nothing and refuses everybody",
      [conditioned({ StringNotEquals: { [SUB]: SUBJECT } })],
      ["operators: Statement[0]"],
    ],
  ])("%s", (_, statements, expected) => {
    expect(faultsIn(statements)).toEqual(expected);
  });
});

describe("a comparison that refuses everybody or lets everybody in", () => {
  test.each<[OperatorFault["fault"], boolean]>([
    ["negated", true],
    ["null", true],
    ["type", true],
    ["if-exists", false],
    ["for-all-values", false],
    ["not-action", false],
  ])("%s: %s", (fault, expected) => {
    const found = { fault, path: "", operator: "", claim: undefined, needed: "", values: [] };
    expect(isBlocking(found)).toBe(expected);
  });
});
