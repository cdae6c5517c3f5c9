import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "../../scripts/repository";
import { RUN_TIMEOUT_MS, startEngine, START_TIMEOUT_MS, type TestEngine } from "../engine/harness";

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly plain?: boolean;
  readonly description?: string;
  readonly oneOf?: unknown;
  readonly items?: Property;
  readonly additionalProperties?: Property;
}
type Properties = Readonly<Record<string, Property>>;

interface Schema {
  readonly name: string;
  readonly resources: Readonly<
    Record<
      string,
      { readonly inputProperties: Properties; readonly properties: Properties; readonly description: string }
    >
  >;
  readonly types: Readonly<
    Record<string, { readonly properties?: Properties; readonly enum?: readonly { readonly value: string }[] }>
  >;
}

const TOKEN = "eks-irsa:index:IrsaBinding";

describe("the schema that other languages get", () => {
  let engine: TestEngine;
  let schema: Schema;

  beforeAll(async () => {
    engine = await startEngine();
    const { code, stdout, stderr } = await engine.pulumi(
      ["package", "get-schema", join(repositoryRoot, "components")],
      { program: "export {};" },
    );
    if (code !== 0) throw new Error(stderr);
    schema = JSON.parse(stdout) as Schema;
  }, START_TIMEOUT_MS + RUN_TIMEOUT_MS);
  afterAll(() => engine.close());

  it("has the component under its token, every argument and output documented", () => {
    const { inputProperties, properties, description } = binding();
    expect(description).toMatch(/ServiceAccount/);
    const undocumented = Object.entries({ ...inputProperties, ...properties }).filter(([, each]) => !each.description);
    expect(undocumented).toEqual([]);
  });

  it("loses no argument and no output", () => {
    const { inputProperties, properties } = binding();
    expect(Object.keys(inputProperties).sort()).toEqual(namesIn("args.ts", "IrsaBindingArgs").sort());
    expect(Object.keys(properties).sort()).toEqual(namesIn("irsa-binding.ts", "IrsaBinding").sort());
  });

  it("knows no union, and refers to nothing outside of itself", () => {
    const text = JSON.stringify(schema);
    expect(text).not.toContain('"oneOf"');
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((each) => each[1] ?? "");
    expect(references.filter((each) => !each.startsWith("#/types/eks-irsa:index:"))).toEqual([]);
  });

  it("takes what may come from another resource as an Output", () => {
    const { inputProperties } = binding();
    const plain = Object.entries(inputProperties).flatMap(([name, each]) =>
      each.plain && !each.items && !each.additionalProperties && !each.$ref ? [name] : [],
    );
    expect(plain).toEqual(["allowNoPermissions", "createNamespace", "trustPodIdentity", "trustPolicyQuota"]);
    expect(inputProperties["policyArns"]?.items?.plain).toBeUndefined();
  });

  it("fits the example in YAML", () => {
    const file = join(repositoryRoot, "examples", "yaml", "Pulumi.yaml");
    const { resources, outputs } = parse(readFileSync(file, "utf8")) as {
      readonly resources: Readonly<Record<string, { readonly type: string; readonly properties: object }>>;
      readonly outputs: object;
    };
    const { inputProperties, properties } = binding();
    const [name, resource] = Object.entries(resources).find(([, each]) => each.type === "eks-irsa:IrsaBinding") ?? [];
    expect(Object.keys(resource?.properties ?? {}).filter((each) => !(each in inputProperties))).toEqual([]);
    const used = [
      ...JSON.stringify([resources, outputs]).matchAll(new RegExp(`\\$\\{${String(name)}\\.(\\w+)`, "g")),
    ].map((each) => each[1] ?? "");
    expect(used).toContain("serviceAccountName");
    expect(used.filter((each) => !(each in properties))).toEqual([]);
  });

  function binding(): Schema["resources"][string] {
    const found = schema.resources[TOKEN];
    if (!found) throw new Error(`the schema has no ${TOKEN}`);
    return found;
  }
});

/** Names of the public properties that a source file declares for an interface or class. */
function namesIn(file: string, declaration: string): string[] {
  const source = readFileSync(join(repositoryRoot, "components", "src", file), "utf8");
  const start = source.search(new RegExp(`export (interface|class) ${declaration} `));
  const body = source.slice(start, source.indexOf("\n}", start));
  return [...body.matchAll(/^ {2}(?:public readonly )?(\w+)\??: /gm)].map((each) => each[1] ?? "");
}
