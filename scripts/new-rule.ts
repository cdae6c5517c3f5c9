import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * `npm run new-rule -- <link> <id>`: writes a rule that works, its cases, and its entry in the list. The rule looks for a
 * label that no stack has; replace its check, and start with the cases.
 */
const LINKS = ["oidc-provider", "trust-policy", "permissions", "service-account", "workload"];

export interface NewRule {
  readonly link: string;
  readonly id: string;
}

/** The link and id of the command line, or what is wrong with them. */
export function parseArguments(args: readonly string[]): NewRule | string {
  const [link, id, ...rest] = args;
  if (link === undefined || id === undefined || rest.length > 0) return "usage: npm run new-rule -- <link> <id>";
  if (!LINKS.includes(link)) return `"${link}" is not a link of the chain. Links are: ${LINKS.join(", ")}.`;
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(id))
    return `"${id}" is not of the form subject-fault, for example trust-policy-subject-missing.`;
  const asked: NewRule = { link, id };
  return asked;
}

/** Writes the three pieces below `root`; returns what was written, or throws where the rule exists. */
export function writeRule(root: string, { link, id }: NewRule): readonly string[] {
  const rule = join(root, "policy-pack/src/rules", link, `${id}.ts`);
  const cases = join(root, "test/rules", link, `${id}.cases.ts`);
  const golden = join(root, "test/rules", link, `${id}.golden`);
  const list = join(root, "policy-pack/src/rules/index.ts");
  if (existsSync(rule)) throw new Error(`${rule} exists already.`);
  const listed = addToList(readFileSync(list, "utf8"), { link, id });
  for (const [file, text] of [
    [rule, ruleText({ link, id })],
    [cases, casesText({ link, id })],
    [golden, goldenText({ link, id })],
    [list, listed],
  ] as const) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return [rule, cases, golden, list];
}

/** The list with the rule at the end of its link. */
function addToList(text: string, { link, id }: NewRule): string {
  const name = camelCase(id);
  const imported = text.replace(
    /^import type \{ Rule \} from "\.\/rule";$/m,
    `$&\nimport ${name} from "./${link}/${id}";`,
  );
  const lines = imported.split("\n");
  const next = LINKS[LINKS.indexOf(link) + 1];
  const end =
    next === undefined
      ? lines.findIndex((line) => line === "];")
      : lines.findIndex((line) => line.trim() === `// ${next}`);
  if (end < 0) throw new Error(`rules/index.ts has no place for the link ${link}.`);
  lines.splice(end, 0, `  ${name},`);
  return lines.join("\n");
}

function camelCase(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function ruleText({ link, id }: NewRule): string {
  return `import { quote } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly account: string;
  readonly seen: string;
}

export default defineRule<Data>({
  id: "${id}",
  link: "${link}",
  severity: "low",
  level: "advisory",
  summary: "No ServiceAccount carries the label ${id}.",
  why: "Say what the user meets at run time, with the error text that they would search for.",
  articleStep: undefined,
  references: [],
  *check(model) {
    for (const account of model.serviceAccounts) {
      const labels = account.labels.is === "known" ? account.labels.value : [];
      const label = labels.find((entry) => entry.key === "${id}");
      if (label?.value.is === "unknown") {
        yield { verdict: "unverified", at: { urn: account.urn, path: label.path }, what: \`the label ${id} of \${account.title}\`, waitsFor: label.value.waitsFor };
      }
      if (label?.value.is !== "known") continue;
      yield { verdict: "violation", at: { urn: account.urn, path: label.path }, related: [], data: { account: account.title, seen: label.value.value } };
    }
  },
  explain: ({ account, seen }) => ({
    says: \`\${account} carries the label "${id}" with the value \${quote(seen)}.\`,
    fix: 'Remove the label "${id}".',
  }),
});
`;
}

function casesText({ link, id }: NewRule): string {
  return `import rule from "../../../policy-pack/src/rules/${link}/${id}";
import { cases } from "../../support/cases";
import { UNKNOWN, urns, wired } from "../../support/stack";

const at = { urn: urns.serviceAccount, path: 'metadata.labels["${id}"]' };

export default cases(rule, {
  invalid: [
    {
      name: "the label is there",
      stack: wired({ serviceAccount: { metadata: { labels: { "${id}": "yes" } } } }),
      finds: [{ at, says: 'ServiceAccount "shop/api" carries the label "${id}" with the value "yes".', fix: 'Remove the label "${id}".' }],
    },
  ],
  valid: [{ name: "another label", stack: wired({ serviceAccount: { metadata: { labels: { app: "api" } } } }) }],
  unverified: [
    {
      name: "the label's value is not known yet",
      stack: wired({ serviceAccount: { metadata: { labels: { "${id}": UNKNOWN } } } }),
      waits: ['the label ${id} of ServiceAccount "shop/api"'],
    },
  ],
});
`;
}

/** What test/support/judgements.ts makes of the cases. */
function goldenText({ id }: NewRule): string {
  return `the label is there
  violation at kubernetes:core/v1:ServiceAccount::api metadata.labels["${id}"]

the label's value is not known yet
  unverified: the label ${id} of ServiceAccount "shop/api"
    at kubernetes:core/v1:ServiceAccount::api metadata.labels["${id}"]
    waits for aws:iam/role:Role::api
    waits for kubernetes:core/v1:Namespace::shop
`;
}

if (require.main === module) {
  const asked = parseArguments(process.argv.slice(2));
  if (typeof asked === "string") {
    console.error(asked);
    process.exitCode = 2;
  } else {
    const files = writeRule(process.cwd(), asked);
    // Names of any length: only the formatter knows where lines break.
    execFileSync(process.execPath, [
      require.resolve("prettier/bin/prettier.cjs"),
      "--log-level=warn",
      "--write",
      ...files.filter((file) => file.endsWith(".ts")),
    ]);
    for (const file of files) console.log(`wrote ${file}`);
    console.log(`Next: write the cases, then UPDATE_GOLDEN=1 npx jest test/rules -t ${asked.id}`);
    console.log("Then name the rule in docs/troubleshooting.md, at the error that it explains, and run npm run docs");
  }
}
