/** Whatever goes wrong: its exit code, one clear message, no half-written report, no process left. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { START_TIMEOUT_MS } from "../engine/harness";
import { GATE, openGate, orphans, refuseRemains, type TestGate, waitFor } from "./gate";
import { BROKEN } from "./programs";
import { eventLog, stack, violation } from "./support";
import { urns } from "../support/stack";

jest.setTimeout(4 * 60 * 1000);

let gate: TestGate;
beforeAll(async () => {
  gate = await openGate();
}, START_TIMEOUT_MS);
afterAll(() => gate.close());
afterEach(() => {
  refuseRemains(gate.folder);
});

/** What is said when the gate ends with exit code 2; the line "failed inside" would be a fault of the gate's own. */
const failing = async (args: readonly string[], env?: NodeJS.ProcessEnv) => {
  const { code, stdout, stderr } = await gate.run(args, env);
  expect({ code, inside: /failed inside|node:internal/.test(stderr) }).toEqual({ code: 2, inside: false });
  return stdout + stderr;
};

/** A report of a run that has one violation, without an engine. */
const eventsFile = (): string => {
  const file = join(mkdtempSync(join(gate.folder, "events-")), "events.jsonl");
  const fault = violation("trust-policy-invalid", { urn: urns.role, path: "assumeRolePolicy" }, "A fault.");
  writeFileSync(file, eventLog(stack(), [fault]));
  return file;
};

describe("the program", () => {
  test("throws", async () => {
    const home = gate.program("throws", `throw new Error("boom \\u001b[31m");`);
    expect(await failing(["-C", home])).toContain("Error: boom");
  });

  test("hangs, busily", async () => {
    const said = await failing(["-C", gate.program("hangs", "for (;;);"), "--timeout", "6"]);
    expect(said).toContain("The preview did not end within 6 s.");
  });
});

describe("the run", () => {
  test("loses its engine in the middle", async () => {
    const { child, ended } = gate.start(["-C", gate.program("killed", "for (;;);"), "--timeout", "60"]);
    const engine = await waitFor(() => orphans(gate.folder).find((each) => each.includes("pulumi preview")));
    process.kill(Number(engine.split(" ")[0]), "SIGKILL");
    const { code, stdout } = await ended;
    expect([code, child.killed]).toEqual([2, false]);
    expect(stdout).toContain("The preview was stopped by SIGKILL.");
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("is interrupted by %s", async (signal, exitCode) => {
    const file = join(gate.folder, `${signal}.json`);
    const { child, ended } = gate.start(["-C", gate.program("interrupted", "for (;;);"), "--format", `json=${file}`]);
    await waitFor(() => orphans(gate.folder).find((each) => each.includes("pulumi preview")));
    child.kill(signal);
    const { code, stderr } = await ended;
    expect([code, existsSync(file)]).toEqual([exitCode, false]);
    expect(stderr).toContain("interrupted, no report was written");
  });

  test("finds no port for its stand-ins", async () => {
    // Only in the gate's own process: engine and program need theirs.
    const fault = join(gate.folder, "ports.js");
    writeFileSync(
      fault,
      `if (process.argv[1] === ${JSON.stringify(GATE)}) require("node:net").Server.prototype.listen = function () {
         process.nextTick(() => this.emit("error", Object.assign(new Error("listen EADDRINUSE: address already in use"), { code: "EADDRINUSE" })));
         return this;
       };`,
    );
    const said = await failing(["-C", gate.program("portless", BROKEN)], { NODE_OPTIONS: `--require=${fault}` });
    expect(said).toMatch(/The stand-in providers could not start: .*(EADDRINUSE|bound)/);
  });
});

describe("the CLI", () => {
  test("is missing, and none can be fetched", async () => {
    const node = dirname(process.execPath);
    const said = await failing(["-C", gate.program("cliless", "")], {
      PATH: existsSync(join(node, "pulumi")) ? "" : node,
      https_proxy: "http://127.0.0.1:9",
    });
    expect(said).toMatch(
      /No Pulumi CLI of version 3\.229\.0 or newer: there is no "pulumi" on PATH and none in the cache; .*Install it .*--pulumi PATH/,
    );
  });

  test.each([
    ["is too old", "echo v3.100.0", "is version 3.100.0, older than 3.229.0"],
    ["is another program", "echo hello", "does not say its version"],
    ["is broken", "exit 3", "does not say its version"],
  ])("%s", async (_, script, message) => {
    const bin = mkdtempSync(join(gate.folder, "bin-"));
    writeFileSync(join(bin, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    expect(await failing(["-C", gate.program("old-cli", ""), "--pulumi", join(bin, "pulumi")])).toContain(message);
  });
});

describe("usage", () => {
  test.each([
    ["no program", ["-C", "/nowhere"], "is no Pulumi program"],
    ["no such format", ["--format", "pdf"], 'There is no format "pdf"'],
    ["no such flag", ["--frmat", "text"], "unknown option"],
    ["no such command", ["prevew"], "too many arguments"],
    ["two modes", ["--live", "--rehearse"], "exclude each other"],
    ["no events", ["report"], "Name the engine's events with --events FILE"],
    ["events that are a folder", ["report", "--events", "/tmp"], "/tmp cannot be read"],
    ["events that are not there", ["report", "--events", "/nowhere.jsonl"], "There is no file /nowhere.jsonl"],
    ["a state that is not there", ["analyze", "--state", "/nowhere.json"], "There is no file /nowhere.json"],
  ])("%s", async (_, args, message) => {
    expect(await failing(args)).toContain(message);
  });

  test.each([
    ["stack", ["-s", "a\u001b[31mb"]],
    ["stack", ["-s", ".."]],
    ["project", []],
  ])("a name of a %s that would be a path", async (kind, args) => {
    const home = gate.program(
      "named",
      "",
      kind === "project" ? { "Pulumi.yaml": "name: ../x\nruntime: nodejs\n" } : {},
    );
    expect(await failing(["-C", home, ...args])).toContain(`is no name of a ${kind}`);
  });

  test("events and baseline that are cut off, or of another version", async () => {
    const events = eventsFile();
    const [cut, old] = [join(gate.folder, "cut.jsonl"), join(gate.folder, "old.json")];
    const log = eventLog(stack(), []);
    writeFileSync(cut, log.slice(0, -150));
    writeFileSync(old, '{"version": 9, "findings": []}');
    expect(await failing(["report", "--events", cut])).toContain("it may be cut off");
    expect(await failing(["report", "--events", events, "--preview", cut])).toContain(
      'is no output of "pulumi preview',
    );
    const sarif = join(gate.folder, "never.sarif");
    const said = await failing(["report", "--events", events, "--baseline", old, "--format", `sarif=${sarif}`]);
    expect(said).toContain("baseline of version 9; this irsa-gate reads version 1");
    expect(existsSync(sarif)).toBe(false);
  });
});

describe("a report cannot be written", () => {
  test("where its folder cannot be made", async () => {
    const [good, bad] = [join(gate.folder, "ok.json"), "/proc/none/r.sarif"];
    const said = await failing(["report", "--events", eventsFile(), "--format", `json=${good},sarif=${bad}`]);
    expect(said).toContain("/proc/none/r.sarif cannot be written");
    expect(existsSync(good)).toBe(false);
  });

  test.each(["report", "stdout", "temporary"])("on a full disk: %s", async (which) => {
    const disk = fullDisk();
    try {
      const good = join(gate.folder, "whole.json");
      const outputs: Readonly<Record<string, () => Promise<string>>> = {
        report: () =>
          failing(["report", "--events", eventsFile(), "--format", `json=${good},html=${disk.fileOn("r.html")}`]),
        stdout: () => Promise.resolve(toDevice(["report", "--events", eventsFile(), "--format", "json"])),
        temporary: () => failing(["-C", gate.program("diskless", BROKEN)], { TMPDIR: disk.temporary }),
      };
      expect(await outputs[which]?.()).toMatch(/ENOSPC|no space left|ENOENT/);
      expect(existsSync(good)).toBe(false);
      expect(disk.left()).toEqual([]);
    } finally {
      disk.close();
    }
  });
});

interface FullDisk {
  /** A path whose content cannot be written for want of space. */
  fileOn(name: string): string;
  /** A folder in which nothing can be made. */
  readonly temporary: string;
  /** What was left half-written. */
  left(): readonly string[];
  close(): void;
}

/** A full file system of its own where this process may mount one; else the device that is always full. */
function fullDisk(): FullDisk {
  const folder = mkdtempSync(join(gate.folder, "disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k,nr_inodes=16", "tmpfs", folder]);
  if (mounted.status !== 0) {
    return {
      fileOn: () => "/dev/full",
      temporary: join(folder, "none"),
      left: () => readdirSync(folder),
      close: () => rmSync(folder, { recursive: true }),
    };
  }
  const filler = openSync(join(folder, "filler"), "w");
  // dd takes the last byte, which a write of a whole block would leave.
  spawnSync("dd", ["if=/dev/zero", `of=${join(folder, "filler")}`, "bs=4k"], { stdio: "ignore" });
  closeSync(filler);
  for (let index = 0; index < 16; index += 1)
    spawnSync("touch", [join(folder, `filler-${index}`)], { stdio: "ignore" });
  return {
    fileOn: (name) => join(folder, name),
    temporary: folder,
    left: () => readdirSync(folder).filter((name) => !name.startsWith("filler")),
    close: () => {
      spawnSync("umount", [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** The gate with a full device as stdout. */
function toDevice(args: readonly string[]): string {
  const full = openSync("/dev/full", "w");
  try {
    const { status, stderr } = spawnSync(process.execPath, [GATE, ...args], {
      cwd: gate.folder,
      env: gate.env,
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    expect([status, stderr.split("\n").filter((line) => line.includes("stdout cannot be written")).length]).toEqual([
      2, 1,
    ]);
    return stderr;
  } finally {
    closeSync(full);
  }
}
