import { createPolicies } from "../../policy-pack/src/policies";
import { defineRule, type Rule } from "../../policy-pack/src/rules/rule";
import { rules } from "../../policy-pack/src/rules";
import { analyze, analyzeResources, type RawResource } from "../support/analyzer";
import { firstPreview, wired, TODAY, trust, urns } from "../support/stack";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";

const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const options = { today: () => TODAY, early: false };
const policies = () => createPolicies(rules, options);

/** A snapshot as the engine would send it: the unknown marker becomes Pulumi's sentinel. */
function raw(snapshot: Snapshot): readonly RawResource[] {
  return JSON.parse(
    JSON.stringify(snapshot.resources).replaceAll('{"$unknown":true}', JSON.stringify(SENTINEL)),
  ) as RawResource[];
}

function rule(check: Parameters<typeof defineRule<null>>[0]["check"], change: Partial<Rule> = {}): Rule {
  const explain = () => ({ says: "It is broken.", fix: "Mend it." });
  const made = defineRule<null>({
    id: "test-fault",
    link: "workload",
    severity: "low",
    level: "mandatory",
    summary: "Nothing is broken.",
    why: "It fails.",
    articleStep: undefined,
    references: [],
    check,
    explain,
  });
  return { ...made, ...change };
}

test("a correct stack is silent through both phases of the protocol", async () => {
  expect(await analyze(policies(), raw(wired()))).toEqual([]);
});

test("a first preview of a correct stack has no violation, and says what it waits for under irsa-unverified alone", async () => {
  const found = await analyze(policies(), raw(firstPreview()));
  expect(found.filter((each) => each.policy !== "irsa-unverified")).toEqual([]);
  for (const each of found) expect(each.level).toBe("advisory");
});

test("a fault is reported under its rule's name, at the resource to edit", async () => {
  const stack = wired({ role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) } });
  const found = await analyze(policies(), raw(stack));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ level: "mandatory", urn: urns.role });
  expect(found[0]?.message).toContain("system:serviceaccount:shop:api");
});

test("the same pack serves one run after another, and nothing of one is left in the next", async () => {
  const served = policies();
  const broken = raw(wired({ role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) } }));
  const first = await analyze(served, broken);
  expect(await analyze(served, raw(wired()))).toEqual([]);
  expect(await analyze(served, broken)).toEqual(first);
});

test("inputs that were kept for another stack do not reach this one", async () => {
  const served = policies();
  const other = raw(wired({ role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) } }));
  // The other stack's preview ended before its stack phase.
  await analyze(
    served,
    other.map((each) => ({ ...each, type: "aws:s3/bucket:Bucket" })),
  );
  expect(await analyze(served, raw(wired()))).toEqual([]);
});

test("a rule that fails inside becomes one advisory of irsa-context, and the others go on", async () => {
  const failing = rule(() => {
    throw new Error("no such\u001b[31m thing");
  });
  const other = rule(
    function* () {
      yield { verdict: "violation", at: { urn: urns.role, path: "" }, related: [], data: null };
    },
    { id: "other-fault" },
  );
  const found = await analyze(createPolicies([failing, other], options), raw(wired()));
  expect(found.map((each) => [each.policy, each.level])).toEqual([
    ["irsa-context", "advisory"],
    ["other-fault", "mandatory"],
  ]);
  expect(found[0]?.message).toContain("test-fault failed inside");
  expect(found[0]?.message).not.toContain("\u001b");
});

test("a finding weaker than its rule keeps its own level and its rule's summary", async () => {
  const likely = rule(function* () {
    yield { verdict: "violation", level: "advisory", at: { urn: urns.role, path: "" }, related: [], data: null };
  });
  const [found] = await analyze(createPolicies([likely], options), raw(wired()));
  expect(found).toMatchObject({ policy: "test-fault", level: "advisory", urn: urns.role });
  expect(found?.message.startsWith("Nothing is broken.\nIt is broken.\n  at    aws:iam/role:Role api")).toBe(true);
});

const LEAVES: readonly (readonly [string, unknown])[] = [
  ["a number", 7],
  ["a boolean", true],
  ["null", null],
  ["an empty text", ""],
  ["a list", [[], {}, "x", 1, null]],
  ["an object", { a: { b: [] }, __proto__x: 1 }],
  ["an unknown", SENTINEL],
  ["a secret", { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "s3cr3t" }],
  ["a secret unknown", { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: SENTINEL }],
];

test.each(LEAVES)("no policy throws when any leaf of the stack is %s", async (_, leaf) => {
  const resources = raw(wired());
  for (const [index, resource] of resources.entries()) {
    for (const phase of ["inputs", "outputs"] as const) {
      for (const path of pathsOf(resource[phase] ?? {})) {
        const changed = resources.map((each, at) =>
          at === index ? { ...each, [phase]: replaced(each[phase] ?? {}, path, leaf) } : each,
        );
        const found = await analyze(policies(), changed);
        expect(found.filter((each) => /can't run|failed inside|s3cr3t/.test(each.message))).toEqual([]);
      }
    }
  }
});

function pathsOf(value: unknown, prefix: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [[...prefix, key], ...pathsOf(item, [...prefix, key])]);
}

function replaced(value: unknown, [step, ...rest]: readonly string[], leaf: unknown): Record<string, unknown> {
  const copy = structuredClone(value) as Record<string, unknown>;
  if (step !== undefined) copy[step] = rest.length === 0 ? leaf : replaced(copy[step], rest, leaf);
  return copy;
}

describe("while resources are registered", () => {
  const early = () => createPolicies(rules, { today: () => TODAY, early: true });
  const broken = raw(wired({ role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) } }));

  test("a certain fault is raised at the resource that completes it, under its rule's name and level, and only once", async () => {
    const found = await analyze(early(), broken);
    expect(found.map(({ policy, level }) => [policy, level])).toEqual([["trust-policy-subject-mismatch", "mandatory"]]);
    const upToAccount = broken.slice(0, broken.findIndex((each) => each.urn === urns.serviceAccount) + 1);
    const stopped = await analyze(early(), upToAccount);
    expect(stopped.map(({ policy }) => policy)).toEqual(["trust-policy-subject-mismatch"]);
  });

  test("each run of the same process reports the fault again", async () => {
    const served = early();
    const first = await analyze(served, broken);
    expect(await analyze(served, broken)).toEqual(first);
  });

  test("a run that stopped before its stack phase leaves nothing behind for the next one", async () => {
    const served = early();
    const root = {
      urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
      type: "pulumi:pulumi:Stack",
      name: "shop-dev",
    };
    const stack: RawResource = { ...root, inputs: {}, dependencies: [], propertyDependencies: {} };
    const stopped = broken.slice(0, broken.findIndex((each) => each.urn === urns.serviceAccount) + 1);
    const first = await analyzeResources(served, [stack, ...stopped]);
    expect(first.map(({ policy }) => policy)).toEqual(["trust-policy-subject-mismatch"]);
    expect(await analyzeResources(served, [stack, ...stopped])).toEqual(first);
  });

  test("a correct stack stays silent, in whatever order its resources come", async () => {
    const resources = raw(wired());
    expect(await analyze(early(), resources)).toEqual([]);
    expect(await analyze(early(), [...resources].reverse())).toEqual([]);
  });
});

describe("suppression", () => {
  const trusted = { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) };
  const key = "ignore.eks-irsa.dev/trust-policy-subject-mismatch";
  const stack = (reason: string) => raw(wired({ role: { ...trusted, tags: { [key]: reason } } }));

  test("with a reason it takes the finding out, and tells it all the same", async () => {
    const found = await analyze(policies(), stack("renamed next week until 2026-12-31"));
    expect(found.map(({ policy, level }) => [policy, level])).toEqual([["irsa-suppression", "advisory"]]);
    expect(found[0]?.message).toContain(
      'Suppressed mandatory trust-policy-subject-mismatch until 2026-12-31: renamed next week\nServiceAccount "shop/api" uses role',
    );
  });

  test("it holds while resources are registered too", async () => {
    const found = await analyze(createPolicies(rules, { today: () => TODAY, early: true }), stack("renamed next week"));
    expect(found.map(({ policy }) => policy)).toEqual(["irsa-suppression"]);
  });

  test("without a reason, or after its day, the finding stands and the suppression is reported", async () => {
    for (const reason of ["", "until 2026-12-31", "renamed until 2026-11-23"]) {
      const found = await analyze(policies(), stack(reason));
      expect(found.map(({ policy }) => policy).sort()).toEqual(["irsa-suppression", "trust-policy-subject-mismatch"]);
    }
  });
});
