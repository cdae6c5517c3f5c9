import { isUnused } from "../../policy-pack/src/model/role-use";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { releaseOf, withRoleArn } from "../support/charts";
import { resource, ROLE_ARN, trust, UNKNOWN, urns, wired, type Wiring } from "../support/stack";
import { withRole } from "../support/trust-parts";
import { accountOf, roleArn, roleOf, urnIn } from "../support/trust-stacks";

const ADDON = "aws:eks/addon:Addon";
const second = roleOf("second", trust());
const addon = (serviceAccountRoleArn: Parameters<typeof roleOf>[1], from: readonly string[] = []): SnapshotResource =>
  resource(
    ADDON,
    "csi",
    { clusterName: "shop", addonName: "aws-ebs-csi-driver", serviceAccountRoleArn },
    { from: { serviceAccountRoleArn: from } },
  );

describe("a role is used by nobody", () => {
  const unused = (plus: readonly SnapshotResource[], changes: Wiring = {}): boolean => {
    const { model, role } = withRole(wired({ ...changes, plus: [second, ...plus] }), urnIn.role("second"));
    return isUnused(role, model);
  };
  const account = (metadata: Wiring["serviceAccount"], from: readonly string[]): Wiring => ({
    serviceAccount: metadata ?? {},
    edges: { "serviceAccount.metadata": from },
  });
  const unknownRole = { metadata: { annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } } };

  test.each<[string, boolean, readonly SnapshotResource[], Wiring?]>([
    ["where the account has another role", true, []],
    ["where there is no account", true, [], { serviceAccount: null }],
    ["not where an account has it", false, [accountOf("shop/web", roleArn("second"))]],
    ["not where an account has it by wiring", false, [], account(unknownRole, [second.urn])],
    ["not while an account may have any role", false, [], account(unknownRole, [])],
    ["not while an account has one of two roles", false, [], account(unknownRole, [urns.role, second.urn])],
    ["where an account has the role of another stack", true, [accountOf("shop/web", roleArn("elsewhere"))]],
    ["where an account has no role", true, [], account({ metadata: { annotations: undefined } }, [])],
    ["not where an add-on has it", false, [addon(roleArn("second"))]],
    ["not where an add-on has it by wiring", false, [addon(UNKNOWN, [second.urn])]],
    ["not while an add-on may have any role", false, [addon(UNKNOWN)]],
    ["not while an add-on has one of two roles", false, [addon(UNKNOWN, [urns.role, second.urn])]],
    ["where an add-on has another role", true, [addon(ROLE_ARN)]],
    ["where an add-on has the role of another stack", true, [addon(roleArn("elsewhere"))]],
    [
      "not where a release gives it to an account whose name nobody knows",
      false,
      [releaseOf({ serviceAccount: withRoleArn(roleArn("second")) })],
    ],
    ["not while values that came from it are not known", false, [releaseOf({ role: UNKNOWN }, { from: [second.urn] })]],
    ["while values that came from another are not known", true, [releaseOf({ role: UNKNOWN }, { from: [urns.role] })]],
    ["where values that came from it are known", true, [releaseOf({ role: "second" }, { from: [second.urn] })]],
  ])("%s", (...[, expected, plus, changes]) => {
    expect(unused(plus, changes)).toBe(expected);
  });
});
