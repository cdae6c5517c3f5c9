import { policyDocument } from "../../policy-pack/src/rehearsal/aws/policy-document";
import type { ValueMap } from "../../policy-pack/src/rehearsal/values";

const minified = (args: ValueMap): unknown => policyDocument(args)["minifiedJson"];
const statementOf = (args: ValueMap): unknown =>
  (JSON.parse(String(minified(args))) as { Statement: readonly unknown[] }).Statement[0];

const issuer = "oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;

test("a trust policy, written as the provider writes it", () => {
  const { json } = policyDocument({
    statements: [
      {
        actions: ["sts:AssumeRoleWithWebIdentity"],
        principals: [{ type: "Federated", identifiers: [provider] }],
        conditions: [
          { test: "StringEquals", variable: `${issuer}:sub`, values: ["system:serviceaccount:shop:api"] },
          { test: "StringEquals", variable: `${issuer}:aud`, values: ["sts.amazonaws.com"] },
        ],
      },
    ],
  });
  expect(json).toBe(`{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Principal": {
        "Federated": "${provider}"
      },
      "Condition": {
        "StringEquals": {
          "${issuer}:aud": "sts.amazonaws.com",
          "${issuer}:sub": "system:serviceaccount:shop:api"
        }
      }
    }
  ]
}`);
});

test.each<[string, ValueMap, unknown]>([
  ["one action is text", { actions: ["s3:GetObject"] }, { Effect: "Allow", Action: "s3:GetObject" }],
  [
    "several actions are a descending list without repetition",
    { actions: ["s3:GetObject", "s3:PutObject", "s3:GetObject"] },
    { Effect: "Allow", Action: ["s3:PutObject", "s3:GetObject"] },
  ],
  ["a denial stays one", { effect: "Deny", notActions: ["iam:*"] }, { Effect: "Deny", NotAction: "iam:*" }],
  [
    "sid, resources and notResources",
    { sid: "Read", resources: ["*"], notResources: ["arn:aws:s3:::x"] },
    { Sid: "Read", Effect: "Allow", Resource: "*", NotResource: "arn:aws:s3:::x" },
  ],
  ["everyone", { principals: [{ type: "*", identifiers: ["*"] }] }, { Effect: "Allow", Principal: "*" }],
  [
    "every AWS principal is not written as everyone",
    { principals: [{ type: "AWS", identifiers: ["*"] }] },
    { Effect: "Allow", Principal: { AWS: "*" } },
  ],
  [
    "principals of one type are joined",
    {
      principals: [
        { type: "Federated", identifiers: ["a"] },
        { type: "Federated", identifiers: ["b"] },
        { type: "Service", identifiers: ["ec2.amazonaws.com"] },
      ],
    },
    { Effect: "Allow", Principal: { Federated: ["a", "b"], Service: "ec2.amazonaws.com" } },
  ],
  [
    "notPrincipals",
    { notPrincipals: [{ type: "AWS", identifiers: ["a", "b"] }] },
    { Effect: "Allow", NotPrincipal: { AWS: ["b", "a"] } },
  ],
  [
    "values of a condition keep their order",
    { conditions: [{ test: "StringLike", variable: "x:sub", values: ["b", "c", "a"] }] },
    { Effect: "Allow", Condition: { StringLike: { "x:sub": ["b", "c", "a"] } } },
  ],
  [
    "conditions of one key are joined",
    {
      conditions: [
        { test: "StringEquals", variable: "x:sub", values: ["a"] },
        { test: "StringEquals", variable: "x:sub", values: ["b"] },
      ],
    },
    { Effect: "Allow", Condition: { StringEquals: { "x:sub": ["a", "b"] } } },
  ],
  [
    "an ampersand stands for IAM's own variables",
    { resources: ["arn:aws:s3:::home/&{aws:username}/*"] },
    { Effect: "Allow", Resource: "arn:aws:s3:::home/${aws:username}/*" },
  ],
])("%s", (_, statement, expected) => {
  expect(statementOf({ statements: [statement] })).toEqual(expected);
});

describe("merging", () => {
  const source = (sid: string, action: string): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: sid, Effect: "Allow", Action: action }] });

  test("sources come first, statements of the same Sid are replaced, overrides win", () => {
    expect(
      minified({
        sourcePolicyDocuments: [source("A", "s3:Get*"), source("B", "s3:Put*")],
        statements: [{ sid: "B", actions: ["s3:List*"] }],
        overridePolicyDocuments: [source("A", "s3:*")],
      }),
    ).toBe(
      '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*"},{"Sid":"B","Effect":"Allow","Action":"s3:List*"}]}',
    );
  });

  test("a single statement object and keys in another order are read", () => {
    const sourceJson = '{"Statement":{"Resource":"*","Action":"s3:*","Effect":"Allow"},"Version":"2012-10-17"}';
    expect(minified({ sourceJson })).toBe(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    );
  });

  test("empty sources count for nothing, and no statement leaves none", () => {
    expect(minified({ sourcePolicyDocuments: ["", " "], policyId: "p" })).toBe('{"Version":"2012-10-17","Id":"p"}');
  });

  test.each<[string, ValueMap, string]>([
    ["a repeated Sid", { sourcePolicyDocuments: [source("A", "a"), source("A", "b")] }, "duplicate Sid (A)"],
    ["a source that is no JSON", { sourcePolicyDocuments: ["{"] }, "unmarshaling source document 0"],
    ["an override that is no object", { overridePolicyDocuments: ["[]"] }, "must be a JSON object"],
    [
      "a variable in the old version",
      { version: "2008-10-17", statements: [{ resources: ["&{aws:username}"] }] },
      "not supported in document version 2008-10-17",
    ],
  ])("%s is refused", (_, args, message) => {
    expect(() => policyDocument(args)).toThrow(message);
  });
});

test("the arguments come back, and the same arguments give the same id", () => {
  const args = { statements: [{ actions: ["s3:*"] }] };
  expect(policyDocument(args)).toEqual(policyDocument(args));
  expect(policyDocument(args)).toMatchObject({ ...args, version: "2012-10-17" });
});
