import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";
import { EVERY_DIRECTION } from "./life-programs";
import { operations, silent, verdictOf } from "./verdict";

jest.setTimeout(RUN_TIMEOUT_MS);

let known: TestEngine;
let unknown: TestEngine;
beforeAll(async () => {
  known = await startEngine({ mode: "known" });
  unknown = await startEngine({ mode: "unknown" });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await known.close();
  await unknown.close();
});

const run = { program: EVERY_DIRECTION, policyPack };
const ACCOUNTS = ["api", "bill", "data", "jobs", "mail", "scan", "web"];

test("children of components, transforms, imports, aws-native beside aws, and two AWS accounts are right by value and no violation before", async () => {
  const config = { import: "true" };
  expect(verdictOf(await known.preview({ ...run, config }))).toMatchObject({ ...silent, unverified: [] });
  const first = verdictOf(await unknown.preview({ ...run, config }));
  expect(first).toMatchObject(silent);
  // "mail" among them: a value that a transform hands over comes without its dependencies, and is not verified rather than right.
  expect(first.unverified).toEqual(expect.arrayContaining([...ACCOUNTS, "old"]));
});

test("each of them is found out, wherever it is declared", async () => {
  const config = { import: "true", suffix: "-v2", abroad: "home" };
  const { errors, violations, text } = verdictOf(await known.preview({ ...run, config }));
  expect(errors).toEqual([]);
  expect(violations).toEqual([
    "mandatory trust-policy-provider-mismatch data",
    ...["api", "bill", "jobs", "mail", "old", "scan", "web"].map(
      (name) => `mandatory trust-policy-subject-mismatch ${name}`,
    ),
  ]);
  expect(text).toContain('is in account "444455556666" but trusts the OIDC provider');
});

describe("a stack through its life", () => {
  test("is silent when it is made", async () => {
    expect(verdictOf(await unknown.up(run))).toMatchObject({ ...silent, unverified: [] });
  });

  test("is silent when roles are replaced, before or after their deletion, while its state is refreshed", async () => {
    const next = { ...run, config: { generation: "-2" }, args: ["--refresh"] };
    const preview = await unknown.preview(next);
    expect(verdictOf(preview)).toMatchObject({ ...silent, unverified: [] });
    expect(operations(preview)).toMatchObject({ "create-replacement": ["jobs", "jobs", "jobs"] });
    expect(preview.steps.filter(({ urn }) => urn.endsWith("Role::web")).map(({ op }) => op)).toEqual([
      "delete-replaced",
    ]);
    expect(verdictOf(await unknown.up(next))).toMatchObject({ ...silent, unverified: [] });
    expect((await unknown.refresh(run)).code).toBe(0);
    expect(verdictOf(await unknown.policyAnalyze(run))).toMatchObject({ ...silent, unverified: [] });
  });

  test("is taken down with the pack although it is broken, once nothing of it is protected any more", async () => {
    const broken = { ...run, config: { generation: "-2", suffix: "-v2", protect: "false" } };
    expect((await unknown.up({ ...broken, policyPack: [] })).code).toBe(0);
    const gone = await unknown.up({ ...run, config: { gone: "true" } });
    expect([gone.code, verdictOf(gone)]).toEqual([0, { ...silent, unverified: [], text: "" }]);
    expect(Object.keys(operations(gone)).sort()).toEqual(["delete", "same"]);
    expect((await unknown.destroy(run)).code).toBe(0);
  });
});
