import {
  awaitedAccount,
  isIllegalName,
  isNamespaceManaged,
  isUsed,
  mayBeFilledUnseen,
  namespaceOf,
} from "../../policy-pack/src/model/workload-account";
import { buildModel } from "../../policy-pack/src/model/build";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired, type Change, type Wiring } from "../support/stack";
import { namesOf, podSpec, workloadIn } from "../support/pods";
import { ACCOUNT_TYPE, accountOf, clusterOf, providerOn } from "../support/trust-stacks";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const inNamespace = (namespace: unknown): Change => ({ metadata: { namespace: namespace as string } });
const metadataFrom = (...from: readonly string[]): Pick<Wiring, "edges"> => ({
  edges: { "deployment.metadata": from },
});
const namespace = (name: unknown, resourceName: string, provider?: ReturnType<typeof providerOn>) =>
  resource(NAMESPACE, resourceName, { metadata: { name: name as string } }, provider ? { provider } : {});

describe("the Namespace of this stack that a workload is in", () => {
  const second = [clusterOf("second"), namespace("shop", "far", providerOn("second"))];
  const unmade: Wiring = { deployment: inNamespace(UNKNOWN) };

  test.each<[string, Wiring, string]>([
    ["is the one of its name", {}, 'Namespace "shop"'],
    ["is none of another name", { deployment: inNamespace("ops") }, "none"],
    ["is none of the same name on another cluster", { namespace: null, plus: second }, "none"],
    [
      "is none of the same name on a cluster of which nobody knows",
      { namespace: null, plus: [namespace("shop", "far", { ...providerOn("nobody"), inputs: {} })] },
      "none",
    ],
    ["is the one that its unknown name came from", { ...unmade, ...metadataFrom(urns.namespace) }, 'Namespace "shop"'],
    [
      "is the one whose own name is unknown, too",
      { ...unmade, namespace: { metadata: { name: UNKNOWN } }, ...metadataFrom(urns.namespace) },
      'Namespace "shop"',
    ],
    ["is none where the unknown name came from nowhere", { ...unmade, ...metadataFrom() }, "none"],
    ["is none where it came from something else", { ...unmade, ...metadataFrom(urns.role) }, "none"],
    [
      "is none where it came from one of two",
      {
        ...unmade,
        plus: [namespace("ops", "ops")],
        ...metadataFrom(urns.namespace, urnOf(NAMESPACE, "ops")),
      },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    const { model, workload } = workloadIn(wired(changes));
    expect(namespaceOf(model, workload)?.title ?? "none").toBe(expected);
  });
});

describe("a namespace that something fills unseen", () => {
  const release = (inputs: object, provider?: ReturnType<typeof providerOn>) =>
    resource("kubernetes:helm.sh/v3:Release", "tools", { chart: "tools", ...inputs }, provider ? { provider } : {});

  test.each<[string, Wiring, boolean]>([
    ["is none without a chart", {}, false],
    ["is that of a release", { plus: [release({ namespace: "shop" })] }, true],
    ["is not that of a release elsewhere", { plus: [release({ namespace: "tools" })] }, false],
    ["may be that of a release whose namespace is not known", { plus: [release({ namespace: UNKNOWN })] }, true],
    ["may be that of a release that names none", { plus: [release({})] }, true],
    [
      "is not that of a release on another cluster",
      { plus: [clusterOf("second"), release({ namespace: "shop" }, providerOn("second"))] },
      false,
    ],
    [
      "is that of a release where the stack does not make it",
      { deployment: inNamespace("ops"), plus: [release({ namespace: "ops" })] },
      true,
    ],
    [
      "is not that of a release elsewhere where only its Namespace has a known name",
      {
        deployment: inNamespace(UNKNOWN),
        plus: [release({ namespace: "tools" })],
        ...metadataFrom(urns.namespace),
      },
      false,
    ],
    [
      "may be any while its name is not known at all",
      { deployment: inNamespace(UNKNOWN), plus: [release({ namespace: "tools" })], ...metadataFrom() },
      true,
    ],
  ])("%s", (_, changes, expected) => {
    const { model, workload } = workloadIn(wired(changes));
    expect(mayBeFilledUnseen(model, workload)).toBe(expected);
  });

  test.each<[string, Wiring, boolean]>([
    ["is managed where the stack alone fills it", {}, true],
    ["is not managed where a release fills it, too", { plus: [release({ namespace: "shop" })] }, false],
    ["is not managed where another stack makes it", { namespace: null }, false],
  ])("%s", (_, changes, expected) => {
    const { model, workload } = workloadIn(wired(changes));
    expect(isNamespaceManaged(model, workload)).toBe(expected);
  });
});

describe("an account is used", () => {
  const asks = (name: unknown): Change => podSpec({ serviceAccountName: name as string });
  test.each<[string, Wiring, boolean]>([
    ["by the workload that names it", {}, true],
    ["not without a workload", { deployment: null }, false],
    ["not by a workload that names another", { deployment: asks("web") }, false],
    [
      "perhaps by a workload whose account is not known",
      { deployment: asks(UNKNOWN), edges: { "deployment.spec": [] } },
      true,
    ],
  ])("%s", (_, changes, expected) => {
    const model = buildModel(wired(changes));
    const account = model.serviceAccounts.find(({ urn }) => urn === urns.serviceAccount);
    expect(account && isUsed(model, account)).toBe(expected);
  });
});

describe("what tells the account that a workload runs as", () => {
  const asks = (name: unknown): Change => podSpec({ serviceAccountName: name as string });
  const specFrom = (...from: readonly string[]): Pick<Wiring, "edges"> => ({ edges: { "deployment.spec": from } });
  const web = accountOf("shop/web", ROLE_ARN);
  const farAway = accountOf("ops/web", ROLE_ARN);
  const plain = resource(ACCOUNT_TYPE, "plain", { metadata: { name: "plain", namespace: "shop" } });
  const other = resource(ACCOUNT_TYPE, "other", { metadata: { name: "other", namespace: "shop" } });
  const unplaced: Change = { metadata: { namespace: UNKNOWN } };

  test.each<[string, Wiring, string]>([
    ["is nothing where it is known", {}, "nothing"],
    ["is nothing for an account that nobody here makes", { deployment: asks("billing"), ...specFrom() }, "nothing"],
    [
      "is one of two accounts",
      { deployment: asks(UNKNOWN), plus: [web], ...specFrom(urns.serviceAccount, web.urn) },
      "api and shop-web",
    ],
    [
      "is one of two accounts, while others carry roles, too",
      { deployment: asks(UNKNOWN), plus: [web, farAway], ...specFrom(urns.serviceAccount, web.urn) },
      "api and shop-web",
    ],
    [
      "is nothing where it is one of two accounts without a role",
      { deployment: asks(UNKNOWN), plus: [plain, other], ...specFrom(plain.urn, other.urn) },
      "nothing",
    ],
    [
      "is nothing where it came from one account, which tells it",
      { deployment: asks(UNKNOWN), ...specFrom(urns.serviceAccount) },
      "nothing",
    ],
    ["is nothing where it came from a role alone", { deployment: asks(UNKNOWN), ...specFrom(urns.role) }, "nothing"],
    ["may be anything where it came from nowhere", { deployment: asks(UNKNOWN), ...specFrom() }, "nobody can say what"],
    [
      "is nothing where it came from nowhere and no account carries a role",
      {
        deployment: asks(UNKNOWN),
        serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": undefined } } },
        plus: [],
        ...specFrom(),
      },
      "nothing",
    ],
    [
      "is the account whose namespace is not known yet",
      { serviceAccount: unplaced, edges: { "deployment.spec": [], "serviceAccount.metadata": [] } },
      "api",
    ],
    [
      "is nothing where that account carries no role",
      {
        serviceAccount: { metadata: { namespace: UNKNOWN, annotations: { "eks.amazonaws.com/role-arn": undefined } } },
        edges: { "deployment.spec": [], "serviceAccount.metadata": [] },
      },
      "nothing",
    ],
    [
      "may be an account that the configuration expects, which no resource makes",
      {
        serviceAccount: null,
        deployment: inNamespace(UNKNOWN),
        config: { expectServiceAccounts: [{ namespace: "shop", name: "api", role: "api-irsa" }] },
        edges: { "deployment.spec": [], "deployment.metadata": [] },
      },
      "nobody can say what",
    ],
  ])("%s", (_, changes, expected) => {
    const { model, workload } = workloadIn(wired(changes));
    expect(namesOf(awaitedAccount(model, workload))).toBe(expected);
  });
});

describe("a name that no object can have", () => {
  test.each<[string, string, boolean]>([
    ["is no word", "api", false],
    ["is no single letter", "a", false],
    ["is none of two letters", "ab", false],
    ["is none with dots and dashes inside", "api.v1-b", false],
    ["ends in a dash", "api-", true],
    ["begins with a dash", "-api", true],
    ["has a capital", "Api", true],
    ["is namespace and name", "shop/api", true],
    ["is a whole subject", "system:serviceaccount:shop:api", true],
    ["is empty", "", true],
  ])("%s", (_, name, illegal) => {
    expect(isIllegalName(name)).toBe(illegal);
  });
});
