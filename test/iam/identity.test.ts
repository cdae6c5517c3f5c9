import { absent, known, unknown, type Fact } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import type { PolicyDocument } from "../../policy-pack/src/iam/document";
import { allows } from "../../policy-pack/src/iam/identity";
import { policy, read, UNKNOWN } from "./support";

const grant = (action: Value, resource: Value = "*", more = {}): Value => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});
const deny = (action: Value, resource: Value = "*", more = {}): Value => ({
  Effect: "Deny",
  Action: action,
  Resource: resource,
  ...more,
});
const of = (...statements: readonly Value[]): Fact<PolicyDocument> => known(read(policy(...statements), "identity"));
const BUCKET = "arn:aws:s3:::shop/*";

describe("an action on a resource", () => {
  const ask = (documents: readonly Fact<PolicyDocument>[], boundary: Fact<PolicyDocument> = absent) => {
    const { answer, lacking } = allows(documents, boundary, "s3:GetObject", "arn:aws:s3:::shop/a");
    return lacking ? `${answer}: ${lacking}` : answer;
  };
  const cases: readonly (readonly [string, () => string, string])[] = [
    ["no policies allow nothing", () => ask([]), "deny: policy"],
    ["a policy that covers it allows it", () => ask([of(grant("s3:Get*", BUCKET))]), "allow"],
    ["another resource does not", () => ask([of(grant("s3:Get*", "arn:aws:s3:::web/*"))]), "deny: policy"],
    [
      "NotResource covers what it does not list",
      () => ask([of({ Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::web/*" })]),
      "allow",
    ],
    ["one of several policies is enough", () => ask([of(grant("ec2:*")), of(grant("s3:*"))]), "allow"],
    ["a Deny in another policy wins", () => ask([of(grant("s3:*")), of(deny("s3:*", BUCKET))]), "deny"],
    ["a policy that is not to be had may allow it", () => ask([unknown()]), "unknown"],
    ["a policy that is only named may deny it", () => ask([of(grant("s3:*")), absent]), "unknown"],
    ["an unknown resource may be the one", () => ask([of(grant("s3:*", UNKNOWN))]), "unknown"],
    [
      "a condition on the call leaves it open",
      () => ask([of(grant("s3:*", "*", { Condition: { Bool: { "aws:SecureTransport": true } } }))]),
      "unknown",
    ],
    ["within a boundary it stays allowed", () => ask([of(grant("s3:*"))], of(grant("s3:Get*"))), "allow"],
    ["outside the boundary it is denied", () => ask([of(grant("s3:*"))], of(grant("ec2:*"))), "deny: boundary"],
    ["an unknown boundary leaves it open", () => ask([of(grant("s3:*"))], unknown()), "unknown"],
    ["a boundary grants nothing", () => ask([], of(grant("*"))), "deny: policy"],
  ];
  test.each(cases)("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  test("the answer names the statement", () => {
    const document = of(grant("ec2:*"), grant("s3:*"), deny("s3:Put*"));
    const statements = document.is === "known" ? document.value.statements : [];
    expect(allows([document], absent, "s3:GetObject", "arn:aws:s3:::a").by).toBe(statements[1]);
    expect(allows([document], absent, "s3:PutObject", "arn:aws:s3:::a").by).toBe(statements[2]);
    expect(allows([of(grant("ec2:*")), document], absent, "s3:GetObject", "arn:aws:s3:::a").by).toBe(statements[1]);
  });
});

describe("an action on some resource", () => {
  const ask = (documents: readonly Fact<PolicyDocument>[], boundary: Fact<PolicyDocument> = absent) =>
    allows(documents, boundary, "s3:GetObject").answer;
  const cases: readonly (readonly [string, () => string, string])[] = [
    ["no policies allow nothing", () => ask([]), "deny"],
    ["an Allow on one resource is enough", () => ask([of(grant("s3:GetObject", BUCKET))]), "allow"],
    ["an Allow of another action is not", () => ask([of(grant("s3:PutObject", BUCKET))]), "deny"],
    [
      "a Deny of a part leaves the rest",
      () => ask([of(grant("s3:*", BUCKET), deny("s3:*", "arn:aws:s3:::shop/secret"))]),
      "allow",
    ],
    ["a Deny of everything leaves nothing", () => ask([of(grant("s3:*", BUCKET), deny("s3:*"))]), "deny"],
    [
      "a Deny of just that resource leaves it open",
      () => ask([of(grant("s3:*", BUCKET), deny("s3:*", BUCKET))]),
      "unknown",
    ],
    [
      "a boundary on a part of it",
      () => ask([of(grant("s3:*", "arn:aws:s3:::*"))], of(grant("s3:*", BUCKET))),
      "allow",
    ],
    ["a boundary on other actions", () => ask([of(grant("s3:*", BUCKET))], of(grant("ec2:*"))), "deny"],
    [
      "resources of which nobody can say whether they overlap",
      () => ask([of(grant("s3:*", "arn:aws:s3:::a*"))], of(grant("s3:*", "arn:aws:s3:::*b"))),
      "unknown",
    ],
    [
      "a bucket that overlaps, named for an action on buckets, is no example of an object",
      () =>
        ask(
          [of(grant("s3:GetObject", "arn:aws:s3:::a*"), grant("s3:ListBucket", "arn:aws:s3:::ab"))],
          of(grant("s3:*", "arn:aws:s3:::*b")),
        ),
      "unknown",
    ],
    [
      "an Allow that leaves out whatever has a letter",
      () => ask([of({ Effect: "Allow", Action: "s3:*", NotResource: "?*" })]),
      "unknown",
    ],
    ["a Deny on a resource that is not known", () => ask([of(grant("s3:*"), deny("s3:*", UNKNOWN))]), "unknown"],
    [
      "a Deny on all but one resource leaves that one",
      () => ask([of(grant("s3:*"), { Effect: "Deny", Action: "*", NotResource: BUCKET })]),
      "allow",
    ],
    [
      "a Deny on all but one resource, and that one not granted",
      () => ask([of(grant("s3:*", "arn:aws:s3:::web"), { Effect: "Deny", Action: "*", NotResource: BUCKET })]),
      "unknown",
    ],
    [
      "a Deny of everything in the boundary",
      () => ask([of(grant("s3:*"))], of(grant("*"), deny("s3:*", ["x", "*"]))),
      "deny",
    ],
    [
      "an Allow of everything in the boundary takes nothing",
      () => ask([of(grant("s3:*"))], of(grant("*", "*"))),
      "allow",
    ],
    ["a Deny of other actions", () => ask([of(grant("s3:*"), deny("ec2:*"))]), "allow"],
    ["an unknown policy", () => ask([of(grant("ec2:*")), unknown()]), "unknown"],
    ["an unknown resource", () => ask([of(grant("s3:*", UNKNOWN))]), "unknown"],
    [
      "a statement that may turn out to be an Allow",
      () => ask([of(grant("s3:*", BUCKET, { Effect: UNKNOWN }))]),
      "unknown",
    ],
  ];
  test.each(cases)("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });
});

describe("policy variables in resources", () => {
  const ask = (resource: string, version: string) =>
    allows(
      [known(read({ ...policy(grant("s3:*", resource)), Version: version }, "identity"))],
      absent,
      "s3:GetObject",
      "arn:aws:s3:::a*",
    ).answer;
  test.each([
    ["arn:aws:s3:::${aws:PrincipalTag/team}", "2012-10-17", "unknown"],
    ["arn:aws:s3:::a${*}", "2012-10-17", "allow"],
    ["arn:aws:s3:::b${*}", "2012-10-17", "deny"],
    ["arn:aws:s3:::${aws:PrincipalTag/team}", "2008-10-17", "deny"],
  ])("%j in version %s: %s", (resource, version, expected) => {
    expect(ask(resource, version)).toBe(expected);
  });
});

describe("wildcards in resources and the colons of an ARN", () => {
  const ask = (resource: string) =>
    allows([of(grant("sqs:*", resource))], absent, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:queue")
      .answer;
  test.each([
    ["a star at the end of a part reaches across the next ones", "arn:aws:sqs:*:queue", "allow"],
    ["so does one after a letter", "arn:aws:sqs:eu*:queue", "allow"],
    ["of a star within a part nobody says so", "arn:aws:sqs:eu*3:queue", "unknown"],
    ["nor of a question mark", "arn:aws:sqs:eu-west-1?111122223333:queue", "unknown"],
    ["within its part each of them is clear", "arn:aws:sqs:eu-*-?:*:qu?ue", "allow"],
    ["a pattern that fits in no way covers nothing", "arn:aws:sqs:*:queues", "deny"],
  ])("%s: %j, %s", (_, resource, expected) => {
    expect(ask(resource)).toBe(expected);
  });
});
