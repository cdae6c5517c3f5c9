import { absent, known, unknown, type Fact } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { buildModel } from "../../policy-pack/src/model/build";
import { boundaryDocument, declaredPolicy, readPolicy } from "../../policy-pack/src/model/read-permissions";
import { toResource } from "../../policy-pack/src/model/resource";
import type { Properties, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { factText } from "../support/answers";
import { withOutputs } from "../support/trust-stacks";
import { withRole } from "../support/trust-parts";
import { resource, UNKNOWN, urnOf, urns, wired } from "../support/stack";

const TYPE = "aws:iam/policy:Policy";
const DOCUMENT = JSON.stringify({ Version: "2012-10-17", Statement: [] });
const arnOf = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;
const policyOf = (name: string, arn: Value = arnOf(name)): SnapshotResource =>
  resource(TYPE, name, { policy: DOCUMENT }, { outputs: { policy: DOCUMENT, arn } });

describe("a policy of the stack", () => {
  const describePolicy = (type: string, inputs: Properties, outputs: Properties) => {
    const made = resource(type, "own", inputs, {
      outputs,
      from: { policy: [urns.cluster], policyDocument: [urns.role] },
    });
    const { title, arn, document, path } = readPolicy(toResource(made));
    return `${title} at ${path}, ${document.is === "known" ? "known" : factText(document)}, ${factText(arn)}`;
  };

  test.each<[string, () => string, string]>([
    [
      "that stands",
      () => describePolicy(TYPE, { policy: DOCUMENT }, { arn: arnOf("own") }),
      `policy "own" at policy, known, ${arnOf("own")}`,
    ],
    [
      "that is not made yet",
      () => describePolicy(TYPE, { policy: UNKNOWN }, {}),
      'policy "own" at policy, unknown: shop, unknown: own',
    ],
    [
      "of aws-native",
      () => describePolicy("aws-native:iam:ManagedPolicy", { policyDocument: {} }, { policyArn: arnOf("own") }),
      `policy "own" at policyDocument, known, ${arnOf("own")}`,
    ],
    [
      "of aws-native that is not made yet",
      () => describePolicy("aws-native:iam:ManagedPolicy", { policyDocument: UNKNOWN }, { arn: arnOf("own") }),
      'policy "own" at policyDocument, unknown: api, unknown: own',
    ],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });
});

describe("the policy that an ARN means", () => {
  const [first, second] = [urnOf(TYPE, "first"), urnOf(TYPE, "second")];
  const declared = () => [policyOf("first"), policyOf("second", UNKNOWN)].map((each) => readPolicy(toResource(each)));
  const meant = (arn: Fact<string>): string => declaredPolicy(arn, declared())?.title ?? "none";

  test.each<[string, Fact<string>, string]>([
    ["is the one that has it", known(arnOf("first")), 'policy "first"'],
    ["is none of another stack", known(arnOf("other")), "none"],
    ["is the one that an unknown ARN came from", unknown([second]), 'policy "second"'],
    ["is none while an unknown ARN came from two", unknown([first, second]), "none"],
    ["is none while an unknown ARN came from another resource", unknown([urns.cluster]), "none"],
    ["is none while an unknown ARN came from nowhere", unknown(), "none"],
    ["is none where there is no ARN", absent, "none"],
  ])("%s", (_, arn, expected) => {
    expect(meant(arn)).toBe(expected);
  });

  const boundary = (arn: Fact<string>): string => {
    const document = boundaryDocument(arn, declared());
    return document.is === "known" ? "known" : factText(document);
  };
  test.each<[string, Fact<string>, string]>([
    ["of this stack", known(arnOf("first")), "known"],
    ["of this stack that is not made yet", unknown([second]), "known"],
    ["of another stack", known(arnOf("other")), "unknown: nobody can say what"],
    ["that another resource tells later", unknown([urns.cluster]), "unknown: shop"],
    ["that is empty", known(""), "absent"],
    ["that is not there", absent, "absent"],
  ])("as a permissions boundary has a document: one %s", (_, arn, expected) => {
    expect(boundary(arn)).toBe(expected);
  });
});

describe("IAM reports policies that the role does not write", () => {
  const reported = (outputs: Properties, inputs: Properties = {}): boolean => {
    const stack = wired({ attachment: null, role: inputs });
    return withRole(withOutputs(stack, urns.role, outputs)).role.permissions.reported;
  };

  test.each<[string, () => boolean, boolean]>([
    ["a managed policy", () => reported({ managedPolicyArns: [arnOf("other")] }), true],
    ["an inline policy", () => reported({ inlinePolicies: [{ name: "read", policy: DOCUMENT }] }), true],
    ["an inline policy beside an empty one", () => reported({ inlinePolicies: [{}, { name: "read" }] }), true],
    ["an empty inline policy, which is none", () => reported({ inlinePolicies: [{}] }), false],
    ["none, by empty lists", () => reported({ managedPolicyArns: [], inlinePolicies: [] }), false],
    ["none, by an unknown list", () => reported({ managedPolicyArns: UNKNOWN }), false],
    ["none", () => reported({}), false],
    [
      "none but those that it writes",
      () => reported({ managedPolicyArns: [arnOf("other")] }, { managedPolicyArns: [arnOf("other")] }),
      false,
    ],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  test("nobody can say so of a role that only the state shows", () => {
    const stack = withOutputs(wired({ attachment: null }), urns.role, { managedPolicyArns: [arnOf("other")] });
    const resources = stack.resources.map((each) => {
      const { inputs, ...rest } = each;
      return each.urn === urns.role || !inputs ? rest : { ...rest, inputs };
    });
    const [role] = buildModel({ ...stack, resources }).roles;
    expect(role?.permissions.reported).toBe(false);
    expect(role?.permissions.attachments.map(({ path }) => path).join()).toBe("managedPolicyArns[0]");
  });
});
