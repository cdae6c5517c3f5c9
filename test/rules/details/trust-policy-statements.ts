import type { Value } from "../../../policy-pack/src/facts/value";
import {
  firstPreview,
  ISSUER,
  OTHER_ISSUER,
  PROVIDER_ARN,
  SUBJECT,
  trust,
  trustStatement,
  UNKNOWN,
  wired,
  type TrustOptions,
} from "../../support/stack";
import type { Details } from "../../support/judgements";
import { account, allow, conditions, OTHER_PROVIDER, otherCluster, policy } from "../trust-policy/support";

const document = (assumeRolePolicy: Value) => wired({ role: { assumeRolePolicy } });
const statement = (changes: Readonly<Record<string, Value | undefined>>) => {
  const whole = { ...(trustStatement() as Readonly<Record<string, Value>>), ...changes };
  const kept = Object.entries(whole).filter((each): each is [string, Value] => each[1] !== undefined);
  return document(JSON.stringify({ Version: "2012-10-17", Statement: [Object.fromEntries(kept)] }));
};
const TEXT = "Calling [toString] on an [Output<T>] is not supported.";
/** The policy of a role that four accounts use. */
const four = (options: TrustOptions) =>
  wired({ role: { assumeRolePolicy: trust(options) }, plus: [account("w1"), account("w2"), account("w3")] });
const two = { role: { assumeRolePolicy: trust({ sub: [SUBJECT, "system:serviceaccount:shop:web"] }) } };
const SIZE = trust().length;
const SIZE_OF_TWO = two.role.assumeRolePolicy.length;

const deny = (when: Value | undefined) => allow(when, { Effect: "Deny" });

const details: Details = {
  "trust-policy-invalid": {
    "a list": document("[]"),
    "a text made of an Output": document(TEXT),
    "one text made of an Output": document(trust({ provider: TEXT })),
    "no statement": document('{"Version":"2012-10-17"}'),
    "no statement in the list": document('{"Version":"2012-10-17","Statement":[]}'),
    "a version that does not exist": document('{"Version":"2012-10-18","Statement":[]}'),
    "no Effect": statement({ Effect: undefined }),
    "no Action": statement({ Action: undefined }),
    "no Principal": statement({ Principal: undefined }),
    "no Principal and no known action": statement({ Principal: undefined, Action: "s3:GetObject" }),
    "no Principal, with NotResource": statement({ Principal: undefined, NotResource: "*" }),
    "no Principal and a NotAction": statement({ Principal: undefined, Action: undefined, NotAction: "sts:AssumeRole" }),
    "an unknown action of a principal": statement({ Action: "s3:GetObject" }),
    "an unknown action and a Resource of a principal": statement({ Action: "s3:GetObject", Resource: "*" }),
    "a permission beside a sound statement": document(
      policy(allow(conditions()), { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "*" }),
    ),
    "two permissions": document(
      policy(
        { Resource: "*", Action: "s3:GetObject", Effect: "Allow" },
        { Resource: "*", Action: "s3:PutObject", Effect: "Allow" },
      ),
    ),
    "an Action that is an object": statement({ Action: {} }),
    "a Principal that is a list": statement({ Principal: [] }),
    "a Condition that is a list": statement({ Condition: [] }),
    "an Effect that does not exist": statement({ Effect: "allow" }),
    "a name that IAM does not know": document(
      JSON.stringify({ Version: "2012-10-17", Statement: [trustStatement()], statements: [] }),
    ),
    "the arguments alone": document({ statements: [] }),
    "the result alone": document({ json: trust() }),
    "two unknown names": document(
      JSON.stringify({ Version: "2012-10-17", Statement: [trustStatement()], name: "a", label: "b" }),
    ),
    "names of arguments within a statement": statement({ json: "a", statements: "b" }),
    "names of arguments for operators": statement({
      Condition: { json: { [`${ISSUER}:sub`]: SUBJECT }, statements: { [`${ISSUER}:aud`]: "sts.amazonaws.com" } },
    }),
    "two unknown operators, the longer first": statement({
      Condition: {
        StringEqualsIgnoringCase: { [`${ISSUER}:sub`]: SUBJECT },
        StringSame: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
      },
    }),
    "a key twice at the top": document(
      `{"Version":"2012-10-17","Version":"2012-10-17","Statement":[${JSON.stringify(trustStatement())}]}`,
    ),
    "no Action, and a Resource": statement({ Action: undefined, Resource: "*" }),
    "a permission with an element that nobody knows": document(
      policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*", Team: "shop" }),
    ),
    "a permission whose Effect is misspelt": document(
      policy({ Effect: "allow", Action: "s3:GetObject", Resource: "*" }),
    ),
    "two elements that nobody knows": statement({ Team: "shop", Area: "web" }),
    "two elements that nobody knows, of unlike length": statement({ Z: "shop", Area: "web" }),
  },
  "trust-policy-not-web-identity": {
    "of four accounts, three are shown": four({ action: "sts:AssumeRole" }),
    "of four accounts, three are shown, for a principal": wired({
      role: {
        assumeRolePolicy: policy({
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: "sts:AssumeRole",
        }),
      },
      plus: [account("w1"), account("w2"), account("w3")],
    }),
    "nobody is trusted": document(
      policy({
        Effect: "Deny",
        Principal: { AWS: "111122223333" },
        Action: "sts:AssumeRoleWithWebIdentity",
      }),
    ),
  },
  "trust-policy-principal-wildcard": {
    "everybody, without a condition": document(
      policy({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRoleWithWebIdentity" }),
    ),
    "everybody in AWS, for sts:AssumeRole": document(
      policy(allow(conditions()), { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
    ),
    "everybody, with conditions": document(policy(allow(conditions(), { Principal: "*" }))),
    "everybody in AWS, with a condition": document(
      policy(allow(conditions()), {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1234567890" } },
      }),
    ),
    "everybody, in a stack of two providers": wired({
      role: { assumeRolePolicy: policy(allow(conditions(), { Principal: "*" })) },
      plus: otherCluster("known"),
    }),
    "everybody, in a stack of two providers, one of which came to the role": wired({
      role: { assumeRolePolicy: policy(allow(conditions(), { Principal: "*" })) },
      plus: otherCluster("known"),
      edges: { "role.assumeRolePolicy": [OTHER_PROVIDER] },
    }),
    "everybody, in a stack of two providers, neither of which came to the role": wired({
      role: { assumeRolePolicy: policy(allow(conditions(), { Principal: "*" })) },
      plus: otherCluster("known"),
      edges: { "role.assumeRolePolicy": [] },
    }),
    "everybody, before the provider is made": firstPreview({
      role: { assumeRolePolicy: policy(allow(conditions(), { Principal: "*" })) },
    }),
    "everybody, without a provider": wired({
      oidcProvider: null,
      role: { assumeRolePolicy: policy(allow(conditions(), { Principal: "*" })) },
    }),
    "everybody, in a role that came from no provider": wired({
      role: { assumeRolePolicy: policy(allow(undefined, { Principal: "*" })) },
      edges: { "role.assumeRolePolicy": [] },
    }),
  },
  "trust-policy-provider-mismatch": {
    "of four accounts, three are shown": wired({
      role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
      plus: [account("w1"), account("w2"), account("w3"), ...otherCluster("known", "other")],
    }),
    "the provider of another account": document(
      trust({ provider: PROVIDER_ARN.replace("111122223333", "444455556666") }),
    ),
    "the first preview": firstPreview(),
    "the provider of another cluster, at the first preview": firstPreview({
      edges: { "role.assumeRolePolicy": [OTHER_PROVIDER] },
      plus: otherCluster("first", "other"),
    }),
  },
  "trust-policy-principal-invalid": {
    nothing: document(trust({ provider: "" })),
    "nothing, in a stack without a provider": wired({
      oidcProvider: null,
      role: { assumeRolePolicy: trust({ provider: "" }) },
    }),
    "a slash": document(trust({ provider: `${PROVIDER_ARN}/` })),
    "another partition": document(trust({ provider: PROVIDER_ARN.replace("arn:aws:", "arn:aws-cn:") })),
    "another host": document(
      trust({ provider: PROVIDER_ARN.replace("oidc.eks.eu-west-1.amazonaws.com", "oidc-eks.eu-west-1.api.aws") }),
    ),
  },
  "trust-policy-too-long": {
    "one character more than the quota, for one account and another that may be": wired({
      ...two,
      serviceAccount: null,
      deployment: null,
      config: { trustPolicyQuota: SIZE_OF_TWO - 1 },
    }),
    "exactly the quota": wired({ config: { trustPolicyQuota: SIZE } }),
    "one character more than the quota": wired({ config: { trustPolicyQuota: SIZE - 1 } }),
    "exactly the quota, for two accounts": wired({ ...two, config: { trustPolicyQuota: SIZE_OF_TWO } }),
    "one character more than the quota, for two accounts": wired({
      ...two,
      config: { trustPolicyQuota: SIZE_OF_TWO - 1 },
    }),
    "room for no third account": wired({ ...two, config: { trustPolicyQuota: SIZE_OF_TWO + 10 } }),
    "room for a third account": wired({ ...two, config: { trustPolicyQuota: SIZE_OF_TWO + 200 } }),
    "far more than the quota, for two accounts": wired({ ...two, config: { trustPolicyQuota: 100 } }),
  },
  "trust-policy-audience-missing": {
    "the audience that the account asks for": wired({
      role: { assumeRolePolicy: policy(allow({ StringEquals: { [`${ISSUER}:sub`]: SUBJECT } })) },
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": "vault" } } },
    }),
    "an audience that is not known": wired({
      role: { assumeRolePolicy: policy(allow({ StringEquals: { [`${ISSUER}:sub`]: SUBJECT } })) },
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": UNKNOWN } } },
    }),
  },
  "trust-policy-subject-invalid": {
    "of four accounts, three are shown": four({ sub: "shop:api" }),
    "beside a right one": document(trust({ sub: [SUBJECT, "shop:web"] })),
  },
  "trust-policy-subject-too-broad": {
    "of four accounts, three are shown": four({ sub: "system:serviceaccount:shop:*", operator: "StringLike" }),
    "every account, of nobody here": wired({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:*", operator: "StringLike" }) },
      serviceAccount: null,
      deployment: null,
    }),
  },
  "trust-policy-subject-wildcard": {
    "of four accounts, three are shown": four({ sub: "system:serviceaccount:shop:*" }),
  },
  "trust-policy-subject-missing": {
    "no subject": document(trust({ sub: null })),
    "neither subject nor audience": document(trust({ sub: null, aud: null })),
    "a subject that is not known": document({ Version: "2012-10-17", Statement: [trustStatement({ sub: UNKNOWN })] }),
    "no subject in the second of two statements": document(
      policy(trustStatement(), allow({ StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" } })),
    ),
    "no subject, of four accounts": four({ sub: null }),
    "no subject, for an action of another kind": document(trust({ sub: null, action: "sts:TagSession" })),
  },
  "trust-policy-deny": {
    "the account itself": document(policy(trustStatement(), deny({ StringEquals: { [`${ISSUER}:sub`]: SUBJECT } }))),
    "another account": document(
      policy(trustStatement(), deny({ StringEquals: { [`${ISSUER}:sub`]: "system:serviceaccount:shop:web" } })),
    ),
    everybody: document(policy(trustStatement(), deny(undefined))),
    "all but the account": document(
      policy(trustStatement(), deny({ StringNotEquals: { [`${ISSUER}:sub`]: SUBJECT } })),
    ),
    "a subject that is not known": document({
      Version: "2012-10-17",
      Statement: [trustStatement(), deny({ StringEquals: { [`${ISSUER}:sub`]: UNKNOWN } })],
    }),
    "everybody, of four accounts": wired({
      role: { assumeRolePolicy: policy(trustStatement({ sub: SUBJECT }), deny(undefined)) },
      plus: [account("w1"), account("w2"), account("w3")],
    }),
  },
};

export default details;
