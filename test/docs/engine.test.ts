import { join } from "node:path";
import { writeProgram } from "../../scripts/engine/project";
import { policyPack, RUN_TIMEOUT_MS, START_TIMEOUT_MS, startEngine, type TestEngine } from "../engine/harness";
import { codeUnder, page } from "./markdown";

/** The names that the pages' programs take for granted, as resources. */
const PRELUDE = `
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding } from "eks-irsa";

const clusterOf = (name: string) =>
  new aws.eks.Cluster(name, { name, roleArn: "arn:aws:iam::111122223333:role/eks", vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] } });
const providerOf = (name: string, of: aws.eks.Cluster) =>
  new k8s.Provider(name, { kubeconfig: of.endpoint.apply((server) => JSON.stringify({ server })) });
`;
const ONE = `${PRELUDE}
const cluster = clusterOf("prod");
const provider = providerOf("prod", cluster);
`;
const TWO = `${PRELUDE}
const blue = clusterOf("blue");
const green = clusterOf("green");
const onBlue = providerOf("blue", blue);
const onGreen = providerOf("green", green);
`;
const BY_HAND = `${ONE}
const issuer = cluster.identities[0].oidcs[0].issuer;
const assumeRolePolicy = issuer.apply((url) => {
  const host = url.replace("https://", "");
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/" + host },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [host + ":aud"]: "sts.amazonaws.com", [host + ":sub"]: "system:serviceaccount:shop:api" } },
    }],
  });
});
`;

const API = `
const api = new IrsaBinding(
  "api",
  { cluster, namespace: "shop", policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
  { providers: { kubernetes: provider } },
);
`;

/** Blocks of one program, without the imports, which the prelude has, and with suppressions that outlive this test. */
function program(prelude: string, blocks: readonly string[]): string {
  const code = blocks.join("\n").replace(/^import .*$/gm, "");
  return `${prelude}${code.replace(/\buntil \d{4}-\d{2}-\d{2}/g, "until 2999-12-31")}`;
}

const started = page("docs/getting-started.md");
const clusters = page("docs/multi-cluster.md");
const migration = page("docs/migration.md");

const SILENT: readonly (readonly [string, string])[] = [
  ["getting started", program(ONE, codeUnder(started, "3. Build a binding that cannot be wired wrongly"))],
  ["one role, two clusters", program(TWO, codeUnder(clusters, "One role, two clusters"))],
  ["a role for each cluster", program(TWO, codeUnder(clusters, "A role for each cluster"))],
  ["cluster and role in two accounts", program(ONE, codeUnder(clusters, "Cluster in one account, role in another"))],
];

describe.each(["known", "unknown"] as const)("on the real engine, values %s", (mode) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startEngine({ mode });
  }, START_TIMEOUT_MS);
  afterAll(() => engine.close());

  test.each(SILENT)(
    "the program of %s has no finding",
    async (_, text) => {
      const { code, policyEvents, diagnostics } = await engine.preview({ program: text, policyPack });
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(policyEvents.map(({ policyName, message }) => [policyName, message])).toEqual([]);
      expect(code).toBe(0);
    },
    RUN_TIMEOUT_MS,
  );
});

describe("on the real engine", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startEngine();
  }, START_TIMEOUT_MS);
  afterAll(() => engine.close());

  const previewed = async (text: string) => {
    const { policyEvents, diagnostics } = await engine.preview({ program: text, policyPack });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    return policyEvents;
  };

  test(
    "the program after the migration takes over that before it, without a replacement",
    async () => {
      const [before = "", after = ""] = codeUnder(migration, "From hand-written resources to IrsaBinding");
      const dir = join(engine.folder, "adoption");
      writeProgram(dir, "adoption", program(BY_HAND, [before]));
      expect((await engine.up({ dir })).code).toBe(0);
      writeProgram(dir, "adoption", program(ONE, [after]));
      const { code, steps } = await engine.preview({ dir });
      expect(code).toBe(0);
      const changes = steps.filter(({ op }) => op !== "same" && op !== "update");
      expect(changes.map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`)).toEqual(["create api"]);
    },
    RUN_TIMEOUT_MS,
  );

  test(
    "the migration to Pod Identity is reported, and its suppression silences the report",
    async () => {
      const [trusting = "", agent = "", association = "", suppressing = ""] = codeUnder(
        migration,
        "From IRSA to Pod Identity",
      );
      const reported = await previewed(program(ONE, [trusting, agent, association]));
      expect(reported.map(({ policyName }) => policyName)).toEqual(["service-account-pod-identity"]);
      const bound = suppressing.replace("new IrsaBinding", "const api = new IrsaBinding");
      const silenced = await previewed(program(ONE, [bound, agent, association]));
      expect(silenced.map(({ policyName }) => policyName)).toEqual(["irsa-suppression"]);
      expect(silenced[0]?.message).toContain("move to Pod Identity");
    },
    RUN_TIMEOUT_MS,
  );

  test(
    "every suppression of the configuration page suppresses something",
    async () => {
      const events = await previewed(
        program(`${BY_HAND}${API}`, codeUnder(page("docs/configuration.md"), "Suppression")),
      );
      expect(events.map(({ policyName }) => policyName)).toEqual(Array(3).fill("irsa-suppression"));
      expect(events.map(({ message }) => message).join("\n")).not.toContain("suppresses nothing");
    },
    RUN_TIMEOUT_MS,
  );
});
