import { eventsIn } from "../../scripts/engine/events";
import { policiesSection } from "../../scripts/engine/report";

const lines = (...events: readonly unknown[]): string => events.map((event) => JSON.stringify(event)).join("\n");

test("a policy event is read without the engine's colour tags", () => {
  const { policyEvents } = eventsIn(
    lines({
      sequence: 4,
      policyEvent: {
        resourceUrn: "urn:pulumi:dev::shop::aws:iam/role:Role::api",
        message: '<{%reset%}>A role must trust the account.\nRole "api" does not.<{%reset%}>\n',
        color: "raw",
        policyName: "trust-policy-subject-mismatch",
        policyPackName: "eks-irsa",
        enforcementLevel: "mandatory",
        severity: "high",
      },
    }),
  );
  expect(policyEvents).toEqual([
    {
      policyName: "trust-policy-subject-mismatch",
      policyPackName: "eks-irsa",
      enforcementLevel: "mandatory",
      severity: "high",
      resourceUrn: "urn:pulumi:dev::shop::aws:iam/role:Role::api",
      message: 'A role must trust the account.\nRole "api" does not.',
    },
  ]);
});

test("debug output is no diagnostic", () => {
  const { diagnostics } = eventsIn(
    lines(
      { diagnosticEvent: { severity: "debug", message: "Registering resource" } },
      { diagnosticEvent: { severity: "error", message: "<{%fg 1%}>error: <{%reset%}>preview failed\n" } },
    ),
  );
  expect(diagnostics).toEqual([{ severity: "error", message: "error: preview failed", urn: undefined }]);
});

test("of a step that is told twice, the later telling counts", () => {
  const metadata = { op: "create", urn: "urn:a", type: "aws:iam/role:Role" };
  const { steps } = eventsIn(
    lines(
      { resourcePreEvent: { metadata: { ...metadata, new: { inputs: { name: "api" }, outputs: {} } } } },
      { resOutputsEvent: { metadata: { ...metadata, new: { inputs: { name: "api" }, outputs: { arn: "arn:aws" } } } } },
    ),
  );
  expect(steps).toEqual([{ ...metadata, inputs: { name: "api" }, outputs: { arn: "arn:aws" } }]);
});

test("a torn last line and lines of another kind are passed over", () => {
  expect(eventsIn('Previewing update (dev):\n{"policyEvent":{"policyNa')).toEqual({
    policyEvents: [],
    diagnostics: [],
    steps: [],
  });
});

describe("the section on policies", () => {
  test("ends before the next heading", () => {
    const printed = [
      " +  pulumi:pulumi:Stack shop-dev create",
      "Policies:",
      "    ❌ eks-irsa@v0.1.0 (local: policy-pack)",
      "        - [mandatory]  trust-policy-subject-mismatch  (aws:iam:Role: api)",
      "",
      "Diagnostics:",
      "  pulumi:pulumi:Stack (shop-dev):",
    ].join("\n");
    expect(policiesSection(printed)).toBe(
      [
        "Policies:",
        "    ❌ eks-irsa@v0.1.0 (local: policy-pack)",
        "        - [mandatory]  trust-policy-subject-mismatch  (aws:iam:Role: api)",
      ].join("\n"),
    );
  });

  test("may be the last one", () => {
    expect(policiesSection("Policies:\n    ✅ eks-irsa@v0.1.0\n")).toBe("Policies:\n    ✅ eks-irsa@v0.1.0");
  });

  test("is empty when the program failed before it", () => {
    expect(policiesSection("Diagnostics:\n  error: failed\n")).toBe("");
  });
});
