import rule from "../../../policy-pack/src/rules/permissions/role-session-duration";
import { cases, none } from "../../support/cases";
import { firstPreview, UNKNOWN, urns, wired } from "../../support/stack";

const at = { urn: urns.role, path: "maxSessionDuration" };
const max = (maxSessionDuration: number) => ({ role: { maxSessionDuration } });
const asking = (value: string) => ({
  deployment: {
    spec: {
      template: {
        spec: {
          containers: [
            { name: "api", image: "example.com/shop/api:1.4.2", env: [{ name: "AWS_ROLE_DURATION_SECONDS", value }] },
          ],
        },
      },
    },
  },
});

export default cases(rule, {
  invalid: [
    {
      name: "a maximum of half an hour",
      stack: wired(max(1800)),
      finds: [
        {
          at,
          says: 'Role "api-irsa" has the maxSessionDuration 1800, and IAM takes 3600 to 43200 seconds.',
          fix: "Set maxSessionDuration to 3600.",
        },
      ],
    },
    {
      name: "a maximum of a day, at the first preview",
      stack: firstPreview(max(86400)),
      finds: [
        {
          at,
          says: 'Role "api-irsa" has the maxSessionDuration 86400, and IAM takes 3600 to 43200 seconds.',
          fix: "Set maxSessionDuration to 43200.",
        },
      ],
    },
    {
      name: "a container asks for twelve hours, and the role gives one",
      covers: ["role-session-duration"],
      stack: wired(asking("43200")),
      finds: [
        {
          at,
          says: 'Deployment "shop/api" sets "AWS_ROLE_DURATION_SECONDS" to "43200", and sessions of role "api-irsa" last at most 3600 seconds.',
          fix: "Set maxSessionDuration to 43200.",
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    { name: "twelve hours", stack: wired({ ...max(43200), ...asking("43200") }) },
    { name: "IAM's default", stack: wired(asking("3600")) },
    { name: "a maximum that is not known yet", stack: wired({ role: { maxSessionDuration: UNKNOWN } }) },
  ],
  unverified: none("a maximum that is not known yet comes from the program's own settings"),
});
