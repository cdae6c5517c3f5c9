import type { Value } from "../../policy-pack/src/facts/value";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, UNKNOWN, urnOf, type ResourceOptions } from "../support/stack";
import { policy, type Part } from "./support";

/**
 * Programs as somebody writes them who never heard of this pack: default providers that say no account, names that Pulumi made up, and
 * edges only where a value is handed on. Each stands there twice: known, and at its first preview.
 */
export const REGION = "eu-west-1";
export const ACCOUNT = "123456789012";
const ID = "A1B2C3D4E5F60718293A4B5C6D7E8F90";
const ISSUER = `oidc.eks.${REGION}.amazonaws.com/id/${ID}`;
const PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/s3-5f3e2d1`;
export const CLUSTER = urnOf("aws:eks/cluster:Cluster", "cluster");
const PROVIDER = urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "oidc");
export const ROLE = urnOf("aws:iam/role:Role", "s3");
export const SERVICE_ACCOUNT = urnOf("kubernetes:core/v1:ServiceAccount", "s3");
export const S3 = "system:serviceaccount:apps:s3";

const defaultOf = (name: string, inputs: Properties) => ({
  urn: urnOf(`pulumi:providers:${name}`, "default"),
  type: `pulumi:providers:${name}`,
  name: "default",
  inputs,
});
const awsProvider = defaultOf("aws", { region: REGION });
const kubernetesProvider = defaultOf("kubernetes", {});

/** What the program says of its resources; `made` is what AWS alone knows, which a first preview does not show. */
export function writer(first: boolean) {
  const made = (value: Value): Value => (first ? UNKNOWN : value);
  const aws = (type: string, name: string, inputs: Properties, options: ResourceOptions = {}): Part =>
    resource(`aws:${type}`, name, inputs, { provider: awsProvider, ...options });
  const k8s = (type: string, name: string, inputs: Properties, options: ResourceOptions = {}): Part =>
    resource(`kubernetes:${type}`, name, inputs, {
      provider: kubernetesProvider,
      ...(first ? { outputs: {} } : {}),
      ...options,
    });
  const annotations = { "eks.amazonaws.com/role-arn": made(ROLE_ARN) };
  return {
    made,
    aws,
    k8s,
    annotations,
    cluster: aws(
      "eks/cluster:Cluster",
      "cluster",
      { name: "cluster-1a2b3c4", roleArn: made(`arn:aws:iam::${ACCOUNT}:role/cluster`) },
      {
        outputs: {
          name: "cluster-1a2b3c4",
          arn: made(`arn:aws:eks:${REGION}:${ACCOUNT}:cluster/cluster-1a2b3c4`),
          endpoint: made(`https://${ID}.gr7.${REGION}.eks.amazonaws.com`),
          identities: made([{ oidcs: [{ issuer: `https://${ISSUER}` }] }]),
        },
      },
    ),
    oidc: aws(
      "iam/openIdConnectProvider:OpenIdConnectProvider",
      "oidc",
      { url: made(`https://${ISSUER}`), clientIdLists: ["sts.amazonaws.com"] },
      { from: { url: [CLUSTER] }, outputs: { url: made(ISSUER), arn: made(PROVIDER_ARN) } },
    ),
    role: (trust: string, more: Properties = {}, from: readonly string[] = [PROVIDER]): Part =>
      aws(
        "iam/role:Role",
        "s3",
        { name: "s3-5f3e2d1", assumeRolePolicy: from.length > 0 ? made(trust) : trust, ...more },
        { from: { assumeRolePolicy: from }, outputs: { name: "s3-5f3e2d1", arn: made(ROLE_ARN) } },
      ),
    attached: (
      policyArn: Value = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
      from: readonly string[] = [],
    ): Part =>
      aws(
        "iam/rolePolicyAttachment:RolePolicyAttachment",
        "s3",
        { role: "s3-5f3e2d1", policyArn },
        { from: { role: [ROLE], policyArn: from } },
      ),
    account: (metadata: Properties = {}): Part =>
      k8s(
        "core/v1:ServiceAccount",
        "s3",
        { metadata: { name: "s3", namespace: "apps", annotations, ...metadata } },
        { from: { metadata: [ROLE] } },
      ),
    deployment: (pod: Properties = {}, options: ResourceOptions = { from: { spec: [SERVICE_ACCOUNT] } }): Part =>
      k8s(
        "apps/v1:Deployment",
        "s3",
        {
          metadata: { name: "s3", namespace: "apps" },
          spec: {
            selector: { matchLabels: { app: "s3" } },
            template: {
              metadata: { labels: { app: "s3" } },
              spec: { serviceAccountName: "s3", containers: [{ name: "app", image: "amazon/aws-cli:2.15.0" }], ...pod },
            },
          },
        },
        options,
      ),
    release: (chart: string, namespace: string, values: Properties, more: Properties = {}): Part =>
      k8s("helm.sh/v3:Release", chart, { chart, namespace, values, ...more }, { from: { values: [ROLE] } }),
  };
}

/** The trust policy that the guide has, for one subject or a pattern of them. */
export function trusting(subject: Value, operator: "StringEquals" | "StringLike" = "StringEquals"): string {
  const [sub, aud] = [`${ISSUER}:sub`, `${ISSUER}:aud`];
  return policy({
    Effect: "Allow",
    Principal: { Federated: PROVIDER_ARN },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition:
      operator === "StringEquals"
        ? { StringEquals: { [sub]: subject, [aud]: "sts.amazonaws.com" } }
        : { StringLike: { [sub]: subject }, StringEquals: { [aud]: "sts.amazonaws.com" } },
  });
}
