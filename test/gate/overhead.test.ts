/** What a rehearsal costs beside the engine's own preview of the same program without the pack. */
import { availableParallelism, loadavg } from "node:os";
import { START_TIMEOUT_MS, startEngine, type TestEngine } from "../engine/harness";
import { openGate, type TestGate } from "./gate";

/** Milliseconds that a rehearsal of 100 resources may cost more. */
const BOUND_MS = 1_500;

const SOURCE = `
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
const issuer = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
const provider = new aws.iam.OpenIdConnectProvider("shop", { url: "https://" + issuer, clientIdLists: ["sts.amazonaws.com"] });
for (let i = 0; i < 24; i += 1) {
  const name = "api-" + i;
  const role = new aws.iam.Role(name, {
    name,
    assumeRolePolicy: provider.arn.apply((arn) => JSON.stringify({ Version: "2012-10-17", Statement: [{
      Effect: "Allow", Principal: { Federated: arn }, Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [issuer + ":aud"]: "sts.amazonaws.com", [issuer + ":sub"]: "system:serviceaccount:shop:" + name } },
    }] })),
  });
  const attachment = new aws.iam.RolePolicyAttachment(name, { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" });
  const account = new k8s.core.v1.ServiceAccount(name, {
    metadata: { name, namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": role.arn } },
  }, { dependsOn: attachment });
  new k8s.apps.v1.Deployment(name, { metadata: { name, namespace: "shop" }, spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name }, annotations: { "example.com/role": role.arn } }, spec: {
      serviceAccountName: account.metadata.name,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
      containers: [{ name: "api", image: "ghcr.io/example/shop-api:1.4.2" }],
    } },
  } });
}
`;

let gate: TestGate;
let engine: TestEngine;
beforeAll(async () => {
  gate = await openGate();
  engine = await startEngine();
}, START_TIMEOUT_MS);
afterAll(async () => {
  gate.close();
  await engine.close();
});

async function timed(run: () => Promise<{ readonly code: number | null }>): Promise<number> {
  const started = performance.now();
  const { code } = await run();
  expect(code).toBe(0);
  return performance.now() - started;
}

test(
  "a rehearsal of 100 resources costs at most 1.5 s more than the engine's own preview",
  async () => {
    const home = gate.program("hundred", SOURCE);
    const own = () => timed(() => engine.preview({ dir: home }));
    const rehearsed = () => timed(() => gate.run(["-C", home, "--require-irsa"]));
    // The first ones make the stack and fill caches. Then in turns, so that a busy machine is busy for both.
    await own();
    await rehearsed();
    const times: { readonly own: number; readonly rehearsed: number }[] = [];
    for (let round = 0; round < 4; round += 1) times.push({ own: await own(), rehearsed: await rehearsed() });
    // Whatever else the machine does only adds, so the least of each is the nearest to what it costs.
    const least = (kind: "own" | "rehearsed") => Math.min(...times.map((each) => each[kind]));
    // Processes of others that wait for the same processors make everything here take as many times longer.
    const crowd = Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());
    expect(least("rehearsed") - least("own")).toBeLessThanOrEqual(BOUND_MS * crowd);
  },
  4 * 60 * 1000,
);
