/** How far one subject pattern, or a whole trust policy, reaches. Each grade includes those before it. */
export type Grade = (typeof GRADES)[number];

/** From narrow to wide: one account; accounts of like names in one namespace; a namespace; several namespaces; everyone. */
export const GRADES = ["exact", "name-family", "namespace", "several-namespaces", "everyone"] as const;

const PREFIX = "system:serviceaccount:";
const LONGEST = PREFIX.length + 63 + 1 + 253;
const NAMESPACE_STATE = PREFIX.length;
const NAME_STATE = NAMESPACE_STATE + 4;
const STATES = NAME_STATE + 16;
/** How the characters of a namespace or name came about. */
const LITERAL = 1;
const WILD = 2;

interface Reached {
  readonly from: number;
  readonly emitted: string;
}

/**
 * The grades at which a StringLike pattern fits subjects, each with a subject that it fits: `system:serviceaccount:shop:*`
 * has `namespace` with `system:serviceaccount:shop:zzprobe`. Empty when it fits no subject that Kubernetes can issue.
 *
 * The pattern is run, as the automaton that it is, against the shape of a subject, noting whether the characters of
 * namespace and name stem from the pattern or from a wildcard. So a star that spans a colon is seen for what it is.
 */
export function gradesOf(pattern: string): ReadonlyMap<Grade, string> {
  const text = pattern.replace(/\*+/g, "*");
  if (text.replaceAll("*", "").length > LONGEST) return new Map();
  const reached = new Map<number, Reached>();
  const queue = [0];
  const grades = new Map<Grade, string>();
  // The queue grows while it is walked; nothing is ever taken off it.
  for (const code of queue) {
    const at = Math.floor(code / STATES);
    const state = code % STATES;
    const grade = at === text.length ? gradeOf(state) : undefined;
    if (grade && !grades.has(grade)) grades.set(grade, trace(code, reached));
    for (const [next, emitted] of steps(text, at, state)) {
      if (reached.has(next)) continue;
      reached.set(next, { from: code, emitted });
      queue.push(next);
    }
  }
  return grades;
}

type Step = readonly [code: number, emitted: string];

function steps(text: string, at: number, state: number): readonly Step[] {
  const character = text[at];
  if (character === undefined) return [];
  if (character === "*") return [[(at + 1) * STATES + state, ""], ...consume(undefined, at, state, WILD)];
  // A question mark fixes the length, so it is not as wide as a star: part pattern, part wildcard.
  return character === "?"
    ? consume(undefined, at + 1, state, LITERAL | WILD)
    : consume(character, at + 1, state, LITERAL);
}

/** Takes one character of the subject, a given one or (undefined) any. */
function consume(character: string | undefined, at: number, state: number, kind: number): readonly Step[] {
  const go = (next: number, emitted: string): Step => [at * STATES + next, emitted];
  if (state < NAMESPACE_STATE) {
    const wanted = PREFIX[state] ?? "";
    return character === undefined || character === wanted ? [go(state + 1, wanted)] : [];
  }
  const emitted = character ?? (kind === WILD ? "zzprobe" : "z");
  if (state < NAME_STATE) {
    const seen = state - NAMESPACE_STATE;
    const label = /[a-z0-9-]/.test(emitted) ? [go(NAMESPACE_STATE + (seen | kind), emitted)] : [];
    const colon = seen > 0 && (character === undefined || character === ":") ? [go(NAME_STATE + seen * 4, ":")] : [];
    return [...label, ...colon];
  }
  return /[a-z0-9.-]/.test(emitted) ? [go(NAME_STATE + ((state - NAME_STATE) | kind), emitted)] : [];
}

function gradeOf(state: number): Grade | undefined {
  if (state < NAME_STATE) return undefined;
  const namespace = (state - NAME_STATE) >> 2;
  const name = (state - NAME_STATE) & 3;
  if (name === 0) return undefined;
  if (namespace === WILD && name === WILD) return "everyone";
  if (namespace !== LITERAL) return "several-namespaces";
  if (name === WILD) return "namespace";
  return name === LITERAL ? "exact" : "name-family";
}

function trace(code: number, reached: ReadonlyMap<number, Reached>): string {
  const parts: string[] = [];
  for (let step = reached.get(code); step !== undefined; step = reached.get(step.from)) parts.push(step.emitted);
  return parts.reverse().join("");
}
