import fc from "fast-check";
import { run } from "../../policy-pack/src/findings/run";
import type { Value } from "../../policy-pack/src/facts/value";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import { UNKNOWN, wired } from "../support/stack";

const ours = rules.filter((rule) => rule.link === "workload");

/** Any value in place of any part of a pod: of another type, unknown, or holding what no schema allows. */
const anything: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, true, 0, -1, 1e308, "", "token", "a\u0000b", "$(X)", "arn:aws:iam::1:role/x", UNKNOWN),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        "name",
        "value",
        "valueFrom",
        "env",
        "mountPath",
        "projected",
        "sources",
        "path",
        "$unknown",
        "__proto__",
      ),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

const parts = [
  "containers",
  "initContainers",
  "volumes",
  "securityContext",
  "nodeSelector",
  "affinity",
  "os",
  "serviceAccountName",
  "hostNetwork",
];

test("workload rules survive a pod of any shape", () => {
  fc.assert(
    fc.property(fc.constantFrom(...parts), anything, anything, (part, value, annotations) => {
      const stack = wired({
        deployment: { spec: { template: { metadata: { annotations }, spec: { [part]: value } } } },
      });
      expect(run(ours, buildModel(stack)).faults).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("workload rules survive a container of any shape", () => {
  const keys = ["name", "image", "env", "envFrom", "volumeMounts", "securityContext"];
  fc.assert(
    fc.property(fc.constantFrom(...keys), anything, (key, value) => {
      const container = { name: "api", image: "aws-cli:1.0.0", [key]: value };
      const stack = wired({ deployment: { spec: { template: { spec: { containers: [container, value] } } } } });
      expect(run(ours, buildModel(stack)).faults).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
