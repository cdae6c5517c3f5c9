import { absent, known, unknown, type Fact, type Urn } from "../facts/fact";
import { isList, isObject, isUnknown, own, type Value } from "../facts/value";
import type { PolicyDocument, Statement } from "./document";
import { Flaws, scanTexts, type Reading } from "./flaws";
import { readJsonText, spell } from "./json-text";
import { elementFlaws, readStatement, unknownStatement } from "./parse-statement";
import { DOCUMENT_ELEMENTS } from "./vocabulary";

export interface ParseOptions {
  /** `trust` for a role's trust policy, `identity` for what a role may do: they differ in the elements that IAM accepts. */
  readonly kind: "trust" | "identity";
  /** The resources whose creation makes unknown parts known. */
  readonly waitsFor?: readonly Urn[];
}

const VERSIONS: readonly string[] = ["2012-10-17", "2008-10-17"];

/**
 * Reads a policy document, given as JSON text or as an object (Pulumi takes both). Unknown and absent stay what they are;
 * everything else, hostile input included, is a known document whose flaws say what IAM would refuse. Never throws.
 */
export function parsePolicyDocument(value: Fact<Value>, options: ParseOptions): Fact<PolicyDocument> {
  if (value.is !== "known") return value;
  const waitsFor = options.waitsFor ?? [];
  if (isUnknown(value.value)) return unknown(waitsFor);
  const flaws = new Flaws();
  const reading: Reading = { kind: options.kind, waitsFor, flaws };
  return known(
    typeof value.value === "string" ? readText(value.value, reading) : readObject(value.value, undefined, reading),
  );
}

function readText(text: string, reading: Reading): PolicyDocument {
  const json = readJsonText(text);
  if (!json) {
    // Text that is no JSON may still show why: an Output that was turned into text is the cause, not the syntax.
    scanTexts(text, reading.flaws);
    reading.flaws.add("not-json", "", text, "a policy document as JSON");
    return emptyDocument(reading);
  }
  for (const duplicate of json.duplicates) {
    reading.flaws.add(
      "duplicate-key",
      spell(duplicate),
      duplicate.step.toString(),
      "each key once; only the last one counts",
    );
  }
  return readObject(json.value, json.size, reading);
}

function readObject(value: Value, textSize: number | undefined, reading: Reading): PolicyDocument {
  const scan = scanTexts(value, reading.flaws);
  if (!isObject(value)) {
    reading.flaws.add("wrong-shape", "", value, 'an object with "Version" and "Statement"');
    return emptyDocument(reading);
  }
  const near = elementFlaws(value, "", DOCUMENT_ELEMENTS, reading);
  const version = readVersion(own(value, "Version"), reading);
  const { statements, complete } = readStatements(own(value, "Statement"), near.has("Statement"), reading);
  const size = scan.size === undefined ? undefined : (textSize ?? scan.size);
  return { version, statements, flaws: reading.flaws.list(), complete, size };
}

function emptyDocument(reading: Reading): PolicyDocument {
  return { version: absent, statements: [], flaws: reading.flaws.list(), complete: true, size: undefined };
}

function readVersion(value: Value | undefined, reading: Reading): Fact<string> {
  if (value === undefined || value === null) return absent;
  if (isUnknown(value)) return unknown(reading.waitsFor);
  if (typeof value === "string" && VERSIONS.includes(value)) return known(value);
  reading.flaws.add("wrong-value", "Version", value, '"2012-10-17"');
  return typeof value === "string" ? known(value) : absent;
}

type Statements = Pick<PolicyDocument, "statements" | "complete">;

function readStatements(value: Value | undefined, misspelt: boolean, reading: Reading): Statements {
  if (isUnknown(value)) return { statements: [], complete: false };
  if (value === undefined || value === null || (isList(value) && value.length === 0)) {
    if (!misspelt) reading.flaws.add("missing-element", "Statement", value, '"Statement" with at least one statement');
    return { statements: [], complete: true };
  }
  if (!isList(value)) return collect([readOne(value, 0, "Statement", reading)]);
  const read = collect(value.map((item, index) => readOne(item, index, `Statement[${index}]`, reading)));
  checkSids(read.statements, reading);
  return read;
}

interface One {
  readonly statement: Statement | undefined;
  readonly complete: boolean;
}

function readOne(value: Value, index: number, path: string, reading: Reading): One {
  if (isUnknown(value)) return { statement: unknownStatement(index, path, reading.waitsFor), complete: false };
  if (isObject(value)) return { statement: readStatement(value, index, path, reading), complete: true };
  reading.flaws.add("wrong-shape", path, value, "a statement, which is an object");
  return { statement: undefined, complete: true };
}

function collect(read: readonly One[]): Statements {
  return {
    statements: read.flatMap((each) => (each.statement ? [each.statement] : [])),
    complete: read.every((each) => each.complete),
  };
}

/** IAM wants each Sid once in a document; Terraform's generator writes an empty Sid everywhere, and IAM takes it. */
function checkSids(statements: readonly Statement[], reading: Reading): void {
  const seen = new Set<string>();
  for (const { sid, path } of statements) {
    if (sid.is !== "known" || sid.value === "") continue;
    if (seen.has(sid.value))
      reading.flaws.add("wrong-value", `${path}.Sid`, sid.value, "a Sid that no other statement of the document has");
    seen.add(sid.value);
  }
}
