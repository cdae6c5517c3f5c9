import { intendedAccount } from "../../policy-pack/src/model/workload-account";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired, type Change, type Wiring } from "../support/stack";
import { podSpec, workloadIn } from "../support/pods";
import { ACCOUNT_TYPE, accountOf, clusterOf, providerOn } from "../support/trust-stacks";

/** `alias: ServiceAccount "shop/api"`, and whether the name came from the account's own resource. */
function intended(changes: Wiring): string {
  const { model, workload } = workloadIn(wired(changes));
  const found = intendedAccount(model, workload);
  return found ? `${found.because}: ${found.account.title}${found.wired ? ", wired" : ""}` : "none";
}

const asks = (name: unknown, more: Change = {}): Change => podSpec({ serviceAccountName: name as string, ...more });
/** One more account, with a role unless said otherwise. */
const account = (subject: `${string}/${string}`, options: Parameters<typeof accountOf>[2] = {}) =>
  accountOf(subject, ROLE_ARN, options);
const accountUrn = (name: string) => urnOf(ACCOUNT_TYPE, name);
const plain = resource(ACCOUNT_TYPE, "plain", { metadata: { name: "plain", namespace: "shop" } });
const specFrom = (...from: readonly string[]): Pick<Wiring, "edges"> => ({ edges: { "deployment.spec": from } });
const dependsOn = (...on: readonly string[]): Pick<Wiring, "edges"> => ({ edges: { "deployment.metadata": on } });
const SHOP_API = 'ServiceAccount "shop/api"';
const OPS_WEB = 'ServiceAccount "ops/web"';
const nothing: Pick<Wiring, "edges"> = specFrom();

describe("the account that a workload evidently means", () => {
  test.each<[string, Wiring, string]>([
    ["is no other than its own", {}, "none"],
    ["is none where it names no account", { deployment: asks(undefined), ...nothing }, "none"],
    [
      "is none where it names no account and one elsewhere is called default",
      { deployment: asks(undefined), plus: [account("ops/default")], ...nothing },
      "none",
    ],
    ["is none for another name altogether", { deployment: asks("billing"), ...nothing }, "none"],
    [
      "is none while an account of the stack has no known name",
      {
        deployment: asks("web"),
        plus: [account("ops/web"), resource(ACCOUNT_TYPE, "later", { metadata: { name: UNKNOWN, namespace: "shop" } })],
        ...nothing,
      },
      "none",
    ],
    [
      "is none where the configuration lists the account",
      { deployment: asks("web"), plus: [account("ops/web")], config: { serviceAccounts: ["shop/web"] }, ...nothing },
      "none",
    ],
    [
      "is found where the configuration lists one of another namespace",
      { deployment: asks("web"), plus: [account("ops/web")], config: { serviceAccounts: ["ops/web"] }, ...nothing },
      `namespace: ${OPS_WEB}`,
    ],
  ])("%s", (_, changes, expected) => {
    expect(intended(changes)).toBe(expected);
  });
});

describe("the deprecated alias", () => {
  const both = (name: string, alias: unknown): Change => asks(name, { serviceAccount: alias as string });
  test.each<[string, Wiring, string]>([
    ["names the account that is meant", { deployment: both("billing", "api") }, `alias: ${SHOP_API}`],
    [
      "names one of several accounts",
      { deployment: both("billing", "web"), plus: [account("shop/web")] },
      'alias: ServiceAccount "shop/web"',
    ],
    ["repeats the wrong name", { deployment: both("billing", "billing"), ...nothing }, "none"],
    ["names an account that nobody makes", { deployment: both("billing", "payments"), ...nothing }, "none"],
    ["is not known yet", { deployment: both("billing", UNKNOWN), ...nothing }, "none"],
    [
      "names an account of another namespace",
      { deployment: both("billing", "web"), plus: [account("ops/web")], ...nothing },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(intended(changes)).toBe(expected);
  });
});

describe("an account of the same name in another namespace", () => {
  const web: Wiring = { deployment: asks("web"), plus: [account("ops/web")], ...nothing };
  test.each<[string, Wiring, string]>([
    ["is meant", web, `namespace: ${OPS_WEB}`],
    [
      "is meant beyond doubt where the pod template came from it",
      { ...web, ...specFrom(accountUrn("ops-web")) },
      `namespace: ${OPS_WEB}, wired`,
    ],
    ["is not meant where there are two", { ...web, plus: [account("ops/web"), account("dev/web")] }, "none"],
    ["is not meant where it carries no role", { ...web, plus: [accountOf("ops/web", "")] }, "none"],
    ["is not meant by another name", { ...web, deployment: asks("billing") }, "none"],
    [
      "is not meant where the configuration alone expects it",
      {
        deployment: asks("web"),
        config: { expectServiceAccounts: [{ namespace: "ops", name: "web", role: "api-irsa" }] },
        ...nothing,
      },
      "none",
    ],
    [
      "is not meant where it is on another cluster",
      { ...web, plus: [clusterOf("second"), account("ops/web", { provider: providerOn("second") })] },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(intended(changes)).toBe(expected);
  });
});

describe("an account that the workload depends on", () => {
  const two = [account("shop/web"), account("shop/payments")];
  test.each<[string, Wiring, string]>([
    ["is meant", { deployment: asks("billing") }, `dependency: ${SHOP_API}`],
    [
      "is meant beside others that it does not depend on",
      { deployment: asks("billing"), plus: two },
      `dependency: ${SHOP_API}`,
    ],
    [
      "is not meant where there are two",
      { deployment: asks("billing"), plus: two, ...dependsOn(...two.map(({ urn }) => urn)) },
      "none",
    ],
    [
      "is not meant where it is in another namespace",
      { deployment: asks("billing"), plus: [account("ops/web")], ...specFrom(accountUrn("ops-web")) },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(intended(changes)).toBe(expected);
  });
});

describe("an account of nearly the same name", () => {
  const spelling = `spelling: ${SHOP_API}`;
  test.each<[string, unknown, string]>([
    ["is meant by a slip of the keyboard", "apii", spelling],
    ["is meant by capitals and a slip", "Apii", spelling],
    ["is meant by capitals alone", "API", spelling],
    ["is meant by the whole subject", "system:serviceaccount:shop:api", spelling],
    ["is meant by namespace and name", "the-shop-of-all/api", spelling],
    ["may be any of the accounts", "billing-off-the-shop", 'spelling: ServiceAccount "shop/billing-of-the-shop"'],
    ["is not meant by a name that only begins so", "api-of-another-team", "none"],
    ["is not meant by another account of a namespace", "shop/billing", "none"],
  ])("%s", (_, name, expected) => {
    expect(intended({ deployment: asks(name), plus: [account("shop/billing-of-the-shop")], ...nothing })).toBe(
      expected,
    );
  });

  test("is not meant in another namespace", () => {
    expect(intended({ deployment: asks("webb"), plus: [account("ops/web")], ...nothing })).toBe("none");
  });
});

describe("a name that is not known yet", () => {
  const reference = resource("pulumi:pulumi:StackReference", "platform", { name: "acme/platform/prod" });
  const release = resource("kubernetes:helm.sh/v3:Release", "tools", { chart: "tools", namespace: "tools" });
  const config = resource("kubernetes:core/v1:ConfigMap", "names", { metadata: { name: "names" }, data: {} });
  const found = `namespace: ${OPS_WEB}, wired`;
  const from = (...urnsFrom: readonly string[]): Wiring => ({
    deployment: asks(UNKNOWN),
    plus: [account("ops/web"), account("dev/web"), plain, reference, release, config],
    ...specFrom(...urnsFrom),
  });
  const web = accountUrn("ops-web");

  test.each<[string, Wiring, string]>([
    ["came from an account of another namespace", from(web), found],
    ["came from that account and a ConfigMap", from(web, config.urn), found],
    ["came from nowhere", from(), "none"],
    ["came from two accounts", from(web, accountUrn("dev-web")), "none"],
    ["may have come from another stack", from(reference.urn, web), "none"],
    ["may have come from a chart", from(web, release.urn), "none"],
    ["came from an account of its namespace without a role, or from one elsewhere", from(web, plain.urn), "none"],
    ["came from two accounts of its namespace, one without a role", from(urns.serviceAccount, plain.urn), "none"],
    [
      "stands in a pod template that is unknown as a whole",
      { ...from(web), deployment: { spec: { template: UNKNOWN } } },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(intended(changes)).toBe(expected);
  });
});
