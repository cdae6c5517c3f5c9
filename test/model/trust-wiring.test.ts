import { wiredElsewhere } from "../../policy-pack/src/model/trust-wiring";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { firstPreview, OTHER_ISSUER, resource, trust, UNKNOWN, urns, wired, type Wiring } from "../support/stack";
import { providerFor, withRole } from "../support/trust-parts";

const SECOND = resource(
  "aws:eks/cluster:Cluster",
  "second",
  { name: "second" },
  { outputs: { name: "second", identities: UNKNOWN } },
);
const THIRD = resource(
  "aws:eks/cluster:Cluster",
  "third",
  { name: "third" },
  { outputs: { name: "third", identities: UNKNOWN } },
);
const STANDING = resource("aws:eks/cluster:Cluster", "standing", {
  name: "standing",
  identities: [{ oidcs: [{ issuer: `https://${OTHER_ISSUER}` }] }],
});
const POLICY = resource("aws:iam/policy:Policy", "own", { policy: "{}" });

/** `elsewhere: account on EKS cluster "shop", role of EKS cluster "second"`, or the kind alone. */
function wiringOf(stack: Snapshot): string {
  const { model, role } = withRole(stack);
  const [binding] = model.bindings;
  if (!binding) return "no account";
  const found = wiredElsewhere(binding, role);
  if (found.kind !== "elsewhere") return found.kind;
  return `account on ${found.cluster.title}, role of ${found.trusted.map(({ title }) => title).join(" and ")}`;
}

/** A first preview whose role came from these resources. */
const cameFrom = (urnsOfTrust: readonly string[], changes: Wiring = {}): Snapshot =>
  firstPreview({
    ...changes,
    plus: [SECOND, THIRD, STANDING, ...(changes.plus ?? [])],
    edges: { "role.assumeRolePolicy": urnsOfTrust, ...changes.edges },
  });

describe("at a first preview, a trust policy that came from", () => {
  const far = providerFor(UNKNOWN, [SECOND.urn]);

  test.each<[string, Snapshot, string]>([
    ["the provider of the account's cluster is right", firstPreview(), "here"],
    ["the account's cluster itself is right", cameFrom([urns.cluster]), "here"],
    ["both clusters is right for the account's", cameFrom([urns.cluster, SECOND.urn]), "here"],
    ["another cluster is wrong", cameFrom([SECOND.urn]), 'account on EKS cluster "shop", role of EKS cluster "second"'],
    [
      "the provider of another cluster is wrong",
      cameFrom([far.urn], { plus: [far] }),
      'account on EKS cluster "shop", role of EKS cluster "second"',
    ],
    [
      "another cluster and its provider names that cluster once",
      cameFrom([SECOND.urn, far.urn], { plus: [far] }),
      'account on EKS cluster "shop", role of EKS cluster "second"',
    ],
    [
      "two other clusters names both",
      cameFrom([SECOND.urn, THIRD.urn]),
      'account on EKS cluster "shop", role of EKS cluster "second" and EKS cluster "third"',
    ],
    ["nothing that Pulumi saw may be any", cameFrom([]), "undecided"],
    [
      "another cluster and a resource that is not understood may name any",
      cameFrom([SECOND.urn, POLICY.urn], { plus: [POLICY] }),
      "undecided",
    ],
    [
      "another cluster, for an account on a cluster that nobody can tell, may be right",
      cameFrom([SECOND.urn], { edges: { "kubernetes.kubeconfig": [] } }),
      "undecided",
    ],
    ["a Namespace only, which names no cluster, may be any", cameFrom([urns.namespace]), "undecided"],
  ])("%s", (_, stack, expected) => {
    expect(wiringOf(stack)).toBe(expected);
  });
});

describe("a provider on whose cluster the url's value and its wiring disagree", () => {
  const trusting = (provider: ReturnType<typeof providerFor>): string =>
    wiringOf(cameFrom([provider.urn], { plus: [provider] }));

  test.each<[string, readonly string[], string]>([
    [
      "is for the cluster that its url came from",
      [SECOND.urn],
      'account on EKS cluster "shop", role of EKS cluster "second"',
    ],
    [
      "is for the cluster that its url came from, also where that cluster's issuer is another",
      [STANDING.urn],
      'account on EKS cluster "shop", role of EKS cluster "standing"',
    ],
    ["is for neither of two standing and new clusters that its url came from", [SECOND.urn, STANDING.urn], "undecided"],
    ["is for the account's cluster where its url came from there", [urns.cluster], "here"],
    ["is for neither of two clusters that its url came from", [SECOND.urn, THIRD.urn], "undecided"],
    ["is for none where its url came from nowhere", [], "undecided"],
  ])("%s", (_, from, expected) => {
    expect(trusting(providerFor("oidc.example.com/typed-by-hand", from))).toBe(expected);
  });
});

describe("a cluster that exists already", () => {
  test("is found by the provider's url, whatever the url came from", () => {
    expect(wiringOf(wired({ edges: { "oidcProvider.url": [] } }))).toBe("here");
  });

  test("may be named by text in a role that came from another cluster", () => {
    const stack = wired({
      role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
      plus: [SECOND],
      edges: { "role.assumeRolePolicy": [SECOND.urn] },
    });
    expect(wiringOf(stack)).toBe("undecided");
  });
});
