import { buildModel } from "../../policy-pack/src/model/build";
import { isBare, misplacedRoles, type MisplacedRole } from "../../policy-pack/src/model/misplaced-role";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { OTHER_ISSUER, resource, ROLE_ARN, trust, UNKNOWN, urns, wired, type Change } from "../support/stack";
import { envOf, podOf, podSpec } from "../support/pods";
import { ACCOUNT_TYPE, accountOf, clusterOf, providerOn, roleArn } from "../support/trust-stacks";

const KEY = "eks.amazonaws.com/role-arn";
const MISSPELT = "eks.amazonaws.com/role_arn";

/** `sure: labels of ServiceAccount "shop/api", for ServiceAccount "shop/api"`. */
function describeRole(found: MisplacedRole): string {
  const { certain, among, holder, accountTitle, account, onDefault } = found;
  const notes = [...(account ? [] : ["not declared"]), ...(onDefault ? ["by default"] : [])];
  const note = notes.length > 0 ? ` (${notes.join(", ")})` : "";
  return `${certain ? "sure" : "perhaps"}: ${among} of ${holder}, for ${accountTitle}${note}`;
}

function misplaced(stack: Snapshot): string {
  const all = misplacedRoles(buildModel(stack)).map(describeRole);
  return all.length > 0 ? all.join("; ") : "none";
}

/** The account with this role instead of its own; `undefined` leaves it without one. */
const account = (role?: unknown, more: Change = {}): Change => ({
  metadata: { annotations: { [KEY]: role as string }, ...more },
});
const bare = account();
const labelled = (value: unknown) => ({ labels: { [KEY]: value as string } });
const onPods = (value: unknown = ROLE_ARN, spec: Change = {}): Change => ({
  spec: { template: { metadata: { annotations: { [KEY]: value as string } }, spec } },
});
const onNamespace = { metadata: { annotations: { [KEY]: ROLE_ARN } } };
const association = (name: unknown = "api") =>
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "pods", {
    clusterName: "shop",
    namespace: "shop",
    serviceAccount: name as string,
    roleArn: ROLE_ARN,
  });
const patchOf = (role?: unknown) =>
  resource(`${ACCOUNT_TYPE}Patch`, "api-patch", {
    metadata: { name: "api", namespace: "shop", annotations: { [KEY]: role as string } },
  });
const LABEL = 'labels of ServiceAccount "shop/api", for ServiceAccount "shop/api"';
const PODS = 'annotations of the pod template of Deployment "shop/api"';
const MINE = 'for ServiceAccount "shop/api"';

describe("a role among the labels of an account", () => {
  test.each<[string, Change, string]>([
    ["is none in the correct stack", {}, "none"],
    ["leaves an account without a role, whatever its value", account(undefined, labelled("api")), `sure: ${LABEL}`],
    ["is refused by the API server for its colons", account(ROLE_ARN, labelled(ROLE_ARN)), `sure: ${LABEL}`],
    ["may be legal where it is a plain name", account(ROLE_ARN, labelled("api-irsa")), `perhaps: ${LABEL}`],
    ["may be anything while it is unknown", account(ROLE_ARN, labelled(UNKNOWN)), `perhaps: ${LABEL}`],
    ["is not seen while the labels are unknown", account(ROLE_ARN, { labels: UNKNOWN }), "none"],
    ["of another domain is another tool's", account(undefined, { labels: { "shop.io/role-arn": ROLE_ARN } }), "none"],
    ["is meant under a misspelt suffix", account(undefined, { labels: { [MISSPELT]: ROLE_ARN } }), `sure: ${LABEL}`],
  ])("%s", (_, serviceAccount, expected) => {
    expect(misplaced(wired({ serviceAccount }))).toBe(expected);
  });
});

describe("a role on pods", () => {
  test.each<[string, Parameters<typeof wired>[0], string]>([
    ["leaves their account without it", { serviceAccount: bare, deployment: onPods() }, `sure: ${PODS}, ${MINE}`],
    [
      "is no better on the workload itself",
      { serviceAccount: bare, deployment: { metadata: { annotations: { [KEY]: ROLE_ARN } } } },
      `sure: annotations of Deployment "shop/api", ${MINE}`,
    ],
    [
      "is named at the template where the workload has it too",
      { serviceAccount: bare, deployment: { metadata: { annotations: { [KEY]: ROLE_ARN } }, ...onPods() } },
      `sure: ${PODS}, ${MINE}`,
    ],
    [
      "stands on a Pod itself",
      {
        serviceAccount: bare,
        plus: [
          resource("kubernetes:core/v1:Pod", "one", {
            metadata: { name: "one", namespace: "shop", annotations: { [KEY]: ROLE_ARN } },
            spec: { serviceAccountName: "api", containers: [{ name: "one", image: "one" }] },
          }),
        ],
      },
      `sure: annotations of Pod "shop/one", ${MINE}`,
    ],
    ["does no harm where the account has the same one", { deployment: onPods() }, "none"],
    [
      "does not win over another one of the account",
      { deployment: onPods(roleArn("other")) },
      `perhaps: ${PODS}, ${MINE}`,
    ],
    ["may be the account's while it is unknown", { deployment: onPods(UNKNOWN) }, "none"],
    [
      "may be the account's while that one is unknown",
      { serviceAccount: account(UNKNOWN), deployment: onPods() },
      "none",
    ],
    [
      "is not that of an account whose annotation is empty",
      { serviceAccount: account(""), deployment: onPods(UNKNOWN) },
      `sure: ${PODS}, ${MINE}`,
    ],
    [
      "is not the cause where the account's own key is misspelt",
      {
        serviceAccount: { metadata: { annotations: { [KEY]: undefined, [MISSPELT]: ROLE_ARN } } },
        deployment: onPods(),
      },
      "none",
    ],
    [
      "is idle where Pod Identity brings one",
      { serviceAccount: bare, deployment: onPods(), plus: [association()] },
      "none",
    ],
    [
      "is idle where a patch gives the account one",
      { serviceAccount: bare, deployment: onPods(), plus: [patchOf(ROLE_ARN)] },
      "none",
    ],
    [
      "is not all that pods have which bring a role by hand",
      {
        serviceAccount: bare,
        deployment: {
          spec: {
            template: {
              metadata: { annotations: { [KEY]: ROLE_ARN } },
              ...(podOf({ env: envOf({ AWS_ROLE_ARN: ROLE_ARN }) }) as { spec: { template: Change } }).spec.template,
            },
          },
        },
      },
      `perhaps: ${PODS}, ${MINE}`,
    ],
    [
      "may come to an account that others own and the stack only patches",
      { serviceAccount: null, deployment: onPods(), plus: [patchOf()] },
      `perhaps: ${PODS}, ${MINE}`,
    ],
  ])("%s", (_, changes, expected) => {
    expect(misplaced(wired(changes))).toBe(expected);
  });
});

describe("a role on pods whose account is not declared", () => {
  const none = { serviceAccount: null };
  const asDefault = onPods(ROLE_ARN, { serviceAccountName: undefined });
  const BY_DEFAULT = `${PODS}, for its ServiceAccount "default" (not declared, by default)`;
  test.each<[string, Parameters<typeof wired>[0], string]>([
    ["leaves those of the account default without one", { ...none, deployment: asDefault }, `sure: ${BY_DEFAULT}`],
    [
      "may be made good where somebody else makes the namespace",
      { ...none, namespace: null, deployment: asDefault },
      `perhaps: ${BY_DEFAULT}`,
    ],
    [
      "is for a declared account of that name",
      { serviceAccount: { metadata: { name: "default", annotations: { [KEY]: undefined } } }, deployment: asDefault },
      `sure: ${PODS}, for ServiceAccount "shop/default"`,
    ],
    [
      "may be for an account from elsewhere",
      { ...none, deployment: onPods(ROLE_ARN, { serviceAccountName: "billing" }) },
      `perhaps: ${PODS}, for its ServiceAccount "billing" (not declared)`,
    ],
    [
      "is for an account that has no name yet",
      { ...none, deployment: onPods(ROLE_ARN, { serviceAccountName: UNKNOWN }) },
      `perhaps: ${PODS}, for its ServiceAccount (not declared)`,
    ],
    [
      "may be the one of an account that the pods may use",
      {
        deployment: onPods(ROLE_ARN, { serviceAccountName: UNKNOWN }),
        edges: { "deployment.spec": [] },
      },
      "none",
    ],
    [
      "is not the one of an account of another namespace",
      {
        serviceAccount: { metadata: { namespace: "ops" } },
        deployment: onPods(ROLE_ARN, { serviceAccountName: UNKNOWN }),
        edges: { "deployment.spec": [] },
      },
      `perhaps: ${PODS}, for its ServiceAccount (not declared)`,
    ],
    [
      "is for an account of the same namespace as far as anyone knows",
      {
        serviceAccount: { metadata: { name: "default", annotations: { [KEY]: undefined } } },
        deployment: { ...asDefault, metadata: { namespace: UNKNOWN } },
        edges: { "deployment.metadata": [urns.namespace], "deployment.spec": [urns.serviceAccount] },
      },
      'perhaps: annotations of the pod template of Deployment "api", for its ServiceAccount "default" (not declared, by default)',
    ],
    [
      "may be one of several that patch the Deployment",
      {
        ...none,
        deployment: null,
        plus: [
          resource("kubernetes:apps/v1:DeploymentPatch", "api", {
            metadata: { name: "api", namespace: "shop" },
            spec: { template: { metadata: { annotations: { [KEY]: ROLE_ARN } } } },
          }),
        ],
      },
      `perhaps: ${BY_DEFAULT}`,
    ],
  ])("%s", (_, changes, expected) => {
    expect(misplaced(wired(changes))).toBe(expected);
  });
});

describe("a role on a Namespace", () => {
  const NAMESPACE = 'annotations of Namespace "shop"';
  const nobody = `perhaps: ${NAMESPACE}, for the ServiceAccount that is to have the role (not declared)`;
  test.each<[string, Parameters<typeof wired>[0], string]>([
    ["is meant for the account that a role trusts", { serviceAccount: bare }, `sure: ${NAMESPACE}, ${MINE}`],
    ["is meant for nobody where there is no account", { serviceAccount: null }, nobody],
    ["is not meant for an account that has a role", {}, nobody],
    ["is not meant for an account that the stack only patches", { serviceAccount: null, plus: [patchOf()] }, nobody],
    [
      "is not meant for an account of another namespace",
      {
        serviceAccount: account(undefined, { namespace: "ops" }),
        role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:ops:api" }) },
      },
      nobody,
    ],
    [
      "is not meant for an account that no role trusts",
      { serviceAccount: bare, role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) } },
      nobody,
    ],
    [
      "is not meant for an account of another cluster",
      {
        serviceAccount: null,
        role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
        plus: [
          clusterOf("second"),
          resource(
            ACCOUNT_TYPE,
            "far",
            { metadata: { name: "api", namespace: "shop" } },
            { provider: providerOn("second") },
          ),
        ],
      },
      nobody,
    ],
    [
      "is idle where a patch gives the account one",
      { serviceAccount: bare, plus: [patchOf(ROLE_ARN)] },
      `perhaps: ${NAMESPACE}, ${MINE}`,
    ],
    [
      "is idle where Pod Identity brings one",
      { serviceAccount: bare, plus: [association()] },
      `perhaps: ${NAMESPACE}, ${MINE}`,
    ],
  ])("%s", (_, changes, expected) => {
    expect(misplaced(wired({ ...changes, namespace: onNamespace }))).toBe(expected);
  });
});

describe("a role on the pods of a chart", () => {
  const CHART = 'perhaps: annotations of the pod template that Release "metrics" renders';
  const CHARTS = `${CHART}, for the chart's ServiceAccount (not declared)`;
  const pods = { podAnnotations: { [KEY]: ROLE_ARN } };
  const release = (values: Change, more: Change = {}) =>
    resource("kubernetes:helm.sh/v3:Release", "metrics", {
      chart: "metrics",
      name: "metrics",
      namespace: "shop",
      values: values as object,
      ...(more as object),
    } as Parameters<typeof resource>[2]);
  test.each<[string, Parameters<typeof wired>[0], string]>([
    ["is meant for the chart's account", { serviceAccount: bare, plus: [release(pods)] }, CHARTS],
    [
      "is idle where the values give one to the account too",
      { serviceAccount: bare, plus: [release({ ...pods, serviceAccount: { annotations: { [KEY]: ROLE_ARN } } })] },
      "none",
    ],
    [
      "is not seen under another key",
      { serviceAccount: bare, plus: [release({ podAnnotations: { "shop.io/role": ROLE_ARN } })] },
      "none",
    ],
    [
      "may be idle where the values of the account are unknown",
      { serviceAccount: bare, plus: [release({ ...pods, serviceAccount: UNKNOWN })] },
      "none",
    ],
    [
      "may be idle where files hold more values",
      { serviceAccount: bare, plus: [release(pods, { valueYamlFiles: ["values.yaml"] })] },
      "none",
    ],
    [
      "may be idle where an account of the namespace has a role",
      { plus: [release(pods), accountOf("ops/web", ROLE_ARN)] },
      "none",
    ],
    [
      "is not idle for the role of an account of another namespace",
      { serviceAccount: null, plus: [release(pods), accountOf("ops/web", ROLE_ARN)] },
      CHARTS,
    ],
  ])("%s", (_, changes, expected) => {
    expect(misplaced(wired({ ...changes, deployment: podSpec({ serviceAccountName: "api" }) }))).toBe(expected);
  });
});

describe("the answer", () => {
  test("is worked out once for a model", () => {
    const model = buildModel(wired({ serviceAccount: bare, deployment: onPods() }));
    expect(misplacedRoles(model)).toBe(misplacedRoles(model));
  });

  test("says where each annotation stands", () => {
    const stack = wired({
      namespace: onNamespace,
      serviceAccount: account(undefined, labelled("x")),
      deployment: onPods(),
    });
    expect(misplacedRoles(buildModel(stack)).map(({ place, key }) => [place.urn, place.path, key])).toEqual([
      [urns.serviceAccount, `metadata.labels["${KEY}"]`, KEY],
      [urns.deployment, `spec.template.metadata.annotations["${KEY}"]`, KEY],
      [urns.namespace, `metadata.annotations["${KEY}"]`, KEY],
    ]);
  });

  test.each<[string, Parameters<typeof isBare>[0]["roleArn"], boolean]>([
    ["no annotation", { is: "absent" }, true],
    ["an empty one", { is: "known", value: "" }, true],
    ["a role", { is: "known", value: ROLE_ARN }, false],
    ["one that is unknown", { is: "unknown", waitsFor: [] }, false],
  ])("an account with %s", (_, roleArn, expected) => {
    expect(isBare({ roleArn })).toBe(expected);
  });
});
