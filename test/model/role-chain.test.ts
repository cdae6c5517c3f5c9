import { buildModel } from "../../policy-pack/src/model/build";
import { brokenChains } from "../../policy-pack/src/model/role-chain";
import type { Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, ROLE_ARN, trustStatement, UNKNOWN, urns, wired, type Wiring } from "../support/stack";
import { policyOf } from "../support/trust-parts";
import { ROLE, withOutputs } from "../support/trust-stacks";

const FAR = "arn:aws:iam::444455556666:role/data";
const NEAR = "arn:aws:iam::111122223333:role/data";
const OTHER = "arn:aws:iam::111122223333:role/other";

const statement = (principal: Value, more: { readonly [element: string]: Value } = {}): Value => ({
  Effect: "Allow",
  Principal: principal,
  Action: "sts:AssumeRole",
  ...more,
});
/** The second role of the chain, whose ARN says in which account it is. */
const data = (arn: Value, assumeRolePolicy: Value): SnapshotResource => {
  const inputs = { name: "data", assumeRolePolicy };
  return resource(ROLE, "data", inputs, { outputs: { ...inputs, arn } });
};
/** The same role before anybody knows its name and its ARN. */
const nameless = (assumeRolePolicy: Value): SnapshotResource => {
  const inputs = { name: UNKNOWN, assumeRolePolicy };
  return resource(ROLE, "data", inputs, { outputs: { ...inputs, arn: UNKNOWN } });
};
const trusting = (arn: Value, principal: Value, more?: { readonly [element: string]: Value }): SnapshotResource =>
  data(arn, policyOf(statement(principal, more)));
const policy = (value: Value, role: Value = "api-irsa"): SnapshotResource =>
  resource("aws:iam/rolePolicy:RolePolicy", "hop", { role, name: "hop", policy: value });
const ask = (elements: { readonly [element: string]: Value }): Value => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  ...elements,
});
const hop = (elements: { readonly [element: string]: Value }): SnapshotResource => policy(policyOf(ask(elements)));
const other = resource(ROLE, "other", {
  name: "other",
  assumeRolePolicy: policyOf(statement({ Service: "ec2.amazonaws.com" })),
});
const stranger = { AWS: OTHER };
const me = { AWS: ROLE_ARN };

/** `api-irsa → data lacks trust: hop policy.Statement[0].Resource`. */
const chainsIn = (plus: readonly SnapshotResource[], changes: Wiring = {}): string =>
  describeChains(wired({ ...changes, plus }));
const describeChains = (stack: Snapshot): string =>
  brokenChains(buildModel(stack))
    .map(({ from, to, lacks, evidence }) => {
      const name = ({ title }: { readonly title: string }): string => title.replace(/role "(.*)"/, "$1");
      return `${name(from)} → ${name(to)} lacks ${lacks}: ${evidence.urn.slice(evidence.urn.lastIndexOf("::") + 2)} ${evidence.path}`;
    })
    .join("; ");

describe("a role for pods that may assume a role which does not trust it", () => {
  const found = "api-irsa → data lacks trust: hop policy.Statement[0].Resource";
  const session = "arn:aws:sts::111122223333:assumed-role/api-irsa/botocore";

  test.each<[string, string, readonly SnapshotResource[], Wiring?]>([
    ["in the same account", found, [hop({ Resource: NEAR }), trusting(NEAR, stranger)]],
    ["in another account", found, [hop({ Resource: FAR }), trusting(FAR, stranger)]],
    [
      "by a list of roles",
      "api-irsa → data lacks trust: hop policy.Statement[0].Resource[1]",
      [hop({ Resource: [OTHER, NEAR] }), trusting(NEAR, stranger)],
    ],
    [
      "by a pattern, which may be meant for others",
      "",
      [hop({ Resource: "arn:aws:iam::111122223333:role/*" }), trusting(NEAR, stranger)],
    ],
    ["by a resource that is not known yet", "", [hop({ Resource: UNKNOWN }), trusting(NEAR, stranger)]],
    [
      "by a statement without a resource",
      "",
      [policy(policyOf({ Effect: "Allow", Action: "sts:AssumeRole" })), trusting(NEAR, stranger)],
    ],
    ["by a policy that is not known yet", "", [policy(UNKNOWN), trusting(NEAR, stranger)]],
    [
      "by a statement that denies it",
      "",
      [policy(policyOf(ask({ Effect: "Deny", Resource: NEAR }))), trusting(NEAR, stranger)],
    ],
    [
      "by a statement of another action",
      "",
      [hop({ Action: "iam:GetRole", Resource: NEAR }), trusting(NEAR, stranger)],
    ],
    [
      "by a statement of an action that is not known yet",
      "",
      [
        policy({ Version: "2012-10-17", Statement: [ask({ Action: UNKNOWN, Resource: NEAR })] }),
        trusting(NEAR, stranger),
      ],
    ],
    [
      "by a statement of an effect that is not known yet",
      "",
      [
        policy({ Version: "2012-10-17", Statement: [ask({ Effect: UNKNOWN, Resource: NEAR })] }),
        trusting(NEAR, stranger),
      ],
    ],
    ["where it trusts it", "", [hop({ Resource: NEAR }), trusting(NEAR, me)]],
    ["where it trusts the account", "", [hop({ Resource: NEAR }), trusting(NEAR, { AWS: "111122223333" })]],
    ["where it trusts a session of it", "", [hop({ Resource: NEAR }), trusting(NEAR, { AWS: session })]],
    [
      "where it trusts a session of it among others",
      "",
      [hop({ Resource: NEAR }), trusting(NEAR, { AWS: [OTHER, session] })],
    ],
    [
      "where it trusts a session of another role",
      found,
      [hop({ Resource: NEAR }), trusting(NEAR, { AWS: session.replace("api-irsa", "web") })],
    ],
    [
      "where it trusts it under a condition on what nobody knows",
      "",
      [hop({ Resource: NEAR }), trusting(NEAR, me, { Condition: { StringEquals: { "sts:ExternalId": "x" } } })],
    ],
    [
      "where it denies all but others",
      found,
      [
        hop({ Resource: NEAR }),
        data(NEAR, policyOf(statement(stranger), { Effect: "Deny", NotPrincipal: stranger, Action: "sts:AssumeRole" })),
      ],
    ],
    [
      "and a second one",
      `${found}[0]; ${found.replace("data", "other")}[1]`,
      [hop({ Resource: [NEAR, OTHER] }), trusting(NEAR, stranger), other],
    ],
    ["where its trust policy is not known yet", "", [hop({ Resource: NEAR }), data(NEAR, UNKNOWN)]],
    ["where it is no role of the stack", "", [hop({ Resource: OTHER }), trusting(NEAR, stranger)]],
    [
      "where the first role is for no pods",
      "",
      [
        policy(policyOf(ask({ Resource: NEAR })), "ci"),
        resource(ROLE, "ci", { name: "ci", assumeRolePolicy: policyOf(statement({ Service: "ec2.amazonaws.com" })) }),
        trusting(NEAR, stranger),
      ],
    ],
  ])("%s", (...[, expected, plus, changes]) => {
    expect(chainsIn(plus, changes)).toBe(expected);
  });

  test("is not told before the ARN of the first is known", () => {
    const inline = resource(
      "aws:iam/rolePolicy:RolePolicy",
      "hop",
      { role: UNKNOWN, policy: policyOf(ask({ Resource: NEAR })) },
      { from: { role: [urns.role] } },
    );
    const stack = wired({ role: { name: UNKNOWN }, plus: [inline, trusting(NEAR, stranger)] });
    expect(describeChains(withOutputs(stack, urns.role, { arn: UNKNOWN }))).toBe("");
  });
});

describe("a role of another account that trusts a role for pods which may not ask", () => {
  const found = "api-irsa → data lacks permission: data assumeRolePolicy.Statement[0].Principal.AWS";

  test.each<[string, string, readonly SnapshotResource[], Wiring?]>([
    ["by its ARN", found, [trusting(FAR, me)]],
    ["by its ARN among others", `${found}[1]`, [trusting(FAR, { AWS: [OTHER, ROLE_ARN] })]],
    [
      "by a principal that is not known yet",
      "",
      [data(FAR, { Version: "2012-10-17", Statement: [statement({ AWS: UNKNOWN })] })],
    ],
    [
      "by principals that are not known yet",
      "",
      [data(FAR, { Version: "2012-10-17", Statement: [statement(UNKNOWN)] })],
    ],
    ["by a principal of another kind", "", [trusting(FAR, { Service: ROLE_ARN })]],
    ["by a statement that denies it", "", [trusting(FAR, me, { Effect: "Deny" })]],
    [
      "by a statement of an effect that is not known yet",
      "",
      [data(FAR, { Version: "2012-10-17", Statement: [statement(me, { Effect: UNKNOWN })] })],
    ],
    ["by a statement of another action", "", [trusting(FAR, me, { Action: "sts:TagSession" })]],
    [
      "by a statement of an action that is not known yet",
      "",
      [data(FAR, { Version: "2012-10-17", Statement: [statement(me, { Action: UNKNOWN })] })],
    ],
    ["by a trust policy that is not known yet", "", [data(FAR, UNKNOWN)]],
    ["in the same account, where the trust is enough", "", [trusting(NEAR, me)]],
    ["where its ARN is not known yet", "", [nameless(policyOf(statement(me)))]],
    ["where it may ask", "", [hop({ Resource: FAR }), trusting(FAR, me)]],
    ["where it may ask for every role", "", [hop({ Resource: "*" }), trusting(FAR, me)]],
    ["where a policy of it is not known yet", "", [policy(UNKNOWN), trusting(FAR, me)]],
    [
      "where a policy of it says that it shall not",
      "",
      [policy(policyOf(ask({ Effect: "Deny", Resource: FAR }))), trusting(FAR, me)],
    ],
    ["where it has no policy in the stack", "", [trusting(FAR, me)], { attachment: null }],
    ["where a policy may be its own", "", [policy(policyOf(ask({ Resource: OTHER })), UNKNOWN), trusting(FAR, me)]],
    [
      "of no pods",
      "",
      [
        trusting(FAR, { AWS: OTHER }),
        resource(ROLE, "other", {
          name: "other",
          assumeRolePolicy: policyOf(statement({ Service: "ec2.amazonaws.com" })),
        }),
      ],
    ],
    ["which is itself", "", [], { role: { assumeRolePolicy: policyOf(trustStatement(), statement(me)) } }],
  ])("%s", (...[, expected, plus, changes]) => {
    expect(chainsIn(plus, changes)).toBe(expected);
  });

  test("but has more policies than the program writes, as IAM reports", () => {
    const managedPolicyArns = ["arn:aws:iam::111122223333:policy/elsewhere"];
    expect(describeChains(withOutputs(wired({ plus: [trusting(FAR, me)] }), urns.role, { managedPolicyArns }))).toBe(
      "",
    );
  });
});
