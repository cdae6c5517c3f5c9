import { excessOf } from "../../policy-pack/src/model/breadth-of-permissions";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, UNKNOWN, wired, type Wiring } from "../support/stack";
import { withRole } from "../support/trust-parts";

const AWS = "arn:aws:iam::aws:policy/";
const ROLES = "arn:aws:iam::*:role/*";

/** `everything: * by statement 0`. */
function excess(changes: Wiring): string {
  const { role } = withRole(wired(changes));
  const [attachment] = role.permissions.attachments;
  if (!attachment) return "no attachment";
  const found = excessOf(attachment);
  if (!found) return "none";
  return `${found.kind}: ${found.seen.join(" and ")}${found.statement ? ` by ${found.statement.path}` : ""}`;
}

const allow = (Action: Value, Resource: Value = "*", more: { readonly [key: string]: Value } = {}): Value => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const written = (...statements: readonly Value[]): string => {
  const policy = { Version: "2012-10-17", Statement: statements };
  return excess({
    attachment: null,
    plus: [resource("aws:iam/rolePolicy:RolePolicy", "own", { role: "api-irsa", policy })],
  });
};

describe("a policy that AWS manages", () => {
  test.each<[string, Value, string]>([
    ["gives everything", `${AWS}AdministratorAccess`, "administrator: AdministratorAccess"],
    ["gives all of IAM", `${AWS}IAMFullAccess`, "administrator: IAMFullAccess"],
    ["gives a service", `${AWS}AmazonS3FullAccess`, "none"],
    ["is not known yet", UNKNOWN, "none"],
    ["is one's own of that name", "arn:aws:iam::111122223333:policy/AdministratorAccess", "none"],
  ])("%s", (_, policyArn, expected) => {
    expect(excess({ attachment: { policyArn } })).toBe(expected);
  });
});

describe("a statement on everything", () => {
  test.each<[string, Value, string]>([
    ["allows every action", allow("*"), "everything: * by Statement[0]"],
    ["allows every action in the long form", allow("*:*"), "everything: * by Statement[0]"],
    ["allows every action among others", allow(["s3:GetObject", "*"]), "everything: * by Statement[0]"],
    [
      "allows every action on everything among others",
      allow("*", ["arn:aws:s3:::a", "*"]),
      "everything: * by Statement[0]",
    ],
    ["allows every action on roles", allow("*", ROLES), "escalation: iam:CreatePolicyVersion by Statement[0]"],
    ["allows to change policies", allow("iam:PutRolePolicy"), "escalation: iam:PutRolePolicy by Statement[0]"],
    [
      "allows to start machines with any role",
      allow(["iam:PassRole", "ec2:RunInstances"]),
      "escalation: iam:PassRole and ec2:RunInstances by Statement[0]",
    ],
    ["allows to pass any role", allow("iam:PassRole"), "pass-any-role: iam:PassRole by Statement[0]"],
    [
      "allows to pass any role of the account",
      allow("iam:PassRole", ROLES),
      "pass-any-role: iam:PassRole by Statement[0]",
    ],
    [
      "allows to pass the roles of one account",
      allow("iam:PassRole", "arn:aws:iam::111122223333:role/*"),
      "pass-any-role: iam:PassRole by Statement[0]",
    ],
    ["allows to pass one role", allow("iam:PassRole", "arn:aws:iam::111122223333:role/api"), "none"],
    ["allows to start machines alone", allow("ec2:RunInstances"), "none"],
    ["allows a service", allow("s3:*"), "none"],
    [
      "allows all but some actions",
      { Effect: "Allow", NotAction: "s3:*", Resource: "*" },
      "escalation: iam:CreatePolicyVersion by Statement[0]",
    ],
    ["denies every action", { Effect: "Deny", Action: "*", Resource: "*" }, "none"],
    ["may deny every action", { Effect: UNKNOWN, Action: "*", Resource: "*" }, "none"],
    [
      "allows it under a condition",
      allow("*", "*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
      "none",
    ],
    ["allows it under no condition at all", allow("*", "*", { Condition: {} }), "everything: * by Statement[0]"],
    ["may allow it under a condition", allow("*", "*", { Condition: UNKNOWN }), "none"],
    ["allows it on all but one resource", { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::a" }, "none"],
    ["allows it on all but one resource of all", allow("*", "*", { NotResource: "arn:aws:s3:::a" }), "none"],
    ["may be on something else", allow("*", [UNKNOWN]), "none"],
    ["may be on anything", allow("*", UNKNOWN), "none"],
    ["may allow something else", allow([UNKNOWN]), "none"],
  ])("%s", (_, statement, expected) => {
    expect(written(statement)).toBe(expected);
  });

  test("allows two things only together with another", () => {
    expect(written(allow("ecs:RunTask"), allow("iam:PassRole"))).toBe(
      "escalation: iam:PassRole and ecs:RunTask by Statement[1]",
    );
  });
});

test("a policy whose content is not to be seen is not too wide", () => {
  expect(
    excess({
      attachment: null,
      plus: [resource("aws:iam/rolePolicy:RolePolicy", "own", { role: "api-irsa", policy: UNKNOWN })],
    }),
  ).toBe("none");
});
