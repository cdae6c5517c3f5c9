import * as pulumi from "@pulumi/pulumi";
import type { Role } from "@pulumi/aws/iam";
import type { RichIrsaBindingArgs } from "../../components/src";
import { combinationFlaws } from "../../components/src/combinations";
import { ACCOUNT, ISSUER, PROVIDER_ARN } from "./program";

const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/x`;
const POLICY = "arn:aws:iam::aws:policy/X";
const GOOD: RichIrsaBindingArgs = { namespace: "shop", issuerUrl: ISSUER, policyArns: [POLICY] };
const LIST: RichIrsaBindingArgs = { issuerUrl: ISSUER, policyArns: [POLICY] };
const role = { arn: pulumi.output(ROLE_ARN) } as unknown as Role;
const oidcProvider = { issuer: pulumi.output(ISSUER), oidcProviderArn: pulumi.output(PROVIDER_ARN) };
const output = (text: string): pulumi.Output<string> => pulumi.output(text);
const thumbprints = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index).repeat(40));
const account = (name: pulumi.Input<string>, namespace: pulumi.Input<string> = "shop") => ({ namespace, name });

describe("arguments that do not go together", () => {
  const leaveOut = (existing: string): string =>
    `the role of ${existing} exists already and is not changed; leave this out`;
  const bothAccounts = "give either serviceAccounts, or namespace and serviceAccountName, not both";
  const noSource = "it is missing: give cluster, issuerUrl, oidcProvider or oidcProviderArn";
  const bothProviders = "give either oidcProvider or oidcProviderArn, not both";
  const webhooks =
    "annotations eks.amazonaws.com/… are written by the binding; use audience, tokenExpirationSeconds or stsRegionalEndpoints";
  const noPermissions =
    "the role would have no permissions: give policyArns, inlinePolicies or addons, or set allowNoPermissions: true when they are attached elsewhere";

  it.each<readonly [string, RichIrsaBindingArgs, readonly (readonly [string, string])[]]>([
    ["no namespace", LIST, [["namespace", "it is missing: name the namespace of the ServiceAccount"]]],
    [
      "an empty list of accounts",
      { ...LIST, serviceAccounts: [] },
      [["serviceAccounts", "the list is empty: name at least one account"]],
    ],
    ["a namespace and a list", { ...GOOD, serviceAccounts: [account("a")] }, [["serviceAccounts", bothAccounts]]],
    [
      "a name and a list",
      { ...LIST, serviceAccountName: "a", serviceAccounts: [account("a")] },
      [["serviceAccounts", bothAccounts]],
    ],
    [
      "an account twice",
      { ...LIST, serviceAccounts: [account("a"), account("b"), account("a")] },
      [["serviceAccounts[2]", '"shop:a" stands at serviceAccounts[0] already']],
    ],
    ["no cluster", { namespace: "shop", policyArns: [POLICY] }, [["cluster", noSource]]],
    [
      "an additional cluster that is none",
      { ...GOOD, additionalClusters: [{ issuerUrl: ISSUER }, {}] },
      [["additionalClusters[1].cluster", noSource]],
    ],
    ["two providers", { ...GOOD, oidcProvider, oidcProviderArn: PROVIDER_ARN }, [["oidcProviderArn", bothProviders]]],
    [
      "two providers of an additional cluster",
      { ...GOOD, additionalClusters: [{ oidcProvider, oidcProviderArn: PROVIDER_ARN }] },
      [["additionalClusters[0].oidcProviderArn", bothProviders]],
    ],
    ["two roles", { ...GOOD, role, roleArn: ROLE_ARN }, [["roleArn", "give either role or roleArn, not both"]]],
    [
      "a name and a prefix",
      { ...GOOD, roleName: "a", roleNamePrefix: "b" },
      [["roleNamePrefix", "give either roleName or roleNamePrefix, not both"]],
    ],
    [
      "settings of a role that exists",
      {
        ...GOOD,
        roleArn: ROLE_ARN,
        roleName: "a",
        path: "/a/",
        description: "a",
        permissionsBoundary: POLICY,
        maxSessionDuration: 3600,
        forceDetachPolicies: false,
      },
      ["roleName", "path", "description", "permissionsBoundary", "maxSessionDuration", "forceDetachPolicies"].map(
        (property) => [property, leaveOut("roleArn")] as const,
      ),
    ],
    [
      "a prefix for a role that is given",
      { ...GOOD, role, roleNamePrefix: "a" },
      [["roleNamePrefix", leaveOut("role")]],
    ],
    [
      "thumbprints where no provider is created",
      { ...GOOD, role, thumbprints: thumbprints(1) },
      [["thumbprints", "no provider is created for the role of role; leave this out"]],
    ],
    [
      "six thumbprints",
      { ...GOOD, thumbprints: thumbprints(6) },
      [["thumbprints", "a provider has at most 5 thumbprints, not 6"]],
    ],
    ["no permissions", { namespace: "shop", issuerUrl: ISSUER }, [["policyArns", noPermissions]]],
    [
      "empty permissions",
      {
        namespace: "shop",
        issuerUrl: ISSUER,
        policyArns: [],
        inlinePolicies: {},
        addons: [],
        allowNoPermissions: false,
      },
      [["policyArns", noPermissions]],
    ],
    [
      "an annotation of the webhook",
      { ...GOOD, annotations: { note: "a", "eks.amazonaws.com/audience": "b" } },
      [['annotations["eks.amazonaws.com/audience"]', webhooks]],
    ],
    [
      "settings of an account of others",
      {
        ...GOOD,
        serviceAccountMode: "external",
        labels: { a: "b" },
        annotations: { a: "b" },
        automountServiceAccountToken: false,
      },
      ["labels", "annotations", "automountServiceAccountToken"].map(
        (property) => [property, 'serviceAccountMode "external" does not write it; leave this out'] as const,
      ),
    ],
    [
      "a setting that a patch does not write",
      { ...GOOD, serviceAccountMode: "patch", labels: { a: "b" }, automountServiceAccountToken: false },
      [["automountServiceAccountToken", 'serviceAccountMode "patch" does not write it; leave this out']],
    ],
    [
      "a policy twice",
      { ...GOOD, policyArns: [POLICY, `${POLICY}2`, POLICY] },
      [["policyArns[2]", `"${POLICY}" stands at policyArns[0] already`]],
    ],
    [
      "a pattern twice",
      { ...GOOD, subjectPatterns: ["a:*", "a:*"] },
      [["subjectPatterns[1]", '"a:*" stands at subjectPatterns[0] already']],
    ],
  ])("%s", (_title, args, flaws) => {
    expect(combinationFlaws(args)).toEqual(flaws.map(([propertyPath, reason]) => ({ propertyPath, reason })));
  });
});

describe("arguments that go together", () => {
  const policy = output(POLICY);

  it.each<readonly [string, RichIrsaBindingArgs]>([
    ["the least", GOOD],
    ["a list of different accounts", { ...LIST, serviceAccounts: [account("a"), account("b"), account("a", "b")] }],
    [
      "accounts that are not known yet",
      {
        ...LIST,
        serviceAccounts: [
          account(output("a")),
          account(output("a")),
          account("a", output("b")),
          account("a", output("b")),
        ],
      },
    ],
    ["a cluster alone", { namespace: "shop", policyArns: [POLICY], cluster: { oidcIssuer: output(ISSUER) } }],
    ["a provider alone", { namespace: "shop", policyArns: [POLICY], oidcProvider }],
    ["a provider's ARN alone", { namespace: "shop", policyArns: [POLICY], oidcProviderArn: PROVIDER_ARN }],
    ["an issuer and a provider", { ...GOOD, oidcProvider }],
    ["a prefix alone", { ...GOOD, roleNamePrefix: "a" }],
    ["a name alone", { ...GOOD, roleName: "a" }],
    ["a role without further permissions", { namespace: "shop", issuerUrl: ISSUER, role }],
    ["a role's ARN without further permissions", { namespace: "shop", issuerUrl: ISSUER, roleArn: ROLE_ARN }],
    ["five thumbprints", { ...GOOD, thumbprints: thumbprints(5) }],
    ["a document alone", { namespace: "shop", issuerUrl: ISSUER, inlinePolicies: { a: "{}" } }],
    ["an add-on alone", { namespace: "shop", issuerUrl: ISSUER, addons: ["vpc-cni"] }],
    ["no permissions, as it is meant", { namespace: "shop", issuerUrl: ISSUER, allowNoPermissions: true }],
    [
      "every setting of an account that is created",
      { ...GOOD, labels: { a: "b" }, annotations: { a: "b" }, automountServiceAccountToken: false },
    ],
    ["the same, by name", { ...GOOD, serviceAccountMode: "create", automountServiceAccountToken: false }],
    [
      "labels and annotations of a patch",
      { ...GOOD, serviceAccountMode: "patch", labels: { a: "b" }, annotations: {} },
    ],
    ["an account of others", { ...GOOD, serviceAccountMode: "external" }],
    ["one Output twice, which may be a list's own business", { ...GOOD, policyArns: [policy, policy] }],
  ])("%s", (_title, args) => {
    expect(combinationFlaws(args)).toEqual([]);
  });
});
