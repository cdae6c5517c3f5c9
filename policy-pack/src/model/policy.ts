import { mapFact, type Fact } from "../facts/fact";
import type { Value } from "../facts/value";
import type { Condition, PolicyDocument, Principal, Statement } from "../iam/document";
import { parsePolicyDocument, type ParseOptions } from "../iam/parse";

/**
 * A policy document with the keys of its objects in one order, whatever order they are written in: IAM knows none, and a
 * finding that names the first condition of several must not change with it. Lists stay as they are.
 */
export function readPolicyDocument(value: Fact<Value>, options: ParseOptions): Fact<PolicyDocument> {
  return mapFact(parsePolicyDocument(value, options), (document) => ({
    ...document,
    statements: document.statements.map(inOrder),
  }));
}

function inOrder(statement: Statement): Statement {
  return {
    ...statement,
    principals: sorted(statement.principals, ({ type }: Principal) => type),
    notPrincipals: sorted(statement.notPrincipals, ({ type }: Principal) => type),
    conditions: sorted(statement.conditions, ({ operator, key }: Condition) => `${operator} ${key}`),
  };
}

function sorted<Item>(items: Fact<readonly Item[]>, keyOf: (item: Item) => string): Fact<readonly Item[]> {
  return mapFact(items, (list) =>
    list
      .map((item) => ({ item, key: keyOf(item) }))
      .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
      .map(({ item }) => item),
  );
}
