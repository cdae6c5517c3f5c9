import type { Value } from "../../policy-pack/src/facts/value";
import type { Properties, Snapshot } from "../../policy-pack/src/model/snapshot";
import {
  ACCOUNT,
  firstPreview,
  ISSUER,
  PROVIDER_ARN,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  trustStatement,
  UNKNOWN,
  urnOf,
  urns,
  wired,
} from "../support/stack";
import { account, allow, conditions, policy } from "./trust-policy/support";
import { found, type Variant } from "./variants";

/*
 * The same faults in the other forms in which programs write them: in a List, by the older property, for several accounts at
 * once, in another package, of a party that lives elsewhere. Each stack goes through all rules, since the words have to fit.
 */

const KEY = "eks.amazonaws.com/role-arn";
const WEB = "system:serviceaccount:shop:web";
const two: Value = { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: [SUBJECT, WEB] } };
const denyAllButOps = {
  Effect: "Deny",
  Principal: { Federated: PROVIDER_ARN },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: { StringNotLike: { [`${ISSUER}:sub`]: "system:serviceaccount:ops:*" } },
};
const CHINA = ISSUER.replace("eu-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn");

/** A List with one ServiceAccount. */
const list = (metadata: Properties) =>
  resource(
    "kubernetes:core/v1:ServiceAccountList",
    "list",
    { items: [{ metadata }] },
    { from: { items: [urns.role, urns.namespace] }, dependsOn: [urns.attachment] },
  );

/** The role alone, for a subject. */
const trusting = (sub: string): Snapshot =>
  wired({ role: { assumeRolePolicy: trust({ sub }) }, serviceAccount: null, deployment: null });
const GENERAL = 'Set the subject to "system:serviceaccount:<namespace>:<name>".';
const noSubject = (seen: string, because: string, fix: string) =>
  [
    `trust-policy-subject-invalid mandatory assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]`,
    `Role "api-irsa" trusts the subject ${JSON.stringify(seen)}, which no ServiceAccount can have: ${because}.`,
    fix,
  ] as const;

/** The account `shop/api` uses the role of an IrsaBinding whose other arguments are these. */
function built(inputs: Properties): Snapshot {
  const parent = urnOf("eks-irsa:index:IrsaBinding", "api");
  const role = urnOf("aws:iam/role:Role", "built");
  return firstPreview({
    role: null,
    attachment: null,
    edges: { "serviceAccount.metadata": [role, urns.namespace] },
    plus: [
      resource("eks-irsa:index:IrsaBinding", "api", { namespace: "shop", serviceAccountName: "web", ...inputs }),
      resource(
        "aws:iam/role:Role",
        "built",
        { name: "built", assumeRolePolicy: UNKNOWN },
        { parent, from: { assumeRolePolicy: [urns.oidcProvider] } },
      ),
      resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "built",
        { role: "built", policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
        { parent, from: { role: [role] } },
      ),
    ],
  });
}
const strange = [
  "trust-policy-subject-mismatch mandatory assumeRolePolicy",
  'ServiceAccount "shop/api" uses role "built", which trusts only "system:serviceaccount:shop:web", not "system:serviceaccount:shop:api".',
  'Give the account a role of its own: new IrsaBinding("…", {"namespace":"shop","serviceAccountName":"api"}).',
] as const;

const variants: readonly Variant[] = [
  {
    name: "a Deny that refuses two accounts",
    stack: wired({ role: { assumeRolePolicy: policy(allow(two), denyAllButOps) }, plus: [account("web")] }),
    finds: [
      [
        "trust-policy-deny mandatory assumeRolePolicy.Statement[1]",
        `Role "api-irsa" refuses ServiceAccount "shop/api" and ServiceAccount "shop/web" by the Deny in Statement[1], whose condition StringNotLike on "${ISSUER}:sub" holds for them.`,
        "Change the condition of Statement[1] so that it leaves these accounts out",
      ],
    ],
  },
  {
    name: "a provider's ARN that ends in a slash",
    stack: wired({ role: { assumeRolePolicy: trust({ provider: `${PROVIDER_ARN}/` }) } }),
    finds: [
      [
        "trust-policy-principal-invalid mandatory assumeRolePolicy.Statement[0].Principal.Federated",
        `Role "api-irsa" trusts the principal "${PROVIDER_ARN}/", an ARN with a slash at its end, which no EKS issuer has.`,
        `Set Principal to {"Federated":"${PROVIDER_ARN}"}.`,
      ],
    ],
  },
  {
    name: "a provider of another partition than its issuer, in a stack that does not tell its own",
    stack: wired({
      cluster: null,
      oidcProvider: null,
      serviceAccount: null,
      deployment: null,
      role: {
        assumeRolePolicy: trust({ issuer: CHINA, provider: `arn:aws:iam::${ACCOUNT}:oidc-provider/${CHINA}` }),
      },
    }),
    finds: [
      [
        "trust-policy-principal-invalid advisory assumeRolePolicy.Statement[0].Principal.Federated",
        `Role "api-irsa" trusts the principal "arn:aws:iam::${ACCOUNT}:oidc-provider/${CHINA}", an ARN of another partition than "aws-cn", in which the issuer is.`,
        `Set Principal to {"Federated":"arn:aws-cn:iam::${ACCOUNT}:oidc-provider/${CHINA}"}.`,
      ],
    ],
  },
  {
    name: "everybody as the principal, where no provider of the stack can be named",
    stack: wired({
      oidcProvider: null,
      role: { assumeRolePolicy: policy({ ...(trustStatement() as Properties), Principal: "*" }) },
    }),
    finds: [
      [
        "trust-policy-principal-wildcard advisory assumeRolePolicy.Statement[0].Principal",
        'Role "api-irsa" trusts the principal "*" in Statement[0], so only the conditions decide who may assume it.',
        'Set Principal to {"Federated":"<ARN of the OIDC provider>"}.',
      ],
    ],
  },
  {
    name: "the same for sts:AssumeRole, beside the statement for the pods",
    stack: wired({
      cluster: null,
      kubernetes: { kubeconfig: UNKNOWN },
      oidcProvider: null,
      config: { clusters: [{ name: "shop", issuer: ISSUER }] },
      role: {
        assumeRolePolicy: policy({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }, allow(conditions())),
      },
    }),
    finds: [
      [
        "trust-policy-principal-wildcard mandatory assumeRolePolicy.Statement[0].Principal",
        'Role "api-irsa" trusts the principal "*" in Statement[0], and no condition keeps anybody out.',
        'Name who is meant: for pods {"Federated":"<ARN of the OIDC provider>"}',
      ],
    ],
  },
  {
    name: "an item of a List without a namespace",
    stack: wired({
      serviceAccount: null,
      deployment: null,
      plus: [list({ name: "api", annotations: { [KEY]: ROLE_ARN } })],
    }),
    finds: [
      [
        "trust-policy-subject-mismatch mandatory items[0].metadata.namespace",
        'ServiceAccount "default/api" uses role "api-irsa", which trusts only "system:serviceaccount:shop:api", not "system:serviceaccount:default:api".',
        'Set items[0].metadata.namespace to "shop".',
      ],
    ],
  },
  {
    name: "two accounts of a role that trusts the provider in another account",
    stack: wired({
      role: {
        assumeRolePolicy: policy(
          allow(two, { Principal: { Federated: PROVIDER_ARN.replace(ACCOUNT, "444455556666") } }),
        ),
      },
      plus: [account("web")],
    }),
    finds: [
      [
        "trust-policy-provider-mismatch mandatory assumeRolePolicy.Statement[0].Principal.Federated",
        'ServiceAccount "shop/api" and ServiceAccount "shop/web" use role "api-irsa", which is in account "111122223333" but trusts the OIDC provider of EKS cluster "shop" in account "444455556666".',
        `Make an OIDC provider for the issuer in account "111122223333" and trust it: {"Effect":"Allow"`,
      ],
    ],
  },
  {
    name: "a subject without a namespace",
    stack: trusting("system:serviceaccount::api"),
    finds: [noSubject("system:serviceaccount::api", "its namespace is empty", GENERAL)],
  },
  {
    name: "a subject without a name",
    stack: trusting("system:serviceaccount:shop:"),
    finds: [noSubject("system:serviceaccount:shop:", "the name of the account is empty", GENERAL)],
  },
  {
    name: "a subject whose name no object can have",
    stack: trusting(`system:serviceaccount:shop:${"x".repeat(260)}`),
    finds: [
      noSubject(
        `system:serviceaccount:shop:${"x".repeat(92)}…`,
        "the name of the account is longer than 253 characters",
        GENERAL,
      ),
    ],
  },
  {
    name: "a subject with a slip in the name of an account that has no role yet",
    stack: wired({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:ap i" }) },
      serviceAccount: { metadata: { annotations: { [KEY]: null } } },
      deployment: null,
    }),
    finds: [
      noSubject(
        "system:serviceaccount:shop:ap i",
        'its name "ap i" has characters other than a-z, 0-9, "-" and "."',
        'Set the subject to "system:serviceaccount:shop:api".',
      ),
    ],
  },
  {
    name: "NotAction for the one action that pods need",
    stack: wired({
      role: {
        assumeRolePolicy: policy(
          allow(conditions(), { Action: undefined as never, NotAction: "sts:AssumeRoleWithWebIdentity" }),
        ),
      },
    }),
    finds: [
      [
        "trust-policy-not-web-identity mandatory assumeRolePolicy.Statement[0].NotAction",
        `Role "api-irsa" trusts the OIDC provider of "${ISSUER}" for every action but "sts:AssumeRoleWithWebIdentity", so not for "sts:AssumeRoleWithWebIdentity".`,
        'Set Action to "sts:AssumeRoleWithWebIdentity" in place of NotAction.',
      ],
    ],
  },
  {
    name: "an IrsaBinding for one subject, and an account of another at the first preview",
    stack: built({ subject: WEB }),
    finds: [strange],
  },
  {
    name: "an IrsaBinding for a list of subjects, and an account of another at the first preview",
    stack: built({ subjects: [WEB] }),
    finds: [strange],
  },
];

test.each(variants)("$name", (variant) => {
  expect(found(variant)).toEqual(variant.finds);
});

test.each<[string, Properties]>([
  ["one of its subjects", { subjects: [WEB, UNKNOWN] }],
  ["all of its subjects", { subjects: UNKNOWN }],
  ["its subject", { subject: UNKNOWN }],
])("an IrsaBinding that does not know %s yet accuses nobody", (_, inputs) => {
  expect(found({ name: "", stack: built(inputs), finds: [] })).toEqual([]);
});
