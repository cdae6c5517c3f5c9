import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding, type RichIrsaBindingArgs } from "../../components/src";
import { ACCOUNT, ISSUER, PROVIDER_ARN, run } from "./program";

const GOOD: RichIrsaBindingArgs = {
  namespace: "shop",
  issuerUrl: `https://${ISSUER}`,
  policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
};

/** Why the arguments are refused, and what had been registered by then. */
async function refusal(
  args: RichIrsaBindingArgs,
  name = "api",
): Promise<{ paths: string[]; message: string; stack: string }> {
  const { resources, result } = await run("up", () => {
    try {
      return new IrsaBinding(name, args);
    } catch (error) {
      return error;
    }
  });
  if (!pulumi.InputPropertiesError.isInstance(result)) throw new Error(`not refused: ${String(result)}`);
  expect(resources).toEqual([]);
  return { paths: result.errors.map((each) => each.propertyPath), message: result.message, stack: result.stack ?? "" };
}

describe("a wrong literal is refused before anything is registered", () => {
  const cases: readonly (readonly [string, Partial<RichIrsaBindingArgs>, string, RegExp])[] = [
    [
      "an upper-case namespace",
      { namespace: "Shop" },
      "namespace",
      /"Shop" is not legal: a namespace consists of lower-case/,
    ],
    ["an account with an underscore", { serviceAccountName: "api_v1" }, "serviceAccountName", /"api_v1" is not legal/],
    [
      "an account in a list",
      { serviceAccounts: [{ namespace: "shop", name: "API" }] },
      "serviceAccounts[0].name",
      /"API" is not legal/,
    ],
    [
      "a dual-stack issuer",
      { issuerUrl: "https://oidc-eks.eu-west-1.api.aws/id/ABC" },
      "issuerUrl",
      /never carry the dual-stack host/,
    ],
    ["an empty provider ARN", { oidcProviderArn: "" }, "oidcProviderArn", /createOidcProvider: true/],
    [
      "a provider ARN with https",
      { oidcProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/https://${ISSUER}` },
      "oidcProviderArn",
      /begins with https|without https|is not legal/,
    ],
    [
      "a role ARN as provider",
      { oidcProviderArn: `arn:aws:iam::${ACCOUNT}:role/x` },
      "oidcProviderArn",
      /oidc-provider\/<issuer/,
    ],
    [
      "a policy name",
      { policyArns: ["AmazonS3ReadOnlyAccess"] },
      "policyArns[0]",
      /arn:<partition>:iam::<account>:policy/,
    ],
    [
      "a policy of another partition",
      { policyArns: ["arn:aws-cn:iam::aws:policy/X"] },
      "policyArns[0]",
      /its partition is aws-cn/,
    ],
    [
      "a policy of another account",
      { oidcProviderArn: PROVIDER_ARN, policyArns: ["arn:aws:iam::999999999999:policy/X"] },
      "policyArns[0]",
      /its account is 999999999999/,
    ],
    [
      "a provider of another issuer",
      { oidcProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/issuer.example.org` },
      "oidcProviderArn",
      /the provider of another issuer/,
    ],
    ["an audience with a blank", { audience: "sts.amazonaws.com " }, "audience", /no blanks/],
    ["a long role name", { roleName: "r".repeat(65) }, "roleName", /1 to 64/],
    ["a path without slashes", { path: "team" }, "path", /begins and ends with a slash/],
    ["a short session", { maxSessionDuration: 900 }, "maxSessionDuration", /900 is not legal: .* from 3600 to 43200/],
    ["a short token", { tokenExpirationSeconds: 300 }, "tokenExpirationSeconds", /from 600 to 86400/],
    [
      "an override of the role annotation",
      { annotations: { "eks.amazonaws.com/role-arn": "x" } },
      'annotations["eks.amazonaws.com/role-arn"]',
      /written by the binding/,
    ],
    [
      "a pattern without a wildcard",
      { subjectPatterns: ["shop:api"] },
      "subjectPatterns[0]",
      /belongs into serviceAccounts/,
    ],
    ["a pattern for the whole cluster", { subjectPatterns: ["*:*"] }, "subjectPatterns[0]", /not for every account/],
    ["a pattern without a namespace", { subjectPatterns: ["*"] }, "subjectPatterns[0]", /<namespace>:<name>/],
    ["a thumbprint with colons", { thumbprints: ["9E:99:A4"] }, "thumbprints[0]", /40 hexadecimal digits/],
    [
      "six thumbprints",
      { thumbprints: Array.from({ length: 6 }, (_, index) => String(index).repeat(40)) },
      "thumbprints",
      /at most 5/,
    ],
    [
      "a document that is no JSON",
      { inlinePolicies: { read: "{" } },
      'inlinePolicies["read"]',
      /a JSON object with Version/,
    ],
    [
      "a document made of an Output's text",
      { inlinePolicies: { read: "Calling [toString] on an [Output<T>] is not supported" } },
      'inlinePolicies["read"]',
      /jsonStringify/,
    ],
    [
      "an unknown add-on",
      { addons: ["ebs" as never] },
      "addons[0]",
      /"ebs" is not legal: it has to be one of .*ebs-csi-driver/,
    ],
    ["an add-on without its limits", { addons: ["external-dns"] }, "addons[0].hostedZoneArns", /it is missing/],
    [
      "a limit without effect",
      { addons: [{ addon: "vpc-cni", bucketArns: ["arn:aws:s3:::x"] }] },
      "addons[0].bucketArns",
      /has no effect/,
    ],
    [
      "a suppression of a workload rule",
      { suppressions: { "workload-root": "because" } },
      'suppressions["workload-root"]',
      /annotate the resource itself/,
    ],
    [
      "a suppression without a reason",
      { suppressions: { "role-name-invalid": " " } },
      'suppressions["role-name-invalid"]',
      /needs a reason/,
    ],
    [
      "a reason that no tag can hold",
      { suppressions: { "role-name-invalid": "why, because!" } },
      'suppressions["role-name-invalid"]',
      /AWS tag/,
    ],
    ["a list that is one text", { policyArns: "arn:aws:iam::aws:policy/X" as never }, "policyArns", /has to be a list/],
    ["a number as namespace", { namespace: 7 as never }, "namespace", /7 is not legal: it has to be a string/],
  ];

  it.each(cases)("%s", async (_title, change, path, legal) => {
    const { namespace, ...rest } = GOOD;
    const args = change.serviceAccounts ? rest : { namespace: namespace ?? "shop", ...rest };
    const { issuerUrl, ...withoutIssuer } = args;
    const keepsIssuer = change.oidcProviderArn === undefined || legal.source.includes("another issuer");
    const { paths, message } = await refusal({
      ...withoutIssuer,
      ...(keepsIssuer && issuerUrl !== undefined && { issuerUrl }),
      ...change,
    });
    expect(paths).toEqual([path]);
    expect(message).toMatch(legal);
  });

  it("names every wrong property at once", async () => {
    const { paths, message } = await refusal({ ...GOOD, namespace: "Shop", audience: "", path: "x" });
    expect(paths).toEqual(["namespace", "audience", "path"]);
    expect(message).toMatch(/^IrsaBinding "api" has wrong arguments:\n {2}namespace: .*\n {2}audience: .*\n {2}path: /);
  });

  it("shows no frame of the component", async () => {
    const { stack } = await refusal({ ...GOOD, namespace: "Shop" });
    expect(stack).not.toMatch(/components\/src/);
    expect(stack).toContain("args.test.ts");
  });

  it("takes a name that is no account's name only with serviceAccountName", async () => {
    const { paths } = await refusal(GOOD, "Api_Role");
    expect(paths).toEqual(["serviceAccountName"]);
  });
});

describe("arguments that do not go together are refused", () => {
  const without = (key: keyof RichIrsaBindingArgs): RichIrsaBindingArgs =>
    Object.fromEntries(Object.entries(GOOD).filter(([each]) => each !== key));

  it.each<readonly [string, RichIrsaBindingArgs, string]>([
    ["no namespace", without("namespace"), "namespace"],
    ["no cluster", without("issuerUrl"), "cluster"],
    ["no permissions", without("policyArns"), "policyArns"],
    ["one account and a list", { ...GOOD, serviceAccounts: [{ namespace: "shop", name: "api" }] }, "serviceAccounts"],
    ["an empty list of accounts", { ...without("namespace"), serviceAccounts: [] }, "serviceAccounts"],
    ["a role and a role's name", { ...GOOD, roleArn: `arn:aws:iam::${ACCOUNT}:role/x`, roleName: "y" }, "roleName"],
    ["name and prefix", { ...GOOD, roleName: "x", roleNamePrefix: "y" }, "roleNamePrefix"],
    ["labels for an account of others", { ...GOOD, serviceAccountMode: "external", labels: { a: "b" } }, "labels"],
    [
      "the same policy twice",
      { ...GOOD, policyArns: ["arn:aws:iam::aws:policy/X", "arn:aws:iam::aws:policy/X"] },
      "policyArns[1]",
    ],
    ["an additional cluster that is none", { ...GOOD, additionalClusters: [{}] }, "additionalClusters[0].cluster"],
  ])("%s", async (_title, args, path) => {
    expect((await refusal(args)).paths).toEqual([path]);
  });
});

describe("correct arguments are taken", () => {
  it.each<readonly [string, RichIrsaBindingArgs]>([
    ["one-letter names", { ...GOOD, namespace: "a", serviceAccountName: "b" }],
    ["an issuer without scheme", { ...GOOD, issuerUrl: ISSUER }],
    ["a self-hosted issuer", { ...GOOD, issuerUrl: "https://bucket.s3.eu-west-1.amazonaws.com" }],
    [
      "China",
      {
        ...GOOD,
        issuerUrl: "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC",
        policyArns: ["arn:aws-cn:iam::aws:policy/X"],
      },
    ],
    ["a role that gets its permissions elsewhere", { namespace: "shop", issuerUrl: ISSUER, allowNoPermissions: true }],
  ])("%s", async (_title, args) => {
    const { resources } = await run("preview", () => new IrsaBinding("api", args));
    expect(resources.map((each) => each.type)).toContain("kubernetes:core/v1:ServiceAccount");
  });
});
