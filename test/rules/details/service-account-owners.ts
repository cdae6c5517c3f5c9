import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties, SnapshotResource } from "../../../policy-pack/src/model/snapshot";
import {
  ENDPOINT,
  firstPreview,
  kubeconfig,
  kubernetesProvider,
  resource,
  ROLE_ARN,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Change,
} from "../../support/stack";
import type { Details } from "../../support/judgements";
import { otherCluster } from "../trust-policy/support";

const KEY = "eks.amazonaws.com/role-arn";
const OTHER = "arn:aws:iam::111122223333:role/other";
const LISTED = { config: { roles: [OTHER] } };
const bare = { serviceAccount: { metadata: { annotations: { [KEY]: null } } } };

/** One more declaration of an account, `shop/api` unless said otherwise. */
const again = (kind: string, annotations: Value, metadata: Properties = {}, from: readonly string[] = []) =>
  resource(
    `kubernetes:core/v1:${kind}`,
    "twice",
    { metadata: { name: "api", namespace: "shop", annotations, ...metadata } },
    { from: { metadata: from } },
  );
const patch = (annotations: Value, metadata: Properties = {}, from: readonly string[] = []) =>
  again("ServiceAccountPatch", annotations, metadata, from);
const release = (serviceAccount: Properties, namespace: Value = "shop") =>
  resource("kubernetes:helm.sh/v3:Release", "api", { chart: "api", namespace, values: { serviceAccount } });
const away = otherCluster("known");
/** The same resource on the other cluster, or on one that nobody knows. */
const onOther = (
  each: SnapshotResource,
  endpoint: Value = kubeconfig(ENDPOINT.replace("https://", "https://other-")),
) => ({
  ...each,
  provider: kubernetesProvider("other", { kubeconfig: endpoint }),
});
const named = (each: SnapshotResource, name: string) => ({ ...each, name, urn: urnOf(each.type, name) });
const role = (name: string) =>
  resource("aws:iam/role:Role", name, { name, assumeRolePolicy: UNKNOWN }, { from: { assumeRolePolicy: [] } });

/** Accounts that do not exist. */
const names = (serviceAccountName: Value | undefined, more: Change = {}) => ({
  deployment: { spec: { template: { spec: { serviceAccountName, ...more } } } },
});
const account = (name: Value, namespace: Value = "shop", annotations: Properties = {}) =>
  resource("kubernetes:core/v1:ServiceAccount", "plain", { metadata: { name, namespace, annotations } });
/** Pods that name the account `apii`, where the only account with a role is gone. */
const misnamed = (more: Parameters<typeof wired>[0] = {}) =>
  wired({ role: null, attachment: null, serviceAccount: null, ...names("apii"), ...more });
const pods = (name: string, serviceAccountName: string) =>
  resource("kubernetes:core/v1:Pod", name, {
    metadata: { name, namespace: "shop" },
    spec: { serviceAccountName, containers: [{ name, image: "example.com/shop/web:1.0.0" }] },
  });

const association = (roleArn: Value, serviceAccount = "api") =>
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "api", {
    clusterName: "shop",
    namespace: "shop",
    serviceAccount,
    roleArn,
  });

const details: Details = {
  "service-account-owner-conflict": {
    "the configuration lists an account that is declared": wired({ config: { serviceAccounts: ["shop/api"] } }),
    "an account of another name": wired({
      ...LISTED,
      plus: [again("ServiceAccount", { [KEY]: OTHER }, { name: "web" })],
    }),
    "an account in another namespace": wired({
      ...LISTED,
      plus: [again("ServiceAccount", { [KEY]: OTHER }, { namespace: "lab" })],
    }),
    "an account of the same name on another cluster": wired({ plus: away }),
    "an account on a cluster that is not known": wired({
      plus: [onOther(again("ServiceAccount", { [KEY]: ROLE_ARN }), "{}")],
    }),
    "an account whose name is not known": wired({
      plus: [again("ServiceAccount", { [KEY]: ROLE_ARN }, { name: UNKNOWN })],
    }),
    "declared twice, with no role": wired({ ...bare, plus: [again("ServiceAccount", {})] }),
    "declared twice, the first with a role": wired({ plus: [again("ServiceAccount", {})] }),
    "declared twice, the second with a role": wired({ ...bare, plus: [again("ServiceAccount", { [KEY]: ROLE_ARN })] }),
    "declared twice, in a List": wired({
      plus: [
        resource("kubernetes:core/v1:ServiceAccountList", "twice", {
          items: [
            { metadata: { name: "web", namespace: "shop" } },
            { metadata: { name: "api", namespace: "shop", annotations: { [KEY]: ROLE_ARN } } },
          ],
        }),
      ],
    }),
    "two Patches of one account, with two roles": wired({
      serviceAccount: null,
      ...LISTED,
      plus: [named(patch({ [KEY]: ROLE_ARN }), "first"), patch({ [KEY]: OTHER })],
    }),
    "two Patches of one account, with one role": wired({
      serviceAccount: null,
      plus: [named(patch({ [KEY]: ROLE_ARN }), "first"), patch({ [KEY]: ROLE_ARN })],
    }),
    "an account in a namespace that is not known": wired({
      plus: [again("ServiceAccount", { [KEY]: ROLE_ARN }, { namespace: UNKNOWN })],
    }),
    "the account is declared after a Patch without a role": wired({
      ...LISTED,
      serviceAccount: null,
      plus: [named(patch({ [KEY]: null }), "first"), again("ServiceAccount", { [KEY]: OTHER })],
    }),
    "the account is declared after a Patch with its role": wired({
      ...LISTED,
      serviceAccount: null,
      plus: [named(patch({ [KEY]: OTHER }), "first"), again("ServiceAccount", { [KEY]: OTHER })],
    }),
    "a Patch gives a role whose ARN is not known, and the account's is of another stack": firstPreview({
      serviceAccount: { metadata: { annotations: { [KEY]: OTHER } } },
      ...LISTED,
      plus: [patch({ [KEY]: UNKNOWN }, {}, [urns.role])],
    }),
    "a Patch gives another role of the stack, at the first preview": firstPreview({
      plus: [role("other"), patch({ [KEY]: UNKNOWN }, {}, [urnOf("aws:iam/role:Role", "other")])],
    }),
    "a Patch gives the same role, at the first preview": firstPreview({
      plus: [patch({ [KEY]: UNKNOWN }, {}, [urns.role])],
    }),
    "a Patch gives a role by its ARN, and the account's is not known": firstPreview({
      ...LISTED,
      plus: [patch({ [KEY]: OTHER })],
    }),
    "a Patch gives a role that is not known, and the account's is of another stack": wired({
      serviceAccount: { metadata: { annotations: { [KEY]: OTHER } } },
      ...LISTED,
      plus: [patch({ [KEY]: UNKNOWN })],
    }),
    "a Patch and the account name one role of another stack": wired({
      serviceAccount: { metadata: { annotations: { [KEY]: OTHER } } },
      ...LISTED,
      plus: [patch({ [KEY]: OTHER })],
    }),
    "a Patch and the account name two roles of other stacks": wired({
      serviceAccount: { metadata: { annotations: { [KEY]: `${OTHER}-2` } } },
      config: { roles: [OTHER, `${OTHER}-2`] },
      plus: [patch({ [KEY]: OTHER })],
    }),
    "a chart creates the account in another namespace": wired({ plus: [release({ name: "api" }, "lab")] }),
    "a chart creates the account on another cluster": wired({
      plus: [onOther(release({ name: "api" }))],
    }),
    "a chart creates the account, whose name is not known": wired({
      serviceAccount: { metadata: { name: UNKNOWN } },
      plus: [release({ name: "api" })],
    }),
    "a chart creates another account": wired({ plus: [release({ name: "web" })] }),
    "a chart creates the account, which carries no role": wired({ ...bare, plus: [release({ name: "api" })] }),
    "the account is declared after a Patch of a component": wired({
      ...LISTED,
      serviceAccount: null,
      plus: [
        {
          ...patch({ [KEY]: OTHER }),
          urn: "urn:pulumi:dev::shop::acme:index:Team$kubernetes:core/v1:ServiceAccountPatch::first",
        },
        again("ServiceAccount", { [KEY]: OTHER }),
      ],
    }),
  },
  "service-account-not-found": {
    "which account is named is not known": misnamed(names(UNKNOWN)),
    "no account is named": misnamed(names(undefined)),
    "the pod template is not known": misnamed({ deployment: { spec: { template: UNKNOWN } } }),
    "the account is here": wired(),
    "the account may be one whose name is not known": misnamed({ plus: [account(UNKNOWN)] }),
    "the configuration lists the account": misnamed({ config: { serviceAccounts: ["shop/apii"] } }),
    "the configuration lists an account of that name elsewhere": misnamed({
      config: { serviceAccounts: ["lab/apii"] },
    }),
    "the configuration lists an account of that name, and the namespace is not known": misnamed({
      deployment: { metadata: { namespace: UNKNOWN }, spec: { template: { spec: { serviceAccountName: "apii" } } } },
      edges: { "deployment.metadata": [urns.namespace] },
      config: { serviceAccounts: ["shop/apii"] },
    }),
    "the configuration lists another account, and the namespace is not known": misnamed({
      deployment: { metadata: { namespace: UNKNOWN }, spec: { template: { spec: { serviceAccountName: "apii" } } } },
      edges: { "deployment.metadata": [urns.namespace] },
      config: { serviceAccounts: ["shop/apii-2", "apii/web"] },
    }),
    "nearly the name of an account that has no pods, in a namespace of this stack": misnamed({
      plus: [account("api")],
    }),
    "nearly the name of an account that has no pods, in a namespace of another stack": misnamed({
      namespace: null,
      plus: [account("api")],
    }),
    "nearly the name of an account that has pods, in a namespace of this stack": misnamed({
      plus: [account("api"), pods("web", "api")],
    }),
    "nearly the name of an account that has pods, in a namespace of another stack": misnamed({
      namespace: null,
      plus: [account("api"), pods("web", "api")],
    }),
    "nearly the name of an account in another namespace": misnamed({ plus: [account("api", "lab")] }),
    "nearly the name of an account in another namespace, in a namespace of another stack": misnamed({
      namespace: null,
      plus: [account("api", "lab")],
    }),
    "nearly the name of an account on another cluster": misnamed({
      plus: [...away.slice(0, 4), onOther(account("api"))],
    }),
    "nearly the name of an account that a Patch adds to": misnamed({
      plus: [
        resource("kubernetes:core/v1:ServiceAccountPatch", "api", { metadata: { name: "api", namespace: "shop" } }),
      ],
    }),
    "nearly the name of one of two accounts": misnamed({
      plus: [named(account("web"), "web"), account("api")],
    }),
    "nearly the name of an item of a List": misnamed({
      plus: [
        resource("kubernetes:core/v1:ServiceAccountList", "all", {
          items: [{ metadata: { name: "api", namespace: "shop" } }],
        }),
      ],
    }),
    "nearly the name of an account, in a namespace that is not known": misnamed({
      namespace: null,
      deployment: { metadata: { namespace: UNKNOWN }, spec: { template: { spec: { serviceAccountName: "apii" } } } },
      edges: { "deployment.metadata": [urns.namespace] },
      plus: [account("api", UNKNOWN)],
    }),
    "nearly the name of an account, both in a Namespace whose name is not known": misnamed({
      namespace: { metadata: { name: UNKNOWN } },
      deployment: { metadata: { namespace: UNKNOWN }, spec: { template: { spec: { serviceAccountName: "apii" } } } },
      edges: { "deployment.metadata": [urns.namespace] },
      plus: [
        resource(
          "kubernetes:core/v1:ServiceAccount",
          "plain",
          { metadata: { name: "api", namespace: UNKNOWN } },
          { from: { metadata: [urns.namespace] } },
        ),
      ],
    }),
    "in a Namespace whose name is not known": misnamed({
      namespace: { metadata: { name: UNKNOWN } },
      deployment: { metadata: { namespace: UNKNOWN }, spec: { template: { spec: { serviceAccountName: "apii" } } } },
      edges: { "deployment.metadata": [urns.namespace] },
    }),
    "by the old name of the property": misnamed(names(undefined, { serviceAccount: "apii" })),
    "by both names of the property": misnamed(names("apii", { serviceAccount: "apii" })),
  },
  "service-account-default-annotated": {
    "a role of another stack": wired({
      ...LISTED,
      plus: [again("ServiceAccount", { [KEY]: OTHER }, { name: "default" })],
    }),
    "a role of this stack": wired({ plus: [again("ServiceAccount", { [KEY]: ROLE_ARN }, { name: "default" })] }),
    "a role that is not known, in a namespace that is not known": wired({
      plus: [again("ServiceAccount", { [KEY]: UNKNOWN }, { name: "default", namespace: UNKNOWN })],
    }),
    "no role": wired({ plus: [again("ServiceAccount", {}, { name: "default" })] }),
    "an account whose name is not known": wired({
      plus: [again("ServiceAccount", { [KEY]: ROLE_ARN }, { name: UNKNOWN })],
    }),
  },
  "service-account-pod-identity": {
    "an account with a role and an association": wired({ plus: [association(OTHER)] }),
    "an account in a List, with a role and an association": wired({
      serviceAccount: null,
      plus: [
        association(OTHER),
        resource(
          "kubernetes:core/v1:ServiceAccountList",
          "all",
          { items: [{ metadata: { name: "api", namespace: "shop", annotations: { [KEY]: ROLE_ARN } } }] },
          { from: { items: [urns.role] } },
        ),
      ],
    }),
    "an association of a role that trusts tokens alone": wired({ ...bare, plus: [association(ROLE_ARN)] }),
    "an association of a role that is not known": wired({ ...bare, plus: [association(UNKNOWN)] }),
    "an association of another account": wired({ plus: [association(OTHER, "web")] }),
  },
};

export default details;
