import { join } from "node:path";
import { writeProgram } from "../../scripts/engine/project";
import { policyPack, RUN_TIMEOUT_MS, startEngine, START_TIMEOUT_MS, type TestEngine } from "../engine/harness";

const PRELUDE = `
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding } from "eks-irsa";

const cluster = (name: string) =>
  new aws.eks.Cluster(name, { name, roleArn: "arn:aws:iam::111122223333:role/eks", vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] } });
const providerOf = (name: string, of: aws.eks.Cluster) =>
  new kubernetes.Provider(name, { kubeconfig: of.endpoint.apply((server) => JSON.stringify({ server })) });
const policyArns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"];
const containers = [{ name: "app", image: "example.org/app:1.0" }];
const deployment = (name: string, binding: IrsaBinding, provider: kubernetes.Provider, account?: string) =>
  new kubernetes.apps.v1.Deployment(name, {
    metadata: { name, namespace: binding.namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: binding.podTemplate({ metadata: { labels: { app: name } }, spec: { containers } }, account),
    },
  }, { provider });
`;

/** Created or adopted provider, one or several accounts, one or several clusters: all eight in one program. */
const COMBINATIONS = `${PRELUDE}
for (const adopts of [false, true]) {
  for (const accounts of [1, 2]) {
    for (const clusters of [1, 2]) {
      const name = \`\${adopts ? "adopt" : "create"}-\${accounts}-\${clusters}\`;
      const own = cluster(name);
      const other = cluster(\`\${name}-other\`);
      const provider = providerOf(name, own);
      const oidc = (of: aws.eks.Cluster, label: string) =>
        new aws.iam.OpenIdConnectProvider(label, { url: of.identities[0].oidcs[0].issuer, clientIdLists: ["sts.amazonaws.com"] });
      const binding = new IrsaBinding(name, {
        ...(accounts === 1 ? { namespace: name } : { serviceAccounts: [{ namespace: name, name: "web" }, { namespace: name, name: "worker" }] }),
        createNamespace: true,
        cluster: own,
        ...(adopts && { oidcProvider: oidc(own, name) }),
        ...(clusters === 2 && { additionalClusters: [adopts ? { oidcProviderArn: oidc(other, \`\${name}-other\`).arn } : { cluster: other }] }),
        policyArns,
      }, { provider });
      for (const account of accounts === 1 ? [undefined] : ["web", "worker"]) {
        deployment(\`\${name}-\${account ?? "app"}\`, binding, provider, account);
      }
    }
  }
}
`;

const BY_HAND = `${PRELUDE}
const prod = cluster("prod");
const provider = providerOf("prod", prod);
const oidc = new aws.iam.OpenIdConnectProvider("oidc", { url: prod.identities[0].oidcs[0].issuer, clientIdLists: ["sts.amazonaws.com"] });
const issuer = oidc.url.apply((url) => url.replace("https://", ""));
const role = new aws.iam.Role("s3-reader", {
  assumeRolePolicy: pulumi.all([oidc.arn, issuer]).apply(([arn, host]) => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Principal: { Federated: arn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [host + ":aud"]: "sts.amazonaws.com", [host + ":sub"]: "system:serviceaccount:shop:api" } },
    }],
  })),
});
new aws.iam.RolePolicyAttachment("s3", { role: role.name, policyArn: policyArns[0]! });
new aws.iam.RolePolicy("queue", { role: role.name, name: "queue", policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }] }) });
const namespace = new kubernetes.core.v1.Namespace("shop", { metadata: { name: "shop" } }, { provider });
new kubernetes.core.v1.ServiceAccount("account", {
  metadata: { name: "api", namespace: namespace.metadata.name, annotations: { "eks.amazonaws.com/role-arn": role.arn } },
}, { provider });
`;

const ADOPTED = `${PRELUDE}
const prod = cluster("prod");
const provider = providerOf("prod", prod);
new IrsaBinding("api", {
  cluster: prod,
  namespace: "shop",
  createNamespace: true,
  policyArns,
  inlinePolicies: { queue: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }] } },
  adopt: { oidcProvider: "oidc", role: "s3-reader", serviceAccount: "account", namespace: "shop", policyAttachments: ["s3"], inlinePolicies: { queue: "queue" } },
}, { provider });
`;

const bindings = (args: string) => `${PRELUDE}
const prod = cluster("prod");
new IrsaBinding("api", { namespace: "shop", policyArns, ${args} }, { provider: providerOf("prod", prod) });
`;

const FORMS = `${PRELUDE}
const prod = cluster("prod");
const provider = providerOf("prod", prod);
const first = new IrsaBinding("api", { cluster: prod, namespace: "shop", createNamespace: true, policyArns, path: "/team/", trustPodIdentity: true, subjectPatterns: ["batch:job-*"] }, { provider });
deployment("api", first, provider);
const shared = { oidcProvider: first, namespace: "shop" };
const helm = new IrsaBinding("dns", { ...shared, serviceAccountMode: "external", addons: [{ addon: "external-dns", hostedZoneArns: ["arn:aws:route53:::hostedzone/Z1"] }] }, { provider });
new kubernetes.helm.v3.Release("dns", { chart: "external-dns", namespace: "shop", values: { serviceAccount: { name: helm.serviceAccountName, annotations: helm.serviceAccountAnnotations }, podAnnotations: helm.podAnnotations } }, { provider });
const patched = new IrsaBinding("legacy", { ...shared, serviceAccountMode: "patch", policyArns, tokenExpirationSeconds: 3600 }, { provider });
deployment("legacy", patched, provider);
const byHand = new aws.iam.Role("report", {
  assumeRolePolicy: pulumi.all([first.oidcProviderArn, first.issuer]).apply(([Federated, issuer]) => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Federated }, Action: "sts:AssumeRoleWithWebIdentity", Condition: { StringEquals: { [issuer + ":aud"]: "sts.amazonaws.com", [issuer + ":sub"]: "system:serviceaccount:shop:report" } } }],
  })),
});
const existing = new IrsaBinding("report", { ...shared, role: byHand, policyArns }, { provider });
deployment("report", existing, provider);
const ebs = new IrsaBinding("ebs-csi-controller-sa", { ...shared, namespace: "kube-system", addons: ["ebs-csi-driver"], permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary", maxSessionDuration: 7200 }, { provider });
deployment("ebs", ebs, provider);
`;

describe.each(["known", "unknown"] as const)("on the real engine, values %s", (mode) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startEngine({ mode });
  }, START_TIMEOUT_MS);
  afterAll(() => engine.close());

  it(
    "every combination of provider, accounts and clusters is silent and verified",
    async () => {
      const { code, policyEvents, diagnostics } = await engine.preview({ program: COMBINATIONS, policyPack });
      expect(policyEvents).toEqual([]);
      expect(diagnostics.filter((each) => each.severity === "error")).toEqual([]);
      expect(code).toBe(0);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    "every other form of a binding is silent, but for a role that was written by hand",
    async () => {
      const { code, policyEvents, diagnostics } = await engine.preview({ program: FORMS, policyPack });
      const rest = policyEvents.map(({ policyName, resourceUrn = "" }) => [policyName, resourceUrn.split("$")[1]]);
      // Nobody knows what a trust policy written by hand says before its provider exists.
      const byHand = ["irsa-unverified", "kubernetes:core/v1:ServiceAccount::report"];
      expect(rest).toEqual(mode === "known" ? [] : [byHand]);
      expect(diagnostics.filter((each) => each.severity === "error")).toEqual([]);
      expect(code).toBe(0);
    },
    RUN_TIMEOUT_MS,
  );
});

describe("on the real engine", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startEngine({ mode: "unknown" });
  }, START_TIMEOUT_MS);
  afterAll(() => engine.close());

  it(
    "takes over a hand-written chain without replacing or deleting anything",
    async () => {
      const dir = join(engine.folder, "adoption");
      writeProgram(dir, "adoption", BY_HAND);
      expect((await engine.up({ dir })).code).toBe(0);
      writeProgram(dir, "adoption", ADOPTED);
      const { code, steps, stderr } = await engine.preview({ dir });
      expect([code, stderr]).toEqual([0, ""]);
      const changes = steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join("::")}`);
      expect(changes.filter((each) => !/^(same|update) /.test(each))).toEqual([
        "create eks-irsa:index:IrsaBinding::api",
      ]);
      expect(changes).toHaveLength(11);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    "changes nothing in a second run, and is deleted from the ServiceAccount to the provider",
    async () => {
      const created = await engine.up({ program: FORMS });
      expect([created.code, created.stderr]).toEqual([0, ""]);
      const again = await engine.preview({ program: FORMS, policyPack });
      expect(again.steps.filter(({ op }) => op !== "same")).toEqual([]);
      expect(again.policyEvents).toEqual([]);
      const { code, steps } = await engine.destroy({ program: FORMS });
      expect(code).toBe(0);
      const order = steps.map(({ urn }) =>
        urn.split("::").slice(2).join("::").replace("eks-irsa:index:IrsaBinding$", ""),
      );
      const chain = [
        "kubernetes:apps/v1:Deployment::api",
        "kubernetes:core/v1:ServiceAccount::api",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment::api-AmazonS3ReadOnlyAccess",
        "aws:iam/role:Role::api",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider::api",
      ];
      expect(order.filter((each) => chain.includes(each))).toEqual(chain);
    },
    RUN_TIMEOUT_MS,
  );

  it.each<readonly [string, string, RegExp]>([
    [
      "a literal",
      'issuerUrl: "https://oidc.eks.eu-west-1.amazonaws.com"',
      /IrsaBinding "api" has wrong arguments:\s+issuerUrl: "https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com" is not legal/,
    ],
    [
      "a value known later",
      'oidcProviderArn: pulumi.output("").apply((arn) => arn)',
      /oidcProviderArn: "" is not legal: the ARN is empty/,
    ],
  ])(
    "says by its property what is wrong with %s, without a frame of the component",
    async (_title, args, legal) => {
      const { code, stdout, stderr, steps } = await engine.preview({ program: bindings(args) });
      expect(code).not.toBe(0);
      expect(stdout + stderr).toMatch(legal);
      expect(stdout + stderr).not.toMatch(/components\/(src|dist)/);
      expect(steps.filter((each) => each.type.startsWith("aws:iam"))).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );
});
