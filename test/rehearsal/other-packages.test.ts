import { type Rehearsal, startRehearsal } from "../../policy-pack/src/rehearsal";
import { connect, disconnect, type Provider, secret, unknown } from "./provider-client";

let rehearsal: Rehearsal;
let firstPreview: Rehearsal;
beforeAll(async () => {
  const options = { echoPackages: ["random", "tls", "aws"] } as const;
  [rehearsal, firstPreview] = await Promise.all([
    startRehearsal(options),
    startRehearsal({ ...options, mode: "unknown" }),
  ]);
});
afterAll(async () => {
  disconnect();
  await Promise.all([rehearsal.close(), firstPreview.close()]);
});

describe("aws-native", () => {
  const issuer = "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
  let native: Provider;
  beforeAll(async () => {
    native = await connect(rehearsal, "aws-native");
  });

  test("a role has a generated name and an ARN", async () => {
    const { id, outputs } = await native.create("aws-native:iam:Role", {
      assumeRolePolicyDocument: {},
      path: "/shop/",
    });
    expect(id).toMatch(/^api-[0-9a-f]{7}$/);
    expect(outputs["arn"]).toBe(`arn:aws:iam::111122223333:role/shop/${id}`);
  });

  test("a provider has an ARN", async () => {
    const { outputs } = await native.create("aws-native:iam:OidcProvider", { url: issuer });
    expect(outputs["arn"]).toBe(`arn:aws:iam::111122223333:oidc-provider/${issuer.slice("https://".length)}`);
  });

  test("a cluster has an issuer, the same as the bridged provider's cluster of that name", async () => {
    const { outputs } = await native.create("aws-native:eks:Cluster", { name: "main" });
    const aws = await connect(rehearsal, "aws");
    expect(outputs["openIdConnectIssuerUrl"]).toMatch(
      /^https:\/\/oidc\.eks\.us-west-2\.amazonaws\.com\/id\/[0-9A-F]{32}$/,
    );
    expect(await aws.invoke("aws:eks/getCluster:getCluster", { name: "main" })).toMatchObject({
      identities: [{ oidcs: [{ issuer: outputs["openIdConnectIssuerUrl"] }] }],
    });
  });

  test("in unknown mode the ARN waits for creation", async () => {
    const provider = await connect(firstPreview, "aws-native");
    const type = "aws-native:iam:Role";
    expect((await provider.create(type, { roleName: "api" })).outputs).toMatchObject({ roleName: "api", arn: unknown });
    expect((await provider.create(type, { roleName: "api" }, { preview: false })).outputs).toMatchObject({
      arn: "arn:aws:iam::111122223333:role/api",
    });
  });

  test("a new url replaces the provider", async () => {
    expect(await native.diff("aws-native:iam:OidcProvider", { url: "https://a" }, { url: "https://b" })).toMatchObject({
      replaces: ["url"],
    });
  });
});

describe("echo stand-ins", () => {
  test("inputs come back as outputs, secrets as secrets", async () => {
    const random = await connect(rehearsal, "random");
    const inputs = { length: 20, keepers: { token: secret("hush") } };
    const { id, outputs } = await random.create("random:index/randomPassword:RandomPassword", inputs);
    expect(id).not.toBe("");
    expect(outputs).toMatchObject(inputs);
    expect(outputs["result"]).toMatch(/^[a-z0-9]{20}$/);
  });

  test.each([
    ["randomId:RandomId", { byteLength: 4 }, "hex", /^[0-9a-f]{8}$/],
    ["randomPet:RandomPet", { prefix: "shop" }, "result", /^shop-/],
    ["randomUuid:RandomUuid", {}, "result", /^[0-9a-f]{8}-[0-9a-f]{4}-4/],
  ])("random %s", async (type, inputs, property, form) => {
    const random = await connect(rehearsal, "random");
    expect((await random.create(`random:index/${type}`, inputs)).outputs[property]).toMatch(form);
  });

  test("random results are unknown at a first preview and stay over updates", async () => {
    const type = "random:index/randomPet:RandomPet";
    const random = await connect(firstPreview, "random");
    expect((await random.create(type, {})).outputs["result"]).toBe(unknown);
    const { id, outputs } = await random.create(type, {}, { preview: false });
    expect(await random.update(type, id, outputs, {})).toEqual(outputs);
  });

  test("a certificate has thumbprints of the right form", async () => {
    const tls = await connect(rehearsal, "tls");
    expect(
      await tls.invoke("tls:index/getCertificate:getCertificate", { url: "https://oidc.example.com" }),
    ).toMatchObject({
      certificates: [
        { isCa: false },
        { isCa: true, sha1Fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/) as string },
      ],
    });
    expect(rehearsal.notRehearsed).toEqual([]);
  });
});
