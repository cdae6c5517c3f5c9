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
import { compareGrants } from "../../policy-pack/src/gate/trust-diff/compare";
import { grantsOf } from "../../policy-pack/src/gate/trust-diff/grants";
import { byUrn, readResource } from "../../policy-pack/src/gate/resources";
import { isOld } from "../../policy-pack/src/gate/run/pulumi-cli";
import { usableSettings } from "../../policy-pack/src/gate/run/workspace";
import { rules } from "../../policy-pack/src/rules";
import { repositoryRoot } from "../../scripts/repository";
import { trust, urnOf, urns } from "../support/stack";
import { GATE } from "./gate";
import { digest, eventLog, PROVIDER_ARN, stack, type Told, UNKNOWN, violation } from "./support";

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

describe("trust diff", () => {
  const policy = (name: string, document: unknown, role = "api-irsa"): Told => ({
    urn: urnOf("aws:iam/rolePolicy:RolePolicy", name),
    inputs: { role, policy: JSON.stringify(document) },
  });
  const allow = (action: unknown, resource: unknown = "*", condition?: unknown) => ({
    Statement: { Effect: "Allow", Action: action, Resource: resource, Condition: condition },
  });
  const diff = (before: readonly Told[], after: readonly Told[]) => {
    const grants = (resources: readonly Told[]) => grantsOf(byUrn(resources.map(readResource)));
    return compareGrants(grants(before), grants(after));
  };
  const trusting = (document: string) =>
    stack({
      [urns.role]: {
        outputs: { arn: "arn:aws:iam::111122223333:role/api-irsa", name: "api-irsa", assumeRolePolicy: document },
      },
    });
  const OIDC = 'OIDC provider "shop"';

  test.each([
    [
      "a second account",
      trust({ sub: ["system:serviceaccount:shop:api", "system:serviceaccount:shop:web"] }),
      `pods of ServiceAccount shop/api or shop/web of ${OIDC}`,
    ],
    [
      "a pattern",
      trust({ sub: "system:serviceaccount:shop:*", operator: "StringLike" }),
      `pods of ServiceAccount shop/* of ${OIDC}`,
    ],
    ["no subject", trust({ sub: null }), `whoever has a token or credentials of ${OIDC}`],
    ["no audience", trust({ aud: null }), `pods of ServiceAccount shop/api of ${OIDC} to assume it`],
    [
      "another account",
      JSON.stringify({
        Statement: [
          ...(JSON.parse(trust()) as { Statement: unknown[] }).Statement,
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "arn:aws:iam::999900001111:root" } },
        ],
      }),
      "now allows arn:aws:iam::999900001111:root to assume it",
    ],
    [
      "everybody",
      JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" }] }),
      "now allows anyone to assume it",
    ],
  ])("%s is wider", (_, document, says) => {
    expect(diff(trusting(trust()), trusting(document)).wider).toEqual([
      { role: "aws:iam/role:Role api", kind: "trust", says: expect.stringContaining(says) as string },
    ]);
    expect(diff(trusting(document), trusting(document)).wider).toEqual([]);
  });

  test("narrower, the same in another order, account or issuer is not", () => {
    const wide = trust({ sub: "system:serviceaccount:shop:*", operator: "StringLike" });
    expect(diff(trusting(wide), trusting(trust())).wider).toEqual([]);
    const elsewhere = JSON.parse(
      JSON.stringify(trusting(trust()))
        .replaceAll("111122223333", "222233334444")
        .replaceAll("EXAMPLED539D4633E53DE1B71EXAMPLE", "0123456789ABCDEF0123456789ABCDEF"),
    ) as readonly Told[];
    expect(diff(elsewhere, trusting(trust())).wider).toEqual([]);
  });

  test("a refusal that is gone is wider", () => {
    const [statement] = (JSON.parse(trust()) as { Statement: unknown[] }).Statement;
    const guarded = JSON.stringify({
      Statement: [statement, { Effect: "Deny", Action: "*", Principal: { Federated: PROVIDER_ARN } }],
    });
    expect(diff(trusting(guarded), trusting(trust())).wider.map(({ says }) => says)).toEqual([
      `no longer refuses whoever has a token or credentials of ${OIDC} to assume it`,
    ]);
  });

  test("permissions are compared by action, resource and condition", () => {
    const before = [...stack(), policy("data", allow("s3:Get*", "arn:aws:s3:::shop/*"))];
    const wider = (document: unknown) =>
      diff(before, [...stack(), policy("data", document)]).wider.map(({ says }) => says);
    expect(wider(allow("s3:getobject", "arn:aws:s3:::shop/a/*"))).toEqual([]);
    expect(wider(allow("s3:Get*", "arn:aws:s3:::shop/*", { Bool: { "aws:SecureTransport": "true" } }))).toEqual([]);
    expect(wider(allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::shop/*"))).toEqual([
      "now allows s3:PutObject on arn:aws:s3:::shop/*",
    ]);
    expect(wider(allow("s3:*", "arn:aws:s3:::shop/*"))).toEqual(["now allows s3:* on arn:aws:s3:::shop/*"]);
    expect(
      diff(
        stack(),
        stack({
          [urns.attachment]: { inputs: { role: "api-irsa", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" } },
        }),
      ).wider,
    ).toEqual([
      {
        role: "aws:iam/role:Role api",
        kind: "permissions",
        says: "now allows all that arn:aws:iam::aws:policy/AdministratorAccess allows",
      },
    ]);
  });

  test("what is not known is said, and called neither wider nor the same", () => {
    expect(diff(trusting(trust()), trusting(UNKNOWN))).toEqual({
      wider: [],
      unknown: ["aws:iam/role:Role api: its trust policy is not known yet"],
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
