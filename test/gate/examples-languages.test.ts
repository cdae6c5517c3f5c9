/**
 * The examples in YAML and Python through the gate on the real engine, with the components of this repository as a package:
 * rehearsed, as a first preview, from the state they leave, and with a fault written into a copy.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { FORMATS } from "../../policy-pack/src/gate/options";
import type { StackReport } from "../../policy-pack/src/gate/report";
import { provideYamlHost } from "../../scripts/pulumi-cli/yaml-host";
import { repositoryRoot } from "../../scripts/repository";
import { RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "../engine/harness";
import { pythonWith } from "../support/python";
import { goldenReport, judged, nameOf, places, pointedAt, sarifOf, stackIn, titles } from "./example-reports";
import { EXAMPLES, openGate, type TestGate } from "./gate";
import { schemaErrors } from "./golden";

interface Language {
  /** Of the example and of its project. */
  readonly name: string;
  readonly source: string;
  /** The fault of the copy: the pods are in another namespace than their account. */
  readonly fault: readonly [written: string, instead: string];
  /** The Deployment's name in its URN. */
  readonly deployment: string;
  /** How certain the fault is: only where the program wires the account's name is it proven. */
  readonly level: "error" | "warning";
}

const languages: readonly Language[] = [
  {
    name: "python",
    source: "__main__.py",
    fault: ['"namespace": api.namespace}', '"namespace": "default"}'],
    deployment: "api",
    level: "error",
  },
  {
    name: "yaml",
    source: "Pulumi.yaml",
    fault: ["namespace: ${api.namespace}", "namespace: default"],
    deployment: "deployment",
    level: "warning",
  },
];
/** What the host must be told of: functions, outputs of outputs, variables for each other, a package that no stand-in is for. */
const SHORT = `name: short
runtime: yaml
config:
  issuer: {type: string, default: oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE}
variables:
  trust:
    fn::invoke:
      function: aws:iam:getPolicyDocument
      arguments:
        statements:
          - actions: ["sts:AssumeRoleWithWebIdentity"]
            principals: [{type: Federated, identifiers: ["\${oidc.arn}"]}]
            conditions:
              - {test: StringEquals, variable: "\${issuer}:aud", values: [sts.amazonaws.com]}
              - {test: StringEquals, variable: "\${issuer}:sub", values: ["system:serviceaccount:shop:web"]}
      return: json
  caller:
    fn::aws:getCallerIdentity: {}
  account: \${web.metadata}
resources:
  suffix:
    type: random:RandomId
    properties: {byteLength: 2}
  oidc:
    type: aws:iam:OpenIdConnectProvider
    properties: {url: "https://\${issuer}", clientIdLists: [sts.amazonaws.com]}
  known:
    type: aws:s3:Bucket
    get: {id: shop}
  role:
    type: aws:iam:Role
    properties:
      name: api-\${suffix.hex}
      assumeRolePolicy: \${trust}
      managedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]
      tags: {account: "\${caller.accountId}"}
  web:
    name: api
    type: kubernetes:core/v1:ServiceAccount
    properties:
      metadata: {name: api, namespace: shop, annotations: {eks.amazonaws.com/role-arn: "\${role.arn}"}}
  pods:
    type: kubernetes:apps/v1:Deployment
    properties:
      metadata: {name: api, namespace: shop}
      spec:
        selector: {matchLabels: {app: api}}
        template:
          metadata: {labels: {app: api}}
          spec:
            serviceAccountName: \${web.metadata.name}
            containers: [{name: api, image: api:1, env: [{name: BUCKET, value: "\${known.bucketDomainName}"}]}]
outputs:
  namespace: \${account.namespace}
  annotated: \${web.metadata.annotations["eks.amazonaws.com/role-arn"]}
`;

const names = languages.map(({ name }) => name);

let gate: TestGate;
let engine: TestEngine;
let env: NodeJS.ProcessEnv;
let rehearsed: ReadonlyMap<string, StackReport>;
let first: ReadonlyMap<string, StackReport>;
let deployed: ReadonlyMap<string, StackReport>;
let broken: ReadonlyMap<string, StackReport>;

beforeAll(async () => {
  gate = await openGate();
  engine = await startEngine({ folder: join(EXAMPLES, "yaml") });
  const python = await pythonWith(join(EXAMPLES, "python", "requirements.txt"));
  if (python === undefined)
    throw new Error("These tests need Python 3 with venv: python3 on PATH, python3-venv on Debian.");
  const hosts = [...(await provideYamlHost(gate.pulumi)), python];
  env = { PATH: [...hosts, gate.env["PATH"] ?? ""].join(delimiter) };
  // Whoever rehearses the program in YAML gives the secret that its stack would hold.
  const programs = [...names.flatMap((name) => ["-C", join(EXAMPLES, name)]), "-c", "yaml:kubeconfig={}"];
  rehearsed = byProject(await judged(gate, programs, env));
  first = byProject(await judged(gate, [...programs, "--first-preview"], env));
  deployed = await fromStates();
  const copies = languages.flatMap((language) => ["-C", brokenCopy(language)]);
  broken = byProject(await judged(gate, [...copies, "-c", "yaml:kubeconfig={}", "--base", gate.folder], env));
}, START_TIMEOUT_MS);

afterAll(async () => {
  gate.close();
  await engine.close();
});

function byProject({ stacks }: { readonly stacks: readonly StackReport[] }): ReadonlyMap<string, StackReport> {
  return new Map(stacks.map((stack) => [stack.project, stack]));
}

/** A copy of an example that still finds its component, with changes to its files. */
function copy(name: string, folder: string, changes: Readonly<Record<string, readonly [string, string]>>): string {
  const copied = join(folder, name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(EXAMPLES, name), copied, { recursive: true });
  const all = [
    ["Pulumi.yaml", ["../../components", join(repositoryRoot, "components")]] as const,
    ...Object.entries(changes),
  ];
  for (const [file, [written, instead]] of all) {
    const source = readFileSync(join(copied, file), "utf8");
    if (!source.includes(written)) throw new Error(`${name}/${file} does not say: ${written}`);
    writeFileSync(join(copied, file), source.replaceAll(written, instead));
  }
  return copied;
}

const brokenCopy = ({ name, source, fault }: Language) => copy(name, join(gate.folder, "broken"), { [source]: fault });

async function fromStates(): Promise<ReadonlyMap<string, StackReport>> {
  // A deployment takes no secret in plain text, and the test's settings are plain.
  const secret = { "Pulumi.yaml": ["\n    secret: true\n", "\n"] } as const;
  const folder = join(engine.folder, "programs");
  const dirs = names.map((name) => copy(name, folder, name === "yaml" ? secret : {}));
  for (const dir of dirs) {
    const { code, stdout, stderr } = await engine.up({
      dir,
      config: { "yaml:kubeconfig": "{}" },
      env: { ...env, PATH: env["PATH"] ?? "" },
    });
    if (code !== 0) throw new Error(`${dir} was not deployed: ${stdout}${stderr}`);
  }
  const states = join(engine.folder, "state/.pulumi/stacks");
  return byProject(
    await judged(gate, ["analyze", ...names.flatMap((name) => ["--state", join(states, name, "dev.json")])]),
  );
}

describe.each(languages)("$name", ({ name, deployment, level }) => {
  test.each(FORMATS)("its %s report is the golden one", (format) => {
    const stack = stackIn(rehearsed, name);
    expect(stack.error).toBeUndefined();
    const { seen, golden } = goldenReport(name, format, stack);
    expect(seen).toBe(golden);
  });

  test("one chain is there, and nothing of it is broken or open", () => {
    const { chains, findings, unverified, notRehearsed } = stackIn(rehearsed, name);
    expect({
      chains: chains.length,
      findings,
      unverified,
      notRehearsed,
    }).toEqual({ chains: 1, findings: [], unverified: [], notRehearsed: [] });
  });

  test("SARIF is valid, and each result points at the line that makes its resource", () => {
    const { log, results } = sarifOf(stackIn(rehearsed, name));
    expect(schemaErrors(log)).toEqual([]);
    expect(results.map((result) => pointedAt(result))).toEqual(results.map(nameOf));
  });

  test("a first preview finds the same on the same chain", () => {
    const [known, unknown] = [stackIn(rehearsed, name), stackIn(first, name)];
    expect({ error: unknown.error, places: places(unknown), titles: titles(unknown) }).toEqual({
      error: undefined,
      places: places(known),
      titles: titles(known),
    });
  });

  test("deployed, its state has the same", () => {
    const [known, state] = [stackIn(rehearsed, name), stackIn(deployed, name)];
    expect({ error: state.error, unverified: state.unverified }).toEqual({ error: undefined, unverified: [] });
    expect(places(state)).toEqual(places(known));
    expect(titles(state)).toEqual(titles(known));
  });

  test("a fault in it is found, and SARIF points at its line", () => {
    const stack = stackIn(broken, name);
    expect(stack.error).toBeUndefined();
    const { log, results } = sarifOf(stack);
    expect(schemaErrors(log)).toEqual([]);
    const seen = results.map((result) => [result.level, result.ruleId, nameOf(result), pointedAt(result, gate.folder)]);
    expect(seen).toEqual([[level, "workload-service-account-mismatch", deployment, deployment]]);
  });
});

test(
  "a program in YAML is rehearsed by the short names of its types, and a fault in it has its line",
  async () => {
    const dir = gate.program("short", "", { "Pulumi.yaml": SHORT });
    const [stack] = (await judged(gate, ["-C", dir, "--base", gate.folder], env)).stacks;
    expect({ error: stack?.error, notRehearsed: stack?.notRehearsed }).toEqual({ error: undefined, notRehearsed: [] });
    expect(stack?.findings.map(({ rule, at: { resource, position } }) => [rule, resource, position])).toEqual([
      ["trust-policy-subject-mismatch", "aws:iam/role:Role role", { file: "short/Pulumi.yaml", line: 30, column: 3 }],
    ]);
  },
  RUN_TIMEOUT_MS,
);

test(
  "what is wrong with a program in YAML is told in its host's words",
  async () => {
    const dir = gate.program("wrong", "", {
      "Pulumi.yaml": SHORT.replace("${web.metadata.name}", "${webb.metadata.name}"),
    });
    const [stack] = (await judged(gate, ["-C", dir, "--base", gate.folder], env)).stacks;
    expect(stack?.error).toMatch(/resource, variable, or config value "webb" not found\n.*Pulumi.yaml line 51/);
  },
  RUN_TIMEOUT_MS,
);
