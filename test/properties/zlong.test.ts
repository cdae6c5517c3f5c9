import { writeFileSync } from "node:fs";
import { corpus } from "./corpus";
import { withHonestEdges, withoutEdges } from "./edges";
import { hide, placesOf } from "./leaves";
import { brief, unanswered } from "./verdicts";
import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
test("long", async () => {
  const judge = (s: any) => run(rules, buildModel(s));
  const only = process.env["ONLY"];
  const out = new Map<string, string[]>();
  let n = 0; const t0 = Date.now();
  for (const { name, stack: raw } of await corpus()) {
    if (only && !name.includes(only)) continue;
    const stack = withHonestEdges(raw);
    const bases = new Map<string, any>();
    for (const p of placesOf(stack)) {
      if (p.value === "" || p.value === null) continue;
      for (const edge of [true, false]) {
        const base = edge ? stack : withoutEdges(stack, p);
        const bk = edge ? "" : `${p.urn} ${p.path[0]}`;
        if (!bases.has(bk)) bases.set(bk, judge(base));
        const before = bases.get(bk);
        const after = judge(hide(base, p)); n++;
        for (const x of [...after.faults, ...before.faults]) out.set("FAULT " + JSON.stringify(x), []);
        for (const f of unanswered(after.findings, before.findings)) {
          const k = f.rule;
          out.set(k, [...(out.get(k) ?? []), `${name.split(": ").slice(1).join(": ").slice(0,90)} | ${p.urn.split("::").slice(2).join(" ")} ${p.part} ${p.path.join(".")} edge=${edge} | before: ${before.findings.map((x: any) => `${x.level} ${x.rule}`).join(", ")} | after: ${brief(f)}`]);
        }
      }
    }
  }
  writeFileSync(`/tmp/long.txt`, [...out].map(([k, v]) => `## ${k} (${v.length})\n${v.join("\n")}`).join("\n\n"));
  console.log(n, (Date.now() - t0) / n);
}, 3000000);
