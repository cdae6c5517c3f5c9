import { chartOf, defaultAccountName, rightBlock } from "../../policy-pack/src/model/chart-catalogue";
import { toResource, type Resource } from "../../policy-pack/src/model/resource";
import type { Value } from "../../policy-pack/src/facts/value";
import { releaseOf, type Values } from "../support/charts";
import { UNKNOWN } from "../support/stack";

const release = (chart: Value | undefined, name: Value = "dns"): Resource =>
  toResource(releaseOf({}, { inputs: { chart, name } }));

describe("the block that a chart reads in place of another", () => {
  test.each<[string, string | undefined, string, string | undefined]>([
    ["one that it does not read", "cluster-autoscaler", "values.serviceAccount", "values.rbac.serviceAccount"],
    ["one that it reads", "cluster-autoscaler", "values.rbac.serviceAccount", undefined],
    ["one with the name of what every object has", "cluster-autoscaler", "values.constructor", undefined],
    ["one of a chart that nobody knows", "generic", "values.serviceAccount", undefined],
    ["one of no chart", undefined, "values.serviceAccount", undefined],
  ])("%s", (_, chart, path, expected) => {
    expect(rightBlock(chart, path)).toBe(expected);
  });
});

describe("the name of the account of a block without one", () => {
  const long = "a-very-long-name-for-a-release-that-makes-names-of-the-zone";

  test.each<[string, Resource, string, string | undefined, Values?]>([
    ["the release and the chart", release("external-dns"), "values.serviceAccount", "dns-external-dns"],
    [
      "the release alone, which holds the chart's name",
      release("external-dns", "my-external-dns"),
      "values.serviceAccount",
      "my-external-dns",
    ],
    [
      "the chart of a repository",
      release("oci://public.ecr.aws/karpenter/karpenter", "k"),
      "values.serviceAccount",
      "k-karpenter",
    ],
    ["a name that is always the same", release("keda"), "values.serviceAccount", "keda-operator"],
    [
      "a name that is always the same, of a release that has none yet",
      release("keda", UNKNOWN),
      "values.serviceAccount",
      "keda-operator",
    ],
    ["a name with an ending", release("velero", "backup"), "values.serviceAccount.server", "backup-velero-server"],
    [
      "a name with the release in it",
      release("cluster-autoscaler", "ca"),
      "values.rbac.serviceAccount",
      "ca-aws-cluster-autoscaler",
    ],
    [
      "the release, which is called like the rest",
      release("cluster-autoscaler", "aws-cluster-autoscaler"),
      "values.rbac.serviceAccount",
      "aws-cluster-autoscaler",
    ],
    ["a name of 63 characters at most", release("external-dns", long), "values.serviceAccount", `${long}-ext`],
    ["no hyphen where the name is cut", release("external-dns", `${long}-ab`), "values.serviceAccount", `${long}-ab`],
    ["a release that has no name yet", release("external-dns", UNKNOWN), "values.serviceAccount", undefined],
    [
      "values with a name of their own",
      release("external-dns"),
      "values.serviceAccount",
      undefined,
      { nameOverride: "x" },
    ],
    [
      "values with a whole name of their own",
      release("external-dns"),
      "values.serviceAccount",
      undefined,
      { fullnameOverride: "x" },
    ],
    [
      "values for another cloud",
      release("cluster-autoscaler"),
      "values.rbac.serviceAccount",
      undefined,
      { cloudProvider: "gce" },
    ],
    ["other values", release("external-dns"), "values.serviceAccount", "dns-external-dns", { replicas: 2 }],
    ["a block that the chart does not read", release("cluster-autoscaler"), "values.serviceAccount", undefined],
    ["a block with the name of what every object has", release("external-dns"), "values.constructor", undefined],
    ["a chart that nobody knows", release("generic"), "values.serviceAccount", undefined],
    ["a chart that is not known yet", release(UNKNOWN), "values.serviceAccount", undefined],
  ])("%s", (...[, resource, path, expected, values]) => {
    expect(defaultAccountName(resource, values ?? {}, path)).toBe(expected);
  });
});

test.each<[string, Value | undefined, string | undefined]>([
  ["a chart of a repository", "keda", "keda"],
  ["a chart at an address", "oci://public.ecr.aws/karpenter/karpenter", "karpenter"],
  ["a chart that is not known yet", UNKNOWN, undefined],
  ["no chart", undefined, undefined],
])("the name of %s", (_, chart, expected) => {
  expect(chartOf(release(chart))).toBe(expected);
});
