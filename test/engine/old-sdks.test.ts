import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { writeProgram } from "../../scripts/engine/project";
import { repositoryRoot } from "../../scripts/repository";
import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";
import { type OldSdks, provideSdks } from "./sdks/install";
import { PROGRAM } from "./sdks/program";
import { silent, verdictOf } from "./verdict";

jest.setTimeout(RUN_TIMEOUT_MS);

const OLD: readonly OldSdks[] = ["aws-5", "aws-6"];
const modules = new Map<string, string>([["aws-7", join(repositoryRoot, "node_modules")]]);
let known: TestEngine;
let unknown: TestEngine;
beforeAll(async () => {
  for (const name of OLD) modules.set(name, await provideSdks(name));
  known = await startEngine({ mode: "known" });
  unknown = await startEngine({ mode: "unknown" });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await known.close();
  await unknown.close();
});

/** A program whose packages are those of one SDK version alone. */
function programOn(sdks: string): { readonly dir: string; readonly versions: Readonly<Record<string, string>> } {
  const dir = join(known.folder, "sdks", sdks);
  const packages = modules.get(sdks) ?? "";
  mkdirSync(dir, { recursive: true });
  writeProgram(dir, `on-${sdks}`, PROGRAM);
  symlinkSync(packages, join(dir, "node_modules"), "junction");
  const major = (name: string): string => {
    const { version } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8")) as { version: string };
    return version.replace(/^v?(\d+)\..*$/, "$1");
  };
  return { dir, versions: { aws: major("@pulumi/aws"), kubernetes: major("@pulumi/kubernetes") } };
}

// Over the versions each way to write a trust policy is broken once and right twice.
describe.each([
  ["5", "web"],
  ["6", "jobs"],
  ["7", "api"],
])("a program on version %s of @pulumi/aws and 4 of @pulumi/kubernetes", (version, broken) => {
  test("accuses nobody at its first preview, and by value the one role alone that is broken", async () => {
    const { dir, versions } = programOn(`aws-${version}`);
    expect(versions).toEqual({ aws: version, kubernetes: "4" });
    const first = verdictOf(await unknown.preview({ dir, policyPack }));
    expect(first).toMatchObject(silent);
    expect(first.unverified).toEqual(["api", "jobs", "web"]);
    expect(verdictOf(await known.preview({ dir, policyPack, config: { broken } }))).toMatchObject({
      errors: [],
      violations: [`mandatory trust-policy-subject-mismatch ${broken}`],
      unverified: [],
    });
  });
});
