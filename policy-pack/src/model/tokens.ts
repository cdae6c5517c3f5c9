import { texts } from "../facts/lists";
/** Which resource types the pack reads, and as what. */

const AWS_NOUNS: Readonly<Record<string, AwsNoun>> = {
  "aws:eks/cluster:Cluster": "cluster",
  "aws-native:eks:Cluster": "cluster",
  "eks:index:Cluster": "cluster-component",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "oidc-provider",
  "aws-native:iam:OidcProvider": "oidc-provider",
  "aws:iam/role:Role": "role",
  "aws-native:iam:Role": "role",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "attachment",
  "aws:iam/policyAttachment:PolicyAttachment": "attachment",
  "aws:iam/rolePolicy:RolePolicy": "attachment",
  "aws-native:iam:RolePolicy": "attachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "attachment",
  "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": "attachment",
  "aws:iam/policy:Policy": "policy",
  "aws-native:iam:ManagedPolicy": "policy",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": "association",
  "aws-native:eks:PodIdentityAssociation": "association",
  "aws:eks/addon:Addon": "addon",
  "aws-native:eks:Addon": "addon",
  "aws:eks/identityProviderConfig:IdentityProviderConfig": "other",
  "aws-native:eks:IdentityProviderConfig": "other",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "other",
  "aws-native:ec2:VpcEndpoint": "other",
  "aws:ec2/natGateway:NatGateway": "other",
  "aws-native:ec2:NatGateway": "other",
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "other",
  "aws-native:ec2:TransitGatewayAttachment": "other",
};

export type AwsNoun =
  | "cluster"
  | "cluster-component"
  | "oidc-provider"
  | "role"
  | "attachment"
  | "policy"
  | "association"
  | "addon"
  | "other";

export function awsNoun(type: string): AwsNoun | undefined {
  return Object.hasOwn(AWS_NOUNS, type) ? AWS_NOUNS[type] : undefined;
}

/** The component of this project, and its token. */
export const BINDING_COMPONENT = "eks-irsa:index:IrsaBinding";

const PROVIDER_TYPE = /^pulumi:providers:(aws|aws-native|kubernetes|eks)$/;

/** Where each kind keeps its pod template: the path of the object that holds `metadata` and `spec` of the pod. */
const POD_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ["template"],
  ReplicationController: ["spec", "template"],
  Deployment: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};
/** Kinds of controllers that run pods from a template: Argo Rollouts, KEDA, the runners of GitHub Actions, Knative, Kubeflow, OpenKruise. */
const CUSTOM_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  "argoproj.io:Rollout": ["spec", "template"],
  "keda.sh:ScaledJob": ["spec", "jobTargetRef", "template"],
  "actions.summerwind.dev:RunnerDeployment": ["spec", "template"],
  "actions.summerwind.dev:RunnerSet": ["spec", "template"],
  "serving.knative.dev:Service": ["spec", "template"],
  "kubeflow.org:Notebook": ["spec", "template"],
  "apps.kruise.io:CloneSet": ["spec", "template"],
};
const CUSTOM_GROUPS = /^kubernetes:([a-z0-9.-]+\.[a-z]+)\/v\d+(?:(?:alpha|beta)\d+)?:([A-Z][A-Za-z]*)$/;
const GROUPS = /^kubernetes:(core|apps|batch|extensions)\/v\d+((alpha|beta)\d+)?:([A-Z][A-Za-z]*)$/;
const OPAQUE =
  /^kubernetes:(helm\.sh\/v[34]:(Release|Chart)|yaml(\/v2)?:(ConfigFile|ConfigGroup)|kustomize(\/v2)?:Directory|helm\.sh\/v2:Chart)$/;

export interface KubernetesNoun {
  readonly noun: "service-account" | "workload" | "namespace" | "secret" | "config-map";
  readonly kind: string;
  readonly patch: boolean;
  readonly list: boolean;
  readonly template: readonly string[];
  /** True for the kinds of controllers, which may name the template of another object in place of one of their own. */
  readonly isCustom?: boolean;
}

/** What a Kubernetes type token stands for, its List and Patch forms included; undefined for kinds that have no part in the chain. */
export function kubernetesNoun(type: string): KubernetesNoun | undefined {
  const match = GROUPS.exec(type);
  if (!match) return customNoun(type);
  const [, group, , , spelt] = texts(match);
  const patch = spelt.endsWith("Patch");
  const list = spelt.endsWith("List");
  const kind = spelt.replace(/(Patch|List)$/, "");
  const template = Object.hasOwn(POD_TEMPLATES, kind) ? POD_TEMPLATES[kind] : undefined;
  if (template) return { noun: "workload", kind, patch, list, template };
  if (group !== "core") return undefined;
  const noun = CORE.get(kind);
  return noun ? { noun, kind, patch, list, template: [] } : undefined;
}

function customNoun(type: string): KubernetesNoun | undefined {
  const [, group, spelt] = texts(CUSTOM_GROUPS.exec(type) ?? []);
  const kind = spelt.replace(/Patch$/, "");
  const key = `${group}:${kind}`;
  const template = Object.hasOwn(CUSTOM_TEMPLATES, key) ? CUSTOM_TEMPLATES[key] : undefined;
  return template && { noun: "workload", kind, patch: kind !== spelt, list: false, template, isCustom: true };
}

const CORE: ReadonlyMap<string, KubernetesNoun["noun"]> = new Map([
  ["ServiceAccount", "service-account"],
  ["Namespace", "namespace"],
  ["Secret", "secret"],
  ["ConfigMap", "config-map"],
]);

/** Resources that make Kubernetes objects out of Pulumi's sight, or whose children may not be registered at a first preview. */
export function isOpaqueSource(type: string): boolean {
  return OPAQUE.test(type);
}

/** Custom resources that tell a controller which role to assume: cert-manager's issuers, the stores of External Secrets, Prometheus. */
export function roleRequestKind(type: string): "issuer" | "store" | "prometheus" | undefined {
  if (/^kubernetes:monitoring\.coreos\.com\/v\d+((alpha|beta)\d+)?:Prometheus(Agent)?$/.test(type)) return "prometheus";
  if (/^kubernetes:cert-manager\.io\/v\d+((alpha|beta)\d+)?:(Cluster)?Issuer$/.test(type)) return "issuer";
  return /^kubernetes:external-secrets\.io\/v\d+((alpha|beta)\d+)?:(Cluster)?SecretStore$/.test(type)
    ? "store"
    : undefined;
}

/** What the Secrets Store CSI driver mounts. */
export function isSecretProviderClass(type: string): boolean {
  return /^kubernetes:secrets-store\.csi\.x-k8s\.io\/v\d+((alpha|beta)\d+)?:SecretProviderClass$/.test(type);
}

export function isProvider(type: string): boolean {
  return PROVIDER_TYPE.test(type);
}

/** True for every type that the pack reads; the others stay out of the snapshot. */
export function isRead(type: string): boolean {
  return (
    awsNoun(type) !== undefined ||
    type === BINDING_COMPONENT ||
    isProvider(type) ||
    isOpaqueSource(type) ||
    roleRequestKind(type) !== undefined ||
    isSecretProviderClass(type) ||
    kubernetesNoun(type) !== undefined
  );
}
