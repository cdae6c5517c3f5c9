import { listIn, texts } from "../facts/lists";
import { knownValueOr, knownValues } from "../facts/fact";
import { nearest } from "../facts/did-you-mean";
import type { Leaf } from "../iam/document";
import { hasWildcard } from "../iam/match";
import { parseOperator } from "../iam/operator";
import { gradesOf } from "../iam/web-identity";
import { claimConditions, isNaming, isPodIssuer, type PodStatement } from "./trust-statement";
import type { IrsaModel } from "./types";

/** A subject in a condition that no ServiceAccount can have. */
export interface SubjectFault {
  readonly fault: "form" | "wildcard";
  readonly path: string;
  readonly operator: string;
  readonly seen: string;
  /** What is wrong, as a clause: `it has no "system:serviceaccount:" before it`. */
  readonly because: string;
  readonly needed: string | undefined;
  /** True when other values of the condition can fit, so that only this one is dead. */
  readonly beside: boolean;
}

export function subjectFaults(pod: PodStatement, model: IrsaModel): readonly SubjectFault[] {
  const issuers = pod.issuers.filter((issuer) => isPodIssuer(issuer, model));
  return claimConditions({ statement: pod.statement, issuers }, "sub")
    .filter(isNaming)
    .flatMap((condition) => {
      const operator = parseOperator(condition.operator);
      const like = operator?.base === "StringLike";
      const blind = operator?.base === "StringEqualsIgnoreCase";
      const leaves = knownValueOr(condition.values, []);
      const faults = leaves.map((leaf) => {
        if (leaf.value.is !== "known") return undefined;
        const seen = leaf.value.value;
        const fault = seen.includes("${") ? unfilled(seen) : judge(blind ? seen.toLowerCase() : seen, like);
        return fault ? { path: leaf.path, seen, operator: condition.operator, ...fault } : undefined;
      });
      const beside = faults.some((fault) => fault === undefined);
      return faults.flatMap((fault) =>
        fault
          ? [{ ...fault, beside, needed: fault.fault === "form" ? repair(fault.seen, leaves, pod, model) : fault.seen }]
          : [],
      );
    });
}

/** The keys that a policy variable may stand for have a colon in their names, so `${namespace}` is a slip of the program. */
function unfilled(text: string): Pick<SubjectFault, "fault" | "because"> | undefined {
  const [slip] = /\$\{[^{}:*?$,]+\}/.exec(text) ?? [];
  if (slip === undefined) return undefined;
  return { fault: "form", because: `"${slip}" was not filled in, which needs backticks, and IAM has no such variable` };
}

function judge(text: string, like: boolean): Pick<SubjectFault, "fault" | "because"> | undefined {
  if (!like && hasWildcard(text)) {
    const because = "StringEquals takes * and ? for themselves";
    return gradesOf(text).size > 0 ? { fault: "wildcard", because } : { fault: "form", because: formOf(text) };
  }
  const fits = gradesOf(text).size > 0 && !isTooLong(text);
  return fits ? undefined : { fault: "form", because: formOf(text) };
}

/** A namespace has at most 63 characters, the name of an account at most 253; a star may stand for none. */
function isTooLong(text: string): boolean {
  const [, , namespace = "", name = ""] = text.replaceAll("*", "").split(":");
  return namespace.length > 63 || name.length > 253;
}

/** The first thing that is wrong with a subject, in the order in which one reads it. */
function formOf(text: string): string {
  if (text.trim() !== text) return "there are blanks around it";
  if (!text.startsWith("system:serviceaccount:")) return 'it does not begin with "system:serviceaccount:"';
  const parts = text.split(":");
  const [, , namespace, name] = texts(parts);
  if (parts.length < 4) return "the name of the account is missing";
  if (parts.length > 4) return "it has more than four parts";
  if (namespace === "") return "its namespace is empty";
  if (name === "") return "the name of the account is empty";
  if (namespace.length > 63) return "its namespace is longer than 63 characters";
  if (name.length > 253) return "the name of the account is longer than 253 characters";
  const [part, bad] = /^[a-z0-9*?-]+$/.test(namespace) ? ["name", name] : ["namespace", namespace];
  return `its ${part} "${bad}" has characters other than a-z, 0-9${part === "name" ? ', "-" and "."' : ' and "-"'}`;
}

/** What was probably meant: the one account that uses the role, an account of like name, or the same parts put in order. */
function repair(seen: string, leaves: readonly Leaf[], { role }: PodStatement, model: IrsaModel): string | undefined {
  const written = leaves.flatMap(({ value }) => knownValues(value));
  const users = listIn(model.bindingsByRole, role).flatMap(({ token }) =>
    token.subject.is === "known" && !written.includes(token.subject.value) ? [token.subject.value] : [],
  );
  const [user] = users;
  if (users.length === 1) return user;
  const bare = seen.trim().replace(/^system:serviceaccount(?:s(?=:))?:?/i, "");
  const parts = bare.split(/[:/]/);
  const [namespace, name] = texts(parts);
  const rewritten = `system:serviceaccount:${namespace}:${name}`.toLowerCase().replaceAll("_", "-");
  const accounts = model.serviceAccounts.flatMap((each) =>
    each.namespace.is === "known" && each.name.is === "known"
      ? [`system:serviceaccount:${each.namespace.value}:${each.name.value}`]
      : [],
  );
  if (accounts.includes(rewritten)) return rewritten;
  const near = nearest(seen, accounts);
  if (near !== undefined && leaves.length === 1) return near;
  return parts.length <= 2 && gradesOf(rewritten).size > 0 && !isTooLong(rewritten) ? rewritten : undefined;
}
