import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-subject-too-broad";
import { cases, none } from "../../support/cases";
import { ISSUER, PROVIDER_ARN, resource, trust, urnOf, urns, wired } from "../../support/stack";
import { account, allow, policy } from "./support";

const like = (value: string | readonly string[]) => ({
  role: { assumeRolePolicy: trust({ sub: value, operator: "StringLike" }) },
});
const STRANGER = account("batch", { annotations: {} });
const OPS = resource("kubernetes:core/v1:Namespace", "ops", { metadata: { name: "shop-ops" } });

export default cases(rule, {
  invalid: [
    {
      name: "every subject",
      covers: ["trust-sub-too-broad"],
      stack: wired(like("*")),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringLike["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subjects "*", that is every ServiceAccount of the cluster; in this stack it reaches namespace "shop".',
          fix: `Set the statement to {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}; or list "*" in allowedSubjects of irsa-context.`,
        },
      ],
    },
    {
      name: "every account, and the stack has others",
      covers: ["trust-sub-too-broad"],
      stack: wired({ ...like("system:serviceaccount:*:*"), plus: [STRANGER] }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringLike["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subjects "system:serviceaccount:*:*", that is every ServiceAccount of the cluster; in this stack it reaches namespace "shop" and admits ServiceAccount "shop/batch" too.',
          fix: `Set the statement to {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}; or list "system:serviceaccount:*:*" in allowedSubjects of irsa-context.`,
        },
      ],
    },
    {
      name: "a star that reaches across the colon into other namespaces",
      covers: ["trust-sub-too-broad"],
      stack: wired({ ...like("system:serviceaccount:shop*"), plus: [OPS] }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringLike["${ISSUER}:sub"]` },
          says: 'Role "api-irsa" trusts the subjects "system:serviceaccount:shop*", that is every ServiceAccount of several namespaces; in this stack it reaches namespaces "shop" and "shop-ops".',
          fix: `Set the statement to {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}; or list "system:serviceaccount:shop*" in allowedSubjects of irsa-context.`,
        },
      ],
    },
    {
      name: "one name in every namespace",
      covers: ["trust-sub-too-broad"],
      stack: wired(like("system:serviceaccount:*:api")),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringLike["${ISSUER}:sub"]` },
          level: "advisory",
          says: 'Role "api-irsa" trusts the subjects "system:serviceaccount:*:api", that is one name in several namespaces.',
          fix: `Set the statement to {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}; or list "system:serviceaccount:*:api" in allowedSubjects of irsa-context.`,
        },
      ],
    },
    {
      name: "a whole namespace, and the stack has another account in it",
      covers: ["trust-sub-too-broad"],
      stack: wired({ ...like("system:serviceaccount:shop:*"), plus: [STRANGER] }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringLike["${ISSUER}:sub"]` },
          level: "advisory",
          says: 'Role "api-irsa" trusts the subjects "system:serviceaccount:shop:*", that is every ServiceAccount of the namespace; in this stack it reaches namespace "shop" and admits ServiceAccount "shop/batch" too.',
          fix: `Set the statement to {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}; or list "system:serviceaccount:shop:*" in allowedSubjects of irsa-context.`,
        },
      ],
    },
    {
      name: "a whole namespace for two accounts that use the role",
      stack: wired({ ...like("system:serviceaccount:shop:*"), plus: [account("web")] }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringLike["${ISSUER}:sub"]` },
          level: "advisory",
          says: 'Role "api-irsa" trusts the subjects "system:serviceaccount:shop:*", that is every ServiceAccount of the namespace; in this stack it reaches namespace "shop".',
          fix: `Set the statement to {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":["system:serviceaccount:shop:api","system:serviceaccount:shop:web"]}}}; or list "system:serviceaccount:shop:*" in allowedSubjects of irsa-context.`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "one family of names in one namespace",
      stack: wired(like("system:serviceaccount:shop:api*")),
    },
    {
      name: "a pattern that the configuration allows",
      stack: wired({
        ...like("system:serviceaccount:shop:*"),
        config: { allowedSubjects: ["system:serviceaccount:shop:*"] },
      }),
    },
    {
      name: "a pattern that another condition narrows to one account",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow({
              StringEquals: {
                [`${ISSUER}:aud`]: "sts.amazonaws.com",
                [`${ISSUER}:sub`]: "system:serviceaccount:shop:api",
              },
              StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:shop:*" },
            }),
          ),
        },
      }),
    },
    {
      name: "a pattern that an IrsaBinding was asked for",
      stack: wired({
        plus: [
          resource("eks-irsa:index:IrsaBinding", "jobs", {
            namespace: "shop",
            serviceAccountName: "jobs",
            subjects: ["system:serviceaccount:shop:*"],
          }),
          resource(
            "aws:iam/role:Role",
            "jobs",
            {
              name: "jobs",
              assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:*", operator: "StringLike" }),
              managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            {
              parent: urnOf("eks-irsa:index:IrsaBinding", "jobs"),
              from: { assumeRolePolicy: [urns.oidcProvider] },
            },
          ),
        ],
      }),
    },
  ],
  unverified: none("patterns that are not known yet may be narrow, and a rule of hardening waits for nothing"),
});
