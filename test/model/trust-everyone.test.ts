import { foreignProviders, wildcardFaults } from "../../policy-pack/src/model/trust-principal";
import { podStatements } from "../../policy-pack/src/model/trust-statement";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  ISSUER,
  OTHER_ISSUER,
  PROVIDER_ARN,
  resource,
  trustStatement,
  UNKNOWN,
  urnOf,
  urns,
  wired,
} from "../support/stack";
import { arnOf, GITHUB, policyOf, statementOf, withRole } from "../support/trust-parts";
import { ROLE } from "../support/trust-stacks";

const FAR = "444455556666";
const FOREIGN = arnOf(ISSUER, FAR);

describe("the issuers that a role trusts in other accounts only", () => {
  function foreignOf(...statements: readonly Value[]): readonly string[] {
    const { model, role } = withRole(wired({ role: { assumeRolePolicy: policyOf(...statements) } }));
    return foreignProviders(role, podStatements(role, model), model).map(
      ({ path, issuer, seen, needed }) => `${path}: ${issuer} in ${seen}, not ${needed}`,
    );
  }
  const found = (place: string) => `${place}: ${ISSUER} in ${FAR}, not 111122223333`;
  const naming = (principal: Value) => statementOf({ Principal: principal });

  test.each<[string, readonly Value[], readonly string[]]>([
    ["none, where the provider stands in the role's account", [naming({ Federated: PROVIDER_ARN })], []],
    [
      "the issuer of a provider in another account",
      [naming({ Federated: FOREIGN })],
      [found("Statement[0].Principal.Federated")],
    ],
    ["none, where its own account's provider stands beside", [naming({ Federated: [FOREIGN, PROVIDER_ARN] })], []],
    [
      "none, where another statement trusts its own account's",
      [naming({ Federated: FOREIGN }), naming({ Federated: PROVIDER_ARN })],
      [],
    ],
    [
      "the issuer, where its own account's provider is of another issuer",
      [naming({ Federated: [FOREIGN, arnOf(OTHER_ISSUER)] })],
      [found("Statement[0].Principal.Federated[0]")],
    ],
    [
      "the issuer, beside principals that are not known or no provider's ARN",
      [naming({ Federated: [UNKNOWN, "shop", FOREIGN] })],
      [found("Statement[0].Principal.Federated[2]")],
    ],
    ["none of a statement whose principals are not known", [naming(UNKNOWN)], []],
    ["none that is a principal of another kind", [naming({ AWS: FOREIGN })], []],
    ["none of GitHub, which is none of the pods'", [naming({ Federated: arnOf(GITHUB, FAR) })], []],
  ])("%s", (_, statements, expected) => {
    expect(foreignOf(...statements)).toEqual(expected);
  });

  test("none while the role's account is not known", () => {
    const inputs = { name: "unplaced", assumeRolePolicy: policyOf(naming({ Federated: FOREIGN })) };
    const stack = wired({ plus: [resource(ROLE, "unplaced", inputs, { provider: undefined })] });
    const { model, role } = withRole(stack, urnOf(ROLE, "unplaced"));
    expect(foreignProviders(role, podStatements(role, model), model)).toEqual([]);
  });
});

describe("a statement lets everybody in", () => {
  function wildcardsOf(assumeRolePolicy: Value): readonly string[] {
    const { model, role } = withRole(wired({ role: { assumeRolePolicy } }));
    return wildcardFaults(role, podStatements(role, model)).map(
      ({ path, seen, open }) => `${path} ${seen}${open ? ", open to the world" : ""}`,
    );
  }
  const bare = (principal: Value, more: { readonly [element: string]: Value | undefined } = {}) =>
    statementOf({ Principal: principal, Condition: undefined, ...more });
  const ALL_PROVIDERS = PROVIDER_ARN.replace(ISSUER, "*");
  const ANY = 'Statement[0].Principal "*"';
  const ANY_AWS = 'Statement[0].Principal.AWS {"AWS":"*"}';
  const ANY_FEDERATED = 'Statement[0].Principal.Federated {"Federated":"*"}';
  const anyProvider = `Statement[0].Principal.Federated {"Federated":"${ALL_PROVIDERS}"}`;

  test.each<[string, Value, readonly string[]]>([
    ["with a star and no condition", bare("*"), [`${ANY}, open to the world`]],
    ["with a star and an empty condition", bare("*", { Condition: {} }), [`${ANY}, open to the world`]],
    ["with a star behind conditions on the token", statementOf({ Principal: "*" }), [ANY]],
    [
      "but not with a condition on the organisation, which has nothing to do with pods",
      bare("*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      [],
    ],
    ["but not while its conditions are not known", bare("*", { Condition: UNKNOWN }), []],
    ["but not where it denies", bare("*", { Effect: "Deny" }), []],
    ["but not while nobody knows whether it allows or denies", bare("*", { Effect: UNKNOWN }), []],
    ["but not while its principals are not known", bare(UNKNOWN), []],
    ["but not while the ARN of its provider is not known", bare({ Federated: UNKNOWN }), []],
    ["but not with the one provider", bare({ Federated: PROVIDER_ARN }), []],
    ["with every federated principal", bare({ Federated: "*" }), [ANY_FEDERATED]],
    [
      "with every federated principal, for sts:AssumeRole too",
      bare({ Federated: "*" }, { Action: "sts:*" }),
      [`${ANY_FEDERATED}, open to the world`],
    ],
    [
      "with every provider of an account, which IAM takes for no wildcard",
      bare({ Federated: ALL_PROVIDERS }, { Action: "sts:*" }),
      [anyProvider],
    ],
    ["but not with a text before such an ARN", bare({ Federated: `the ${ALL_PROVIDERS}` }), []],
    ["but not with every role of an account", bare({ AWS: "arn:aws:iam::111122223333:role/*" }), []],
    [
      "with every AWS principal, for sts:AssumeRole",
      bare({ AWS: "*" }, { Action: "sts:AssumeRole" }),
      [`${ANY_AWS}, open to the world`],
    ],
    ["with every AWS principal, though for web identities alone", bare({ AWS: "*" }), [ANY_AWS]],
  ])("%s", (_, statement, expected) => {
    expect(wildcardsOf(policyOf(statement))).toEqual(expected);
  });

  test("behind conditions on the token, beside a sound one", () => {
    const first = statementOf({ Principal: "*" });
    expect(wildcardsOf(policyOf(first, trustStatement()))).toEqual([ANY]);
  });
  test("but not with a condition on the organisation, beside a statement for pods", () => {
    const organisation = bare("*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } });
    expect(wildcardsOf(policyOf(organisation, trustStatement()))).toEqual([]);
  });
  test("but not in a policy that is not known yet", () => {
    expect(wildcardsOf(UNKNOWN)).toEqual([]);
    const { role } = withRole(wired({ role: { assumeRolePolicy: UNKNOWN } }), urns.role);
    expect(role.trust.is).toBe("unknown");
  });
});
