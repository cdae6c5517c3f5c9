import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { startRehearsal, type Rehearsal } from "../../policy-pack/src/rehearsal";
import { repositoryRoot } from "../../scripts/repository";
import { runCommand, type CommandResult } from "../../scripts/run-command";
import { pythonWith } from "../support/python";
import { policyPack, RUN_TIMEOUT_MS, startEngine, START_TIMEOUT_MS, type TestEngine } from "../engine/harness";

const EXAMPLE = join(repositoryRoot, "examples", "python");
const COMPONENTS = join(repositoryRoot, "components");
const PREVIEW = join(__dirname, "python", "preview.py");

interface Planned {
  readonly steps: readonly {
    readonly type: string;
    readonly urn: string;
    readonly inputs: Readonly<Record<string, unknown>>;
  }[];
  readonly violations: readonly unknown[];
}

describe("a program in Python", () => {
  let engine: TestEngine;
  let rehearsal: Rehearsal;
  let python: string | undefined;

  beforeAll(async () => {
    engine = await startEngine();
    rehearsal = await startRehearsal();
    python = await pythonWith(join(EXAMPLE, "requirements.txt"));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await engine.close();
    await rehearsal.close();
  });

  const preview = (folder: string): Promise<CommandResult> =>
    runCommand(join(python ?? "", "python"), ["-B", PREVIEW, folder, COMPONENTS, policyPack], {
      cwd: repositoryRoot,
      timeoutMs: RUN_TIMEOUT_MS,
      env: {
        ...process.env,
        PATH: [dirname(engine.cli.path), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
        PULUMI_HOME: join(engine.folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(engine.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "not a secret: the state is thrown away",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: rehearsal.debugProviders,
      },
    });

  it(
    "gets the same chain as one in TypeScript, silent under the pack",
    async () => {
      if (python === undefined) {
        notRun();
        return;
      }
      const { code, stdout, stderr } = await preview(EXAMPLE);
      expect([code, stderr]).toEqual([0, ""]);
      const { steps, violations } = JSON.parse(stdout) as Planned;
      expect(violations).toEqual([]);
      const own = steps.filter(({ urn }) => urn.includes("IrsaBinding$"));
      expect(own.map(({ type }) => type.split(":").at(-1))).toEqual([
        "Namespace",
        "OpenIdConnectProvider",
        "Role",
        "RolePolicyAttachment",
        "ServiceAccount",
      ]);
      expect(steps.find(({ type }) => type.endsWith(":Deployment"))?.inputs["spec"]).toMatchObject({
        template: {
          metadata: { annotations: { "eks-irsa.dev/identity": expect.stringMatching(/^[0-9a-f]{16}$/) as unknown } },
          spec: {
            serviceAccountName: "api",
            containers: [{ env: [{ name: "AWS_REGION", value: "eu-west-1" }, { name: "AWS_DEFAULT_REGION" }] }],
          },
        },
      });
    },
    RUN_TIMEOUT_MS,
  );

  it(
    "is told by property what is wrong, without a frame of the component",
    async () => {
      if (python === undefined) {
        notRun();
        return;
      }
      const folder = join(engine.folder, "wrong");
      cpSync(EXAMPLE, folder, { recursive: true });
      const file = join(folder, "__main__.py");
      writeFileSync(file, readFileSync(file, "utf8").replace('"namespace": "shop"', '"namespace": "Shop"'));
      const { code, stderr } = await preview(folder);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/namespace.*"Shop" is not legal: a namespace consists of lower-case/s);
      expect(stderr).not.toMatch(/components\/(src|dist)/);
    },
    RUN_TIMEOUT_MS,
  );

  function notRun(): void {
    console.warn("There is no Python 3 with venv here: examples/python was not run.");
    expect(python).toBeUndefined();
  }
});
