import { buildModel } from "../../policy-pack/src/model/build";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { resource, ROLE_ARN, trust, UNKNOWN, urnOf, urns, wired, type Wiring } from "../support/stack";

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});
const POLICY_ARN = "arn:aws:iam::111122223333:policy/own";
const policy = resource(
  "aws:iam/policy:Policy",
  "own",
  { policy: POLICY },
  { outputs: { policy: POLICY, arn: POLICY_ARN } },
);
const other = resource("aws:iam/role:Role", "other", { name: "other", assumeRolePolicy: trust() });

function permissionsOf(changes: Wiring) {
  const model = buildModel(wired({ attachment: null, ...changes }));
  const role = model.roles.find((each) => each.urn === urns.role);
  const titles = (list: readonly { readonly title: string; readonly path: string }[] = []) =>
    list.map(({ title, path }) => `${title} ${path}`);
  return {
    attachments: titles(role?.permissions.attachments),
    possible: titles(role?.permissions.possible),
    stray: titles(model.strayAttachments),
    reported: role?.permissions.reported,
    documents: role?.permissions.attachments.map(({ document }) => document.is),
    manners: role?.permissions.attachments.map(({ manner }) => manner),
  };
}

function attached(
  inputs: Readonly<Record<string, unknown>>,
  from: readonly string[] = [urns.role],
  type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
): SnapshotResource {
  return resource(type, "x", inputs as SnapshotResource["inputs"] & object, {
    from: { role: from, roleName: from, roles: from },
  });
}

describe("an attachment belongs to a role", () => {
  const mine = { attachments: ['attachment "x" policyArn'], possible: [], stray: [] };

  test.each<[string, SnapshotResource, object]>([
    ["by its name", attached({ role: "api-irsa", policyArn: POLICY_ARN }), mine],
    [
      "by its ARN, which IAM refuses, so that a rule can say so",
      attached({ role: ROLE_ARN, policyArn: POLICY_ARN }),
      mine,
    ],
    ["by wiring while the name is unknown", attached({ role: UNKNOWN, policyArn: POLICY_ARN }), mine],
    [
      "or may do so, where an unknown name came from nowhere",
      attached({ role: UNKNOWN, policyArn: POLICY_ARN }, []),
      { attachments: [], possible: ['attachment "x" policyArn'], stray: [] },
    ],
    [
      "or to none of the stack",
      attached({ role: "api-irsa2", policyArn: POLICY_ARN }),
      { attachments: [], possible: [], stray: ['attachment "x" policyArn'] },
    ],
    [
      "by one of the roles of a PolicyAttachment",
      attached(
        { roles: ["nobody", "api-irsa"], policyArn: POLICY_ARN },
        [],
        "aws:iam/policyAttachment:PolicyAttachment",
      ),
      { attachments: mine.attachments, manners: ["exclusive-for-policy"], stray: ['attachment "x" policyArn'] },
    ],
    [
      "by the list of exclusive attachments",
      attached(
        { roleName: "api-irsa", policyArns: [POLICY_ARN, "b"] },
        [],
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      ),
      {
        attachments: ['attachment "x" policyArns[0]', 'attachment "x" policyArns[1]'],
        manners: ["exclusive-for-role", "exclusive-for-role"],
      },
    ],
    [
      "as an inline policy, whose document is read",
      attached({ role: "api-irsa", policy: POLICY }, [], "aws:iam/rolePolicy:RolePolicy"),
      { attachments: ['attachment "x" policy'], documents: ["known"] },
    ],
    [
      "as an inline policy of aws-native",
      attached(
        { roleName: "api-irsa", policyDocument: JSON.parse(POLICY) as object, policyName: "p" },
        [],
        "aws-native:iam:RolePolicy",
      ),
      { attachments: ['attachment "x" policyDocument'], documents: ["known"], manners: ["single"] },
    ],
  ])("%s", (_, made, expected) => {
    expect(permissionsOf({ plus: [made] })).toMatchObject(expected);
  });

  test("while several roles have no known name, to each of them perhaps", () => {
    const unnamed = resource("aws:iam/role:Role", "other", { name: UNKNOWN, assumeRolePolicy: trust() });
    const made = attached({ role: "later", policyArn: POLICY_ARN }, []);
    expect(permissionsOf({ role: { name: UNKNOWN }, plus: [unnamed, made] })).toMatchObject({
      attachments: [],
      possible: ['attachment "x" policyArn'],
    });
  });

  test("never to a role of the same name in another account", () => {
    const provider = {
      urn: urnOf("pulumi:providers:aws", "far"),
      type: "pulumi:providers:aws",
      name: "far",
      inputs: { assumeRoles: [{ roleArn: "arn:aws:iam::444455556666:role/x" }] },
    };
    const made = resource(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "x",
      { role: "api-irsa", policyArn: POLICY_ARN },
      { provider },
    );
    expect(permissionsOf({ plus: [made] })).toMatchObject({ attachments: [], stray: ['attachment "x" policyArn'] });
  });
});

describe("what stands on the role itself", () => {
  test("belongs to it, whatever its name turns out to be", () => {
    const role = { name: UNKNOWN, managedPolicyArns: [POLICY_ARN], inlinePolicies: [{ name: "a", policy: POLICY }] };
    expect(permissionsOf({ role, plus: [policy, other] })).toMatchObject({
      attachments: ['role "api" managedPolicyArns[0]', 'role "api" inlinePolicies[0].policy'],
      documents: ["known", "known"],
      manners: ["exclusive-for-role", "exclusive-for-role"],
    });
  });

  test("an empty inline policy is none", () => {
    expect(permissionsOf({ role: { inlinePolicies: [{}] } }).attachments).toEqual([]);
  });

  test("a list that is not known yet counts as one", () => {
    expect(permissionsOf({ role: { managedPolicyArns: UNKNOWN } }).attachments).toEqual([
      'role "api" managedPolicyArns[0]',
    ]);
  });

  test("what IAM reports and the program does not write is told apart", () => {
    const stack = wired({ attachment: null });
    const resources = stack.resources.map((each) =>
      each.urn === urns.role ? { ...each, outputs: { ...each.outputs, managedPolicyArns: [POLICY_ARN] } } : each,
    );
    const role = buildModel({ ...stack, resources }).roles.find((each) => each.urn === urns.role);
    expect(role?.permissions).toEqual({ attachments: [], possible: [], reported: true });
  });
});

describe("the document behind a policy ARN", () => {
  test.each<[string, unknown, readonly string[], string]>([
    ["by value", POLICY_ARN, [], "known"],
    ["by wiring", UNKNOWN, [policy.urn], "known"],
    ["not of another stack's policy", `${POLICY_ARN}2`, [], "absent"],
    ["not while it came from nowhere", UNKNOWN, [], "absent"],
  ])("is found %s", (_, policyArn, from, expected) => {
    const made = resource(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "x",
      { role: "api-irsa", policyArn: policyArn as string },
      { from: { policyArn: from } },
    );
    expect(permissionsOf({ plus: [made, policy] }).documents).toEqual([expected]);
  });

  test.each<[string, unknown, string]>([
    ["of this stack", POLICY_ARN, "known"],
    ["of another stack", `${POLICY_ARN}2`, "unknown"],
    ["that is not set", undefined, "absent"],
  ])("of a permissions boundary %s", (_, permissionsBoundary, expected) => {
    const stack = wired({ role: { permissionsBoundary: permissionsBoundary as string }, plus: [policy] });
    expect(buildModel(stack).roles.find((each) => each.urn === urns.role)?.boundaryDocument.is).toBe(expected);
  });
});
