import type { EngineResult } from "./harness";
import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "./harness";

const PROGRAM = `import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const china = new aws.Provider("china", { region: "cn-north-1" });
new aws.iam.OpenIdConnectProvider("shop", {
  url: "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/0123456789ABCDEF0123456789ABCDEF/",
  clientIdLists: ["other"],
  tags: { owner: pulumi.secret("hidden-owner") },
}, { provider: china });
new aws.iam.OpenIdConnectProvider("github", {
  url: "https://token.actions.githubusercontent.com",
  clientIdLists: ["https://github.com/example"],
}, { provider: china });

const provider = new k8s.Provider("shop", { context: "shop" });
const account = new k8s.core.v1.ServiceAccount("api", {
  metadata: {
    name: "api",
    namespace: "shop",
    annotations: { "eks.amazonaws.com/role-arn": " arn:aws-cn:iam::111122223333:role/api\\n", note: pulumi.secret("hidden-note") },
  },
}, { provider });
const later = new aws.iam.Role("later", { assumeRolePolicy: "{}" }, { provider: china });
new k8s.apps.v1.Deployment("api", {
  metadata: { name: "api", namespace: "shop" },
  spec: {
    selector: { matchLabels: { app: "api" } },
    template: {
      metadata: { labels: { app: "api" }, annotations: { role: later.arn } },
      spec: {
        serviceAccountName: account.metadata.name,
        containers: [{
          name: "api",
          image: "ghcr.io/example/shop:1.4.2",
          env: [{ name: "AWS_REGION", value: "cn-north-1" }, { name: "TOKEN", value: pulumi.secret("hidden-token") }],
        }],
      },
    },
  },
}, { provider });
`;

const RULES = [
  "oidc-provider-url-invalid",
  "oidc-provider-audience-missing",
  "service-account-role-arn-invalid",
  "workload-region-missing",
];
const policyPackConfig = Object.fromEntries(RULES.map((rule) => [rule, "remediate"]));

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine({ mode: "unknown" });
}, START_TIMEOUT_MS);
afterAll(() => engine.close());

function inputsOf(result: EngineResult, name: string): unknown {
  return result.steps.find((step) => step.urn.endsWith(`::${name}`) && !step.type.startsWith("pulumi:"))?.inputs;
}

test(
  "at level remediate resources are registered in their mended form, and nothing unknown or secret is lost",
  async () => {
    const preview = await engine.preview({ program: PROGRAM, policyPack, policyPackConfig });
    expect(preview.policyEvents.filter((event) => RULES.includes(event.policyName))).toEqual([]);
    const up = await engine.up({ program: PROGRAM, policyPack, policyPackConfig });
    expect(up.code).toBe(0);
    const inputs = (type: string, name: string) =>
      up.steps.find((step) => step.type === type && step.urn.endsWith(`::${name}`))?.inputs;

    const provider = inputs("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "shop");
    expect(provider).toMatchObject({
      url: "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/0123456789ABCDEF0123456789ABCDEF",
      clientIdLists: ["other", "sts.amazonaws.com"],
    });

    expect(inputs("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "github")).toMatchObject({
      clientIdLists: ["https://github.com/example"],
    });

    const account = JSON.stringify(inputs("kubernetes:core/v1:ServiceAccount", "api"));
    expect(account).toContain('"eks.amazonaws.com/role-arn":"arn:aws-cn:iam::111122223333:role/api"');

    const deployment = JSON.stringify(inputs("kubernetes:apps/v1:Deployment", "api"));
    expect(deployment).toContain('{"name":"AWS_DEFAULT_REGION","value":"cn-north-1"}');
    expect(deployment).toMatch(/"role":"arn:aws-cn:iam::\d{12}:role\/later-/);

    // The engine shows what is still marked as secret as "[secret]", and everything else in clear text.
    for (const each of [provider, account, deployment]) expect(JSON.stringify(each)).toContain("[secret]");
    expect(JSON.stringify(up.steps)).not.toMatch(/hidden-(owner|note|token)/);
  },
  RUN_TIMEOUT_MS,
);

test(
  "an unknown value that a remediated resource holds is still unknown in the preview",
  async () => {
    const preview = await engine.preview({ program: PROGRAM, policyPack, policyPackConfig, stack: "unknowns" });
    const deployment = JSON.stringify(inputsOf(preview, "api"));
    expect(preview.code).toBe(0);
    expect(deployment).toBeDefined();
    expect(JSON.stringify(preview.steps)).toContain("AWS_DEFAULT_REGION");
    expect(JSON.stringify(preview.steps)).toContain("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
  },
  RUN_TIMEOUT_MS,
);
