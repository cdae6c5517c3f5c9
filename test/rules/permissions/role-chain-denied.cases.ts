import rule from "../../../policy-pack/src/rules/permissions/role-chain-denied";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { resource, ROLE_ARN, trustStatement, urnOf, urns, wired } from "../../support/stack";

const ROLE = "aws:iam/role:Role";
const INLINE = "aws:iam/rolePolicy:RolePolicy";
const B = "444455556666";
const FAR = `arn:aws:iam::${B}:role/data`;
const NEAR = "arn:aws:iam::111122223333:role/data";
const accountB = {
  urn: urnOf("pulumi:providers:aws", "b"),
  type: "pulumi:providers:aws",
  name: "b",
  inputs: { region: "eu-west-1" },
};
const trusting = (AWS: Value) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" }],
  });
const far = (principal: Value) =>
  resource(
    ROLE,
    "data",
    { name: "data", assumeRolePolicy: trusting(principal) },
    { provider: accountB, outputs: { arn: FAR } },
  );
const near = (principal: Value) =>
  resource(ROLE, "data", { name: "data", assumeRolePolicy: trusting(principal) }, { outputs: { arn: NEAR } });
const hop = (arn: string) =>
  resource(INLINE, "hop", {
    role: "api-irsa",
    name: "hop",
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: arn }],
    }),
  });
const data = { urn: urnOf(ROLE, "data"), path: "assumeRolePolicy" };
const trustFix = `Add { Effect: "Allow", Principal: { AWS: "${ROLE_ARN}" }, Action: "sts:AssumeRole" } to the trust policy of role "data".`;

export default cases(rule, {
  invalid: [
    {
      name: "the second role, in another account, trusts somebody else",
      covers: ["role-chain-missing-assume"],
      stack: wired({ plus: [hop(FAR), far(`arn:aws:iam::${B}:root`)] }),
      finds: [
        {
          at: data,
          says: `Role "api-irsa" is allowed to assume role "data", whose trust policy does not admit "${ROLE_ARN}".`,
          fix: trustFix,
        },
      ],
    },
    {
      name: "the second role, in the same account, trusts another role",
      stack: wired({ plus: [hop(NEAR), near("arn:aws:iam::111122223333:role/web")] }),
      finds: [
        {
          at: data,
          says: `Role "api-irsa" is allowed to assume role "data", whose trust policy does not admit "${ROLE_ARN}".`,
          fix: trustFix,
        },
      ],
    },
    {
      name: "the second role trusts the first, which may not ask; advisory, since the policy may be elsewhere",
      covers: ["role-chain-missing-assume"],
      stack: wired({ plus: [far(ROLE_ARN)] }),
      finds: [
        {
          at: { urn: urns.role, path: "" },
          says: `Role "data", in another account, trusts role "api-irsa", but no policy of role "api-irsa" allows "sts:AssumeRole" on "${FAR}".`,
          fix: `Add { Effect: "Allow", Action: "sts:AssumeRole", Resource: "${FAR}" } to a policy of role "api-irsa".`,
          level: "advisory",
        },
      ],
    },

    {
      name: "the role may assume itself, and does not trust itself",
      stack: wired({ plus: [hop(ROLE_ARN)] }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy" },
          level: "advisory",
          says: `Role "api-irsa" is allowed to assume itself, and its trust policy does not admit "${ROLE_ARN}".`,
          fix: `Take the role out of what the application is told to assume, or add { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "sts:AssumeRole", Condition: { ArnEquals: { "aws:PrincipalArn": "${ROLE_ARN}" } } } to its trust policy.`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "the role may assume itself, and trusts its account",
      stack: wired({
        role: {
          assumeRolePolicy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              trustStatement(),
              {
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::111122223333:root" },
                Action: "sts:AssumeRole",
                Condition: { ArnEquals: { "aws:PrincipalArn": ROLE_ARN } },
              },
            ],
          }),
        },
        plus: [hop(ROLE_ARN)],
      }),
    },
    { name: "both agree, across accounts", stack: wired({ plus: [hop(FAR), far(ROLE_ARN)] }) },
    {
      name: "the second role trusts the first role's account",
      stack: wired({ plus: [hop(FAR), far("111122223333")] }),
    },
    {
      name: "the second role trusts sessions of the first",
      stack: wired({ plus: [hop(NEAR), near("arn:aws:sts::111122223333:assumed-role/api-irsa/api")] }),
    },
    { name: "within one account the trust policy alone is enough", stack: wired({ plus: [near(ROLE_ARN)] }) },
    {
      name: "the second role is in another stack",
      stack: wired({ plus: [hop("arn:aws:iam::444455556666:role/elsewhere")] }),
    },
  ],
  unverified: none("only ARNs that are known show that a hop is meant"),
});
