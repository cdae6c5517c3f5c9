import type { Properties, SnapshotResource } from "../../../policy-pack/src/model/snapshot";
import {
  ACCOUNT,
  ENDPOINT,
  ISSUER,
  kubeconfig,
  kubernetesProvider,
  OTHER_ISSUER,
  REGION,
  resource,
  ROLE_ARN,
  SUBJECT,
  UNKNOWN,
  urnOf,
  urns,
} from "../../support/stack";
import type { Value } from "../../../policy-pack/src/facts/value";

/** A trust policy of the given statements. */
export function policy(...statements: readonly Value[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** An Allow for the issuer with the given conditions. */
export function allow(conditions: Value | undefined, changes: Properties = {}, issuer = ISSUER): Value {
  return {
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    ...(conditions === undefined ? {} : { Condition: conditions }),
    ...changes,
  };
}

/** The right conditions under StringEquals, and others beside them. */
export function conditions(others: Properties = {}): Value {
  return { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: SUBJECT }, ...others };
}

/** The account `shop/<name>` of the default cluster, annotated with a role's ARN. */
export function account(name: string, changes: Properties = {}, role: Value = ROLE_ARN): SnapshotResource {
  const metadata = { name, namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": role }, ...changes };
  return resource(
    "kubernetes:core/v1:ServiceAccount",
    name,
    { metadata },
    { from: { metadata: [urns.role, urns.namespace] }, dependsOn: [urns.attachment] },
  );
}

const OTHER_ENDPOINT = ENDPOINT.replace("https://", "https://other-");
const OTHER_CLUSTER = urnOf("aws:eks/cluster:Cluster", "other");
export const OTHER_PROVIDER = urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "other");

/** A second cluster with its OIDC provider, its Kubernetes provider and the account `shop/<name>` that uses the default role. */
export function otherCluster(phase: "first" | "known", name = "api"): readonly SnapshotResource[] {
  const later = (value: Value): Value => (phase === "first" ? UNKNOWN : value);
  const kubernetes = kubernetesProvider("other", { kubeconfig: later(kubeconfig(OTHER_ENDPOINT)) });
  const inputs = { name: "other", roleArn: `arn:aws:iam::${ACCOUNT}:role/eks`, version: "1.33" };
  const url = later(`https://${OTHER_ISSUER}`);
  return [
    resource("aws:eks/cluster:Cluster", "other", inputs, {
      outputs: {
        ...inputs,
        endpoint: later(OTHER_ENDPOINT),
        arn: later(`arn:aws:eks:${REGION}:${ACCOUNT}:cluster/other`),
        identities: later([{ oidcs: [{ issuer: `https://${OTHER_ISSUER}` }] }]),
      },
    }),
    resource(
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      "other",
      { url, clientIdLists: ["sts.amazonaws.com"] },
      {
        from: { url: [OTHER_CLUSTER] },
        outputs: { url, arn: later(`arn:aws:iam::${ACCOUNT}:oidc-provider/${OTHER_ISSUER}`) },
      },
    ),
    resource("pulumi:providers:kubernetes", "other", kubernetes.inputs, {
      provider: undefined,
      from: { kubeconfig: [OTHER_CLUSTER] },
    }),
    resource("kubernetes:core/v1:Namespace", "away", { metadata: { name: "shop" } }, { provider: kubernetes }),
    resource(
      "kubernetes:core/v1:ServiceAccount",
      "away",
      { metadata: { name, namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": later(ROLE_ARN) } } },
      { provider: kubernetes, from: { metadata: [urns.role] }, dependsOn: [urns.attachment] },
    ),
  ];
}
