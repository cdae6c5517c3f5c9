import { buildModel } from "../../policy-pack/src/model/build";
import { idleActions } from "../../policy-pack/src/model/idle-actions";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { resource, trustStatement, UNKNOWN, urns, wired, type Wiring } from "../support/stack";
import { GITHUB } from "../support/trust-parts";

const BUCKET = "arn:aws:s3:::shop";
const OBJECTS = `${BUCKET}/*`;

const document = (...statements: readonly Value[]): Value => ({ Version: "2012-10-17", Statement: statements });
const allow = (actions: Value, resources: Value): Value => ({ Effect: "Allow", Action: actions, Resource: resources });
const inline = (name: string, policy: Value, role: Value = "api-irsa") =>
  resource("aws:iam/rolePolicy:RolePolicy", name, { role, policy });
const idle = allow("s3:GetObject", BUCKET);

/** `s3:GetObject on arn:aws:s3:::shop, needs arn:aws:s3:::shop/*`. */
function described(stack: Snapshot): string {
  const all = idleActions(buildModel(stack)).map(
    ({ actions, resources, needed }) => `${actions.join(" and ")} on ${resources.join(" and ")}, needs ${needed}`,
  );
  return all.length > 0 ? all.join("; ") : "none";
}
const withPolicy = (policy: Value, more: Wiring = {}): Snapshot =>
  wired({ attachment: null, ...more, plus: [inline("own", policy), ...(more.plus ?? [])] });
const FOUND = `s3:GetObject on ${BUCKET}, needs ${OBJECTS}`;

describe("an action about objects that is allowed on buckets alone", () => {
  test.each<[string, Value, string]>([
    ["is idle", idle, FOUND],
    ["is idle whatever its case", allow("S3:getobject", BUCKET), FOUND.replace("s3:GetObject", "S3:getobject")],
    [
      "is told apart from those about the bucket",
      allow(["s3:ListBucket", "s3:PutObject", "s3:GetBucketLocation"], BUCKET),
      `s3:PutObject on ${BUCKET}, needs ${OBJECTS}`,
    ],
    ["is idle beside one that is unknown", allow(["s3:GetObject", UNKNOWN], BUCKET), FOUND],
    [
      "is idle on several buckets",
      allow("s3:GetObject", [BUCKET, "arn:aws:s3:::logs"]),
      `s3:GetObject on ${BUCKET} and arn:aws:s3:::logs, needs ${OBJECTS}`,
    ],
    ["is none where all are about the bucket", allow(["s3:ListBucket", "s3:GetObjectLockConfig"], BUCKET), "none"],
    ["is none of another service", allow("s3tables:GetObject", BUCKET), "none"],
    ["is none where the objects are named too", allow("s3:GetObject", [BUCKET, OBJECTS]), "none"],
    ["is none on the objects", allow("s3:GetObject", OBJECTS), "none"],
    ["is none on everything", allow("s3:GetObject", "*"), "none"],
    ["may be none where a resource is unknown", allow("s3:GetObject", [BUCKET, UNKNOWN]), "none"],
    ["may be none where all resources are unknown", allow("s3:GetObject", UNKNOWN), "none"],
    ["is none that is denied", { Effect: "Deny", Action: "s3:GetObject", Resource: BUCKET }, "none"],
    ["may be none while the effect is unknown", { Effect: UNKNOWN, Action: "s3:GetObject", Resource: BUCKET }, "none"],
    [
      "is none where all but some are allowed",
      { Effect: "Allow", Action: "s3:GetObject", NotAction: "s3:PutObject", Resource: BUCKET },
      "none",
    ],
    [
      "is none where all but a bucket is meant",
      { Effect: "Allow", Action: "s3:GetObject", NotResource: BUCKET },
      "none",
    ],
  ])("%s", (_, statement, expected) => {
    expect(described(withPolicy(document(statement)))).toBe(expected);
  });
});

describe("beside another statement", () => {
  test.each<[string, Value, string]>([
    ["about the bucket itself it is idle", allow("s3:ListBucket", BUCKET), FOUND],
    ["about the objects of another bucket it is idle", allow("s3:GetObject", "arn:aws:s3:::logs/*"), FOUND],
    ["about a bucket whose name goes on it is idle", allow("s3:GetObject", `${BUCKET}-logs/*`), FOUND],
    ["about its objects it is none", allow("s3:PutObject", OBJECTS), "none"],
    ["about one object it is none", allow("s3:GetObject", `${BUCKET}/config.json`), "none"],
    ["about its objects among others it is none", allow("s3:GetObject", ["arn:aws:s3:::logs/*", OBJECTS]), "none"],
    ["about everything it is none", allow("s3:GetObject", "*"), "none"],
    ["about the objects of a row of buckets it is none", allow("s3:GetObject", "arn:aws:s3:::sho?/*"), "none"],
    ["about resources that are unknown it is none", allow("s3:GetObject", UNKNOWN), "none"],
    ["about resources of which one is unknown it is none", allow("s3:GetObject", ["arn:aws:s3:::a", UNKNOWN]), "none"],
    [
      "about all but some resources it is none",
      { Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::a" },
      "none",
    ],
    ["that is unknown as a whole it is none", UNKNOWN, "none"],
  ])("%s", (_, other, expected) => {
    expect(described(withPolicy(document(idle, other)))).toBe(expected);
  });

  test.each<[string, Value, string]>([
    ["which is about its objects", document(allow("s3:GetObject", OBJECTS)), "none"],
    ["which is about something else", document(allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:1:a")), FOUND],
    ["which is unknown", UNKNOWN, "none"],
  ])("of another policy %s", (_, policy, expected) => {
    expect(described(withPolicy(document(idle), { plus: [inline("second", policy)] }))).toBe(expected);
  });

  test("of each bucket it is idle where the objects of one alone are named", () => {
    const both = allow("s3:GetObject", [BUCKET, "arn:aws:s3:::logs"]);
    expect(described(withPolicy(document(both, allow("s3:GetObject", OBJECTS))))).toBe(
      `s3:GetObject on ${BUCKET} and arn:aws:s3:::logs, needs ${OBJECTS}`,
    );
  });
});

describe("the roles that are looked at", () => {
  test.each<[string, Wiring, string]>([
    ["are those for pods", {}, FOUND],
    [
      "are not those for GitHub",
      {
        serviceAccount: null,
        deployment: null,
        role: {
          assumeRolePolicy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [trustStatement({ issuer: GITHUB, sub: "repo:shop/api:ref:refs/heads/main" })],
          }),
        },
        edges: { "role.assumeRolePolicy": [] },
      },
      "none",
    ],
    [
      "are not those of which another policy has statements that are not known",
      { plus: [inline("later", { Version: "2012-10-17", Statement: UNKNOWN })] },
      "none",
    ],
    ["are not those that may get more policies", { plus: [inline("later", document(idle), UNKNOWN)] }, "none"],
    [
      "are not those with a policy that AWS manages",
      { attachment: { policyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess" } },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(described(withPolicy(document(idle), changes))).toBe(expected);
  });
});

test("an idle action stands at the resources of its statement", () => {
  const [found] = idleActions(buildModel(withPolicy(document(allow("s3:ListBucket", BUCKET), idle))));
  expect([found?.role.urn, found?.attachment.title, found?.at.path]).toEqual([
    urns.role,
    'attachment "own"',
    "policy.Statement[1].Resource",
  ]);
});
