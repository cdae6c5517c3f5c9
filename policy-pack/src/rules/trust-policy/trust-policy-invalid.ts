import { listIn, texts } from "../../facts/lists";
import { capital, enumerate, quote } from "../../facts/words";
import type { Flaw } from "../../iam/document";
import { trustFaults } from "../../model/trust";
import { placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly flaw: Flaw;
  /** Other places with the same fault. */
  readonly more: number;
  /** What stands at these places, and what belongs there: names of elements or of operators that IAM does not know. */
  readonly names: readonly Pick<Flaw, "seen" | "needed">[];
  /** True for a statement that says what may be done instead of who may assume the role. */
  readonly isPermission: boolean;
}

export default defineRule<Data>({
  id: "trust-policy-invalid",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "The trust policy of a role for pods is a document that IAM accepts.",
  why: 'IAM refuses the role when it is made: "MalformedPolicyDocument".',
  articleStep: 3,
  decidesEarly: true,
  references: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"],
  *check(model) {
    for (const { role, flaws } of trustFaults(model)) {
      for (const [first, ...others] of grouped(flaws)) {
        if (!first) continue;
        yield {
          verdict: "violation",
          at: placeIn(role, first.path),
          related: [],
          // That IAM refuses a key that stands twice is not documented; one of the two values is lost in any case.
          ...(first.kind === "duplicate-key" ? { level: "advisory" as const } : {}),
          data: {
            role: role.title,
            flaw: first,
            more: others.length,
            names: [first, ...others].map(({ seen, needed }) => ({ seen, needed })),
            isPermission: isMissingPrincipal(first) && others.length > 0,
          },
        };
      }
    }
  },
  explain: ({ role, flaw, more, names, isPermission }) => {
    const who = capital(role);
    const place = flaw.path === "" ? "its trust policy" : `${flaw.path} of its trust policy`;
    if (isPermission) {
      return {
        says: `${who} has a permission where its trust policy belongs: ${statementOf(flaw.path)} has a Resource or other actions and no Principal.`,
        why: 'IAM refuses the role when it is made: "MalformedPolicyDocument: Has prohibited field Resource".',
        fix: "Move the statement into a policy of the role, and trust the OIDC provider in its place: Principal.Federated and sts:AssumeRoleWithWebIdentity.",
      };
    }
    switch (flaw.kind) {
      case "not-json":
        return {
          says: `${who} has a trust policy that is no JSON: ${quote(flaw.seen)}.`,
          fix: "Write the policy as an object and hand it over with pulumi.jsonStringify.",
        };
      case "stringified-output":
        return {
          says: `${who} has text that a program made of an Output in ${place}${more > 0 ? ` and at ${more} more places` : ""}: ${quote(flaw.seen)}.`,
          why: 'IAM refuses the role when it is made, or STS refuses every pod: "Not authorized to perform sts:AssumeRoleWithWebIdentity".',
          fix: "Build the whole policy with pulumi.jsonStringify, or the text with pulumi.interpolate, so that the value itself is written.",
        };
      case "duplicate-key":
        return {
          says: `${who} has the key ${quote(flaw.seen)} twice in one object, at ${place}; only the last one counts.`,
          why: "A parser keeps one of the two values, so a condition is lost without a word, or IAM refuses the document.",
          fix: `Put the values of both into one list under ${quote(flaw.seen)}.`,
        };
      case "missing-element":
        return {
          says: `${who} lacks an element in its trust policy: ${flaw.needed}.`,
          fix: `Add ${flaw.needed}${flaw.path.includes(".") ? `, at ${flaw.path}` : ""}.`,
        };
      default:
        if (isArguments(names, flaw))
          return {
            says: `${who} has ${enumerate(names.map(({ seen }) => quote(seen)))} in its trust policy: the arguments or the result of getPolicyDocument stand where its JSON belongs.`,
            fix: "Hand over the property json of what aws.iam.getPolicyDocumentOutput gives.",
          };
        if (more > 0)
          return {
            says: `${who} has ${enumerate(names.map(({ seen }) => quote(seen)))} in ${placeOf(flaw)}, where IAM takes ${enumerate([...new Set(names.map(({ needed }) => needed))])}.`,
            fix: `Write ${enumerate([...new Set(names.map(({ needed }) => needed))])}.`,
          };
        return {
          says: `${who} has ${shown(flaw.seen)} in ${place}, where IAM takes ${flaw.needed}.`,
          fix: fixOf(flaw),
        };
    }
  },
});

/**
 * Outputs turned into text come from one mistake, and so do the flaws of a permission that stands as a trust policy, and
 * the names in one object that IAM does not know.
 */
function grouped(flaws: readonly Flaw[]): readonly (readonly Flaw[])[] {
  const groups = new Map<string, Flaw[]>();
  const permissions = new Set(flaws.filter(isMissingPrincipal).map(({ path }) => statementOf(path)));
  for (const flaw of flaws) {
    const statement = statementOf(flaw.path);
    const permission = permissions.has(statement) && isOfPermission(flaw);
    const place = isName(flaw) ? parentOf(flaw) : flaw.path;
    const key = flaw.kind === "stringified-output" ? flaw.kind : permission ? statement : `${flaw.kind} ${place}`;
    groups.set(key, [...listIn(groups, key), flaw]);
  }
  return [...groups.values()].map((group) => group.sort(byPath));
}

/**
 * The keys of an object have no order that counts, so the finding must not follow it. A missing principal explains the rest,
 * and a short path is easier to find than a long one.
 */
function byPath(one: Flaw, other: Flaw): number {
  const missing = Number(isMissingPrincipal(other)) - Number(isMissingPrincipal(one));
  const longer = isName(one) && isName(other) ? 0 : one.path.length - other.path.length;
  if (missing !== 0 || longer !== 0) return missing === 0 ? longer : missing;
  return one.path < other.path ? -1 : Number(one.path > other.path);
}

function isName({ kind }: Flaw): boolean {
  return kind === "unknown-element" || kind === "unknown-operator";
}

/** The object in which a name stands; the paths of names end in `.name` or `["name"]`. */
function parentOf({ path, seen }: Flaw): string {
  const quoted = `[${JSON.stringify(seen)}]`;
  const length = path.endsWith(quoted) ? quoted.length : seen.length + 1;
  return path.slice(0, Math.max(0, path.length - length));
}

function placeOf(flaw: Flaw): string {
  const parent = parentOf(flaw);
  return parent === "" ? "its trust policy" : `${parent} of its trust policy`;
}

/** The names that getPolicyDocument takes and gives, in the place of those of a policy. */
function isArguments(names: Data["names"], flaw: Flaw): boolean {
  const seen = new Set(names.map((each) => each.seen));
  return flaw.kind === "unknown-element" && parentOf(flaw) === "" && (seen.has("statements") || seen.has("json"));
}

function shown(seen: string): string {
  return seen === "an object" || seen === "a list" ? seen : quote(seen);
}

/** What is needed may come with its reason, after a colon. */
function fixOf({ needed, path }: Flaw): string {
  if (needed.startsWith("nothing")) return `Remove ${path}.`;
  const [, text] = /^("[^"]*"): /.exec(needed) ?? [];
  return text === undefined ? `Write ${needed}.` : `Write ${text} in its place.`;
}

function isMissingPrincipal({ kind, path }: Flaw): boolean {
  return kind === "missing-element" && path.endsWith(".Principal");
}

function isOfPermission(flaw: Flaw): boolean {
  return (
    isMissingPrincipal(flaw) ||
    (flaw.kind === "element-not-allowed" && /\.(?:Not)?Resource$/.test(flaw.path)) ||
    flaw.kind === "unknown-action"
  );
}

function statementOf(path: string): string {
  return texts(path.split(".", 1))[0];
}
