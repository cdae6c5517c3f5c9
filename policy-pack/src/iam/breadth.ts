import { absent, known, knownValueOr, unknown, type Fact } from "../facts/fact";
import type { Condition, Leaf, PolicyDocument, Statement } from "./document";
import { parseOperator } from "./operator";
import { gradesOf, GRADES, type Grade } from "./subject-pattern";
import {
  audienceConditions,
  subjectConditions,
  webIdentityStatements,
  type WebIdentityStatement,
} from "./trust-statements";
import { admits, probeToken, sameIssuer } from "./web-identity-request";

/** How far a trust policy reaches among the accounts of one issuer, and which statement makes it so. */
export interface Breadth {
  readonly grade: Grade;
  readonly statement: Statement;
  /** The subject pattern that reaches so far; undefined when no condition names a subject. */
  readonly pattern: Leaf | undefined;
  /** An account that nobody meant and that the policy admits, as a subject. */
  readonly example: string;
}

interface Candidate extends Breadth {
  readonly providerArn: Fact<string>;
  readonly audience: string;
}

const FOREIGN = "system:serviceaccount:zzprobe:zzprobe";
const SUBJECT = /^system:serviceaccount:[a-z0-9-]{1,63}:[a-z0-9.-]{1,253}$/;

/**
 * The widest grade of accounts of this issuer that the policy admits: every pattern is tried with an account that it fits,
 * against the whole document, so that other conditions and Deny statements count. Absent when it admits none; unknown when
 * an unknown part may let more accounts in than those that certainly get in.
 */
export function breadth(document: PolicyDocument, issuer: string): Fact<Breadth> {
  let uncertain = !document.complete;
  const candidates: Candidate[] = [];
  for (const each of webIdentityStatements(document)) {
    if (each.everyone === undefined && each.providers.length > 0 && !providerFor(each, issuer)) continue;
    const found = candidatesOf(each, issuer);
    uncertain ||= !each.certain || !found.complete;
    candidates.push(...found.candidates);
  }
  candidates.sort((a, b) => GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade));
  for (const candidate of candidates) {
    const { providerArn, audience, example, grade } = candidate;
    const decision = admits(document, probeToken(issuer, providerArn, example, audience));
    if (decision.answer === "allow" && (!uncertain || grade === "everyone")) {
      // Another statement with a pattern as wide may be the one that lets the account in.
      const open = candidates.find((each) => each.statement === decision.by && each.grade === grade) ?? candidate;
      return known({ grade, statement: open.statement, pattern: open.pattern, example: open.example });
    }
    uncertain ||= decision.answer === "unknown";
  }
  return uncertain ? unknown() : absent;
}

function providerFor(each: WebIdentityStatement, issuer: string): string | undefined {
  return each.providers.find(({ parts }) => sameIssuer(parts.issuer, issuer))?.arn;
}

function candidatesOf(
  each: WebIdentityStatement,
  issuer: string,
): { readonly candidates: readonly Candidate[]; readonly complete: boolean } {
  const { statement } = each;
  const arn = providerFor(each, issuer);
  const shared = {
    statement,
    providerArn: arn === undefined ? unknown() : known(arn),
    audience: audienceOf(statement, issuer),
  };
  const subjects = subjectConditions(statement, issuer);
  const naming = subjects.conditions.filter(namesSubjects);
  if (naming.length === 0)
    return {
      candidates: [{ ...shared, grade: "everyone", pattern: undefined, example: FOREIGN }],
      complete: subjects.complete,
    };
  const read = naming.map(({ operator, values }) => {
    const leaves = knownValueOr(values, []);
    const like = parseOperator(operator)?.base === "StringLike";
    const candidates = leaves.flatMap((pattern) =>
      [...subjectsOf(pattern, like)].map(([grade, example]): Candidate => ({ ...shared, grade, pattern, example })),
    );
    return {
      candidates,
      complete:
        values.is === "known" && leaves.every(({ value }) => value.is === "known" && !value.value.includes("${")),
    };
  });
  return {
    candidates: read.flatMap(({ candidates }) => candidates),
    complete: subjects.complete && read.every(({ complete }) => complete),
  };
}

function subjectsOf(pattern: Leaf, like: boolean): ReadonlyMap<Grade, string> {
  if (pattern.value.is !== "known") return new Map();
  const text = pattern.value.value;
  if (like) return gradesOf(text);
  const subject = text.toLowerCase();
  return SUBJECT.test(subject) ? new Map([["exact", subject]]) : new Map();
}

/** Only a positive comparison of text says which subjects are meant; all others merely take some away. */
function namesSubjects({ operator }: Condition): boolean {
  const parsed = parseOperator(operator);
  return parsed?.family === "String" && !parsed.negated;
}

/** An audience that the statement's own condition takes, so that the probe fails for its subject only. */
function audienceOf(statement: Statement, issuer: string): string {
  for (const { values } of audienceConditions(statement, issuer).conditions) {
    const first = values.is === "known" ? values.value[0]?.value : undefined;
    if (first?.is === "known") return first.value.replaceAll("*", "").replaceAll("?", "z");
  }
  return "sts.amazonaws.com";
}
