import { refusals, refusedTogether } from "../../policy-pack/src/model/trust-refusal";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  kubernetesProvider,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  UNKNOWN,
  urns,
  wired,
  type Wiring,
} from "../support/stack";
import { AUD, conditioned, policyOf, SUB } from "../support/trust-parts";
import { accountOf, clusterOf, providerOn, roleArn, roleOf } from "../support/trust-stacks";

type Kind = Parameters<typeof refusedTogether>[0];

/** `shop/api + shop/web` for each fault. */
function groupsOf(kind: Kind, changes: Wiring): readonly string[] {
  return refusedTogether(kind, buildModel(wired(changes))).map((group) =>
    group.map(({ binding }) => binding.serviceAccount.title.replace(/^ServiceAccount "(.*)"$/, "$1")).join(" + "),
  );
}

const SUBJECTS = [SUBJECT, "system:serviceaccount:shop:job", "system:serviceaccount:shop:web"];
const vault = trust({ aud: "vault", sub: SUBJECTS });
const role = { assumeRolePolicy: vault };
const web = accountOf("shop/web", ROLE_ARN);
const far = clusterOf("far");
const trustsFar = trust({ issuer: "oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210" });
const withAudience = (audience: Value) => {
  const account = accountOf("shop/web", ROLE_ARN);
  const annotations = { "eks.amazonaws.com/role-arn": ROLE_ARN, "eks.amazonaws.com/audience": audience };
  return { ...account, inputs: { metadata: { name: "web", namespace: "shop", annotations } } };
};
const named = (audience: string, sub: string): Value => conditioned({ StringEquals: { [AUD]: audience, [SUB]: sub } });

describe("accounts are refused together", () => {
  test.each<[string, Kind, Wiring, readonly string[]]>([
    ["by one role at one place", "audience", { role, plus: [web] }, ["shop/api + shop/web"]],
    [
      "but not by two roles",
      "audience",
      {
        role,
        plus: [roleOf("second", vault), accountOf("shop/web", roleArn("second"))],
      },
      ["shop/api", "shop/web"],
    ],
    [
      "but not at two places",
      "audience",
      {
        role: { assumeRolePolicy: policyOf(named("vault", SUBJECT), named("vault", "system:serviceaccount:shop:web")) },
        plus: [web],
      },
      ["shop/api", "shop/web"],
    ],
    ["but not with two audiences", "audience", { role, plus: [withAudience("other")] }, ["shop/api", "shop/web"]],
    [
      "but not on two clusters",
      "provider",
      {
        role: { assumeRolePolicy: trustsFar },
        plus: [far, accountOf("shop/web", ROLE_ARN, { provider: providerOn("far") })],
      },
      ["shop/api", "shop/web"],
    ],
    [
      "on one cluster for another provider",
      "provider",
      { role: { assumeRolePolicy: trustsFar }, plus: [web] },
      ["shop/api + shop/web"],
    ],
    [
      "on a cluster that nobody can tell",
      "audience",
      {
        role,
        plus: [
          accountOf("shop/web", ROLE_ARN, { provider: kubernetesProvider("a", { kubeconfig: UNKNOWN }) }),
          accountOf("shop/job", ROLE_ARN, { provider: kubernetesProvider("b", { kubeconfig: UNKNOWN }) }),
        ],
      },
      ["shop/api", "shop/job + shop/web"],
    ],
    ["but not where another kind of refusal is asked for", "condition", { role, plus: [web] }, []],
  ])("%s", (_, kind, changes, expected) => {
    expect(groupsOf(kind, changes)).toEqual(expected);
  });

  test("and what an IrsaBinding alone tells has no place in the policy", () => {
    const binding = resource("eks-irsa:index:IrsaBinding", "api", { subjects: ["system:serviceaccount:shop:web"] });
    const stack = wired({ role: { assumeRolePolicy: UNKNOWN }, plus: [binding] });
    const resources = stack.resources.map((each) => (each.urn === urns.role ? { ...each, parent: binding.urn } : each));
    const model = buildModel({ ...stack, resources });
    expect(refusals(model).map(({ kind }) => kind)).toEqual(["subject"]);
    expect(refusedTogether("audience", model)).toEqual([]);
  });
});
