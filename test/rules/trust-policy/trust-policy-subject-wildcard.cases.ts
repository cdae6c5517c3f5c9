import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-subject-wildcard";
import { cases, none } from "../../support/cases";
import { ISSUER, SUBJECT, trust, urns, wired } from "../../support/stack";
import { account } from "./support";

const sub = (value: string | readonly string[], operator = "StringEquals") => ({
  role: { assumeRolePolicy: trust({ sub: value, operator }) },
});

export default cases(rule, {
  invalid: [
    {
      name: "a star under StringEquals",
      covers: ["trust-sub-wildcard-literal"],
      stack: wired(sub("system:serviceaccount:shop:*")),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" compares the subject with "StringEquals" and "system:serviceaccount:shop:*", whose wildcards only "StringLike" reads.',
          fix: 'Name the accounts: "system:serviceaccount:shop:api"; or move the condition under "StringLike".',
        },
      ],
    },
    {
      name: "a star under StringEquals, with two accounts that use the role",
      covers: ["trust-sub-wildcard-literal"],
      stack: wired({ ...sub("system:serviceaccount:*:*"), plus: [account("web")] }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" compares the subject with "StringEquals" and "system:serviceaccount:*:*", whose wildcards only "StringLike" reads.',
          fix: 'Name the accounts: ["system:serviceaccount:shop:api","system:serviceaccount:shop:web"]; or move the condition under "StringLike".',
        },
      ],
    },
    {
      name: "a question mark under StringEquals in a role that nobody here uses",
      covers: ["trust-sub-wildcard-literal"],
      stack: wired({ ...sub("system:serviceaccount:shop:worker-?"), serviceAccount: null, deployment: null }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" compares the subject with "StringEquals" and "system:serviceaccount:shop:worker-?", whose wildcards only "StringLike" reads.',
          fix: 'Move the condition under "StringLike", or name each account in full.',
        },
      ],
    },
    {
      name: "a star beside an account that is written in full",
      covers: ["trust-sub-wildcard-literal"],
      stack: wired(sub([SUBJECT, "system:serviceaccount:shop:worker-*"])),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"][1]` },
          level: "advisory",
          says: 'Role "api-irsa" compares the subject with "StringEquals" and "system:serviceaccount:shop:worker-*", whose wildcards only "StringLike" reads.',
          fix: 'Name the accounts: "system:serviceaccount:shop:api"; or move the condition under "StringLike".',
        },
      ],
    },
  ],
  valid: [
    {
      name: "a star under StringLike within one family of names",
      stack: wired(sub("system:serviceaccount:shop:api*", "StringLike")),
    },
    { name: "no wildcard under StringLike", stack: wired(sub(SUBJECT, "StringLike")) },
  ],
  unverified: none("a subject that is not known yet may have no wildcard"),
});
