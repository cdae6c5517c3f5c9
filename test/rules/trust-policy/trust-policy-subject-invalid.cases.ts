import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-subject-invalid";
import { cases, none } from "../../support/cases";
import { firstPreview, ISSUER, resource, SUBJECT, trust, UNKNOWN, urns, wired } from "../../support/stack";
import { allow, conditions, policy } from "./support";

const sub = (value: string | readonly string[], operator = "StringEquals") =>
  wired({ role: { assumeRolePolicy: trust({ sub: value, operator }) } });
const unused = (value: string) =>
  wired({ role: { assumeRolePolicy: trust({ sub: value }) }, serviceAccount: null, deployment: null });

const GITHUB = "token.actions.githubusercontent.com";
/** The role is for pods, and for a pipeline that tries it out. */
const triedFromPipeline = {
  role: {
    assumeRolePolicy: policy(
      allow(conditions()),
      allow({ StringLike: { [`${GITHUB}:sub`]: "repo:org/shop:*" } }, {}, GITHUB),
    ),
  },
};
const github = resource(
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "github",
  {
    url: `https://${GITHUB}`,
    clientIdLists: ["https://github.com/org"],
    thumbprintLists: ["6938fd4d98bab03faadb97b34396831e3780aea1"],
  },
  { outputs: { url: GITHUB, arn: `arn:aws:iam::111122223333:oidc-provider/${GITHUB}` } },
);

export default cases(rule, {
  invalid: [
    {
      name: "a slash between namespace and name",
      covers: ["trust-sub-format"],
      stack: sub("system:serviceaccount:shop/api"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "system:serviceaccount:shop/api", which no ServiceAccount can have: the name of the account is missing.',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
    {
      name: "no prefix, in a role that nobody here uses",
      covers: ["trust-sub-format"],
      stack: unused("shop:api"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "shop:api", which no ServiceAccount can have: it does not begin with "system:serviceaccount:".',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
    {
      name: "a user's prefix",
      covers: ["trust-sub-format"],
      stack: sub("system:serviceaccounts:shop:api"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "system:serviceaccounts:shop:api", which no ServiceAccount can have: it does not begin with "system:serviceaccount:".',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
    {
      name: "a blank at the end",
      covers: ["trust-sub-format"],
      stack: sub("system:serviceaccount:shop:api "),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "system:serviceaccount:shop:api ", which no ServiceAccount can have: there are blanks around it.',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
    {
      name: "a fifth part",
      covers: ["trust-sub-format"],
      stack: sub("system:serviceaccount:shop:api:v1"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "system:serviceaccount:shop:api:v1", which no ServiceAccount can have: it has more than four parts.',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
    {
      name: "a name in upper case",
      covers: ["trust-sub-invalid-dns"],
      stack: sub("system:serviceaccount:shop:API"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "system:serviceaccount:shop:API", which no ServiceAccount can have: its name "API" has characters other than a-z, 0-9, "-" and ".".',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
    {
      name: "an underscore in the namespace, at the first preview of a role with a literal policy",
      covers: ["trust-sub-invalid-dns"],
      stack: firstPreview({ role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:my_shop:api" }) } }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "system:serviceaccount:my_shop:api", which no ServiceAccount can have: its namespace "my_shop" has characters other than a-z, 0-9 and "-".',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
    {
      name: "a namespace that is too long",
      covers: ["trust-sub-invalid-dns"],
      stack: unused(`system:serviceaccount:${"n".repeat(64)}:api`),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "system:serviceaccount:nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn:api", which no ServiceAccount can have: its namespace is longer than 63 characters.',
          fix: 'Set the subject to "system:serviceaccount:<namespace>:<name>".',
        },
      ],
    },
    {
      name: "a pattern that fits no subject",
      covers: ["trust-sub-format"],
      stack: sub("serviceaccount:shop:*", "StringLike"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringLike["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "serviceaccount:shop:*", which no ServiceAccount can have: it does not begin with "system:serviceaccount:".',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
    {
      name: "a dead value beside one that works",
      covers: ["trust-sub-format"],
      stack: sub([SUBJECT, "shop:worker"]),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"][1]` },
          level: "advisory",
          says: 'Role "api-irsa" trusts the subject "shop:worker", which no ServiceAccount can have: it does not begin with "system:serviceaccount:".',
          fix: 'Set the subject to "system:serviceaccount:shop:worker".',
        },
      ],
    },

    {
      name: "ordinary quotes, where the program meant to fill in the namespace",
      stack: sub("system:serviceaccount:${namespace}:api"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subject "system:serviceaccount:${namespace}:api", which no ServiceAccount can have: "${namespace}" was not filled in, which needs backticks, and IAM has no such variable.',
          fix: 'Set the subject to "system:serviceaccount:shop:api".',
        },
      ],
    },
  ],
  valid: [
    {
      name: "a policy variable, whose name has a colon, and an escaped dollar",
      stack: sub(["system:serviceaccount:${aws:ResourceTag/ns}:api", "system:serviceaccount:shop:${$}api", SUBJECT]),
    },
    {
      name: "a name with dots, which is a DNS subdomain",
      stack: wired({
        role: { assumeRolePolicy: trust({ sub: [SUBJECT, "system:serviceaccount:shop:api.v1"] }) },
      }),
    },
    {
      name: "upper case under an operator that takes any case",
      stack: sub("system:serviceaccount:shop:API", "StringEqualsIgnoreCase"),
    },
    { name: "GitHub's subjects beside those of pods", stack: wired(triedFromPipeline) },
    {
      name: "GitHub's subjects beside those of pods, with GitHub's provider in the stack",
      stack: wired({ ...triedFromPipeline, plus: [github] }),
    },
    {
      name: "both providers at the first preview, when neither the policy nor the url of GitHub's is known",
      stack: firstPreview({
        edges: { "role.assumeRolePolicy": [urns.oidcProvider, github.urn] },
        plus: [{ ...github, inputs: { ...github.inputs, url: UNKNOWN }, outputs: {} }],
      }),
    },
    {
      name: "both providers at the first preview, when the policy is one unknown text",
      stack: firstPreview({
        edges: { "role.assumeRolePolicy": [urns.oidcProvider, github.urn] },
        plus: [github],
      }),
    },
    {
      name: "a policy variable",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow({
              StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
              StringLike: { [`${ISSUER}:sub`]: "${aws:PrincipalTag/subject}" },
            }),
          ),
        },
        serviceAccount: null,
        deployment: null,
      }),
    },
  ],
  unverified: none("a subject that is not known yet may be right"),
});
