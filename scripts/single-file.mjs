/**
 * Bundles the pack into policy-pack/dist, or into the folder that is named:
 *
 * - eks-irsa-policy-pack.cjs: the pack and its SDK in one executable file, for `pulumi preview --policy-pack FILE` (Pulumi
 *   3.255 and newer). It starts without the language host, ts-node and the TypeScript compiler, which are most of what a
 *   pack's start costs.
 * - pack.js: the pack alone, as the directory pack's entry. Two hundred modules of its own are a tenth of its start.
 */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { name, version } = JSON.parse(readFileSync(join(root, "policy-pack", "package.json"), "utf8"));
const folder = resolve(process.argv[2] ?? join(root, "policy-pack", "dist"));
const common = {
  entryPoints: [join(root, "policy-pack", "src", "index.ts")],
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  logLevel: "warning",
};

/**
 * The policy SDK takes two things from @pulumi/pulumi: the asset classes and the marks of special values on the wire.
 * Asking for them in the usual way loads 770 modules, the TypeScript compiler among them.
 */
const lean = {
  name: "lean-sdk",
  setup({ onResolve, onLoad }) {
    const ownClass = join(root, "scripts", "single-file", "policy-pack.ts");
    onResolve({ filter: /^@pulumi\/policy$/ }, () => ({ path: ownClass }));
    onResolve({ filter: /^@pulumi\/pulumi$/ }, () => ({ path: "pulumi", namespace: "lean" }));
    onResolve({ filter: /^@pulumi\/pulumi\/runtime\/rpc$/ }, () => ({ path: "marks", namespace: "lean" }));
    onLoad({ filter: /^pulumi$/, namespace: "lean" }, () => ({
      contents: `exports.asset = require("@pulumi/pulumi/asset");`,
      resolveDir: root,
    }));
    onLoad({ filter: /^marks$/, namespace: "lean" }, () => {
      const marks = Object.entries(require("@pulumi/pulumi/runtime/rpc")).filter(
        ([, mark]) => typeof mark === "string",
      );
      return { contents: JSON.stringify(Object.fromEntries(marks)), loader: "json" };
    });
  },
};

await build({ ...common, outfile: join(folder, "pack.js"), packages: "external" });

const file = join(folder, `${name}.cjs`);
const { metafile } = await build({
  ...common,
  outfile: file,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  banner: { js: "#!/usr/bin/env node" },
  define: { PACK_VERSION: JSON.stringify(version) },
  plugins: [lean],
  metafile: true,
});
const heavy = Object.keys(metafile.inputs).filter((input) =>
  /node_modules\/(typescript|ts-node|@pulumi\/pulumi\/(?!asset|proto|utils))/.test(input),
);
if (heavy.length > 0) throw new Error(`The single file has grown by modules that no policy uses: ${heavy.join(", ")}.`);
chmodSync(file, 0o755);

// The file carries others' work, whose licences ask to be passed on with it.
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((input) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
);
const licences = [...packages].sort().map((path) => {
  const { name: its, version: of, license } = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
  const text = readdirSync(join(root, path)).find((entry) => /^licen[cs]e/i.test(entry));
  return `${its} ${of} (${license})\n\n${text === undefined ? "" : readFileSync(join(root, path, text), "utf8")}`;
});
writeFileSync(`${file}.LICENSES.txt`, licences.join(`\n${"-".repeat(80)}\n`));
