import * as grpc from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { type RehearsalOptions, startRehearsal } from "../../policy-pack/src/rehearsal";
import { connect, disconnect, type Properties } from "./provider-client";

afterEach(disconnect);

const role = "aws:iam/role:Role";

async function roleIn(options: RehearsalOptions = {}): Promise<Properties> {
  const rehearsal = await startRehearsal(options);
  try {
    return (await (await connect(rehearsal, "aws")).create(role, { assumeRolePolicy: "{}" })).outputs;
  } finally {
    await rehearsal.close();
  }
}

test("every package of the chain and each further one is attached once", async () => {
  const rehearsal = await startRehearsal({ echoPackages: ["random", "random", "aws", "eks"] });
  await rehearsal.close();
  const packages = rehearsal.debugProviders.split(",").map((entry) => entry.split(":")[0]);
  expect(packages).toEqual(["aws", "kubernetes", "aws-native", "eks", "random"]);
  expect(rehearsal.debugProviders).toMatch(/^([a-z-]+:\d+,?)+$/);
});

test("two rehearsals tell the same, another account tells otherwise", async () => {
  expect(await roleIn()).toEqual(await roleIn());
  expect(await roleIn({ accountId: "444455556666" })).not.toEqual(await roleIn());
});

test("closing ends the servers, and may be done twice", async () => {
  const rehearsal = await startRehearsal();
  const aws = await connect(rehearsal, "aws");
  await rehearsal.close();
  await rehearsal.close();
  await expect(aws.check(role, {})).rejects.toMatchObject({ code: grpc.status.UNAVAILABLE });
});

describe("hostile input", () => {
  const answers = async (type: string, inputs: Properties): Promise<Properties> => {
    const rehearsal = await startRehearsal();
    try {
      return (await (await connect(rehearsal, "aws")).create(type, inputs)).outputs;
    } finally {
      await rehearsal.close();
    }
  };

  test.each<[string, string, Properties]>([
    [
      "a role whose properties all have the wrong type",
      role,
      { assumeRolePolicy: "seven", name: [], path: {}, tags: "x", maxSessionDuration: "y" },
    ],
    ["a cluster of scalars", "aws:eks/cluster:Cluster", { name: 1, vpcConfig: "none", roleArn: {} }],
    [
      "a provider of lists",
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      { url: [1], clientIdLists: "x", thumbprintLists: [[]] },
    ],
    ["a type that is no token", "::::", { a: 1 }],
    ["a type and a cluster named like JavaScript's own", "constructor", { clusterName: "toString" }],
    ["a cluster named like JavaScript's own", "aws:eks/cluster:Cluster", { name: "constructor" }],
    ["names of JavaScript's own", "aws:sqs/queue:Queue", { constructor: "x", toString: "y", name: "jobs" }],
  ])("%s is answered", async (_, type, inputs) => {
    expect(await answers(type, inputs)).toMatchObject(inputs);
  });

  test("ten megabytes are answered", async () => {
    const description = "x".repeat(10_000_000);
    expect((await answers(role, { assumeRolePolicy: "{}", description }))["description"]).toHaveLength(10_000_000);
  }, 120_000);

  test("a failure of a function is a gRPC error, and the server goes on", async () => {
    const rehearsal = await startRehearsal();
    const aws = await connect(rehearsal, "aws");
    const token = "aws:iam/getPolicyDocument:getPolicyDocument";
    await expect(aws.invoke(token, { sourcePolicyDocuments: ["{"] })).rejects.toMatchObject({
      code: grpc.status.INTERNAL,
      details: expect.stringContaining("unmarshaling source document 0") as string,
    });
    expect(await aws.invoke(token, {})).toHaveProperty("json");
    await rehearsal.close();
  });

  test("what a stand-in lacks is UNIMPLEMENTED, so the engine does without", async () => {
    const rehearsal = await startRehearsal();
    const { raw } = await connect(rehearsal, "aws");
    const error = await new Promise<grpc.ServiceError | null>((resolve) => {
      raw.getSchema(new pb.GetSchemaRequest(), resolve);
    });
    await rehearsal.close();
    expect(error).toMatchObject({ code: grpc.status.UNIMPLEMENTED });
  });
});
