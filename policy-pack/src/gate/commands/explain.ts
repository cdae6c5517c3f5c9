import { didYouMean } from "../../facts/words";
import { nearest } from "../../facts/did-you-mean";
import { visible } from "../../findings/render";
import { rules } from "../../rules";
import type { Rule } from "../../rules/rule";
import { KNOWN_ERRORS, type KnownError } from "../errors";
import { GateFailure } from "../failure";

/**
 * The page of a rule, or what an error text of a pod or of AWS points to.
 * @throws GateFailure when it is neither.
 */
export function explain(words: readonly string[]): string {
  const asked = words.join(" ").trim();
  const rule = rules.find(({ id }) => id === asked);
  if (rule !== undefined) return rulePage(rule);
  const found = KNOWN_ERRORS.filter(({ match }) => match.test(asked));
  if (found.length > 0) return errorPage(found);
  const hint = /^[a-z0-9-]+$/.test(asked) ? didYouMean(nearest(asked, new Set(rules.map(({ id }) => id)))) : "";
  throw new GateFailure(
    `"${visible(asked.slice(0, 200))}" is no rule id and no error text that irsa-gate knows.${hint} Known error texts:\n${KNOWN_ERRORS.map(({ text }) => `  ${text}`).join("\n")}`,
  );
}

function rulePage({ id, summary, why, level, severity, link, articleStep, references }: Rule): string {
  return [
    id,
    `  ${summary}`,
    "",
    `  level      ${level}, ${severity} severity`,
    `  link       ${link}`,
    ...(articleStep === undefined
      ? []
      : [`  article    step ${articleStep} of AWS's "How do I troubleshoot an OIDC provider and IRSA in Amazon EKS?"`]),
    `  symptom    ${why}`,
    ...references.map((reference, index) => `  ${index === 0 ? "reference" : "         "}  ${reference}`),
    "",
    `  suppress   annotate or tag the resource: ignore.eks-irsa.dev/${id}: "<reason> until YYYY-MM-DD"`,
    "",
  ].join("\n");
}

/** Several causes share a text: a more special entry stands first, so what it matches need not be said of the general. */
function errorPage(found: readonly KnownError[]): string {
  const seen = new Set<string>();
  return found
    .map(({ text, cause, rules: patterns }) => {
      const checks = expandRules(patterns).filter(({ id }) => !seen.has(id));
      checks.forEach(({ id }) => seen.add(id));
      const lines = checks.map(({ id, summary }) => `    ${id}  ${summary}`);
      return [text, `  ${cause}`, ...(lines.length > 0 ? ["  irsa-gate finds it with:", ...lines] : []), ""].join("\n");
    })
    .join("\n");
}

function expandRules(patterns: readonly string[]): readonly Rule[] {
  return patterns.flatMap((pattern) =>
    rules.filter(({ id }) => (pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern)),
  );
}
