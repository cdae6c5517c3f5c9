import { all, any, combine, EITHER, negated, type Answers } from "./worlds";
import { meets } from "./condition";
import { matches, placesOf, type Place } from "./pattern";
import { contextOf, fields, listed, texts, type Context, type Json, type ReferenceRequest } from "./request";

type Fields = { readonly [key: string]: Json };
type Caller = NonNullable<ReferenceRequest["principal"]>;

export type ReferenceDecision = "allow" | "deny";

/** How each of the statements of a document is found to be about the request. */
interface Found {
  readonly effect: Json | undefined;
  readonly applies: Answers<boolean>;
}

/**
 * What IAM decides on a request by one policy document, for documents that IAM accepts: an explicit Deny, else an Allow, else
 * the implicit deny (IAM User Guide, reference_policies_evaluation-logic). Written from the guide alone; it shares no code with
 * the evaluator under test.
 */
export function decide(document: Json, request: ReferenceRequest): Answers<ReferenceDecision> {
  return decideAll([document], undefined, request);
}

/**
 * The same for all identity policies of a role and its permissions boundary: an Allow must stand in a policy and in the boundary,
 * a Deny may stand in either.
 */
export function decideAll(
  policies: readonly Json[],
  boundary: Json | undefined,
  request: ReferenceRequest,
): Answers<ReferenceDecision> {
  const granting = policies.flatMap((policy) => found(policy, request));
  const bounding = boundary === undefined ? [] : found(boundary, request);
  const having = (statements: readonly Found[], effect: string): Answers<boolean> =>
    any(statements.filter((statement) => statement.effect === effect).map((statement) => statement.applies));
  const questions = [
    having([...granting, ...bounding], "Deny"),
    having(granting, "Allow"),
    boundary === undefined ? [true] : having(bounding, "Allow"),
  ];
  return combine(questions, ([denied, allowed, within]) => (!denied && allowed && within ? "allow" : "deny"));
}

function found(document: Json, request: ReferenceRequest): readonly Found[] {
  const { Version, Statement } = fields(document);
  const context = contextOf(request.context);
  // "If you don't include the Version element and set it to an appropriate version date, variables are treated as literal strings."
  const variables = Version === "2012-10-17" ? context : undefined;
  return listed(Statement).map((each) => {
    const statement = fields(each);
    return {
      effect: statement["Effect"],
      applies: all([
        [isAboutAction(statement, request.action)],
        isAboutPrincipal(statement, request),
        isAboutResource(statement, request.resource, variables),
        meetsConditions(statement["Condition"], context, variables),
      ]),
    };
  });
}

/** "The prefix and the action name are case insensitive." */
function isAboutAction({ Action, NotAction }: Fields, action: string): boolean {
  const names = (value: Json | undefined): boolean =>
    texts(value).some((text) => matches(placesOf(text.toLowerCase(), undefined) ?? [], action.toLowerCase()));
  return NotAction === undefined ? names(Action) : !names(NotAction);
}

/** "You cannot use a wildcard to match part of a principal name or ARN" (reference_policies_elements_principal). */
function isAboutPrincipal(statement: Fields, { principal }: ReferenceRequest): Answers<boolean> {
  if (!principal) return [true];
  const names = (value: Json): Answers<boolean> => {
    if (value === "*") return [true];
    const named = Object.entries(fields(value)).flatMap(([type, ids]) => texts(ids).map((id) => ({ type, id })));
    return any(named.map(({ type, id }) => namesCaller(type, id, principal)));
  };
  const { Principal, NotPrincipal } = statement;
  return NotPrincipal === undefined ? names(Principal ?? {}) : negated(names(NotPrincipal));
}

function namesCaller(type: string, id: string, caller: Caller): Answers<boolean> {
  // "For anonymous users", says the guide, `"*"` and `{"AWS": "*"}` are the same. It does not say so for federated ones.
  if (type === "AWS" && id === "*" && caller.type !== "AWS") return EITHER;
  if (type !== caller.type) return [false];
  // "The account ARN and the shortened account ID behave the same way": both stand for all principals of the account.
  const account = type === "AWS" ? caller.value.split(":")[4] : undefined;
  const whole = account === undefined ? [] : [account, `arn:aws:iam::${account}:root`];
  return [["*", caller.value, ...whole].includes(id)];
}

function isAboutResource(
  { Resource, NotResource }: Fields,
  resource: string | undefined,
  variables: Context | undefined,
): Answers<boolean> {
  if (resource === undefined) return [true];
  const names = (value: Json | undefined): Answers<boolean> =>
    any(texts(value).map((text) => coversResource(text, resource, variables)));
  return NotResource === undefined ? names(Resource) : negated(names(NotResource));
}

/**
 * "You can use wildcard characters within the individual segments of an ARN (the parts separated by colons). If the `*` wildcard
 * is the last character of a segment, it can expand to match beyond the colon boundaries." Whether another wildcard stays within
 * its segment is not said outright: where that makes a difference, both answers stand.
 */
function coversResource(text: string, resource: string, variables: Context | undefined): Answers<boolean> {
  const pattern = placesOf(text, variables);
  if (!pattern || !matches(pattern, resource)) return [false];
  const endsSegment = (after: readonly Place[]): boolean => after[0] === undefined || isColon(after[0]);
  return matches(pattern, resource, (letter, after) => letter !== ":" || endsSegment(after)) ? [true] : EITHER;
}

function isColon(place: Place): boolean {
  return typeof place === "object" && place.letter === ":";
}

/** Operators and keys are all required ("evaluated using a logical AND"). */
function meetsConditions(block: Json | undefined, context: Context, variables: Context | undefined): Answers<boolean> {
  const lines = Object.entries(fields(block)).flatMap(([operator, keys]) =>
    Object.entries(fields(keys)).map(([key, value]) => ({ operator, key, values: texts(value) })),
  );
  return all(lines.map((line) => meets(line, context, variables)));
}
