import type { Value } from "../../../policy-pack/src/facts/value";
import {
  firstPreview,
  ISSUER,
  OTHER_ISSUER,
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
  type TrustOptions,
  type Wiring,
} from "../../support/stack";
import type { Details } from "../../support/judgements";
import { account, allow, policy } from "../trust-policy/support";

const sub = (value: Value, operator = "StringEquals") =>
  wired({ role: { assumeRolePolicy: trust({ sub: value, operator }) } });
const document = (assumeRolePolicy: Value) => wired({ role: { assumeRolePolicy } });
const statement = (changes: Readonly<Record<string, Value | undefined>>) => {
  const whole = { ...(trustStatement() as Readonly<Record<string, Value>>), ...changes };
  const kept = Object.entries(whole).filter((each): each is [string, Value] => each[1] !== undefined);
  return document(JSON.stringify({ Version: "2012-10-17", Statement: [Object.fromEntries(kept)] }));
};
/** The policy of a role that four accounts use. */
const four = (options: TrustOptions) =>
  wired({ role: { assumeRolePolicy: trust(options) }, plus: [account("w1"), account("w2"), account("w3")] });
const BUILT = urnOf("aws:iam/role:Role", "built");

/** A program that writes `${provider.url}` into the policy, and the ARN by hand. */
const rawUrl: Wiring = {
  cluster: null,
  oidcProvider: { url: `https://${ISSUER}` },
  role: { assumeRolePolicy: trust({ issuer: `https://${ISSUER}`, provider: PROVIDER_ARN }) },
};

const details: Details = {
  "trust-policy-subject-mismatch": {
    "no subject at all": sub([]),
    "a pattern that takes it, and a condition that takes it away": statement({
      Condition: {
        StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:shop:*" },
        StringNotEquals: { [`${ISSUER}:sub`]: SUBJECT },
        StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
      },
    }),
    "the case of the name": sub("system:serviceaccount:shop:API"),
    "the case of one of two": sub(["system:serviceaccount:ops:worker", "system:serviceaccount:SHOP:api"]),
    "namespace and name": sub("system:serviceaccount:ops:worker"),
    "the namespace of one of two": sub(["system:serviceaccount:ops:worker", "system:serviceaccount:ops:api"]),
    "the name of one of two": sub(["system:serviceaccount:ops:worker", "system:serviceaccount:shop:web"]),
    "a text that is no subject, before another namespace": sub(["shop", "system:serviceaccount:ops:api"]),
    "a text that is no subject, before another name": sub(["shop", "system:serviceaccount:shop:web"]),
    "a pattern that is no subject": sub("*:ops:api", "StringLike"),
    "a pattern that begins in the namespace": sub("system:serviceaccount:op*", "StringLike"),
    "the case, where the account is the one that is written wrong": wired({
      serviceAccount: { metadata: { name: "API" } },
      deployment: null,
    }),
    "the case, where the account is written wrong and the role takes another too": wired({
      role: { assumeRolePolicy: trust({ sub: ["system:serviceaccount:ops:worker", SUBJECT] }) },
      serviceAccount: { metadata: { name: "API" } },
      deployment: null,
    }),
    "another name while the audience is not known": wired({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": UNKNOWN } } },
    }),
    "a pattern of another namespace": sub("system:serviceaccount:ops:*", "StringLike"),
    "another namespace while the name is not known": wired({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:ops:*", operator: "StringLike" }) },
      serviceAccount: { metadata: { name: UNKNOWN } },
      deployment: null,
    }),
    "another name while the namespace is not known": wired({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
      serviceAccount: { metadata: { namespace: UNKNOWN } },
      deployment: null,
    }),
    "another namespace and name of an IrsaBinding, for an account whose name is not known": firstPreview({
      role: null,
      attachment: null,
      deployment: null,
      serviceAccount: { metadata: { name: UNKNOWN, namespace: "store" } },
      edges: { "serviceAccount.metadata": [BUILT] },
      plus: [
        resource("eks-irsa:index:IrsaBinding", "api", { namespace: "shop", serviceAccountName: "api" }),
        resource(
          "aws:iam/role:Role",
          "built",
          { name: "built", assumeRolePolicy: UNKNOWN },
          { parent: urnOf("eks-irsa:index:IrsaBinding", "api"), from: { assumeRolePolicy: [urns.oidcProvider] } },
        ),
      ],
    }),
    "another namespace while the name that Pulumi makes is not known": firstPreview({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:ops:api" }) },
      serviceAccount: { metadata: { name: undefined } },
      deployment: null,
    }),
    "another name while the issuer of the cluster is not known": firstPreview({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
      deployment: null,
    }),
    "another audience and subject": wired({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": "shop" } } },
    }),
    "another account uses the role rightly, and its own is not known yet": firstPreview({
      role: { assumeRolePolicy: trust() },
      plus: [
        account("web", {}, UNKNOWN),
        resource(
          "aws:iam/role:Role",
          "web",
          { name: "web-irsa", assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
          { from: { assumeRolePolicy: [urns.oidcProvider] }, outputs: { arn: UNKNOWN } },
        ),
      ],
    }),
    "a release in another namespace than both": wired({
      serviceAccount: null,
      deployment: null,
      plus: [
        resource(
          "kubernetes:helm.sh/v3:Release",
          "shop",
          {
            chart: "external-dns",
            namespace: "store",
            name: "dns",
            values: { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
          },
          { from: { values: [urns.role] } },
        ),
      ],
    }),
    "a release of a known chart among subjects": wired({
      role: { assumeRolePolicy: trust({ sub: ["system:serviceaccount:ops:dns", SUBJECT] }) },
      serviceAccount: null,
      deployment: null,
      plus: [
        resource(
          "kubernetes:helm.sh/v3:Release",
          "shop",
          {
            chart: "external-dns",
            namespace: "shop",
            name: "dns",
            values: { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
          },
          { from: { values: [urns.role] } },
        ),
      ],
    }),
  },
  "trust-policy-audience-mismatch": {
    "of four accounts, three are shown": four({
      aud: "vault",
      sub: ["api", "w1", "w2", "w3"].map((name) => `system:serviceaccount:shop:${name}`),
    }),
    "the audience with the suffix of China": document(trust({ aud: "sts.amazonaws.com.cn" })),
    "one of two with the suffix of China": document(trust({ aud: ["vault", "sts.amazonaws.com.cn"] })),
    "a client id of the provider, which another account asks for": wired({
      oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] },
      role: { assumeRolePolicy: trust({ aud: ["vault", "consul"] }) },
    }),
    "the issuer of the cluster is not known yet": firstPreview({ role: { assumeRolePolicy: trust({ aud: "vault" }) } }),
    "a role for nobody": wired({
      role: { assumeRolePolicy: trust({ aud: "sts.amazonaws.con" }) },
      serviceAccount: null,
      deployment: null,
    }),
    "the first preview": firstPreview(),
    "the audience of the account is not known": wired({
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": UNKNOWN } } },
    }),
  },
  "trust-policy-condition-key-invalid": {
    "of four accounts, three are shown": four({ issuer: `https://${ISSUER}`, provider: PROVIDER_ARN }),
    "the issuer of another cluster": document(trust({ issuer: OTHER_ISSUER, provider: PROVIDER_ARN })),
    "a claim that tokens do not have": statement({
      Condition: { StringEquals: { [`${ISSUER}:subject`]: SUBJECT, [`${ISSUER}:aud`]: "sts.amazonaws.com" } },
    }),
    "a claim that tokens do not have, beside the right ones": statement({
      Condition: {
        StringEquals: {
          [`${ISSUER}:namespace`]: "shop",
          [`${ISSUER}:sub`]: SUBJECT,
          [`${ISSUER}:aud`]: "sts.amazonaws.com",
        },
      },
    }),
    "a key of no claim, of a provider that nobody can name": statement({
      Principal: { Federated: "*" },
      Condition: { StringEquals: { "https://example.com:namespace": "shop" } },
    }),
    "the url of a provider that is not made yet": firstPreview(rawUrl),
    "the same, and the policy came from elsewhere": firstPreview({ ...rawUrl, edges: { "role.assumeRolePolicy": [] } }),
    "the same url, and the provider is made": wired(rawUrl),
    "an operator that holds where the key is missing": statement({
      Condition: {
        StringEqualsIfExists: { [`https://${ISSUER}:sub`]: SUBJECT },
        StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
      },
    }),
    "an operator that holds where the key is missing, beside the right one": statement({
      Condition: {
        StringNotEquals: { [`https://${ISSUER}:sub`]: "system:serviceaccount:shop:web" },
        StringEquals: { [`${ISSUER}:sub`]: SUBJECT, [`${ISSUER}:aud`]: "sts.amazonaws.com" },
      },
    }),
  },
  "trust-policy-condition-unsatisfiable": {
    "of four accounts, three are shown": wired({
      role: {
        assumeRolePolicy: policy(
          allow({
            StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: SUBJECT },
            StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:ops:*" },
          }),
        ),
      },
      plus: [account("w1"), account("w2"), account("w3")],
    }),
    "of four accounts, three are shown, for a key that is never carried": wired({
      role: {
        assumeRolePolicy: policy(
          allow({
            StringEquals: {
              [`${ISSUER}:aud`]: "sts.amazonaws.com",
              [`${ISSUER}:sub`]: ["api", "w1", "w2", "w3"].map((name) => `system:serviceaccount:shop:${name}`),
              "aws:PrincipalOrgID": "o-1234567890",
            },
          }),
        ),
      },
      plus: [account("w1"), account("w2"), account("w3")],
    }),
    "a key of another issuer": wired({
      role: {
        assumeRolePolicy: policy(
          allow({
            StringEquals: {
              [`${ISSUER}:aud`]: "sts.amazonaws.com",
              [`${ISSUER}:sub`]: SUBJECT,
              [`${OTHER_ISSUER}:sub`]: SUBJECT,
            },
          }),
        ),
      },
    }),
    "a key of another issuer whose name has that of a service in it": wired({
      role: {
        assumeRolePolicy: policy(
          allow({
            StringEquals: {
              [`${ISSUER}:aud`]: "sts.amazonaws.com",
              [`${ISSUER}:sub`]: SUBJECT,
              "token.example.com/sts:sub": SUBJECT,
            },
          }),
        ),
      },
    }),
    "values of which one is a pattern": wired({
      role: {
        assumeRolePolicy: policy(
          allow({
            StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: SUBJECT },
            StringLike: { [`${ISSUER}:sub`]: ["system:serviceaccount:shop:web", "system:serviceaccount:ops:*"] },
          }),
        ),
      },
    }),
    "values of which none is a pattern": wired({
      role: {
        assumeRolePolicy: policy(
          allow({
            StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: SUBJECT },
            "ForAnyValue:StringEquals": { [`${ISSUER}:sub`]: "system:serviceaccount:shop:web" },
          }),
        ),
      },
    }),
  },
  "trust-policy-operator-unsafe": {
    "a subject of any kind, negated": statement({
      Condition: { StringNotEquals: { [`${ISSUER}:sub`]: "system:serviceaccount:shop:web" } },
    }),
    "an audience, negated": statement({
      Condition: {
        StringNotEquals: { [`${ISSUER}:aud`]: "vault" },
        StringEquals: { [`${ISSUER}:sub`]: SUBJECT },
      },
    }),
    "a subject that must be missing": statement({
      Condition: {
        Null: { [`${ISSUER}:sub`]: "true" },
        StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
      },
    }),
    "an audience that must be missing": statement({
      Condition: { Null: { [`${ISSUER}:aud`]: "true" }, StringEquals: { [`${ISSUER}:sub`]: SUBJECT } },
    }),
    "a subject as an ARN": statement({
      Condition: {
        ArnEquals: { [`${ISSUER}:sub`]: SUBJECT },
        StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
      },
    }),
    "a subject that may be missing": sub(SUBJECT, "StringEqualsIfExists"),
    "a subject of several values": sub(SUBJECT, "ForAllValues:StringEquals"),
    "every subject, where that was allowed": wired({
      role: { assumeRolePolicy: trust({ sub: SUBJECT, operator: "StringEqualsIfExists" }) },
      config: { allowedSubjects: ["system:serviceaccount:*"] },
    }),
    "every subject, where all was allowed": wired({
      role: { assumeRolePolicy: trust({ sub: SUBJECT, operator: "StringEqualsIfExists" }) },
      config: { allowedSubjects: ["*"] },
    }),
    "every subject, where one namespace was allowed": wired({
      role: { assumeRolePolicy: trust({ sub: SUBJECT, operator: "StringEqualsIfExists" }) },
      config: { allowedSubjects: ["system:serviceaccount:shop:*"] },
    }),
    "an audience, where every subject was allowed": wired({
      role: {
        assumeRolePolicy: policy(
          allow({
            StringEqualsIfExists: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
            StringEquals: { [`${ISSUER}:sub`]: SUBJECT },
          }),
        ),
      },
      config: { allowedSubjects: ["system:serviceaccount:*"] },
    }),
    "every action but one": statement({ Action: undefined, NotAction: "sts:AssumeRole" }),
  },
};

export default details;
