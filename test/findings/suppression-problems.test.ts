import { UNKNOWN, type Value } from "../../policy-pack/src/facts/value";
import type { Finding } from "../../policy-pack/src/findings/finding";
import { applySuppressions } from "../../policy-pack/src/findings/suppress";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { firstPreview, resource, urns, wired } from "../support/stack";
import { FINDING } from "./support";
import { apply, ARN_RULE, badArn, ids, KEY, on, unverifiedOf } from "./suppressions";

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

  test.each(["tomorrow", "2027-02-30", "2027-13-01", "31.12.2027", "2027-1-5", ""])("until %j is no day", (day) => {
    const stack = badArn({ [on(ARN_RULE)]: `migration until ${day}` });
    expect(apply(stack).findings).toHaveLength(1);
    expect(problemsOf(stack)).toEqual([
      [
        "expired",
        `The suppression of ${ARN_RULE} on ${account} ends in "${day ? `until ${day}` : "until"}", which is no day of the calendar, so it counts as expired. Write "until YYYY-MM-DD".`,
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

  test("nor while the rule waits for a value elsewhere, though all of this resource is known", () => {
    const rule = "trust-policy-subject-mismatch";
    const stack = wired({ role: { tags: { [on(rule)]: "two clusters" } } });
    const waits = (...waiting: readonly string[]) =>
      applySuppressions(
        { findings: [], unverified: [unverifiedOf(urns.serviceAccount, waiting)], faults: [] },
        stack,
        ids,
      );
    expect(waits("role-action-denied", rule).problems).toEqual([]);
    expect(waits("role-action-denied").problems.map(({ kind }) => kind)).toEqual(["unused"]);
    const faults = [{ rule: "role-action-denied", message: "broken" }];
    expect(applySuppressions({ findings: [], unverified: [], faults }, stack, ids).problems).toHaveLength(1);
  });

  test("nor while a value of this resource is not known, though no rule waits for it", () => {
    const rule = "trust-policy-subject-mismatch";
    const stack = wired({ role: { description: UNKNOWN, tags: { [on(rule)]: "two clusters" } } });
    expect(applySuppressions({ findings: [], unverified: [], faults: [] }, stack, ids).problems).toEqual([]);
  });

  describe("nothing is suppressed on a resource, and", () => {
    const rule = "trust-policy-subject-mismatch";
    const stack = wired({ role: { tags: { [on(rule)]: "two clusters" } } });
    const subject = `The suppression of ${rule} on aws:iam/role:Role api suppresses nothing:`;
    const says = (...changes: readonly Partial<Finding>[]) => {
      const findings = changes.map((change) => ({ ...FINDING, rule, ...change }));
      return applySuppressions({ findings, unverified: [], faults: [] }, stack, ids).problems.map((each) => each.says);
    };
    const at = (urn: string) => ({ urn, path: "metadata" });
    const here = at(urns.role);

    test("the rule reports a fault of it elsewhere", () => {
      expect(says({ at: at(urns.serviceAccount), related: [at(urns.cluster), here] })).toEqual([
        `${subject} the rule reports the fault at kubernetes:core/v1:ServiceAccount api. Move it there.`,
      ]);
    });

    test("the rule reports a fault of it where nothing can be suppressed", () => {
      expect(says({ at: { urn: "", path: "" }, related: [here] })).toEqual([
        `${subject} the rule reports the fault at the configuration of irsa-context. Nothing can be suppressed there: set the level of ${rule} instead.`,
      ]);
    });

    test.each<[string, Partial<Finding>]>([
      ["the rule reports a fault of others", { at: at(urns.serviceAccount), related: [at(urns.cluster)] }],
      ["another rule reports a fault of it", { at: at(urns.serviceAccount), related: [here], rule: "role-shared" }],
      ["another rule reports a fault at it", { at: here, related: [here], rule: "role-shared" }],
    ])("%s", (_, change) => {
      expect(says(change)).toEqual([`${subject} the rule finds no fault there. Remove it.`]);
    });
  });

  test("a fault of a part of a resource that only another part suppresses is not elsewhere", () => {
    const item = (name: string, annotations: { readonly [key: string]: Value }) => ({
      metadata: { name, namespace: "shop", annotations },
    });
    const list = resource("kubernetes:core/v1:ServiceAccountList", "all", {
      items: [item("a", {}), item("b", { [on(ARN_RULE)]: "known" })],
    });
    const place = (path: string) => ({ urn: list.urn, path });
    const finding = { ...FINDING, rule: ARN_RULE, at: place("items[0].metadata"), related: [place("items[1]")] };
    const verdicts = { findings: [finding], unverified: [], faults: [] };
    const { findings, problems } = applySuppressions(verdicts, wired({ plus: [list] }), ids);
    expect(findings).toEqual([finding]);
    expect(problems.map(({ says }) => says)).toEqual([
      `The suppression of ${ARN_RULE} on kubernetes:core/v1:ServiceAccountList all suppresses nothing: the rule finds no fault there. Remove it.`,
    ]);
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
