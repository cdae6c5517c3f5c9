import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-audience-missing";
import { cases, none } from "../../support/cases";
import { ISSUER, OTHER_ISSUER, SUBJECT, trust, urns, wired } from "../../support/stack";
import { allow, conditions, policy } from "./support";

export default cases(rule, {
  invalid: [
    {
      name: "only the subject is asked for",
      covers: ["trust-aud-missing"],
      stack: wired({ role: { assumeRolePolicy: trust({ aud: null }) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: `Role "api-irsa" does not ask for the audience "sts.amazonaws.com" of tokens of the issuer "${ISSUER}".`,
          fix: `Add "${ISSUER}:aud": "sts.amazonaws.com" beside the subject, under StringEquals.`,
        },
      ],
    },
    {
      name: "one of two clusters has no audience",
      covers: ["trust-aud-missing"],
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow(conditions()),
            allow({ StringEquals: { [`${OTHER_ISSUER}:sub`]: SUBJECT } }, {}, OTHER_ISSUER),
          ),
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[1]" },
          says: `Role "api-irsa" does not ask for the audience "sts.amazonaws.com" of tokens of the issuer "${OTHER_ISSUER}".`,
          fix: `Add "${OTHER_ISSUER}:aud": "sts.amazonaws.com" beside the subject, under StringEquals.`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "the audience under another operator than the subject",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow({
              StringLike: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
              StringEquals: { [`${ISSUER}:sub`]: SUBJECT },
            }),
          ),
        },
      }),
    },
    {
      name: "the audience in a list",
      stack: wired({ role: { assumeRolePolicy: trust({ aud: ["sts.amazonaws.com", "vault"] }) } }),
    },
  ],
  unverified: none("conditions that are not known yet may ask for it, and a rule of hardening waits for nothing"),
});
