import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import { firstPreview, resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired, type Wiring } from "../../support/stack";
import type { Details } from "../../support/judgements";

const attach = (policyArn: string) => wired({ attachment: { policyArn } });
const ELEVEN = Array.from({ length: 11 }, (_, index) => `arn:aws:iam::111122223333:policy/shop-${index}`);

/** One more attachment to the role, of a policy that another resource gives. */
const attachment = (name: string, from: readonly string[]) =>
  resource(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name,
    { role: "api-irsa", policyArn: UNKNOWN },
    { from: { role: [urns.role], policyArn: from } },
  );
const policy = (name: string) =>
  resource("aws:iam/policy:Policy", name, { policy: UNKNOWN }, { outputs: { arn: UNKNOWN } });
const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];

const document = (...statements: readonly Value[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allowing = (Action: Value, Resource: Value = "*") => ({ Effect: "Allow", Action, Resource });
const denying = (Action: Value) => ({ Effect: "Deny", Action, Resource: "*" });
const needing = (...actions: readonly string[]): Wiring => ({ config: { requiredActions: { "shop/api": actions } } });
const inline = (...statements: readonly Value[]) =>
  resource(INLINE, "s3", { role: "api-irsa", name: "s3", policy: document(...statements) });
const INLINE = "aws:iam/rolePolicy:RolePolicy";

/** An attachment to a role that is not known yet. */
const possible = (inputs: Properties = {}) =>
  resource(INLINE, "maybe", { role: UNKNOWN, name: "maybe", policy: UNKNOWN, ...inputs });

const withRole = (inputs: Readonly<Record<string, Value>>) => wired({ attachment: null, role: inputs });
const stray = (role: Value) =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "stray", {
    role,
    policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
  });

const details: Details = {
  "role-policy-arn-invalid": {
    "the name of a policy between spaces": attach(" AmazonS3ReadOnlyAccess "),
    "a text that is no name, its end": attach("read (all)"),
    "a text that is no name, its start": attach("(all) read"),
    "the ARN of a role": attach("arn:aws:iam::111122223333:role/shop"),
    "the ARN of a policy without a name": attach("arn:aws:iam::111122223333:policy/"),
    "an ARN whose type only ends in policy": attach("arn:aws:iam::111122223333:session-policy/shop"),
    "an ARN of another service that reads like a policy's": attach("arn:aws:s3::111122223333:policy/shop"),
    "an ARN with a region": attach("arn:aws:iam:eu-west-1:111122223333:policy/shop"),
    "an account with a digit too many": attach("arn:aws:iam::1111222233334:policy/shop"),
    "an account that only ends in aws": attach("arn:aws:iam::my-aws:policy/shop"),
    "an account that only begins with aws": attach("arn:aws:iam::aws-managed:policy/shop"),
    "another path of one letter": attach("arn:aws:iam::aws:policy/x/AmazonEBSCSIDriverPolicy"),
    "another path": attach("arn:aws:iam::aws:policy/team/AmazonEBSCSIDriverPolicy"),
    "a role that names the wrong policy itself": wired({
      attachment: null,
      role: { managedPolicyArns: ["arn:aws:s3:::shop", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
    }),
    "the name of a policy for a role whose partition nobody knows": wired({
      attachment: null,
      role: null,
      plus: [unplaced({ managedPolicyArns: ["AmazonS3ReadOnlyAccess", "read (all)"] })],
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } } },
      edges: { "serviceAccount.metadata": [urns.role] },
    }),
    "a policy to be made by hand, in an account that nobody knows": wired({
      attachment: null,
      role: null,
      plus: [unplaced({ managedPolicyArns: ["arn:aws:iam::aws:policy/AWSLoadBalancerControllerIAMPolicy"] })],
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } } },
      edges: { "serviceAccount.metadata": [urns.role] },
    }),
    "a wrong policy of a role that has nothing to do with pods": wired({
      plus: [
        resource("aws:iam/role:Role", "lambda", {
          name: "lambda",
          assumeRolePolicy: "{}",
          managedPolicyArns: ["arn:aws:s3:::shop"],
        }),
      ],
    }),
    "eleven attachments of policies that the stack makes": firstPreview({
      attachment: null,
      plus: names.flatMap((name) => [policy(name), attachment(name, [urnOf("aws:iam/policy:Policy", name)])]),
    }),
    "eleven attachments of one policy": firstPreview({
      attachment: null,
      plus: [policy("a"), ...names.map((name) => attachment(name, [urnOf("aws:iam/policy:Policy", "a")]))],
    }),
    "ten policies and one that is made of two": firstPreview({
      attachment: null,
      role: { managedPolicyArns: ELEVEN.slice(1) },
      plus: [
        policy("a"),
        policy("b"),
        attachment("a", [urnOf("aws:iam/policy:Policy", "a"), urnOf("aws:iam/policy:Policy", "b")]),
      ],
    }),
    "ten policies and one in the role itself": wired({
      role: {
        managedPolicyArns: ELEVEN.slice(1),
        inlinePolicies: [{ name: "own", policy: '{"Version":"2012-10-17","Statement":[]}' }],
      },
      attachment: null,
    }),
    "ten policies and an attachment": wired({ role: { managedPolicyArns: ELEVEN.slice(1) } }),
    "eleven policies, and an inline one": wired({
      attachment: null,
      role: { managedPolicyArns: ELEVEN },
      plus: [inline(allowing("s3:GetObject"))],
    }),
  },
  "role-action-denied": {
    "objects through the bucket alone, in the role itself": withRole({
      inlinePolicies: [{ name: "s3", policy: document(allowing("s3:GetObject", "arn:aws:s3:::shop")) }],
    }),
    "objects through the bucket alone, for nobody": wired({
      attachment: null,
      serviceAccount: null,
      deployment: null,
      plus: [inline(allowing("s3:GetObject", "arn:aws:s3:::shop"))],
    }),
    "what is needed of a role that is not known": wired({
      ...needing("s3:GetObject"),
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } } },
      edges: { "serviceAccount.metadata": [] },
    }),
    "what is needed of a role without policies": wired({ ...needing("s3:GetObject"), attachment: null }),
    "what is needed of a role whose only policy may be another's": wired({
      ...needing("s3:GetObject"),
      attachment: null,
      plus: [possible()],
    }),
    "allowed, while another policy may deny it": wired({
      ...needing("s3:GetObject"),
      attachment: null,
      plus: [inline(allowing("s3:GetObject")), possible()],
    }),
    "allowed, while another attachment names an AWS-managed policy": wired({
      ...needing("s3:GetObject"),
      attachment: null,
      plus: [
        inline(allowing("s3:GetObject")),
        resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "maybe", {
          role: UNKNOWN,
          policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        }),
      ],
    }),
    "not allowed, while another policy may": wired({
      ...needing("s3:PutObject"),
      attachment: null,
      plus: [inline(allowing("s3:GetObject")), possible()],
    }),
    "denied, while another policy may allow it": wired({
      ...needing("s3:PutObject"),
      attachment: null,
      plus: [inline(allowing("s3:*"), denying("s3:Put*")), possible()],
    }),
    "denied, not allowed and no action, of one account": wired({
      ...needing("s3:PutObject", "s3:DeleteObject", "sqs:SendMessage", "GetObject", "sns:Publish"),
      attachment: null,
      plus: [inline(allowing("s3:*"), denying("s3:Put*"), denying("s3:Delete*"))],
    }),
    "no action, at the account": wired({
      serviceAccount: { metadata: { annotations: { "eks-irsa.dev/required-actions": "GetObject" } } },
    }),
    "outside the boundary": wired({
      ...needing("s3:PutObject"),
      attachment: null,
      role: { permissionsBoundary: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
      plus: [inline(allowing("s3:*"))],
    }),
    "denied by the role's own policy": withNeeds({
      inlinePolicies: [{ name: "s3", policy: document(allowing("s3:*"), denying("s3:Put*")) }],
    }),
    "needed by an account in the values of a chart": wired({
      ...needing("s3:PutObject"),
      serviceAccount: null,
      deployment: null,
      plus: [release()],
    }),
  },
  "role-permissions-missing": {
    "nothing, for nobody": wired({ attachment: null, serviceAccount: null, deployment: null }),
    "nothing, for an account in the values of a chart": wired({
      attachment: null,
      serviceAccount: null,
      deployment: null,
      plus: [release()],
    }),
    "nothing, and the role has no name yet": firstPreview({ attachment: null, role: { name: undefined } }),
    "a policy without statements": withRole({ inlinePolicies: [{ name: "s3", policy: document() }] }),
    "a Deny and an Allow": withRole({
      inlinePolicies: [{ name: "s3", policy: document(denying("s3:Put*"), allowing("s3:Get*")) }],
    }),
    "a Deny and what has no effect": withRole({
      inlinePolicies: [{ name: "s3", policy: document(denying("s3:Put*"), { Action: "s3:Get*", Resource: "*" }) }],
    }),
    "a Deny and what is not known": withRole({
      inlinePolicies: [{ name: "s3", policy: { Version: "2012-10-17", Statement: [denying("s3:Put*"), UNKNOWN] } }],
    }),
    "a policy that is no JSON": withRole({ inlinePolicies: [{ name: "s3", policy: "s3" }] }),
    "a policy that may be another's": wired({ attachment: null, plus: [possible()] }),
    "a policy that came from a role": wired({
      attachment: null,
      plus: [
        resource(
          INLINE,
          "maybe",
          { role: UNKNOWN, name: "maybe", policy: UNKNOWN },
          { from: { role: [urnOf("random:index/randomPet:RandomPet", "name")] } },
        ),
        resource("random:index/randomPet:RandomPet", "name", {}),
      ],
    }),
    "an attachment to a name that is nearly the role's": wired({ attachment: null, plus: [stray("api-irsaa")] }),
    "an attachment to a name that is nearly another role's": wired({
      attachment: null,
      plus: [
        stray("lambda-roles"),
        resource("aws:iam/role:Role", "lambda", { name: "lambda-role", assumeRolePolicy: "{}" }),
      ],
    }),
    "an attachment to quite another name": wired({ attachment: null, plus: [stray("billing")] }),
    "an attachment to nearly the name of a role that is not known": wired({
      attachment: null,
      role: { name: UNKNOWN },
      plus: [stray("api-irsaa"), resource("aws:iam/role:Role", "lambda", { name: "api-irsa", assumeRolePolicy: "{}" })],
    }),
    "an attachment in another account": wired({
      attachment: null,
      plus: [
        resource(
          "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
          "stray",
          { role: "api-irsaa", policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
          {
            provider: {
              urn: urnOf("pulumi:providers:aws", "other"),
              type: "pulumi:providers:aws",
              name: "other",
              inputs: { region: "eu-west-1", allowedAccountIds: ["444455556666"] },
            },
          },
        ),
      ],
    }),
    "the ARN of the role in an attachment, and the role has no name yet": firstPreview({
      role: { name: undefined },
      attachment: { role: ROLE_ARN },
    }),
    "the ARN of the role, for nobody": wired({
      attachment: { role: ROLE_ARN },
      serviceAccount: null,
      deployment: null,
    }),
  },
};

/** The role of the stack under a provider that says nothing of region and account. */
function unplaced(inputs: Readonly<Record<string, readonly string[]>>) {
  const urn = urnOf("pulumi:providers:aws", "other");
  return resource(
    "aws:iam/role:Role",
    "api",
    { name: "api-irsa", assumeRolePolicy: UNKNOWN, ...inputs },
    {
      provider: { urn, type: "pulumi:providers:aws", name: "other", inputs: {} },
      from: { assumeRolePolicy: [urns.oidcProvider] },
      outputs: { arn: UNKNOWN },
    },
  );
}

function withNeeds(role: Readonly<Record<string, Value>>) {
  return wired({ ...needing("s3:PutObject"), attachment: null, role });
}

/** A release whose values name the account and annotate it with the role. */
function release() {
  const serviceAccount = { name: "api", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } };
  return resource(
    "kubernetes:helm.sh/v3:Release",
    "shop",
    { chart: "api", namespace: "shop", values: { serviceAccount } },
    { from: { values: [urns.role] } },
  );
}

export default details;
