import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { repositoryRoot } from "../repository";
import type { Pack } from "./pack-process";

const PACKS = join(repositoryRoot, "scripts", "bench", "packs");

export interface PackSet {
  readonly packs: readonly Pack[];
  /** Bytes of the file that a pack starts with: in the single file the SDK is one of them. */
  readonly bytes: ReadonlyMap<Pack["id"], number>;
  close(): void;
}

/**
 * The packs under measurement; this project's must have been built in `folder`.
 * @throws Error when it was not.
 */
export function preparePacks(folder: string = join(repositoryRoot, "policy-pack")): PackSet {
  const dist = join(folder, "dist");
  const file = join(dist, "eks-irsa-policy-pack.cjs");
  for (const built of [join(dist, "pack.js"), file])
    if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" first.`);
  // What others hold in a build must not change under a measurement that takes an hour.
  const held = mkdtempSync(join(tmpdir(), "eks-irsa-bench-"));
  symlinkSync(join(repositoryRoot, "node_modules"), join(held, "node_modules"), "junction");
  cpSync(folder, join(held, "pack"), { recursive: true, filter: isShipped });
  cpSync(PACKS, join(held, "packs"), { recursive: true });
  const heldDist = join(held, "pack", "dist");
  const packs: readonly Pack[] = [
    { id: "pack", title: "eks-irsa, directory", folder: join(held, "pack") },
    { id: "single-file", title: "eks-irsa, single file", file: join(heldDist, "eks-irsa-policy-pack.cjs") },
    { id: "idle", title: "two idle policies", folder: join(held, "packs", "idle") },
    {
      id: "naive",
      title: "the same rules as one stack policy each",
      folder: join(held, "packs", "naive"),
      env: { BENCH_PACK_DIST: heldDist },
    },
  ];
  return {
    packs,
    bytes: new Map(packs.map((pack) => [pack.id, codeSize(pack)])),
    close: () => rmSync(held, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function codeSize({ file, folder = "" }: Pack): number {
  if (file !== undefined) return statSync(file).size;
  const { main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly main: string };
  return statSync(join(folder, main)).size;
}

/** The package as npm has it: without the compiler's configuration, whose base would be missing beside the copy. */
function isShipped(path: string): boolean {
  return !path.includes("node_modules") && basename(path) !== "tsconfig.json";
}
