import { AwsScopes } from "../../policy-pack/src/model/accounts";
import { buildModel } from "../../policy-pack/src/model/build";
import { joinAttachments, readAttachments } from "../../policy-pack/src/model/read-permissions";
import { toResource } from "../../policy-pack/src/model/resource";
import type { Properties, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Attachment } from "../../policy-pack/src/model/types";
import { absent } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { factText } from "../support/answers";
import { namesOf } from "../support/pods";
import { resource, trust, UNKNOWN, urnOf, urns, wired } from "../support/stack";

const ROLE = "aws:iam/role:Role";
const NATIVE_ROLE = "aws-native:iam:Role";
const POLICY = "aws:iam/policy:Policy";
const NATIVE_POLICY = "aws-native:iam:ManagedPolicy";
const DOCUMENT = JSON.stringify({ Version: "2012-10-17", Statement: [] });
const OWN = "arn:aws:iam::111122223333:policy/own";

/** `single managed policyArn = arn, for role = api`, with the name and document of the policy where there are any. */
function describeAttachment(attachment: Attachment): string {
  const { manner, kind, path, policyArn, policyName, document, documentAt, rolePath, role } = attachment;
  const arn = policyArn.is === "absent" ? "" : ` = ${factText(policyArn)}`;
  const name = policyName.is === "absent" ? "" : ` named ${factText(policyName)}`;
  const where = documentAt ? `${documentAt.path} of ${namesOf([documentAt.urn])}` : "";
  const read = document.is === "unknown" ? factText(document) : document.is;
  const text = document.is === "absent" && !documentAt ? "" : `, document ${read} at ${where}`;
  return `${manner} ${kind} ${path}${arn}${name}${text}, for ${rolePath ? `${rolePath} = ${factText(role)}` : "itself"}`;
}

interface Written {
  readonly attachments?: readonly SnapshotResource[];
  readonly roles?: readonly SnapshotResource[];
  readonly policies?: readonly SnapshotResource[];
}

function attachmentsOf({ attachments = [], roles = [], policies = [] }: Written): readonly Attachment[] {
  const seen = [attachments, roles, policies].map((each) => each.map(toResource));
  const [first = [], second = [], third = []] = seen;
  return readAttachments(first, second, third, new AwsScopes(seen.flat()));
}

const described = (written: Written): string => attachmentsOf(written).map(describeAttachment).join("\n");
const exclusive = (kind: string): string => `aws:iam/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;

describe("a resource attaches", () => {
  const of = (type: string, inputs: Properties, from: Readonly<Record<string, readonly string[]>> = {}) =>
    described({ attachments: [resource(type, "x", inputs, { from })] });
  const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

  test.each<[string, () => string, string]>([
    [
      "the policy of an ARN",
      () => of(exclusive("RolePolicyAttachment"), { role: "api", policyArn: OWN }),
      `single managed policyArn = ${OWN}, for role = api`,
    ],
    [
      "the one policy that an unknown list of exclusive policies may hold",
      () => of(exclusive("RolePolicyAttachmentsExclusive"), { roleName: "api", policyArns: UNKNOWN }),
      "exclusive-for-role managed policyArns[0] = unknown: nobody can say what, for roleName = api",
    ],
    [
      "nothing by an empty list",
      () => of(exclusive("RolePolicyAttachmentsExclusive"), { roleName: "a", policyArns: [] }),
      "",
    ],
    ["nothing by no list", () => of(exclusive("PolicyAttachment"), { policyArn: OWN }), ""],
    [
      "a document of its own",
      () => of(ROLE_POLICY, { role: "api", policy: DOCUMENT, name: "read" }),
      "single inline policy named read, document known at policy of x, for role = api",
    ],
    [
      "a document that is not known yet",
      () => of(ROLE_POLICY, { role: "api", policy: UNKNOWN }, { policy: [urns.cluster] }),
      "single inline policy, document unknown: shop at policy of x, for role = api",
    ],
    [
      "a document of aws-native",
      () =>
        of("aws-native:iam:RolePolicy", { roleName: "api", policyDocument: {}, policyName: "read", name: "not this" }),
      "single inline policyDocument named read, document known at policyDocument of x, for roleName = api",
    ],
    [
      "inline policies by their names alone",
      () =>
        of(
          exclusive("RolePoliciesExclusive"),
          { roleName: UNKNOWN, policyNames: ["read", UNKNOWN] },
          { roleName: [urns.role], policyNames: [urns.cluster] },
        ),
      [
        "exclusive-for-role inline policyNames[0] named read, for roleName = unknown: api",
        "exclusive-for-role inline policyNames[1] named unknown: shop, for roleName = unknown: api",
      ].join("\n"),
    ],
    ["nothing where it is another kind of resource", () => of(exclusive("InstanceProfile"), { role: "api" }), ""],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });
});

describe("the document of an attachment", () => {
  const policy = (type: string, inputs: Properties, outputs: Properties = { arn: OWN }) =>
    resource(type, "own", inputs, { outputs, from: { policy: [urns.cluster] } });
  const attached = (policyArn: Value, from: readonly string[] = []) =>
    resource(exclusive("RolePolicyAttachment"), "x", { role: "api", policyArn }, { from: { policyArn: from } });

  test.each<[string, Written, string]>([
    [
      "is that of the stack's policy of its ARN",
      { attachments: [attached(OWN)], policies: [policy(POLICY, { policy: DOCUMENT })] },
      `single managed policyArn = ${OWN}, document known at policy of own, for role = api`,
    ],
    [
      "is that of the stack's policy that its ARN came from",
      { attachments: [attached(UNKNOWN, [urnOf(POLICY, "own")])], policies: [policy(POLICY, { policy: UNKNOWN }, {})] },
      "single managed policyArn = unknown: own, document unknown: shop at policy of own, for role = api",
    ],
    [
      "is nowhere in the stack for the ARN of another's",
      { attachments: [attached(`${OWN}-2`)], policies: [policy(POLICY, { policy: DOCUMENT })] },
      `single managed policyArn = ${OWN}-2, for role = api`,
    ],
  ])("%s", (_, written, expected) => {
    expect(described(written)).toBe(expected);
  });

  test("waits, for the parts of it that are unknown, for what it came from", () => {
    const document = { Version: "2012-10-17", Statement: [{ Effect: UNKNOWN, Action: "s3:*", Resource: "*" }] };
    const inline = resource(
      "aws:iam/rolePolicy:RolePolicy",
      "x",
      { policy: document },
      {
        from: { policy: [urns.cluster] },
      },
    );
    const attachments = [inline, attached(OWN)];
    const read = attachmentsOf({ attachments, policies: [policy(POLICY, { policy: document })] });
    const effects = read.map((each) =>
      each.document.is === "known" ? each.document.value.statements[0]?.effect : absent,
    );
    expect(effects.map(factText).join()).toBe("unknown: shop,unknown: shop");
  });
});

describe("a role carries", () => {
  const bridged = (inputs: Properties): string => described({ roles: [resource(ROLE, "api", inputs)] });
  const native = (inputs: Properties): string => described({ roles: [resource(NATIVE_ROLE, "api", inputs)] });
  const inline = (index: number, rest: string) => `exclusive-for-role inline inlinePolicies[${index}].policy${rest}`;

  test.each<[string, () => string, string]>([
    [
      "managed policies, and no others beside them",
      () => bridged({ managedPolicyArns: [OWN] }),
      `exclusive-for-role managed managedPolicyArns[0] = ${OWN}, for itself`,
    ],
    [
      "managed policies of aws-native, beside others",
      () => native({ managedPolicyArns: [OWN] }),
      `single managed managedPolicyArns[0] = ${OWN}, for itself`,
    ],
    [
      "inline policies",
      () => bridged({ inlinePolicies: [{ name: "read", policy: DOCUMENT }] }),
      inline(0, " named read, document known at inlinePolicies[0].policy of api, for itself"),
    ],
    [
      "inline policies of aws-native",
      () => native({ policies: [{ policyName: "read", policyDocument: {} }] }),
      "single inline policies[0].policyDocument named read, document known at policies[0].policyDocument of api, for itself",
    ],
    ["none by an empty inline policy", () => bridged({ inlinePolicies: [{}] }), ""],
    ["none where nothing is written", () => bridged({}), ""],
    [
      "one that has only a name yet",
      () => bridged({ inlinePolicies: [{}, { name: "read" }] }),
      inline(1, " named read, document absent at inlinePolicies[1].policy of api, for itself"),
    ],
    [
      "one that has a key which IAM does not know",
      () => bridged({ inlinePolicies: [{ polcy: DOCUMENT }] }),
      inline(0, ", document absent at inlinePolicies[0].policy of api, for itself"),
    ],
    [
      "one that is not known yet",
      () => bridged({ inlinePolicies: UNKNOWN }),
      inline(
        0,
        " named unknown: nobody can say what, document unknown: nobody can say what at inlinePolicies[0].policy of api, for itself",
      ),
    ],
    [
      "what stands in place of an inline policy, whatever that is",
      () => bridged({ inlinePolicies: [null, "", []] }),
      [0, 1, 2]
        .map((index) => inline(index, `, document absent at inlinePolicies[${index}].policy of api, for itself`))
        .join("\n"),
    ],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  test("what stands on it came from it", () => {
    const [attachment] = attachmentsOf({ roles: [resource(ROLE, "api", { managedPolicyArns: [OWN] })] });
    expect(namesOf(attachment?.roleFrom)).toBe("api");
    expect(attachment?.title).toBe('role "api"');
  });
});

describe("a policy names its roles", () => {
  const inputs = { roles: ["api", "web"], policyDocument: {} };

  test("in aws-native, each by an attachment with its document", () => {
    const policies = [resource(NATIVE_POLICY, "own", inputs, { outputs: { policyArn: OWN } })];
    const each = `single managed policyDocument = ${OWN}, document known at policyDocument of own, for roles`;
    expect(described({ policies })).toBe(`${each}[0] = api\n${each}[1] = web`);
  });

  test("nowhere else", () => {
    expect(described({ policies: [resource(POLICY, "own", { ...inputs, policy: DOCUMENT })] })).toBe("");
  });

  test("by an unknown list, which came from a role", () => {
    const unknownRoles = { roles: UNKNOWN, policyDocument: {} };
    const policies = [resource(NATIVE_POLICY, "own", unknownRoles, { from: { roles: [urns.role] } })];
    expect(described({ policies })).toBe(
      "single managed policyDocument = unknown: own, document known at policyDocument of own, for roles[0] = unknown: api",
    );
  });
});

describe("an attachment whose role is not certain", () => {
  const TYPE = exclusive("RolePolicyAttachment");
  const far = {
    urn: urnOf("pulumi:providers:aws", "far"),
    type: "pulumi:providers:aws",
    name: "far",
    inputs: {},
  };
  const twin = resource(ROLE, "twin", { name: "api-irsa", assumeRolePolicy: trust() }, { provider: far });
  const unnamed = resource(ROLE, "unnamed", { name: UNKNOWN, assumeRolePolicy: trust() });
  const third = resource(ROLE, "third", { name: "third", assumeRolePolicy: trust() });
  const everyRole = [twin, unnamed, third];

  function placesOf(role: Value | undefined, from: readonly string[], plus = everyRole): string {
    const inputs: Properties = role === undefined ? { policyArn: OWN } : { role, policyArn: OWN };
    const model = buildModel(
      wired({ attachment: null, plus: [...plus, resource(TYPE, "x", inputs, { from: { role: from } })] }),
    );
    const at = (key: "attachments" | "possible") =>
      model.roles.filter(({ permissions }) => permissions[key].length > 0).map(({ urn }) => namesOf([urn]));
    const stray = model.strayAttachments.map(() => "nobody of the stack");
    return [...at("attachments"), ...at("possible").map((name) => `perhaps ${name}`), ...stray].join(", ");
  }

  test.each<[string, () => string, string]>([
    [
      "may be for any role, by an unknown name that came from two",
      () => placesOf(UNKNOWN, [urns.role, third.urn]),
      "perhaps api, perhaps third, perhaps twin, perhaps unnamed",
    ],
    [
      "may be for any role, by a name that two roles have",
      () => placesOf("api-irsa", []),
      "perhaps api, perhaps third, perhaps twin, perhaps unnamed",
    ],
    ["may be for a role whose name is not known, by another name", () => placesOf("later", []), "perhaps unnamed"],
    ["is for nobody by the name of no role", () => placesOf("later", [], [third]), "nobody of the stack"],
    ["is for nobody without a name", () => placesOf(undefined, []), "nobody of the stack"],
    ["is for the role of that name", () => placesOf("third", []), "third"],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  test("is stray where the role that it stands on is none of the model", () => {
    const attachments = attachmentsOf({ roles: [resource(ROLE, "api", { managedPolicyArns: [OWN] })] });
    expect(joinAttachments(attachments, [], []).stray.map(describeAttachment)).toEqual(
      attachments.map(describeAttachment),
    );
  });
});
