import { parseUrn } from "../../policy-pack/src/facts/urn";
import { renderFinding } from "../../policy-pack/src/findings/render";
import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Rule } from "../../policy-pack/src/rules/rule";
import type { Cases, InvalidCase } from "../../test/support/cases";
import { wired } from "../../test/support/stack";

/** The page of one rule. Everything on it is taken from the rule or from a case that the tests run. */
export function rulePage({ rule, invalid, valid, unverified }: Cases): string {
  const [example] = invalid;
  return [
    `# ${rule.id}`,
    "",
    rule.summary,
    "",
    `| link | level | severity | AWS's article |`,
    `| --- | --- | --- | --- |`,
    `| ${rule.link} | ${rule.level} | ${rule.severity} | ${rule.articleStep === undefined ? "not mentioned" : `step ${rule.articleStep}`} |`,
    "",
    "## Why",
    "",
    rule.why,
    "",
    ...(example ? report(rule, example) : []),
    "## It reports",
    "",
    ...invalid.map((each) => `- ${each.name}${covers(each)}`),
    "",
    "## It is silent for",
    "",
    ...valid.map((each) => `- ${each.name}`),
    "",
    "## When it stays unverified",
    "",
    ...("none" in unverified
      ? [`Never: ${unverified.none}.`]
      : unverified.map((each) => `- ${each.name}: waits for ${each.waits.join("; ")}`)),
    "",
    "## Configuration and suppression",
    "",
    "Set the level in the file that you give to `--policy-pack-config`:",
    "",
    "```json",
    JSON.stringify({ [rule.id]: { enforcementLevel: rule.level === "mandatory" ? "advisory" : "mandatory" } }, null, 2),
    "```",
    "",
    `Suppress one finding on its resource, with a reason: a Kubernetes annotation or an AWS tag \`ignore.eks-irsa.dev/${rule.id}\`.`,
    "",
    ...(rule.references.length > 0 ? ["## References", "", ...rule.references.map((url) => `- <${url}>`), ""] : []),
  ].join("\n");
}

function covers(each: InvalidCase): string {
  return each.covers && each.covers.length > 0 ? ` (${each.covers.map((id) => `\`${id}\``).join(", ")})` : "";
}

function report(rule: Rule, example: InvalidCase): readonly string[] {
  const [finding] = run([rule], buildModel(example.stack)).findings;
  if (!finding) throw new Error(`${rule.id}: its first invalid case reports nothing`);
  const broken = resourceOf(example.stack, finding.at.urn);
  const good = resourceOf(wired(), finding.at.urn);
  return [
    "## Example",
    "",
    `${example.name.charAt(0).toUpperCase()}${example.name.slice(1)}:`,
    "",
    ...(broken ? [...program(broken), ""] : []),
    "It prints:",
    "",
    "```text",
    rule.summary,
    renderFinding(finding),
    "```",
    "",
    ...(good && broken && JSON.stringify(good.inputs) !== JSON.stringify(broken.inputs)
      ? ["Correct:", "", ...program(good), ""]
      : []),
  ];
}

function resourceOf(stack: Snapshot, urn: string): SnapshotResource | undefined {
  return stack.resources.find((each) => each.urn === urn);
}

/** The resource as a Pulumi YAML program has it: the one notation that every reader of any language can follow. */
function program(resource: SnapshotResource): readonly string[] {
  const { type, name } = parseUrn(resource.urn);
  return [
    "```yaml",
    `${name}:`,
    `  type: ${type}`,
    "  properties:",
    ...yaml(readable(resource.inputs ?? {}), 4),
    "```",
  ];
}

/** Policy documents are text in the snapshot; people read them as objects. */
function readable(value: unknown): unknown {
  if (typeof value === "string" && /^\s*[{[]/.test(value)) {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  }
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
  return value;
}

function yaml(value: unknown, indent: number): readonly string[] {
  const pad = " ".repeat(indent);
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => {
      if (isScalar(item)) return [`${pad}- ${scalar(item)}`];
      const [first = "", ...rest] = yaml(item, indent + 2);
      return [`${pad}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value as object).flatMap(([key, item]: [string, unknown]) =>
    isScalar(item) ? [`${pad}${keyText(key)}: ${scalar(item)}`] : [`${pad}${keyText(key)}:`, ...yaml(item, indent + 2)],
  );
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0 || "$unknown" in value;
}

function scalar(value: unknown): string {
  if (typeof value === "object" && value !== null)
    return "$unknown" in value ? "<not known yet>" : Array.isArray(value) ? "[]" : "{}";
  return typeof value === "string" &&
    /^[A-Za-z][\w./-]*$/.test(value) &&
    !/^(true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(key) ? key : JSON.stringify(key);
}
