import rule from "../../../policy-pack/src/rules/permissions/role-name-invalid";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, trust, urns, wired } from "../../support/stack";

const LONG = `shop-${"a".repeat(61)}`;
const named = (name: string) => ({
  role: { name },
  attachment: { role: name },
  serviceAccount: {
    metadata: { annotations: { "eks.amazonaws.com/role-arn": `arn:aws:iam::111122223333:role/${name}` } },
  },
});
const unused = { serviceAccount: null, namespace: null, deployment: null } as const;

export default cases(rule, {
  invalid: [
    {
      name: "66 characters",
      covers: ["role-name-invalid"],
      stack: wired(named(LONG)),
      finds: [
        {
          at: { urn: urns.role, path: "name" },
          says: `Role "${LONG}" has the name "${LONG}", which has 66 characters, and IAM takes 64.`,
          fix: `Set name to "${LONG.slice(0, 64)}".`,
        },
      ],
    },
    {
      name: "a slash in the name, at the first preview",
      covers: ["role-name-invalid"],
      stack: firstPreview({ role: { name: "shop/api" }, attachment: { role: "shop/api" } }),
      finds: [
        {
          at: { urn: urns.role, path: "name" },
          says: 'Role "shop/api" has the name "shop/api", which has characters other than letters, digits and "_+=,.@-".',
          fix: 'Set name to "shop-api".',
        },
      ],
    },
    {
      name: "a path without slashes",
      covers: ["role-name-invalid"],
      stack: wired({ role: { path: "team" }, ...unused }),
      finds: [
        {
          at: { urn: urns.role, path: "path" },
          says: 'Role "api-irsa" has the path "team", which does not begin and end with "/".',
          fix: 'Set path to "/team/".',
        },
      ],
    },
    {
      name: "a path that does not end in a slash",
      stack: wired({ role: { path: "/team/x" }, ...unused }),
      finds: [
        {
          at: { urn: urns.role, path: "path" },
          says: 'Role "api-irsa" has the path "/team/x", which does not begin and end with "/".',
          fix: 'Set path to "/team/x/".',
        },
      ],
    },
  ],
  valid: [
    { name: "64 characters of every legal kind", stack: wired(named(`api_+=,.@-${"a".repeat(54)}`)) },
    {
      name: "a path",
      stack: wired({
        role: { path: "/team/x/" },
        serviceAccount: {
          metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/team/x/api-irsa" } },
        },
      }),
    },
    {
      name: "a role that is not for pods",
      stack: wired({
        plus: [
          resource("aws:iam/role:Role", "deploy", {
            name: LONG,
            assumeRolePolicy: trust({
              issuer: "token.actions.githubusercontent.com",
              sub: "repo:shop/shop:environment:live",
            }),
          }),
        ],
      }),
    },
  ],
  unverified: none("a name that is not known yet is made by Pulumi or by another resource"),
});
