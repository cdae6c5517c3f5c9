import type { Value } from "../../policy-pack/src/facts/value";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Role } from "../../policy-pack/src/model/types";
import { factText, joinText } from "../support/answers";
import { namesOf } from "../support/pods";
import { policyOf, statementOf, withRole } from "../support/trust-parts";
import { withOutputs } from "../support/trust-stacks";
import {
  ISSUER,
  PROVIDER_ARN,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  trustStatement,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Wiring,
} from "../support/stack";

const WITH_SCHEME = `https://${ISSUER}`;
const ROLE = "aws:iam/role:Role";
const roleIn = (changes: Wiring, urn: string = urns.role): Role => withRole(wired(changes), urn).role;

describe("a trust policy made of the url of a provider that is not made yet", () => {
  const NATIVE = "aws-native:iam:OidcProvider";
  const known = "known";
  const changes = "unknown: shop";

  /** Whether the trust policy is known, while the ARN of the provider is this. */
  function trustOf(written: Value, stack: Wiring = {}, arn: Value = UNKNOWN): string {
    const made = wired({ ...stack, role: { assumeRolePolicy: written } });
    const { role } = withRole(withOutputs(made, urns.oidcProvider, { arn }));
    return role.trust.is === "known" ? known : factText(role.trust);
  }
  const principal = (name: string) => ({ provider: `arn:aws:iam::111122223333:oidc-provider/${name}` });
  const keyed = trust({ issuer: WITH_SCHEME, provider: PROVIDER_ARN });
  const mixed = policyOf(
    statementOf({
      Condition: { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${WITH_SCHEME}:sub`]: SUBJECT } },
    }),
  );
  const hidden = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: UNKNOWN, Condition: UNKNOWN }] };
  const native = resource(NATIVE, "native", { url: WITH_SCHEME }, { outputs: { url: WITH_SCHEME, arn: UNKNOWN } });

  test.each<[string, () => string, string]>([
    ["is another one later, by the url in its conditions", () => trustOf(keyed), changes],
    ["is another one later, by the url in one of its conditions", () => trustOf(mixed), changes],
    ["is another one later, by the url in its principal", () => trustOf(trust(principal(WITH_SCHEME))), changes],
    [
      "is another one later, by one of its principals",
      () =>
        trustOf(policyOf(statementOf({ Principal: { Federated: [PROVIDER_ARN, principal(WITH_SCHEME).provider] } }))),
      changes,
    ],
    [
      "is another one later, by one of its statements",
      () => trustOf(policyOf(trustStatement(), trustStatement({ issuer: WITH_SCHEME }))),
      changes,
    ],
    ["stays where it names no scheme", () => trustOf(trust()), known],
    ["stays where it names another url", () => trustOf(trust({ issuer: `${WITH_SCHEME}1` })), known],
    ["stays once the provider is made", () => trustOf(keyed, {}, PROVIDER_ARN), known],
    ["stays where the url has no scheme", () => trustOf(trust(), { oidcProvider: { url: ISSUER } }), known],
    ["stays while the url is unknown", () => trustOf(keyed, { oidcProvider: { url: UNKNOWN } }), known],
    ["stays where it came from no provider", () => trustOf(keyed, { edges: { "role.assumeRolePolicy": [] } }), known],
    ["stays while its principals and conditions are unknown", () => trustOf(hidden), known],
    [
      "stays while the provider in its principal is unknown",
      () => trustOf({ Version: "2012-10-17", Statement: [statementOf({ Principal: { Federated: UNKNOWN } })] }),
      known,
    ],
    [
      "stays with aws-native, which keeps the scheme",
      () => trustOf(keyed, { oidcProvider: null, plus: [native], edges: { "role.assumeRolePolicy": [native.urn] } }),
      known,
    ],
    ["waits for what it came from while it is unknown", () => trustOf(UNKNOWN), changes],
  ])("%s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });
});

describe("what a trust policy came from", () => {
  const component = resource("eks:index:Cluster", "platform", {});
  const inner = resource("aws:eks/cluster:Cluster", "inner", { name: "x" }, { parent: component.urn });
  const cameFrom = (from: readonly string[]): string => {
    const role = roleIn({ cluster: null, plus: [component, inner], edges: { "role.assumeRolePolicy": from } });
    const found = [...role.wiredProviders, ...role.wiredClusters].map(({ title }) => title);
    return [...found, role.wiringComplete ? "and nothing else" : "or something else"].join(", ");
  };

  test.each<[string, readonly string[], string]>([
    ["nothing", [], "or something else"],
    ["a provider", [urns.oidcProvider], 'OIDC provider "shop", and nothing else'],
    ["the cluster inside a component", [inner.urn], 'EKS cluster "platform", and nothing else'],
    ["a Namespace", [urns.namespace], "and nothing else"],
    [
      "a provider and a resource that may tell anything",
      [urns.oidcProvider, urns.attachment],
      'OIDC provider "shop", or something else',
    ],
  ])("%s", (_, from, expected) => {
    expect(cameFrom(from)).toBe(expected);
  });
});

describe("a role that is not made yet", () => {
  const providerTold = (inputs: { readonly [key: string]: Value }) => ({
    urn: urnOf("pulumi:providers:aws", "far"),
    type: "pulumi:providers:aws",
    name: "far",
    inputs,
  });
  const arnIn = (told: { readonly [key: string]: Value }, inputs: { readonly [key: string]: Value } = {}): string => {
    const made = resource(ROLE, "new", { name: "new", ...inputs }, { provider: providerTold(told) });
    return factText(roleIn({ plus: [made] }, made.urn).arn);
  };
  const account = { allowedAccountIds: ["444455556666"] };

  test.each<[string, () => string, string]>([
    [
      "in a known account and partition",
      () => arnIn({ ...account, region: "eu-west-1" }),
      "arn:aws:iam::444455556666:role/new",
    ],
    ["in an unknown partition", () => arnIn(account), "unknown: new"],
    ["in an unknown account", () => arnIn({ region: "eu-west-1" }), "unknown: new"],
    ["of an unknown path", () => arnIn({ ...account, region: "eu-west-1" }, { path: UNKNOWN }), "unknown: new"],
    ["of an unknown name", () => arnIn({ ...account, region: "eu-west-1" }, { name: UNKNOWN }), "unknown: new"],
  ])("has an ARN: %s", (_, seen, expected) => {
    expect(seen()).toBe(expected);
  });

  test.each<[string, Value | undefined, string]>([
    ["written", 3600, "3600"],
    ["not written", undefined, "absent"],
  ])("has a longest session that is %s", (_, maxSessionDuration, expected) => {
    expect(factText(roleIn({ role: { maxSessionDuration } }).maxSessionDuration)).toBe(expected);
  });
});

describe("the role of an account", () => {
  const annotated = (value: Value) => ({ metadata: { annotations: { "eks.amazonaws.com/role-arn": value } } });
  const roleOf = (changes: Wiring): string => joinText(buildModel(wired(changes)).serviceAccounts[0]?.role);

  test.each<[string, Wiring, string]>([
    ["is found by its ARN while its path is unknown", { role: { path: UNKNOWN } }, 'by value role "api-irsa"'],
    [
      "waits for the roles without a known name",
      { role: { name: UNKNOWN }, serviceAccount: annotated(`${ROLE_ARN}-2`) },
      "unknown: api",
    ],
  ])("%s", (_, changes, expected) => {
    expect(roleOf(changes)).toBe(expected);
  });

  test("is the one that an unknown map of annotations came from, where an IrsaBinding made that", () => {
    const binding = resource("eks-irsa:index:IrsaBinding", "api", { namespace: "shop", serviceAccountName: "api" });
    const stack = wired({ serviceAccount: { metadata: { annotations: UNKNOWN } }, plus: [binding] });
    const resources = stack.resources.map((each) => (each.urn === urns.role ? { ...each, parent: binding.urn } : each));
    expect(joinText(buildModel({ ...stack, resources }).serviceAccounts[0]?.role)).toBe('by wiring role "api-irsa"');
  });
});

describe("an OIDC provider", () => {
  const COMPONENT = urnOf("eks:index:Cluster", "platform");
  const component = resource("eks:index:Cluster", "platform", {});
  const inner = resource("aws:eks/cluster:Cluster", "inner", { name: UNKNOWN }, { parent: COMPONENT });
  const TYPE = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
  const only = (changes: Wiring) => {
    const [provider] = buildModel(wired({ oidcProvider: null, ...changes })).providers;
    if (!provider) throw new Error("no provider");
    return provider;
  };
  const madeBy = (parent: string | undefined): string => {
    const made = resource(TYPE, "made", { url: WITH_SCHEME }, parent === undefined ? {} : { parent });
    return namesOf([only({ plus: [component, made] }).madeBy ?? ""]);
  };

  test.each<[string, string | undefined, string]>([
    ["a component", COMPONENT, "platform"],
    ["a cluster that makes none", urns.cluster, "a resource without a URN"],
    ["the program", undefined, "a resource without a URN"],
  ])("is made by %s", (_, parent, expected) => {
    expect(madeBy(parent)).toBe(expected);
  });

  test("came from the component, where its url came from the cluster inside that", () => {
    const made = resource(TYPE, "made", { url: UNKNOWN }, { from: { url: [inner.urn] } });
    const provider = only({ cluster: null, plus: [component, inner, made] });
    expect(`${provider.title}: ${joinText(provider.cluster)}`).toBe(
      'OIDC provider "made": by wiring EKS cluster "platform"',
    );
  });

  test.each<[string, string]>([
    ["aws", TYPE],
    ["aws-native", "aws-native:iam:OidcProvider"],
  ])("of %s has the issuer of its url", (_, type) => {
    const provider = only({ plus: [resource(type, "made", { url: WITH_SCHEME })] });
    expect(`${provider.paths.url}: ${factText(provider.url)}, ${factText(provider.issuer)}`).toBe(
      `url: ${WITH_SCHEME}, ${ISSUER}`,
    );
  });

  test.each<[string, Value, boolean, string]>([
    ["those that IAM keeps are not written", ["aa"], true, 'absent, ["aa"]'],
    ["those that the state alone shows count as written", ["aa"], false, 'thumbprintLists[0] aa, ["aa"]'],
    ["those that are not texts are kept by nobody", ["aa", null], true, 'absent, ["aa"]'],
    ["those that IAM will keep are unknown", UNKNOWN, true, "absent, unknown: made"],
  ])("has thumbprints: %s", (_, thumbprintLists, isWritten, expected) => {
    const { inputs, ...seen } = resource(TYPE, "made", { url: WITH_SCHEME }, { outputs: { thumbprintLists } });
    const { thumbprints, keptThumbprints } = only({ plus: [isWritten && inputs ? { ...seen, inputs } : seen] });
    const written =
      thumbprints.is === "known"
        ? thumbprints.value.map(({ path, value }) => `${path} ${factText(value)}`).join()
        : factText(thumbprints);
    expect(`${written}, ${factText(keptThumbprints)}`).toBe(expected);
  });
});
