/**
 * `npm run bench`: what the pack costs, beside two idle policies and beside the same rules served one by one.
 *
 *     npm run bench -- --sizes 10,1000   only these sizes (default: 10, 100, 1,000, 10,000 and 50,000 resources)
 *     npm run bench -- --rounds 9        rounds for each size (default: fewer for larger stacks)
 *     npm run bench -- --pack DIR        a pack built elsewhere
 *     npm run bench -- --no-engine       without whole previews
 *     npm run bench -- --write           also writes docs/performance/results.md and cost.svg
 *     npm run bench -- --check           compares the ratios with the targets, and exits 1 when one is missed
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "../repository";
import { exitOnSignals } from "../run-command";
import { measureEngine } from "./engine-runs";
import { MAX_GROWTH, measureEvaluator } from "./evaluator";
import { measure } from "./measure";
import { preparePacks } from "./packs";
import { plot } from "./plot";
import { report } from "./report";
import { judge } from "./targets";

const SIZES = [10, 100, 1_000, 10_000, 50_000];
/** The check leaves out the largest stack (minutes a round) and what no target is about. */
const CHECK_SIZES = [1_000, 10_000];
const ENGINE_ROUNDS = 5;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string" },
      rounds: { type: "string" },
      pack: { type: "string" },
      "no-engine": { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
    },
  });
  const { check } = values;
  const rounds = values.rounds === undefined ? undefined : whole(values.rounds, "--rounds");
  const sizes =
    values.sizes === undefined
      ? check
        ? CHECK_SIZES
        : SIZES
      : [...values.sizes.split(",").map((size) => whole(size, "--sizes"))].sort((a, b) => a - b);
  const set = preparePacks(values.pack);
  try {
    const measured = set.packs.filter(({ id }) => !check || id !== "naive");
    const cells = await measure({
      packs: measured,
      sizes,
      mixes: (size) => (check || size > 20_000 ? ["clean"] : ["clean", "broken", "new"]),
      rounds: (size) => rounds ?? (size > 2_000 ? 3 : 7),
      say,
    });
    const engine =
      check || values["no-engine"]
        ? undefined
        : await measureEngine(
            set.packs.filter(({ id }) => id !== "naive"),
            rounds ?? ENGINE_ROUNDS,
            say,
          );
    const judgements = judge(cells);
    const evaluator = measureEvaluator();
    const text = report({
      packs: measured,
      bytes: set.bytes,
      cells,
      engine,
      evaluator,
      judgements,
    });
    process.stdout.write(`${text}\n`);
    if (values.write) {
      const folder = join(repositoryRoot, "docs", "performance");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "results.md"), text);
      writeFileSync(join(folder, "cost.svg"), plot(measured, cells));
    }
    const missed = judgements.some(({ kept }) => !kept) || evaluator.growth.some(({ factor }) => factor > MAX_GROWTH);
    return check && missed ? 1 : 0;
  } finally {
    set.close();
  }
}

function whole(text: string, option: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} takes whole numbers above 0, not "${text}".`);
  return number;
}

/** Progress goes to stderr: stdout is the report. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

exitOnSignals();
main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`npm run bench failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
