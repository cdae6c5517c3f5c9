import type { Grant, RoleGrants } from "./grants";

/** What a role allows now and did not before. */
interface Wider {
  readonly role: string;
  readonly kind: "trust" | "permissions";
  readonly says: string;
}

export interface TrustDiff {
  readonly wider: readonly Wider[];
  /** What cannot be compared, since a side of it is not known. */
  readonly unknown: readonly string[];
}

/** Compares by logical name. A role that was not there before is wider by all that it allows. */
export function compareGrants(before: readonly RoleGrants[], after: readonly RoleGrants[]): TrustDiff {
  const wider: Wider[] = [];
  const unknown: string[] = [];
  for (const now of after) {
    const was = before.find(({ role }) => role === now.role);
    unknown.push(...[...now.unknown, ...(was?.unknown ?? [])].map((what) => `${now.role}: ${what} is not known yet`));
    const compare = (kind: Wider["kind"], old: readonly Grant[] | undefined, current: readonly Grant[] | undefined) => {
      if (current === undefined || (was !== undefined && old === undefined)) return;
      const words = kind === "trust" ? admissionWords : permissionWords;
      wider.push(...widerThan(old ?? [], current, words).map((says) => ({ role: now.role, kind, says })));
    };
    compare("trust", was?.trust, now.trust);
    compare("permissions", was?.permissions, now.permissions);
  }
  return { wider, unknown: [...new Set(unknown)] };
}

function widerThan(old: readonly Grant[], now: readonly Grant[], words: (grant: Grant) => string): readonly string[] {
  const allowedBefore = old.filter(({ effect }) => effect === "Allow");
  const deniedNow = now.filter(({ effect }) => effect === "Deny");
  const gained = now
    .filter(({ effect }) => effect === "Allow")
    .filter((grant) => !allowedBefore.some((each) => covers(each, grant)))
    .map((grant) => `now allows ${words(grant)}`);
  const freed = old
    .filter(({ effect }) => effect === "Deny")
    .filter((grant) => !deniedNow.some((each) => covers(each, grant)))
    .map((grant) => `no longer refuses ${words(grant)}`);
  return [...gained, ...freed];
}

/** Does all that `inner` speaks of also fall under `outer`? In doubt it says no: then the difference is shown. */
function covers(outer: Grant, inner: Grant): boolean {
  if (outer.subject.length !== inner.subject.length) return false;
  const subject = outer.subject.every((pattern, index) => patternCovers(pattern, inner.subject[index] ?? "", true));
  return subject && [...outer.conditions].every(([key, values]) => conditionImplied(key, values, inner.conditions));
}

/** A condition of the wider grant holds whenever those of the narrower do. */
function conditionImplied(key: string, values: readonly string[], inner: Grant["conditions"]): boolean {
  const [operator = "", ...rest] = key.split(" ");
  if (operator.includes("Not")) return values.every((value) => inner.get(key)?.includes(value) ?? false);
  const narrower = [operator, ...(operator === "StringLike" ? ["StringEquals"] : [])].flatMap(
    (each) => inner.get([each, ...rest].join(" ")) ?? [],
  );
  if (narrower.length === 0) return false;
  const like = operator.endsWith("Like");
  return narrower.every((value) =>
    values.some((pattern) => (like ? patternCovers(pattern, value, false) : pattern === value)),
  );
}

/** Every text of `inner` is one of `outer`. Wildcards of `inner` are characters that only a wildcard of `outer` covers. */
function patternCovers(outer: string, inner: string, ignoreCase: boolean): boolean {
  const [a, b] = ignoreCase ? [outer.toLowerCase(), inner.toLowerCase()] : [outer, inner];
  // The positions in `b` that the part of `a` read so far can end at.
  let reached: ReadonlySet<number> = new Set([0]);
  for (const character of a) {
    const next = new Set<number>();
    for (const index of reached) {
      if (character === "*") for (let end = index; end <= b.length; end += 1) next.add(end);
      else if (index < b.length && (character === b[index] || (character === "?" && b[index] !== "*")))
        next.add(index + 1);
    }
    reached = next;
  }
  return reached.has(b.length);
}

function admissionWords({ subject: [principal = ""], conditions }: Grant): string {
  const who = principal === "*" ? "anyone" : principal.replace(/^(Federated|AWS|Service) /, "");
  const subjects = [...conditions].filter(([key]) => key.endsWith(":sub")).flatMap(([, values]) => values);
  const others = [...conditions].filter(([key]) => !key.endsWith(":sub"));
  const accounts = subjects.map((value) => value.replace(/^system:serviceaccount:([^:]+):/, "$1/")).join(" or ");
  const whose =
    subjects.length > 0
      ? `pods of ServiceAccount ${accounts} of ${who}`
      : `whoever has a token or credentials of ${who}`;
  const what = principal.startsWith("Federated") ? whose : who;
  return `${what} to assume it${conditionWords(others)}`;
}

function permissionWords({ subject: [action = "", resource = ""], conditions }: Grant): string {
  const what = action === "policy" ? `all that ${resource} allows` : `${action} on ${resource}`;
  return `${what}${conditionWords([...conditions])}`;
}

function conditionWords(conditions: readonly (readonly [string, readonly string[]])[]): string {
  if (conditions.length === 0) return "";
  return `, if ${conditions.map(([key, values]) => `${key} is ${values.join(" or ")}`).join(" and ")}`;
}
