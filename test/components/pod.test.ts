import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding, type RichIrsaBindingArgs } from "../../components/src";
import { ACCOUNT, isKnown, ISSUER, only, run, settle, sources, UNKNOWN, type Registered } from "./program";
import { Deployment } from "@pulumi/kubernetes/apps/v1";

const POLICIES = ["arn:aws:iam::aws:policy/X"];
const ARGS: RichIrsaBindingArgs = {
  namespace: "shop",
  issuerUrl: `https://${ISSUER}`,
  policyArns: POLICIES,
};
const CONTAINER = { name: "app", image: "app:1" };
const REGION = [
  { name: "AWS_REGION", value: "eu-west-1" },
  { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
];

/** What a binding makes of a pod spec, settled. */
async function podSpec(
  spec: Parameters<IrsaBinding["podSpec"]>[0],
  args: RichIrsaBindingArgs = ARGS,
): Promise<unknown> {
  const { result } = await run("up", () => pulumi.output(new IrsaBinding("api", args).podSpec(spec)));
  return settle(result);
}

describe("a pod spec", () => {
  it("gets the account and both region variables", async () => {
    expect(await podSpec({ containers: [CONTAINER] })).toEqual({
      containers: [{ ...CONTAINER, env: REGION }],
      serviceAccountName: "api",
    });
  });

  it("keeps every field of the caller, in its order", async () => {
    const spec = {
      priorityClassName: "high",
      serviceAccountName: "api",
      initContainers: [{ name: "init", image: "init:1", args: ["a"] }],
      containers: [
        {
          env: [
            { name: "B", value: "2" },
            { name: "A", value: "1" },
          ],
          name: "app",
          image: "app:1",
          ports: [{ containerPort: 80 }],
        },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
      terminationGracePeriodSeconds: 5,
    };
    const merged = (await podSpec(spec)) as typeof spec;
    expect(Object.keys(merged)).toEqual(Object.keys(spec));
    expect(merged.volumes).toEqual(spec.volumes);
    expect(merged.initContainers).toEqual([{ ...spec.initContainers[0], env: REGION }]);
    expect(Object.keys(merged.containers[0] ?? {})).toEqual(["env", "name", "image", "ports"]);
    expect(merged.containers[0]?.env).toEqual([...REGION, { name: "B", value: "2" }, { name: "A", value: "1" }]);
  });

  it("completes a pair of region variables that the caller has begun", async () => {
    const own = { name: "AWS_REGION", value: "us-west-2" };
    const merged = (await podSpec({ containers: [{ ...CONTAINER, env: [own] }] })) as {
      containers: { env: unknown }[];
    };
    expect(merged.containers[0]?.env).toEqual([{ name: "AWS_DEFAULT_REGION", value: "us-west-2" }, own]);
  });

  it("takes lists and containers that are Outputs", async () => {
    const merged = await podSpec({
      containers: pulumi.output([{ ...CONTAINER, env: pulumi.output([{ name: "A", value: "1" }]) }]),
    });
    expect(merged).toEqual({
      containers: [{ ...CONTAINER, env: [...REGION, { name: "A", value: "1" }] }],
      serviceAccountName: "api",
    });
  });

  it("gets no region of an issuer that is not one of EKS", async () => {
    const spec = await podSpec({ containers: [CONTAINER] }, { ...ARGS, issuerUrl: "https://issuer.example.org" });
    expect(spec).toEqual({ containers: [CONTAINER], serviceAccountName: "api" });
  });

  it("gets the region that is given", async () => {
    const spec = await podSpec(
      { containers: [CONTAINER] },
      { ...ARGS, issuerUrl: "https://issuer.example.org", region: "eu-central-1" },
    );
    expect(JSON.stringify(spec).match(/eu-central-1/g)).toHaveLength(2);
  });

  it("is refused when it names another account", async () => {
    const program = () =>
      new IrsaBinding("api", ARGS).podSpec({ serviceAccountName: "other", containers: [CONTAINER] });
    await expect(run("up", program)).rejects.toThrow(
      /podSpec.serviceAccountName: "other" is not legal: the binding's account is "api"/,
    );
  });

  it("serves each account of a binding", async () => {
    const { result } = await run("up", () => {
      const binding = new IrsaBinding("api", {
        issuerUrl: ISSUER,
        policyArns: POLICIES,
        serviceAccounts: [
          { namespace: "shop", name: "web" },
          { namespace: "shop", name: "worker" },
        ],
      });
      return [
        binding.podSpec({ containers: [] }).serviceAccountName,
        binding.podSpec({ containers: [] }, "worker").serviceAccountName,
      ];
    });
    expect(await Promise.all(result.map(settle))).toEqual(["web", "worker"]);
  });
});

describe("a workload made with podTemplate", () => {
  const deploy = () => {
    const binding = new IrsaBinding("api", ARGS);
    return new Deployment("api", {
      metadata: { namespace: binding.namespace },
      spec: {
        selector: { matchLabels: { app: "api" } },
        template: binding.podTemplate({
          metadata: { labels: { app: "api" }, annotations: { a: "b" } },
          spec: { containers: [CONTAINER] },
        }),
      },
    });
  };

  const template = ({ inputs }: Registered) =>
    (inputs["spec"] as { template: { metadata: unknown; spec: unknown } }).template;

  it("knows its account and environment at a first preview, and depends on the ServiceAccount and the role", async () => {
    const { resources } = await run("preview", deploy);
    const deployment = only(resources, "Deployment");
    expect(template(deployment)).toEqual({
      metadata: { labels: { app: "api" }, annotations: { a: "b", "eks-irsa.dev/identity": UNKNOWN } },
      spec: { containers: [{ ...CONTAINER, env: REGION }], serviceAccountName: "api" },
    });
    expect(deployment.propertyDependencies["spec"]).toEqual(
      expect.arrayContaining([only(resources, "ServiceAccount").urn, only(resources, "Role").urn]),
    );
    expect(deployment.inputs["metadata"]).toMatchObject({ namespace: "shop" });
  });

  it("rolls out when role, audience or token settings change, and not otherwise", async () => {
    const identity = async (change: Partial<RichIrsaBindingArgs>) => {
      const { result } = await run("up", () => new IrsaBinding("api", { ...ARGS, ...change }).podAnnotations);
      return (await settle(result))["eks-irsa.dev/identity"];
    };
    const base = await identity({});
    expect(base).toMatch(/^[0-9a-f]{16}$/);
    expect(await identity({ labels: { a: "b" } })).toBe(base);
    for (const change of [
      { roleName: "other" },
      { audience: "x" },
      { tokenExpirationSeconds: 3600 },
      { stsRegionalEndpoints: false },
    ]) {
      expect(await identity(change)).not.toBe(base);
    }
  });
});

it("has the region variables and the annotations as outputs for other languages", async () => {
  const { result } = await run("up", () => {
    const china = "oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC";
    return new IrsaBinding("api", {
      namespace: "shop",
      policyArns: ["arn:aws-cn:iam::aws:policy/X"],
      oidcProviderArn: `arn:aws-cn:iam::${ACCOUNT}:oidc-provider/${china}`,
    });
  });
  expect(await settle(result.env)).toEqual([
    { name: "AWS_REGION", value: "cn-north-1" },
    { name: "AWS_DEFAULT_REGION", value: "cn-north-1" },
  ]);
  expect(await settle(result.podSecurityContext)).toMatchObject({ runAsNonRoot: true });
  expect(await isKnown(result.serviceAccountAnnotations)).toBe(true);
  expect(await sources(result.serviceAccountAnnotations)).toHaveLength(1);
});
