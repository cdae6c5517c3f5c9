import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-audience-mismatch";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases } from "../../support/cases";
import { ISSUER, PROVIDER_ARN, SUBJECT, trust, UNKNOWN, urns, wired } from "../../support/stack";
import { account } from "./support";

const aud = (value: string | readonly string[]) => ({ role: { assumeRolePolicy: trust({ aud: value }) } });
const audience = (value: string | typeof UNKNOWN) => ({
  serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": value } } },
});

const KOPS = "kops-oidc.s3.eu-west-1.amazonaws.com/shop.example.com";
/** A cluster that kOps made: an issuer of its own, and a webhook with another default audience. */
const kops = (asked: string, ...clientIdLists: Value[]) =>
  wired({
    cluster: null,
    kubernetes: { kubeconfig: "" },
    oidcProvider: { url: `https://${KOPS}`, clientIdLists },
    role: { assumeRolePolicy: trust({ issuer: KOPS, aud: asked }) },
    edges: { "oidcProvider.url": [], "kubernetes.kubeconfig": [] },
  });

export default cases(rule, {
  invalid: [
    {
      name: "an issuer that is not EKS's, whose provider does not take the audience either",
      stack: kops("vault", "sts.amazonaws.com"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${KOPS}:aud"]` },
          says: 'Role "api-irsa" asks for the audience "vault", but the tokens of ServiceAccount "shop/api" have "sts.amazonaws.com".',
          fix: `Set the audience to "sts.amazonaws.com"; the smallest statement that fits is {"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/${KOPS}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${KOPS}:aud":"sts.amazonaws.com","${KOPS}:sub":"system:serviceaccount:shop:api"}}}.`,
          level: "advisory",
        },
      ],
    },
    {
      name: "the audience of China's endpoint",
      covers: ["trust-aud-mismatch"],
      stack: wired(aud("sts.amazonaws.com.cn")),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:aud"]` },
          says: 'Role "api-irsa" asks for the audience "sts.amazonaws.com.cn", but the tokens of ServiceAccount "shop/api" have "sts.amazonaws.com". Did you mean "sts.amazonaws.com"?',
          fix: `Set the audience to "sts.amazonaws.com"; the smallest statement that fits is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "a slip",
      covers: ["trust-aud-mismatch"],
      stack: wired(aud("sts.amazon.com")),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:aud"]` },
          says: 'Role "api-irsa" asks for the audience "sts.amazon.com", but the tokens of ServiceAccount "shop/api" have "sts.amazonaws.com". Did you mean "sts.amazonaws.com"?',
          fix: `Set the audience to "sts.amazonaws.com"; the smallest statement that fits is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "the account and the provider have another audience than the role",
      covers: ["trust-aud-mismatch"],
      stack: wired({ ...audience("vault"), oidcProvider: { clientIdLists: ["vault", "sts.amazonaws.com"] } }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:aud"]` },
          says: 'Role "api-irsa" asks for the audience "sts.amazonaws.com", but the tokens of ServiceAccount "shop/api" have "vault".',
          fix: `Set the audience to "vault"; the smallest statement that fits is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"vault","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "the audience of China's endpoint in a role that nobody here uses",
      covers: ["trust-aud-mismatch"],
      stack: wired({ ...aud("sts.amazonaws.com.cn"), serviceAccount: null, deployment: null }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:aud"]` },
          level: "advisory",
          says: 'Role "api-irsa" asks for the audience "sts.amazonaws.com.cn", but EKS makes tokens for "sts.amazonaws.com". Did you mean "sts.amazonaws.com"?',
          fix: 'Set the audience to "sts.amazonaws.com".',
        },
      ],
    },
    {
      name: "two accounts are refused by one condition",
      covers: ["trust-aud-mismatch"],
      stack: wired({
        role: {
          assumeRolePolicy: trust({ aud: "sts.amazonaws.com.cn", sub: [SUBJECT, "system:serviceaccount:shop:web"] }),
        },
        plus: [account("web")],
      }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:aud"]` },
          says: 'Role "api-irsa" asks for the audience "sts.amazonaws.com.cn", but the tokens of ServiceAccount "shop/api" and ServiceAccount "shop/web" have "sts.amazonaws.com". Did you mean "sts.amazonaws.com"?',
          fix: `Set the audience to "sts.amazonaws.com"; the smallest statement that fits is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":["system:serviceaccount:shop:api","system:serviceaccount:shop:web"]}}}.`,
        },
      ],
    },
  ],
  valid: [
    { name: "the audience of kOps, which its provider takes", stack: kops("amazonaws.com", "amazonaws.com") },
    { name: "one of several audiences", stack: wired(aud(["vault", "sts.amazonaws.com"])) },
    {
      name: "account, provider and role have an audience of their own",
      stack: wired({
        ...aud("vault"),
        ...audience("vault"),
        oidcProvider: { clientIdLists: ["vault", "sts.amazonaws.com"] },
      }),
    },
    {
      name: "an audience of its own in a role that nobody here uses",
      stack: wired({ ...aud("vault"), serviceAccount: null, deployment: null }),
    },
  ],
  unverified: [
    {
      name: "the audience of the account is not known yet",
      stack: wired(audience(UNKNOWN)),
      waits: ['the audience of ServiceAccount "shop/api"'],
    },
    {
      name: "an issuer that is not EKS's, whose provider takes an audience that is not known yet",
      stack: kops("amazonaws.com", UNKNOWN),
      waits: ['the audiences that the OIDC provider of role "api-irsa" takes'],
    },
    {
      name: "an issuer that is not EKS's, and a provider whose url is not known yet",
      stack: wired({
        cluster: null,
        kubernetes: { kubeconfig: "" },
        oidcProvider: { url: UNKNOWN },
        role: { assumeRolePolicy: trust({ issuer: KOPS, aud: "amazonaws.com" }) },
        edges: { "oidcProvider.url": [], "kubernetes.kubeconfig": [] },
      }),
      waits: ['the audiences that the OIDC provider of role "api-irsa" takes'],
    },
  ],
});
