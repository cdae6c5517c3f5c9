import fc from "fast-check";
import { absent, known, unknown, type Fact } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Decision, Request } from "../../policy-pack/src/iam/decision";
import type { PolicyDocument, Statement } from "../../policy-pack/src/iam/document";
import { evaluate } from "../../policy-pack/src/iam/evaluate";
import { allows } from "../../policy-pack/src/iam/identity";
import { parsePolicyDocument } from "../../policy-pack/src/iam/parse";
import { admits } from "../../policy-pack/src/iam/web-identity";
import { objection } from "./reference/compare";
import {
  ASKED_ACTIONS,
  conditionDocuments,
  identityDocuments,
  NOTHING_HIDDEN,
  trustDocuments,
} from "./reference/documents";
import { decide, decideAll, type ReferenceDecision } from "./reference/evaluate";
import { filled, shown, WAYS, type Tree } from "./reference/leaf";
import { fields, listed, type Json, type ReferenceRequest } from "./reference/request";
import {
  contexts,
  identityRequests,
  resourcesAround,
  tokens,
  trustRequests,
  uncertainRequests,
  WEB_IDENTITY_KEYS,
  type Uncertain,
} from "./reference/requests";
import type { Answers } from "./reference/worlds";

/**
 * The evaluator against a second one, written from the IAM User Guide alone (./reference), on generated documents.
 * FUZZ_RUNS takes more than these; PROPERTY_SEED takes others.
 */
const DOCUMENTS = { numRuns: Number(process.env["FUZZ_RUNS"] ?? 1000) };
const UNKNOWN: Value = { $unknown: true };
const SOME_HIDDEN = { leaves: 12, elements: 6, statements: 6 };
const MUCH_HIDDEN = { leaves: 25, elements: 10, statements: 0 };

function read(document: Json, kind: "trust" | "identity"): PolicyDocument {
  const fact = parsePolicyDocument(known(document), { kind });
  if (fact.is !== "known") throw new Error("a document that is given was not read");
  return fact.value;
}

function requestOf({ action, principal, resource, context }: ReferenceRequest): Request {
  return {
    action,
    ...(principal ? { principal: { type: principal.type, value: known(principal.value) } } : {}),
    ...(resource === undefined ? {} : { resource: known(resource) }),
    context: Object.fromEntries(Object.entries(context).map(([key, values]) => [key, known(values)])),
  };
}

/** The document with the named statement alone, as an Allow: it must be one that applies. */
function alone(document: Json, statement: Statement): Json {
  const found = listed(fields(document)["Statement"])[statement.index];
  return { ...fields(document), Statement: [{ ...fields(found), Effect: "Allow" }] };
}

function expectAgreement(decision: Decision, document: Json, request: ReferenceRequest): void {
  expect(objection(decision.answer, [decide(document, request)], "all")).toBeUndefined();
  const named = decision.answer === "allow" ? decision.by : decision.answer === "deny" ? decision.explicit : undefined;
  if (named) expect(decide(alone(document, named), request)).toContain("allow");
}

describe("documents and requests of which all is known", () => {
  test("a trust policy decides as the reference evaluator does", () => {
    fc.assert(
      fc.property(trustDocuments(NOTHING_HIDDEN), trustRequests, (tree, request) => {
        const document = filled(tree, 0);
        expectAgreement(evaluate(read(document, "trust"), requestOf(request)), document, request);
      }),
      DOCUMENTS,
    );
  });

  test("conditions decide as those of the reference evaluator do", () => {
    fc.assert(
      fc.property(conditionDocuments(NOTHING_HIDDEN), trustRequests, (tree, request) => {
        const document = filled(tree, 0);
        expectAgreement(evaluate(read(document, "trust"), requestOf(request)), document, request);
      }),
      DOCUMENTS,
    );
  });

  test("an identity policy decides on a resource as the reference evaluator does", () => {
    fc.assert(
      fc.property(identityDocuments(NOTHING_HIDDEN), identityRequests, (tree, request) => {
        const document = filled(tree, 0);
        expectAgreement(evaluate(read(document, "identity"), requestOf(request)), document, request);
      }),
      DOCUMENTS,
    );
  });
});

/** The request as it may be known before: the parts that are not are the same as in none of its ways to turn out. */
function uncertainRequestOf({ action, principal, known: certain, unknown: open, maybe }: Uncertain): Request {
  return {
    action,
    principal: {
      type: "Federated",
      value: principal.hidden ? unknown() : known(principal.ways[0] ?? ""),
      ...(principal.hidden ? { canBe: (text) => principal.ways.includes(text) } : {}),
    },
    context: {
      ...Object.fromEntries(Object.entries(certain).map(([key, values]) => [key, known(values)])),
      ...Object.fromEntries(open.map((key) => [key, unknown()])),
    },
    unknownKeys: (key) => maybe.some((each) => each.toLowerCase() === key.toLowerCase()),
  };
}

describe("documents and requests of which a part is unknown", () => {
  test("what is certain of a trust policy is right however the unknown parts turn out", () => {
    fc.assert(
      fc.property(trustDocuments(SOME_HIDDEN), uncertainRequests, (tree, uncertain) => {
        const { answer } = evaluate(read(shown(tree, UNKNOWN), "trust"), uncertainRequestOf(uncertain));
        const cases = WAYS.map((way) => decide(filled(tree, way), uncertain.turnsOut(way)));
        expect(objection(answer, cases, "some")).toBeUndefined();
      }),
      DOCUMENTS,
    );
  });

  test("what is certain of conditions is right however the unknown parts turn out", () => {
    fc.assert(
      fc.property(conditionDocuments(MUCH_HIDDEN), uncertainRequests, (tree, uncertain) => {
        const { answer } = evaluate(read(shown(tree, UNKNOWN), "trust"), uncertainRequestOf(uncertain));
        const cases = WAYS.map((way) => decide(filled(tree, way), uncertain.turnsOut(way)));
        expect(objection(answer, cases, "some")).toBeUndefined();
      }),
      DOCUMENTS,
    );
  });

  test("what is certain of a token before STS has seen it is right whatever else the call carries", () => {
    fc.assert(
      fc.property(trustDocuments(SOME_HIDDEN), tokens, contexts(WEB_IDENTITY_KEYS), (tree, token, carried) => {
        const { answer } = admits(read(shown(tree, UNKNOWN), "trust"), token.before);
        const cases = WAYS.map((way) => decide(filled(tree, way), token.request(way, carried)));
        expect(objection(answer, cases, "some")).toBeUndefined();
      }),
      DOCUMENTS,
    );
  });
});

describe("what a role may do", () => {
  const policies = fc.record({
    trees: fc.array(identityDocuments(NOTHING_HIDDEN), { maxLength: 2 }),
    boundary: fc.option(identityDocuments(NOTHING_HIDDEN), { nil: undefined, freq: 3 }),
    holes: fc.array(identityDocuments(SOME_HIDDEN), { maxLength: 1 }),
    others: fc.array(contexts(), { minLength: WAYS.length, maxLength: WAYS.length }),
  });

  const factOf = (tree: Tree | undefined): Fact<PolicyDocument> =>
    tree === undefined ? absent : known(read(shown(tree, UNKNOWN), "identity"));

  test("an action on a resource is allowed or denied for sure only where it is so in every context", () => {
    fc.assert(
      fc.property(policies, identityRequests, ({ trees, boundary, holes, others }, { action, resource = "" }) => {
        const all = [...trees, ...holes];
        const { answer } = allows(all.map(factOf), factOf(boundary), action, resource);
        const cases = WAYS.map((way) =>
          decideAll(
            all.map((tree) => filled(tree, way)),
            boundary && filled(boundary, way),
            { action, resource, context: others[way] ?? {} },
          ),
        );
        expect(objection(answer, cases, "some")).toBeUndefined();
      }),
      DOCUMENTS,
    );
  });

  test("an action is denied for sure only where it is denied on every resource, and allowed where it is on one", () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...ASKED_ACTIONS), ({ trees, boundary, others }, action) => {
        const { answer } = allows(trees.map(factOf), factOf(boundary), action);
        const documents = trees.map((tree) => filled(tree, 0));
        const limit = boundary && filled(boundary, 0);
        const resources = resourcesAround([...documents, limit ?? {}]);
        const cases = others
          .slice(2)
          .map((context) =>
            onSome(resources.map((resource) => decideAll(documents, limit, { action, resource, context }))),
          );
        expect(objection(answer, cases, "some")).toBeUndefined();
      }),
      { numRuns: DOCUMENTS.numRuns / 2 },
    );
  });
});

/** The decision on "some resource", given those on each. */
function onSome(each: readonly Answers<ReferenceDecision>[]): Answers<ReferenceDecision> {
  if (each.some((answers) => !answers.includes("deny"))) return ["allow"];
  return each.some((answers) => answers.includes("allow")) ? ["allow", "deny"] : ["deny"];
}
