/** Whole previews on the real engine, with and without a pack. */
import { startRehearsal } from "eks-irsa-policy-pack/dist/rehearsal";
import { createEngine } from "../engine/engine";
import { providePulumi } from "../pulumi-cli/provide";
import type { Pack } from "./pack-process";
import { median } from "./statistics";

export interface EngineRuns {
  readonly resources: number;
  readonly rounds: number;
  /** Seconds of a preview without any pack, median. */
  readonly withoutSeconds: number;
  /** Seconds that a pack adds: the median of the differences within each round. */
  readonly addedSeconds: ReadonlyMap<Pack["id"], number>;
}

const RESOURCES = 100;
/** Those of the chain, the stack itself and the default provider of aws. */
const OTHERS = 8;
const PROGRAM = `
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
const cluster = new aws.eks.Cluster("shop", { roleArn: "arn:aws:iam::111122223333:role/eks", vpcConfig: { subnetIds: ["subnet-1"] } });
const url = cluster.identities[0].oidcs[0].issuer;
const oidc = new aws.iam.OpenIdConnectProvider("shop", { url, clientIdLists: ["sts.amazonaws.com"] });
const role = new aws.iam.Role("api", {
  name: "api",
  assumeRolePolicy: pulumiTrust(),
});
new aws.iam.RolePolicyAttachment("api", { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" });
const provider = new k8s.Provider("shop", { kubeconfig: cluster.endpoint.apply((server) => JSON.stringify({ clusters: [{ name: "shop", cluster: { server } }] })) });
const metadata = { name: "api", namespace: "default", annotations: { "eks.amazonaws.com/role-arn": role.arn } };
new k8s.core.v1.ServiceAccount("api", { metadata }, { provider });
for (let index = 0; index < ${RESOURCES - OTHERS}; index++) new aws.sqs.Queue("queue-" + index, { name: "queue-" + index });

function pulumiTrust() {
  return oidc.arn.apply((arn) => url.apply((issuer) => {
    const host = issuer.replace("https://", "");
    return JSON.stringify({ Version: "2012-10-17", Statement: [{
      Effect: "Allow", Principal: { Federated: arn }, Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [host + ":sub"]: "system:serviceaccount:default:api", [host + ":aud"]: "sts.amazonaws.com" } },
    }] });
  }));
}
`;

/** @throws Error when no Pulumi CLI can be provided, or a preview fails. */
export async function measureEngine(
  packs: readonly Pack[],
  rounds: number,
  say: (line: string) => void,
): Promise<EngineRuns> {
  const cli = await providePulumi();
  const rehearsal = await startRehearsal({ mode: "known" });
  const engine = createEngine({ cli, debugProviders: rehearsal.debugProviders });
  let resources = 0;
  const preview = async (pack: Pack | undefined): Promise<number> => {
    const path = pack?.folder ?? pack?.file;
    const started = performance.now();
    const result = await engine.preview({ program: PROGRAM, ...(path === undefined ? {} : { policyPack: path }) });
    const seconds = (performance.now() - started) / 1000;
    if (result.code !== 0) throw new Error(`A preview of the benchmark failed:\n${result.stdout}\n${result.stderr}`);
    resources = result.steps.length;
    return seconds;
  };
  try {
    // Makes the stack and fills the caches of the file system; not counted.
    await preview(undefined);
    const without: number[] = [];
    const added = new Map<Pack["id"], number[]>(packs.map(({ id }) => [id, []]));
    for (let round = 0; round < rounds; round++) {
      say(`whole previews: round ${round + 1} of ${rounds}`);
      const alone = await preview(undefined);
      without.push(alone);
      for (const pack of packs) added.get(pack.id)?.push((await preview(pack)) - alone);
    }
    return {
      resources,
      rounds,
      withoutSeconds: median(without) ?? 0,
      addedSeconds: new Map([...added].map(([id, seconds]) => [id, median(seconds) ?? 0])),
    };
  } finally {
    engine.close();
    await rehearsal.close();
  }
}
