import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startRehearsal } from "../../policy-pack/src/rehearsal";
import { policyPack, startEngine, type EngineResult } from "./harness";
import { IN_HALVES, TWO_TEAMS } from "./life-programs";
import { operations, verdictOf } from "./verdict";
jest.setTimeout(20 * 60_000);
const say = (name: string, r: EngineResult) => { const {text, ...v} = verdictOf(r);
  appendFileSync("/tmp/helperA/zz.txt", `## ${name} code=${r.code}\n${JSON.stringify(v, null, 1)}\n${JSON.stringify(operations(r))}\n${text.slice(0,1500)}\nSTDERR ${r.stderr.slice(0,1200)}\n`); };
const run = { program: IN_HALVES, policyPack, policyPackConfig: { "workload-order": "disabled" } };
async function withSwitch<T>(kill: () => Promise<void>, use: (url: string) => Promise<T>): Promise<T> {
  const s = createServer((_, response) => void kill().then(() => response.end()));
  const { port } = await new Promise<AddressInfo>((resolve) => { s.listen(0, "127.0.0.1", () => resolve(s.address() as AddressInfo)); });
  try { return await use(`http://127.0.0.1:${port}`); } finally { s.close(); }
}
test("all killed during up", async () => {
  const e = await startEngine({ mode: "known" });
  say("up killed", await withSwitch(() => e.killProviders(), (between) => e.up({ ...run, config: { between } })));
  const again = await startRehearsal({ mode: "known" });
  const env = { PULUMI_DEBUG_PROVIDERS: again.debugProviders };
  say("analyze half", await e.policyAnalyze({ ...run, env, config: { between: "nothing" } }));
  say("preview after", await e.preview({ ...run, env, config: { between: "nothing" } }));
  say("up after", await e.up({ ...run, env, config: { between: "nothing" } }));
  say("analyze whole", await e.policyAnalyze({ ...run, env, config: { between: "nothing" } }));
  await again.close(); await e.close();
  expect(1).toBe(1);
});
test("kubernetes killed, continue on error", async () => {
  const e = await startEngine({ mode: "known" });
  const a = await startRehearsal({ mode: "known" });
  const b = await startRehearsal({ mode: "known" });
  const k = (t: string) => t.split(",").find((x) => x.startsWith("kubernetes:"))!;
  const env = { PULUMI_DEBUG_PROVIDERS: a.debugProviders.replace(k(a.debugProviders), k(b.debugProviders)) };
  say("continue up killed k8s", await withSwitch(() => b.close(), (between) => e.up({ ...run, env, config: { between }, args: ["--continue-on-error"] })));
  const env2 = { PULUMI_DEBUG_PROVIDERS: a.debugProviders };
  say("continue preview after", await e.preview({ ...run, env: env2, config: { between: "nothing" } }));
  say("continue up after", await e.up({ ...run, env: env2, config: { between: "nothing" } }));
  await a.close(); await e.close();
});
test("continue on error with a violation; target dependents; previews only", async () => {
  const e = await startEngine({ mode: "known" });
  const two = { program: TWO_TEAMS, policyPack, policyPackConfig: { "workload-order": "disabled" } };
  say("violation continue", await e.up({ ...two, config: { suffix: "-v2" }, args: ["--continue-on-error"] }));
  say("violation mended", await e.up({ ...two }));
  const ROLE = "**aws:iam/role:Role::shop"; const CL = "**aws:eks/cluster:Cluster::shop";
  say("target deps role broken", await e.up({ ...two, config: { suffix: "-v2" }, args: ["--target", ROLE, "--target-dependents"] }));
  say("target deps cluster broken", await e.preview({ ...two, config: { suffix: "-v2" }, args: ["--target", CL, "--target-dependents"] }));
  say("target deps cluster fine second", await e.preview({ ...two, config: { stage: "second" }, args: ["--target", CL, "--target-dependents"] }));
  for (const c of ["refresh", "destroy"]) {
    const r = await e.pulumi([c, "--stack", "dev", "--preview-only"], two);
    appendFileSync("/tmp/helperA/zz.txt", `## ${c} ${JSON.stringify(r).slice(0, 2000)}\n`);
  }
  say("preview after", await e.preview(two));
  await e.close();
});
