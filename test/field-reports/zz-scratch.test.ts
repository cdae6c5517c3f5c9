import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import { unreachableFirstPreviewOf } from "./pods";
import { firstPreviewOf } from "./support";
import a from "./account-working"; import b from "./workload-working"; import c from "./account-addons"; import d from "./workload-tokens"; import e from "./account-annotations";
import f from "./account-owners"; import g from "./workload-accounts"; import h from "./workload-environment";
test("noise", () => {
  const out: string[] = [];
  for (const r of [a, b, c, d, e, f]) for (const w of r.working) for (const [n, p] of [["aws", firstPreviewOf], ["k8s", unreachableFirstPreviewOf]] as const) {
    const { findings, unverified } = run(rules, buildModel(p(w.stack)));
    for (const x of findings) out.push(`NOISE ${n} ${w.name}: ${x.rule} ${x.level} ${x.says}`);
    if (n === "aws") out.push(`unver ${unverified.length} ${w.name} ${unverified.map((u) => u.says).join(" || ").slice(0, 260)}`);
  }
  for (const r of [a, b, c, d, e, f, g, h]) for (const w of r.broken) for (const [n, p] of [["aws", firstPreviewOf], ["k8s", unreachableFirstPreviewOf]] as const) {
    const first = run(rules, buildModel(p(w.stack)));
    const seen = first.findings.map((x) => x.rule);
    const want = w.finds.map((x) => x.split(" ")[0]);
    const missing = want.filter((x) => !seen.includes(x!));
    const extra = seen.filter((x) => !want.includes(x));
    if (missing.length || extra.length) out.push(`FIRST ${n} ${w.name}: missing ${missing} extra ${extra} unverified ${first.unverified.length}`);
  }
  console.log(out.join("\n"));
});
