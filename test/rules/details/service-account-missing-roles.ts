import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import { firstPreview, resource, ROLE_ARN, SUBJECT, trust, UNKNOWN, urnOf, urns, wired } from "../../support/stack";
import type { Details } from "../../support/judgements";

const KEY = "eks.amazonaws.com/role-arn";
const ROLE = "aws:iam/role:Role";
const annotated = (annotations: { readonly [key: string]: Value }) => ({
  serviceAccount: { metadata: { annotations } },
});
const names = (arn: Value) => annotated({ [KEY]: arn });
const account = (name: string, annotations: Properties = {}, kind = "ServiceAccount") =>
  resource(`kubernetes:core/v1:${kind}`, name, { metadata: { name, namespace: "shop", annotations } });
const role = (name: string, inputs: Properties = {}) =>
  resource(
    ROLE,
    name,
    { name, assumeRolePolicy: trust({ sub: `system:serviceaccount:shop:${name}` }), ...inputs },
    { from: { assumeRolePolicy: [urns.oidcProvider] } },
  );
const association = (namespace: Value, serviceAccount: Value, inputs: Properties = {}) =>
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "storage", {
    clusterName: "shop",
    namespace,
    serviceAccount,
    roleArn: "arn:aws:iam::111122223333:role/storage",
    ...inputs,
  });

/** A store of External Secrets that takes its role from an account, and a role that no account of the stack is trusted by. */
const store = (name = "api", namespace = "shop", more: Properties = {}) =>
  resource("kubernetes:external-secrets.io/v1:SecretStore", "vault", {
    metadata: { name: "vault", namespace },
    spec: { provider: { aws: { service: "SecretsManager", auth: { jwt: { serviceAccountRef: { name } } }, ...more } } },
  });
const OTHERS = { role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) } };

const details: Details = {
  "service-account-role-missing": {
    "the pods run as default, and a role trusts it": wired({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:default" }) },
      serviceAccount: null,
      deployment: { spec: { template: { spec: { serviceAccountName: undefined } } } },
    }),
    "the same at the first preview": firstPreview({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:default" }) },
      serviceAccount: null,
      deployment: { spec: { template: { spec: { serviceAccountName: "default" } } } },
    }),
    "annotations that are not known": wired({
      serviceAccount: { metadata: { annotations: UNKNOWN } },
      edges: { "serviceAccount.metadata": [] },
    }),
    "an empty annotation": wired(names("")),
    "a key that is misspelt": wired(annotated({ [KEY]: null, "eks.amazonaws.com/rolearn": ROLE_ARN })),
    "the annotation is on the pods": wired({
      ...names(null),
      deployment: { spec: { template: { metadata: { annotations: { [KEY]: ROLE_ARN } } } } },
    }),
    "the configuration expects the account, and nothing makes it": wired({
      serviceAccount: null,
      config: { serviceAccounts: ["shop/api"] },
    }),
    "the configuration lists another account": wired({ ...names(null), config: { serviceAccounts: ["shop/web"] } }),
    "at the first preview, two roles wait": firstPreview({
      ...names(null),
      plus: [role("web", { assumeRolePolicy: UNKNOWN })],
      edges: { "serviceAccount.metadata": [urns.role, urnOf(ROLE, "web")] },
    }),
    "at the first preview, one role waits, with no edge to the account": firstPreview({
      ...names(null),
      edges: { "serviceAccount.metadata": [] },
      attachment: null,
    }),
    "at the first preview, the role is made of the account": firstPreview({
      ...names(null),
      attachment: null,
      edges: { "serviceAccount.metadata": [], "role.assumeRolePolicy": [urns.oidcProvider, urns.serviceAccount] },
    }),
    "at the first preview, the role waits and an association hands it out": firstPreview({
      ...names(null),
      plus: [association("shop", "web", { roleArn: ROLE_ARN })],
    }),
    "at the first preview, the role waits and an association hands out another": firstPreview({
      ...names(null),
      plus: [association("shop", "web", { roleArn: "arn:aws:iam::111122223333:role/web" })],
    }),
    "at the first preview, the role waits and has another account": firstPreview({
      ...names(null),
      plus: [account("web", { [KEY]: ROLE_ARN })],
    }),
    "the role trusts the account and another stack's, whose account uses it": wired({
      ...names(null),
      role: { assumeRolePolicy: trust({ sub: [SUBJECT, "system:serviceaccount:shop:web"] }) },
      plus: [account("web", { [KEY]: ROLE_ARN })],
    }),
    "the account's cluster is not known": wired({
      ...names(null),
      kubernetes: { kubeconfig: "{}" },
      edges: { "kubernetes.kubeconfig": [] },
    }),
    "the role trusts a pattern alone": wired({
      ...names(null),
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:*", operator: "StringLike" }) },
    }),
    "the account is a Patch without an annotation": wired({
      serviceAccount: null,
      plus: [account("api", {}, "ServiceAccountPatch")],
    }),
    "a store takes the role of the account": wired({ ...names(null), ...OTHERS, plus: [store()] }),
    "a store takes the role of the account, whose annotation is empty": wired({
      ...names(""),
      ...OTHERS,
      plus: [store()],
    }),
    "a store takes the role of another account": wired({ ...names(null), ...OTHERS, plus: [store("web")] }),
    "a store in another namespace": wired({ ...names(null), ...OTHERS, plus: [store("api", "jobs")] }),
    "a store that names no account": wired({
      ...names(null),
      ...OTHERS,
      plus: [store("api", "shop", { auth: {} })],
    }),
    "a store takes the role of an account that a role trusts": wired({ ...names(null), plus: [store()] }),
    "a store takes the role of an account that has an association": wired({
      ...names(null),
      plus: [store(), association("shop", "api")],
    }),
    "a store takes the role of an account, for which a role waits": firstPreview({
      ...names(null),
      plus: [store()],
    }),
    "at the first preview, an association hands out another role of the stack": firstPreview({
      ...names(null),
      plus: [role("web"), association("shop", "web", { roleArn: "arn:aws:iam::111122223333:role/web" })],
    }),
  },
};

export default details;
