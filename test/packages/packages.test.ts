import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const PACKAGES = ["policy-pack", "components"];

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly name: string;
  readonly main: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as Manifest;
}

/** The packages that the built JavaScript loads. */
function loaded(folder: string): ReadonlySet<string> {
  const dist = join(ROOT, folder, "dist");
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  const names = files.flatMap((file) =>
    [...readFileSync(join(dist, file), "utf8").matchAll(/\brequire\("([^."][^"]*)"\)/g)].map((match) => match[1] ?? ""),
  );
  const packages = names.filter((name) => !isBuiltin(name));
  return new Set(
    packages.map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    ),
  );
}

/** What npm would publish; sizes in bytes. */
function pack(folder: string): Packed {
  const printed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: join(ROOT, folder),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(printed) as readonly Packed[];
  if (packed === undefined) throw new Error(`npm packs nothing of ${folder}`);
  return packed;
}

describe.each(PACKAGES)("%s", (folder) => {
  const { name, dependencies, main, bin = {} } = manifest(folder);
  const packed = pack(folder);

  test("declares every package that it loads: the repository's own are not there after an install", () => {
    const missing = [...loaded(folder)].filter((name) => !Object.hasOwn(dependencies, name));
    expect(missing).toEqual([]);
  });

  test("loads every package that it declares", () => {
    const used = loaded(folder);
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
  });

  test("packs what it needs to run, and no tests, maps of other folders or build state", () => {
    const files = packed.files.map((file) => file.path);
    for (const wanted of [main, ...Object.values(bin), "README.md", "LICENSE", "package.json"]) {
      expect(files).toContain(wanted.replace(/^\.\//, ""));
    }
    expect(files.filter((file) => /\.test\.|tsbuildinfo|(^|\/)node_modules\//.test(file))).toEqual([]);
  });

  test("is about as large as docs/releasing.md says: who lets it grow, says so there", () => {
    const releasing = readFileSync(join(ROOT, "docs/releasing.md"), "utf8");
    const [, size, unpacked] =
      new RegExp(`^ *\\| ${name} +\\| (\\d+) KB +\\| (\\d+) KB`, "m").exec(releasing)?.map(Number) ?? [];
    expect(packed.size / 1000 / (size ?? 0)).toBeCloseTo(1, 1);
    expect(packed.unpackedSize / 1000 / (unpacked ?? 0)).toBeCloseTo(1, 1);
  });
});

test("the pack ships no tsconfig.json, which the engine's ts-node would read with whatever TypeScript it finds", () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, "policy-pack/package.json"), "utf8")) as {
    readonly files: readonly string[];
  };
  expect(files).not.toContain("tsconfig.json");
  expect(existsSync(join(ROOT, "policy-pack/PulumiPolicy.yaml"))).toBe(true);
});
