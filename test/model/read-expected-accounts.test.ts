import { buildModel } from "../../policy-pack/src/model/build";
import type { ExpectedServiceAccount } from "../../policy-pack/src/model/config";
import type { ServiceAccount } from "../../policy-pack/src/model/types";
import { factText, joinText } from "../support/answers";
import { namesOf } from "../support/pods";
import { clusterOf } from "../support/trust-stacks";
import { resource, ROLE_ARN, trust, UNKNOWN, wired, type Wiring } from "../support/stack";

/** The account that the configuration expects Helm to render. */
function expectedIn(more: Partial<ExpectedServiceAccount>, changes: Wiring = {}): ServiceAccount {
  const expected: ExpectedServiceAccount = { namespace: "kube-system", name: "driver", ...more };
  const config = { expectServiceAccounts: [expected] };
  const { serviceAccounts } = buildModel(wired({ serviceAccount: null, ...changes, config }));
  const account = serviceAccounts.find(({ form }) => form === "expected");
  if (!account) throw new Error("no expected account");
  return account;
}
const roleNamed = (pulumiName: string, name: string | typeof UNKNOWN) =>
  resource("aws:iam/role:Role", pulumiName, { name, assumeRolePolicy: trust() });

describe("an account that Helm is expected to render", () => {
  test("is what the configuration says", () => {
    const account = expectedIn({ role: "api-irsa" });
    expect(account).toMatchObject({
      urn: "",
      title: 'ServiceAccount "kube-system/driver"',
      root: "",
      autonamed: false,
      namespaceImplicit: false,
      roleArnPath: 'expectServiceAccounts["kube-system/driver"].role',
      construction: undefined,
    });
    expect(`${factText(account.namespace)}/${factText(account.name)}`).toBe("kube-system/driver");
    expect(`${factText(account.annotations)}, ${factText(account.labels)}`).toBe("absent, absent");
    expect(`${namesOf(account.metadataFrom)}, ${namesOf(account.dependencies)}`).toBe(
      "nobody can say what, nobody can say what",
    );
    expect(factText(account.audience)).toBe("sts.amazonaws.com");
  });

  test.each<[string, string | undefined, Wiring, string]>([
    ["the one of its IAM name", "api-irsa", {}, 'by value role "api-irsa"'],
    ["the one of its Pulumi name", "api", {}, 'by value role "api-irsa"'],
    [
      "the one of its Pulumi name, whose IAM name is unknown",
      "api",
      { role: { name: UNKNOWN } },
      'by value role "api"',
    ],
    ["the one of its ARN", ROLE_ARN, {}, 'by value role "api-irsa"'],
    ["another stack's, by an ARN of none", `${ROLE_ARN}-2`, {}, "elsewhere"],
    ["another stack's, by a name of none", "driver", {}, "elsewhere"],
    ["another stack's, by the end of a name", "pi", {}, "elsewhere"],
    ["none while two roles fit the name", "api", { plus: [roleNamed("second", "api")] }, "ambiguous"],
    ["none where the configuration names none", undefined, {}, "absent"],
    [
      "none where the configuration names none, though a role is called like nothing",
      undefined,
      { plus: [roleNamed("undefined", "undefined")] },
      "absent",
    ],
  ])("has as its role %s", (_, role, changes, expected) => {
    const account = expectedIn(role === undefined ? {} : { role }, changes);
    expect(joinText(account.role)).toBe(expected);
    expect(factText(account.roleArn)).toBe(role ?? "absent");
  });

  test.each<[string, string | undefined, Wiring, string]>([
    ["the one of its Pulumi name", "second", { plus: [clusterOf("second")] }, 'by value EKS cluster "second"'],
    ["the one of its EKS name", "shop-eks", { cluster: { name: "shop-eks" } }, 'by value EKS cluster "shop"'],
    [
      "the one of its Pulumi name, whose EKS name is unknown",
      "shop",
      { cluster: { name: UNKNOWN } },
      'by value EKS cluster "shop"',
    ],
    ["none under another name", "ops", {}, "absent"],
    ["none where the configuration names none", undefined, {}, "absent"],
    [
      "none where the configuration names none, though a cluster is called like nothing",
      undefined,
      { plus: [clusterOf("undefined")] },
      "absent",
    ],
  ])("lives in the cluster: %s", (_, cluster, changes, expected) => {
    const { scope } = expectedIn(cluster === undefined ? {} : { cluster }, changes);
    expect(joinText(scope.cluster)).toBe(expected);
    expect(scope.provider).toBeUndefined();
  });
});
