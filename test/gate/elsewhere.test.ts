/** What a rehearsed program takes from elsewhere: other stacks, YAML manifests, Helm charts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../policy-pack/src/gate/report";
import { START_TIMEOUT_MS } from "../engine/harness";
import { openGate, refuseRemains, type TestGate } from "./gate";
import { ISSUER, PROVIDER_ARN } from "./support";

jest.setTimeout(4 * 60 * 1000);

let gate: TestGate;
beforeAll(async () => {
  gate = await openGate();
}, START_TIMEOUT_MS);
afterAll(() => gate.close());
afterEach(() => refuseRemains(gate.folder));

const judged = async (args: readonly string[]) => {
  const { stdout, stderr } = await gate.run([...args, "--format", "json", "--base", gate.folder]);
  if (!stdout.startsWith("{")) throw new Error(stderr);
  const { stacks, decision } = JSON.parse(stdout) as Report;
  const [stack] = stacks;
  if (stack === undefined) throw new Error("No stack was judged.");
  return { ...stack, rules: stack.findings.map(({ rule }) => rule), exitCode: decision.exitCode };
};

const IMPORTS = `
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
`;

/** A role for "shop/api", made from values of another stack, and its account. */
const network = (stack: string) => `${IMPORTS}
const network = new pulumi.StackReference(${JSON.stringify(stack)});
const issuer = network.requireOutput("issuer").apply(String);
const arn = network.getOutput("oidcProviderArn").apply(String);
const role = new aws.iam.Role("api", {
  name: "shop-api",
  managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
  assumeRolePolicy: pulumi.all([issuer, arn]).apply(([host, provider]) => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Principal: { Federated: provider },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [host + ":aud"]: "sts.amazonaws.com", [host + ":sub"]: "system:serviceaccount:shop:web" } },
    }],
  })),
});
new k8s.core.v1.ServiceAccount("api", {
  metadata: { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": role.arn } },
});
`;

describe("a StackReference", () => {
  test.each(["acme/network/prod", "prod"])(
    "to %s is answered with outputs that count as not known yet, and is named",
    async (name) => {
      const stack = await judged(["-C", gate.program("referring", network(name)), "--strict"]);
      expect(stack.error).toBeUndefined();
      expect(stack.notRehearsed).toEqual([
        { what: `outputs of stack ${name}`, why: expect.stringContaining("--stack-outputs STACK=FILE") as string },
      ]);
      expect([stack.rules, stack.exitCode]).toEqual([[], 3]);
      expect(stack.unverified.map(({ says }) => says).join()).toContain('the trust policy of role "shop-api"');
    },
  );

  test("is judged by value where its outputs are given, with the lines of the program", async () => {
    const home = gate.program("told", network("acme/network/prod"));
    const file = join(home, "network.json");
    writeFileSync(file, JSON.stringify({ issuer: ISSUER, oidcProviderArn: PROVIDER_ARN, nodes: [{ cpu: 2 }] }));
    const stack = await judged(["-C", home, "--stack-outputs", `acme/network/prod=${file}`]);
    expect(stack).toMatchObject({ rules: ["trust-policy-subject-mismatch"], notRehearsed: [], exitCode: 1 });
    expect(stack.findings[0]?.at.position).toMatchObject({ file: "told/index.ts" });
  });

  test("whose program throws is told like any other", async () => {
    const home = gate.program("throwing", `${network("acme/network/prod")}\nthrow new Error("boom");`);
    const stack = await judged(["-C", home]);
    expect(stack.error).toContain("Error: boom");
    expect(stack.exitCode).toBe(2);
  });

  test("outputs that are none are refused", async () => {
    const file = join(gate.folder, "list.json");
    writeFileSync(file, "[1]");
    const { code, stderr } = await gate.run(["--stack-outputs", `acme/network/prod=${file}`]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("holds no outputs of a stack")]);
  });
});

/** Role and trust are right for "shop/api"; who makes the account differs. */
const deployed = (manifest: string) => `${IMPORTS}
const provider = new aws.iam.OpenIdConnectProvider("shop", { url: "https://${ISSUER}", clientIdLists: ["sts.amazonaws.com"] });
const role = new aws.iam.Role("api", {
  name: "shop-api",
  managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
  assumeRolePolicy: provider.arn.apply((arn) => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow", Principal: { Federated: arn }, Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { "${ISSUER}:aud": "sts.amazonaws.com", "${ISSUER}:sub": "system:serviceaccount:shop:api" } },
    }],
  })),
});
new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } });
new k8s.apps.v1.Deployment("api", {
  metadata: { name: "api", namespace: "shop" },
  spec: {
    selector: { matchLabels: { app: "api" } },
    template: { metadata: { labels: { app: "api" } }, spec: {
      serviceAccountName: "api",
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
      containers: [{ name: "api", image: "ghcr.io/example/shop-api:1.4.2" }],
    } },
  },
});
${manifest}
`;

const ACCOUNT = (role: string) => `
apiVersion: v1
kind: ServiceAccount
metadata:
  name: api
  namespace: shop
  annotations: { eks.amazonaws.com/role-arn: ${role} }
`;
const ROLE = "arn:aws:iam::111122223333:role/shop-api";

const CHARTS: Readonly<Record<string, readonly [what: string, source: string]>> = {
  "chart-v3": [
    "kubernetes:helm:template",
    `new k8s.helm.v3.Chart("app", { chart: "app", namespace: "shop", fetchOpts: { repo: "https://charts.example.com" } });`,
  ],
  "chart-v4": ["kubernetes:helm.sh/v4:Chart", `new k8s.helm.v4.Chart("app", { chart: "app", namespace: "shop" });`],
};
const group = (version: string, role: string) =>
  `new k8s.yaml${version}.ConfigGroup("app", { yaml: \`${ACCOUNT(role)}\` });`;
const MANIFESTS: Readonly<Record<string, string>> = {
  "group-right": group("", ROLE),
  "group-wrong": group("", `${ROLE}s`),
  "group-v2-right": group(".v2", ROLE),
  "group-v2-wrong": group(".v2", `${ROLE}s`),
  "file-right": `new k8s.yaml.ConfigFile("app", { file: "account.yaml" });`,
  "file-v2-right": `new k8s.yaml.v2.ConfigFile("app", { file: "account.yaml" });`,
};

describe("manifests and charts", () => {
  let reports: ReadonlyMap<string, Report["stacks"][number]>;
  beforeAll(
    async () => {
      const all = {
        ...MANIFESTS,
        ...Object.fromEntries(Object.entries(CHARTS).map(([name, [, source]]) => [name, source])),
      };
      const homes = Object.entries(all).map(([name, source]) =>
        gate.program(name, deployed(source), { "account.yaml": ACCOUNT(ROLE) }),
      );
      const { stdout } = await gate.run([...homes.flatMap((home) => ["-C", home]), "--format", "json"]);
      reports = new Map((JSON.parse(stdout) as Report).stacks.map((stack) => [stack.project, stack]));
    },
    4 * 60 * 1000,
  );

  test.each(Object.keys(MANIFESTS))("objects of %s are judged like any other", (name) => {
    const stack = reports.get(name);
    expect(stack).toMatchObject({ notRehearsed: [], unverified: [] });
    expect(stack?.chains.map(({ title }) => title)).toContain("shop/api");
    expect(stack?.error).toBeUndefined();
    expect(stack?.findings.length).toBe(name.endsWith("right") ? 0 : 1);
  });

  test.each(Object.keys(CHARTS))(
    "%s is rendered by nobody here: it is named, and no account counts as missing",
    (name) => {
      const stack = reports.get(name);
      expect(stack?.error).toBeUndefined();
      expect(stack?.notRehearsed.map(({ what }) => what)).toEqual([CHARTS[name]?.[0]]);
      expect(stack?.findings).toEqual([]);
    },
  );
});
