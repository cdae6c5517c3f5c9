import rule from "../../../policy-pack/src/rules/service-account/service-account-role-missing";
import { cases } from "../../support/cases";
import {
  firstPreview,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  trustStatement,
  UNKNOWN,
  urnOf,
  urns,
  wired,
} from "../../support/stack";

const KEY = "eks.amazonaws.com/role-arn";
const bare = { metadata: { annotations: { [KEY]: null } } };
const account = (name: string, annotations?: Readonly<Record<string, string>>) =>
  resource("kubernetes:core/v1:ServiceAccount", name, {
    metadata: { name, namespace: "shop", ...(annotations ? { annotations } : {}) },
  });
const patch = resource(
  "kubernetes:core/v1:ServiceAccountPatch",
  "api-role",
  { metadata: { name: "api", namespace: "shop", annotations: { [KEY]: ROLE_ARN } } },
  { from: { metadata: [urns.role] } },
);
const association = resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "api", {
  clusterName: "shop",
  namespace: "shop",
  serviceAccount: "api",
  roleArn: ROLE_ARN,
});
const podIdentity = {
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
};
const binding = resource("eks-irsa:index:IrsaBinding", "api", {
  namespace: "shop",
  serviceAccountName: "api",
  serviceAccountMode: "external",
});
const constructed = (role: string) => ({
  ...resource("aws:iam/role:Role", role, { name: role, assumeRolePolicy: UNKNOWN }, { parent: binding.urn }),
});

/** A store of External Secrets that takes the role of an account. */
const store = (kind: "SecretStore" | "ClusterSecretStore", serviceAccountRef: Readonly<Record<string, string>>) =>
  resource(`kubernetes:external-secrets.io/v1:${kind}`, "app", {
    metadata: { name: "app", ...(kind === "SecretStore" ? { namespace: "shop" } : {}) },
    spec: { provider: { aws: { service: "SecretsManager", auth: { jwt: { serviceAccountRef } } } } },
  });
const storeFinding = (kind: string) => ({
  at: {
    urn: urnOf("kubernetes:core/v1:ServiceAccount", "jobs"),
    path: 'metadata.annotations["eks.amazonaws.com/role-arn"]',
  },
  level: "advisory" as const,
  says: `${kind} "app" takes its role from ServiceAccount "shop/jobs", and ServiceAccount "shop/jobs" has no annotation "eks.amazonaws.com/role-arn".`,
  fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] of ServiceAccount "shop/jobs" to the ARN of a role that trusts it.',
});

/** A class of secrets of AWS, and the volume that mounts it. */
const secretClass = (parameters: Readonly<Record<string, string>> = {}, provider = "aws") =>
  resource("kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass", "secrets", {
    metadata: { name: "secrets", namespace: "shop" },
    spec: { provider, parameters: { objects: "- objectName: shop", ...parameters } },
  });
const mounting = (serviceAccountName: string | undefined) => ({
  spec: {
    template: {
      spec: {
        serviceAccountName,
        volumes: [
          {
            name: "secrets",
            csi: {
              driver: "secrets-store.csi.k8s.io",
              readOnly: true,
              volumeAttributes: { secretProviderClass: "secrets" },
            },
          },
        ],
      },
    },
  },
});
const unused = { role: null, attachment: null, oidcProvider: null } as const;

export default cases(rule, {
  invalid: [
    {
      name: "pods mount secrets of AWS, and their account has no role",
      stack: wired({ ...unused, serviceAccount: bare, deployment: mounting("api"), plus: [secretClass()] }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          level: "advisory",
          says: 'Deployment "shop/api", which mounts SecretProviderClass "secrets", takes its role from ServiceAccount "shop/api", and ServiceAccount "shop/api" has no annotation "eks.amazonaws.com/role-arn".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] of ServiceAccount "shop/api" to the ARN of a role that trusts it.',
        },
      ],
    },
    {
      name: "pods that run as default mount secrets of AWS",
      stack: wired({
        ...unused,
        serviceAccount: null,
        deployment: mounting(undefined),
        plus: [secretClass()],
        edges: { "deployment.spec": [] },
      }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.serviceAccountName" },
          level: "advisory",
          says: 'Deployment "shop/api", which mounts SecretProviderClass "secrets", takes its role from ServiceAccount "default", and ServiceAccount "default" has no annotation "eks.amazonaws.com/role-arn".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] of ServiceAccount "default" to the ARN of a role that trusts it.',
        },
      ],
    },
    {
      name: "the pods run as default, which the role trusts and nobody annotates",
      stack: wired({
        role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:default" }) },
        serviceAccount: null,
        deployment: { spec: { template: { spec: { serviceAccountName: undefined } } } },
        edges: { "deployment.spec": [] },
      }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.serviceAccountName" },
          level: "advisory",
          says: 'Role "api-irsa" trusts "system:serviceaccount:shop:default", the account that Deployment "shop/api" runs as, and nothing in this stack gives that account the annotation "eks.amazonaws.com/role-arn".',
          fix: 'Create a ServiceAccount with the annotation "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-irsa", name it in serviceAccountName, and let the role trust it in place of "default".',
        },
      ],
    },
    {
      name: "a store of External Secrets takes its role from an account that has none",
      stack: wired({ plus: [account("jobs"), store("SecretStore", { name: "jobs" })] }),
      finds: [storeFinding("SecretStore")],
    },
    {
      name: "a store takes its role from an account that has one by Pod Identity alone",
      stack: wired({
        plus: [
          account("jobs"),
          store("SecretStore", { name: "jobs" }),
          {
            ...association,
            inputs: {
              ...association.inputs,
              serviceAccount: "jobs",
              roleArn: "arn:aws:iam::111122223333:role/elsewhere",
            },
          },
        ],
      }),
      finds: [storeFinding("SecretStore")],
    },
    {
      name: "a store of the whole cluster does",
      stack: wired({ plus: [account("jobs"), store("ClusterSecretStore", { name: "jobs", namespace: "shop" })] }),
      finds: [storeFinding("ClusterSecretStore")],
    },
    {
      name: "the role trusts the account by name, and the account names no role",
      covers: ["sa-annotation-missing"],
      stack: wired({ serviceAccount: bare }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'Role "api-irsa" trusts "system:serviceaccount:shop:api", but ServiceAccount "shop/api" has no annotation "eks.amazonaws.com/role-arn".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] of ServiceAccount "shop/api" to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "the annotation is empty",
      covers: ["sa-annotation-empty"],
      stack: wired({ serviceAccount: { metadata: { annotations: { [KEY]: "" } } } }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'Role "api-irsa" trusts "system:serviceaccount:shop:api", but ServiceAccount "shop/api" has an empty annotation "eks.amazonaws.com/role-arn".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] of ServiceAccount "shop/api" to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "one of two accounts that the role trusts; it may be meant for later",
      stack: wired({
        role: { assumeRolePolicy: trust({ sub: [SUBJECT, "system:serviceaccount:shop:jobs"] }) },
        plus: [account("jobs")],
      }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:core/v1:ServiceAccount", "jobs"),
            path: 'metadata.annotations["eks.amazonaws.com/role-arn"]',
          },
          says: 'Role "api-irsa" trusts "system:serviceaccount:shop:jobs", but ServiceAccount "shop/jobs" has no annotation "eks.amazonaws.com/role-arn".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] of ServiceAccount "shop/jobs" to "arn:aws:iam::111122223333:role/api-irsa".',
          level: "advisory",
        },
      ],
    },
    {
      name: "an IrsaBinding leaves the account to the program, which forgets the annotation, at the first preview",
      stack: firstPreview({
        role: null,
        attachment: null,
        serviceAccount: bare,
        plus: [
          binding,
          constructed("api"),
          resource(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "irsa",
            { role: UNKNOWN, policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
            { from: { role: [urnOf("aws:iam/role:Role", "api")] }, parent: binding.urn },
          ),
        ],
      }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'Role "api" trusts "system:serviceaccount:shop:api", but ServiceAccount "shop/api" has no annotation "eks.amazonaws.com/role-arn".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] of ServiceAccount "shop/api" to the arn of role "api".',
        },
      ],
    },
  ],
  valid: [
    {
      name: "pods that mount secrets of AWS name an account, and the one that they wait for has no name yet",
      stack: wired({
        ...unused,
        serviceAccount: { metadata: { ...bare.metadata, name: UNKNOWN } },
        deployment: mounting("api"),
        plus: [secretClass()],
      }),
    },
    {
      name: "pods mount secrets of AWS with the role of their account",
      stack: wired({ deployment: mounting("api"), plus: [secretClass()] }),
    },
    {
      name: "pods mount secrets of AWS by Pod Identity",
      stack: wired({
        ...unused,
        serviceAccount: bare,
        deployment: mounting("api"),
        plus: [secretClass({ usePodIdentity: "true" })],
      }),
    },
    {
      name: "pods mount secrets of Vault",
      stack: wired({
        ...unused,
        serviceAccount: bare,
        deployment: mounting("api"),
        plus: [secretClass({}, "vault")],
      }),
    },
    {
      name: "the pods run as default, which the role trusts, in a namespace of another stack",
      stack: wired({
        role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:default" }) },
        namespace: null,
        serviceAccount: null,
        deployment: { spec: { template: { spec: { serviceAccountName: undefined } } } },
        edges: { "deployment.spec": [] },
      }),
    },
    {
      name: "a store of External Secrets takes the role of an account that has one",
      stack: wired({ plus: [store("SecretStore", { name: "api" })] }),
    },
    {
      name: "a store takes the role that a Patch gives the account",
      stack: wired({
        serviceAccount: bare,
        deployment: null,
        plus: [patch, store("SecretStore", { name: "api" })],
      }),
    },
    {
      name: "a store names an account of another namespace, which another stack makes",
      stack: wired({ plus: [account("jobs"), store("ClusterSecretStore", { name: "jobs", namespace: "eso" })] }),
    },
    { name: "an account that no role trusts", stack: wired({ plus: [account("plain")] }) },
    {
      name: "the role trusts a pattern, so nobody says that this account is meant",
      stack: wired({
        role: { assumeRolePolicy: trust({ operator: "StringLike", sub: "system:serviceaccount:shop:api*" }) },
        plus: [account("api-docs")],
        config: { allowedSubjects: ["system:serviceaccount:shop:api*"] },
      }),
    },
    {
      name: "a Patch adds the annotation",
      stack: wired({
        serviceAccount: bare,
        plus: [patch],
        edges: { "deployment.spec": [urns.serviceAccount, patch.urn, urns.role] },
      }),
    },
    {
      name: "a Pod Identity association gives the role",
      stack: wired({
        serviceAccount: bare,
        role: {
          assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [trustStatement(), podIdentity] }),
        },
        plus: [association],
      }),
    },
    {
      name: "the role is ready for Pod Identity, whose association another stack may have",
      stack: wired({
        serviceAccount: bare,
        role: {
          assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [trustStatement(), podIdentity] }),
        },
      }),
    },
    {
      name: "the pods bring role and token themselves",
      stack: wired({
        serviceAccount: bare,
        deployment: {
          spec: {
            template: {
              spec: {
                volumes: [
                  {
                    name: "token",
                    projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", path: "token" } }] },
                  },
                ],
                containers: [
                  {
                    name: "api",
                    image: "example.com/shop/api:1.4.2",
                    env: [
                      { name: "AWS_ROLE_ARN", value: ROLE_ARN },
                      { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/run/token/token" },
                    ],
                    volumeMounts: [{ name: "token", mountPath: "/var/run/token" }],
                  },
                ],
              },
            },
          },
        },
      }),
    },
    {
      name: "the configuration says that others annotate it",
      stack: wired({ serviceAccount: bare, config: { serviceAccounts: ["shop/api"] } }),
    },
  ],
  unverified: [
    {
      name: "the account waits for a role that nobody uses, and whose trust policy is not known yet",
      stack: firstPreview({ serviceAccount: bare }),
      waits: ['the trust policy of role "api-irsa"'],
    },
  ],
});
