import { astrayAssociations } from "../../policy-pack/src/model/astray-association";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Value } from "../../policy-pack/src/facts/value";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { resource, ROLE_ARN, UNKNOWN, urns, wired, type Change, type Wiring } from "../support/stack";
import { envOf, podOf } from "../support/pods";
import { ACCOUNT_TYPE, accountOf, clusterOf, providerOn } from "../support/trust-stacks";

const KEY = "eks.amazonaws.com/role-arn";

const associated = (
  inputs: { readonly [key: string]: Value } = {},
  from: Readonly<Record<string, readonly string[]>> = {},
): SnapshotResource =>
  resource(
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "pods",
    { clusterName: "shop", namespace: "shop", serviceAccount: "payment", roleArn: ROLE_ARN, ...inputs },
    { from },
  );
/** The stack's account is called `payments` and carries no role; its pods run as it. */
const account = (name: Value, role?: Value, more: Change = {}): Change => ({
  metadata: { name, annotations: { [KEY]: role }, ...more },
});
const payments = (name: string): Pick<Wiring, "serviceAccount" | "deployment"> => ({
  serviceAccount: account(name),
  deployment: { spec: { template: { spec: { serviceAccountName: name } } } },
});
const plain = (name: Value, namespace = "shop", options: Parameters<typeof resource>[3] = {}) =>
  resource(ACCOUNT_TYPE, "second", { metadata: { name, namespace } }, options);
/** Pods of one more account. */
const podsOf = (name: string) =>
  resource("kubernetes:core/v1:Pod", "second", {
    metadata: { name: "second", namespace: "shop" },
    spec: { serviceAccountName: name, containers: [{ name: "second", image: "second" }] },
  });

function astray(changes: Wiring): string {
  const model = buildModel(wired({ ...payments("payments"), plus: [associated()], ...changes }));
  const all = astrayAssociations(model).map(({ named, account: meant }) => `${named} for ${meant.title}`);
  return all.length > 0 ? all.join("; ") : "none";
}
const FOUND = 'shop/payment for ServiceAccount "shop/payments"';

describe("an association for an account that nobody makes", () => {
  test.each<[string, Wiring, string]>([
    ["is meant for the one of nearly that name", {}, FOUND],
    [
      "is meant for nobody while its namespace is unknown",
      { plus: [associated({ namespace: UNKNOWN }, { namespace: [urns.namespace] })] },
      "none",
    ],
    ["is meant for nobody while its account is unknown", { plus: [associated({ serviceAccount: UNKNOWN })] }, "none"],
    [
      "is meant for nobody while its account is unknown and there is none",
      { serviceAccount: null, plus: [associated({ serviceAccount: UNKNOWN })] },
      "none",
    ],
    ["is another cluster's", { plus: [associated({ clusterName: "elsewhere" })] }, "none"],
    ["may be for one that others make in their namespace", { namespace: null }, "none"],
    ["is for one that the configuration lists", { config: { serviceAccounts: ["shop/payment"] } }, "none"],
    ["is not for another one that the configuration lists", { config: { serviceAccounts: ["ops/payment"] } }, FOUND],
  ])("%s", (_, changes, expected) => {
    expect(astray(changes)).toBe(expected);
  });
});

describe("the account of the very name", () => {
  test.each<[string, Wiring, string]>([
    ["has the association", { plus: [associated(), plain("payment")] }, "none"],
    ["may be one without a name yet", { plus: [associated(), plain(UNKNOWN)] }, "none"],
    ["is not one of another namespace", { plus: [associated(), plain("payment", "ops")] }, FOUND],
    [
      "is not one of another cluster",
      { plus: [associated(), clusterOf("second"), plain("payment", "shop", { provider: providerOn("second") })] },
      FOUND,
    ],
  ])("%s", (_, changes, expected) => {
    expect(astray(changes)).toBe(expected);
  });
});

describe("the account of nearly that name", () => {
  test.each<[string, Wiring, string]>([
    ["has a role already", { serviceAccount: account("payments", ROLE_ARN) }, "none"],
    ["has no pods", { deployment: null }, "none"],
    [
      "is made by others and only patched here",
      {
        serviceAccount: null,
        plus: [
          associated(),
          resource(`${ACCOUNT_TYPE}Patch`, "api", { metadata: { name: "payments", namespace: "shop" } }),
        ],
      },
      "none",
    ],
    [
      "has pods that bring a role by hand",
      { deployment: podOf({ env: envOf({ AWS_ROLE_ARN: ROLE_ARN }) }, { serviceAccountName: "payments" }) },
      "none",
    ],
    [
      "is of another namespace",
      {
        serviceAccount: account("payments", undefined, { namespace: "ops" }),
        deployment: {
          metadata: { namespace: "ops" },
          spec: { template: { spec: { serviceAccountName: "payments" } } },
        },
      },
      "none",
    ],
    ["is none where the names have little in common", payments("billing"), "none"],
    [
      "is the nearest of several, whichever comes first",
      { ...payments("billing"), plus: [associated(), plain("payments"), podsOf("payments")] },
      FOUND,
    ],
    ["is the nearest of several", { plus: [associated(), plain("billing"), podsOf("billing")] }, FOUND],
    [
      "is not one that differs in a number alone",
      { ...payments("payments-10"), plus: [associated({ serviceAccount: "payments-11" })] },
      "none",
    ],
    [
      "may differ in a letter beside a number",
      { ...payments("payments-10"), plus: [associated({ serviceAccount: "payment-10" })] },
      'shop/payment-10 for ServiceAccount "shop/payments-10"',
    ],
    [
      "is not the one beside it that carries a role",
      { serviceAccount: account("payments", ROLE_ARN), plus: [associated(), accountOf("shop/billing", ROLE_ARN)] },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(astray(changes)).toBe(expected);
  });
});
