import { run } from "../../policy-pack/src/findings/run";
import { applySuppressions, type SuppressedVerdicts } from "../../policy-pack/src/findings/suppress";
import { UNKNOWN, type Value } from "../../policy-pack/src/facts/value";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { parseSuppressionText } from "../../policy-pack/src/model/suppression";
import { rules } from "../../policy-pack/src/rules";
import { firstPreview, resource, ROLE_ARN, TODAY, trust, urnOf, urns, wired, type Wiring } from "../support/stack";

const ids = rules.map((rule) => rule.id);
const KEY = "eks.amazonaws.com/role-arn";

function apply(snapshot: Snapshot): SuppressedVerdicts {
  return applySuppressions(run(rules, buildModel(snapshot)), snapshot, ids);
}

/** A stack whose one fault is the ServiceAccount's annotation: `service-account-role-arn-invalid`. */
function badArn(annotations: { readonly [key: string]: Value } = {}, more: Wiring = {}): Snapshot {
  return wired({ serviceAccount: { metadata: { annotations: { [KEY]: "api-irsa", ...annotations } } }, ...more });
}
const ARN_RULE = "service-account-role-arn-invalid";
const on = (rule: string): string => `ignore.eks-irsa.dev/${rule}`;
const arnPlace = { urn: urns.serviceAccount, path: `metadata.annotations["${on(ARN_RULE)}"]` };

/** A stack whose one fault is in the role: `trust-policy-audience-missing`. */
const TRUST_RULE = "trust-policy-audience-missing";
function noAudience(tags: Value): Snapshot {
  return wired({ role: { assumeRolePolicy: trust({ aud: null }), tags } });
}

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

describe("what does not do what it is there for", () => {
  const problemsOf = (snapshot: Snapshot): readonly (readonly [string, string])[] =>
    apply(snapshot).problems.map(({ kind, says }) => [kind, says]);
  const account = "kubernetes:core/v1:ServiceAccount api";

  test("expired yesterday", () => {
    const stack = badArn({ [on(ARN_RULE)]: "migration, until 2026-11-23" });
    expect(apply(stack).findings.map(({ rule }) => rule)).toEqual([ARN_RULE]);
    expect(problemsOf(stack)).toEqual([
      [
        "expired",
        `The suppression of ${ARN_RULE} on ${account} expired after 2026-11-23; its reason was "migration". Mend what the rule finds, or give a later day.`,
      ],
    ]);
  });

  test.each(["tomorrow", "2027-02-30", "2027-13-01", "31.12.2027", "2027-1-5"])("until %s is no day", (day) => {
    const stack = badArn({ [on(ARN_RULE)]: `migration until ${day}` });
    expect(apply(stack).findings).toHaveLength(1);
    expect(problemsOf(stack)).toEqual([
      [
        "expired",
        `The suppression of ${ARN_RULE} on ${account} ends in "until ${day}", which is no day of the calendar, so it counts as expired. Write "until YYYY-MM-DD".`,
      ],
    ]);
  });

  test.each(["", "  ", "until 2027-01-31"])("no reason: %j", (text) => {
    const stack = badArn({ [on(ARN_RULE)]: text });
    expect(apply(stack).findings).toHaveLength(1);
    expect(problemsOf(stack)).toEqual([
      [
        "no-reason",
        `The suppression of ${ARN_RULE} on ${account} gives no reason, so it has no effect. Set its value to a reason, which may end in "until YYYY-MM-DD".`,
      ],
    ]);
  });

  test("a rule that there is not, with a guess at what is meant", () => {
    const stack = badArn({ [on("service-account-role-arn-wrong")]: "known", [on("x")]: "known" });
    expect(apply(stack).findings).toHaveLength(1);
    expect(problemsOf(stack)).toEqual([
      [
        "unknown-rule",
        `"ignore.eks-irsa.dev/service-account-role-arn-wrong" on ${account} names no rule of this pack. Did you mean "${ARN_RULE}"?`,
      ],
      ["unknown-rule", `"ignore.eks-irsa.dev/x" on ${account} names no rule of this pack.`],
    ]);
  });

  test("nothing to suppress", () => {
    const stack = wired({ serviceAccount: { metadata: { annotations: { [on(ARN_RULE)]: "known" } } } });
    expect(problemsOf(stack)).toEqual([
      [
        "unused",
        `The suppression of ${ARN_RULE} on ${account} suppresses nothing: the rule finds no fault there. Remove it.`,
      ],
    ]);
  });

  test("on the other party of the finding", () => {
    const rule = "service-account-role-missing";
    const stack = wired({
      serviceAccount: { metadata: { annotations: { [KEY]: null } } },
      role: { tags: { [on(rule)]: "for later" } },
    });
    expect(problemsOf(stack)).toEqual([
      [
        "unused",
        `The suppression of ${rule} on aws:iam/role:Role api suppresses nothing: the rule reports the fault at ${account}. Move it there.`,
      ],
    ]);
  });

  test("nobody is told to remove one while the rule may still find its fault", () => {
    const rule = "trust-policy-subject-mismatch";
    expect(problemsOf(firstPreview({ role: { tags: { [on(rule)]: "two clusters" } } }))).toEqual([]);
    const healthy = wired({ role: { tags: { [on(rule)]: "two clusters" } } });
    const verdicts = { findings: [], unverified: [], faults: [{ rule, message: "broken" }] };
    expect(applySuppressions(verdicts, healthy, ids).problems).toEqual([]);
  });

  test("they come in the order of resources and paths", () => {
    const stack = wired({
      role: { tags: { [on("b")]: "r", [on("a")]: "r" } },
      serviceAccount: { metadata: { annotations: { [on("c")]: "r" } } },
    });
    expect(apply(stack).problems.map(({ at }) => at.path)).toEqual([
      `tags["${on("a")}"]`,
      `tags["${on("b")}"]`,
      `metadata.annotations["${on("c")}"]`,
    ]);
  });
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
});
