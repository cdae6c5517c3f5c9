import rule from "../../../policy-pack/src/rules/service-account/service-account-default-annotated";
import { cases, none } from "../../support/cases";
import { firstPreview, trust, urns, wired } from "../../support/stack";

const asDefault = {
  serviceAccount: { metadata: { name: "default" } },
  deployment: { spec: { template: { spec: { serviceAccountName: "default" } } } },
};

export default cases(rule, {
  invalid: [
    {
      name: "the account of all pods that name none",
      covers: ["sa-default-annotated"],
      stack: wired({ ...asDefault, role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:default" }) } }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/default" carries role "api-irsa", so every pod of namespace "shop" that names no account has it.',
          fix: "Create an account of its own for the pods that need the role, annotate that one, set serviceAccountName in their pod template, and remove the annotation here.",
        },
      ],
    },
    {
      name: "at the first preview",
      stack: firstPreview(asDefault),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/default" carries role "api-irsa", so every pod of namespace "shop" that names no account has it.',
          fix: "Create an account of its own for the pods that need the role, annotate that one, set serviceAccountName in their pod template, and remove the annotation here.",
        },
      ],
    },
  ],
  valid: [
    { name: "an account of another name", stack: wired() },
    {
      name: "default without a role, made to turn off its API token",
      stack: wired({
        role: null,
        attachment: null,
        serviceAccount: { metadata: { name: "default", annotations: { "eks.amazonaws.com/role-arn": null } } },
        deployment: asDefault.deployment,
      }),
    },
  ],
  unverified: none("a name that is not known yet is not default, which nobody makes up"),
});
