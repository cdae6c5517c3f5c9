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
const GROUPS = /^kubernetes:(core|apps|batch|extensions)\/v\d+((alpha|beta)\d+)?:([A-Z][A-Za-z]*)$/;
const OPAQUE =
  /^kubernetes:(helm\.sh\/v[34]:(Release|Chart)|yaml(\/v2)?:(ConfigFile|ConfigGroup)|kustomize(\/v2)?:Directory|helm\.sh\/v2:Chart)$/;

export interface KubernetesNoun {
  readonly noun: "service-account" | "workload" | "namespace" | "secret" | "config-map";
  readonly kind: string;
  readonly patch: boolean;
  readonly list: boolean;
  readonly template: readonly string[];
}

/** What a Kubernetes type token stands for, its List and Patch forms included; undefined for kinds that have no part in the chain. */
export function kubernetesNoun(type: string): KubernetesNoun | undefined {
  const match = GROUPS.exec(type);
  if (!match) return undefined;
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
    kubernetesNoun(type) !== undefined
  );
}
