import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import { corpus } from "./corpus";
import { hide, placesOf, withoutEdges } from "./leaves";
import { writeFileSync } from "node:fs";

test("long", async () => {
  const examples = await corpus();
  const out = new Map<string, string[]>();
  let n = 0;
  const t0 = Date.now();
  const part = Number(process.env["PART"] ?? 0), parts = Number(process.env["PARTS"] ?? 1);
  for (const [i, { name, stack }] of examples.entries()) {
    if (i % parts !== part) continue;
    const places = placesOf(stack);
    const key = (f: any) => `${f.rule} @ ${f.at.urn}`;
    const bases = new Map<string, any>();
    const judge = (s: any) => run(rules, buildModel(s));
    for (const p of places) {
      for (const edge of [true, false]) {
        const base = edge ? stack : withoutEdges(stack, p);
        const bk = edge ? "" : `${p.urn} ${p.path[0]}`;
        let before = bases.get(bk);
        if (!before) bases.set(bk, before = judge(base));
        const after = judge(hide(base, p)); n++;
        if (after.faults.length) out.set("FAULT " + JSON.stringify(after.faults), [name]);
        for (const f of after.findings) {
          const places = (x: any) => [x.at, ...x.related].map((q: any) => q.urn);
          const strong = (x: any) => x.level === "mandatory" || f.level === "advisory";
          const same = before.findings.filter((x: any) => x.rule === f.rule && places(x).some((q: string) => q === f.at.urn));
          const ok = before.findings.some((x: any) => strong(x) && places(x).some((q: string) => places(f).includes(q)) && !["workload-order"].includes(x.rule) || (x.rule === f.rule && strong(x) && places(x).includes(f.at.urn)));
          if (!ok) {
            const k = `${f.rule} ${same.length ? "LEVEL" : "NEW"}`;
            out.set(k, [...(out.get(k) ?? []), `${name} | ${p.urn.split("::").slice(2).join(" ")} ${p.part} ${p.path.join(".")} edge=${edge} | before: ${before.findings.map((x: any) => `${x.level} ${x.rule}`).join(", ")} | after: ${f.level} ${f.says}`]);
          }
        }
      }
    }
  }
  writeFileSync(`/tmp/long-${part}.txt`, [...out].map(([k, v]) => `## ${k} (${v.length})\n${v.join("\n")}`).join("\n\n"));
  console.log(examples.length, n, (Date.now() - t0) / n);
}, 3000000);
