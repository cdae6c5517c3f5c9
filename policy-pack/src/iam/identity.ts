import { known, knownValue, knownValueOr, knownValues, mapFact, type Fact } from "../facts/fact";
import type { Decision, Request } from "./decision";
import type { PolicyDocument, Statement } from "./document";
import { weigh, type Weighed } from "./evaluate";
import { coversAction } from "./trust-statements";
import { and, not, or, type Truth } from "./truth";

/** Whether a role's own policies allow an action. */
export interface Permission {
  readonly answer: Decision["answer"];
  /** The Deny that forbids it, the Allow that grants it, or undefined. */
  readonly by: Statement | undefined;
  /** For a deny without a Deny statement: whether no policy grants the action, or the boundary takes it away. */
  readonly lacking: "policy" | "boundary" | undefined;
}

/**
 * Whether identity policies allow an action, on one resource or (resource undefined) on some resource.
 *
 * @param documents All policies of the role. An absent one is a policy whose content is not to be had (an AWS-managed
 *   policy that this stack only names), so it counts as unknown; no documents at all allow nothing.
 * @param boundary The permissions boundary; absent when the role has none.
 */
export function allows(
  documents: readonly Fact<PolicyDocument>[],
  boundary: Fact<PolicyDocument>,
  action: string,
  resource?: string,
): Permission {
  if (resource !== undefined) return decide(documents, boundary, requestFor(action, resource));
  const candidates = ["*", ...[...documents, boundary].flatMap((each) => resourcesOf(each, action))];
  const answers = candidates.map((candidate) => decide(documents, boundary, requestFor(action, candidate)));
  const allowed = answers.find(({ answer }) => answer === "allow");
  if (allowed) return allowed;
  const blanket = decide(keep(documents, coversAll), keepIn(boundary, coversAll), requestFor(action, undefined));
  if (blanket.answer === "deny" && blanket.by) return blanket;
  // Leaving resources and Deny statements aside makes Allow wider: what is not granted even so is granted nowhere.
  const widest = decide(keep(documents, mayAllow), keepIn(boundary, mayAllow), requestFor(action, undefined));
  return widest.answer === "deny" ? widest : { answer: "unknown", by: undefined, lacking: undefined };
}

function decide(
  documents: readonly Fact<PolicyDocument>[],
  boundary: Fact<PolicyDocument>,
  request: Request,
): Permission {
  const weighed = documents.map((document) => weighFact(document, request));
  const limit = boundary.is === "absent" ? undefined : weighFact(boundary, request);
  const granted = weighed.reduce<Truth>((truth, each) => or(truth, each.allow), false);
  const all = limit ? [...weighed, limit] : weighed;
  const denied = all.reduce<Truth>((truth, each) => or(truth, each.deny), false);
  const deniedBy = all.find(({ deny }) => deny === true)?.deniedBy;
  const within: Truth = limit ? limit.allow : true;
  const allowed = and(not(denied), and(granted, within));
  if (allowed === true)
    return { answer: "allow", by: weighed.find(({ allow }) => allow === true)?.allowedBy, lacking: undefined };
  if (allowed === undefined) return { answer: "unknown", by: undefined, lacking: undefined };
  if (denied === true) return { answer: "deny", by: deniedBy, lacking: undefined };
  return { answer: "deny", by: undefined, lacking: granted === false ? "policy" : "boundary" };
}

type Sides = Pick<Weighed, "allow" | "deny" | "allowedBy" | "deniedBy">;

function weighFact(document: Fact<PolicyDocument>, request: Request): Sides {
  if (document.is === "known") return weigh(document.value, request);
  return { allow: undefined, deny: undefined, allowedBy: undefined, deniedBy: undefined };
}

/** No key of a call that has not been made is known. */
function requestFor(action: string, resource: string | undefined): Request {
  return {
    action,
    context: {},
    unknownKeys: () => true,
    ...(resource === undefined ? {} : { resource: known(resource) }),
  };
}

/**
 * The resource patterns of the statements on an action, each as an example of itself: what a Resource covers may be allowed, and
 * what a NotResource leaves out may be all that a Deny spares.
 */
function resourcesOf(document: Fact<PolicyDocument>, action: string): readonly string[] {
  const statements =
    document.is === "known" ? document.value.statements.filter((each) => coversAction(each, action) !== false) : [];
  return statements.flatMap(({ resources, notResources }) =>
    [resources, notResources].flatMap((fact) => knownValueOr(fact, []).flatMap(({ value }) => knownValues(value))),
  );
}

function keep(
  documents: readonly Fact<PolicyDocument>[],
  wanted: (statement: Statement) => boolean,
): readonly Fact<PolicyDocument>[] {
  return documents.map((document) => keepIn(document, wanted));
}

function keepIn(document: Fact<PolicyDocument>, wanted: (statement: Statement) => boolean): Fact<PolicyDocument> {
  return mapFact(document, (value) => ({ ...value, statements: value.statements.filter(wanted) }));
}

function mayAllow({ effect }: Statement): boolean {
  return effect.is === "unknown" || knownValue(effect) === "Allow";
}

/** A Deny on `"*"` is one on every resource; of what another pattern leaves out, nobody knows whether it exists. */
function coversAll({ resources }: Statement): boolean {
  return knownValueOr(resources, []).some(({ value }) => knownValue(value) === "*");
}
