import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { type Rehearsal, startRehearsal } from "../../policy-pack/src/rehearsal";
import { connect, disconnect, type Properties, type Provider, secret, unknown } from "./provider-client";

const role = "aws:iam/role:Role";
const oidcProvider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const issuer = "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity" }] };

let rehearsal: Rehearsal;
let aws: Provider;
beforeAll(async () => {
  rehearsal = await startRehearsal();
  aws = await connect(rehearsal, "aws");
});
afterAll(async () => {
  disconnect();
  await rehearsal.close();
});

const inputsOf = async (type: string, news: Properties): Promise<Properties> => (await aws.check(type, news)).inputs;
const reasonsOf = async (type: string, news: Properties): Promise<readonly string[]> =>
  (await aws.check(type, news)).failures.map(({ property, reason }) => `${property}: ${reason}`);

describe("policy documents", () => {
  test("an object becomes JSON text with sorted keys", async () => {
    const { assumeRolePolicy } = await inputsOf(role, { assumeRolePolicy: trust });
    expect(assumeRolePolicy).toBe(
      '{"Statement":[{"Action":"sts:AssumeRoleWithWebIdentity","Effect":"Allow"}],"Version":"2012-10-17"}',
    );
  });

  test("Go's JSON escapes angle brackets and ampersands", async () => {
    const { policy } = await inputsOf("aws:iam/policy:Policy", { policy: { Sid: "<a> & b" } });
    expect(policy).toBe('{"Sid":"\\u003ca\\u003e \\u0026 b"}');
  });

  test("one unknown leaf makes the whole document unknown", async () => {
    const { assumeRolePolicy } = await inputsOf(role, {
      assumeRolePolicy: { ...trust, Statement: [{ Principal: { Federated: unknown } }] },
    });
    expect(assumeRolePolicy).toBe(unknown);
  });

  test("a secret leaf makes the whole document secret", async () => {
    const { assumeRolePolicy } = await inputsOf(role, { assumeRolePolicy: { Version: secret("2012-10-17") } });
    expect(assumeRolePolicy).toEqual(secret('{"Version":"2012-10-17"}'));
  });

  test("text is kept as it was written", async () => {
    const { assumeRolePolicy } = await inputsOf(role, { assumeRolePolicy: '{ "Version" : "2012-10-17" }' });
    expect(assumeRolePolicy).toBe('{ "Version" : "2012-10-17" }');
  });

  test("the policies of a role's inlinePolicies collapse too", async () => {
    const { inlinePolicies } = await inputsOf(role, {
      assumeRolePolicy: "{}",
      inlinePolicies: [{ name: "read", policy: { Version: "2012-10-17" } }],
    });
    expect(inlinePolicies).toEqual([{ name: "read", policy: '{"Version":"2012-10-17"}' }]);
  });

  test.each([
    ["no JSON at all", "trust me", "contains an invalid JSON policy: not a JSON object"],
    ["an Output printed into text", "Calling [toString] on an [Output<T>] is not supported.", "not a JSON object"],
    ["a JSON string", '"{}"', "contains a JSON-encoded string, not a JSON-encoded object"],
    ["a JSON array", "[]", "contains a JSON array, not a JSON object"],
    ["truncated JSON", '{"Version":', "contains an invalid JSON policy: "],
    ["empty text", " ", "is an empty string, which is not a valid JSON value"],
  ])("%s is refused", async (_, assumeRolePolicy, reason) => {
    const [failure = ""] = await reasonsOf(role, { assumeRolePolicy });
    expect(failure).toContain('assumeRolePolicy: "assume_role_policy"');
    expect(failure).toContain(reason);
  });
});

describe("failures", () => {
  test.each<[string, string, Properties, readonly string[]]>([
    ["a complete provider", oidcProvider, { url: issuer, clientIdLists: ["sts.amazonaws.com"] }, []],
    ["an unknown url", oidcProvider, { url: unknown, clientIdLists: ["sts.amazonaws.com"] }, []],
    ["a url without scheme", oidcProvider, { url: issuer.slice("https://".length), clientIdLists: ["a"] }, []],
    [
      "a provider without client ids",
      oidcProvider,
      { url: issuer },
      [
        'clientIdLists: Missing required argument: The argument "client_id_list" is required, but no definition was found.',
      ],
    ],
    [
      "an http url",
      oidcProvider,
      { url: issuer.replace("https", "http"), clientIdLists: ["a"] },
      ['url: "url" has to use HTTPS scheme (i.e. begin with https://)'],
    ],
    [
      "a url with a query",
      oidcProvider,
      { url: `${issuer}?x=1`, clientIdLists: ["a"] },
      ['url: "url" cannot contain query parameters per the OIDC standard'],
    ],
    [
      "a short thumbprint",
      oidcProvider,
      { url: issuer, clientIdLists: ["a"], thumbprintLists: ["9e99a4", unknown] },
      ["thumbprintLists[0]: expected length of thumbprint_list.0 to be in the range (40 - 40), got 9e99a4"],
    ],
    [
      "a role without trust policy",
      role,
      {},
      [
        'assumeRolePolicy: Missing required argument: The argument "assume_role_policy" is required, but no definition was found.',
      ],
    ],
    [
      "a session of a day",
      role,
      { assumeRolePolicy: "{}", maxSessionDuration: 86400 },
      ["maxSessionDuration: expected max_session_duration to be in the range (3600 - 43200), got 86400"],
    ],
    [
      "an attachment of a name",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "api", policyArn: "AmazonS3ReadOnlyAccess" },
      ['policyArn: "policy_arn" (AmazonS3ReadOnlyAccess) is an invalid ARN: arn: invalid prefix'],
    ],
  ])("%s", async (_, type, news, failures) => {
    expect(await reasonsOf(type, news)).toEqual(failures);
  });
});

describe("names and defaults", () => {
  test("a role gets a generated name and its defaults", async () => {
    expect(await inputsOf(role, { assumeRolePolicy: "{}" })).toEqual({
      __defaults: ["forceDetachPolicies", "maxSessionDuration", "name", "path"],
      assumeRolePolicy: "{}",
      forceDetachPolicies: false,
      maxSessionDuration: 3600,
      name: expect.stringMatching(/^api-[0-9a-f]{7}$/) as string,
      path: "/",
    });
  });

  test("a given name is kept and a prefix leaves the name to the cloud", async () => {
    expect(await inputsOf(role, { assumeRolePolicy: "{}", name: "api-irsa" })).toMatchObject({ name: "api-irsa" });
    expect(await inputsOf(role, { assumeRolePolicy: "{}", namePrefix: "api-" })).not.toHaveProperty("name");
    const { outputs } = await aws.create(role, { assumeRolePolicy: "{}", namePrefix: "api-" });
    expect(outputs["name"]).toMatch(/^api-[0-9]{26}$/);
  });

  test("a generated name stays over deployments, a name that was given once does not", async () => {
    const generated = { name: "api-0000000", __defaults: ["name"] };
    expect((await aws.check(role, { assumeRolePolicy: "{}" }, generated)).inputs).toMatchObject({
      name: "api-0000000",
    });
    const given = { name: "api-irsa", __defaults: [] };
    expect((await aws.check(role, { assumeRolePolicy: "{}" }, given)).inputs).not.toMatchObject({ name: "api-irsa" });
  });

  test("the project's autonaming setting is followed", async () => {
    const proposal = new pb.CheckRequest.AutonamingOptions().setProposedName("dev-api");
    expect((await aws.check(role, { assumeRolePolicy: "{}" }, {}, proposal)).inputs).toMatchObject({ name: "dev-api" });
    const { Mode } = pb.CheckRequest.AutonamingOptions;
    const disabled = new pb.CheckRequest.AutonamingOptions().setMode(Mode.DISABLE);
    expect((await aws.check(role, { assumeRolePolicy: "{}" }, {}, disabled)).inputs).not.toHaveProperty("name");
  });

  test("a name that cannot be made short enough is refused", async () => {
    const long = await connect(rehearsal, "aws", {}, "a".repeat(60));
    const { failures } = await long.check(role, { assumeRolePolicy: "{}" });
    expect(failures).toEqual([
      {
        property: "name",
        reason: `failed to apply auto-naming: name '${"a".repeat(60)}' plus 7 random chars is longer than maximum length 64`,
      },
    ]);
  });
});
