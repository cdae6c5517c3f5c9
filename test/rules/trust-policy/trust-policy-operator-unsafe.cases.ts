import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-operator-unsafe";
import { cases, none } from "../../support/cases";
import { ISSUER, SUBJECT, urns, wired } from "../../support/stack";
import { allow, conditions, policy } from "./support";

const AUD = { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" } };
const written = (value: Parameters<typeof allow>[0]) => wired({ role: { assumeRolePolicy: policy(allow(value)) } });
const sub = (operator: string, value: string = SUBJECT) =>
  written({ ...AUD, [operator]: { [`${ISSUER}:sub`]: value } });
const KUBE_SYSTEM = "system:serviceaccount:kube-system:*";

export default cases(rule, {
  invalid: [
    {
      name: "all subjects but those of one namespace",
      covers: ["trust-operator-unsuitable"],
      stack: sub("StringNotLike", KUBE_SYSTEM),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringNotLike["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" compares the subject with "StringNotLike", which admits all but "system:serviceaccount:kube-system:*".',
          fix: 'Use "StringLike" with the subjects that may assume the role.',
        },
      ],
    },
    {
      name: "the subject as a number",
      covers: ["trust-operator-unsuitable"],
      stack: sub("NumericEquals"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.NumericEquals["${ISSUER}:sub"]` },
          level: "advisory",
          says: 'Role "api-irsa" compares the subject with "NumericEquals", which is not for text.',
          fix: 'Use "StringEquals" in place of "NumericEquals".',
        },
      ],
    },
    {
      name: "the subject as an ARN",
      covers: ["trust-operator-unsuitable"],
      stack: sub("ArnLike", "system:serviceaccount:shop:*"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.ArnLike["${ISSUER}:sub"]` },
          level: "advisory",
          says: 'Role "api-irsa" compares the subject with "ArnLike", which is not for text.',
          fix: 'Use "StringLike" in place of "ArnLike".',
        },
      ],
    },
    {
      name: "the subject must be missing",
      covers: ["trust-operator-unsuitable"],
      stack: sub("Null", "true"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.Null["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" compares the subject with "Null", which wants it to be missing, but every token has it.',
          fix: 'Use "StringEquals" in place of "Null".',
        },
      ],
    },
    {
      name: "IfExists on the subject",
      covers: ["trust-operator-ifexists"],
      stack: sub("StringEqualsIfExists"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEqualsIfExists["${ISSUER}:sub"]` },
          level: "advisory",
          says: 'Role "api-irsa" compares the subject with "StringEqualsIfExists", which holds where the claim is missing.',
          fix: 'Use "StringEquals" in place of "StringEqualsIfExists".',
        },
      ],
    },
    {
      name: "ForAllValues on the subject",
      covers: ["trust-operator-forallvalues"],
      stack: sub("ForAllValues:StringEquals"),
      finds: [
        {
          at: {
            urn: urns.role,
            path: `assumeRolePolicy.Statement[0].Condition["ForAllValues:StringEquals"]["${ISSUER}:sub"]`,
          },
          level: "advisory",
          says: 'Role "api-irsa" compares the subject with "ForAllValues:StringEquals", which holds where the claim is missing and is for keys of several values.',
          fix: 'Use "StringEquals" in place of "ForAllValues:StringEquals".',
        },
      ],
    },
    {
      name: "NotAction in an Allow",
      covers: ["trust-notaction-notprincipal"],
      stack: wired({
        role: {
          assumeRolePolicy: policy({
            Effect: "Allow",
            Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${ISSUER}` },
            NotAction: "sts:AssumeRole",
            Condition: conditions(),
          }),
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].NotAction" },
          level: "advisory",
          says: 'Role "api-irsa" is open for every action but "sts:AssumeRole": its trust policy has NotAction.',
          fix: 'Set Action to "sts:AssumeRoleWithWebIdentity" in place of NotAction.',
        },
      ],
    },
  ],
  valid: [
    { name: "ForAnyValue, which fails where the claim is missing", stack: sub("ForAnyValue:StringEquals") },
    { name: "a comparison that takes any case", stack: sub("StringEqualsIgnoreCase") },
    {
      name: "an exception from a pattern that is meant",
      stack: wired({
        config: { allowedSubjects: ["system:serviceaccount:shop:*"] },
        role: {
          assumeRolePolicy: policy(
            allow({
              ...AUD,
              StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:shop:*" },
              StringNotEquals: { [`${ISSUER}:sub`]: "system:serviceaccount:shop:default" },
            }),
          ),
        },
      }),
    },
    {
      name: "the subject must be there, and be this one",
      stack: written(conditions({ Null: { [`${ISSUER}:sub`]: "false" } })),
    },
  ],
  unverified: none("operators are written in the program"),
});
