import type { Value } from "../../policy-pack/src/facts/value";
import { buildModel } from "../../policy-pack/src/model/build";
import { joinRole, sameIssuer } from "../../policy-pack/src/model/read-aws";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import type { OidcProvider } from "../../policy-pack/src/model/types";
import { absent, known, unknown, type Fact } from "../../policy-pack/src/facts/fact";
import { factText, joinText } from "../support/answers";
import { clusterOf, withOutputs } from "../support/trust-stacks";
import { withRole } from "../support/trust-parts";
import {
  firstPreview,
  ISSUER,
  OTHER_ISSUER,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Wiring,
} from "../support/stack";

const STRANGER = `https://${OTHER_ISSUER}`;
const second = clusterOf("second", UNKNOWN);

function providerIn(changes: Wiring): OidcProvider {
  const [provider] = buildModel(wired(changes)).providers;
  if (!provider) throw new Error("no provider");
  return provider;
}

describe("the cluster of an OIDC provider", () => {
  const clusterOfProvider = (changes: Wiring): string => joinText(providerIn(changes).cluster);

  test.each<[string, Wiring, string]>([
    ["is the one with its issuer", {}, 'by value EKS cluster "shop"'],
    [
      "is none for a provider without a url",
      { oidcProvider: null, plus: [resource("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "bare", {})] },
      "absent",
    ],
    [
      "may be any cluster whose issuer is unknown, for the url of no other",
      { oidcProvider: { url: STRANGER }, plus: [second], edges: { "oidcProvider.url": [] } },
      "unknown: second",
    ],
    [
      "is the only one that the url came from, while that one's issuer is unknown",
      { oidcProvider: { url: STRANGER }, plus: [second], edges: { "oidcProvider.url": [second.urn] } },
      'by wiring EKS cluster "second"',
    ],
    [
      "may be either of two that the url came from, while their issuers are unknown",
      {
        cluster: null,
        oidcProvider: { url: STRANGER },
        plus: [second, clusterOf("third", UNKNOWN)],
        edges: { "oidcProvider.url": [second.urn, clusterOf("third").urn] },
      },
      "unknown: second and third",
    ],
    [
      "is ambiguous for an unknown url that came from two",
      { oidcProvider: { url: UNKNOWN }, plus: [second], edges: { "oidcProvider.url": [urns.cluster, second.urn] } },
      "ambiguous: shop and second",
    ],
    [
      "is unknown for an unknown url that came from no cluster",
      { oidcProvider: { url: UNKNOWN }, edges: { "oidcProvider.url": [urns.role] } },
      "unknown: api",
    ],
  ])("%s", (_, changes, expected) => {
    expect(clusterOfProvider(changes)).toBe(expected);
  });

  test.each<[string, string, boolean]>([
    [ISSUER, ISSUER, true],
    [`${ISSUER}/`, ISSUER, true],
    [ISSUER, `${ISSUER}/`, true],
    [`${ISSUER}//`, ISSUER, false],
    ["oidc.example.com/a/b", "oidc.example.com/ab", false],
  ])("the issuers %s and %s", (a, b, same) => {
    expect(sameIssuer(a, b)).toBe(same);
  });
});

describe("what an OIDC provider lists", () => {
  const LISTS = { clientIds: "clientIdLists[0]: sts.amazonaws.com", thumbprints: "absent", kept: "absent" };
  const leaves = (fact: OidcProvider["clientIds"]): string =>
    fact.is === "known"
      ? fact.value.map(({ path, value }) => `${path}: ${factText(value)}`).join(", ")
      : factText(fact);
  const listsOf = ({ clientIds, thumbprints, keptThumbprints }: OidcProvider) => ({
    clientIds: leaves(clientIds),
    thumbprints: leaves(thumbprints),
    kept: factText(keptThumbprints),
  });
  const native = (inputs: Properties) =>
    providerIn({ oidcProvider: null, plus: [resource("aws-native:iam:OidcProvider", "native", inputs)] });

  test.each<[string, () => OidcProvider, object]>([
    ["audiences alone", () => providerIn({}), LISTS],
    [
      "thumbprints, which IAM keeps",
      () => providerIn({ oidcProvider: { thumbprintLists: ["aa"] } }),
      { ...LISTS, thumbprints: "thumbprintLists[0]: aa", kept: '["aa"]' },
    ],
    [
      "thumbprints that are not known yet",
      () => providerIn({ oidcProvider: { thumbprintLists: ["aa", UNKNOWN] } }),
      {
        ...LISTS,
        thumbprints: "thumbprintLists[0]: aa, thumbprintLists[1]: unknown: nobody can say what",
        kept: '["aa"]',
      },
    ],
    [
      "the same of aws-native by other names",
      () => native({ url: `https://${ISSUER}`, clientIdList: ["a", "b"], thumbprintList: ["cc"] }),
      { clientIds: "clientIdList[0]: a, clientIdList[1]: b", thumbprints: "thumbprintList[0]: cc", kept: '["cc"]' },
    ],
  ])("%s", (_, provider, expected) => {
    expect(listsOf(provider())).toEqual(expected);
  });
});

describe("a role", () => {
  const AWS_NATIVE = "aws-native:iam:Role";
  const describeRole = (stack: ReturnType<typeof wired>, urn: string = urns.role) => {
    const { role } = withRole(stack, urn);
    return {
      title: role.title,
      named: `${role.namePath}: ${factText(role.name)}`,
      path: factText(role.path),
      arn: factText(role.arn),
      trust: `${role.trustPath}: ${role.trust.is}`,
    };
  };
  const nativeStack = wired({
    plus: [resource(AWS_NATIVE, "native", { roleName: "n", assumeRolePolicyDocument: JSON.parse(trust()) as Value })],
  });

  test.each<[string, () => object, object]>([
    [
      "that stands",
      () => describeRole(wired()),
      {
        title: 'role "api-irsa"',
        named: "name: api-irsa",
        path: "/",
        arn: ROLE_ARN,
        trust: "assumeRolePolicy: known",
      },
    ],
    [
      "of aws-native",
      () => describeRole(nativeStack, urnOf(AWS_NATIVE, "native")),
      { title: 'role "n"', named: "roleName: n", trust: "assumeRolePolicyDocument: known" },
    ],
    [
      "that Pulumi names",
      () => describeRole(firstPreview({ role: { name: undefined } })),
      { title: 'role "api"', named: "name: unknown: api", arn: "unknown: api" },
    ],
    [
      "that is not made yet, in a known account",
      () =>
        describeRole(
          wired({ plus: [resource("aws:iam/role:Role", "new", { name: "new", path: "/team/" })] }),
          urnOf("aws:iam/role:Role", "new"),
        ),
      { arn: "arn:aws:iam::111122223333:role/team/new" },
    ],
    [
      "whose ARN IAM reports otherwise than its name says",
      () => describeRole(withOutputs(wired(), urns.role, { arn: `${ROLE_ARN}-1` })),
      { arn: `${ROLE_ARN}-1` },
    ],
    [
      "of which something is reported that is no ARN of a role",
      () => describeRole(withOutputs(wired(), urns.role, { arn: "api-irsa" })),
      { arn: ROLE_ARN },
    ],
  ])("%s", (_, role, expected) => {
    expect(role()).toMatchObject(expected);
  });
});

describe("the role that a text names", () => {
  const twin = resource(
    "aws:iam/role:Role",
    "twin",
    { name: "api-irsa", assumeRolePolicy: trust() },
    {
      provider: {
        urn: urnOf("pulumi:providers:aws", "far"),
        type: "pulumi:providers:aws",
        name: "far",
        inputs: {},
      },
    },
  );
  const join = (reference: Fact<string>, from: readonly string[] = [], isNamedByArn = false): string => {
    const { roles } = buildModel(wired({ plus: [twin] }));
    const scope = isNamedByArn ? undefined : roles.find(({ urn }) => urn === urns.role)?.scope;
    return joinText(joinRole(reference, from, scope, roles));
  };

  test.each<[string, () => string, string]>([
    ["is ambiguous where two of its name may live in the account", () => join(known("api-irsa")), "ambiguous"],
    ["is ambiguous by an ARN that may be of either", () => join(known(ROLE_ARN)), "ambiguous"],
    ["is none by a bare name where only ARNs count", () => join(known("api-irsa"), [], true), "elsewhere"],
    ["is none for an empty text", () => join(known("")), "absent"],
    ["is none for no text", () => join(absent, [urns.role]), "absent"],
    [
      "is the one it came from while unknown",
      () => join(unknown(), [urns.role, urns.role]),
      'by wiring role "api-irsa"',
    ],
    ["is ambiguous while it came from two", () => join(unknown(), [urns.role, twin.urn]), "ambiguous: api and twin"],
    ["is unknown while it came from none", () => join(unknown(), [urns.cluster]), "unknown: shop"],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });
});
