import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repositoryRoot } from "../../scripts/repository";
import { runCommand } from "../../scripts/run-command";

const TIMEOUT_MS = 3 * 60 * 1000;
const MODULES = join(repositoryRoot, "node_modules");
const NPM =
  process.env["npm_execpath"] ??
  join(dirname(process.execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");

/** A program that uses what the types promise: rich arguments, helpers, outputs. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { AddonName, IrsaBinding, ServiceAccountMode, type IrsaBindingArgs, type RichIrsaBindingArgs } from "eks-irsa";
const flat: IrsaBindingArgs = { namespace: "shop", issuerUrl: "https://issuer.example.org", serviceAccountMode: ServiceAccountMode.External };
const rich: RichIrsaBindingArgs = { ...flat, addons: ["vpc-cni", { addon: AddonName.ExternalDns, hostedZoneArns: ["arn:aws:route53:::hostedzone/Z1"] }] };
export class Mine extends IrsaBinding {}
export function use(binding: IrsaBinding): pulumi.Output<string> {
  return binding.podSpec({ containers: [{ name: "app", image: "app:1" }] }).serviceAccountName;
}
export const make = (): IrsaBinding => new IrsaBinding("api", rich);
// @ts-expect-error: there is no such add-on
export const wrong = (): IrsaBinding => new IrsaBinding("api", { ...flat, addons: ["ebs"] });
`;

describe("the published package", () => {
  const project = mkdtempSync(join(tmpdir(), "eks-irsa-package-"));
  const run = async (args: readonly string[], cwd = project): Promise<string> => {
    const { code, stdout, stderr } = await runCommand(process.execPath, args, {
      cwd,
      env: process.env,
      timeoutMs: TIMEOUT_MS,
    });
    if (code !== 0) throw new Error(`${args.join(" ")}:\n${stdout}${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    await run([NPM, "pack", "--ignore-scripts", "--pack-destination", project], join(repositoryRoot, "components"));
    const tarball = readdirSync(project).find((each) => each.endsWith(".tgz")) ?? "";
    const { code, stderr } = await runCommand("tar", ["-xzf", tarball], {
      cwd: project,
      env: process.env,
      timeoutMs: TIMEOUT_MS,
    });
    if (code !== 0) throw new Error(stderr);
    mkdirSync(join(project, "node_modules"));
    renameSync(join(project, "package"), join(project, "node_modules", "eks-irsa"));
    for (const name of ["@pulumi", "@types", "typescript"])
      symlinkSync(join(MODULES, name), join(project, "node_modules", name), "junction");
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "empty", private: true }));
    writeFileSync(join(project, "index.ts"), PROGRAM);
  }, TIMEOUT_MS);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it(
    "type-checks under strict in an empty project",
    async () => {
      const strict = [
        "--strict",
        "--exactOptionalPropertyTypes",
        "--noUncheckedIndexedAccess",
        "--skipLibCheck",
        "--noEmit",
      ];
      const tsc = join(MODULES, "typescript", "bin", "tsc");
      expect(
        await run([tsc, ...strict, "--module", "node16", "--target", "es2022", "--types", "node", "index.ts"]),
      ).toBe("");
    },
    TIMEOUT_MS,
  );

  it.each([
    ["CommonJS", "index.cjs", 'const { IrsaBinding, AddonName } = require("eks-irsa");'],
    ["an ES module", "index.mjs", 'import { IrsaBinding, AddonName } from "eks-irsa";'],
  ])(
    "runs as %s",
    async (_kind, file, line) => {
      writeFileSync(join(project, file), `${line}\nconsole.log(IrsaBinding.name, AddonName.VpcCni);`);
      expect(await run([file])).toBe("IrsaBinding vpc-cni\n");
    },
    TIMEOUT_MS,
  );

  it("brings what a component plugin needs: sources, their tsconfig, and the plugin's file", () => {
    const files = readdirSync(join(project, "node_modules", "eks-irsa"));
    expect(files).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "PulumiPlugin.yaml",
        "README.md",
        "dist",
        "package.json",
        "src",
        "tsconfig.json",
      ]),
    );
  });

  it(
    "is found in order by publint and by arethetypeswrong",
    async () => {
      const publint = await run([
        join(MODULES, "publint", "src", "cli.js"),
        "--strict",
        join(repositoryRoot, "components"),
      ]);
      expect(publint).not.toMatch(/Errors?:|Warnings?:/);
      const tarball = readdirSync(project).find((each) => each.endsWith(".tgz")) ?? "";
      expect(await run([join(MODULES, "@arethetypeswrong", "cli", "dist", "index.js"), tarball])).toMatch(
        /No problems found/,
      );
    },
    TIMEOUT_MS,
  );
});
