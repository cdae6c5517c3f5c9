/**
 * `aws.iam.getPolicyDocument`, computed as terraform-provider-aws does (internal/service/iam/policy_document_data_source.go
 * and policy_model.go), down to its order of keys and lists: users compare the JSON, and rules read it.
 */
import { digits } from "../hash";
import { fields, isList, isMap, isSet, items, plain, scalar, text, type Value, type ValueMap } from "../values";
import { goJson } from "./policy-text";

interface PolicyDocument {
  readonly version: string;
  readonly id: string;
  readonly statements: readonly Statement[];
}

/** A statement whose keys stand in the order in which they are written. */
type Statement = ValueMap;

const defaultVersion = "2012-10-17";

/**
 * The data source's result for its arguments.
 * @throws Error with the provider's message when a source is no policy document or a Sid repeats.
 */
export function policyDocument(args: ValueMap): ValueMap {
  const given = plain(args) as ValueMap;
  const version = text(given.version) ?? defaultVersion;
  const own: PolicyDocument = {
    version,
    id: text(given.policyId) ?? "",
    statements: items(given.statements).map((statement) => ownStatement(fields(statement), version)),
  };
  const sources = [...documents(given.sourceJson, "source"), ...documents(given.sourcePolicyDocuments, "source")];
  const overrides = [
    ...documents(given.overridePolicyDocuments, "override"),
    ...documents(given.overrideJson, "override"),
  ];
  refuseRepeatedSids(sources.flatMap(({ statements }) => statements));
  refuseRepeatedSids(own.statements);
  const merged = [...sources, own, ...overrides].reduce(merge, { version: "", id: "", statements: [] });
  const json = render(merged, 2);
  return { ...given, version, id: digits(10, "policy-document", json), json, minifiedJson: render(merged, 0) };
}

function ownStatement(statement: ValueMap, version: string): Statement {
  const written = (value: Value | undefined): Value | undefined => collapseList(sortedDown(items(value)));
  const replaced = (value: Value | undefined): Value | undefined => {
    const list = written(value);
    return list === undefined ? undefined : interpolate(list, version);
  };
  return omitEmpty({
    Sid: text(statement.sid),
    Effect: text(statement.effect) ?? "Allow",
    Action: written(statement.actions),
    NotAction: written(statement.notActions),
    Resource: replaced(statement.resources),
    NotResource: replaced(statement.notResources),
    Principal: principals(items(statement.principals).map(fields), version),
    NotPrincipal: principals(items(statement.notPrincipals).map(fields), version),
    Condition: conditions(items(statement.conditions).map(fields), version),
  });
}

/** The provider keeps these lists as sets and writes them in descending order. */
const sortedDown = (list: readonly Value[]): readonly Value[] =>
  [...new Set(list.map(scalar))].sort((left, right) => (left < right ? 1 : -1));

function collapseList(list: readonly Value[]): Value | undefined {
  return list.length <= 1 ? list[0] : list;
}

/** `&{aws:username}` stands for IAM's `${aws:username}`, which Terraform's own templates would swallow. */
function interpolate(value: Value, version: string): Value {
  if (isList(value)) return value.map((item) => interpolate(item, version));
  if (typeof value !== "string" || !value.includes("&{")) return value;
  if (version !== defaultVersion) {
    throw new Error(`found &{ sequence in (${value}), which is not supported in document version ${version}`);
  }
  return value.replaceAll("&{", "${");
}

function principals(list: readonly ValueMap[], version: string): Value | undefined {
  if (list.length === 0) return undefined;
  const only = list.length === 1 ? list[0] : undefined;
  if (only?.type === "*" && items(only.identifiers).length === 1 && items(only.identifiers)[0] === "*") return "*";
  const byType = new Map<string, readonly Value[]>();
  for (const { type, identifiers } of list) {
    const key = text(type) ?? "";
    byType.set(key, [...(byType.get(key) ?? []), ...sortedDown(items(identifiers))]);
  }
  return Object.fromEntries(
    [...byType].map(([type, identifiers]) => [type, interpolate(collapseList(identifiers) ?? [], version)]),
  );
}

function conditions(list: readonly ValueMap[], version: string): Value | undefined {
  if (list.length === 0) return undefined;
  const byTest = new Map<string, Map<string, readonly Value[]>>();
  for (const { test, variable, values } of list) {
    const variables = byTest.get(scalar(test)) ?? new Map<string, readonly Value[]>();
    byTest.set(scalar(test), variables);
    variables.set(scalar(variable), [...(variables.get(scalar(variable)) ?? []), ...items(values).map(scalar)]);
  }
  const written = (values: readonly Value[]): Value => interpolate(collapseList(values) ?? [], version);
  return Object.fromEntries(
    [...byTest].map(([test, variables]) => [
      test,
      Object.fromEntries([...variables].map(([variable, values]) => [variable, written(values)])),
    ]),
  );
}

function documents(value: Value | undefined, kind: "source" | "override"): readonly PolicyDocument[] {
  const texts = isList(value) ? value : isSet(value) ? [value] : [];
  return texts
    .map((item) => text(item) ?? "")
    .filter((item) => item.trim() !== "")
    .map((item, index) => parse(item, `${kind} document ${index}`));
}

function parse(json: string, which: string): PolicyDocument {
  const parsed = parseJson(json, which);
  if (!isMap(parsed)) throw new Error(`unmarshaling ${which}: a policy document must be a JSON object`);
  const statements = isMap(parsed.Statement) ? [parsed.Statement] : items(parsed.Statement);
  return {
    version: text(parsed.Version) ?? "",
    id: text(parsed.Id) ?? "",
    statements: statements.map((statement) => rewritten(fields(statement))),
  };
}

function parseJson(json: string, which: string): Value {
  try {
    return JSON.parse(json) as Value;
  } catch (error) {
    throw new Error(`unmarshaling ${which}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const statementKeys = [
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
];

/** A statement of another document in this data source's order of keys; keys it does not know are lost, as in the provider. */
const rewritten = (statement: ValueMap): Statement =>
  omitEmpty(Object.fromEntries(statementKeys.map((key) => [key, statement[key]])));

function omitEmpty(statement: Readonly<Record<string, Value | undefined>>): Statement {
  return Object.fromEntries(
    Object.entries(statement).filter((entry): entry is [string, Value] => isSet(entry[1]) && entry[1] !== ""),
  );
}

function refuseRepeatedSids(statements: readonly Statement[]): void {
  const seen = new Set<string>();
  for (const { Sid } of statements) {
    const sid = text(Sid);
    if (sid === undefined) continue;
    if (seen.has(sid)) throw new Error(`duplicate Sid (${sid}). Remove the Sid or ensure the Sid is unique.`);
    seen.add(sid);
  }
}

/** A later statement replaces an earlier one of the same Sid; the newest version and the last id win. */
function merge(earlier: PolicyDocument, later: PolicyDocument): PolicyDocument {
  const replacing = new Map(later.statements.flatMap((item) => (isSet(item.Sid) ? [[item.Sid, item] as const] : [])));
  const kept = earlier.statements.map((item) => (isSet(item.Sid) ? (replacing.get(item.Sid) ?? item) : item));
  const added = later.statements.filter(
    (item) => !isSet(item.Sid) || !earlier.statements.some(({ Sid }) => Sid === item.Sid),
  );
  return {
    version: later.version > earlier.version ? later.version : earlier.version,
    id: later.id === "" ? earlier.id : later.id,
    statements: [...kept, ...added],
  };
}

/** Version, Id and Statement in this order, statements in theirs; inside principals and conditions keys are sorted. */
function render({ version, id, statements }: PolicyDocument, indent: number): string {
  const ordered = {
    ...(version === "" ? {} : { Version: version }),
    ...(id === "" ? {} : { Id: id }),
    ...(statements.length === 0 ? {} : { Statement: statements.map(sortNested) }),
  };
  return goJson(ordered, { indent, sort: false });
}

const sortNested = (statement: Statement): Statement =>
  Object.fromEntries(Object.entries(statement).map(([key, value]) => [key, JSON.parse(goJson(value)) as Value]));
