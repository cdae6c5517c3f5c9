import { buildModel } from "../../policy-pack/src/model/build";
import type { Judgement, Place, Rule } from "../../policy-pack/src/rules/rule";
import type { Cases } from "./cases";

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
