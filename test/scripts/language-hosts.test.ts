/** The stand-ins for language hosts that a CLI built from its Go module lacks, and the host for YAML that is built beside it. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/language_pb";
import { standInHost } from "../../scripts/pulumi-cli/language-host";
import { provideYamlHost } from "../../scripts/pulumi-cli/yaml-host";
import { cacheFolder } from "../../scripts/pulumi-cli/cache";
import { requiredVersion } from "../../scripts/pulumi-cli/version";
import { repositoryRoot } from "../../scripts/repository";

let folder: string;
const started: ChildProcess[] = [];
const clients: LanguageRuntimeClient[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "language-hosts-"));
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function executable(name: string, script: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Starts a stand-in as the engine does, and waits for its port. */
async function start(runtime: "nodejs" | "python", env: NodeJS.ProcessEnv = {}) {
  const host = join(dirname(standInHost), `pulumi-language-${runtime}`);
  const child = spawn(process.execPath, [host, "--root=/x", "127.0.0.1:1"], {
    env: { ...process.env, PULUMI_PYTHON_CMD: "", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(child);
  const port = await new Promise<string>((resolve) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  const client = new LanguageRuntimeClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  clients.push(client);
  return { child, client };
}

function runRequest(options: Record<string, string> = {}): pb.RunRequest {
  const info = new pb.ProgramInfo()
    .setRootDirectory(folder)
    .setProgramDirectory(folder)
    .setEntryPoint(".")
    .setOptions(Struct.fromJavaScript(options));
  const request = new pb.RunRequest()
    .setProject("shop")
    .setStack("dev")
    .setOrganization("acme")
    .setPwd(folder)
    .setMonitorAddress("127.0.0.1:2")
    .setDryrun(true)
    .setParallel(4)
    .setInfo(info)
    .setConfigsecretkeysList(["shop:token"]);
  request.getConfigMap().set("shop:token", "s3cret");
  return request;
}

const run = (client: LanguageRuntimeClient, request: pb.RunRequest): Promise<pb.RunResponse> =>
  new Promise((resolve, reject) => {
    client.run(request, (error, answer) => {
      if (error) reject(new Error(error.details));
      else resolve(answer);
    });
  });

describe("the stand-in for Python", () => {
  const printing = (code: number) => `printf '%s\\n' "$@" > "${folder}/args"; env > "${folder}/env"; exit ${code}`;
  const told = (file: string) => readFileSync(join(folder, file), "utf8").split("\n").filter(Boolean);

  test("starts the first python3 on PATH with the program and what the engine says", async () => {
    executable("first/python3", printing(0));
    executable("second/python3", printing(1));
    const PATH = ["first", "second"].map((name) => join(folder, name)).join(delimiter);
    const { client } = await start("python", { PATH: [PATH, process.env["PATH"]].join(delimiter) });
    const answer = await run(client, runRequest());
    expect([answer.getError(), answer.getBail()]).toEqual(["", false]);
    const [unbuffered, runner, ...args] = told("args");
    expect([unbuffered, runner]).toEqual(["-u", join(dirname(standInHost), "run-python-program.py")]);
    expect(args.join(" ")).toBe(
      `--monitor 127.0.0.1:2 --engine 127.0.0.1:1 --organization acme --root-directory ${folder} --project shop --stack dev --dry-run --parallel 4 ${folder}`,
    );
    expect(told("env")).toEqual(
      expect.arrayContaining(['PULUMI_CONFIG={"shop:token":"s3cret"}', 'PULUMI_CONFIG_SECRET_KEYS=["shop:token"]']),
    );
  });

  test("takes the virtual environment of Pulumi.yaml, and makes it the active one", async () => {
    executable("venv/bin/python", printing(0));
    const { client } = await start("python");
    await run(client, runRequest({ virtualenv: "venv" }));
    expect(told("env")).toContain(`VIRTUAL_ENV=${join(folder, "venv")}`);
    expect(told("env").find((line) => line.startsWith("PATH="))).toMatch(
      new RegExp(`^PATH=${join(folder, "venv/bin")}:`),
    );
  });

  test("says what to do where that environment is not there", async () => {
    const { client } = await start("python");
    await expect(run(client, runRequest({ virtualenv: "venv" }))).rejects.toThrow(
      "The virtual environment venv has no Python. Make it with: pulumi install",
    );
  });

  test("says so where there is no Python", async () => {
    const { client } = await start("python", { PATH: folder });
    await expect(run(client, runRequest())).rejects.toThrow("There is no Python on PATH: neither python3 nor python.");
  });

  test.each([
    [32, true, ""],
    [1, false, "Program exited with non-zero exit code: 1"],
  ])("of a program that ends with code %i the engine hears it", async (code, bail, error) => {
    const { client } = await start("python", { PULUMI_PYTHON_CMD: executable("python", `exit ${code}`) });
    const answer = await run(client, runRequest());
    expect([answer.getBail(), answer.getError()]).toEqual([bail, error]);
  });

  test("ends with the engine, and its program too", async () => {
    const python = executable("python", `echo $$ > "${folder}/pid"; exec sleep 60`);
    const { child, client } = await start("python", { PULUMI_PYTHON_CMD: python });
    const answer = run(client, runRequest()).catch((error: unknown) => error);
    const pid = await eventually(() => Number(told("pid")[0]));
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.stdin.end();
    await ended;
    await expect(answer).resolves.toBeInstanceOf(Error);
    await expect(eventually(() => (isAlive(pid) ? undefined : "gone"))).resolves.toBe("gone");
  });
});

test("the stand-in for Node says where the SDK is looked for in vain", async () => {
  const { client } = await start("nodejs");
  await expect(run(client, runRequest())).rejects.toThrow(
    `It looks like the Pulumi SDK has not been installed. Have you run npm install in ${folder} or ${folder}?`,
  );
});

describe("the host for YAML", () => {
  const HOST = "pulumi-language-yaml";
  const goMod = join(repositoryRoot, "scripts/pulumi-cli/yaml-host/go.mod");
  const version = requiredVersion("github.com/pulumi/pulumi-yaml", readFileSync(goMod, "utf8"));
  const said: string[] = [];
  const provide = (cli: string, env: NodeJS.ProcessEnv) =>
    provideYamlHost(cli, { env: { XDG_CACHE_HOME: join(folder, "cache"), ...env }, say: (line) => said.push(line) });

  test("is the one beside the CLI", async () => {
    executable(`bin/${HOST}`, "");
    await expect(provide(executable("bin/pulumi", ""), { PATH: "" })).resolves.toEqual([join(folder, "bin")]);
  });

  test("or on PATH", async () => {
    executable(`hosts/${HOST}`, "");
    const cli = executable("bin/pulumi", "");
    await expect(provide(cli, { PATH: join(folder, "hosts") })).resolves.toEqual([join(folder, "hosts")]);
  });

  test("or in the cache", async () => {
    const cached = cacheFolder(version, { XDG_CACHE_HOME: join(folder, "cache") }, "pulumi-yaml");
    executable(join(cached, "bin", HOST).slice(folder.length), "");
    await expect(provide(executable("bin/pulumi", ""), { PATH: "" })).resolves.toEqual([join(cached, "bin")]);
  });

  test("or is built by Go from the module that is pinned, once", async () => {
    const go = executable(
      "go/go",
      `echo "$PWD $@" >> "${folder}/builds"\nwhile [ "$1" != -o ]; do shift; done\nmkdir -p "$(dirname "$2")"; echo "#!/bin/sh" > "$2"; chmod +x "$2"`,
    );
    const cli = executable("bin/pulumi", "");
    const PATH = [dirname(go), "/usr/bin", "/bin"].join(delimiter);
    const made = await provide(cli, { PATH });
    await expect(provide(cli, { PATH })).resolves.toEqual(made);
    const builds = readFileSync(join(folder, "builds"), "utf8").trim().split("\n");
    expect(builds).toEqual([
      expect.stringMatching(/yaml-host build .*github\.com\/pulumi\/pulumi-yaml\/cmd\/pulumi-language-yaml$/),
    ]);
    expect(said.at(-1)).toMatch(`Built Pulumi's language host for YAML v${version} in `);
  });

  test("or is missing, with every reason", async () => {
    const cli = executable("bin/pulumi", "");
    await expect(provide(cli, { PATH: folder })).rejects.toThrow(
      `No language host for YAML: ${cli} has none beside it, there is none on PATH, and it could not be built: there is no "go" on PATH.`,
    );
  });
});

/** What `look` finds within ten seconds; it may throw until then. */
async function eventually<T>(look: () => T | undefined): Promise<T | undefined> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      const found = look();
      if (found !== undefined && !Number.isNaN(found)) return found;
    } catch {
      // Not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}
