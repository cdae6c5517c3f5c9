import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-subject-mismatch";
import { cases } from "../../support/cases";
import {
  firstPreview,
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
} from "../../support/stack";
import { account, allow, conditions, policy } from "./support";

const sub = (value: string | readonly string[]) => ({ role: { assumeRolePolicy: trust({ sub: value }) } });
const BINDING = urnOf("eks-irsa:index:IrsaBinding", "api");
const BUILT = urnOf("aws:iam/role:Role", "built");
const NATIVE = urnOf("aws-native:iam:Role", "native");

/** A release whose values name and annotate an account in its namespace. */
const release = (name: string, values: Readonly<Record<string, string>> = {}) =>
  wired({
    serviceAccount: null,
    deployment: null,
    plus: [
      resource("kubernetes:helm.sh/v3:Release", "shop", {
        chart: "api",
        namespace: "shop",
        values: { ...values, serviceAccount: { name, annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
      }),
    ],
  });

/** A release whose values annotate an account and give it no name. */
const unnamed = (inputs: Properties, values: Readonly<Record<string, string>> = {}) =>
  wired({
    serviceAccount: null,
    deployment: null,
    plus: [
      resource(
        "kubernetes:helm.sh/v3:Release",
        "shop",
        {
          ...inputs,
          values: { ...values, serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
        },
        { from: { values: [urns.role] } },
      ),
    ],
  });

/** An IrsaBinding for `shop/<name>` with its role; the account `shop/api` of the stack uses that role. */
const built = (name: string, annotations: Value = { "eks.amazonaws.com/role-arn": UNKNOWN }) =>
  firstPreview({
    role: null,
    attachment: null,
    serviceAccount: { metadata: { annotations } },
    edges: { "serviceAccount.metadata": [BUILT, urns.namespace] },
    plus: [
      resource("eks-irsa:index:IrsaBinding", "api", { namespace: "shop", serviceAccountName: name }),
      resource(
        "aws:iam/role:Role",
        "built",
        { name: "built", assumeRolePolicy: UNKNOWN },
        { parent: BINDING, from: { assumeRolePolicy: [urns.oidcProvider] } },
      ),
      resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "built",
        { role: "built", policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
        { from: { role: [BUILT] }, parent: BINDING },
      ),
    ],
  });

/** A role of aws-native: its policy is an object, whose conditions may be known while its principal is not. */
const native = (sub: string) =>
  resource(
    "aws-native:iam:Role",
    "native",
    {
      roleName: "native",
      assumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Federated: UNKNOWN },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: { StringEquals: { [`${ISSUER}:sub`]: sub, [`${ISSUER}:aud`]: "sts.amazonaws.com" } },
          },
        ],
      },
      managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
    },
    { from: { assumeRolePolicyDocument: [urns.oidcProvider] } },
  );

export default cases(rule, {
  invalid: [
    {
      name: "a Helm release renders the account under another name",
      stack: release("shop-api"),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'ServiceAccount "shop/shop-api" of Release "shop" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not "system:serviceaccount:shop:shop-api".',
          fix: `Set the condition to "system:serviceaccount:shop:shop-api"; the smallest statement that admits it is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:shop-api"}}}.`,
        },
      ],
    },
    {
      name: "another name",
      covers: ["trust-sub-name-mismatch", "sa-annotation-role-mismatch"],
      stack: wired(sub("system:serviceaccount:shop:web")),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'ServiceAccount "shop/api" uses role "api-irsa", which trusts only "system:serviceaccount:shop:web", not "system:serviceaccount:shop:api".',
          fix: `Set the condition to "system:serviceaccount:shop:api"; the smallest statement that admits it is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "another namespace",
      covers: ["trust-sub-namespace-mismatch"],
      stack: wired(sub("system:serviceaccount:store:api")),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'ServiceAccount "shop/api" uses role "api-irsa", which trusts only "system:serviceaccount:store:api", not "system:serviceaccount:shop:api".',
          fix: `Set the condition to "system:serviceaccount:shop:api"; the smallest statement that admits it is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "a role that serves another account already",
      covers: ["sa-annotation-role-mismatch"],
      stack: wired({ plus: [account("web")] }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'ServiceAccount "shop/web" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not "system:serviceaccount:shop:web".',
          fix: `Add "system:serviceaccount:shop:web" to the values of the condition; the smallest statement that admits it is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:web"}}}.`,
        },
      ],
    },
    {
      name: "the annotation names the role of another account",
      covers: ["sa-annotation-role-mismatch"],
      stack: wired({
        plus: [
          account("web"),
          resource(
            "aws:iam/role:Role",
            "web",
            {
              name: "web-irsa",
              assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }),
              managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            {
              from: { assumeRolePolicy: [urns.oidcProvider] },
              outputs: { name: "web-irsa", arn: ROLE_ARN.replace("api", "web") },
            },
          ),
        ],
      }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:core/v1:ServiceAccount", "web"),
            path: 'metadata.annotations["eks.amazonaws.com/role-arn"]',
          },
          says: 'ServiceAccount "shop/web" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not "system:serviceaccount:shop:web".',
          fix: 'Annotate the account with "arn:aws:iam::111122223333:role/web-irsa": role "web-irsa" trusts it.',
        },
      ],
    },
    {
      name: "no namespace is written, so the account lands in default",
      covers: ["sa-namespace-implicit"],
      stack: wired({ serviceAccount: { metadata: { namespace: undefined } }, deployment: null }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: "metadata.namespace" },
          says: 'ServiceAccount "default/api" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not "system:serviceaccount:default:api".',
          fix: 'Set metadata.namespace to "shop".',
        },
      ],
    },
    {
      name: "no name is written, so Pulumi adds a suffix",
      covers: ["sa-autonamed"],
      stack: wired({
        serviceAccount: {
          metadata: { name: "api-1f2e3d4c", annotations: { "pulumi.com/autonamed": "true" } },
        },
        deployment: { spec: { template: { spec: { serviceAccountName: "api-1f2e3d4c" } } } },
      }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: "metadata.name" },
          says: 'ServiceAccount "shop/api-1f2e3d4c" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not "system:serviceaccount:shop:api-1f2e3d4c".',
          fix: 'Set metadata.name to "api".',
        },
      ],
    },
    {
      name: "no name is written, at the first preview of a role with a literal policy",
      covers: ["sa-autonamed"],
      stack: firstPreview({
        role: { assumeRolePolicy: trust() },
        serviceAccount: null,
        deployment: null,
        plus: [
          resource(
            "kubernetes:core/v1:ServiceAccount",
            "api",
            { metadata: { namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } } },
            { from: { metadata: [urns.role, urns.namespace] }, dependsOn: [urns.attachment] },
          ),
        ],
      }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: "metadata.name" },
          level: "advisory",
          says: 'ServiceAccount "shop/api" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not the name that Pulumi will make up for it.',
          fix: 'Set metadata.name to "api".',
        },
      ],
    },
    {
      name: "the role of an IrsaBinding for another account, at the first preview, by construction",
      covers: ["sa-annotation-role-mismatch"],
      stack: built("web"),
      finds: [
        {
          at: { urn: "urn:pulumi:dev::shop::aws:iam/role:Role::built", path: "assumeRolePolicy" },
          says: 'ServiceAccount "shop/api" uses role "built", which trusts only "system:serviceaccount:shop:web", not "system:serviceaccount:shop:api".',
          fix: 'Give the account a role of its own: new IrsaBinding("…", {"namespace":"shop","serviceAccountName":"api"}).',
        },
      ],
    },
    {
      name: "the map of annotations that an IrsaBinding for another account gives, at the first preview",
      stack: built("web", UNKNOWN),
      finds: [
        {
          at: { urn: "urn:pulumi:dev::shop::aws:iam/role:Role::built", path: "assumeRolePolicy" },
          says: 'ServiceAccount "shop/api" uses role "built", which trusts only "system:serviceaccount:shop:web", not "system:serviceaccount:shop:api".',
          fix: 'Give the account a role of its own: new IrsaBinding("…", {"namespace":"shop","serviceAccountName":"api"}).',
        },
      ],
    },
    {
      name: "the namespace of an object of aws-native is wrong while its provider is not known yet",
      stack: wired({
        role: null,
        attachment: null,
        serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } } },
        edges: { "serviceAccount.metadata": [NATIVE, urns.namespace] },
        plus: [native("system:serviceaccount:store:api")],
      }),
      finds: [
        {
          at: {
            urn: "urn:pulumi:dev::shop::aws-native:iam:Role::native",
            path: `assumeRolePolicyDocument.Statement[0].Condition.StringEquals["${ISSUER}:sub"]`,
          },
          says: 'ServiceAccount "shop/api" uses role "native", which trusts only "system:serviceaccount:store:api", not "system:serviceaccount:shop:api".',
          fix: `Set the condition to "system:serviceaccount:shop:api"; the smallest statement that admits it is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api"}}}.`,
        },
      ],
    },
    {
      name: "the role of an IrsaBinding for another account, with every value known",
      covers: ["sa-annotation-role-mismatch"],
      stack: wired({
        role: null,
        attachment: null,
        serviceAccount: {
          metadata: { annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN.replace("api-irsa", "built") } },
        },
        edges: { "serviceAccount.metadata": [BUILT, urns.namespace] },
        plus: [
          resource("eks-irsa:index:IrsaBinding", "api", { namespace: "shop", serviceAccountName: "web" }),
          resource(
            "aws:iam/role:Role",
            "built",
            {
              name: "built",
              assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }),
              managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            { parent: BINDING, from: { assumeRolePolicy: [urns.oidcProvider] } },
          ),
        ],
      }),
      finds: [
        {
          at: {
            urn: "urn:pulumi:dev::shop::aws:iam/role:Role::built",
            path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]`,
          },
          says: 'ServiceAccount "shop/api" uses role "built", which trusts only "system:serviceaccount:shop:web", not "system:serviceaccount:shop:api".',
          fix: 'Give the account a role of its own: new IrsaBinding("…", {"namespace":"shop","serviceAccountName":"api"}).',
        },
      ],
    },

    {
      name: "a Helm release that names no account, in another namespace than the role trusts",
      stack: unnamed({ chart: "api", namespace: "store" }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'The ServiceAccount in the values of Release "shop" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not an account in namespace "store".',
          fix: `Set the condition to the subject of the account; the smallest statement that admits it is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:<namespace>:<name>"}}}.`,
        },
      ],
    },
    {
      name: "the name that a known chart makes of its release, the files of values being laid under the values",
      stack: unnamed({
        chart: "external-dns",
        namespace: "shop",
        name: "api",
        valueYamlFiles: [null],
        checksum: "5f1d",
      }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          level: "advisory",
          says: 'ServiceAccount "shop/api-external-dns" of Release "shop" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not "system:serviceaccount:shop:api-external-dns".',
          fix: `Set the condition to "system:serviceaccount:shop:api-external-dns"; the smallest statement that admits it is {"Effect":"Allow","Principal":{"Federated":"${PROVIDER_ARN}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:shop:api-external-dns"}}}.`,
        },
      ],
    },
    {
      name: "pods and role mean one namespace, and the account stands in another",
      stack: wired({ serviceAccount: { metadata: { namespace: "default" } }, edges: { "deployment.spec": [] } }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: "metadata.namespace" },
          says: 'ServiceAccount "default/api" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not "system:serviceaccount:default:api".',
          fix: 'Set metadata.namespace to "shop".',
        },
      ],
    },
  ],
  valid: [
    {
      name: "a file of values may give the account of a known chart a name",
      stack: unnamed({ chart: "external-dns", namespace: "shop", name: "dns", valueYamlFiles: [null] }),
    },
    {
      name: "a known chart whose templates, as the provider rendered them, give its account another name",
      stack: unnamed({
        chart: "external-dns",
        namespace: "shop",
        name: "dns",
        resourceNames: { "ServiceAccount/v1": ["shop/api"] },
      }),
    },
    {
      name: "a Helm release that names no account, in the namespace",
      stack: unnamed({ chart: "api", namespace: "shop" }),
    },
    {
      name: "a Helm release that names no account and puts its objects elsewhere",
      stack: unnamed({ chart: "api", namespace: "store" }, { namespaceOverride: "shop" }),
    },
    {
      name: "a known chart's account under a name of one's own",
      stack: unnamed({ chart: "external-dns", namespace: "shop", name: "dns" }, { fullnameOverride: "api" }),
    },
    { name: "a release renders the account that the role trusts", stack: release("api") },
    {
      name: "the chart is told to render another namespace, and whether it does cannot be seen",
      stack: release("web", { namespaceOverride: "ops" }),
    },
    { name: "the account is one of several", stack: wired(sub(["system:serviceaccount:shop:web", SUBJECT])) },
    {
      name: "the account's own statement is the second",
      stack: wired({
        role: {
          assumeRolePolicy: policy(
            allow({
              StringEquals: {
                [`${ISSUER}:aud`]: "sts.amazonaws.com",
                [`${ISSUER}:sub`]: "system:serviceaccount:ops:api",
              },
            }),
            allow(conditions()),
          ),
        },
      }),
    },
    { name: "the role of an IrsaBinding for this account, at the first preview", stack: built("api") },
    {
      name: "annotations that are not known at all came from a role for another account: they may name it in another key",
      stack: wired({
        ...sub("system:serviceaccount:shop:web"),
        serviceAccount: { metadata: { annotations: UNKNOWN } },
      }),
    },
    {
      name: "annotations in the values of a chart that are not known at all came from a role for another account",
      stack: wired({
        serviceAccount: null,
        deployment: null,
        plus: [
          resource(
            "kubernetes:helm.sh/v3:Release",
            "shop",
            { chart: "api", namespace: "shop", values: { serviceAccount: { name: "web", annotations: UNKNOWN } } },
            { from: { values: [urns.role] } },
          ),
        ],
      }),
    },
    { name: "the role is one of another stack", stack: wired({ role: null, attachment: null }) },
  ],
  unverified: [
    { name: "the first preview", stack: firstPreview(), waits: ['the trust policy of role "api-irsa"'] },
    {
      name: "the name of the account is not known yet, and the role takes a pattern",
      stack: wired({
        role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:api*", operator: "StringLike" }) },
        serviceAccount: { metadata: { name: UNKNOWN } },
        deployment: null,
      }),
      waits: ['the name of ServiceAccount "shop/api"'],
    },
    {
      name: "conditions of an object of aws-native that are known, while neither its provider nor the cluster's issuer is",
      stack: firstPreview({
        role: null,
        attachment: null,
        edges: { "serviceAccount.metadata": [NATIVE, urns.namespace] },
        plus: [native("system:serviceaccount:shop:web")],
      }),
      waits: ['the trust policy of role "native"'],
    },
    {
      name: "the namespace has a name that Pulumi makes up",
      stack: wired({ serviceAccount: { metadata: { namespace: UNKNOWN } }, deployment: null }),
      waits: ['the namespace of ServiceAccount "api"'],
    },
  ],
});
