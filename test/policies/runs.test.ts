import { createPolicies } from "../../policy-pack/src/policies";
import { rules } from "../../policy-pack/src/rules";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { analyze, analyzeResources, type RawResource } from "../support/analyzer";
import { firstPreview, type Part, TODAY, trust, urns, wired } from "../support/stack";

const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const policies = (early: boolean) => createPolicies(rules, { today: () => TODAY, early });

/** The stack as the engine would send it for another stack of the same project, led by the stack itself. */
function run(stack: string, { resources }: Snapshot): readonly RawResource[] {
  const root: RawResource = {
    urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop",
    type: "pulumi:pulumi:Stack",
    name: "shop",
    inputs: {},
    dependencies: [],
    propertyDependencies: {},
  };
  const text = JSON.stringify([root, ...resources]).replaceAll('{"$unknown":true}', JSON.stringify(SENTINEL));
  return JSON.parse(text.replaceAll("urn:pulumi:dev::", `urn:pulumi:${stack}::`)) as RawResource[];
}

/** The stack phase alone. */
function withoutInputs(resources: readonly RawResource[]): readonly RawResource[] {
  return resources.map(({ inputs, ...rest }) => (inputs === undefined ? rest : { ...rest }));
}

const WRONG = wired({ role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) } });

describe("one process that serves several stacks", () => {
  test("keeps what it learns of one while it learns of another", async () => {
    // On a new cluster Kubernetes objects are empty in the stack phase: only the kept inputs show the fault.
    const wrong = { deployment: { spec: { template: { spec: { serviceAccountName: "apis" } } } } };
    const served = policies(false);
    const alone = await analyze(policies(false), run("prod", firstPreview(wrong)));
    const [prod, dev] = [run("prod", firstPreview(wrong)), run("dev", firstPreview())];
    await analyzeResources(served, prod);
    await analyzeResources(served, dev);
    expect(await analyze(served, withoutInputs(prod))).toEqual(alone);
    const rest = await analyze(served, withoutInputs(dev));
    expect(alone.filter(({ level }) => level === "mandatory").length).toBeGreaterThan(0);
    expect(rest.filter(({ policy }) => policy !== "irsa-unverified")).toEqual([]);
  });

  test.each([false, true])("judges them at the same time, each by itself (early: %s)", async (early) => {
    const served = policies(early);
    const stacks = ["a", "b", "c", "d"];
    const found = await Promise.all(
      stacks.map((stack, index) => analyze(served, run(stack, index % 2 === 0 ? wired() : WRONG))),
    );
    expect(found.map((each) => each.map(({ policy, urn }) => [policy, urn.split("::")[0]]))).toEqual([
      [],
      [["trust-policy-subject-mismatch", "urn:pulumi:b"]],
      [],
      [["trust-policy-subject-mismatch", "urn:pulumi:d"]],
    ]);
  });

  test("serves any number of them one after the other", async () => {
    const served = policies(true);
    for (let index = 0; index < 40; index++) {
      const found = await analyze(served, run(`stack-${index}`, index % 4 === 0 ? WRONG : wired()));
      expect(found).toHaveLength(index % 4 === 0 ? 1 : 0);
    }
  });
});

describe("resources outside the target of an update that do not exist yet", () => {
  const parts: readonly Part[] = ["oidcProvider", "role", "attachment", "namespace", "serviceAccount", "deployment"];
  const subsets = Array.from({ length: 2 ** parts.length }, (_, bits) =>
    parts.filter((_part, index) => bits & (1 << index)),
  );
  /** The engine registers them without any input, and lists them without any output but with their dependencies. */
  const passedOver = (resources: readonly RawResource[], left: readonly Part[]): readonly RawResource[] => {
    const empty = new Set(left.map((part) => urns[part]));
    return resources.map((each) => (empty.has(each.urn) ? { ...each, inputs: {}, outputs: {} } : each));
  };

  test.each([false, true])("accuse nobody, and nobody is accused of their absence (early: %s)", async (early) => {
    for (const left of subsets) {
      for (const stack of [wired(), firstPreview()]) {
        const found = await analyze(policies(early), passedOver(run("dev", stack), left));
        const accused = found.filter(({ policy }) => policy !== "irsa-unverified");
        expect({ left, accused }).toEqual({ left, accused: [] });
      }
    }
  });

  test("do not hide what is wrong in the rest", async () => {
    const found = await analyze(policies(false), passedOver(run("dev", WRONG), ["attachment", "deployment"]));
    expect(found.map(({ policy }) => policy)).toContain("trust-policy-subject-mismatch");
  });
});
