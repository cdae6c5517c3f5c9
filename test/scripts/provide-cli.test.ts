import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findLanguageHost } from "../../scripts/pulumi-cli/language-host";
import { type Attempt, firstThatWorks, pulumiOnPath, type Way, waysToPulumi } from "../../scripts/pulumi-cli/provide";
import { cacheFolder } from "../../scripts/pulumi-cli/cache";
import { isAtLeast, pinnedVersion, versionIn } from "../../scripts/pulumi-cli/version";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "provide-cli-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An executable that prints a text, as `pulumi version` does. */
function executable(name: string, prints: string): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho '${prints}'\n`);
  chmodSync(file, 0o755);
  return file;
}

describe("the ways to a CLI", () => {
  const failing = (how: Way["how"], title: string, failed: string, asked: string[] = []): Way => ({
    how,
    title,
    attempt: () => {
      asked.push(how);
      return Promise.resolve({ failed });
    },
  });
  const ways = (asked: string[]): readonly Way[] => [
    failing("path", "pulumi on PATH", "it is too old", asked),
    failing("cache", "the cache", "it holds none", asked),
    failing("release", "the official release", "nobody answers", asked),
    failing("go", "go build", "there is no Go", asked),
  ];

  test("stand in the order PATH, cache, official release, Go", () => {
    const env = { PATH: "", XDG_CACHE_HOME: folder };
    expect(waysToPulumi(env, () => undefined).map(({ how }) => how)).toEqual(["path", "cache", "release", "go"]);
  });

  test("are tried in their order, and none after the first that works", async () => {
    const asked: string[] = [];
    const [path, , ...others] = ways(asked);
    if (path === undefined) throw new Error("no ways");
    const found = { path: "/cache/pulumi", version: "3.259.0" };
    const cache: Way = { how: "cache", title: "the cache", attempt: () => Promise.resolve<Attempt>({ found }) };
    await expect(firstThatWorks([path, cache, ...others], () => undefined)).resolves.toEqual({ how: "cache", found });
    expect(asked).toEqual(["path"]);
  });

  test("when all fail, are all named with their reasons, and with what to do", async () => {
    const asked: string[] = [];
    await expect(firstThatWorks(ways(asked), () => undefined)).rejects.toThrow(
      [
        "No Pulumi CLI could be found or made. Tried, in this order:",
        "  1. pulumi on PATH: it is too old.",
        "  2. the cache: it holds none.",
        "  3. the official release: nobody answers.",
        "  4. go build: there is no Go.",
        "Install Pulumi 3.229.0 or newer (https://www.pulumi.com/docs/install/) or Go (https://go.dev/dl/), then run again.",
      ].join("\n"),
    );
    expect(asked).toEqual(["path", "cache", "release", "go"]);
  });

  test("say at once why one was passed over, unless nothing was there", async () => {
    const said: string[] = [];
    const nothing: Way = {
      how: "cache",
      title: "the cache",
      attempt: () => Promise.resolve<Attempt>({ failed: "it holds none", absent: true }),
    };
    const old = failing("path", "pulumi on PATH", "/bin/pulumi is version 3.100.0; 3.229.0 or newer is needed");
    await expect(firstThatWorks([old, nothing], (line) => said.push(line))).rejects.toThrow("it holds none");
    expect(said).toEqual([
      "Pulumi CLI: not from pulumi on PATH: /bin/pulumi is version 3.100.0; 3.229.0 or newer is needed.",
    ]);
  });

  test("the Go way says so when there is no Go", async () => {
    const go = waysToPulumi({ PATH: folder, XDG_CACHE_HOME: folder }, () => undefined).find(({ how }) => how === "go");
    await expect(go?.attempt()).resolves.toEqual({ failed: 'there is no "go" on PATH' });
  });
});

describe("pulumi on PATH", () => {
  test("serves when it is new enough", async () => {
    const path = executable("pulumi", "v3.240.1");
    await expect(pulumiOnPath([folder])).resolves.toEqual({ found: { path, version: "3.240.1" } });
  });

  test("is passed over when it is older, with both versions named", async () => {
    const path = executable("pulumi", "v3.228.9");
    await expect(pulumiOnPath([folder])).resolves.toEqual({
      failed: `${path} is version 3.228.9; 3.229.0 or newer is needed`,
    });
  });

  test("is passed over when it prints no version", async () => {
    const path = executable("pulumi", "segmentation fault");
    await expect(pulumiOnPath([folder])).resolves.toEqual({
      failed: `"${path} version" prints no version: segmentation fault`,
    });
  });

  test("is absent where no folder has it", async () => {
    await expect(pulumiOnPath([folder])).resolves.toEqual({ failed: "there is none", absent: true });
  });
});

describe("the language host", () => {
  test("is the official one beside the CLI", () => {
    const cli = executable("bin/pulumi", "v3.259.0");
    executable("bin/pulumi-language-nodejs", "");
    expect(findLanguageHost(cli, [])).toEqual({ languageHost: "official", binDirs: [join(folder, "bin")] });
  });

  test("is the official one on PATH", () => {
    const cli = executable("bin/pulumi", "v3.259.0");
    executable("hosts/pulumi-language-nodejs", "");
    expect(findLanguageHost(cli, [join(folder, "hosts")]).languageHost).toBe("official");
  });

  test("is the stand-in where there is none, even with the stand-in itself on PATH", () => {
    const cli = executable("bin/pulumi", "v3.259.0");
    const { languageHost, binDirs } = findLanguageHost(cli, []);
    expect(languageHost).toBe("stand-in");
    expect(binDirs[0]).toBe(join(folder, "bin"));
    expect(findLanguageHost(cli, binDirs)).toEqual({ languageHost, binDirs });
  });
});

describe("versions", () => {
  test.each([
    ["3.229.0", "3.229.0", true],
    ["3.229.1", "3.229.0", true],
    ["3.1000.0", "3.229.0", true],
    ["4.0.0", "3.229.0", true],
    ["3.228.99", "3.229.0", false],
    ["2.999.0", "3.229.0", false],
    ["3.229.0-alpha.1", "3.229.0", false],
    ["3.230.0-alpha.1", "3.229.0", true],
    ["3.229.0+dirty", "3.229.0", true],
    ["unknown", "3.229.0", false],
  ])("%s is at least %s: %s", (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });

  test("are found among the lines that a CLI prints", () => {
    expect(versionIn("warning: an update is available\nv3.240.1\n")).toBe("3.240.1");
    expect(versionIn("3.240.1-dev.0")).toBe("3.240.1-dev.0");
    expect(versionIn("pulumi")).toBeUndefined();
  });

  test("the pinned one comes from go.mod, in a block or on a line", () => {
    expect(pinnedVersion()).toMatch(/^3\.\d+\.\d+$/);
    expect(pinnedVersion("module m\n\nrequire github.com/pulumi/pulumi/pkg/v3 v3.260.1\n")).toBe("3.260.1");
    expect(pinnedVersion("require (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.260.2\n)\n")).toBe("3.260.2");
    expect(() => pinnedVersion("module m\n")).toThrow("requires no version of github.com/pulumi/pulumi/pkg/v3");
  });
});

describe("the cache folder", () => {
  const name = `pulumi-v3.259.0-${process.platform}-${process.arch}`;

  test("is in XDG_CACHE_HOME", () => {
    expect(cacheFolder("3.259.0", { XDG_CACHE_HOME: folder })).toBe(join(folder, "eks-irsa", name));
  });

  test("is in ~/.cache without it, and where it is relative", () => {
    const expected = expect.stringMatching(/[\\/]\.cache[\\/]eks-irsa[\\/]pulumi-v3\.259\.0-/) as string;
    expect(cacheFolder("3.259.0", {})).toEqual(expected);
    expect(cacheFolder("3.259.0", { XDG_CACHE_HOME: "cache" })).toEqual(expected);
  });
});
