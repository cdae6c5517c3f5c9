import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-principal-invalid";
import { cases, none } from "../../support/cases";
import {
  ACCOUNT,
  ISSUER,
  PROVIDER_ARN,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  withUnknownIssuer,
} from "../../support/stack";
import { allow, conditions, policy } from "./support";

const provider = (arn: string) => wired({ role: { assumeRolePolicy: trust({ provider: arn }) } });
const ID = ISSUER.split("/id/")[1] ?? "";
const CHINA = `oidc.eks.cn-north-1.amazonaws.com.cn/id/${ID}`;
const DUAL = `oidc-eks.eu-west-1.api.aws/id/${ID}`;

const CN = {
  urn: urnOf("pulumi:providers:aws", "china"),
  type: "pulumi:providers:aws",
  name: "china",
  inputs: { region: "cn-north-1" },
};

export default cases(rule, {
  invalid: [
    {
      name: "the ARN is that of a role",
      covers: ["trust-principal-malformed"],
      stack: provider(`arn:aws:iam::${ACCOUNT}:role/api-irsa`),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `Role "api-irsa" trusts the principal "${ROLE_ARN}", which is not the ARN of an OIDC provider.`,
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
    {
      name: "the ARN lacks oidc-provider/",
      covers: ["trust-principal-malformed"],
      stack: provider(`arn:aws:iam::${ACCOUNT}:${ISSUER}`),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `Role "api-irsa" trusts the principal "arn:aws:iam::111122223333:${ISSUER}", which is not the ARN of an OIDC provider.`,
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
    {
      name: "the ARN is empty",
      covers: ["trust-principal-malformed"],
      stack: provider(""),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: 'Role "api-irsa" trusts the principal "", which is empty, not the ARN of an OIDC provider.',
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
    {
      name: "the issuer stands where the ARN belongs",
      covers: ["trust-principal-issuer-url"],
      stack: provider(`https://${ISSUER}`),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `Role "api-irsa" trusts the principal "https://${ISSUER}", an issuer where the ARN of its OIDC provider belongs.`,
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
    {
      name: "the ARN has the scheme of the issuer in it",
      covers: ["trust-principal-issuer-url"],
      stack: provider(`arn:aws:iam::${ACCOUNT}:oidc-provider/https://${ISSUER}`),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `Role "api-irsa" trusts the principal "arn:aws:iam::111122223333:oidc-provider/https://${ISSUER}", an ARN that must not have "https://" in it.`,
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
    {
      name: "the provider stands under AWS",
      stack: wired({ role: { assumeRolePolicy: policy(allow(conditions(), { Principal: { AWS: PROVIDER_ARN } })) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.AWS" },
          says: `Role "api-irsa" trusts the principal "${PROVIDER_ARN}", an OIDC provider that must stand under Federated.`,
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
    {
      name: "a Chinese issuer in an ARN of the other partition",
      covers: ["trust-principal-partition-mismatch"],
      stack: wired({
        plus: [
          resource(
            "aws:iam/role:Role",
            "china",
            {
              name: "china",
              assumeRolePolicy: trust({ issuer: CHINA }),
              managedPolicyArns: ["arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            { provider: CN },
          ),
        ],
      }),
      finds: [
        {
          at: {
            urn: "urn:pulumi:dev::shop::aws:iam/role:Role::china",
            path: "assumeRolePolicy.Statement[0].Principal.Federated",
          },
          says: 'Role "china" trusts the principal "arn:aws:iam::111122223333:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLED539D4633E53DE1B71EXAMPLE", an ARN of another partition than "aws-cn", in which the issuer is.',
          fix: 'Set Principal to {"Federated":"arn:aws-cn:iam::111122223333:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLED539D4633E53DE1B71EXAMPLE"}.',
        },
      ],
    },
    {
      name: "the dual-stack endpoint in the ARN and the keys",
      stack: wired({ role: { assumeRolePolicy: trust({ issuer: DUAL }) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: 'Role "api-irsa" trusts the principal "arn:aws:iam::111122223333:oidc-provider/oidc-eks.eu-west-1.api.aws/id/EXAMPLED539D4633E53DE1B71EXAMPLE", whose host is not that of the tokens, "oidc.eks.eu-west-1.amazonaws.com".',
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },

    {
      name: "an ARN is put together around an ARN",
      covers: ["trust-principal-malformed"],
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow(conditions(), { Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${PROVIDER_ARN}` } }),
          ),
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: `Role "api-irsa" trusts the principal "arn:aws:iam::${ACCOUNT}:oidc-provider/arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXA…", which is not the ARN of an OIDC provider.`,
          fix: `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "a role in China",
      stack: wired({
        plus: [
          resource(
            "aws:iam/role:Role",
            "china",
            {
              name: "china",
              assumeRolePolicy: trust({
                issuer: CHINA,
                provider: `arn:aws-cn:iam::444455556666:oidc-provider/${CHINA}`,
              }),
              managedPolicyArns: ["arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            {
              outputs: { name: "china", arn: "arn:aws-cn:iam::444455556666:role/china" },
              provider: CN,
            },
          ),
        ],
      }),
    },
    {
      name: "GovCloud, whose issuers end like those of the commercial partition",
      stack: wired({
        plus: [
          resource(
            "aws:iam/role:Role",
            "gov",
            {
              name: "gov",
              assumeRolePolicy: trust({
                issuer: `oidc.eks.us-gov-west-1.amazonaws.com/id/${ID}`,
                provider: `arn:aws-us-gov:iam::444455556666:oidc-provider/oidc.eks.us-gov-west-1.amazonaws.com/id/${ID}`,
              }),
              managedPolicyArns: ["arn:aws-us-gov:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            {
              provider: {
                urn: urnOf("pulumi:providers:aws", "gov"),
                type: "pulumi:providers:aws",
                name: "gov",
                inputs: { region: "us-gov-west-1" },
              },
            },
          ),
        ],
      }),
    },
    {
      name: "SAML and Cognito stand beside the provider, in statements of their own",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow(conditions()),
            allow(undefined, {
              Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/corp` },
              Action: "sts:AssumeRoleWithSAML",
            }),
            allow(
              { StringEquals: { "cognito-identity.amazonaws.com:aud": "eu-west-1:pool" } },
              { Principal: { Federated: "cognito-identity.amazonaws.com" } },
            ),
          ),
        },
      }),
    },
    {
      name: "a role for GitHub that no ServiceAccount uses",
      stack: wired({
        plus: [
          resource("aws:iam/role:Role", "github", {
            name: "github",
            assumeRolePolicy: policy(
              allow(
                { StringLike: { "token.actions.githubusercontent.com:sub": "repo:org/*" } },
                { Principal: { Federated: "token.actions.githubusercontent.com" } },
              ),
            ),
          }),
        ],
      }),
    },
    {
      name: "a host that EKS does not have today, of a cluster that stands and whose issuer is not known",
      stack: withUnknownIssuer(
        wired({ role: { assumeRolePolicy: trust({ issuer: DUAL }) }, oidcProvider: { url: UNKNOWN } }),
      ),
    },
    {
      name: "the provider in a list of one",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow(
              { StringEquals: { [`${ISSUER}:aud`]: ["sts.amazonaws.com"], [`${ISSUER}:sub`]: [SUBJECT] } },
              { Principal: { Federated: [PROVIDER_ARN] } },
            ),
          ),
        },
      }),
    },
  ],
  unverified: none("an ARN that is not known yet may be any"),
});
