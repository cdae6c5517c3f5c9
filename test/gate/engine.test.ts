/** The gate against the real CLI and engine. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "sarif";
import type { Report } from "../../policy-pack/src/gate/report";
import { repositoryRoot } from "../../scripts/repository";
import { START_TIMEOUT_MS, startEngine } from "../engine/harness";
import { EXAMPLES, openGate, refuseRemains, type TestGate } from "./gate";
import { BROKEN } from "./programs";

jest.setTimeout(4 * 60 * 1000);

let gate: TestGate;
beforeAll(async () => {
  gate = await openGate();
}, START_TIMEOUT_MS);
afterAll(() => gate.close());

/** Whatever a run was, it leaves neither processes nor files. */
afterEach(() => {
  refuseRemains(gate.folder);
});

const json = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Report> => {
  const { stdout, stderr } = await gate.run([...args, "--format", "json=-", "--base", repositoryRoot], env);
  if (!stdout.startsWith("{")) throw new Error(stderr);
  return JSON.parse(stdout) as Report;
};
const rulesIn = ({ stacks }: Report) => stacks.flatMap(({ findings }) => findings.map(({ rule }) => rule));

test("sound examples pass, several at once, and write nothing beside their program", async () => {
  const before = readdirSync(join(EXAMPLES, "quickstart"));
  const { code, stdout, stderr } = await gate.run([
    "-C",
    join(EXAMPLES, "quickstart"),
    "-C",
    join(EXAMPLES, "multi-cluster"),
    "-s",
    "gate",
    "--strict",
    "--require-irsa",
  ]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toContain("✓ shop/api on green  Deployment api ─▶ ServiceAccount shop/api");
  expect(readdirSync(join(EXAMPLES, "quickstart"))).toEqual(before);
});

test("a broken program fails in every format at once, each pointing at its line", async () => {
  const out = join(gate.folder, "out");
  const formats = `text,json=${out}/r.json,sarif=${out}/r.sarif,junit=${out}/r.xml,markdown=${out}/r.md,html=${out}/r.html,github=${out}/r.txt`;
  const home = gate.program("broken", BROKEN);
  const { code, stdout } = await gate.run(["-C", home, "--format", formats, "--base", gate.folder]);
  expect(code).toBe(1);
  expect(stdout).toContain("✗  broken: the role's trust policy admits the account");
  const line = BROKEN.split("\n").findIndex((each) => each.includes("new aws.iam.Role(")) + 1;
  const [run] = (JSON.parse(readFileSync(join(out, "r.sarif"), "utf8")) as Log).runs;
  expect(run?.results).toMatchObject([
    {
      ruleId: "trust-policy-subject-mismatch",
      locations: [{ physicalLocation: { artifactLocation: { uri: "broken/index.ts" }, region: { startLine: line } } }],
    },
  ]);
  expect(readFileSync(join(out, "r.txt"), "utf8")).toContain(`::error file=broken/index.ts,line=${line},`);
  expect(readFileSync(join(out, "r.xml"), "utf8")).toMatch(/<testsuites name="irsa-gate" tests="2" failures="1"/);
  expect(readdirSync(out).sort()).toEqual(["r.html", "r.json", "r.md", "r.sarif", "r.txt", "r.xml"]);
});

test("the same program in rehearsal, as a first preview and from its events and state has the same faults or open questions", async () => {
  const home = gate.program("consistent", BROKEN);
  const rehearsed = await json(["-C", home]);
  const first = await json(["-C", home, "--first-preview"]);
  expect(rulesIn(rehearsed)).toEqual(["trust-policy-subject-mismatch"]);
  expect(first.stacks[0]?.source).toBe("first-preview");
  expect(rulesIn(first).filter((rule) => !rulesIn(rehearsed).includes(rule))).toEqual([]);
  expect(rulesIn(first).length + (first.stacks[0]?.unverified.length ?? 0)).toBeGreaterThan(0);
  expect(first.stacks[0]?.chains.map(({ title }) => title)).toEqual(
    rehearsed.stacks[0]?.chains.map(({ title }) => title),
  );
});

test("deployed state has the same faults, and its roles admit nobody that the program's own did not", async () => {
  const engine = await startEngine();
  try {
    const run = { program: BROKEN };
    expect((await engine.up(run)).code).toBe(0);
    const { stdout } = await engine.pulumi(["stack", "export", "--stack", "dev"], run);
    const state = join(gate.folder, "state.json");
    writeFileSync(state, stdout);
    const analyzed = await gate.run(["analyze", "--state", state, "--format", "json"]);
    expect(analyzed).toMatchObject({ code: 1, stderr: expect.stringContaining("1 violation fails") as string });
    const report = JSON.parse(analyzed.stdout) as Report;
    expect([rulesIn(report), report.stacks[0]?.source]).toEqual([["trust-policy-subject-mismatch"], "state"]);
    const home = gate.program(
      "deployed",
      BROKEN.replace(":shop:web", ":shop:*").replaceAll("StringEquals", "StringLike"),
    );
    const wider = await gate.run(["trust-diff", "--before", state, "-C", home, "--fail-on-wider"]);
    expect(wider.code).toBe(1);
    expect(wider.stdout).toContain(
      'aws:iam/role:Role api now allows pods of ServiceAccount shop/* of OIDC provider "shop" to assume it',
    );
    const same = await gate.run([
      "trust-diff",
      "--before",
      state,
      "-C",
      gate.program("same", BROKEN),
      "--fail-on-wider",
    ]);
    expect([same.code, same.stdout]).toEqual([0, "✓ No role admits or allows more than before.\n"]);
  } finally {
    await engine.close();
  }
});

test("a suppression in the program is listed with its end, and an audit judges as if it were not there", async () => {
  const suppressing = BROKEN.replace(
    `name: "shop-api",`,
    `name: "shop-api", tags: { "ignore.eks-irsa.dev/trust-policy-subject-mismatch": "renamed next week until 2099-01-31" },`,
  );
  const home = gate.program("suppressing", suppressing);
  const report = await json(["-C", home]);
  expect(report.decision).toMatchObject({ exitCode: 0, counts: { suppressed: 1 } });
  expect(report.stacks[0]?.suppressed).toMatchObject([
    { rule: "trust-policy-subject-mismatch", reason: "renamed next week", until: "2099-01-31" },
  ]);
  expect((await json(["-C", home, "--no-suppressions"])).decision).toMatchObject({
    exitCode: 1,
    counts: { suppressed: 0 },
  });
});

test("a pack of the user's own is judged in the same preview", async () => {
  const pack = join(gate.folder, "own-pack");
  mkdirSync(pack);
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  writeFileSync(join(pack, "package.json"), JSON.stringify({ name: "own", version: "1.0.0", main: "index.js" }));
  writeFileSync(
    join(pack, "index.js"),
    `const { PolicyPack } = require("@pulumi/policy");
     new PolicyPack("own", { policies: [{
       name: "role-description", description: "A role has a description.", enforcementLevel: "mandatory", severity: "low",
       validateResource: ({ type, props }, report) => { if (type === "aws:iam/role:Role") report("It says " + props.description); },
     }] });`,
  );
  const report = await json(["-C", join(EXAMPLES, "quickstart"), "--policy-pack", pack]);
  expect(report.decision.exitCode).toBe(1);
  expect(new Set(rulesIn(report))).toEqual(new Set(["own/role-description"]));
});

test("broken examples have a fault at a line of their own, sound ones beside them are silent", async () => {
  const sound = ["existing-cluster", "helm-owned"];
  const broken = ["annotation", "provider", "trust"].map((name) => `broken/${name}`);
  const { stacks } = await json([...sound, ...broken].flatMap((name) => ["-C", join(EXAMPLES, name)]));
  const found = stacks.map(({ directory, findings, error, usesIrsa }) => ({
    directory,
    error,
    usesIrsa,
    files: [...new Set(findings.map(({ at }) => at.position?.file))],
  }));
  const expected = (name: string, files: readonly string[]) => ({
    directory: `examples/${name}`,
    error: undefined,
    usesIrsa: true,
    files,
  });
  expect(found).toEqual([
    ...sound.map((name) => expected(name, [])),
    ...broken.map((name) => expected(name, [`examples/${name}/index.ts`])),
  ]);
});

test("a package without a stand-in echoes its inputs, whatever language asks for it", async () => {
  const source = `${BROKEN}
import * as pulumi from "@pulumi/pulumi";
class Pet extends pulumi.CustomResource {
  constructor(name: string) { super("random:index/randomPet:RandomPet", name, { length: 2 }, { version: "4.0.0" }); }
}
new Pet("pet");
`;
  const report = await json(["-C", gate.program("foreign", source)]);
  expect(report.stacks[0]?.error).toBeUndefined();
  expect(rulesIn(report)).toEqual(["trust-policy-subject-mismatch"]);
});

test("encrypted configuration without its passphrase is rehearsed with placeholders, which is said", async () => {
  const source = `import * as pulumi from "@pulumi/pulumi"; export const length = new pulumi.Config().require("password").length;`;
  const home = gate.program("secret", source, {
    "Pulumi.dev.yaml": "encryptionsalt: v1:abc:v1:def:ghi\nconfig:\n  secret:password:\n    secure: v1:xxx:yyy\n",
  });
  const report = await json(["-C", home]);
  expect(report.stacks[0]).toMatchObject({ notRehearsed: [{ what: "configuration secret:password" }] });
  expect(report.stacks[0]?.error).toBeUndefined();
  const given = await json(["-C", home, "-c", "secret:password=given"]);
  expect(given.stacks[0]?.error).toBeUndefined();
});

test("secrets of the program get into no report and no log", async () => {
  const secret = BROKEN.replace(
    `name: "shop-api"`,
    `name: "shop-api", description: pulumi.secret("s3cr3t-of-the-test")`,
  );
  const source = `import * as pulumi from "@pulumi/pulumi";${secret}`;
  const home = gate.program("secretive", source);
  const files = ["json", "sarif", "junit", "markdown", "html", "github"].map(
    (format) => `${format}=${gate.folder}/s.${format}`,
  );
  const { code, stdout, stderr } = await gate.run(["-C", home, "--format", ["text", ...files].join(",")]);
  expect(code).toBe(1);
  const all = [stdout, stderr, ...files.map((file) => readFileSync(file.slice(file.indexOf("=") + 1), "utf8"))].join(
    "\n",
  );
  expect(all).not.toContain("s3cr3t-of-the-test");
});
