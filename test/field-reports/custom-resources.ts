import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, urnOf } from "../support/stack";
import { kubernetes } from "./pods";
import { policy, type Part } from "./support";

/** What people tell controllers by their custom resources: a role to assume, an account to take one from, pods to run. */
export const k = kubernetes({ name: "prod", region: "eu-central-1" });
export const ROLE_ARN = "eks.amazonaws.com/role-arn";
export const role = (name: string) => urnOf("aws:iam/role:Role", name);
export const podIdentity = policy({
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
});

/** A custom resource, as apiextensions.CustomResource registers it. */
export function custom(
  type: string,
  name: string,
  namespace: string | undefined,
  spec: Properties,
  from: readonly string[] = [],
) {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return [k.make(type, name, { metadata, spec }, { spec: from })];
}
export const issuer = (route53: Properties) =>
  custom(
    "cert-manager.io/v1:ClusterIssuer",
    "letsencrypt",
    undefined,
    { acme: { email: "ops@example.com", solvers: [{ dns01: { route53: { region: "eu-central-1", ...route53 } } }] } },
    [role("cert-manager")],
  );
export const certManager = [
  k.base,
  k.roleFor("cert-manager", "cert-manager"),
  k.account("cert-manager", "cert-manager", k.arnOf("cert-manager")),
];
export const store = (kind: string, aws: Properties, from: readonly string[] = []) =>
  custom(
    `external-secrets.io/v1beta1:${kind}`,
    "secrets",
    kind === "SecretStore" ? "demo" : undefined,
    {
      provider: { aws: { service: "SecretsManager", region: "eu-central-1", ...aws } },
    },
    from,
  );
export const jwt = (name: string, namespace?: string): Properties => ({
  auth: { jwt: { serviceAccountRef: { name, ...(namespace === undefined ? {} : { namespace }) } } },
});
/** A class of secrets of AWS for the Secrets Store CSI driver, and a pod's volume of it. */
export const secretClass = (parameters: Properties = {}) => [
  k.make("secrets-store.csi.x-k8s.io/v1:SecretProviderClass", "secrets", {
    metadata: { name: "secrets", namespace: "demo" },
    spec: { provider: "aws", parameters: { objects: "- objectName: /beta/test", ...parameters } },
  }),
];
export const mounting: Properties = {
  volumes: [
    {
      name: "secrets",
      csi: { driver: "secrets-store.csi.k8s.io", volumeAttributes: { secretProviderClass: "secrets" } },
    },
  ],
};
export const ci = [k.base, k.namespace("ci"), k.roleFor("ci", "runner"), k.account("ci", "runner", k.arnOf("runner"))];
export const runner = (spec: Properties, from: readonly string[] = [k.accountUrn("ci", "runner")]) =>
  custom(
    "actions.summerwind.dev/v1alpha1:RunnerDeployment",
    "builders",
    "ci",
    { replicas: 2, template: { spec } },
    from,
  );
export const assume = (name: string, arn: string): Part =>
  resource(
    "aws:iam/rolePolicy:RolePolicy",
    `${name}-hop`,
    { role: name, policy: policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: arn }) },
    { provider: k.aws, from: { role: [role(name)] } },
  );
export const trusting = (arn: string) => policy({ Effect: "Allow", Principal: { AWS: arn }, Action: "sts:AssumeRole" });

export function rollout(env: readonly Properties[]) {
  const containers = [{ name: "app", image: "registry.example.com/team/app:1.4.2", env }];
  return { template: { metadata: { labels: { app: "api" } }, spec: { serviceAccountName: "api", containers } } };
}

export function keys(): readonly Properties[] {
  return ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => ({ name, value: "(not kept)" }));
}
