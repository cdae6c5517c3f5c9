/** Programs in YAML in the gate's parts: the lines they declare resources on, the packages they need, what their host prints. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEvents } from "../../policy-pack/src/gate/events";
import { foldersOf, positionOf } from "../../policy-pack/src/gate/positions";
import { byUrn, readResource } from "../../policy-pack/src/gate/resources";
import { pluginPackages, readProject } from "../../policy-pack/src/gate/run/project";

const PROGRAM = `name: shop
runtime: yaml
packages:
  irsa: ../irsa
  network: {source: github.com/example/network@v1.2.0}
resources:
  binding: {type: irsa:IrsaBinding}
  api:
    type: aws:iam:Role
  vpc: {type: network:Vpc}
  suffix: {type: random:RandomId}
`;

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "yaml-gate-"));
  folder = join(base, "shop");
  mkdirSync(folder);
  writeFileSync(join(folder, "Pulumi.yaml"), PROGRAM);
});
afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;

/** A resource whose position is in the code of its host, as the engine records it. */
function resource(type: string, name: string, parent?: string) {
  const sourcePosition = "project:///../../go/pkg/mod/github.com/pulumi/pulumi-yaml/run.go#1391";
  return readResource({ urn: urn(type, name), type, sourcePosition, ...(parent === undefined ? {} : { parent }) });
}

test("a resource is where the program declares it, and a component's child where the component is", () => {
  const binding = resource("irsa:index:IrsaBinding", "binding");
  const all = byUrn([
    binding,
    resource("aws:iam/role:Role", "api"),
    resource("aws:iam/role:Role", "binding", binding?.urn),
    resource("aws:iam/role:Role", "elsewhere"),
  ]);
  const positions = [...all.values()].map((each) => positionOf(each, all, foldersOf(folder, base)));
  expect(positions).toEqual([
    { file: "shop/Pulumi.yaml", line: 7, column: 3 },
    { file: "shop/Pulumi.yaml", line: 8, column: 3 },
    { file: "shop/Pulumi.yaml", line: 7, column: 3 },
    undefined,
  ]);
});

test("a program outside the base has no position", () => {
  const all = byUrn([resource("aws:iam/role:Role", "api")]);
  const other = join(base, "other");
  expect([...all.values()].map((each) => positionOf(each, all, foldersOf(folder, other)))).toEqual([undefined]);
});

test("it needs the packages that it names, but for components in a folder, which run as they are", () => {
  expect(pluginPackages(readProject(folder))).toEqual(["aws", "network", "random"]);
});

test("what its host prints is kept beside the engine's errors", () => {
  const log = [
    { diagnosticEvent: { severity: "info#err", message: "\u001b[31mError\u001b[0m: no such type\n" } },
    { diagnosticEvent: { severity: "error", message: "<{%reset%}>preview failed<{%reset%}>\n" } },
    { diagnosticEvent: { severity: "info", message: "fine" } },
  ];
  const { errors, printed } = readEvents(log.map((event) => JSON.stringify(event)).join("\n"));
  expect({ errors, printed }).toEqual({ errors: ["preview failed"], printed: ["Error: no such type"] });
});
