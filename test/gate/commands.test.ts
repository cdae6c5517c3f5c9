import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { explain } from "../../policy-pack/src/gate/commands/explain";
import { init } from "../../policy-pack/src/gate/commands/init";
import { KNOWN_ERRORS } from "../../policy-pack/src/gate/errors";
import { readSettings } from "../../policy-pack/src/gate/settings";
import { STARTER_CONFIG, TEMPLATES } from "../../policy-pack/src/gate/templates";
import { isOld } from "../../policy-pack/src/gate/run/pulumi-cli";
import { usableSettings } from "../../policy-pack/src/gate/run/workspace";
import { rules } from "../../policy-pack/src/rules";
import { repositoryRoot } from "../../scripts/repository";
import { urns } from "../support/stack";
import { GATE } from "./gate";
import { digest, eventLog, stack, violation } from "./support";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "irsa-gate-commands-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const gate = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [GATE, ...args], { cwd: folder, encoding: "utf8" });
  return { code: status, stdout, stderr };
};

describe("explain", () => {
  test.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, { summary, why }) => {
    expect(explain([id])).toContain(summary);
    expect(explain([id])).toContain(why);
  });

  test.each(KNOWN_ERRORS.map((known) => [known.text, known] as const))("%s", (text, { cause }) => {
    // A log has something where the table has an ellipsis or a placeholder.
    const pasted = text.replaceAll("…", "things").replaceAll(/<[^>]*>/g, "something");
    expect(explain(["2026-11-24 ERROR", pasted, "request id: 1"])).toContain(cause);
  });

  test("an error names rules of the pack, and a near miss is met half-way", () => {
    expect(explain(["Incorrect token audience"])).toContain("  oidc-provider-audience-missing  ");
    expect(() => explain(["oidc-provider-duplicat"])).toThrow('Did you mean "oidc-provider-duplicate"?');
    expect(() => explain(["all is well\u001b[31m"])).toThrow(/^"all is well\\u001b\[31m" is no rule id/);
  });

  test("the table of error texts is that of docs/troubleshooting.md", () => {
    const page = readFileSync(join(repositoryRoot, "docs/troubleshooting.md"), "utf8");
    const section = page.slice(page.indexOf("## From the error text"), page.indexOf("## Step by step"));
    const rows = section.split("\n").filter((line) => line.startsWith("| `"));
    const idsOf = (cell: string, before: readonly string[]) =>
      cell.includes("as above")
        ? before
        : [...cell.replace(/by hand.*/, "").matchAll(/`([a-z-]+)(…)?`/g)].map(
            ([, id = "", more]) => id + (more ? "*" : ""),
          );
    const documented = rows.reduce<readonly { text: string; ids: readonly string[] }[]>((all, row) => {
      const [, text = "", , ids = ""] = row.split("|").map((cell) => cell.trim());
      return [...all, { text: text.replaceAll("`", ""), ids: idsOf(ids, all.at(-1)?.ids ?? []) }];
    }, []);
    const byText = new Map(KNOWN_ERRORS.map(({ text, rules: ids }) => [text, [...ids].sort()]));
    for (const { text, ids } of documented) {
      const [, known] = [...byText].find(([each]) => text.startsWith(each)) ?? [];
      expect({ text, ids: known }).toEqual({ text, ids: [...ids].sort() });
    }
    expect(documented).toHaveLength(KNOWN_ERRORS.length);
  });
});

describe("init", () => {
  test.each(["github", "gitlab"] as const)("writes a workflow for %s and a configuration that is one", (ci) => {
    expect(init(ci, { force: false, folder })).toEqual([TEMPLATES[ci].path, STARTER_CONFIG.path]);
    expect(parse(readFileSync(join(folder, TEMPLATES[ci].path), "utf8"))).toHaveProperty(
      ci === "github" ? "jobs" : "irsa-gate",
    );
    expect(readSettings(undefined, folder)).toEqual({ failOn: ["mandatory"], requireIrsa: true });
    expect(() => init(ci, { force: false, folder })).toThrow(/there already; --force replaces/);
    expect(init(ci, { force: true, folder })).toHaveLength(2);
  });

  test("what is commented out in the configuration is right too", () => {
    const all = STARTER_CONFIG.content.replaceAll(/^# (?=[ a-z-]+[a-zA-Z]*:|  )/gm, "");
    writeFileSync(join(folder, ".irsa-gate.yaml"), all);
    expect(readSettings(undefined, folder)).toMatchObject({
      strict: true,
      policies: { "workload-root": "disabled" },
      rehearsal: { region: "eu-west-1" },
    });
  });

  test("asks for the CI system where there is no sign of it", () => {
    expect(() => init(undefined, { force: false, folder })).toThrow(/Name the CI system/);
    writeFileSync(join(folder, ".gitlab-ci.yml"), "");
    expect(init(undefined, { force: false, folder })).toContain(TEMPLATES.gitlab.path);
  });

  test.each([
    ["github-actions.yml", TEMPLATES.github],
    ["gitlab-ci.yml", TEMPLATES.gitlab],
    ["irsa-gate.yaml", STARTER_CONFIG],
  ])("examples/ci/%s is what it writes", (file, { content }) => {
    expect(readFileSync(join(repositoryRoot, "examples/ci", file), "utf8")).toBe(content);
  });
});

describe("CI kits", () => {
  interface Step {
    readonly name?: string;
    readonly run?: string;
    readonly uses?: string;
    readonly if?: string;
    readonly shell?: string;
  }
  const action = parse(readFileSync(join(repositoryRoot, "action.yml"), "utf8")) as {
    readonly runs: { readonly using: string; readonly steps: readonly Step[] };
  };
  const workflow = parse(TEMPLATES.github.content) as {
    readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
  };
  const scripts = [...action.runs.steps, ...Object.values(workflow.jobs).flatMap(({ steps }) => steps)].flatMap(
    ({ run }) => run ?? [],
  );

  test("the action is composite, and each script of it names its shell", () => {
    expect(action.runs.using).toBe("composite");
    expect(action.runs.steps.filter(({ run, shell }) => run !== undefined && shell !== "bash")).toEqual([]);
  });

  test.each(scripts.map((script) => [script.trim().split("\n")[0], script]))(
    "the script %s is valid, and no input is pasted into it",
    (_, script) => {
      expect(() => execFileSync("bash", ["-n"], { input: script })).not.toThrow();
      expect(script).not.toContain("${{");
    },
  );

  test("the report is shown and uploaded also when the gate fails, and the gate's exit code is the job's", () => {
    const after = action.runs.steps.slice(1);
    expect(after.filter(({ if: condition }) => !/!cancelled\(\)|always\(\)/.test(condition ?? ""))).toEqual([]);
    expect(after.at(-1)?.run).toContain('exit "$CODE"');
  });
});

describe("report", () => {
  const at = { urn: urns.role, path: "assumeRolePolicy" };
  const log = eventLog(stack(), [violation("trust-policy-invalid", at, "A fault.")]);
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return name;
  };

  test("reads a pipeline's own events, with lines of the program where the preview's output is given", () => {
    const events = write("events.jsonl", log);
    const preview = write("preview.json", digest(stack()));
    const told = gate("report", "--events", events, "--preview", preview, "--base", ".", "-f", "github");
    expect(told.code).toBe(1);
    expect(told.stdout).toContain("::error file=index.ts,line=17,col=14,title=trust-policy-invalid::A fault.");
    expect(gate("report", "--events", events, "--fail-on", "none").code).toBe(0);
  });

  test("a baseline is written, read, and told to have become needless", () => {
    const events = write("events.jsonl", log);
    expect(gate("report", "--events", events, "--write-baseline", "baseline.json").code).toBe(1);
    expect(gate("report", "--events", events, "--baseline", "baseline.json").code).toBe(0);
    const mended = gate(
      "report",
      "--events",
      write("mended.jsonl", eventLog(stack(), [])),
      "--baseline",
      "baseline.json",
    );
    expect([mended.code, mended.stdout]).toEqual([
      0,
      expect.stringContaining(`- trust-policy-invalid at ${urns.role}`),
    ]);
  });

  test.each([
    ["is cut off", log.slice(0, -150), "it may be cut off"],
    ["is another file", "hello\n", "does not say that the policy pack eks-irsa judged the whole stack"],
    ["is empty", "", "does not say that the policy pack"],
    [
      "tells of a failure",
      `${JSON.stringify({ diagnosticEvent: { severity: "error", message: "boom<{%reset%}>\n" } })}\n`,
      "boom",
    ],
  ])("events that %s are an error", (_, content, message) => {
    const { code, stdout } = gate("report", "--events", write("events.jsonl", content));
    expect([code, stdout]).toEqual([2, expect.stringContaining(message)]);
  });

  test("nothing but the report goes to stdout", () => {
    const { stdout, stderr } = gate("report", "--events", write("events.jsonl", log), "-f", "sarif");
    expect(JSON.parse(stdout)).toMatchObject({ version: "2.1.0" });
    expect(stderr).toBe("irsa-gate: 1 violation fails the gate. Exit code 1.\n");
  });

  test("a state that is cut off, or none, is an error", () => {
    expect(gate("analyze", "--state", write("state.json", '{"version": 3, "deploy'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is no JSON: it is cut off") as string,
    });
    expect(gate("analyze", "--state", write("empty.json", "{}"))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("pulumi stack export --file") as string,
    });
    expect(gate("analyze", "--state", "none.json")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("There is no file none.json") as string,
    });
  });
});

test("versions are compared by number", () => {
  expect(["3.228.9", "3.99.0", "2.300.0"].map(isOld)).toEqual([true, true, true]);
  expect(["3.229.0", "3.259.0", "4.0.0", "3.229.0-alpha.1", "3.1000.0"].map(isOld)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("settings keep their secrets only where the passphrase is given", () => {
  const settings = {
    encryptionsalt: "salt",
    environment: ["shop"],
    config: { "a:b": { secure: "x" }, "a:c": { list: [{ secure: "y" }] }, "a:d": "plain" },
  };
  const closed = usableSettings(settings, "dev", {});
  expect(closed).toMatchObject({
    secrets: false,
    settings: { config: { "a:b": "placeholder-for-a-secret", "a:d": "plain" } },
  });
  expect(closed.settings).not.toHaveProperty("encryptionsalt");
  expect(closed.notes.map(({ what }) => what)).toEqual([
    "configuration a:b",
    "configuration a:c",
    "environment of stack dev",
  ]);
  expect(usableSettings(settings, "dev", { PULUMI_CONFIG_PASSPHRASE: "x" })).toMatchObject({
    secrets: true,
    settings: { encryptionsalt: "salt", config: { "a:b": { secure: "x" } } },
  });
});
