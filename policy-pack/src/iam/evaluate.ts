import { absent, knownValue, knownValueOr, knownValues, type Fact } from "../facts/fact";
import type { Carried, Surroundings } from "./condition";
import { evaluateCondition, resolve } from "./condition";
import type { Decision, Mismatch, Request } from "./decision";
import type { Leaf, PolicyDocument, Statement } from "./document";
import { escapeText, fillVariables, hasWildcard, matchAction, matchArn, matchGlob } from "./match";
import { matchPrincipals } from "./principal";
import { and, not, or, some, type Truth } from "./truth";

/** What a document says of a request, before allow and deny are weighed: whether an Allow applies, whether a Deny does. */
export interface Weighed {
  readonly allow: Truth;
  readonly deny: Truth;
  readonly allowedBy: Statement | undefined;
  readonly deniedBy: Statement | undefined;
  /** In document order: what keeps an Allow from applying, and what a Deny hangs on while that is unknown. */
  readonly because: readonly Mismatch[];
}

/**
 * Whether a document admits a request. Allow and deny are given only when they hold for every value that the unknown parts
 * may take; the answer of a document that IAM would refuse says what its readable part means. A Deny that applies wins.
 */
export function evaluate(document: PolicyDocument, request: Request): Decision {
  const { allow, deny, allowedBy, deniedBy, because } = weigh(document, request);
  if (deny === true) return { answer: "deny", explicit: deniedBy, because };
  if (allow === false) return { answer: "deny", explicit: undefined, because };
  if (deny === false && allowedBy) return { answer: "allow", by: allowedBy };
  return { answer: "unknown", because };
}

export function weigh(document: PolicyDocument, request: Request): Weighed {
  const surroundings = surroundingsOf(document, request);
  let allow: Truth = document.complete ? false : undefined;
  let deny: Truth = allow;
  let allowedBy: Statement | undefined;
  let deniedBy: Statement | undefined;
  const because: Mismatch[] = [];
  for (const statement of document.statements) {
    const lines: Mismatch[] = [];
    const applies = statementApplies(statement, request, surroundings, lines);
    const { effect } = statement;
    const mayAllow = effect.is === "unknown" ? undefined : knownValue(effect) === "Allow";
    const mayDeny = effect.is === "unknown" ? undefined : knownValue(effect) === "Deny";
    const allows = and(mayAllow, applies);
    const denies = and(mayDeny, applies);
    if (allows === true) allowedBy ??= statement;
    if (denies === true) deniedBy ??= statement;
    allow = or(allow, allows);
    deny = or(deny, denies);
    if (effect.is !== "known")
      because.push({ kind: "effect", statement, verdict: effect.is === "unknown" ? "unknown" : "fails" });
    if (mayAllow !== false || denies === undefined) because.push(...lines);
  }
  return { allow, deny, allowedBy, deniedBy, because };
}

/** Every part of the statement is looked at, also after one has failed: the evidence shall be whole. */
function statementApplies(
  statement: Statement,
  request: Request,
  surroundings: Surroundings,
  lines: Mismatch[],
): Truth {
  const action = matchLeaves(statement.actions, statement.notActions, (pattern) =>
    matchAction(pattern, request.action),
  );
  if (action !== true) {
    lines.push({
      kind: "action",
      statement,
      verdict: verdict(action),
      seen: texts(statement.actions, statement.notActions),
      needed: request.action,
    });
  }
  const principal = request.principal ? matchPrincipals(statement, request.principal) : true;
  if (principal !== true && request.principal) {
    const seen = texts(statement.principals, statement.notPrincipals);
    lines.push({
      kind: "principal",
      statement,
      verdict: verdict(principal),
      seen,
      needed: textOf(request.principal.value),
    });
  }
  const resource = request.resource ? matchResource(statement, request.resource, surroundings) : true;
  if (resource !== true && request.resource) {
    const seen = texts(statement.resources, statement.notResources);
    lines.push({ kind: "resource", statement, verdict: verdict(resource), seen, needed: textOf(request.resource) });
  }
  return and(and(action, principal), and(resource, conditionsHold(statement, surroundings, lines)));
}

function conditionsHold(statement: Statement, surroundings: Surroundings, lines: Mismatch[]): Truth {
  if (statement.conditions.is === "absent") return true;
  if (statement.conditions.is === "unknown") {
    const condition = { path: `${statement.path}.Condition`, operator: "", key: "", values: statement.conditions };
    lines.push({
      kind: "condition",
      statement,
      condition,
      verdict: "unknown",
      seen: [],
      needed: undefined,
      reason: "value-unknown",
    });
    return undefined;
  }
  let all: Truth = true;
  for (const condition of statement.conditions.value) {
    const failure = evaluateCondition(condition, surroundings);
    if (!failure) continue;
    all = and(all, failure.verdict === "fails" ? false : undefined);
    const carried = surroundings.carried(condition.key);
    const needed = carried.is === "known" ? carried.value.join(", ") : undefined;
    lines.push({
      kind: "condition",
      statement,
      condition,
      seen: texts(condition.values, absent),
      needed,
      ...failure,
    });
  }
  return all;
}

/** An element and its negated twin (Action and NotAction). IAM takes one of them; with none, a statement covers nothing. */
export function matchLeaves(
  leaves: Fact<readonly Leaf[]>,
  negated: Fact<readonly Leaf[]>,
  matches: (pattern: string) => Truth,
): Truth {
  if (leaves.is === "absent" && negated.is === "absent") return false;
  const listed = (fact: Fact<readonly Leaf[]>): Truth =>
    fact.is === "known"
      ? some(fact.value, (leaf) => (leaf.value.is === "known" ? matches(leaf.value.value) : undefined))
      : undefined;
  return and(leaves.is === "absent" ? true : listed(leaves), negated.is === "absent" ? true : not(listed(negated)));
}

function matchResource(statement: Statement, resource: Fact<string>, surroundings: Surroundings): Truth {
  return matchLeaves(statement.resources, statement.notResources, (pattern) => {
    if (pattern === "*") return true;
    if (resource.is !== "known") return undefined;
    if (!pattern.includes("${") || surroundings.variables === false) return coversResource(pattern, resource.value);
    const filled = surroundings.variables ? fillVariables(pattern, (key) => resolve(key, surroundings)) : undefined;
    if (filled === "absent") return false;
    return filled && coversResource(filled.value, escapeText(resource.value));
  });
}

/**
 * A `*` at the end of a part of the ARN "can expand to match beyond the colon boundaries" (IAM User Guide, "IAM JSON policy
 * elements: Resource"); of the other wildcards the guide says only that they are used within a part.
 */
function coversResource(pattern: string, resource: string): Truth {
  if (matchArn(pattern, resource)) return true;
  if (!matchGlob(pattern, resource)) return false;
  return pattern.split(":").every((part) => !hasWildcard(part.replace(/\*$/, ""))) ? true : undefined;
}

function verdict(truth: Truth): "fails" | "unknown" {
  return truth === false ? "fails" : "unknown";
}

function texts(leaves: Fact<readonly Leaf[]>, negated: Fact<readonly Leaf[]>): readonly string[] {
  const both = [leaves, negated].flatMap((fact) => knownValueOr(fact, []));
  return both.flatMap((leaf) => knownValues(leaf.value));
}

function textOf(fact: Fact<string>): string {
  return knownValueOr(fact, "");
}

function surroundingsOf(document: PolicyDocument, request: Request): Surroundings {
  const { context, unknownKeys } = request;
  // Condition keys have no case; most documents spell them as the request does, so the index is made for the others only.
  let index: ReadonlyMap<string, Fact<readonly string[]>> | undefined;
  const carried = (key: string): Carried => {
    const exact = Object.hasOwn(context, key) ? context[key] : undefined;
    if (exact) return exact;
    index ??= new Map(Object.entries(context).map(([name, fact]) => [name.toLowerCase(), fact]));
    return index.get(key.toLowerCase()) ?? (unknownKeys?.(key) === true ? { is: "maybe" } : absent);
  };
  const { version } = document;
  return {
    carried,
    variables: version.is === "unknown" ? undefined : knownValue(version) === "2012-10-17",
  };
}
