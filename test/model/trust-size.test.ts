import { trustSize } from "../../policy-pack/src/model/trust-size";
import { buildModel } from "../../policy-pack/src/model/build";
import { trust, UNKNOWN, wired, type Wiring } from "../support/stack";
import { AUD, conditioned, policyOf, SUB } from "../support/trust-parts";

const SIZE = trust().length;
/** What one more subject of up to 30 characters costs. */
const STEP = 33;
const LONG = `system:serviceaccount:shop:${"a".repeat(40)}`;

/** `0 subjects, 3 more fit`, for each role. */
function sizesOf(changes: Wiring): readonly string[] {
  return trustSize(buildModel(wired(changes))).map(
    ({ role, subjects, fits }) => `${role.title}: ${subjects} named, ${fits} more fit`,
  );
}
const withQuota = (trustPolicyQuota: number): Wiring => ({ config: { trustPolicyQuota } });
const withTrust = (assumeRolePolicy: string, trustPolicyQuota: number): Wiring => ({
  role: { assumeRolePolicy },
  config: { trustPolicyQuota },
});
const two = trust({ sub: ["system:serviceaccount:shop:api", "system:serviceaccount:shop:web"] });

describe("the room that a trust policy leaves", () => {
  test("is told with its characters", () => {
    expect(trustSize(buildModel(wired()))[0]?.size).toBe(SIZE);
  });

  test.each<[string, Wiring, number, number]>([
    ["as much as the quota takes nothing more", withQuota(SIZE), 1, 0],
    ["just too little for one more", withQuota(SIZE + STEP - 1), 1, 0],
    ["just enough for one more", withQuota(SIZE + STEP), 1, 1],
    ["enough for one and a half", withQuota(SIZE + STEP + 16), 1, 1],
    ["one character too many is one subject too many", withQuota(SIZE - 1), 1, -1],
    ["one subject too many", withQuota(SIZE - STEP), 1, -1],
    ["a character more than one subject too many is two", withQuota(SIZE - STEP - 1), 1, -2],
    ["two subjects of one condition", withTrust(two, two.length + STEP), 2, 1],
    [
      "the longest subject is the measure",
      withTrust(trust({ sub: LONG }), trust({ sub: LONG }).length + LONG.length + 3),
      1,
      1,
    ],
    [
      "a shorter rest than the longest subject is none",
      withTrust(trust({ sub: LONG }), trust({ sub: LONG }).length + LONG.length + 2),
      1,
      0,
    ],
  ])("%s", (_, changes, subjects, fits) => {
    expect(sizesOf(changes)).toEqual([`role "api-irsa": ${subjects} named, ${fits} more fit`]);
  });

  test("a subject that is excluded is not named", () => {
    const policy = policyOf(
      conditioned({
        StringLike: { [AUD]: "sts.amazonaws.com", [SUB]: "system:serviceaccount:shop:*" },
        StringNotEquals: { [SUB]: LONG },
      }),
    );
    expect(sizesOf(withTrust(policy, policy.length + STEP))).toEqual(['role "api-irsa": 1 named, 1 more fit']);
  });
});

describe("nothing is told of a trust policy", () => {
  test.each<[string, Wiring]>([
    ["that is not known", { role: { assumeRolePolicy: UNKNOWN } }],
    ["with an unknown part", { role: { assumeRolePolicy: { Statement: [conditioned({ StringEquals: UNKNOWN })] } } }],
    ["that IAM refuses", { role: { assumeRolePolicy: policyOf({ Effect: "Allow", Principal: "*" }) } }],
    [
      "that is for no pods",
      {
        serviceAccount: null,
        role: {
          assumeRolePolicy: policyOf({
            Effect: "Allow",
            Principal: { Service: "ec2.amazonaws.com" },
            Action: "sts:AssumeRole",
          }),
        },
        edges: { "role.assumeRolePolicy": [] },
      },
    ],
  ])("%s", (_, changes) => {
    expect(sizesOf(changes)).toEqual([]);
  });
});
