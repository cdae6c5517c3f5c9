import { policy, type Reports } from "./support";
import { cluster, issuer, providerArn, sub, aud, sts, subject, right, statement, trusting } from "./guide-trust";

const reports: Reports = {
  broken: [
    {
      name: "a date of the policy language that was never one",
      source: "Stack Overflow, MalformedPolicyDocument: Syntax errors in policy, Version",
      stack: trusting(JSON.stringify({ Version: "2012-10-07", Statement: [statement()] })),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the version of the day it was written",
      source: "hashicorp/terraform-provider-aws#11801, The policy must contain a valid version string",
      stack: trusting(JSON.stringify({ Version: "2021-08-17", Statement: [statement()] })),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the result of getPolicyDocument in place of its json",
      source: "pulumi/pulumi-aws, getPolicyDocument and assumeRolePolicy",
      stack: trusting({
        id: "2217684930",
        json: policy(statement()),
        minifiedJson: policy(statement()),
        statements: [
          {
            actions: ["sts:AssumeRoleWithWebIdentity"],
            effect: "Allow",
            principals: [{ type: "Federated", identifiers: [providerArn] }],
            conditions: [{ test: "StringEquals", variable: sub, values: [subject] }],
          },
        ],
      }),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the arguments of getPolicyDocument as the trust policy",
      source: "pulumi/pulumi-aws, camel case in assumeRolePolicy",
      stack: trusting({
        version: "2012-10-17",
        statements: [
          {
            effect: "Allow",
            actions: ["sts:AssumeRoleWithWebIdentity"],
            principals: [{ type: "Federated", identifiers: [providerArn] }],
          },
        ],
      }),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the policy is encoded twice",
      source: "Stack Overflow, pulumi JSON.stringify of a policy that is a string already",
      stack: trusting(JSON.stringify(policy(statement()))),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "elements in small letters",
      source: "Stack Overflow, MalformedPolicyDocument with lower-case keys from YAML",
      stack: trusting(
        JSON.stringify({
          version: "2012-10-17",
          statement: [
            {
              effect: "Allow",
              principal: { federated: providerArn },
              action: "sts:AssumeRoleWithWebIdentity",
              condition: right,
            },
          ],
        }),
      ),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the conditions beside the statement",
      source: "Stack Overflow, Condition outside of the statement",
      stack: trusting(
        JSON.stringify({ Version: "2012-10-17", Statement: [statement({ Condition: undefined })], Condition: right }),
      ),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "Conditions in the plural",
      source: "Stack Overflow, Has prohibited field Conditions",
      stack: trusting(policy(statement({ Condition: undefined, Conditions: right }))),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "condition keys without an operator",
      source: "AWS re:Post, Syntax error at position in a trust policy",
      stack: trusting(policy(statement({ Condition: { [sub]: subject, [aud]: sts } }))),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the operator in the singular",
      source: "Stack Overflow, StringEqual in an IRSA trust policy",
      stack: trusting(policy(statement({ Condition: { StringEqual: { [sub]: subject, [aud]: sts } } }))),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the provider under AWS",
      source: "AWS re:Post, Invalid principal in policy, oidc-provider",
      stack: trusting(policy(statement({ Principal: { AWS: providerArn } }))),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the provider under Service",
      source: "Stack Overflow, Principal Service with an OIDC provider",
      stack: trusting(policy(statement({ Principal: { Service: providerArn } }))),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the issuer's url in place of its provider's ARN",
      source: "terraform-aws-modules/terraform-aws-iam#202",
      stack: trusting(policy(statement({ Principal: { Federated: `https://${issuer}` } }))),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the ARN of the provider with the scheme of its url in it",
      source: "Stack Overflow, oidc-provider/https://oidc.eks",
      stack: trusting(
        policy(
          statement({ Principal: { Federated: `arn:aws:iam::${cluster.account}:oidc-provider/https://${issuer}` } }),
        ),
      ),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the provider's ARN without an account",
      source: "Stack Overflow, arn:aws:iam:::oidc-provider",
      stack: trusting(policy(statement({ Principal: { Federated: `arn:aws:iam:::oidc-provider/${issuer}` } }))),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the placeholder of the guide is left in the provider's ARN",
      source: "kubernetes-sigs/external-dns, tutorial for AWS",
      stack: trusting(
        policy(statement({ Principal: { Federated: `arn:aws:iam::<ACCOUNT_ID>:oidc-provider/${issuer}` } })),
      ),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the cluster's ARN as the principal",
      source: "Stack Overflow, Federated with the ARN of the EKS cluster",
      stack: trusting(
        policy(statement({ Principal: { Federated: `arn:aws:eks:us-west-2:${cluster.account}:cluster/prod` } })),
      ),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the action of SAML",
      source: "Stack Overflow, AssumeRoleWithSAML for an OIDC provider",
      stack: trusting(policy(statement({ Action: "sts:AssumeRoleWithSAML" }))),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the action is misspelt",
      source: "Stack Overflow, AssumeRoleWithWebIdentify",
      stack: trusting(policy(statement({ Action: "sts:AssumeRoleWithWebIdentify" }))),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the effect in small letters",
      source: "AWS re:Post, Invalid effect: allow",
      stack: trusting(policy(statement({ Effect: "allow" }))),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the only statement denies",
      source: "Stack Overflow, Effect Deny copied from an SCP",
      stack: trusting(policy(statement({ Effect: "Deny" }))),
      finds: ["trust-policy-deny mandatory"],
    },
  ],
  working: [],
};

export default reports;
