import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-not-web-identity";
import { cases, none } from "../../support/cases";
import { ACCOUNT, firstPreview, ISSUER, PROVIDER_ARN, resource, trust, urns, wired } from "../../support/stack";
import { account, allow, conditions, policy } from "./support";

const service = (name: string, action: string | readonly string[] = "sts:AssumeRole") => ({
  Effect: "Allow",
  Principal: { Service: name },
  Action: action,
});
const POD_IDENTITY = service("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]);

export default cases(rule, {
  invalid: [
    {
      name: "the action is sts:AssumeRole",
      covers: ["trust-action-missing"],
      stack: wired({ role: { assumeRolePolicy: trust({ action: ["sts:AssumeRole", "sts:TagSession"] }) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Action" },
          says: `Role "api-irsa" trusts the OIDC provider of "${ISSUER}" for "sts:AssumeRole" and "sts:TagSession" only, not for "sts:AssumeRoleWithWebIdentity".`,
          fix: 'Set Action to "sts:AssumeRoleWithWebIdentity".',
        },
      ],
    },
    {
      name: "the action is sts:AssumeRole in a role that nobody here uses",
      covers: ["trust-action-missing"],
      stack: wired({
        role: { assumeRolePolicy: trust({ action: "sts:AssumeRole" }) },
        serviceAccount: null,
        deployment: null,
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Action" },
          says: `Role "api-irsa" trusts the OIDC provider of "${ISSUER}" for "sts:AssumeRole" only, not for "sts:AssumeRoleWithWebIdentity".`,
          fix: 'Set Action to "sts:AssumeRoleWithWebIdentity".',
        },
      ],
    },
    {
      name: "the role is for EC2, also at the first preview, where its policy is a literal",
      covers: ["trust-principal-not-federated"],
      stack: firstPreview({ role: { assumeRolePolicy: policy(service("ec2.amazonaws.com")) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: 'ServiceAccount "shop/api" uses role "api-irsa", which trusts only "ec2.amazonaws.com", not an OIDC provider.',
          fix: 'Add the statement {"Effect":"Allow","Principal":{"Federated":"<ARN of the OIDC provider>"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"<issuer>:aud":"sts.amazonaws.com","<issuer>:sub":"system:serviceaccount:shop:api"}}} to the trust policy.',
        },
      ],
    },
    {
      name: "the role trusts its account, and two ServiceAccounts use it",
      covers: ["trust-principal-not-federated"],
      stack: wired({
        role: {
          assumeRolePolicy: policy({
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
            Action: "sts:AssumeRole",
          }),
        },
        plus: [account("web")],
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: 'ServiceAccount "shop/api" and ServiceAccount "shop/web" use role "api-irsa", which trusts only "arn:aws:iam::111122223333:root", not an OIDC provider.',
          fix: `Add the statement {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":["system:serviceaccount:shop:api","system:serviceaccount:shop:web"]}}} to the trust policy.`,
        },
      ],
    },
    {
      name: "the role trusts Pod Identity only",
      covers: ["trust-pod-identity-only"],
      stack: wired({ role: { assumeRolePolicy: policy(POD_IDENTITY) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: 'ServiceAccount "shop/api" uses role "api-irsa", which trusts only "pods.eks.amazonaws.com", not an OIDC provider.',
          fix: `Add the statement {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}} to the trust policy, or make an aws.eks.PodIdentityAssociation for the account and take the annotation away.`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "Pod Identity and web identity in one role",
      stack: wired({ role: { assumeRolePolicy: policy(POD_IDENTITY, allow(conditions())) } }),
    },
    { name: "every action of STS", stack: wired({ role: { assumeRolePolicy: trust({ action: "sts:*" }) } }) },
    {
      name: "a second statement gives the provider sts:TagSession",
      stack: wired({
        role: { assumeRolePolicy: policy(allow(conditions()), allow(conditions(), { Action: "sts:TagSession" })) },
      }),
    },
    {
      name: "a role for EC2 that no ServiceAccount uses",
      stack: wired({
        plus: [
          resource("aws:iam/role:Role", "node", {
            name: "node",
            assumeRolePolicy: policy(service("ec2.amazonaws.com")),
          }),
        ],
      }),
    },
  ],
  unverified: none("trust-policy-subject-mismatch says when the trust policy of a role is awaited"),
});
