import { createdAfter, isRendered, roleUrns } from "../../policy-pack/src/model/workload-order";
import { buildModel } from "../../policy-pack/src/model/build";
import { resource, UNKNOWN, urnOf, urns, wired, type Wiring } from "../support/stack";
import { namesOf, workloadIn } from "../support/pods";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

describe("a workload is created after a policy of its role", () => {
  const none = { "deployment.spec": [] } as const;
  const first = resource(DEPLOYMENT, "first", {}, { dependsOn: [urns.attachment] });
  const loop = [
    resource(DEPLOYMENT, "left", {}, { dependsOn: [urnOf(DEPLOYMENT, "right")] }),
    resource(DEPLOYMENT, "right", {}, { dependsOn: [urnOf(DEPLOYMENT, "left")] }),
  ];

  test.each<[string, Wiring, boolean]>([
    ["by its account", {}, true],
    ["by itself", { edges: { "deployment.spec": [urns.attachment] } }, true],
    ["by another workload that it waits for", { edges: { "deployment.spec": [first.urn] }, plus: [first] }, true],
    [
      "by the second of what it waits for",
      { edges: { "deployment.spec": [urns.namespace, urns.serviceAccount] } },
      true,
    ],
    [
      "by the first of what it waits for",
      { edges: { "deployment.spec": [urns.serviceAccount, urns.namespace] } },
      true,
    ],
    ["not where it waits for nothing", { edges: none }, false],
    ["not by a role, on which nothing else waits", { edges: { "deployment.spec": [urns.role] } }, false],
    [
      "not by workloads that wait for each other",
      { edges: { "deployment.spec": [urnOf(DEPLOYMENT, "left")] }, plus: loop },
      false,
    ],
  ])("%s", (_, changes, expected) => {
    const { model, workload } = workloadIn(wired(changes));
    const after = () => createdAfter(model, workload, [urns.attachment]);
    // Asked once more, the answer comes from what is kept of the stack.
    expect([after(), after()]).toEqual([expected, expected]);
  });

  test("not where there is none to wait for", () => {
    const { model, workload } = workloadIn(wired());
    expect(createdAfter(model, workload, [])).toBe(false);
  });
});

test("a role stands in a dependency list by itself and by its attachments, possible ones included", () => {
  const maybe = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "maybe", {
    role: UNKNOWN,
    policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
  });
  const role = buildModel(wired({ plus: [maybe] })).roles.find(({ urn }) => urn === urns.role);
  expect(role && namesOf(roleUrns(role))).toBe("api and api and maybe");
});

describe("an object is rendered", () => {
  const parents = (...types: readonly string[]): string =>
    `urn:pulumi:dev::shop::${[...types, DEPLOYMENT].join("$")}::shop/api`;
  test.each<[string, string, boolean]>([
    ["by a chart", parents("kubernetes:helm.sh/v4:Chart"), true],
    ["by a YAML file", parents("kubernetes:yaml:ConfigFile"), true],
    ["by a chart in a component", parents("acme:index:App", "kubernetes:helm.sh/v3:Chart"), true],
    [
      "by a chart that has components around its objects",
      parents("kubernetes:helm.sh/v3:Chart", "acme:index:App"),
      true,
    ],
    ["not by the program itself", parents(), false],
    ["not by a component of the program", parents("acme:index:App"), false],
    ["not as a chart in a component", "urn:pulumi:dev::shop::acme:index:App$kubernetes:helm.sh/v3:Release::api", false],
    ["not as a chart of the program", "urn:pulumi:dev::shop::kubernetes:helm.sh/v3:Release::api", false],
    ["not without a URN", "", false],
  ])("%s", (_, urn, expected) => {
    expect(isRendered(urn)).toBe(expected);
  });
});
