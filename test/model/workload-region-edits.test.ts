import { missingRegionVariables } from "../../policy-pack/src/model/workload-region-edits";
import type { Value } from "../../policy-pack/src/facts/value";
import { UNKNOWN } from "../support/stack";
import { containerOf, envOf, type Written } from "../support/pods";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CHINA = { AWS_REGION: "cn-north-1" };

/** `spec.template.spec.containers.0.env.1: AWS_DEFAULT_REGION=cn-north-1`, one text for each edit. */
function edits(type: string, inputs: Value): readonly string[] {
  return missingRegionVariables(type, inputs).map(({ path, value }) => {
    const { name, value: region } = value as { readonly name: string; readonly value: string };
    return `${path.join(".")}: ${name}=${region}`;
  });
}
const pods = (spec: Written): Value => ({ spec: { template: { spec } } });
const inChina = pods({ containers: [containerOf({ env: envOf(CHINA) })] });
const added = "spec.template.spec.containers.0.env.1: AWS_DEFAULT_REGION=cn-north-1";

describe("a container in China gets the region variable that it lacks", () => {
  test.each<[string, Value, readonly string[]]>([
    ["AWS_DEFAULT_REGION", envOf(CHINA), [added]],
    [
      "AWS_REGION",
      envOf({ AWS_DEFAULT_REGION: "cn-northwest-1" }),
      [added.replace(/: .*/, ": AWS_REGION=cn-northwest-1")],
    ],
    ["behind what is there", envOf({ MODE: "x", ...CHINA }), [added.replace("env.1", "env.2")]],
    ["not where both are there", envOf({ ...CHINA, AWS_DEFAULT_REGION: "cn-north-1" }), []],
    ["not where none is there", envOf({ MODE: "x" }), []],
    ["not outside China", envOf({ AWS_REGION: "eu-west-1" }), []],
    ["not while its value is not known", envOf({ AWS_REGION: UNKNOWN }), []],
    ["not where it comes from elsewhere", [{ name: "AWS_REGION", valueFrom: {} }], []],
    [
      "not where the other comes from elsewhere",
      [{ name: "AWS_DEFAULT_REGION", valueFrom: {} }, ...(envOf(CHINA) as Value[])],
      [],
    ],
    [
      "not where the other one comes from elsewhere",
      [...(envOf(CHINA) as Value[]), { name: "AWS_DEFAULT_REGION", valueFrom: {} }],
      [],
    ],
    ["not while a name is not known", [{ name: UNKNOWN, value: "x" }, ...(envOf(CHINA) as Value[])], []],
    [
      "nor by an entry without a name",
      [{ value: "x" }, ...(envOf(CHINA) as Value[])],
      [added.replace("env.1", "env.2")],
    ],
    ["not while the list is not known", UNKNOWN, []],
    ["not without a list", null, []],
  ])("%s", (_, env, expected) => {
    expect(edits(DEPLOYMENT, pods({ containers: [containerOf({ env })] }))).toEqual(expected);
  });
});

describe("the containers that get it are", () => {
  const container = containerOf({ env: envOf(CHINA) });
  const list = { items: [inChina, pods({ containers: [] }), inChina] };
  test.each<[string, string, Value, readonly string[]]>([
    [
      "those of a Deployment, init containers included",
      DEPLOYMENT,
      pods({ containers: [containerOf(), container], initContainers: [container] }),
      [added.replace("containers.0", "containers.1"), added.replace("containers", "initContainers")],
    ],
    ["those of a Patch", "kubernetes:apps/v1:DeploymentPatch", inChina, [added]],
    [
      "those of a Pod",
      "kubernetes:core/v1:Pod",
      { spec: { containers: [container] } },
      [added.replace("spec.template.", "")],
    ],
    [
      "those of each item of a List",
      "kubernetes:apps/v1:DeploymentList",
      list,
      [`items.0.${added}`, `items.2.${added}`],
    ],
    ["none of a List that is not known", "kubernetes:apps/v1:DeploymentList", { items: UNKNOWN }, []],
    ["none while their list is not known", DEPLOYMENT, pods({ containers: UNKNOWN }), []],
    [
      "none of a resource that is no workload",
      "kubernetes:core/v1:ConfigMap",
      { spec: { containers: [container] } },
      [],
    ],
    ["none of another provider's", "aws:iam/role:Role", inChina, []],
  ])("%s", (_, type, inputs, expected) => {
    expect(edits(type, inputs)).toEqual(expected);
  });
});
