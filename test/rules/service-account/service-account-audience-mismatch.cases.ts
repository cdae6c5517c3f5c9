import rule from "../../../policy-pack/src/rules/service-account/service-account-audience-mismatch";
import { cases } from "../../support/cases";
import { firstPreview, trust, UNKNOWN, urns, wired } from "../../support/stack";

const asks = (audience: string | typeof UNKNOWN) => ({
  serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": audience } } },
});

export default cases(rule, {
  invalid: [
    {
      name: "the domain of AWS China, where the audience is the same as elsewhere",
      covers: ["sa-audience-mismatch"],
      stack: wired(asks("sts.amazonaws.com.cn")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/audience"]' },
          says: 'ServiceAccount "shop/api" asks for tokens with the audience "sts.amazonaws.com.cn", but role "api-irsa" asks for "sts.amazonaws.com". Did you mean "sts.amazonaws.com"?',
          fix: 'Remove metadata.annotations["eks.amazonaws.com/audience"], so that the audience is "sts.amazonaws.com".',
        },
      ],
    },
    {
      name: "role and account agree, and the provider does not know their audience",
      stack: wired({ ...asks("vault"), role: { assumeRolePolicy: trust({ aud: "vault" }) } }),
      finds: [
        {
          at: { urn: urns.oidcProvider, path: "clientIdLists" },
          says: 'ServiceAccount "shop/api" asks for tokens with the audience "vault", as does role "api-irsa", but OIDC provider "shop" lists only "sts.amazonaws.com".',
          fix: 'Add "vault" to clientIdLists of OIDC provider "shop".',
        },
      ],
    },
    {
      name: "the provider lacks it, at the first preview",
      stack: firstPreview(asks("vault")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/audience"]' },
          says: 'ServiceAccount "shop/api" asks for tokens with the audience "vault", but OIDC provider "shop" lists only "sts.amazonaws.com".',
          fix: 'Remove metadata.annotations["eks.amazonaws.com/audience"], so that the audience is "sts.amazonaws.com"; or, if "vault" is meant, add "vault" to clientIdLists of OIDC provider "shop".',
        },
      ],
    },
    {
      name: "a slip, with a role that is made elsewhere",
      stack: wired({
        role: null,
        attachment: null,
        serviceAccount: {
          metadata: {
            annotations: {
              "eks.amazonaws.com/audience": "sts.amazon.com",
              "eks.amazonaws.com/role-arn": "arn:aws:iam::444455556666:role/dns",
            },
          },
        },
      }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/audience"]' },
          says: 'ServiceAccount "shop/api" asks for tokens with the audience "sts.amazon.com", but EKS and IAM know "sts.amazonaws.com". Did you mean "sts.amazonaws.com"?',
          fix: 'Remove metadata.annotations["eks.amazonaws.com/audience"], so that the audience is "sts.amazonaws.com".',
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    { name: "the default, written out", stack: wired(asks("sts.amazonaws.com")) },
    {
      name: "an audience that provider and role know",
      stack: wired({
        ...asks("vault"),
        oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] },
        role: { assumeRolePolicy: trust({ aud: ["sts.amazonaws.com", "vault"] }) },
      }),
    },
    {
      name: "another audience for all, as the configuration says",
      stack: wired({
        ...asks("sts.example.com"),
        oidcProvider: { clientIdLists: ["sts.example.com"] },
        role: { assumeRolePolicy: trust({ aud: "sts.example.com" }) },
        config: { audience: "sts.example.com" },
      }),
    },
  ],
  unverified: [
    { name: "not known yet", stack: wired(asks(UNKNOWN)), waits: ['the audience of ServiceAccount "shop/api"'] },
  ],
});
