import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties, SnapshotResource } from "../../../policy-pack/src/model/snapshot";
import {
  ENDPOINT,
  firstPreview,
  kubeconfig,
  kubernetesProvider,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Change,
  type Wiring,
} from "../../support/stack";
import type { Details } from "../../support/judgements";
import { otherCluster } from "../trust-policy/support";

const KEY = "eks.amazonaws.com/role-arn";
const account = (name: Value, metadata: Properties = {}, kind = "ServiceAccount") =>
  resource(
    `kubernetes:core/v1:${kind}`,
    "second",
    { metadata: { name, namespace: "shop", ...metadata } },
    { from: { metadata: [urns.role] } },
  );
const CARRIES = { annotations: { [KEY]: ROLE_ARN } };
const onOther = (each: SnapshotResource) => ({
  ...each,
  provider: kubernetesProvider("other", { kubeconfig: kubeconfig(ENDPOINT.replace("https://", "https://other-")) }),
});
const NAMESPACES = ["jobs", "store"].map((name) =>
  resource("kubernetes:core/v1:Namespace", name, { metadata: { name } }),
);

/** A chart that is told to use an account which is there. */
const release = (serviceAccount: Value, namespace: Value = "shop") =>
  resource("kubernetes:helm.sh/v3:Release", "api", { chart: "api", namespace, values: { serviceAccount } });
const asks = (name: Value | undefined, create: Value = false) =>
  release({ create, ...(name === undefined ? {} : { name }) });
const idle = (plus: readonly SnapshotResource[], more: Wiring = {}) => wired({ deployment: null, plus, ...more });

/** Pods that name an account. */
const names = (serviceAccountName: Value | undefined, more: Change = {}, metadata: Change = {}): Wiring => ({
  deployment: { metadata, spec: { template: { spec: { serviceAccountName, ...more } } } },
});
const apart: Wiring = { edges: { "deployment.spec": [urns.role] } };
const inList = {
  serviceAccount: null,
  plus: [
    resource(
      "kubernetes:core/v1:ServiceAccountList",
      "all",
      { items: [{ metadata: { name: "api", namespace: "shop", ...CARRIES } }] },
      { from: { items: [urns.role] } },
    ),
  ],
};

const details: Details = {
  "workload-chart-account-mismatch": {
    "nearly the name of the account": idle([asks("apl")]),
    "the name of the account": idle([asks("api")]),
    "another name": idle([asks("frontend")]),
    "whether the chart makes an account is not known": idle([asks("apl", UNKNOWN)]),
    "the chart does not say whether it makes one": idle([release({ name: "apl" })]),
    "the name is not known": idle([asks(UNKNOWN)]),
    "no name": idle([asks(undefined)]),
    "the chart uses default, and the account has nearly that name": idle([asks("default")], {
      serviceAccount: { metadata: { name: "defaults" } },
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:defaults" }) },
    }),
    "the chart is in another namespace": idle([release({ create: false, name: "apl" }, "jobs")]),
    "the chart is in a namespace that is not known": idle([release({ create: false, name: "apl" }, UNKNOWN)]),
    "the chart is on another cluster": idle([onOther(asks("apl")), ...otherCluster("known").slice(0, 4)]),
    "the account carries no role": idle([asks("apl")], { serviceAccount: { metadata: { annotations: undefined } } }),
    "the account is a Patch": idle([asks("apl"), account("api", CARRIES, "ServiceAccountPatch")], {
      serviceAccount: null,
    }),
    "pods use the account": wired({ plus: [asks("apl")] }),
    "an account without a role has the name": idle([asks("apl"), account("apl")]),
    "an account of that name is in another namespace": idle([asks("apl"), account("apl", { namespace: "jobs" })]),
    "an account of that name is on another cluster": idle([
      asks("apl"),
      onOther(account("apl")),
      ...otherCluster("known").slice(0, 4),
    ]),
    "an account of that name is in a namespace that is not known": idle([
      asks("apl"),
      account("apl", { namespace: UNKNOWN }),
    ]),
    "an account whose name is not known may have it": idle([asks("apl"), account(UNKNOWN)]),
    "the account of nearly that name is in a namespace that is not known": idle([asks("apl")], {
      serviceAccount: { metadata: { namespace: UNKNOWN } },
    }),
    "two accounts with a role, the second of nearly that name": idle([asks("frontendd"), account("frontend", CARRIES)]),
    "a role for the account that the chart makes, whose ARN is not known": firstPreview({
      serviceAccount: null,
      deployment: null,
      role: { assumeRolePolicy: trust() },
      plus: [release({ create: true, name: "api" })],
    }),
  },
  "workload-service-account-mismatch": {
    "nearly the name of an account in a List": wired({ ...names("apl"), ...apart, ...inList }),
    "the name of an account in a List, in another namespace": wired({
      ...names("api", {}, { namespace: "jobs" }),
      ...apart,
      ...inList,
      plus: [...inList.plus, ...NAMESPACES],
    }),
    "nearly the name, by the old name of the property": wired({
      ...names(undefined, { serviceAccount: "apl" }),
      ...apart,
    }),
    "nearly the name, by both names of the property": wired({ ...names("apl", { serviceAccount: "apl" }), ...apart }),
    "which account is named is not known": wired({ ...names(UNKNOWN), ...apart }),
    "which account is named is not known, by the old name of the property": wired({
      ...names(undefined, { serviceAccount: UNKNOWN }),
      ...apart,
    }),
    "the old name of the property is not known": wired(names("api", { serviceAccount: UNKNOWN })),
    "the old name of the property is another": wired(names("api", { serviceAccount: "web" })),
    "the old name of the property is empty": wired(names("api", { serviceAccount: "" })),
    "the new name of the property is empty": wired(names("", { serviceAccount: "api" })),
    "the old name of the property is another, and no account has a role": wired({
      ...names("api", { serviceAccount: "web" }),
      serviceAccount: { metadata: { annotations: undefined } },
    }),
    "the old name of the property has the account": wired({ ...names("web", { serviceAccount: "api" }), ...apart }),
    "in a namespace of another stack, a name that no account can have": wired({
      namespace: null,
      ...names("shop/api"),
      ...apart,
    }),
    "in a namespace of another stack, nearly the name": wired({ namespace: null, ...names("apl"), ...apart }),
    "in a namespace of another stack, nearly the name of an account that pods use": wired({
      namespace: null,
      ...names("apl"),
      ...apart,
      plus: [
        resource("kubernetes:core/v1:Pod", "web", {
          metadata: { name: "web", namespace: "shop" },
          spec: { serviceAccountName: "api", containers: [{ name: "web", image: "example.com/web:1.0.0" }] },
        }),
      ],
    }),
    "the account is in another namespace, and its role trusts it there": wired({
      ...names("api", {}, { namespace: "jobs" }),
      plus: NAMESPACES,
    }),
    "the account is in another namespace, and its role trusts that of the pods": wired({
      ...names("api", {}, { namespace: "jobs" }),
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:jobs:api" }) },
      plus: NAMESPACES,
    }),
    "the pods wait for an account whose name is not known": wired({
      ...names("apl"),
      serviceAccount: { metadata: { name: UNKNOWN } },
    }),
    "the pods are in a namespace that is not known": wired({ ...names("apl", {}, { namespace: UNKNOWN }), ...apart }),
    "pods and account are in a Namespace whose name is not known": wired({
      namespace: { metadata: { name: UNKNOWN } },
      serviceAccount: { metadata: { namespace: UNKNOWN } },
      ...names("apl", {}, { namespace: UNKNOWN }),
      edges: {
        "serviceAccount.metadata": [urns.namespace],
        "deployment.metadata": [urns.namespace],
        "deployment.spec": [],
      },
    }),
    "the pods wait for a role alone": firstPreview({ ...names(UNKNOWN), ...apart }),
    "the name comes from an account that is not here": firstPreview({
      ...names(UNKNOWN),
      edges: { "deployment.spec": [urnOf("kubernetes:core/v1:ServiceAccount", "second")] },
      plus: [account("web")],
    }),
    "the pods wait for the account, and name what no account can be called": wired(names("Shop_API")),
    "the pods name no account, and the name of one with a role is not known": wired({
      ...names(undefined),
      serviceAccount: { metadata: { name: UNKNOWN } },
      edges: { "deployment.spec": [] },
    }),
  },
};

export default details;
