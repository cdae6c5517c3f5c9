import { providerReason } from "../../policy-pack/src/model/trust-provider";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  ISSUER,
  kubernetesProvider,
  OTHER_ISSUER,
  PROVIDER_ARN,
  resource,
  UNKNOWN,
  urnOf,
  urns,
} from "../support/stack";
import { trustStatement, wired, withUnknownIssuer, type Wiring } from "../support/stack";
import { arnOf, GITHUB, policyOf, providerFor, statementOf, withRole } from "../support/trust-parts";
import { accountOf, clusterOf, describeReason, newCluster, roleOf, urnIn } from "../support/trust-stacks";

const FAR = "444455556666";
const THIRD_ISSUER = ISSUER.replace(/[^/]*$/, "FEDCBA9876543210FEDCBA9876543210");
const PLACE = "Statement[0].Principal.Federated";

function reasonIn(stack: Snapshot, wiredRight = false): string {
  const { model, role } = withRole(stack);
  const binding = model.bindings.find(({ serviceAccount }) => serviceAccount.urn === urns.serviceAccount);
  if (!binding || role.trust.is !== "known") throw new Error("no account, or no trust policy");
  return describeReason(providerReason(binding, role, role.trust.value, wiredRight, model));
}

const trusting = (...providers: readonly Value[]): Value =>
  statementOf({ Principal: { Federated: providers.length === 1 ? (providers[0] ?? null) : providers } });
const stackOf = (statements: readonly Value[], changes: Wiring = {}): Snapshot =>
  wired({ ...changes, role: { assumeRolePolicy: policyOf(...statements) } });

/** Pulumi does not say which AWS provider makes the role. */
const unplacedRole = (stack: Snapshot): Snapshot => ({
  ...stack,
  resources: stack.resources.map(({ provider, ...each }) =>
    provider === undefined || each.urn === urns.role ? each : { ...each, provider },
  ),
});

describe("a role that trusts no web identity", () => {
  const assumable = statementOf({ Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } });

  test.each<[string, readonly Value[], string]>([
    ["names who may assume it", [assumable], "not-web-identity at Statement[0]: ec2.amazonaws.com"],
    [
      "names them once each, and not those that a Deny is for",
      [assumable, assumable, statementOf({ Effect: "Deny", Principal: { AWS: "*" } })],
      "not-web-identity at Statement[0]: ec2.amazonaws.com",
    ],
    [
      "names them as far as they are known",
      [assumable, statementOf({ Action: "sts:AssumeRole", Principal: UNKNOWN })],
      "not-web-identity at Statement[0]: ec2.amazonaws.com",
    ],
    ["may have nothing in its policy", [], "not-web-identity at the whole: "],
    ["may have a statement for them whose action is not known", [statementOf({ Action: UNKNOWN })], "nothing"],
  ])("%s", (_, statements, expected) => {
    expect(reasonIn(stackOf(statements))).toBe(expected);
  });

  test("may trust one in statements that are not known yet", () => {
    const assumeRolePolicy = { Version: "2012-10-17", Statement: UNKNOWN };
    expect(reasonIn(wired({ role: { assumeRolePolicy } }))).toBe("nothing");
  });
});

describe("a role trusts the provider of its account's cluster", () => {
  const wrong = `provider by value at ${PLACE} for "shop"`;
  const second = clusterOf("second");

  test.each<[string, () => Snapshot, string]>([
    ["as it should", () => stackOf([trusting(PROVIDER_ARN)]), "nothing"],
    [
      "but for one that the stack knows nothing of",
      () => stackOf([trusting(arnOf(OTHER_ISSUER))]),
      `${wrong}, of ${OTHER_ISSUER}`,
    ],
    [
      "but for that of other clusters",
      () => stackOf([trusting(arnOf(OTHER_ISSUER), arnOf(GITHUB))], { plus: [second, newCluster("later")] }),
      `provider by value at ${PLACE}[0] for "shop", of ${OTHER_ISSUER} and ${GITHUB}, of the clusters "second"`,
    ],
    [
      "unless a statement of unknown action may do it",
      () => stackOf([trusting(arnOf(OTHER_ISSUER)), statementOf({ Action: UNKNOWN })]),
      "nothing",
    ],
    [
      "unless everyone is let in beside",
      () => stackOf([trusting(arnOf(OTHER_ISSUER)), statementOf({ Principal: "*" })]),
      "nothing",
    ],
    ["unless a provider beside is not known yet", () => stackOf([trusting(arnOf(OTHER_ISSUER), UNKNOWN)]), "nothing"],
    ["in another account alone", () => stackOf([trusting(arnOf(ISSUER, FAR))]), `${wrong}, of ${ISSUER}, in ${FAR}`],
    ["in another account beside its own", () => stackOf([trusting(arnOf(ISSUER, FAR), PROVIDER_ARN)]), "nothing"],
    [
      "in some account, while its own is not known",
      () => unplacedRole(stackOf([trusting(arnOf(ISSUER, FAR))])),
      "nothing",
    ],
  ])("%s", (_, stack, expected) => {
    expect(reasonIn(stack())).toBe(expected);
  });

  describe("though the provider's url is what is wrong", () => {
    const forShop = (url: string) => ({ oidcProvider: { url: `https://${url}` } });

    test.each<[string, () => Snapshot, string]>([
      [
        "where it is written as no issuer is",
        () =>
          stackOf([trusting(arnOf(`${OTHER_ISSUER}/`), arnOf(GITHUB))], { plus: [providerFor(`${OTHER_ISSUER}/`)] }),
        "nothing",
      ],
      [
        "where it came from the cluster, and another provider is none of its business",
        () => stackOf([trusting(arnOf(OTHER_ISSUER))], { ...forShop(OTHER_ISSUER), plus: [providerFor(GITHUB)] }),
        "nothing",
      ],
      [
        "but not where the provider is for no cluster of the stack",
        () => stackOf([trusting(arnOf(OTHER_ISSUER))], { plus: [providerFor(OTHER_ISSUER)] }),
        `${wrong}, of ${OTHER_ISSUER}`,
      ],
      [
        "but not where the role trusts neither that url nor the right one",
        () => stackOf([trusting(arnOf(OTHER_ISSUER))], forShop(THIRD_ISSUER)),
        `${wrong}, of ${OTHER_ISSUER}`,
      ],
    ])("%s", (_, stack, expected) => {
      expect(reasonIn(stack())).toBe(expected);
    });
  });
});

describe("while the issuer of the cluster is not known", () => {
  const third = clusterOf("third", `https://${THIRD_ISSUER}`);
  const waiting = 'unknown provider: the issuer of EKS cluster "shop", with shop';
  const hidden = (statements: readonly Value[], changes: Wiring = {}): Snapshot =>
    withUnknownIssuer(stackOf(statements, changes));

  test.each<[string, () => Snapshot, string]>([
    ["a trusted issuer may be the one", () => hidden([trusting(PROVIDER_ARN)]), waiting],
    [
      "a provider in another account is wrong whatever its issuer",
      () => hidden([trusting(arnOf(ISSUER, FAR))]),
      `provider by value at ${PLACE} for "shop", of ${ISSUER}, in ${FAR}`,
    ],
    [
      "one in some account may be right while the role's is not known",
      () => unplacedRole(hidden([trusting(arnOf(ISSUER, FAR))])),
      waiting,
    ],
    ["one in its own account beside may be right", () => hidden([trusting(arnOf(ISSUER, FAR), PROVIDER_ARN)]), waiting],
    [
      "the issuer of another cluster is wrong",
      () => hidden([trusting(arnOf(OTHER_ISSUER))], { plus: [clusterOf("second"), third] }),
      `provider by value at ${PLACE} for "shop", of ${OTHER_ISSUER}, of the clusters "second"`,
    ],
    [
      "the issuers of two other clusters are wrong",
      () => hidden([trusting(arnOf(OTHER_ISSUER), arnOf(THIRD_ISSUER))], { plus: [clusterOf("second"), third] }),
      `provider by value at ${PLACE}[0] for "shop", of ${OTHER_ISSUER} and ${THIRD_ISSUER}, of the clusters "second" and "third"`,
    ],
    [
      "the issuer of another cluster may be wrong and one beside it right",
      () => hidden([trusting(arnOf(OTHER_ISSUER), PROVIDER_ARN)], { plus: [clusterOf("second")] }),
      waiting,
    ],
  ])("%s", (_, stack, expected) => {
    expect(reasonIn(stack())).toBe(expected);
  });

  test("nobody waits where the wiring says that the provider is right", () => {
    expect(reasonIn(hidden([trusting(PROVIDER_ARN)]), true)).toBe("nothing");
  });
});

describe("where nobody says which cluster the account is on, the one that the stack makes", () => {
  const likely = `provider likely at ${PLACE} for "shop", of ${OTHER_ISSUER}`;
  const anywhere = (issuer: Value, changes: Wiring = {}, more: readonly Value[] = []): Snapshot =>
    stackOf([trusting(typeof issuer === "string" ? arnOf(issuer) : issuer), ...more], {
      ...changes,
      kubernetes: { kubeconfig: undefined },
      edges: { "kubernetes.kubeconfig": [], "role.assumeRolePolicy": [], ...changes.edges },
    });
  const farProvider = resource(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "far",
    { url: `https://${ISSUER}` },
    {
      provider: {
        urn: urnOf("pulumi:providers:aws", "far"),
        type: "pulumi:providers:aws",
        name: "far",
        inputs: { allowedAccountIds: [FAR] },
      },
    },
  );
  const clear = resource(
    "pulumi:providers:kubernetes",
    "clear",
    { kubeconfig: UNKNOWN },
    { provider: undefined, from: { kubeconfig: [urns.cluster] } },
  );
  const onClear = { provider: kubernetesProvider("clear", { kubeconfig: UNKNOWN }) };
  const onUnread = { provider: kubernetesProvider("unread", { kubeconfig: UNKNOWN }) };

  test.each<[string, () => Snapshot, string]>([
    ["is meant, where the role trusts an old one of its region", () => anywhere(OTHER_ISSUER), likely],
    ["is not meant, where there is none", () => anywhere(OTHER_ISSUER, { cluster: null }), "nothing"],
    ["is not meant, while its issuer is not known", () => withUnknownIssuer(anywhere(OTHER_ISSUER)), "nothing"],
    [
      "is not meant, where the account is on a cluster of the kubeconfig of whoever runs Pulumi",
      () => {
        const stack = anywhere(OTHER_ISSUER);
        const provider = kubernetesProvider("staging", { context: "staging" });
        const resources = stack.resources.map((each) =>
          each.urn === urns.serviceAccount ? { ...each, provider } : each,
        );
        return { ...stack, resources };
      },
      "nothing",
    ],
    [
      "is not meant, where there are two",
      () => anywhere(OTHER_ISSUER, { plus: [clusterOf("third", `https://${THIRD_ISSUER}`)] }),
      "nothing",
    ],
    [
      "is not meant, where it is configured only",
      () => anywhere(OTHER_ISSUER, { cluster: null, config: { clusters: [{ name: "shop", issuer: ISSUER }] } }),
      "nothing",
    ],
    [
      "is not meant, where its provider is not in the stack",
      () => anywhere(OTHER_ISSUER, { oidcProvider: null }),
      "nothing",
    ],
    [
      "is not meant, where another role trusts its provider",
      () => anywhere(OTHER_ISSUER, { plus: [roleOf("second", policyOf(trustStatement()))] }),
      "nothing",
    ],
    [
      "is not meant, where another role trusts one of its two providers",
      () => anywhere(OTHER_ISSUER, { plus: [farProvider, roleOf("second", policyOf(trusting(arnOf(ISSUER, FAR))))] }),
      "nothing",
    ],
    [
      "is not meant, where the policy came from something that may name any cluster",
      () =>
        anywhere(OTHER_ISSUER, {
          edges: { "role.assumeRolePolicy": [urnIn.role("second")] },
          plus: [roleOf("second", UNKNOWN)],
        }),
      "nothing",
    ],
    [
      "is not meant, where another account says that it is on it",
      () => anywhere(OTHER_ISSUER, { plus: [clear, accountOf("shop/web", "", onClear)] }),
      "nothing",
    ],
    [
      "is not meant, where another account may be on it",
      () => anywhere(OTHER_ISSUER, { plus: [accountOf("shop/web", "", onUnread)] }),
      "nothing",
    ],
    [
      "is not meant, where the role trusts a cluster of another region",
      () => anywhere(OTHER_ISSUER.replace("eu-west-1", "us-east-1")),
      "nothing",
    ],
    ["is not meant, where the role trusts GitHub", () => anywhere(GITHUB), "nothing"],
    ["is not meant, where the role trusts it", () => anywhere(ISSUER), "nothing"],
    [
      "is not meant, where the stack makes the provider of the old one",
      () => anywhere(OTHER_ISSUER, { plus: [providerFor(OTHER_ISSUER)] }),
      "nothing",
    ],
    [
      "is not meant, where a provider of the stack may turn out to be that of the old one",
      () => anywhere(OTHER_ISSUER, { plus: [providerFor(UNKNOWN)] }),
      "nothing",
    ],
    [
      "is not meant, where the role trusts GitHub beside",
      () => anywhere(OTHER_ISSUER, {}, [trusting(arnOf(GITHUB))]),
      "nothing",
    ],
  ])("%s", (_, stack, expected) => {
    expect(reasonIn(stack())).toBe(expected);
  });

  test("is not meant, where its own issuer is none of EKS's", () => {
    const stack = anywhere(OTHER_ISSUER, { oidcProvider: { url: "https://oidc.kops.example.com" } });
    const resources = stack.resources.map((each) =>
      each.urn === urns.cluster
        ? {
            ...each,
            outputs: { ...each.outputs, identities: [{ oidcs: [{ issuer: "https://oidc.kops.example.com" }] }] },
          }
        : each,
    );
    expect(reasonIn({ ...stack, resources })).toBe("nothing");
  });
});
