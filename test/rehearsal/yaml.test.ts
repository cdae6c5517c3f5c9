/** Programs in YAML: what is read of one, and the schemas by which its host knows the types that it names. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { packagesOf, readYamlProgram, spellingsOf, startRehearsal } from "../../policy-pack/src/rehearsal";
import { connect, disconnect } from "./provider-client";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "yaml-program-"));
});
afterEach(() => {
  disconnect();
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const PROGRAM = `name: shop
runtime: yaml
packages:
  network: github.com/example/network@v1.2.0
  irsa: {source: ../irsa}
  random: random@4.0.0
variables:
  trust:
    fn::invoke:
      function: aws:iam:getPolicyDocument
      arguments: {statements: []}
      return: json
  me:
    fn::aws:getCallerIdentity: {}
  account: \${me.accountId}
  labels: \${holder.metadata}
resources:
  role:
    type: aws:iam:Role
    properties: {name: "api-\${suffix.hex}", assumeRolePolicy: "\${trust}"}
  holder:
    name: api
    type: kubernetes:core/v1:ServiceAccount
    properties: {metadata: {annotations: {"eks.amazonaws.com/role-arn": "\${role.arn}"}}}
  suffix: {type: random:RandomId, properties: {byteLength: 2}}
  known: {type: aws:s3:Bucket, get: {id: shop, state: {region: eu-west-1}}}
  cluster: {type: pulumi:providers:kubernetes, properties: {kubeconfig: "{}"}}
  all: {type: aws:iam:Role, properties: "\${everything}"}
  vpc: {type: network:Vpc}
outputs:
  name: \${labels.name}
  arn: \${holder.metadata.annotations["eks.amazonaws.com/role-arn"]}
  first: \${role.inlinePolicies[0].name}
  escaped: $\${nobody.there}
  open: \${never
`;

/** The schema that a package's stand-in hands to the host. */
async function schemaOf(packageName: string): Promise<Record<string, Record<string, Record<string, unknown>>>> {
  const rehearsal = await startRehearsal({ folder, echoPackages: ["random", "network"] });
  try {
    const { raw } = await connect(rehearsal, packageName);
    const text = await new Promise<string>((resolve, reject) => {
      raw.getSchema(new pb.GetSchemaRequest(), (error, answer) => {
        if (error) reject(error);
        else resolve(answer.getSchema());
      });
    });
    return JSON.parse(text) as Awaited<ReturnType<typeof schemaOf>>;
  } finally {
    disconnect();
    await rehearsal.close();
  }
}

const ANY = { $ref: "pulumi.json#/Any" };

describe("a program is read", () => {
  test("with the place of each resource, under the name in its URN", () => {
    write({ "Pulumi.yaml": PROGRAM });
    const program = readYamlProgram(folder);
    expect(program?.file).toBe(join(folder, "Pulumi.yaml"));
    expect(program?.resources.map(({ name, line, column }) => [name, line, column])).toEqual([
      ["role", 18, 3],
      ["api", 21, 3],
      ["suffix", 25, 3],
      ["known", 26, 3],
      ["cluster", 27, 3],
      ["all", 28, 3],
      ["vpc", 29, 3],
    ]);
  });

  test("with what is read of each resource, also through variables", () => {
    write({ "Pulumi.yaml": PROGRAM });
    const resources = readYamlProgram(folder)?.resources ?? [];
    expect(resources.map(({ name, read }) => [name, read]).filter(([, read]) => read?.length)).toEqual([
      ["role", [["arn"], ["inlinePolicies", "[]"]]],
      ["api", [["metadata"], ["metadata", "name"], ["metadata", "annotations", "[]"]]],
      ["suffix", [["hex"]]],
    ]);
    const functions = readYamlProgram(folder)?.functions ?? [];
    expect(functions.map(({ token, read }) => [token, read])).toEqual([
      ["aws:iam:getPolicyDocument", [["json"]]],
      ["aws:getCallerIdentity", [["accountId"]]],
    ]);
  });

  test("with its packages; those of a folder or a repository hold components", () => {
    write({ "Pulumi.yaml": PROGRAM });
    const program = readYamlProgram(folder);
    expect(program && packagesOf(program)).toEqual(["aws", "kubernetes", "random", "network"]);
    expect(program?.sources).toEqual({ network: "github.com/example/network@v1.2.0", irsa: "../irsa" });
  });

  test.each([
    [
      "Main.yaml",
      { "Pulumi.yaml": "name: a\nruntime: {name: yaml}\n", "Main.yaml": "resources: {a: {type: aws:s3:Bucket}}" },
    ],
    [
      "app/Main.json",
      {
        "Pulumi.yaml": "name: a\nruntime: yaml\nmain: app\n",
        "app/Main.json": '{"resources": {"a": {"type": "aws:s3:Bucket"}}}',
      },
    ],
  ])("where the host looks for it: %s", (file, files) => {
    write(files);
    expect(readYamlProgram(folder)).toMatchObject({
      file: join(folder, file),
      resources: [{ token: "aws:s3:Bucket" }],
    });
  });

  test.each([
    ["there is none", {}],
    ["it is in another language", { "Pulumi.yaml": "name: a\nruntime: nodejs\n" }],
    ["a compiler writes it", { "Pulumi.yaml": "name: a\nruntime: {name: yaml, options: {compiler: cue export}}\n" }],
    ["it is no map", { "Pulumi.yaml": "name: a\nruntime: yaml\n", "Main.yaml": "- a list\n" }],
  ])("but not where %s", (_, files) => {
    write(files);
    expect(readYamlProgram(folder)).toBeUndefined();
  });

  test("whatever stands in it", () => {
    const hostile =
      "name: a\nruntime: yaml\nvariables: {a: '${b}', b: '${a}', c: [1], d: '${a.b}'}\nresources:\n  no: 1\n  none:\n  list: [1]\n  typeless: {}\n  __proto__: {type: aws:s3:Bucket, properties: {__proto__: 1}}\noutputs: {fn::invoke: 1, 'fn::': 2, x: '${}${a[}${]}'}\n";
    write({ "Pulumi.yaml": hostile });
    expect(readYamlProgram(folder)?.resources.map(({ name }) => name)).toEqual(["__proto__"]);
  });
});

describe("the schema", () => {
  test("of a bridged package has whole tokens, the properties given and the outputs read", async () => {
    write({ "Pulumi.yaml": PROGRAM });
    const { resources = {}, functions = {} } = await schemaOf("aws");
    expect(Object.keys(resources)).toEqual(["aws:iam/role:Role", "aws:s3/bucket:Bucket"]);
    // An expression may give any property that the file names.
    expect(resources["aws:iam/role:Role"]?.["inputProperties"]).toMatchObject({
      name: ANY,
      assumeRolePolicy: ANY,
      byteLength: ANY,
    });
    expect(resources["aws:iam/role:Role"]?.["properties"]).toMatchObject({ arn: ANY, inlinePolicies: ANY });
    expect(resources["aws:s3/bucket:Bucket"]).toEqual({
      inputProperties: { region: ANY },
      properties: { region: ANY },
      isComponent: false,
    });
    expect(functions["aws:iam/getPolicyDocument:getPolicyDocument"]).toEqual({
      inputs: { properties: { statements: ANY } },
      outputs: { properties: { json: ANY } },
    });
    expect(Object.keys(functions)).toContain("aws:index/getCallerIdentity:getCallerIdentity");
  });

  test("of a native package has its tokens, and objects where the program looks into one", async () => {
    write({
      "Pulumi.yaml":
        'name: a\nruntime: yaml\nresources:\n  a: {type: kubernetes:core/v1:ConfigMap}\n  k: {type: pulumi:providers:kubernetes, properties: {kubeconfig: x}}\noutputs:\n  n: ${a.metadata.name}\n  v: ${a.data.x}${a.data["y"]}\n  u: ${a.urn}\n',
    });
    const { resources, types, provider } = await schemaOf("kubernetes");
    expect(resources).toEqual({
      "kubernetes:core/v1:ConfigMap": {
        inputProperties: {},
        properties: {
          metadata: { $ref: "#/types/kubernetes:index:Read1" },
          data: { type: "object", additionalProperties: ANY },
        },
        isComponent: false,
      },
    });
    expect(types).toEqual({ "kubernetes:index:Read1": { type: "object", properties: { name: ANY } } });
    expect(provider?.["inputProperties"]).toEqual({ kubeconfig: ANY });
  });

  test("of a package from a repository has components", async () => {
    write({ "Pulumi.yaml": PROGRAM });
    const { resources = {} } = await schemaOf("network");
    expect(Object.entries(resources).map(([token, { isComponent }]) => [token, isComponent])).toEqual([
      ["network:index:Vpc", true],
    ]);
  });

  test("is missing, with a reason, where the program is in another language", async () => {
    write({ "Pulumi.yaml": "name: a\nruntime: go\n" });
    await expect(schemaOf("aws")).rejects.toThrow(
      "a stand-in provider has no schema but for what a program in YAML names",
    );
  });
});

test.each([
  ["aws:iam:Role", ["aws:iam:Role", "aws:iam/role:Role"]],
  ["aws:iam/role:Role", ["aws:iam/role:Role", "aws:iam/role/role:Role"]],
  ["random:RandomId", ["random:RandomId", "random:index:RandomId", "random:index/randomId:RandomId"]],
])("%s may mean %j", (token, spellings) => {
  expect(spellingsOf(token)).toEqual(spellings);
});
