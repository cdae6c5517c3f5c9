/** `--live`: the user's own backend, settings and provider plugins. The plugins here are stand-ins, installed like real ones. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Report } from "../../policy-pack/src/gate/report";
import { repositoryRoot } from "../../scripts/repository";
import { START_TIMEOUT_MS } from "../engine/harness";
import { openGate, orphans, refuseRemains, type TestGate, waitFor } from "./gate";
import { BROKEN } from "./programs";

jest.setTimeout(4 * 60 * 1000);

let gate: TestGate;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  gate = await openGate();
  const home = join(gate.folder, "pulumi-home");
  const state = join(gate.folder, "state");
  mkdirSync(state);
  for (const name of ["aws", "kubernetes"]) installPlugin(home, name);
  env = {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "live",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}, START_TIMEOUT_MS);
afterAll(() => gate.close());
afterEach(() => refuseRemains(gate.folder));

/** An executable that says its port on stdout, as the engine expects of a plugin, of the version that the SDK asks for. */
function installPlugin(home: string, name: string): void {
  const { version } = createRequire(__filename)(`@pulumi/${name}/package.json`) as { readonly version: string };
  const folder = join(home, "plugins", `resource-${name}-v${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const source = `#!${process.execPath}
const { startRehearsal } = require(${JSON.stringify(join(repositoryRoot, "policy-pack/dist/rehearsal"))});
startRehearsal().then(({ debugProviders }) =>
  console.log(new Map(debugProviders.split(",").map((each) => each.split(":"))).get(${JSON.stringify(name)})));
`;
  writeFileSync(join(folder, `pulumi-resource-${name}`), source, { mode: 0o755 });
}

async function program(name: string, source: string): Promise<string> {
  const home = gate.program(name, source);
  const { code, stderr } = await gate.pulumiIn(home, ["stack", "init", "dev"], env);
  if (code !== 0) throw new Error(stderr);
  return home;
}

test("judges by the providers that the engine finds, in the user's own stack, and changes nothing there", async () => {
  const home = await program("live", BROKEN);
  const settings = readFileSync(join(home, "Pulumi.dev.yaml"), "utf8");
  const { code, stdout, stderr } = await gate.run(["-C", home, "--live", "--format", "json", "-c", "note=x"], env);
  const { stacks } = JSON.parse(stdout) as Report;
  expect({ code, error: stacks[0]?.error }).toEqual({ code: 1, error: undefined });
  expect(stacks[0]).toMatchObject({ source: "live", notRehearsed: [], chains: [{ title: "shop/api" }] });
  expect(stacks[0]?.findings.map(({ rule, at }) => [rule, at.position?.line])).toEqual([
    ["trust-policy-subject-mismatch", BROKEN.split("\n").findIndex((line) => line.includes("aws.iam.Role(")) + 1],
  ]);
  expect(stderr).toContain("1 violation fails the gate.");
  expect(readFileSync(join(home, "Pulumi.dev.yaml"), "utf8")).toBe(settings);
});

test("a stack that the backend does not have is an error that names it", async () => {
  const home = gate.program("stackless", BROKEN);
  const { code, stdout } = await gate.run(["-C", home, "--live", "-s", "prod"], env);
  expect(code).toBe(2);
  expect(stdout).toMatch(/no stack named 'prod' found/);
});

test("a provider that is killed in the middle is an error, and nothing of the run is left", async () => {
  const go = join(gate.folder, "go");
  const waiting = `import { existsSync } from "node:fs";
const wait = (role: aws.iam.Role) => role.arn.apply(async (arn) => {
  while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 50));
  return arn;
});
${BROKEN}
new aws.sqs.Queue("late", { name: wait(role).apply((arn) => arn.slice(-8)) });
`;
  const home = await program("killed-provider", waiting);
  const file = join(gate.folder, "killed.sarif");
  const { ended } = gate.start(["-C", home, "--live", "--format", `text,sarif=${file}`, "--timeout", "60"], env);
  // The second one of the package: by then the role is made, and the program waits.
  const plugin = await waitFor(() => orphans(gate.folder).find((each) => each.includes("pulumi-resource-aws")));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  process.kill(Number(plugin.split(" ")[0]), "SIGKILL");
  writeFileSync(go, "");
  const { code, stdout } = await ended;
  expect(code).toBe(2);
  expect(stdout).toMatch(/The preview failed\.\n.*(connection|transport|Unavailable|refused|EOF)/s);
  // Written whole: it says of itself that the run was none.
  expect(existsSync(file) && JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    runs: [{ results: [], invocations: [{ executionSuccessful: false }] }],
  });
});
