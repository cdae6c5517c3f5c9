/**
 * What the packages bring along: a software bill of materials in CycloneDX form, the licences in it, and known
 * vulnerabilities. `--out FILE` writes the bill; `--require-audit` fails where the registry gives no answer, as a release must,
 * while a contributor without one goes on.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** Licences that an Apache-2.0 package may bring along without further duties than a notice. */
const ALLOWED = new Set([
  ...["Apache-2.0", "MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0", "Unlicense", "Python-2.0"],
  // Lists of data, the names of licences themselves.
  ...["CC0-1.0", "CC-BY-3.0"],
]);

/** Packages whose package.json names no licence, while their own LICENSE file does. */
const READ_BY_HAND = new Map([["@logdna/tail-file", "MIT"]]);

const { values } = parseArgs({
  options: { out: { type: "string" }, "require-audit": { type: "boolean", default: false } },
});

function npm(...args) {
  const { stdout, stderr, error } = spawnSync("npm", args, { encoding: "utf8", shell: process.platform === "win32" });
  if (error) throw error;
  return { stdout, stderr };
}

/** `A OR B` needs one that is allowed, `A AND B` both. */
function isAllowed({ group, name, licenses = [] }) {
  const byHand = READ_BY_HAND.get(group ? `${group}/${name}` : name);
  const names = byHand
    ? [byHand]
    : licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? "");
  const fits = (expression) =>
    expression
      .replace(/^\((.*)\)$/, "$1")
      .split(" AND ")
      .every((part) => part.split(" OR ").some((one) => ALLOWED.has(one.trim())));
  return names.length > 0 && names.every(fits);
}

const failures = [];

/**
 * The bill with only what the two packages bring along. npm's own `--omit dev` leaves out what the repository's tests use
 * besides, the policy SDK among it.
 */
function shipped(whole) {
  const edges = new Map(whole.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const own = whole.components.filter(({ name }) => name === "policy-pack" || name === "components");
  const reached = new Set(own.map((component) => component["bom-ref"]));
  // A set goes on to what is added while it is walked.
  for (const ref of reached) for (const next of edges.get(ref) ?? []) reached.add(next);
  return {
    ...whole,
    components: whole.components.filter((component) => reached.has(component["bom-ref"])),
    dependencies: whole.dependencies.filter(({ ref }) => reached.has(ref)),
  };
}

const { stdout, stderr } = npm("sbom", "--sbom-format", "cyclonedx");
const whole = JSON.parse(stdout || "{}");
if (!Array.isArray(whole.components)) throw new Error(`npm wrote no bill of materials:\n${stderr}`);
const bill = shipped(whole);
const refused = bill.components.filter((component) => !isAllowed(component));
for (const { name, version } of refused) failures.push(`${name}@${version} has a licence that is not on the list.`);
console.log(`licences: ${bill.components.length} packages, ${refused.length} refused`);
if (values.out) writeFileSync(values.out, `${JSON.stringify(bill, undefined, 2)}\n`);

const audit = npm("audit", "--omit", "dev", "--json");
const counts = JSON.parse(audit.stdout || "{}").metadata?.vulnerabilities;
if (counts === undefined) {
  console.log("audit: the registry gave no answer");
  if (values["require-audit"]) failures.push("The audit could not be made.");
} else {
  console.log(`audit: ${counts.high + counts.critical} high or critical, ${counts.total} in all`);
  if (counts.high + counts.critical > 0) failures.push("npm audit --omit dev names what is vulnerable.");
}

for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
