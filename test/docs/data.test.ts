import Ajv, { type ValidateFunction } from "ajv";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { CONTEXT_SCHEMA } from "../../policy-pack/src/config-schema";
import { rules } from "../../policy-pack/src/rules";
import { type Block, blocksOf, generated, ROOT, written } from "./markdown";

const LEVELS = ["advisory", "mandatory", "remediate", "disabled"];
const ajv = new Ajv({ strict: false });
const schemaFile = (name: string): object =>
  JSON.parse(readFileSync(join(ROOT, "policy-pack/schemas", name), "utf8")) as object;
const isBaseline = ajv.compile(schemaFile("baseline.v1.json"));
const isGateConfig = ajv.compile(schemaFile("config.v1.json"));

const level = { enum: LEVELS };
const withLevel = {
  type: "object",
  required: ["enforcementLevel"],
  additionalProperties: false,
  properties: { enforcementLevel: level },
};
const policies = ["all", "irsa-unverified", "irsa-suppression", ...rules.map(({ id }) => id)];
const isPackConfig = ajv.compile({
  type: "object",
  additionalProperties: false,
  properties: {
    "irsa-context": {
      anyOf: [
        level,
        {
          type: "object",
          additionalProperties: false,
          properties: { enforcementLevel: level, ...CONTEXT_SCHEMA.properties },
        },
      ],
    },
    ...Object.fromEntries(policies.map((name) => [name, { anyOf: [level, withLevel] }])),
  },
});

const blocks = [...written, ...generated].flatMap(blocksOf);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A configuration of the pack shows itself by a policy's name or by a level, so that a misspelt name does too. */
function looksLikePackConfig(value: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(value).some(
    ([key, each]) => [...policies, "irsa-context"].includes(key) || (typeof each === "string" && LEVELS.includes(each)),
  );
}

function faults({ page, line }: Block, value: unknown, validate: ValidateFunction): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = "" }) => `${page}:${line} ${instancePath} ${message}`);
}

test("every JSON block parses, and configurations and baselines fit their schemas", () => {
  const json = blocks.filter(({ language }) => language === "json");
  const judged = json.map((block) => {
    const value: unknown = JSON.parse(block.text);
    if (!isObject(value)) return { kind: "other", faults: [] };
    if ("findings" in value) return { kind: "baseline", faults: faults(block, value, isBaseline) };
    if (looksLikePackConfig(value)) return { kind: "pack", faults: faults(block, value, isPackConfig) };
    return { kind: "other", faults: [] };
  });
  expect(judged.flatMap((each) => each.faults)).toEqual([]);
  expect(judged.filter(({ kind }) => kind === "pack").length).toBeGreaterThan(rules.length);
});

test("every YAML block parses, and configurations of the gate fit their schema", () => {
  const yaml = blocks.filter(({ language }) => /^ya?ml$/.test(language));
  const judged = yaml.flatMap((block) =>
    parseAllDocuments(block.text).flatMap((document) => {
      const errors = document.errors.map(({ message }) => `${block.page}:${block.line} ${message}`);
      const value: unknown = document.toJS();
      const isGates = isObject(value) && ["failOn", "requireIrsa", "projects", "policies"].some((key) => key in value);
      if (!isGates) return [{ gate: false, faults: errors }];
      const own = isObject(value["policies"]) ? faults(block, value["policies"], isPackConfig) : [];
      return [{ gate: true, faults: [...errors, ...faults(block, value, isGateConfig), ...own] }];
    }),
  );
  expect(judged.flatMap((each) => each.faults)).toEqual([]);
  expect(judged.filter(({ gate }) => gate)).not.toEqual([]);
});

test("a misspelt policy and a misspelt setting are seen", () => {
  expect(isPackConfig({ "workload-rot": "disabled" })).toBe(false);
  expect(isPackConfig({ "workload-root": "off" })).toBe(false);
  expect(isPackConfig({ "irsa-context": { role: [] } })).toBe(false);
  expect(looksLikePackConfig({ "workload-rot": "disabled" })).toBe(true);
});
