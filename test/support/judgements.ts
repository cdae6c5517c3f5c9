import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Judgement, Place, Rule } from "../../policy-pack/src/rules/rule";
import type { Cases } from "./cases";

/** By the rule's id, stacks by what is told apart in them. */
export type Details = Readonly<Record<string, Readonly<Record<string, Snapshot>>>>;

/**
 * What a rule says of its cases beyond what the cases themselves state: where each finding also points, why it matters where
 * that is not the rule's own reason, and what a doubt waits for. One paragraph for each case in which there is any such thing;
 * URNs without stack and project, which are the same in all of them.
 */
export function judgements(rule: Rule, { invalid, valid, unverified }: Cases): string {
  const doubtful = "none" in unverified ? [] : unverified;
  return [...invalid, ...valid, ...doubtful]
    .map(({ name, stack }) => ({ name, lines: [...rule.judge(buildModel(stack))].map(describe).sort() }))
    .filter(({ lines }) => lines.length > 0)
    .map(({ name, lines }) => `${name}\n${lines.join("")}`)
    .join("\n");
}

/** All that a rule says of each of the stacks, one paragraph each; `silent` where it says nothing. */
export function texts(rule: Rule, stacks: Readonly<Record<string, Snapshot>>): string {
  return Object.entries(stacks)
    .map(([name, stack]) => {
      const lines = [...rule.judge(buildModel(stack))].map((each) => `${describe(each)}${wording(each)}`).sort();
      return `${name}\n${lines.join("") || "  silent\n"}`;
    })
    .join("\n");
}

function wording(judgement: Judgement): string {
  if (judgement.verdict === "unverified") return "";
  const { level, explanation } = judgement;
  return `    says ${explanation.says}\n    fix ${explanation.fix}\n${level === undefined ? "" : `    level ${level}\n`}`;
}

function describe(judgement: Judgement): string {
  const { verdict, at } = judgement;
  if (judgement.verdict === "unverified") {
    const waits = judgement.waitsFor.map((urn) => `    waits for ${short(urn)}\n`);
    return `  ${verdict}: ${judgement.what}\n    at ${place(at)}\n${waits.join("")}`;
  }
  const { related, explanation } = judgement;
  const why = explanation.why === undefined ? "" : `    why ${explanation.why}\n`;
  return `  ${verdict} at ${place(at)}\n${related.map((each) => `    with ${place(each)}\n`).join("")}${why}`;
}

function place({ urn, path }: Place): string {
  return path === "" ? short(urn) : `${short(urn)} ${path}`;
}

function short(urn: string): string {
  return urn.replace(/^urn:pulumi:[^:]*::[^:]*::/, "");
}
