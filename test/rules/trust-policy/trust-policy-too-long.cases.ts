import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-too-long";
import { cases, none } from "../../support/cases";
import { resource, SUBJECT, trust, urns, wired } from "../../support/stack";

const subjects = (count: number): readonly string[] => [
  SUBJECT,
  ...Array.from({ length: count - 1 }, (_, index) => `system:serviceaccount:shop:worker-number-${index + 10}`),
];
const role = (count: number) => ({ role: { assumeRolePolicy: trust({ sub: subjects(count) }) } });

export default cases(rule, {
  invalid: [
    {
      name: "forty accounts in one role",
      covers: ["trust-policy-too-long"],
      stack: wired(role(40)),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy" },
          says: 'Role "api-irsa" has a trust policy of 2265 characters, white space left out, but the quota is 2048; 5 of its 40 subjects would have to go.',
          fix: "Split the accounts among several roles. Where the quota of the account has been raised, set trustPolicyQuota of irsa-context to it.",
        },
      ],
    },
    {
      name: "an account with a quota that was made smaller in the configuration",
      stack: wired({ ...role(2), config: { trustPolicyQuota: 400 } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy" },
          says: 'Role "api-irsa" has a trust policy of 517 characters, white space left out, but the quota is 400.',
          fix: "Split the accounts among several roles. Where the quota of the account has been raised, set trustPolicyQuota of irsa-context to it.",
        },
      ],
    },
    {
      name: "not one more subject fits",
      stack: wired(role(35)),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy" },
          level: "advisory",
          says: 'Role "api-irsa" has a trust policy of 2035 characters for 35 subjects; the quota is 2048, so 0 more subjects fit.',
          fix: "Give the next account a role of its own.",
        },
      ],
    },
  ],
  valid: [
    { name: "a dozen accounts", stack: wired(role(12)) },
    { name: "a quota that was raised", stack: wired({ ...role(40), config: { trustPolicyQuota: 4096 } }) },
    {
      name: "white space, which does not count",
      stack: wired({
        role: { assumeRolePolicy: JSON.stringify(JSON.parse(trust({ sub: subjects(25) })), undefined, 30) },
      }),
    },
    {
      name: "a long policy of a role that has nothing to do with pods",
      stack: wired({
        plus: [
          resource("aws:iam/role:Role", "other", {
            name: "other",
            assumeRolePolicy: JSON.stringify({
              Version: "2012-10-17",
              Statement: {
                Effect: "Allow",
                Principal: { AWS: subjects(60).map((_, index) => `arn:aws:iam::111122223333:role/team-${index}`) },
                Action: "sts:AssumeRole",
              },
            }),
          }),
        ],
      }),
    },
  ],
  unverified: none("a policy that is not known yet has no length, and quotas are seldom reached"),
});
