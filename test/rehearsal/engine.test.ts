/** The stand-ins on the real engine: preview, up, preview again, destroy, of one program in both modes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { type Rehearsal, type RehearsalMode, startRehearsal } from "../../policy-pack/src/rehearsal";
import { providePulumi } from "../../scripts/pulumi-cli/provide";

jest.setTimeout(600_000);

/** What the program saw of its own resources; unknown outputs never arrive. */
const seen = new Map<string, unknown>();
const see = <T>(name: string, value: pulumi.Output<T>): void => {
  value.apply((known) => seen.set(name, known));
};

const stage = mkdtempSync(join(tmpdir(), "rehearsal-"));
const path = process.env["PATH"];
const running: Rehearsal[] = [];
beforeAll(async () => {
  const cli = await providePulumi({ say: () => undefined });
  process.env["PATH"] = [dirname(cli.path), path].join(delimiter);
});
beforeEach(() => {
  seen.clear();
});
afterAll(async () => {
  process.env["PATH"] = path;
  await Promise.all(running.map((rehearsal) => rehearsal.close()));
  rmSync(stage, { recursive: true, force: true });
});

async function stackOf(name: string, mode: RehearsalMode, program: () => Promise<void>): Promise<Stack> {
  const rehearsal = await startRehearsal({ mode });
  running.push(rehearsal);
  return LocalWorkspace.createOrSelectStack(
    { stackName: name, projectName: "shop", program },
    {
      pulumiHome: stage,
      projectSettings: { name: "shop", runtime: "nodejs", backend: { url: `file://${stage}` } },
      envVars: {
        PULUMI_DEBUG_PROVIDERS: rehearsal.debugProviders,
        PULUMI_CONFIG_PASSPHRASE: "rehearsal",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    },
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- the Automation API wants a promise
const irsa = async (): Promise<void> => {
  const cluster = new aws.eks.Cluster("main", {
    name: "main",
    roleArn: "arn:aws:iam::111122223333:role/eks",
    vpcConfig: { subnetIds: ["subnet-1"] },
  });
  const provider = new aws.iam.OpenIdConnectProvider("main", {
    url: cluster.identities.apply((identities) => identities[0]?.oidcs[0]?.issuer ?? ""),
    clientIdLists: ["sts.amazonaws.com"],
  });
  const role = new aws.iam.Role("api", {
    name: "api",
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Federated: provider.arn }, Action: "sts:AssumeRoleWithWebIdentity" }],
    },
  });
  const kubeconfig = pulumi.jsonStringify({ server: cluster.endpoint, cluster: cluster.name });
  const target = new kubernetes.Provider("main", { kubeconfig });
  const account = new kubernetes.core.v1.ServiceAccount(
    "api",
    { metadata: { annotations: { "eks.amazonaws.com/role-arn": role.arn } } },
    { provider: target },
  );
  const elsewhere = new aws.Provider("elsewhere", {
    region: "eu-west-1",
    assumeRoles: [{ roleArn: "arn:aws:iam::222233334444:role/deploy" }],
  });
  see("queue", new aws.sqs.Queue("jobs", { name: "jobs" }, { provider: elsewhere }).arn);
  see("trust", role.assumeRolePolicy);
  see("roleId", role.id);
  see("account", account.metadata);
  see("found", aws.iam.Role.get("found", "existing").arn);
};

const roleArn = "arn:aws:iam::111122223333:role/api";

test("known mode: the first preview sees what the deployment sees", async () => {
  const stack = await stackOf("known", "known", irsa);
  expect((await stack.preview()).changeSummary).toEqual({ create: 8 });
  expect(Object.fromEntries(seen)).toEqual({
    queue: "arn:aws:sqs:eu-west-1:222233334444:jobs",
    trust: expect.stringMatching(
      /"Federated":"arn:aws:iam::111122223333:oidc-provider\/oidc\.eks\.us-west-2\.amazonaws\.com\/id\/[0-9A-F]{32}"/,
    ) as string,
    roleId: "api",
    account: expect.objectContaining({
      name: expect.stringMatching(/^api-[0-9a-f]{8}$/) as string,
      namespace: "default",
      annotations: { "eks.amazonaws.com/role-arn": roleArn, "pulumi.com/autonamed": "true" },
    }) as unknown,
    found: "arn:aws:iam::111122223333:role/existing",
  });
  const previewed = Object.fromEntries(seen);

  expect((await stack.up()).summary.resourceChanges).toEqual({ create: 8 });
  expect(Object.fromEntries(seen)).toEqual(previewed);
  expect((await stack.preview()).changeSummary).toEqual({ same: 8 });
  expect((await stack.destroy()).summary.result).toBe("succeeded");
});

test("unknown mode: the first preview sees names only, kubernetes nothing, the second one everything", async () => {
  const stack = await stackOf("unknown", "unknown", irsa);
  await stack.preview();
  expect(Object.fromEntries(seen)).toEqual({ found: "arn:aws:iam::111122223333:role/existing" });
  await stack.up();
  const deployed = Object.fromEntries(seen);
  expect(deployed).toMatchObject({
    roleId: "api",
    account: { annotations: { "eks.amazonaws.com/role-arn": roleArn } },
  });
  seen.clear();
  expect((await stack.preview()).changeSummary).toEqual({ same: 8 });
  expect(Object.fromEntries(seen)).toEqual(deployed);
});

/** The pulumi-eks package's component, as its SDK registers it: remote. */
class EksCluster extends pulumi.ComponentResource {
  declare readonly oidcProviderArn: pulumi.Output<string>;
  declare readonly oidcProviderUrl: pulumi.Output<string>;
  declare readonly oidcIssuer: pulumi.Output<string>;
  declare readonly eksCluster: pulumi.Output<aws.eks.Cluster>;

  constructor(name: string, args: { readonly createOidcProvider: boolean }) {
    const outputs = {
      oidcProviderArn: undefined,
      oidcProviderUrl: undefined,
      oidcIssuer: undefined,
      eksCluster: undefined,
    };
    super("eks:index:Cluster", name, { ...args, ...outputs }, {}, true);
  }
}

test("the pulumi-eks component is built, with its cluster and its provider", async () => {
  // eslint-disable-next-line @typescript-eslint/require-await -- the Automation API wants a promise
  const stack = await stackOf("component", "known", async () => {
    const cluster = new EksCluster("main", { createOidcProvider: true });
    see("arn", cluster.oidcProviderArn);
    see("url", cluster.oidcProviderUrl);
    see("issuer", cluster.oidcIssuer);
    see("endpoint", cluster.eksCluster.endpoint);
    see("none", new EksCluster("bare", { createOidcProvider: false }).oidcProviderArn);
  });
  await stack.up();
  const issuer = String(seen.get("issuer"));
  expect(issuer).toMatch(/^oidc\.eks\.us-west-2\.amazonaws\.com\/id\/[0-9A-F]{32}$/);
  expect(Object.fromEntries(seen)).toMatchObject({
    arn: `arn:aws:iam::111122223333:oidc-provider/${issuer}`,
    url: `https://${issuer}`,
    endpoint: `https://${issuer.slice(-32)}.gr7.us-west-2.eks.amazonaws.com`,
    none: "",
  });
  const exported = await stack.exportStack();
  const { resources } = exported.deployment as { readonly resources: readonly { readonly urn: string }[] };
  const urns = resources.map(({ urn }) => urn.split("::").slice(2).join(" "));
  expect(urns).toContain("eks:index:Cluster$aws:eks/cluster:Cluster main-eksCluster");
  expect(urns).toContain("eks:index:Cluster$aws:iam/openIdConnectProvider:OpenIdConnectProvider main-oidcProvider");
});
