import { attachmentOf, awaitedPolicies, granted } from "../../policy-pack/src/model/granted";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, UNKNOWN, urns, wired, type Wiring } from "../support/stack";
import { withRole } from "../support/trust-parts";
import { namesOf } from "../support/pods";

const AWS = "arn:aws:iam::aws:policy/";
const OWN = "arn:aws:iam::111122223333:policy/own";

const documentOf = (...statements: readonly Value[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (Action: Value, Resource: Value = "*"): Value => ({ Effect: "Allow", Action, Resource });
const inline = (policy: Value, from: readonly string[] = []) =>
  resource("aws:iam/rolePolicy:RolePolicy", "inline", { role: "api-irsa", policy }, { from: { policy: from } });
const managed = (name: string) => ({ attachment: { policyArn: `${AWS}${name}` } });
const customer = (policy: string) =>
  resource("aws:iam/policy:Policy", "own", { policy }, { outputs: { policy, arn: OWN } });

/** `allow`, `deny for want of a policy`, `deny by a statement`. */
function answer(changes: Wiring, action: string, on?: string): string {
  const { role } = withRole(wired(changes));
  const { answer: found, by, lacking } = granted(role, action, on);
  if (lacking) return `${found} for want of a ${lacking}`;
  return found === "deny" && by ? "deny by a statement" : found;
}
const NO_POLICY = "deny for want of a policy";

describe("the policies of a role", () => {
  test.each<[string, Wiring, string, string]>([
    ["allow what the name of a policy of AWS promises", {}, "s3:GetObject", "allow"],
    ["allow nothing else where the name tells all", {}, "sqs:SendMessage", NO_POLICY],
    ["allow what the name tells of a part", managed("AmazonSNSFullAccess"), "sns:Publish", "allow"],
    ["may allow more where the name tells a part", managed("AmazonSNSFullAccess"), "kms:Decrypt", "unknown"],
    ["may allow anything where the name tells nothing", managed("AmazonEKS_CNI_Policy"), "kms:Decrypt", "unknown"],
    ["allow nothing where there are none", { attachment: null }, "s3:GetObject", NO_POLICY],
    [
      "allow what the stack's own policy says",
      { attachment: { policyArn: OWN }, plus: [customer(documentOf(allow("kms:Decrypt")))] },
      "kms:Decrypt",
      "allow",
    ],
    [
      "allow nothing else than the stack's own policy says",
      { attachment: { policyArn: OWN }, plus: [customer(documentOf(allow("kms:Decrypt")))] },
      "kms:Encrypt",
      NO_POLICY,
    ],
    ["may allow anything by a policy of another stack", { attachment: { policyArn: OWN } }, "kms:Decrypt", "unknown"],
    [
      "may allow anything while the policy is unknown",
      { attachment: { policyArn: UNKNOWN } },
      "kms:Decrypt",
      "unknown",
    ],
    [
      "deny what a statement denies, whatever else AWS allows",
      {
        ...managed("AmazonSNSFullAccess"),
        plus: [inline(documentOf({ Effect: "Deny", Action: "kms:*", Resource: "*" }))],
      },
      "kms:Decrypt",
      "deny by a statement",
    ],
    [
      "allow nothing by a list of the names of inline policies",
      {
        attachment: null,
        plus: [
          resource("aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", "list", {
            roleName: "api-irsa",
            policyNames: ["own"],
          }),
        ],
      },
      "s3:GetObject",
      NO_POLICY,
    ],
  ])("%s", (_, changes, action, expected) => {
    expect(answer(changes, action)).toBe(expected);
  });

  test.each<[string, string, string]>([
    ["the resource", "arn:aws:s3:::shop/a", "allow"],
    ["another resource", "arn:aws:s3:::logs/a", NO_POLICY],
  ])("are asked about %s", (_, on, expected) => {
    const changes = { attachment: null, plus: [inline(documentOf(allow("s3:GetObject", "arn:aws:s3:::shop/*")))] };
    expect(answer(changes, "s3:GetObject", on)).toBe(expected);
  });
});

describe("a permissions boundary", () => {
  const bounded = (permissionsBoundary: Value, plus: Wiring["plus"] = []): Wiring => ({
    ...managed("AdministratorAccess"),
    role: { permissionsBoundary },
    plus,
  });
  const NO_BOUNDARY = "deny for want of a boundary";
  test.each<[string, Wiring, string, string]>([
    ["of AWS lets through what its name promises", bounded(`${AWS}AmazonS3ReadOnlyAccess`), "s3:GetObject", "allow"],
    ["of AWS takes away the rest", bounded(`${AWS}AmazonS3ReadOnlyAccess`), "sqs:SendMessage", NO_BOUNDARY],
    ["lets through the part that its name tells", bounded(`${AWS}AmazonSNSFullAccess`), "sns:Publish", "allow"],
    ["may let through more than its name tells", bounded(`${AWS}AmazonSNSFullAccess`), "kms:Decrypt", "unknown"],
    ["of another stack may let anything through", bounded(OWN), "kms:Decrypt", "unknown"],
    ["that is unknown may let anything through", bounded(UNKNOWN), "kms:Decrypt", "unknown"],
    [
      "of this stack takes away what it does not allow",
      bounded(OWN, [customer(documentOf(allow("s3:*")))]),
      "kms:Decrypt",
      NO_BOUNDARY,
    ],
  ])("%s", (_, changes, action, expected) => {
    expect(answer(changes, action)).toBe(expected);
  });
});

describe("what has to exist before the policies are known", () => {
  const boundary = (permissionsBoundary: Value, from: readonly string[]): Pick<Wiring, "role" | "edges"> => ({
    role: { permissionsBoundary },
    edges: { "role.permissionsBoundary": from },
  });
  test.each<[string, Wiring, string]>([
    ["is nothing where they are", {}, "nobody can say what"],
    [
      "is what the policy comes from",
      { attachment: { policyArn: UNKNOWN }, edges: { "attachment.policyArn": [urns.cluster] } },
      "shop",
    ],
    ["is what the inline document comes from", { attachment: null, plus: [inline(UNKNOWN, [urns.cluster])] }, "shop"],
    ["is what the boundary comes from", { attachment: null, ...boundary(UNKNOWN, [urns.namespace]) }, "shop"],
    [
      "is told once",
      {
        attachment: null,
        ...boundary(UNKNOWN, [urns.cluster]),
        plus: [inline(UNKNOWN, [urns.cluster, urns.deployment])],
      },
      "shop and api",
    ],
  ])("%s", (_, changes, expected) => {
    expect(namesOf(awaitedPolicies(withRole(wired(changes)).role))).toBe(expected);
  });
});

test("a statement belongs to the attachment that holds it", () => {
  const plus = [inline(documentOf(allow("s3:GetObject"), allow("sqs:SendMessage")))];
  const { role } = withRole(wired({ plus }));
  const documents = role.permissions.attachments.flatMap(({ document }) =>
    document.is === "known" ? document.value.statements : [],
  );
  const titles = documents.map((statement) => attachmentOf(role, statement)?.title);
  const { role: other } = withRole(wired({}));
  expect([...titles, ...documents.map((statement) => attachmentOf(other, statement)?.title)].map(String)).toEqual([
    'attachment "inline"',
    'attachment "inline"',
    "undefined",
    "undefined",
  ]);
});
