import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-principal-wildcard";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { PROVIDER_ARN, urns, wired } from "../../support/stack";
import { allow, conditions, policy } from "./support";

const stack = (...statements: readonly Value[]) => wired({ role: { assumeRolePolicy: policy(...statements) } });

export default cases(rule, {
  invalid: [
    {
      name: "everybody may assume the role, without a condition",
      covers: ["trust-principal-wildcard"],
      stack: stack(allow(undefined, { Principal: "*" })),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal" },
          says: 'Role "api-irsa" trusts the principal "*" in Statement[0], and no condition keeps anybody out.',
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
    {
      name: "everybody in AWS may assume the role, beside the pods",
      covers: ["trust-principal-wildcard"],
      stack: stack(allow(conditions()), allow(undefined, { Principal: { AWS: "*" }, Action: "sts:AssumeRole" })),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[1].Principal.AWS" },
          says: 'Role "api-irsa" trusts the principal {"AWS":"*"} in Statement[1], and no condition keeps anybody out.',
          fix: `Name who is meant: for pods {"Federated":"${PROVIDER_ARN}"} with "sts:AssumeRoleWithWebIdentity"; or remove Statement[1].`,
        },
      ],
    },
    {
      name: "every provider, with the right conditions",
      stack: stack(allow(conditions(), { Principal: { Federated: "*" } })),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          level: "advisory",
          says: 'Role "api-irsa" trusts the principal {"Federated":"*"} in Statement[0], so only the conditions decide who may assume it.',
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "the whole organisation may assume the role too, by a condition",
      stack: stack(
        allow(conditions()),
        allow(
          { StringEquals: { "aws:PrincipalOrgID": "o-exampleorg" } },
          { Principal: { AWS: "*" }, Action: "sts:AssumeRole" },
        ),
      ),
    },
    {
      name: "a Deny for everybody who comes without TLS",
      stack: stack(allow(conditions()), {
        Effect: "Deny",
        Principal: "*",
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    },
  ],
  unverified: none("a principal that is not known yet is not known to be everybody"),
});
