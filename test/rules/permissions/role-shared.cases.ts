import rule from "../../../policy-pack/src/rules/permissions/role-shared";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, ROLE_ARN, SUBJECT, trust, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const ACCOUNT_TYPE = "kubernetes:core/v1:ServiceAccount";
const second = (namespace: string, name: string, arn: string | typeof UNKNOWN = ROLE_ARN) => [
  resource("kubernetes:core/v1:Namespace", namespace, { metadata: { name: namespace } }),
  resource(
    ACCOUNT_TYPE,
    "second",
    { metadata: { name, namespace, annotations: { "eks.amazonaws.com/role-arn": arn } } },
    { from: { metadata: [urns.role, urnOf("kubernetes:core/v1:Namespace", namespace)] }, dependsOn: [urns.attachment] },
  ),
];
const BILLING = "system:serviceaccount:billing:api";
const both = (sub: string) => ({ role: { assumeRolePolicy: trust({ sub: [SUBJECT, sub] }) } });
const finds = [
  {
    at: { urn: urns.role, path: "assumeRolePolicy" },
    says: 'Role "api-irsa" serves the namespaces "shop" and "billing": ServiceAccount "shop/api" and ServiceAccount "billing/api" use it.',
    fix: `Make a role for each; or, if they are one application, list "${SUBJECT}" and "${BILLING}" in allowedSubjects of irsa-context.`,
  },
];

export default cases(rule, {
  invalid: [
    {
      name: "accounts of two namespaces",
      covers: ["sa-role-shared"],
      stack: wired({ ...both(BILLING), plus: second("billing", "api") }),
      finds,
    },
    { name: "the same at the first preview", stack: firstPreview({ plus: second("billing", "api", UNKNOWN) }), finds },
  ],
  valid: [
    {
      name: "two accounts of one application in one namespace",
      stack: wired({ ...both("system:serviceaccount:shop:worker"), plus: second("shop", "worker").slice(1) }),
    },
    {
      name: "two namespaces that the configuration allows",
      stack: wired({
        ...both(BILLING),
        plus: second("billing", "api"),
        config: { allowedSubjects: [SUBJECT, "system:serviceaccount:billing:*"] },
      }),
    },
  ],
  unverified: none("it is a hint, and waits in silence for namespaces that it does not know"),
});
