import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";

jest.setTimeout(RUN_TIMEOUT_MS);

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine({ mode: "known" });
}, START_TIMEOUT_MS);
afterAll(() => engine.close());

const CLUSTER_AND_ROLE = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
const config = new pulumi.Config();
const cluster = new aws.eks.Cluster("shop", {
  name: config.require("name"),
  roleArn: "arn:aws:iam::111122223333:role/eks",
  vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] },
});
new aws.iam.Role("api", { name: "api", assumeRolePolicy: "{}", tags: { issuer: cluster.identities[0]!.oidcs[0]!.issuer } });
export const secret = config.requireSecret("password");
`;

/** A pack with one advisory policy that can be configured and one mandatory one that is told to fail. */
function writePack(name: string): string {
  const dir = join(engine.folder, name);
  mkdirSync(dir);
  writeFileSync(join(dir, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
  writeFileSync(
    join(dir, "index.js"),
    `const { PolicyPack } = require("@pulumi/policy");
     new PolicyPack(${JSON.stringify(name)}, { policies: [{
       name: "role-tagged", description: "A role has a tag.", enforcementLevel: "advisory", severity: "low",
       configSchema: { properties: { word: { type: "string", default: "nothing" } } },
       validateResource: ({ type, props, getConfig }, report) => {
         if (type === "aws:iam/role:Role") report("It says " + getConfig().word + " and " + props.tags.issuer);
       },
     }] });`,
  );
  return dir;
}

test("a program given as source is previewed, deployed, judged, and removed again", async () => {
  const program = CLUSTER_AND_ROLE;
  const config = { name: "shop", password: "swordfish" };
  const policyPack = writePack("tag-pack");
  const policyPackConfig = { "role-tagged": { word: "hello" } };

  const preview = await engine.preview({ program, config, policyPack, policyPackConfig });
  expect(preview).toMatchObject({
    code: 0,
    policyEvents: [
      {
        policyName: "role-tagged",
        policyPackName: "tag-pack",
        enforcementLevel: "advisory",
        severity: "low",
        resourceUrn: "urn:pulumi:dev::program-1::aws:iam/role:Role::api",
        message: expect.stringMatching(
          /^A role has a tag\.\nIt says hello and https:\/\/oidc\.eks\.us-west-2\.amazonaws\.com\/id\/[0-9A-F]{32}$/,
        ) as string,
      },
    ],
  });
  expect(preview.steps.map(({ op, type }) => `${op} ${type}`)).toContain("create aws:eks/cluster:Cluster");

  const mandatory = { "role-tagged": { enforcementLevel: "mandatory" } };
  const refused = await engine.up({ program, config, policyPack, policyPackConfig: mandatory });
  expect(refused.code).toBe(1);
  expect(refused.policyEvents).toMatchObject([{ enforcementLevel: "mandatory" }]);

  expect(await engine.up({ program, config })).toMatchObject({ code: 0, policyEvents: [] });
  const again = await engine.preview({ program, config });
  expect([...new Set(again.steps.map(({ op }) => op))]).toEqual(["same"]);

  const analyzed = await engine.policyAnalyze({ program, policyPack, policyPackConfig });
  expect(analyzed.code).toBe(0);
  expect(analyzed.policyEvents).toMatchObject([{ policyName: "role-tagged", enforcementLevel: "advisory" }]);

  const destroyed = await engine.destroy({ program });
  expect(destroyed.code).toBe(0);
  expect([...new Set(destroyed.steps.map(({ op }) => op))]).toEqual(["delete"]);
});

test("a program that throws fails the preview and is told why", async () => {
  const { code, diagnostics } = await engine.preview({ program: `throw new Error("out of subnets");` });
  expect(code).not.toBe(0);
  expect(diagnostics.map(({ message }) => message).join("\n")).toContain("out of subnets");
});

test("a program that calls process.exit fails the preview with its code", async () => {
  const { code, stdout } = await engine.preview({ program: `process.exit(7);` });
  expect(code).not.toBe(0);
  expect(stdout).toContain("non-zero exit code: 7");
});

test("what a program prints is shown", async () => {
  const { code, stdout } = await engine.preview({ program: `console.log("four pods");` });
  expect({ code, shown: stdout.includes("four pods") }).toEqual({ code: 0, shown: true });
});

test("a folder without a Pulumi.yaml is refused", async () => {
  await expect(engine.preview({ dir: join(engine.folder, "home") })).rejects.toThrow("it has no Pulumi.yaml");
});

test("a program and a pack end with an engine that has to be stopped", async () => {
  const pack = join(engine.folder, "pid-pack");
  mkdirSync(pack);
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(join(pack, "package.json"), JSON.stringify({ name: "pid-pack", version: "1.0.0", main: "index.js" }));
  const writePid = (name: string): string =>
    `require("node:fs").writeFileSync(${JSON.stringify(join(engine.folder, name))}, String(process.pid));`;
  writeFileSync(
    join(pack, "index.js"),
    `${writePid("pack.pid")} new (require("@pulumi/policy").PolicyPack)("pid-pack", { policies: [] });`,
  );
  const program = `${writePid("program.pid")} setInterval(() => undefined, 1_000);`;

  const { code, stderr } = await engine.preview({ program, policyPack: pack, timeoutMs: 15_000 });
  expect(code).toBe(-1);
  expect(stderr).toContain("did not end within 15 s");
  await expect(
    Promise.all(["pack.pid", "program.pid"].map((name) => ended(join(engine.folder, name)))),
  ).resolves.toEqual([true, true]);
});

/** Whether the process whose id a file holds is gone, within ten seconds. */
async function ended(pidFile: string): Promise<boolean> {
  const pid = Number(readFileSync(pidFile, "utf8"));
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}
