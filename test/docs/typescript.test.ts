import { join } from "node:path";
import ts from "typescript";
import { type Block, blocksOf, ROOT, written } from "./markdown";

/** What a reader of a block has in mind without its being said. Written before a block that uses the name and does not declare it. */
const PRELUDE: Readonly<Record<string, string>> = {
  aws: `import * as aws from "@pulumi/aws";`,
  k8s: `import * as k8s from "@pulumi/kubernetes";`,
  pulumi: `import * as pulumi from "@pulumi/pulumi";`,
  IrsaBinding: `import { IrsaBinding } from "eks-irsa";`,
  cluster: `declare const cluster: import("@pulumi/aws").eks.Cluster;`,
  blue: `declare const blue: import("@pulumi/aws").eks.Cluster;`,
  green: `declare const green: import("@pulumi/aws").eks.Cluster;`,
  provider: `declare const provider: import("@pulumi/kubernetes").Provider;`,
  kubernetes: `declare const kubernetes: import("@pulumi/kubernetes").Provider;`,
  onBlue: `declare const onBlue: import("@pulumi/kubernetes").Provider;`,
  onGreen: `declare const onGreen: import("@pulumi/kubernetes").Provider;`,
  api: `declare const api: import("eks-irsa").IrsaBinding;`,
  infrastructure: `declare const infrastructure: import("@pulumi/pulumi").StackReference;`,
  issuer: `declare const issuer: import("@pulumi/pulumi").Output<string>;`,
  assumeRolePolicy: `declare const assumeRolePolicy: import("@pulumi/pulumi").Output<string>;`,
};

const TIMEOUT_MS = 180_000;

/** The block as a module. The prelude stands on the first line, so that lines count as in the page. */
function moduleOf({ text }: Block): string {
  const code = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*/g, '""');
  const missing = Object.entries(PRELUDE).filter(([name]) => {
    const used = new RegExp(`(?<![.\\w$])${name}(?![\\w$:])`).test(code);
    const declared = new RegExp(`\\b(?:const|let|function|class|as) ${name}\\b|import \\{[^}]*\\b${name}\\b`).test(
      code,
    );
    return used && !declared;
  });
  return `${missing.map(([, line]) => line).join(" ")} export {}; ${text}`;
}

/** What TypeScript says of modules that exist only in memory, beside the pages that they come from. */
function check(modules: ReadonlyMap<string, string>): readonly ts.Diagnostic[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    noUncheckedIndexedAccess: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    paths: { "eks-irsa": [join(ROOT, "components/src/index.ts")] },
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    getCurrentDirectory: () => ROOT,
    fileExists: (file) => modules.has(file) || disk.fileExists(file),
    readFile: (file) => modules.get(file) ?? disk.readFile(file),
    getSourceFile: (file, version, ...rest) => {
      const text = modules.get(file);
      return text === undefined
        ? disk.getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, text, version, true);
    },
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  const own = [...modules.keys()].flatMap((file) => program.getSourceFile(file) ?? []);
  return own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
}

function fileOf({ page, line }: Block): string {
  return join(ROOT, `${page}.${line}.ts`);
}

const blocks = written.flatMap(blocksOf).filter(({ language }) => /^(ts|typescript)$/.test(language));

test(
  "every TypeScript block of the documentation type-checks",
  () => {
    expect(blocks.length).toBeGreaterThan(10);
    const wrong: Block = {
      page: "docs/wrong.md",
      line: 1,
      language: "ts",
      text: "new IrsaBinding('x', { cluster: 1 });",
    };
    const all = [...blocks, wrong];
    const found = check(new Map(all.map((block) => [fileOf(block), moduleOf(block)])));
    const texts = found.map(({ file, start = 0, messageText }) => {
      const block = all.find((each) => fileOf(each) === file?.fileName);
      const line = (block?.line ?? 0) + (file?.getLineAndCharacterOfPosition(start).line ?? 0);
      return `${block?.page ?? ""}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    expect(texts.filter((text) => !text.startsWith(wrong.page))).toEqual([]);
    // A check that finds nothing wrong in this block looks at nothing.
    expect(texts.some((text) => text.startsWith("docs/wrong.md:1 "))).toBe(true);
  },
  TIMEOUT_MS,
);
