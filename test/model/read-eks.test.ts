import { buildModel } from "../../policy-pack/src/model/build";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import { factText, joinText } from "../support/answers";
import { clusterOf } from "../support/trust-stacks";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired, type Wiring } from "../support/stack";

const ADDON = "aws:eks/addon:Addon";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const second = clusterOf("second");
type Edges = Readonly<Record<string, readonly string[]>>;

function addonIn(inputs: Properties, from: Edges = {}, changes: Wiring = {}) {
  const made = resource(ADDON, "ebs", inputs, { from });
  const [addon] = buildModel(wired({ ...changes, plus: [made, ...(changes.plus ?? [])] })).addons;
  if (!addon) throw new Error("no add-on");
  return addon;
}

function associationIn(inputs: Properties, from: Edges = {}) {
  const [association] = buildModel(wired({ plus: [resource(ASSOCIATION, "api", inputs, { from })] })).associations;
  if (!association) throw new Error("no association");
  return association;
}

describe("the cluster of an add-on", () => {
  const component = resource("eks:index:Cluster", "platform", {});
  const inner = resource("aws:eks/cluster:Cluster", "inner", { name: UNKNOWN }, { parent: component.urn });
  const two = { plus: [second] };
  const both = [urns.cluster, second.urn];
  const wrapped = { cluster: null, plus: [component, inner] };
  const cluster = (clusterName: Value | undefined, from: readonly string[] = [], changes: Wiring = {}): string =>
    joinText(addonIn(clusterName === undefined ? {} : { clusterName }, { clusterName: from }, changes).cluster);

  test.each<[string, () => string, string]>([
    ["is the one of its name", () => cluster("shop"), 'by value EKS cluster "shop"'],
    [
      "is the one of its name, whatever it came from",
      () => cluster("shop", [second.urn], two),
      'by value EKS cluster "shop"',
    ],
    ["is none under a name of no cluster", () => cluster("other"), "elsewhere"],
    ["is none under such a name that came from two", () => cluster("other", both, two), "elsewhere"],
    [
      "is the one that the name came from, while no cluster is known to have it",
      () => cluster("later", [urns.cluster], { cluster: { name: UNKNOWN } }),
      'by wiring EKS cluster "shop"',
    ],
    [
      "is the one that an unknown name came from",
      () => cluster(UNKNOWN, [urns.cluster], two),
      'by wiring EKS cluster "shop"',
    ],
    ["is none while an unknown name came from two", () => cluster(UNKNOWN, both, two), "unknown: shop and second"],
    ["is none while an unknown name came from nowhere", () => cluster(UNKNOWN), "unknown"],
    ["is none where none is named", () => cluster(undefined), "absent"],
    [
      "is the component, where the name came from the cluster inside it",
      () => cluster(UNKNOWN, [inner.urn], wrapped),
      'by wiring EKS cluster "platform"',
    ],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });
});

describe("the role of an add-on", () => {
  const role = (inputs: Properties, from: readonly string[] = []): string => {
    const addon = addonIn(inputs, { serviceAccountRoleArn: from });
    return `${factText(addon.roleArn)}, ${joinText(addon.role)}`;
  };

  test.each<[string, () => string, string]>([
    ["is none", () => role({}), "absent, absent"],
    ["is the one of its ARN", () => role({ serviceAccountRoleArn: ROLE_ARN }), `${ROLE_ARN}, by value role "api-irsa"`],
    [
      "is the one that an unknown ARN came from",
      () => role({ serviceAccountRoleArn: UNKNOWN }, [urns.role]),
      'unknown: api, by wiring role "api-irsa"',
    ],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  const configured = (configurationValues: Value) => ({ configurationValues });
  test.each<[string, Properties, boolean]>([
    ["nothing", {}, false],
    ["a Pod Identity association", { podIdentityAssociations: [{ serviceAccount: "ebs" }] }, true],
    ["configuration values with its annotation", configured('{"a":{"eks.amazonaws.com/role-arn":"x"}}'), true],
    ["the same as an object", configured({ a: { "eks.amazonaws.com/role-arn": "x" } }), true],
    ["configuration values of other things", configured('{"replicaCount":2}'), false],
    ["unknown configuration values", configured(UNKNOWN), true],
  ])("may come from elsewhere: %s", (_, inputs, expected) => {
    expect(addonIn(inputs).suppliedOtherwise).toBe(expected);
  });

  test.each<[string, Properties, string]>([
    ["its EKS name", { addonName: "aws-ebs-csi-driver" }, 'add-on "aws-ebs-csi-driver"'],
    ["its Pulumi name while that is unknown", { addonName: UNKNOWN }, 'add-on "ebs"'],
  ])("is reported under %s", (_, inputs, expected) => {
    expect(addonIn(inputs).title).toBe(expected);
  });
});

describe("a Pod Identity association", () => {
  const describeAssociation = (association: ReturnType<typeof associationIn>) => ({
    title: association.title,
    cluster: joinText(association.cluster),
    account: `${factText(association.namespace)}/${factText(association.serviceAccount)}`,
    role: joinText(association.role),
  });

  test("that is all known names what it joins", () => {
    const inputs = { clusterName: "shop", namespace: "shop", serviceAccount: "api", roleArn: ROLE_ARN };
    expect(describeAssociation(associationIn(inputs))).toEqual({
      title: 'Pod Identity association "api"',
      cluster: 'by value EKS cluster "shop"',
      account: "shop/api",
      role: 'by value role "api-irsa"',
    });
  });

  test("that is not known yet is joined by what its inputs came from", () => {
    const inputs = { clusterName: UNKNOWN, namespace: UNKNOWN, serviceAccount: UNKNOWN, roleArn: UNKNOWN };
    const from = {
      clusterName: [urns.cluster],
      namespace: [urns.namespace],
      serviceAccount: [urns.serviceAccount],
      roleArn: [urns.role],
    };
    expect(describeAssociation(associationIn(inputs, from))).toMatchObject({
      cluster: 'by wiring EKS cluster "shop"',
      account: "unknown: shop/unknown: api",
      role: 'by wiring role "api-irsa"',
    });
  });
});

describe("any other resource that a rule looks at", () => {
  const ENDPOINT_TYPE = "aws:ec2/vpcEndpoint:VpcEndpoint";
  const other = (provider?: { readonly provider: undefined }) => {
    const made = resource(ENDPOINT_TYPE, "sts", { vpcId: UNKNOWN }, { from: { vpcId: [urns.cluster] }, ...provider });
    return buildModel(wired({ plus: [made] })).others[0];
  };

  test("is kept as it stands", () => {
    expect(other()).toMatchObject({
      urn: urnOf(ENDPOINT_TYPE, "sts"),
      title: 'VpcEndpoint "sts"',
      type: ENDPOINT_TYPE,
      properties: { vpcId: UNKNOWN },
      propertyFrom: { vpcId: [urns.cluster] },
    });
  });

  test("has an account and region where Pulumi says its provider", () => {
    expect(factText(other()?.scope?.region)).toBe("eu-west-1");
    expect(other({ provider: undefined })?.scope).toBeUndefined();
  });
});
