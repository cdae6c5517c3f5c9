import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, codeSpans, ROOT, written } from "./markdown";

const GATE = join(ROOT, "policy-pack/src/gate");
/** Every option is declared in main.ts or in the file of its command. */
const gate = ["main.ts", ...readdirSync(join(GATE, "commands")).map((file) => join("commands", file))]
  .map((file) => readFileSync(join(GATE, file), "utf8"))
  .join("\n");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Lines of shells, with continued lines joined, and code within sentences. */
const lines = written.flatMap((each) =>
  [...blocksOf(each).map(({ text }) => text.replace(/\\\n\s*/g, " ")), ...codeSpans(each.text)].flatMap((text) =>
    text.split("\n").map((line) => ({ page: each.path, line })),
  ),
);

test("every option of irsa-gate that the documentation names exists", () => {
  const used = lines
    .filter(({ line }) => /\birsa-gate /.test(line))
    .flatMap(({ page, line }) => [...line.matchAll(/(?<=\s)--[a-z][a-z-]*/g)].map(([flag]) => ({ page, flag })))
    .filter(({ flag }) => !["--yes", "--package", "--help"].includes(flag));
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter(({ flag }) => !new RegExp(`["\\s]${flag}[\\s"]`).test(gate))).toEqual([]);
});

test("every npm script that the documentation names exists", () => {
  const named = lines.flatMap(({ page, line }) =>
    [...line.matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, script = ""]) => ({ page, script })),
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
});
