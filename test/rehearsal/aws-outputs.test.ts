import { type Rehearsal, type RehearsalOptions, startRehearsal } from "../../policy-pack/src/rehearsal";
import { connect, disconnect, type Properties, type Provider, secret, unknown } from "./provider-client";

const role = "aws:iam/role:Role";
const oidcProvider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const cluster = "aws:eks/cluster:Cluster";
const issuer = "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const clusterInputs = {
  name: "main",
  roleArn: "arn:aws:iam::111122223333:role/eks",
  vpcConfig: { subnetIds: ["subnet-1"] },
};

const running: Rehearsal[] = [];
const start = async (options?: RehearsalOptions): Promise<Rehearsal> => {
  const rehearsal = await startRehearsal(options);
  running.push(rehearsal);
  return rehearsal;
};

let known: Provider;
let firstPreview: Provider;
beforeAll(async () => {
  known = await connect(await start(), "aws");
  firstPreview = await connect(await start({ mode: "unknown" }), "aws");
});
afterAll(async () => {
  disconnect();
  await Promise.all(running.map((rehearsal) => rehearsal.close()));
});

const issuerOf = (outputs: Properties): unknown =>
  (outputs["identities"] as readonly { oidcs: readonly { issuer: unknown }[] }[])[0]?.oidcs[0]?.issuer;

describe("known mode", () => {
  test("a role has its ARN, with its path, already at preview", async () => {
    const { id, outputs } = await known.create(role, { assumeRolePolicy: "{}", name: "api", path: "/shop/" });
    expect(id).toBe("api");
    expect(outputs).toMatchObject({
      name: "api",
      arn: "arn:aws:iam::111122223333:role/shop/api",
      managedPolicyArns: [],
    });
    expect(outputs["uniqueId"]).toMatch(/^AROA[A-Z2-7]{17}$/);
  });

  test("a cluster has an issuer and an endpoint of the same id", async () => {
    const { outputs } = await known.create(cluster, clusterInputs);
    const id = /\/id\/([0-9A-F]{32})$/.exec(String(issuerOf(outputs)))?.[1] ?? "none";
    expect(outputs).toMatchObject({
      arn: "arn:aws:eks:us-west-2:111122223333:cluster/main",
      endpoint: `https://${id}.gr7.us-west-2.eks.amazonaws.com`,
      identities: [{ oidcs: [{ issuer: `https://oidc.eks.us-west-2.amazonaws.com/id/${id}` }] }],
      status: "ACTIVE",
      region: "us-west-2",
      vpcConfig: { subnetIds: ["subnet-1"], endpointPublicAccess: true },
    });
  });

  test("a lookup of a cluster finds the issuer that the cluster resource has", async () => {
    const { outputs } = await known.create(cluster, clusterInputs);
    const found = await known.invoke("aws:eks/getCluster:getCluster", { name: "main" });
    expect(issuerOf(found)).toBe(issuerOf(outputs));
  });

  test("an issuer that the user told wins", async () => {
    const told = await connect(await start({ issuers: { main: issuer } }), "aws");
    expect(issuerOf(await told.invoke("aws:eks/getCluster:getCluster", { name: "main" }))).toBe(issuer);
    expect(issuerOf((await told.create(cluster, clusterInputs)).outputs)).toBe(issuer);
  });

  test("an OIDC provider's ARN follows from its url, which comes back without a scheme, in a preview that knows it too", async () => {
    const inputs = { url: issuer, clientIdLists: ["sts.amazonaws.com"] };
    const host = issuer.slice("https://".length);
    const arn = `arn:aws:iam::111122223333:oidc-provider/${host}`;
    for (const preview of [true, false])
      expect(await known.create(oidcProvider, inputs, { preview })).toMatchObject({ outputs: { arn, url: host } });
  });

  test("state holds a policy document in normal form", async () => {
    const { outputs } = await known.create(role, { assumeRolePolicy: '{ "Version": "2012-10-17", "Id": "x" }' });
    expect(outputs["assumeRolePolicy"]).toBe('{"Id":"x","Version":"2012-10-17"}');
  });

  test("what depends on an unknown stays unknown", async () => {
    const { id, outputs } = await known.create(role, { assumeRolePolicy: unknown, name: unknown });
    expect(id).toBe("");
    expect(outputs).toMatchObject({ name: unknown, arn: unknown, assumeRolePolicy: unknown });
  });

  test("a secret input is a secret output", async () => {
    const { outputs } = await known.create("aws:ssm/parameter:Parameter", {
      name: "/shop/token",
      value: secret("hush"),
    });
    expect(outputs).toMatchObject({
      value: secret("hush"),
      arn: "arn:aws:ssm:us-west-2:111122223333:parameter/shop/token",
    });
  });

  test.each<[string, Properties, string]>([
    ["aws:iam/policy:Policy", { policy: "{}", name: "read" }, "arn:aws:iam::111122223333:policy/read"],
    ["aws:s3/bucket:Bucket", { bucket: "data" }, "arn:aws:s3:::data"],
    ["aws:sqs/queue:Queue", { name: "jobs" }, "arn:aws:sqs:us-west-2:111122223333:jobs"],
    ["aws:dynamodb/table:Table", { name: "carts" }, "arn:aws:dynamodb:us-west-2:111122223333:table/carts"],
    ["aws:sqs/queue:Queue", { name: "jobs", region: "eu-west-1" }, "arn:aws:sqs:eu-west-1:111122223333:jobs"],
    ["aws:dynamodb/table:Table", { name: unknown }, unknown],
  ])("%s %j", async (type, inputs, arn) => {
    expect((await known.create(type, inputs)).outputs["arn"]).toBe(arn);
  });

  test("a type that no table lists hands its inputs back with an ARN and an id", async () => {
    const { id, outputs } = await known.create("aws:mq/broker:Broker", { engineType: "ActiveMQ" });
    // The outputs' own id stays unknown until the resource exists, as with the real provider.
    expect(outputs).toMatchObject({ engineType: "ActiveMQ", id: unknown });
    expect(outputs["arn"]).toBe(`arn:aws:mq:us-west-2:111122223333:broker/${id}`);
  });

  test("tags of the provider and of the resource meet in tagsAll", async () => {
    const tagged = await connect(await start(), "aws", {
      defaultTags: '{"tags":{"team":"shop","env":"dev"}}',
    });
    const { outputs } = await tagged.create(role, { assumeRolePolicy: "{}", tags: { env: "prod" } });
    expect(outputs).toMatchObject({ tags: { env: "prod" }, tagsAll: { team: "shop", env: "prod" } });
  });
});

describe("unknown mode", () => {
  test("a preview knows the inputs and nothing that the cloud computes", async () => {
    const { id, outputs } = await firstPreview.create(role, { assumeRolePolicy: "{}", tags: { env: "dev" } });
    expect(id).toBe("");
    expect(outputs).toMatchObject({
      name: expect.stringMatching(/^api-/) as string,
      path: "/",
      arn: unknown,
      uniqueId: unknown,
      managedPolicyArns: unknown,
      tagsAll: { env: "dev" },
    });
  });

  test("a cluster's issuer, endpoint and security group are unknown, its subnets are not", async () => {
    const { outputs } = await firstPreview.create(cluster, clusterInputs);
    expect(outputs).toMatchObject({
      identities: unknown,
      endpoint: unknown,
      certificateAuthority: unknown,
      vpcConfig: { subnetIds: ["subnet-1"], clusterSecurityGroupId: unknown },
    });
  });

  test("creation makes everything known", async () => {
    const { id, outputs } = await firstPreview.create(
      role,
      { assumeRolePolicy: "{}", name: "api" },
      { preview: false },
    );
    expect(id).toBe("api");
    expect(JSON.stringify(outputs)).not.toContain(unknown);
  });

  test("the preview of an update keeps what state knows", async () => {
    const { outputs } = await firstPreview.create(role, { assumeRolePolicy: "{}", name: "api" }, { preview: false });
    const updated = await firstPreview.update(role, "api", outputs, {
      assumeRolePolicy: "{}",
      name: "api",
      maxSessionDuration: 7200,
    });
    expect(updated).toEqual({ ...outputs, maxSessionDuration: 7200 });
  });
});

describe("diff", () => {
  test("nothing changed, even when a document is written differently", async () => {
    const olds = { name: "api", assumeRolePolicy: '{"Version":"2012-10-17","Id":"x"}' };
    const news = { name: "api", assumeRolePolicy: '{ "Id": "x", "Version": "2012-10-17" }' };
    expect(await known.diff(role, olds, news)).toEqual({ changed: [], replaces: [], deleteBeforeReplace: false });
  });

  test.each<[string, string, Properties, Properties, readonly string[], readonly string[]]>([
    [
      "a trust policy is changed in place",
      role,
      { assumeRolePolicy: "{}" },
      { assumeRolePolicy: '{"Id":"x"}' },
      ["assumeRolePolicy"],
      [],
    ],
    [
      "an unknown trust policy is a change",
      role,
      { assumeRolePolicy: "{}" },
      { assumeRolePolicy: unknown },
      ["assumeRolePolicy"],
      [],
    ],
    ["a role's name replaces it", role, { name: "a" }, { name: "b" }, ["name"], ["name"]],
    ["a provider's url replaces it", oidcProvider, { url: "https://a" }, { url: "https://b" }, ["url"], ["url"]],
    ["a secret equals its value", role, { description: secret("x") }, { description: "x" }, [], []],
    ["a removed tag is a change", role, { tags: { a: "b" } }, {}, ["tags"], []],
  ])("%s", async (_, type, olds, news, changed, replaces) => {
    expect(await known.diff(type, olds, news)).toMatchObject({ changed, replaces });
  });

  test("a replacement that keeps a given name deletes first", async () => {
    const [olds, news] = [
      { name: "api", path: "/" },
      { name: "api", path: "/shop/" },
    ];
    expect(await known.diff(role, olds, news)).toMatchObject({ replaces: ["path"], deleteBeforeReplace: true });
    const generated = { __defaults: ["name"] };
    expect(await known.diff(role, { ...olds, ...generated }, { ...news, ...generated })).toMatchObject({
      deleteBeforeReplace: false,
    });
  });
});

describe("provider instances", () => {
  const arnIn = async (provider: Provider): Promise<unknown> =>
    (await provider.create("aws:sqs/queue:Queue", { name: "jobs" })).outputs["arn"];

  test("each answers with its own account and region, in any order of calls", async () => {
    const rehearsal = await start({ accountId: "444455556666", region: "eu-central-1" });
    const plain = await connect(rehearsal, "aws");
    const assumed = await connect(rehearsal, "aws", {
      region: "ap-southeast-2",
      assumeRoles: '[{"roleArn":"arn:aws:iam::222233334444:role/deploy"}]',
    });
    const allowed = await connect(rehearsal, "aws", { allowedAccountIds: '["777788889999"]' });
    expect(await arnIn(plain)).toBe("arn:aws:sqs:eu-central-1:444455556666:jobs");
    expect(await arnIn(assumed)).toBe("arn:aws:sqs:ap-southeast-2:222233334444:jobs");
    expect(await arnIn(allowed)).toBe("arn:aws:sqs:eu-central-1:777788889999:jobs");
    expect(await arnIn(plain)).toBe("arn:aws:sqs:eu-central-1:444455556666:jobs");
    expect(await assumed.invoke("aws:index/getCallerIdentity:getCallerIdentity")).toMatchObject({
      accountId: "222233334444",
    });
  });

  test("China has its own partition, suffix and issuer host", async () => {
    const china = await connect(await start({ region: "cn-north-1" }), "aws");
    const { outputs } = await china.create(cluster, clusterInputs);
    expect(outputs["arn"]).toBe("arn:aws-cn:eks:cn-north-1:111122223333:cluster/main");
    expect(issuerOf(outputs)).toMatch(/^https:\/\/oidc\.eks\.cn-north-1\.amazonaws\.com\.cn\/id\/[0-9A-F]{32}$/);
    expect(await china.invoke("aws:index/getPartition:getPartition")).toMatchObject({
      partition: "aws-cn",
      dnsSuffix: "amazonaws.com.cn",
    });
  });

  test("a partition alone chooses a region of its own", async () => {
    const gov = await connect(await start({ partition: "aws-us-gov" }), "aws");
    expect(await arnIn(gov)).toBe("arn:aws-us-gov:sqs:us-gov-west-1:111122223333:jobs");
  });
});

describe("read", () => {
  test("a role that is looked up by name has an ARN and no trust policy to judge", async () => {
    const outputs = await known.read(role, "existing");
    expect(outputs).toMatchObject({ name: "existing", arn: "arn:aws:iam::111122223333:role/existing" });
    expect(outputs).not.toHaveProperty("assumeRolePolicy");
  });

  test("a provider that is looked up by ARN has its url", async () => {
    const arn = "arn:aws:iam::111122223333:oidc-provider/oidc.example.com";
    expect(await known.read(oidcProvider, arn)).toMatchObject({ arn, url: "oidc.example.com" });
  });

  test("state is what a refresh finds", async () => {
    const { outputs } = await known.create(role, { assumeRolePolicy: "{}", name: "api" }, { preview: false });
    expect(await known.read(role, "api", outputs)).toEqual(outputs);
  });
});

describe("data sources", () => {
  test("an unknown one gets its arguments back and is noted once", async () => {
    const rehearsal = await start();
    const aws = await connect(rehearsal, "aws");
    const token = "aws:rds/getInstance:getInstance";
    expect(await aws.invoke(token, { dbInstanceIdentifier: "carts" })).toMatchObject({ dbInstanceIdentifier: "carts" });
    await aws.invoke(token, { dbInstanceIdentifier: "orders" });
    expect(rehearsal.notRehearsed).toEqual([
      { what: token, why: "the answer of this data source is known to AWS alone; it was given its own arguments back" },
    ]);
  });

  test.each<[string, Properties, Properties]>([
    ["aws:index/getRegion:getRegion", {}, { region: "us-west-2", name: "us-west-2" }],
    ["aws:index/getAvailabilityZones:getAvailabilityZones", {}, { names: ["us-west-2a", "us-west-2b", "us-west-2c"] }],
    ["aws:iam/getRole:getRole", { name: "api" }, { arn: "arn:aws:iam::111122223333:role/api" }],
    [
      "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider",
      { url: "https://oidc.example.com" },
      { arn: "arn:aws:iam::111122223333:oidc-provider/oidc.example.com", url: "oidc.example.com" },
    ],
    [
      "aws:iam/getPolicy:getPolicy",
      { arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
      { arn: "arn:aws:iam::aws:policy/ReadOnlyAccess", name: "ReadOnlyAccess" },
    ],
  ])("%s", async (token, args, answer) => {
    expect(await known.invoke(token, args)).toMatchObject(answer);
  });
});
