import {
  audienceSlips,
  isAudienceOfOthers,
  isClientId,
  isTokensAudienceRight,
  mayBeClientId,
} from "../../policy-pack/src/model/trust-audience";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Value } from "../../policy-pack/src/facts/value";
import { ISSUER, resource, ROLE_ARN, SUBJECT, UNKNOWN, wired, type Wiring } from "../support/stack";
import {
  arnOf,
  AUD,
  conditioned,
  GITHUB,
  KOPS,
  policyOf,
  providerFor,
  statementOf,
  SUB,
  withRole,
} from "../support/trust-parts";

const ROLE = "eks.amazonaws.com/role-arn";
const AUDIENCE = "eks.amazonaws.com/audience";
const asking = (audience: Value, roleArn: Value = ROLE_ARN): Wiring => ({
  serviceAccount: { metadata: { annotations: { [ROLE]: roleArn, [AUDIENCE]: audience } } },
});
const taking = (clientIdLists: Value | undefined): Wiring => ({ oidcProvider: { clientIdLists } });

describe("the audience of an account's tokens", () => {
  test.each<[string, Wiring, boolean]>([
    ["is right where it is the default one", {}, true],
    ["is right where it is the default one, also where the provider does not take it", taking(["vault"]), true],
    ["is right where it is the default one and written out", asking("sts.amazonaws.com"), true],
    ["is right where the provider takes it", { ...asking("vault"), ...taking(["sts.amazonaws.com", "vault"]) }, true],
    ["stands alone where the provider does not take it", asking("vault"), false],
    ["stands alone where the provider's client ids are not known", { ...asking("vault"), ...taking(UNKNOWN) }, false],
    ["stands alone where a client id is not known", { ...asking("vault"), ...taking([UNKNOWN]) }, false],
    ["stands alone where the role is none of this stack", asking("vault", `${ROLE_ARN}-2`), false],
    ["is not right while it is unknown", asking(UNKNOWN), false],
  ])("%s", (_, changes, expected) => {
    const model = buildModel(wired(changes));
    expect(model.bindings.map((binding) => isTokensAudienceRight(binding, model))).toEqual([expected]);
  });
});

describe("an audience is a client id", () => {
  const other = providerFor(KOPS, [], ["vault"]);
  const both = policyOf(statementOf({ Principal: { Federated: [arnOf(ISSUER), arnOf(KOPS)] } }));
  const trustingBoth = (clientIds: Value, changes: Wiring = {}): Wiring => ({
    role: { assumeRolePolicy: both },
    plus: [providerFor(KOPS, [], clientIds)],
    ...changes,
  });

  test.each<[string, Wiring, "surely" | "perhaps" | "no"]>([
    ["of the provider that the role trusts", taking(["sts.amazonaws.com", "vault"]), "surely"],
    ["of one of the providers that the role trusts", trustingBoth(["vault"]), "surely"],
    ["but not where it is another's", taking(["vault2"]), "no"],
    ["but not where the provider has none", taking([]), "no"],
    ["but not where only a provider has it that the role does not trust", { plus: [other] }, "no"],
    ["but not without a provider", { oidcProvider: null }, "no"],
    ["as it may be where the client ids are not known", taking(UNKNOWN), "perhaps"],
    ["as it may be where one of them is not known", taking(["sts.amazonaws.com", UNKNOWN]), "perhaps"],
    ["as it may be where one provider's are not known", trustingBoth(UNKNOWN), "perhaps"],
    [
      "as it may be where one provider's are all known and another has none",
      trustingBoth([UNKNOWN], taking(undefined)),
      "perhaps",
    ],
    ["but not where a provider says nothing of client ids", taking(undefined), "no"],
    ["as it may be where the issuer of another provider is not known", { plus: [providerFor(UNKNOWN)] }, "perhaps"],
  ])("%s", (_, changes, expected) => {
    const { model, role } = withRole(wired(changes));
    const sure = isClientId("vault", role, model);
    expect(sure ? "surely" : mayBeClientId("vault", role, model) ? "perhaps" : "no").toBe(expected);
  });

  test("perhaps, whenever it is one surely", () => {
    const { model, role } = withRole(wired());
    expect(mayBeClientId("sts.amazonaws.com", role, model)).toBe(true);
  });
});

describe("the default audience is another webhook's business", () => {
  const nowhere: Wiring = { kubernetes: { kubeconfig: UNKNOWN }, edges: { "kubernetes.kubeconfig": [] } };
  const chart = (audience: Value | undefined): Wiring => ({
    ...nowhere,
    serviceAccount: null,
    plus: [
      resource("kubernetes:helm.sh/v3:Release", "api", {
        chart: "api",
        namespace: "shop",
        values: {
          serviceAccount: {
            create: true,
            name: "api",
            annotations: { [ROLE]: ROLE_ARN, ...(audience === undefined ? {} : { [AUDIENCE]: audience }) },
          },
        },
      }),
    ],
  });

  test.each<[string, Wiring, string | undefined, boolean]>([
    ["where the role trusts an issuer that is none of EKS's", nowhere, KOPS, true],
    ["where a chart's account says no other", chart(undefined), KOPS, true],
    ["but not where a chart's account says another", chart("vault"), KOPS, false],
    ["but not for an issuer of EKS", nowhere, ISSUER, false],
    ["but not where no issuer is trusted", nowhere, undefined, false],
    ["but not for an account on an EKS cluster", {}, KOPS, false],
    ["but not where the account says another", { ...nowhere, ...asking("vault") }, KOPS, false],
    ["but not where the account says so itself", { ...nowhere, ...asking("sts.amazonaws.com") }, KOPS, false],
    ["but not while the account's is unknown", { ...nowhere, ...asking(UNKNOWN) }, KOPS, false],
    [
      "but not where only the configuration tells of the account",
      {
        serviceAccount: null,
        config: { expectServiceAccounts: [{ namespace: "shop", name: "api", role: "api-irsa" }] },
      },
      KOPS,
      false,
    ],
  ])("%s", (_, changes, issuer, expected) => {
    const model = buildModel(wired(changes));
    expect(model.bindings.map((binding) => isAudienceOfOthers(binding, issuer, model))).toEqual([expected]);
  });
});

describe("in a role that nobody here uses, an audience", () => {
  const alone: Wiring = { serviceAccount: null };
  const slipsOf = (statements: readonly Value[], changes: Wiring = alone): readonly string[] =>
    audienceSlips(
      buildModel(wired({ ...changes, role: { assumeRolePolicy: { Version: "2012-10-17", Statement: statements } } })),
    ).map(({ role, condition, seen }) => `${role.title} ${condition.path} ${seen}`);
  const taken = (aud: Value, operator = "StringEquals", more: { readonly [key: string]: Value } = {}): Value =>
    operator === "StringEquals"
      ? conditioned({ StringEquals: { [SUB]: SUBJECT, [AUD]: aud, ...more } })
      : conditioned({ StringEquals: { [SUB]: SUBJECT, ...more }, [operator]: { [AUD]: aud } });
  const slip = (seen: string): readonly string[] => [
    `role "api-irsa" Statement[0].Condition.StringEquals["${AUD}"] ${seen}`,
  ];

  test.each<[string]>([
    ["sts.amazonaws.co"],
    ["sts.amazonaws.com/"],
    ["https://sts.amazonaws.com"],
    ["sts.eu-west-1.amazonaws.com"],
    ["https://sts.eu-west-1.amazonaws.com/"],
    ["https://STS.eu-west-1.AmazonAWS.com/"],
    ["vpce-1.sts.eu-west-1.vpce.amazonaws.com"],
  ])("%s is a slip", (seen) => {
    expect(slipsOf([taken(seen)])).toEqual(slip(seen));
  });

  test.each<[string, Value]>([
    ["that is right is none", taken("sts.amazonaws.com")],
    ["of another service is none", taken("https://vault.example.com")],
    ["of another company's sts is none", taken("https://sts.windows.net/tenant-of-acme")],
    ["of AWS that is no sts is none", taken("https://lists.eu-west-1.amazonaws.com")],
    ["that is a pattern is none", taken("sts.*.amazonaws.com", "StringLike")],
    ["that is not known is none", taken(UNKNOWN)],
    ["that stands beside another is none", taken(["sts.amazonaws.co", "vault"])],
    ["of which there are none at all is none", taken([])],
    ["that is excluded is none", taken("sts.amazonaws.co", "StringNotEquals")],
    [
      "of GitHub is none",
      statementOf({
        Principal: { Federated: [arnOf(ISSUER), arnOf(GITHUB)] },
        Condition: { StringEquals: { [SUB]: SUBJECT, [`${GITHUB}:aud`]: "sts.amazonaws.co" } },
      }),
    ],
  ])("%s", (_, statement) => {
    expect(slipsOf([statement])).toEqual([]);
  });

  const slipped = taken("sts.amazonaws.co");
  const badPrincipal = statementOf({ Principal: { Federated: arnOf(`https://${ISSUER}`) } });
  const badAction = statementOf({ Action: "sts:AssumeRole", Principal: { Federated: arnOf(KOPS) } });
  const badKey = conditioned({ StringEquals: { [`https://${ISSUER}:sub`]: SUBJECT } });

  test.each<[string, readonly Value[]]>([
    ["a text that IAM refuses", [slipped, { ...(slipped as object), Effect: "allow" }]],
    ["a principal that cannot be", [slipped, badPrincipal]],
    ["an action that is not the one", [slipped, badAction]],
    ["a key that no token carries", [slipped, badKey]],
    ["a principal and an action that are wrong", [slipped, badPrincipal, badAction]],
    ["an action and a key that are wrong", [slipped, badAction, badKey]],
    ["a principal and a key that are wrong", [slipped, badPrincipal, badKey]],
  ])("is not judged beside %s", (_, statements) => {
    expect(slipsOf(statements)).toEqual([]);
  });

  test("is judged in each of its statements", () => {
    expect(slipsOf([taken("sts.amazonaws.com"), slipped])).toHaveLength(1);
    expect(slipsOf([slipped, slipped])).toHaveLength(2);
  });

  test("is judged for the pods of others only", () => {
    expect(slipsOf([slipped], {})).toEqual([]);
  });

  test("is measured by the configuration's", () => {
    const config = { audience: "amazonaws.com" };
    expect(slipsOf([taken("amazonaws.con")], { ...alone, config })).toEqual(slip("amazonaws.con"));
    expect(slipsOf([taken("amazonaws.com")], { ...alone, config })).toEqual([]);
  });
});
