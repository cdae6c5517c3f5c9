import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cachedCli, fillCache } from "../../scripts/pulumi-cli/cache";

const VERSION = "3.259.0";
let cache: string;
let folder: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "cli-cache-"));
  folder = join(cache, "eks-irsa", "pulumi-v3.259.0");
});
afterEach(() => {
  rmSync(cache, { recursive: true, force: true });
});

/** Puts a CLI that prints a version below a folder. */
function makeCli(root: string, version = VERSION): void {
  mkdirSync(join(root, "bin"), { recursive: true });
  writeFileSync(join(root, "bin", "pulumi"), `#!/bin/sh\necho v${version}\n`);
  chmodSync(join(root, "bin", "pulumi"), 0o755);
}

const look = (root: string) => cachedCli(root, VERSION);
const found = (): unknown => ({ found: { path: join(folder, "bin", "pulumi"), version: VERSION } });

test("an empty cache holds no CLI", async () => {
  await expect(cachedCli(folder, VERSION)).resolves.toEqual({ failed: `${folder} holds none`, absent: true });
});

test("what is made is placed whole and found again", async () => {
  const made = await fillCache(folder, look, (root) => {
    makeCli(root);
    return Promise.resolve(undefined);
  });
  expect(made).toEqual(found());
  await expect(cachedCli(folder, VERSION)).resolves.toEqual(found());
  expect(readdirSync(join(cache, "eks-irsa"))).toEqual(["pulumi-v3.259.0"]);
});

test("what fails leaves nothing behind", async () => {
  const failed = await fillCache(folder, look, (root) => {
    mkdirSync(join(root, "bin"));
    writeFileSync(join(root, "bin", "pulumi"), "half a CLI");
    return Promise.resolve("the disk is full");
  });
  expect(failed).toEqual({ failed: "the disk is full" });
  expect(readdirSync(join(cache, "eks-irsa"))).toEqual([]);
});

test("a CLI that does not run is not placed", async () => {
  const made = await fillCache(folder, look, (root) => {
    makeCli(root, "3.1.0");
    return Promise.resolve(undefined);
  });
  expect(made).toEqual({ failed: expect.stringContaining("is version 3.1.0, not 3.259.0") as string });
  await expect(cachedCli(folder, VERSION)).resolves.toMatchObject({ absent: true });
});

test("a broken CLI in the cache is replaced", async () => {
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "bin", "pulumi"), "no program");
  chmodSync(join(folder, "bin", "pulumi"), 0o755);
  await expect(cachedCli(folder, VERSION)).resolves.toHaveProperty("failed");
  const made = await fillCache(folder, look, (root) => {
    makeCli(root);
    return Promise.resolve(undefined);
  });
  expect(made).toEqual(found());
});

test("of two that fill at once, one does and the other takes what it made", async () => {
  let fills = 0;
  const fill = async (root: string): Promise<undefined> => {
    fills += 1;
    await new Promise((resolve) => setTimeout(resolve, 300));
    makeCli(root);
    return undefined;
  };
  await expect(Promise.all([fillCache(folder, look, fill), fillCache(folder, look, fill)])).resolves.toEqual([
    found(),
    found(),
  ]);
  expect(fills).toBe(1);
});

test("a lock that its dead holder left is taken over", async () => {
  mkdirSync(`${folder}.lock`, { recursive: true });
  const aMinuteAgo = new Date(Date.now() - 60_000);
  utimesSync(`${folder}.lock`, aMinuteAgo, aMinuteAgo);
  const made = await fillCache(folder, look, (root) => {
    makeCli(root);
    return Promise.resolve(undefined);
  });
  expect(made).toEqual(found());
});

test("a cache that cannot be written is a reason, not a crash", async () => {
  writeFileSync(join(cache, "eks-irsa"), "a file where the folder should be");
  const made = await fillCache(folder, look, () => Promise.resolve(undefined));
  expect(made).toEqual({ failed: expect.stringContaining("cannot be used as a cache") as string });
});
