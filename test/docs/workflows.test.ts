import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "./markdown";

interface Job {
  readonly "timeout-minutes"?: number;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(ROOT, ".github/workflows");
const workflows = readdirSync(FOLDER).map(
  (file) => [file, parse(readFileSync(join(FOLDER, file), "utf8")) as Workflow] as const,
);
const packages = ["package.json", "policy-pack/package.json", "components/package.json"].map(
  (file) =>
    JSON.parse(readFileSync(join(ROOT, file), "utf8")) as {
      readonly version: string;
      readonly scripts?: Readonly<Record<string, string>>;
    },
);

test.each(workflows)("%s may write nothing by default, and every job ends", (_, { permissions, jobs }) => {
  expect(permissions).toEqual({ contents: "read" });
  for (const job of Object.values(jobs)) expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
});

test.each(workflows)("%s runs npm scripts that exist, and actions of a fixed version", (_, { jobs }) => {
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const scripts = steps.flatMap(({ run = "" }) =>
    [...run.matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name = ""]) => name),
  );
  expect(scripts.filter((name) => !Object.hasOwn(packages[0]?.scripts ?? {}, name))).toEqual([]);
  expect(steps.flatMap(({ uses }) => uses ?? []).filter((uses) => !/@(v\d+|[0-9a-f]{40})$/.test(uses))).toEqual([]);
});

test("both packages have one version, and the changelog knows it or is about to", () => {
  const [, pack, component] = packages;
  expect(component?.version).toBe(pack?.version);
  const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  expect(changelog).toMatch(new RegExp(`^## (Unreleased|${pack?.version ?? ""} )`, "m"));
});
