import { UNKNOWN, type Value } from "../../policy-pack/src/facts/value";
import { run } from "../../policy-pack/src/findings/run";
import { applySuppressions } from "../../policy-pack/src/findings/suppress";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { parseSuppressionText } from "../../policy-pack/src/model/suppression";
import { rules } from "../../policy-pack/src/rules";
import { firstPreview, resource, ROLE_ARN, TODAY, trust, urnOf, urns, wired } from "../support/stack";
import { FINDING } from "./support";
import { apply, ARN_RULE, arnPlace, badArn, ids, KEY, noAudience, on, TRUST_RULE, unverifiedOf } from "./suppressions";

describe("on a Kubernetes object", () => {
  test("the annotation with a reason takes the finding out and says who asked for it", () => {
    const { findings, suppressed, problems } = apply(badArn({ [on(ARN_RULE)]: "composed by our own webhook" }));
    expect(findings).toEqual([]);
    expect(problems).toEqual([]);
    expect(suppressed).toEqual([
      {
        finding: expect.objectContaining({ rule: ARN_RULE, level: "mandatory" }) as unknown,
        reason: "composed by our own webhook",
        until: undefined,
        by: arnPlace,
      },
    ]);
  });

  test("a day in the future, or today, holds", () => {
    for (const day of [TODAY, "2027-02-28"]) {
      const { findings, suppressed } = apply(badArn({ [on(ARN_RULE)]: `migration until ${day}` }));
      expect(findings).toEqual([]);
      expect(suppressed).toMatchObject([{ reason: "migration", until: day }]);
    }
  });

  test("only the rule that is named is suppressed, and only on this resource", () => {
    const other = resource("kubernetes:core/v1:ServiceAccount", "jobs", {
      metadata: { name: "jobs", namespace: "shop", annotations: { [KEY]: "api-irsa" } },
    });
    const { findings, suppressed } = apply(
      badArn({ [on(ARN_RULE)]: "known", "eks.amazonaws.com/token-expiration": "1h" }, { plus: [other] }),
    );
    expect(suppressed.map(({ finding }) => finding.at.urn)).toEqual([urns.serviceAccount]);
    expect(findings.map(({ rule, at }) => [rule, at.urn])).toEqual([
      [ARN_RULE, other.urn],
      ["service-account-option-invalid", urns.serviceAccount],
    ]);
  });

  test("an item of a List is suppressed by itself, or with all by the List", () => {
    const item = (name: string, annotations: { readonly [key: string]: Value }): Value => ({
      metadata: { name, namespace: "shop", annotations: { [KEY]: "api-irsa", ...annotations } },
    });
    const stack = (list: { readonly [key: string]: Value }): Snapshot =>
      wired({ plus: [resource("kubernetes:core/v1:ServiceAccountList", "all", list)] });
    const one = apply(stack({ items: [item("a", {}), item("b", { [on(ARN_RULE)]: "known" })] }));
    expect(one.findings.map(({ at }) => at.path)).toEqual([`items[0].metadata.annotations["${KEY}"]`]);
    expect(one.suppressed.map(({ by }) => by.path)).toEqual([`items[1].metadata.annotations["${on(ARN_RULE)}"]`]);
    const all = apply(
      stack({ metadata: { annotations: { [on(ARN_RULE)]: "known" } }, items: [item("a", {}), item("b", {})] }),
    );
    expect(all.findings).toEqual([]);
    expect(all.suppressed).toHaveLength(2);
  });

  test.each([
    ["items[1]", true],
    ["items[1].metadata", true],
    ["items[1]x", false],
    ["items[10]", false],
    ["", false],
  ])("of an item of a List it reaches %j: %s", (path, reached) => {
    const item = { metadata: { name: "b", namespace: "shop", annotations: { [on(ARN_RULE)]: "known" } } };
    const list = resource("kubernetes:core/v1:ServiceAccountList", "all", { items: [{}, item] });
    const findings = [{ ...FINDING, rule: ARN_RULE, at: { urn: list.urn, path } }];
    const { suppressed } = applySuppressions({ findings, unverified: [], faults: [] }, wired({ plus: [list] }), ids);
    expect(suppressed).toHaveLength(reached ? 1 : 0);
  });

  test("it works at the first preview, when only the resource phase has seen the object", () => {
    const annotations = { [KEY]: "api-irsa", [on(ARN_RULE)]: "composed by our own webhook" };
    const { findings, suppressed, problems } = apply(firstPreview({ serviceAccount: { metadata: { annotations } } }));
    expect(findings).toEqual([]);
    expect(suppressed).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  test("a reason that is not known yet holds", () => {
    const { findings, suppressed, problems } = apply(badArn({ [on(ARN_RULE)]: UNKNOWN }));
    expect(findings).toEqual([]);
    expect(suppressed).toMatchObject([{ reason: undefined, until: undefined }]);
    expect(problems).toEqual([]);
  });

  test("what is not verified yet can be passed over too", () => {
    const foreign = "arn:aws:iam::444455556666:role/dns";
    const annotations = { [KEY]: foreign, [on("irsa-unverified")]: "the platform team owns the role" };
    const stack = wired({ role: null, attachment: null, serviceAccount: { metadata: { annotations } } });
    const { unverified, suppressed } = apply(stack);
    expect(unverified).toEqual([]);
    expect(suppressed.map(({ finding }) => finding.rule)).toEqual(["irsa-unverified"]);
  });
});

describe("on an AWS resource", () => {
  test.each([
    [
      "a map of tags",
      { [on(TRUST_RULE)]: "audience checked by the broker until 2026-12-31" },
      `tags["${on(TRUST_RULE)}"]`,
    ],
    [
      "a list of keys and values",
      [{ key: on(TRUST_RULE), value: "audience checked by the broker until 2026-12-31" }],
      "tags[0]",
    ],
  ])("%s", (_, tags, path) => {
    const { findings, suppressed, problems } = apply(noAudience(tags));
    expect(findings).toEqual([]);
    expect(problems).toEqual([]);
    expect(suppressed).toMatchObject([
      { reason: "audience checked by the broker", until: "2026-12-31", by: { urn: urns.role, path } },
    ]);
  });

  test("the tags of aws-native", () => {
    const role = resource("aws-native:iam:Role", "jobs", {
      roleName: "jobs",
      assumeRolePolicyDocument: trust({ sub: "system:serviceaccount:shop:jobs", aud: null }),
      managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
      tags: [{ key: on(TRUST_RULE), value: "old cluster" }],
    });
    const { findings, suppressed } = apply(wired({ plus: [role] }));
    expect(findings).toEqual([]);
    expect(suppressed.map(({ by }) => by)).toEqual([{ urn: role.urn, path: "tags[0]" }]);
  });

  test("tags that are unknown as a whole say nothing, and the finding stays", () => {
    const { findings, suppressed, problems } = apply(noAudience(UNKNOWN));
    expect(findings.map(({ rule }) => rule)).toEqual([TRUST_RULE]);
    expect(suppressed).toEqual([]);
    expect(problems).toEqual([]);
  });

  test.each([null, "text", 7, [null, "x", { key: 1 }, { value: "v" }], { [on(TRUST_RULE)]: { deep: true } }])(
    "tags of another shape are no suppression: %j",
    (tags) => {
      expect(apply(noAudience(tags)).findings.map(({ rule }) => rule)).toEqual([TRUST_RULE]);
    },
  );
});

test("a stack without suppressions keeps its verdicts as they are", () => {
  const snapshot = badArn();
  const verdicts = run(rules, buildModel(snapshot));
  expect(applySuppressions(verdicts, snapshot, ids)).toEqual({ ...verdicts, suppressed: [], problems: [] });
});

test("two suppressions of one finding: the second is told to be of no use", () => {
  const item = {
    metadata: { name: "a", namespace: "shop", annotations: { [KEY]: ROLE_ARN.slice(0, 9), [on(ARN_RULE)]: "item" } },
  };
  const list = resource("kubernetes:core/v1:ServiceAccountList", "all", {
    metadata: { annotations: { [on(ARN_RULE)]: "list" } },
    items: [item],
  });
  const { suppressed, problems } = apply(wired({ plus: [list] }));
  expect(suppressed).toHaveLength(1);
  expect(problems.map(({ kind, at }) => [kind, at.urn])).toEqual([
    ["unused", urnOf("kubernetes:core/v1:ServiceAccountList", "all")],
  ]);
});

describe("the text of a suppression", () => {
  test.each([
    ["known", "known", { is: "absent" }],
    ["keep until further notice", "keep until further notice", { is: "absent" }],
    ["untilled ground", "untilled ground", { is: "absent" }],
    ["known until 2028-02-29", "known", { is: "day", day: "2028-02-29" }],
    ["known; UNTIL 2027-01-31 ", "known", { is: "day", day: "2027-01-31" }],
    ["wait until Friday until 2027-01-31", "wait until Friday", { is: "day", day: "2027-01-31" }],
    ["known until 2027-02-29", "known", { is: "malformed", seen: "2027-02-29" }],
    ["known until", "known", { is: "malformed", seen: "" }],
    ["known until 2027-01-31 (PLAT-7)", "known", { is: "malformed", seen: "2027-01-31 (PLAT-7)" }],
    ["until 2027-01-31", "", { is: "day", day: "2027-01-31" }],
    ["two\nlines until 2027-01-31", "two\nlines", { is: "day", day: "2027-01-31" }],
  ])("%j", (text, reason, until) => {
    expect(parseSuppressionText(text)).toEqual({ reason, until });
  });
});

describe("on the role of an attachment, which takes no tags itself", () => {
  const attachment = { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" };
  const key = on("role-permissions-too-broad");

  test("the tag takes out the finding at the attachment", () => {
    const reported = apply(wired({ attachment })).findings.map(({ rule, at }) => [rule, at.urn]);
    expect(reported).toEqual([["role-permissions-too-broad", urns.attachment]]);
    const { findings, suppressed, problems } = apply(
      wired({ attachment, role: { tags: { [key]: "break-glass role" } } }),
    );
    expect(findings).toEqual([]);
    expect(suppressed.map(({ reason, by }) => [reason, by.urn])).toEqual([["break-glass role", urns.role]]);
    expect(problems).toEqual([]);
  });

  test("and not those at other resources, nor what is not verified yet", () => {
    const stack = wired({
      attachment,
      role: { tags: { [key]: "break-glass role", [on("irsa-unverified")]: "later" } },
    });
    const finding = { ...FINDING, rule: "role-permissions-too-broad", at: { urn: urns.deployment, path: "" } };
    const verdicts = {
      findings: [{ ...finding, related: [{ urn: urns.role, path: "" }] }],
      unverified: [unverifiedOf(urns.attachment, [])],
      faults: [],
    };
    const { findings, unverified, suppressed } = applySuppressions(verdicts, stack, ids);
    expect([findings, unverified, suppressed]).toEqual([verdicts.findings, verdicts.unverified, []]);
  });

  test.each([
    ["aws:iam/rolePolicy:RolePolicy", true],
    ["aws:iam/rolePoliciesExclusive:RolePoliciesExclusive", true],
    ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", true],
    ["aws:iam/policyAttachment:PolicyAttachment", true],
    ["aws-native:iam:RolePolicy", true],
    ["aws:iam/policy:Policy", false],
    ["aws:iam/rolePolicySet:RolePolicySet", false],
    ["acme:aws:iam:RolePolicy", false],
    ["aws:s3/bucketRolePolicy:RolePolicy", false],
  ])("%s is such a resource: %s", (type, taken) => {
    const finding = { ...FINDING, rule: "role-permissions-too-broad", at: { urn: urnOf(type, "api"), path: "" } };
    const findings = [{ ...finding, related: [{ urn: urns.role, path: "" }] }];
    const stack = wired({ role: { tags: { [key]: "break-glass role" } } });
    const { suppressed } = applySuppressions({ findings, unverified: [], faults: [] }, stack, ids);
    expect(suppressed).toHaveLength(taken ? 1 : 0);
  });
});
