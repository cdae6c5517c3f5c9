import type { Value } from "../../policy-pack/src/facts/value";
import type { Properties, Snapshot } from "../../policy-pack/src/model/snapshot";
import {
  firstPreview,
  ISSUER,
  PROVIDER_ARN,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urns,
  wired,
  type Change,
} from "../support/stack";
import { found, type Variant } from "./variants";

/* As in variants-trust.test.ts, for accounts, charts, pods, permissions and providers. */

const KEY = "eks.amazonaws.com/role-arn";
const LIMIT = "arn:aws:iam::111122223333:policy/limit";
const document = (...statements: readonly Value[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** A List with one ServiceAccount. */
const list = (metadata: Properties) =>
  resource(
    "kubernetes:core/v1:ServiceAccountList",
    "list",
    { items: [{ metadata }] },
    { from: { items: [urns.role, urns.namespace] }, dependsOn: [urns.attachment] },
  );
const pod = (more: Change): Change => ({ spec: { template: { spec: more } } });
const container = (env: Value): Change =>
  pod({ containers: [{ name: "api", image: "example.com/shop/api:1.4.2", env }] });
const metadata = (annotations: Change): Change => ({ spec: { template: { metadata: { annotations } } } });
const addon = (inputs: Properties = {}) =>
  resource("aws:eks/addon:Addon", "storage", { addonName: "aws-ebs-csi-driver", clusterName: "shop", ...inputs });
const trustsAddon = { assumeRolePolicy: trust({ sub: "system:serviceaccount:kube-system:ebs-csi-controller-sa" }) };
const association = (serviceAccount: string, namespace: string) =>
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", `${namespace}-${serviceAccount}`, {
    clusterName: "shop",
    namespace,
    serviceAccount,
    roleArn: "arn:aws:iam::111122223333:role/other",
  });
/** A chart that makes `shop/api` without a role. */
const release = () =>
  resource("kubernetes:helm.sh/v3:Release", "api", {
    chart: "api",
    namespace: "shop",
    values: { serviceAccount: { create: true, name: "api" }, hosts: ["a.example.com", "b.example.com"] },
  });
const withRelease = () => ({ serviceAccount: null, deployment: null, plus: [release()] }) as const;
const untold = (arn: string) =>
  [
    "workload-chart-account-mismatch advisory values.serviceAccount.annotations",
    `Role "api-irsa" trusts "system:serviceaccount:shop:api", and Release "api" is told to make ServiceAccount "shop/api" without the annotation "${KEY}".`,
    `Set values.serviceAccount.annotations["${KEY}"] to ${arn}.`,
  ] as const;
/** The account and its role agree on an audience; the provider has these client ids. */
const audience = (clientIdLists: Value | undefined): Snapshot =>
  wired({
    oidcProvider: { clientIdLists },
    role: { assumeRolePolicy: trust({ aud: "vault" }) },
    serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": "vault" } } },
  });

const variants: readonly Variant[] = [
  {
    name: "an add-on that is not told of a role whose ARN is not known yet",
    stack: firstPreview({ role: trustsAddon, serviceAccount: null, deployment: null, plus: [addon()] }),
    finds: [
      [
        "addon-role-mismatch advisory serviceAccountRoleArn",
        'Role "api-irsa" trusts "system:serviceaccount:kube-system:ebs-csi-controller-sa", the account of add-on "aws-ebs-csi-driver", but the add-on has no serviceAccountRoleArn.',
        'Set serviceAccountRoleArn of add-on "aws-ebs-csi-driver" to the arn of role "api-irsa".',
      ],
    ],
  },
  {
    name: "the role among the labels of an item of a List",
    stack: wired({
      serviceAccount: null,
      plus: [list({ name: "api", namespace: "shop", labels: { [KEY]: ROLE_ARN } })],
    }),
    finds: [
      [
        `service-account-annotation-key mandatory items[0].metadata.labels["${KEY}"]`,
        `ServiceAccount "shop/api" has "${KEY}" among its labels, where the webhook does not look: it reads annotations of the account.`,
        `Move it to metadata.annotations of ServiceAccount "shop/api", as "${KEY}": "${ROLE_ARN}".`,
      ],
    ],
  },
  {
    name: "an account that nobody creates, by the older property",
    stack: wired({ serviceAccount: null, deployment: pod({ serviceAccountName: undefined, serviceAccount: "api" }) }),
    finds: [
      [
        "service-account-not-found mandatory spec.template.spec.serviceAccount",
        'Deployment "shop/api" names ServiceAccount "api", which this stack does not create in namespace "shop", where it creates everything else.',
        `Create it, with the annotation "${KEY}" if it is to have a role`,
      ],
    ],
  },
  {
    name: "an account of nearly that name in a List",
    stack: wired({ serviceAccount: null, plus: [list({ name: "apis", namespace: "shop" })] }),
    finds: [
      [
        "service-account-not-found mandatory spec.template.spec.serviceAccountName",
        'Deployment "shop/api" names ServiceAccount "api", which this stack does not create in namespace "shop", where it creates everything else. Did you mean "apis"?',
        'Set serviceAccountName to "apis".',
      ],
    ],
  },
  {
    name: "the account default with a role of another stack",
    stack: wired({
      role: null,
      attachment: null,
      serviceAccount: { metadata: { name: "default", annotations: { [KEY]: "arn:aws:iam::999988887777:role/other" } } },
      deployment: pod({ serviceAccountName: "default" }),
    }),
    finds: [
      [
        `service-account-default-annotated advisory metadata.annotations["${KEY}"]`,
        'ServiceAccount "shop/default" carries a role, so every pod of namespace "shop" that names no account has it.',
        "Create an account of its own for the pods that need the role",
      ],
    ],
  },
  {
    name: "the account default of a namespace that is not known yet",
    stack: wired({ serviceAccount: { metadata: { name: "default", namespace: UNKNOWN } }, deployment: null }),
    finds: [
      [
        `service-account-default-annotated advisory metadata.annotations["${KEY}"]`,
        'ServiceAccount "default" carries role "api-irsa", so every pod of its namespace that names no account has it.',
        "Create an account of its own for the pods that need the role",
      ],
    ],
  },
  {
    name: "blanks around a role of this stack, in the values of a chart",
    stack: wired({
      serviceAccount: null,
      deployment: null,
      plus: [
        resource("kubernetes:helm.sh/v3:Release", "api", {
          chart: "api",
          namespace: "shop",
          values: { serviceAccount: { create: true, name: "api", annotations: { [KEY]: ` ${ROLE_ARN}` } } },
        }),
      ],
    }),
    finds: [
      [
        `service-account-role-arn-invalid mandatory values.serviceAccount.annotations["${KEY}"]`,
        `The ServiceAccount in the values of Release "api" has " ${ROLE_ARN}" where the ARN of its role must stand: there are blanks around it, which nobody trims.`,
        `Set values.serviceAccount.annotations["${KEY}"] to "${ROLE_ARN}".`,
      ],
    ],
  },
  {
    name: "a permissions boundary that denies",
    stack: wired({
      config: { requiredActions: { "shop/api": ["s3:GetObject"] } },
      role: { permissionsBoundary: LIMIT },
      plus: [
        resource(
          "aws:iam/policy:Policy",
          "limit",
          {
            policy: document(
              { Effect: "Allow", Action: "*", Resource: "*" },
              { Effect: "Deny", Action: "s3:Get*", Resource: "*" },
            ),
          },
          { outputs: { arn: LIMIT } },
        ),
      ],
    }),
    finds: [
      [
        "role-action-denied mandatory permissionsBoundary",
        'ServiceAccount "shop/api" needs "s3:GetObject", which Statement[1] of the permissions boundary of role "api-irsa" denies.',
        'Take "s3:GetObject" out of Statement[1] of the permissions boundary of role "api-irsa": no Allow overrides a Deny.',
      ],
    ],
  },
  {
    name: "a path that is longer than IAM takes",
    stack: wired({ serviceAccount: null, deployment: null, role: { path: `/${"x".repeat(520)}/` } }),
    finds: [
      [
        "role-name-invalid mandatory path",
        `Role "api-irsa" has the path "/${"x".repeat(118)}…", which has 522 characters, and IAM takes 512.`,
        'Set path to "/".',
      ],
    ],
  },
  {
    name: "everything on everything, by an inline policy of the role itself",
    stack: wired({
      role: {
        inlinePolicies: [{ name: "all", policy: document({ Effect: "Allow", Action: "*", Resource: "*" }) }],
      },
    }),
    finds: [
      [
        "role-permissions-too-broad advisory inlinePolicies[0].policy.Statement[0]",
        'Role "api-irsa" may do "*" on "*" by a policy of its own.',
        "List the actions that the pods call in Action",
      ],
    ],
  },
  {
    name: "an SDK that is declared without a version",
    stack: wired({ deployment: metadata({ "eks-irsa.dev/sdk": "boto3" }) }),
    finds: [
      [
        'workload-sdk-version advisory spec.template.metadata.annotations["eks-irsa.dev/sdk"]',
        'Deployment "shop/api" declares "boto3" in "eks-irsa.dev/sdk", which names no version.',
        "Write <name>@<version>, with one of boto3, ",
      ],
    ],
  },
  {
    name: "a container to be skipped that is like none of the pod",
    stack: wired({ deployment: metadata({ "eks.amazonaws.com/skip-containers": "prometheus" }) }),
    finds: [
      [
        'workload-injection-skipped advisory spec.template.metadata.annotations["eks.amazonaws.com/skip-containers"]',
        'Deployment "shop/api" names "prometheus" in "eks.amazonaws.com/skip-containers", and has no such container.',
        'Write the name of a container in "eks.amazonaws.com/skip-containers", or remove "prometheus".',
      ],
    ],
  },
  {
    name: "a thumbprint with letters that are no hexadecimal digits",
    stack: wired({ oidcProvider: { thumbprintLists: ["zz"] } }),
    finds: [
      [
        "oidc-provider-thumbprint-invalid mandatory thumbprintLists[0]",
        'OIDC provider "shop" has the thumbprint "zz", which is not 40 hexadecimal digits.',
        "Leave thumbprintLists out",
      ],
    ],
  },
  {
    name: "blanks around the url of aws-native, which nobody trims",
    stack: wired({
      oidcProvider: null,
      role: null,
      attachment: null,
      serviceAccount: null,
      deployment: null,
      plus: [
        resource("aws-native:iam:OidcProvider", "shop", {
          url: ` https://${ISSUER}`,
          clientIdList: ["sts.amazonaws.com"],
        }),
      ],
    }),
    finds: [
      [
        "oidc-provider-url-invalid mandatory url",
        `OIDC provider "shop" has the url " https://${ISSUER}", which has blanks around it.`,
        `Set url to "https://${ISSUER}".`,
      ],
    ],
  },
  {
    name: "an add-on without a role, beside accounts and associations of other names",
    stack: wired({
      role: trustsAddon,
      serviceAccount: null,
      deployment: null,
      plus: [
        addon(),
        association("web", "shop"),
        association("ebs-csi-controller-sa", "shop"),
        resource("kubernetes:core/v1:ServiceAccount", "other", {
          metadata: { name: "ebs-csi-controller-sa", namespace: "shop" },
        }),
      ],
    }),
    finds: [
      [
        "addon-role-mismatch advisory serviceAccountRoleArn",
        'Role "api-irsa" trusts "system:serviceaccount:kube-system:ebs-csi-controller-sa", the account of add-on "aws-ebs-csi-driver", but the add-on has no serviceAccountRoleArn.',
        `Set serviceAccountRoleArn of add-on "aws-ebs-csi-driver" to "${ROLE_ARN}".`,
      ],
    ],
  },
  {
    name: "a role whose trust policy has a fault of its own is not blamed on the add-on",
    stack: wired({
      role: { assumeRolePolicy: trust({ provider: `${PROVIDER_ARN}/` }) },
      serviceAccount: null,
      deployment: null,
      plus: [addon({ serviceAccountRoleArn: ROLE_ARN })],
    }),
    finds: [
      [
        "trust-policy-principal-invalid mandatory assumeRolePolicy.Statement[0].Principal.Federated",
        `Role "api-irsa" trusts the principal "${PROVIDER_ARN}/", an ARN with a slash at its end, which no EKS issuer has.`,
        "Set Principal to",
      ],
    ],
  },
  {
    name: "a chart whose values hold lists, and accounts of that name elsewhere",
    stack: wired({ ...withRelease(), plus: [release(), association("web", "shop"), association("api", "web")] }),
    finds: [untold(JSON.stringify(ROLE_ARN))],
  },
  {
    name: "a chart beside an account of that name in another namespace",
    stack: wired({
      ...withRelease(),
      plus: [
        release(),
        resource("kubernetes:core/v1:ServiceAccount", "other", { metadata: { name: "api", namespace: "web" } }),
      ],
    }),
    finds: [untold(JSON.stringify(ROLE_ARN))],
  },
  {
    name: "a chart that is not told of a role whose ARN is not known yet",
    stack: firstPreview({ ...withRelease(), role: { assumeRolePolicy: trust() } }),
    finds: [untold('the arn of role "api-irsa"')],
  },
  {
    name: "an audience that the provider lists no client id for",
    stack: audience(undefined),
    finds: [
      [
        "service-account-audience-mismatch mandatory clientIdLists",
        'ServiceAccount "shop/api" asks for tokens with the audience "vault", as does role "api-irsa", but OIDC provider "shop" lists no audience.',
        'Add "vault" to clientIdLists of OIDC provider "shop".',
      ],
    ],
  },
  {
    name: "another file in the directory where the webhook mounts its token",
    stack: wired({
      deployment: container([
        { name: "AWS_ROLE_ARN", value: ROLE_ARN },
        { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/run/secrets/eks.amazonaws.com/serviceaccount/other" },
      ]),
    }),
    finds: [
      [
        "workload-token-volume mandatory spec.template.spec.containers[0].env[1]",
        'Container "api" of Deployment "shop/api" reads its token from "/var/run/secrets/eks.amazonaws.com/serviceaccount/other", and no volume is mounted there.',
        'Set AWS_WEB_IDENTITY_TOKEN_FILE to "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"',
      ],
    ],
  },
];

test.each(variants)("$name", (variant) => {
  expect(found(variant)).toEqual(variant.finds);
});
