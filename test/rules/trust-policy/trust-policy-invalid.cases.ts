import rule from "../../../policy-pack/src/rules/trust-policy/trust-policy-invalid";
import { cases, none } from "../../support/cases";
import { ACCOUNT, ISSUER, resource, SUBJECT, trust, trustStatement, UNKNOWN, urns, wired } from "../../support/stack";
import { allow, conditions, policy } from "./support";

const AWS_NATIVE = "aws-native:iam:Role";

/** What the SDK of Node.js writes where a program turns an Output into text. */
const TEXT = "Calling [toString] on an [Output<T>] is not supported.";

export default cases(rule, {
  invalid: [
    {
      name: "the policy is cut off in the middle",
      covers: ["trust-policy-invalid-json"],
      stack: wired({ role: { assumeRolePolicy: trust().slice(0, 40) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy" },
          says: 'Role "api-irsa" has a trust policy that is no JSON: "{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":[{\\"E".',
          fix: "Write the policy as an object and hand it over with pulumi.jsonStringify.",
        },
      ],
    },
    {
      name: "one operator stands twice",
      covers: ["trust-policy-invalid-json"],
      stack: wired({
        role: {
          assumeRolePolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:sub":"${SUBJECT}"},"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com"}}}]}`,
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Condition.StringEquals" },
          level: "advisory",
          says: 'Role "api-irsa" has the key "StringEquals" twice in one object, at Statement[0].Condition.StringEquals of its trust policy; only the last one counts.',
          fix: 'Put the values of both into one list under "StringEquals".',
        },
      ],
    },
    {
      name: "an Output stands in the ARN and in the keys",
      covers: ["trust-policy-output-string"],
      stack: wired({
        role: {
          assumeRolePolicy: trust({ issuer: TEXT, provider: TEXT }),
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: 'Role "api-irsa" has text that a program made of an Output in Statement[0].Principal.Federated of its trust policy and at 2 more places: "Calling [toString] on an [Output<T>] is not supported.".',
          fix: "Build the whole policy with pulumi.jsonStringify, or the text with pulumi.interpolate, so that the value itself is written.",
        },
      ],
    },
    {
      name: "an Output stands in the ARN and in the keys, which come before it",
      stack: wired({
        role: {
          assumeRolePolicy: policy({
            Condition: { StringEquals: { [`${TEXT}:sub`]: SUBJECT, [`${TEXT}:aud`]: "sts.amazonaws.com" } },
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: TEXT },
            Effect: "Allow",
          }),
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal.Federated" },
          says: 'Role "api-irsa" has text that a program made of an Output in Statement[0].Principal.Federated of its trust policy and at 2 more places: "Calling [toString] on an [Output<T>] is not supported.".',
          fix: "Build the whole policy with pulumi.jsonStringify, or the text with pulumi.interpolate, so that the value itself is written.",
        },
      ],
    },
    {
      name: "a permission stands where the trust policy belongs",
      covers: ["trust-resource-element"],
      stack: wired({
        role: { assumeRolePolicy: policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }) },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Principal" },
          says: 'Role "api-irsa" has a permission where its trust policy belongs: Statement[0] has a Resource or other actions and no Principal.',
          fix: "Move the statement into a policy of the role, and trust the OIDC provider in its place: Principal.Federated and sts:AssumeRoleWithWebIdentity.",
        },
      ],
    },
    {
      name: "a Resource stands beside the principal",
      covers: ["trust-resource-element"],
      stack: wired({ role: { assumeRolePolicy: policy(allow(conditions(), { Resource: "*" })) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Resource" },
          says: 'Role "api-irsa" has "*" in Statement[0].Resource of its trust policy, where IAM takes nothing: a trust policy is about the role that it stands on.',
          fix: "Remove Statement[0].Resource.",
        },
      ],
    },
    {
      name: "everybody but one is the principal",
      covers: ["trust-notaction-notprincipal"],
      stack: wired({
        role: {
          assumeRolePolicy: policy({
            Effect: "Allow",
            NotPrincipal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: conditions(),
          }),
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].NotPrincipal" },
          says: 'Role "api-irsa" has an object in Statement[0].NotPrincipal of its trust policy, where IAM takes "Principal": IAM takes no NotPrincipal in a trust policy.',
          fix: 'Write "Principal" in its place.',
        },
      ],
    },
    {
      name: "the action is misspelt",
      covers: ["trust-action-typo"],
      stack: wired({ role: { assumeRolePolicy: trust({ action: "sts:AssumeRoleWithWebIdendity" }) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Action" },
          says: 'Role "api-irsa" has "sts:AssumeRoleWithWebIdendity" in Statement[0].Action of its trust policy, where IAM takes "sts:AssumeRoleWithWebIdentity".',
          fix: 'Write "sts:AssumeRoleWithWebIdentity".',
        },
      ],
    },
    {
      name: "the operator is misspelt",
      stack: wired({ role: { assumeRolePolicy: trust({ operator: "StringEqual" }) } }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0].Condition.StringEqual" },
          says: 'Role "api-irsa" has "StringEqual" in Statement[0].Condition.StringEqual of its trust policy, where IAM takes "StringEquals".',
          fix: 'Write "StringEquals".',
        },
      ],
    },
    {
      name: "the statement of an aws-native role has a typographic dash, though its provider is not known yet",
      stack: wired({
        plus: [
          resource(
            AWS_NATIVE,
            "native",
            {
              roleName: "native",
              assumeRolePolicyDocument: {
                Version: "2012-10-17",
                Statement: [
                  {
                    Sid: "api – shop",
                    Effect: "Allow",
                    Principal: { Federated: UNKNOWN },
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: { StringEquals: UNKNOWN },
                  },
                ],
              },
              managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
            },
            { from: { assumeRolePolicyDocument: [urns.oidcProvider] } },
          ),
        ],
      }),
      finds: [
        {
          at: {
            urn: "urn:pulumi:dev::shop::aws-native:iam:Role::native",
            path: "assumeRolePolicyDocument.Statement[0].Sid",
          },
          says: 'Role "native" has "api – shop" in Statement[0].Sid of its trust policy, where IAM takes characters up to U+00FF, not U+2013.',
          fix: "Write characters up to U+00FF, not U+2013.",
        },
      ],
    },

    {
      name: "the result of getPolicyDocument in place of its json",
      stack: wired({
        role: { assumeRolePolicy: { id: "1", json: trust(), minifiedJson: trust(), statements: [] } },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.id" },
          says: 'Role "api-irsa" has "id", "json" and 2 more in its trust policy: the arguments or the result of getPolicyDocument stand where its JSON belongs.',
          fix: "Hand over the property json of what aws.iam.getPolicyDocumentOutput gives.",
        },
      ],
    },
    {
      name: "condition keys without an operator around them",
      stack: wired({
        role: {
          assumeRolePolicy: policy(allow({ [`${ISSUER}:sub`]: SUBJECT, [`${ISSUER}:aud`]: "sts.amazonaws.com" })),
        },
      }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition["${ISSUER}:aud"]` },
          says: `Role "api-irsa" has "${ISSUER}:aud" and "${ISSUER}:sub" in Statement[0].Condition of its trust policy, where IAM takes a condition operator of IAM, such as "StringEquals".`,
          fix: 'Write a condition operator of IAM, such as "StringEquals".',
        },
      ],
    },
  ],
  valid: [
    {
      name: "the policy as an object",
      stack: wired({ role: { assumeRolePolicy: JSON.parse(trust()) as { readonly [key: string]: string } } }),
    },
    {
      name: "one statement that is not in a list, without a version",
      stack: wired({ role: { assumeRolePolicy: JSON.stringify({ Statement: trustStatement() }) } }),
    },
    {
      name: "an invalid policy of a role that has nothing to do with pods",
      stack: wired({
        plus: [resource("aws:iam/role:Role", "lambda", { name: "lambda", assumeRolePolicy: "no policy" })],
      }),
    },
    {
      name: "the action in another case and in a list",
      stack: wired({ role: { assumeRolePolicy: trust({ action: ["STS:assumerolewithwebidentity"] }) } }),
    },
  ],
  unverified: none("what is written is judged, and trust-policy-subject-mismatch says what is awaited"),
});
