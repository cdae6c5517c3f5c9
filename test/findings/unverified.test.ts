import { gatherUnverified } from "../../policy-pack/src/findings/unverified";
import type { UnverifiedFinding } from "../../policy-pack/src/findings/finding";
import { waitingRules } from "../../policy-pack/src/findings/parse";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Place } from "../../policy-pack/src/rules/rule";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired, type Wiring } from "../support/stack";

interface Waiting {
  readonly at: string | Place;
  readonly rule?: string;
  readonly what?: string;
  readonly waitsFor?: readonly string[];
}

function gather(waiting: readonly Waiting[], changes: Wiring = {}): readonly UnverifiedFinding[] {
  const open = waiting.map(({ at, rule = "test-wait", what = "its policy", waitsFor = [] }) => ({
    rule,
    unverified: {
      verdict: "unverified" as const,
      at: typeof at === "string" ? { urn: at, path: "" } : at,
      what,
      waitsFor,
    },
  }));
  return gatherUnverified(open, buildModel(wired(changes)));
}

const BINDING = 'ServiceAccount "shop/api" with role "api-irsa"';
const KEY = "eks.amazonaws.com/role-arn";
const role = (name: string): string => urnOf("aws:iam/role:Role", name);

test("what the parties of one binding wait for is one line at its account, sorted and each told once", () => {
  const found = gather([
    { at: { urn: urns.role, path: "assumeRolePolicy" }, rule: "b", what: "the name", waitsFor: [role("b"), role("a")] },
    { at: urns.deployment, rule: "c", what: "the environment", waitsFor: [] },
    { at: urns.serviceAccount, rule: "a", what: "the name", waitsFor: [role("a")] },
    { at: urns.serviceAccount, rule: "a", what: "the name" },
  ]);
  expect(found).toEqual([
    {
      rule: "irsa-unverified",
      verdict: "unverified",
      at: { urn: urns.serviceAccount, path: "" },
      says: `${BINDING} is not verified yet: the environment; the name. Known once aws:iam/role:Role a and aws:iam/role:Role b exist; run the preview again then, or rehearse it with irsa-gate. Rules that wait: a, b, c.`,
      rules: ["a", "b", "c"],
      waitsFor: [role("a"), role("b")],
    },
  ]);
});

test("one resource that is awaited exists, several exist", () => {
  const says = (...names: readonly string[]) => gather([{ at: urns.role, waitsFor: names.map(role) }])[0]?.says;
  expect(says("a")).toContain(" Known once aws:iam/role:Role a exists; run ");
  expect(says("a", "b")).toContain(" Known once aws:iam/role:Role a and aws:iam/role:Role b exist; run ");
  expect(says("a", "b", "c", "d", "e", "f")).toContain(
    " Known once aws:iam/role:Role a, aws:iam/role:Role b, aws:iam/role:Role c, aws:iam/role:Role d and 2 more exist; run ",
  );
});

test("what nothing in the stack makes known is for the configuration to say", () => {
  expect(gather([{ at: urns.role }])[0]?.says).toBe(
    `${BINDING} is not verified yet: its policy. Nothing in this stack makes it known; name it in the configuration of irsa-context. Rules that wait: test-wait.`,
  );
});

test("a resource that this update leaves out before it exists is known once it does", () => {
  const snapshot = wired();
  const resources = snapshot.resources.map((each) =>
    each.urn === urns.attachment ? { ...each, inputs: UNKNOWN, outputs: {} } : each,
  );
  const waiting = (urn: string) => ({
    rule: "test-wait",
    unverified: { verdict: "unverified" as const, at: { urn, path: "policyArn" }, what: "its policy", waitsFor: [] },
  });
  const open = [urns.attachment, urns.role].map(waiting);
  expect(gatherUnverified(open, buildModel({ ...snapshot, resources })).map((each) => each.waitsFor)).toEqual([
    [urns.attachment],
    [],
  ]);
});

test("an account without a role of this stack is told without one", () => {
  const annotations = { [KEY]: "arn:aws:iam::444455556666:role/dns" };
  const found = gather([{ at: urns.deployment }], { serviceAccount: { metadata: { annotations } } });
  expect(found.map(({ at, says }) => [at.urn, says.split(" is not ")[0]])).toEqual([
    [urns.serviceAccount, 'ServiceAccount "shop/api"'],
  ]);
});

test("what serves no binding is gathered by resource, at the first place that was named", () => {
  const found = gather([
    { at: { urn: urns.cluster, path: "name" }, rule: "b", what: "the name" },
    { at: { urn: urns.cluster, path: "version" }, rule: "a", what: "the issuer" },
    { at: { urn: urns.oidcProvider, path: "url" } },
  ]);
  expect(found.map(({ at, rules, says }) => [at, rules, says.split(". ")[0]])).toEqual([
    [
      { urn: urns.cluster, path: "name" },
      ["a", "b"],
      "aws:eks/cluster:Cluster shop is not verified yet: the issuer; the name",
    ],
    [
      { urn: urns.oidcProvider, path: "url" },
      ["test-wait"],
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider shop is not verified yet: its policy",
    ],
  ]);
});

test("a role that serves several bindings belongs to none of them", () => {
  const second = resource("kubernetes:core/v1:ServiceAccount", "jobs", {
    metadata: { name: "jobs", namespace: "shop", annotations: { [KEY]: ROLE_ARN } },
  });
  const found = gather([{ at: urns.role }, { at: second.urn }, { at: urns.serviceAccount }], { plus: [second] });
  expect(found.map(({ at, says }) => [at.urn, says.split(" is not ")[0]])).toEqual([
    [urns.role, "aws:iam/role:Role api"],
    [urns.serviceAccount, BINDING],
    [second.urn, 'ServiceAccount "shop/jobs" with role "api-irsa"'],
  ]);
});

test("items of one List are told one by one, in their order, by what only they use", () => {
  const item = (name: string) => ({ metadata: { name, namespace: "shop", annotations: { [KEY]: arnOf(name) } } });
  const arnOf = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
  const list = resource("kubernetes:core/v1:ServiceAccountList", "all", { items: [item("a"), item("b")] });
  const roles = ["a", "b"].map((name) => resource("aws:iam/role:Role", name, { name, assumeRolePolicy: "{}" }));
  const found = gather([{ at: role("b") }, { at: { urn: list.urn, path: "items[0].kind" } }, { at: role("a") }], {
    plus: [list, ...roles],
  });
  expect(found.map(({ at, says }) => [at.urn, at.path, says.split(" is not ")[0]])).toEqual([
    [list.urn, "items[0]", 'ServiceAccount "shop/a" with role "a"'],
    [list.urn, "items[0].kind", "kubernetes:core/v1:ServiceAccountList all"],
    [list.urn, "items[1]", 'ServiceAccount "shop/b" with role "b"'],
  ]);
});

describe("an account that only the configuration names", () => {
  const expected = (...names: readonly string[]): Wiring => ({
    serviceAccount: null,
    config: { expectServiceAccounts: names.map((name) => ({ namespace: "shop", name, role: ROLE_ARN })) },
  });

  test("is told at the first of its parties that can be pointed at", () => {
    const found = gather(
      [
        { at: urns.role, rule: "a" },
        { at: urns.deployment, rule: "b" },
      ],
      expected("api"),
    );
    expect(found.map(({ at, says }) => [at.urn, says.split(" is not ")[0]])).toEqual([[urns.role, BINDING]]);
  });

  test("is told at the configuration otherwise", () => {
    const found = gather([{ at: "" }], expected("api"));
    expect(found.map(({ at, says }) => [at.urn, says.split(" is not ")[0]])).toEqual([["", BINDING]]);
  });

  test("is told together with others there", () => {
    const found = gather([{ at: "" }], expected("api", "jobs"));
    expect(found.map(({ says }) => says.split(" is not ")[0])).toEqual(["the configuration of irsa-context"]);
  });
});

describe("the ids of the rules that wait", () => {
  test("are read back from the line, whatever a program names", () => {
    const what = 'the name of role "x. Rules that wait: nobody."';
    for (const ids of [
      ["role-action-denied"],
      ["a-1", "b"],
      ["role-shared", "trust-policy-invalid", "workload-root"],
    ]) {
      const [line] = gather(ids.map((rule) => ({ at: urns.role, what, rule })));
      expect(waitingRules(line?.says ?? "")).toEqual(ids);
    }
  });

  test.each([
    "It is not verified yet.",
    "It is not verified yet. Rules that wait: .",
    "It is not verified yet. Rules that wait: a, .",
    "It is not verified yet. Rules that wait: a b.",
    "It is not verified yet. Rules that wait: a. And so on.",
    "It is not verified yet. Rules that wait: a!",
    "It is not verified yet.Rules that wait: a.",
  ])("%s: says none", (says) => {
    expect(waitingRules(says)).toEqual([]);
  });
});
