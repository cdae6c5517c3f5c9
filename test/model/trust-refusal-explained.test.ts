import { refusals } from "../../policy-pack/src/model/trust-refusal";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { ISSUER, PROVIDER_ARN, resource, ROLE_ARN, SUBJECT, UNKNOWN, wired, type Wiring } from "../support/stack";
import { AUD, conditioned, policyOf, statementFor, statementOf, SUB } from "../support/trust-parts";
import { accountOf, clusterOf, describeReason } from "../support/trust-stacks";

const OPS = "system:serviceaccount:ops:api";
const WEB = "system:serviceaccount:shop:web";
const refused = (seen = WEB): string =>
  `subject by value at Statement[0].Condition.StringEquals.sub: ${seen}, with an issuer`;

function refusalsIn(stack: Snapshot): readonly string[] {
  return refusals(buildModel(stack)).map(describeReason);
}
const trusting = (...statements: readonly Value[]): Wiring => ({ role: { assumeRolePolicy: policyOf(...statements) } });
const subjects = (sub: Value): Value => statementFor(ISSUER, sub);

describe("a refusal is explained by a fault of the policy itself", () => {
  const foreign = { [AUD]: "sts.amazonaws.com", [SUB]: WEB };

  test.each<[string, Value]>([
    ["a flaw", { ...(subjects(WEB) as object), Sid: 1 }],
    ["a principal that no token can have", statementOf({ Principal: { AWS: PROVIDER_ARN } })],
    ["an action for something else", statementOf({ Action: "sts:TagSession" })],
    [
      "a key that no token carries",
      conditioned({ StringEquals: { [SUB]: WEB, [`https://${AUD}`]: "sts.amazonaws.com" } }),
    ],
    ["an operator that refuses everybody", conditioned({ ArnEquals: foreign })],
    ["a condition that no call meets", conditioned({ StringEquals: { ...foreign, "sts:ExternalId": "shop" } })],
  ])("%s", (_, statement) => {
    expect(refusalsIn(wired(trusting(statement)))).toEqual([]);
  });
});

describe("a refusal is explained by a subject that is written wrong", () => {
  const SLIP = "system:serviceaccounts:shop:api";

  test.each<[string, Value, readonly string[]]>([
    ["where it is the only one", subjects(SLIP), []],
    ["where the account is evidently meant", subjects([WEB, SLIP]), []],
  ])("%s", (_, statement, expected) => {
    expect(refusalsIn(wired(trusting(statement)))).toEqual(expected);
  });

  test("but not where another account is meant", () => {
    const written = [OPS, "system:serviceaccounts:shop:web"];
    const stack = wired({ ...trusting(subjects(written)), plus: [accountOf("shop/web", ROLE_ARN)] });
    expect(refusalsIn(stack)).toEqual([refused(written.join(" and "))]);
  });
  test("but not while the account has no name yet", () => {
    const stack = wired({
      ...trusting(subjects([SUBJECT, "shop/x/api"])),
      serviceAccount: { metadata: { name: UNKNOWN } },
    });
    expect(refusalsIn(stack)).toEqual(['unknown subject: the name of ServiceAccount "shop/api", with api and shop']);
  });
});

describe("a Pod Identity association", () => {
  const associated = (changes: Readonly<Record<string, Value>>, ...more: Wiring["plus"] & object) => ({
    ...trusting(subjects(WEB)),
    plus: [
      resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "api", {
        clusterName: "shop",
        namespace: "shop",
        serviceAccount: "api",
        roleArn: ROLE_ARN,
        ...changes,
      }),
      ...more,
    ],
  });
  const onNobodys = { kubernetes: { kubeconfig: undefined }, edges: { "kubernetes.kubeconfig": [] } } as const;

  test.each<[string, Wiring, readonly string[]]>([
    ["of the account passes its annotation by", associated({}), []],
    ["of another account says nothing", associated({ serviceAccount: "web" }), [refused()]],
    ["of an account that is not known yet says nothing", associated({ serviceAccount: UNKNOWN }), [refused()]],
    ["of another namespace says nothing", associated({ namespace: "ops" }), [refused()]],
    ["on another cluster says nothing", associated({ clusterName: "second" }, clusterOf("second")), [refused()]],
    ["on a cluster of another stack may be the one", associated({ clusterName: "elsewhere" }), []],
    ["may be on the cluster that nobody can tell", { ...associated({}), ...onNobodys }, []],
  ])("%s", (_, changes, expected) => {
    expect(refusalsIn(wired(changes))).toEqual(expected);
  });

  test.each<[string, Value, readonly string[]]>([
    ["may be of an account that a chart names by itself", "shop", []],
    ["is of no account of a chart in another namespace", "ops", [refused().replace(", with an issuer", "")]],
  ])("%s", (_, namespace, expected) => {
    const values = { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } };
    const release = resource("kubernetes:helm.sh/v3:Release", "web", { chart: "web", namespace, values });
    const changes = associated({ serviceAccount: "any" }, release);
    expect(
      refusalsIn(wired({ ...changes, ...trusting(subjects(WEB.replace("shop", "dev"))), serviceAccount: null })),
    ).toEqual(expected.map((each) => each.replace("shop", "dev")));
  });
});
