import * as pulumi from "@pulumi/pulumi";
import type { RichIrsaBindingArgs } from "../../components/src";
import { checkedArgs } from "../../components/src/validate";
import { ISSUER, lateRefusal, PROVIDER_ARN, refusals } from "./program";

const POLICY = "arn:aws:iam::aws:policy/X";
const GOOD: RichIrsaBindingArgs = { namespace: "shop", issuerUrl: ISSUER, policyArns: [POLICY] };
const DOCUMENT = "a policy document is a JSON object with Version and Statement";
const NAMESPACE =
  "a namespace consists of lower-case letters, digits and hyphens, and begins and ends with a letter or digit";
const LIST = "it has to be a list that is known at once; its items may be Outputs";
const PATTERN =
  'it has to be "<namespace>:<name>" with * or ? in it, and not for every account of the cluster; an exact account belongs into serviceAccounts';
const THUMBPRINT = "a thumbprint is a SHA-1 in 40 hexadecimal digits, without colons";
const PREFIX = "a prefix has 1 to 38 of the characters A-Z a-z 0-9 _ + = , . @ -, since AWS appends 26";
const PATH = "an IAM path begins and ends with a slash, for example /team/";
const DESCRIPTION = "a description has at most 1000 characters of Latin-1";
const MODE = 'it has to be "create", "patch" or "external"';
const REGION = "it has to be a region, for example eu-west-1";
const POLICY_NAME = "a policy's name has 1 to 128 of the characters A-Z a-z 0-9 _ + = , . @ -";
const STRING = "it has to be a string";

const untyped = (value: unknown): never => value as never;
const documents = (value: unknown): RichIrsaBindingArgs => ({ ...GOOD, inlinePolicies: { read: untyped(value) } });

describe("literals that are legal", () => {
  it("come back as they are, without what is undefined or null, and with the account's name", () => {
    const given = { ...GOOD, audience: undefined, region: null, thumbprints: null, inlinePolicies: null };
    expect(checkedArgs("api", untyped(given))).toStrictEqual({ ...GOOD, serviceAccountName: "api" });
  });

  it("have no account's name of their own beside a list", () => {
    const { policyArns, issuerUrl } = GOOD;
    const args: RichIrsaBindingArgs = {
      ...(policyArns && { policyArns }),
      ...(issuerUrl !== undefined && { issuerUrl }),
      serviceAccounts: [{ namespace: "shop", name: "web" }],
      additionalClusters: [{ issuerUrl: "a.example.org" }, { oidcProviderArn: PROVIDER_ARN }],
      subjectPatterns: ["batch:job-*"],
      trustPolicyQuota: 4096,
      thumbprints: ["a".repeat(40)],
      inlinePolicies: { read: '{"Statement":[]}' },
    };
    expect(checkedArgs("api", args)).toStrictEqual(args);
  });

  it.each<readonly [string, RichIrsaBindingArgs]>([
    ["a pattern with a namespace of wildcards", { ...GOOD, subjectPatterns: ["*:job-1"] }],
    ["a pattern of one character each", { ...GOOD, subjectPatterns: ["a:?"] }],
    ["a thumbprint in upper case", { ...GOOD, thumbprints: ["ABCDEF0123".repeat(4)] }],
    ["a document as an object", documents({ Version: "2012-10-17", Statement: [] })],
    ["the longest policy's name", { ...GOOD, inlinePolicies: { ["a".repeat(128)]: '{"Statement":[]}' } }],
    ["the longest role's name", { ...GOOD, roleName: "r".repeat(64) }],
    ["the longest prefix", { ...GOOD, roleNamePrefix: "r".repeat(38) }],
    ["the path of all", { ...GOOD, path: "/" }],
    ["a path of two", { ...GOOD, path: "/a/b/" }],
    ["the longest description, with umlaut and line break", { ...GOOD, description: "ü\n".repeat(500) }],
    ["a region of four words", { ...GOOD, region: "us-isob-east-1" }],
  ])("%s", (_title, args) => {
    expect(refusals(() => checkedArgs("api", args))).toEqual([]);
  });
});

describe("literals that are not legal", () => {
  it.each<readonly [string, RichIrsaBindingArgs, string, string]>([
    ["a list that is a text", { ...GOOD, subjectPatterns: untyped("a:*") }, "subjectPatterns", LIST],
    ["a list that is an Output", { ...GOOD, thumbprints: untyped(pulumi.output([])) }, "thumbprints", LIST],
    [
      "a pattern after another text",
      { ...GOOD, subjectPatterns: ["Shop:job-*"] },
      "subjectPatterns[0]",
      `"Shop:job-*" is not legal: ${PATTERN}`,
    ],
    [
      "a pattern before another text",
      { ...GOOD, subjectPatterns: ["shop:job-*!"] },
      "subjectPatterns[0]",
      `"shop:job-*!" is not legal: ${PATTERN}`,
    ],
    [
      "a pattern of the whole cluster",
      { ...GOOD, subjectPatterns: ["?*:*"] },
      "subjectPatterns[0]",
      `"?*:*" is not legal: ${PATTERN}`,
    ],
    [
      "a short thumbprint",
      { ...GOOD, thumbprints: ["a".repeat(39)] },
      "thumbprints[0]",
      `"${"a".repeat(39)}" is not legal: ${THUMBPRINT}`,
    ],
    [
      "a long thumbprint",
      { ...GOOD, thumbprints: ["a".repeat(41)] },
      "thumbprints[0]",
      `"${"a".repeat(41)}" is not legal: ${THUMBPRINT}`,
    ],
    ["a number for a text", { ...GOOD, policyArns: untyped([7]) }, "policyArns[0]", `7 is not legal: ${STRING}`],
    ["nothing for a document", documents(null), 'inlinePolicies["read"]', `it is missing: ${DOCUMENT}`],
    ["a list for a document", documents([]), 'inlinePolicies["read"]', `this value is not legal: ${DOCUMENT}`],
    ["a number for a document", documents(7), 'inlinePolicies["read"]', `7 is not legal: ${DOCUMENT}`],
    ["a text that is no JSON", documents("{"), 'inlinePolicies["read"]', `"{" is not legal: ${DOCUMENT}`],
    ["JSON of a number", documents("7"), 'inlinePolicies["read"]', `"7" is not legal: ${DOCUMENT}`],
    ["JSON of null", documents("null"), 'inlinePolicies["read"]', `"null" is not legal: ${DOCUMENT}`],
    [
      "JSON without a Statement",
      documents('{"a":1}'),
      'inlinePolicies["read"]',
      `"{\\"a\\":1}" is not legal: ${DOCUMENT}`,
    ],
    [
      "the text of an Output",
      documents("a[Output<T>]"),
      'inlinePolicies["read"]',
      `"a[Output<T>]" is not legal: ${DOCUMENT}; this text was made from an Output, use pulumi.jsonStringify`,
    ],
    [
      "a policy's name with a blank",
      { ...GOOD, inlinePolicies: { "a b": '{"Statement":[]}' } },
      'inlinePolicies["a b"]',
      POLICY_NAME,
    ],
    [
      "a long policy's name",
      { ...GOOD, inlinePolicies: { ["a".repeat(129)]: '{"Statement":[]}' } },
      `inlinePolicies["${"a".repeat(129)}"]`,
      POLICY_NAME,
    ],
    [
      "a long prefix",
      { ...GOOD, roleNamePrefix: "r".repeat(39) },
      "roleNamePrefix",
      `"${"r".repeat(39)}" is not legal: ${PREFIX}`,
    ],
    ["a path without its end", { ...GOOD, path: "/team" }, "path", `"/team" is not legal: ${PATH}`],
    ["a path without its beginning", { ...GOOD, path: "team/" }, "path", `"team/" is not legal: ${PATH}`],
    [
      "a long description",
      { ...GOOD, description: "d".repeat(1001) },
      "description",
      `"${"d".repeat(120)}…" is not legal: ${DESCRIPTION}`,
    ],
    ["a description outside Latin-1", { ...GOOD, description: "Ω" }, "description", `"Ω" is not legal: ${DESCRIPTION}`],
    [
      "an unknown mode",
      { ...GOOD, serviceAccountMode: untyped("recreate") },
      "serviceAccountMode",
      `"recreate" is not legal: ${MODE}`,
    ],
    [
      "a longer mode",
      { ...GOOD, serviceAccountMode: untyped("patches") },
      "serviceAccountMode",
      `"patches" is not legal: ${MODE}`,
    ],
    ["a zone for a region", { ...GOOD, region: "eu-west-1a" }, "region", `"eu-west-1a" is not legal: ${REGION}`],
    [
      "a small quota",
      { ...GOOD, trustPolicyQuota: 2047 },
      "trustPolicyQuota",
      "2047 is not legal: it has to be a whole number of characters from 2048 to 8192",
    ],
    [
      "an issuer of an additional cluster",
      { ...GOOD, additionalClusters: [{ issuerUrl: "a b" }] },
      "additionalClusters[0].issuerUrl",
      '"a b" is not legal: an issuer is one URL without blanks, quotes or braces',
    ],
    [
      "a provider of an additional cluster",
      { ...GOOD, additionalClusters: [{ oidcProviderArn: "x" }] },
      "additionalClusters[0].oidcProviderArn",
      '"x" is not legal: it has to be arn:<partition>:iam::<account>:oidc-provider/<issuer without https://>',
    ],
    [
      "nothing for an additional cluster",
      { ...GOOD, additionalClusters: untyped([null]) },
      "additionalClusters[0].cluster",
      "it is missing: give cluster, issuerUrl, oidcProvider or oidcProviderArn",
    ],
  ])("%s", (_title, args, propertyPath, reason) => {
    expect(refusals(() => checkedArgs("api", args))).toEqual([{ propertyPath, reason }]);
  });

  it("are named where an account of a list is nothing", () => {
    const args: RichIrsaBindingArgs = { issuerUrl: ISSUER, policyArns: [POLICY], serviceAccounts: untyped([null]) };
    expect(refusals(() => checkedArgs("api", args))).toEqual(
      ["namespace", "name"].map((each) => ({
        propertyPath: `serviceAccounts[0].${each}`,
        reason: `it is missing: ${STRING}`,
      })),
    );
  });

  it("are reported before what they do together, and together with other combinations", () => {
    const args = { ...GOOD, namespace: "Shop", roleName: "a", roleNamePrefix: "b", policyArns: untyped("x") };
    expect(refusals(() => checkedArgs("api", args))).toEqual([
      { propertyPath: "namespace", reason: `"Shop" is not legal: ${NAMESPACE}` },
      { propertyPath: "policyArns", reason: LIST },
      { propertyPath: "roleNamePrefix", reason: "give either roleName or roleNamePrefix, not both" },
    ]);
  });

  it("are reported without disagreements, which are for later", () => {
    const args = { ...GOOD, namespace: "Shop", policyArns: ["arn:aws-cn:iam::aws:policy/X"] };
    expect(refusals(() => checkedArgs("api", args)).map((each) => each.propertyPath)).toEqual(["namespace"]);
  });
});

describe("Outputs", () => {
  const late = (text: string): pulumi.Output<string> => pulumi.output(text);

  it.each<readonly [string, RichIrsaBindingArgs, (args: RichIrsaBindingArgs) => unknown, string]>([
    [
      "namespace",
      { ...GOOD, namespace: late("Shop") },
      (args) => args.namespace,
      `namespace: "Shop" is not legal: ${NAMESPACE}`,
    ],
    [
      "an account of a list",
      { issuerUrl: ISSUER, policyArns: [POLICY], serviceAccounts: [{ namespace: late("Shop"), name: "a" }] },
      (args) => args.serviceAccounts?.[0]?.namespace,
      `serviceAccounts[0].namespace: "Shop" is not legal: ${NAMESPACE}`,
    ],
    [
      "an additional cluster",
      { ...GOOD, additionalClusters: [{ issuerUrl: late("") }] },
      (args) => args.additionalClusters?.[0]?.issuerUrl,
      'additionalClusters[0].issuerUrl: "" is not legal: an issuer is needed, for example https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
    ],
    [
      "a pattern",
      { ...GOOD, subjectPatterns: [late("a")] },
      (args) => args.subjectPatterns?.[0],
      `subjectPatterns[0]: "a" is not legal: ${PATTERN}`,
    ],
    [
      "a thumbprint",
      { ...GOOD, thumbprints: [late("a")] },
      (args) => args.thumbprints?.[0],
      `thumbprints[0]: "a" is not legal: ${THUMBPRINT}`,
    ],
    [
      "a policy",
      { ...GOOD, policyArns: [late("a")] },
      (args) => args.policyArns?.[0],
      'policyArns[0]: "a" is not legal: it has to be arn:<partition>:iam::<account>:policy/<path and name>, with account aws for a policy of AWS',
    ],
    [
      "a document",
      documents(late("{")),
      (args) => args.inlinePolicies?.["read"],
      `inlinePolicies["read"]: "{" is not legal: ${DOCUMENT}`,
    ],
  ])("of %s fail when they turn out wrong", async (_title, args, read, refusal) => {
    expect(await lateRefusal(read(checkedArgs("api", args)))).toEqual([refusal]);
  });
});
