import { buildModel } from "../../policy-pack/src/model/build";
import { rolelessDefaults } from "../../policy-pack/src/model/default-account";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  OTHER_ISSUER,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urns,
  wired,
  type Change,
  type Wiring,
} from "../support/stack";
import { envOf, podOf, podSpec } from "../support/pods";
import { ACCOUNT_TYPE, accountOf } from "../support/trust-stacks";

const SUBJECT = "system:serviceaccount:shop:default";

const trusting = (sub: string, more: Parameters<typeof trust>[0] = {}) => ({
  assumeRolePolicy: trust({ sub, ...more }),
});
/** The pods run as the account default, and the role trusts it. */
const unnamed: Wiring = {
  role: trusting(SUBJECT),
  serviceAccount: null,
  deployment: podSpec({ serviceAccountName: undefined }),
};
const plain = (name: Value, namespace = "shop") => resource(ACCOUNT_TYPE, "second", { metadata: { name, namespace } });
const associated = (name: Value, namespace = "shop") =>
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "pods", {
    clusterName: "shop",
    namespace,
    serviceAccount: name,
    roleArn: "arn:aws:iam::111122223333:role/else",
  });
const podOfDefault = resource("kubernetes:core/v1:Pod", "one", {
  metadata: { name: "one", namespace: "shop" },
  spec: { containers: [{ name: "one", image: "one" }] },
});

function roleless(changes: Wiring): string {
  const all = rolelessDefaults(buildModel(wired({ ...unnamed, ...changes }))).map(
    ({ workload, role, subject }) => `${workload.title} without ${role.title} for ${subject}`,
  );
  return all.length > 0 ? all.join("; ") : "none";
}
const FOUND = `Deployment "shop/api" without role "api-irsa" for ${SUBJECT}`;
const asks = (name: Value): Change => podSpec({ serviceAccountName: name });

describe("pods of the account default", () => {
  test.each<[string, Wiring, string]>([
    ["go without the role that trusts it", {}, FOUND],
    ["do so where they name it", { deployment: asks("default") }, FOUND],
    ["are told once for all", { plus: [podOfDefault] }, FOUND],
    ["are none that name another account", { deployment: asks("billing") }, "none"],
    ["may be none while the name is unknown", { deployment: asks(UNKNOWN) }, "none"],
    [
      "may be none of a Deployment that the stack only patches",
      {
        deployment: null,
        plus: [
          resource("kubernetes:apps/v1:DeploymentPatch", "api", {
            metadata: { name: "api", namespace: "shop" },
            spec: { template: { spec: { containers: [] } } },
          }),
        ],
      },
      "none",
    ],
    [
      "are not looked at while their namespace is unknown, not even for a role that trusts one called undefined",
      {
        role: trusting("system:serviceaccount:undefined:default"),
        deployment: { metadata: { namespace: UNKNOWN }, ...podSpec({ serviceAccountName: undefined }) },
        edges: { "deployment.metadata": [urns.namespace] },
      },
      "none",
    ],
    ["may be none where others make the namespace", { namespace: null }, "none"],
    [
      "are none that bring a role by hand",
      { deployment: podOf({ env: envOf({ AWS_ROLE_ARN: ROLE_ARN }) }, { serviceAccountName: "default" }) },
      "none",
    ],
    [
      "are the same while their cluster is unknown",
      { kubernetes: { kubeconfig: UNKNOWN }, edges: { "kubernetes.kubeconfig": [] } },
      FOUND,
    ],
  ])("%s", (_, changes, expected) => {
    expect(roleless(changes)).toBe(expected);
  });
});

describe("the account default", () => {
  test.each<[string, Wiring, string]>([
    ["is declared", { plus: [plain("default")] }, "none"],
    ["may be one without a name yet", { plus: [plain(UNKNOWN)] }, "none"],
    ["is not another one", { plus: [plain("web")] }, FOUND],
    ["is not that of another namespace", { plus: [plain("default", "ops")] }, FOUND],
    ["has an association", { plus: [associated("default")] }, "none"],
    ["may have an association that is not known yet", { plus: [associated(UNKNOWN)] }, "none"],
    ["has not the association of another one", { plus: [associated("web")] }, FOUND],
    ["has not the association of that of another namespace", { plus: [associated("default", "ops")] }, FOUND],
  ])("%s", (_, changes, expected) => {
    expect(roleless(changes)).toBe(expected);
  });
});

describe("the role for it", () => {
  test.each<[string, Wiring, string]>([
    ["trusts another account", { role: trusting("system:serviceaccount:shop:web") }, "none"],
    ["trusts it on another cluster", { role: trusting(SUBJECT, { issuer: OTHER_ISSUER }) }, "none"],
    ["trusts it for another audience", { role: trusting(SUBJECT, { aud: "vault" }) }, "none"],
    [
      "trusts it among others",
      { role: { assumeRolePolicy: trust({ sub: [SUBJECT, "system:serviceaccount:shop:web"] }) } },
      FOUND,
    ],
    ["is another account's already", { plus: [accountOf("ops/web", ROLE_ARN)] }, "none"],
    ["has no known trust policy yet", { role: { assumeRolePolicy: UNKNOWN } }, "none"],
  ])("%s", (_, changes, expected) => {
    expect(roleless(changes)).toBe(expected);
  });
});
