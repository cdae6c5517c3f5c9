import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { startRehearsal } from "../../policy-pack/src/rehearsal";
import { startEngine } from "../engine/harness";
import { runCommand } from "../../scripts/run-command";
it("x", async () => {
  const engine = await startEngine();
  const rehearsal = await startRehearsal();
  const env = { ...process.env, PULUMI_HOME: join(engine.folder, "home"), PULUMI_BACKEND_URL: "file://" + join(engine.folder, "state"), PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", PULUMI_DEBUG_PROVIDERS: rehearsal.debugProviders };
  const r = await runCommand("/tmp/scratch/venv/bin/python", ["test/components/python/preview.py", "/work/main/examples/python", "/work/main/components", "/work/main/policy-pack"], { cwd: "/work/main", env, timeoutMs: 100000 });
  console.log(JSON.stringify(r, null, 1).replaceAll("\\n", "\n"));
  await engine.close(); await rehearsal.close();
}, 200000);
