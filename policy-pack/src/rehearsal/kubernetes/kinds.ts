/** From a type token to the Kubernetes kind it stands for. */

export interface Kind {
  /** `apps/v1`, `v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly form: "object" | "list" | "patch";
}

/** Kinds without a namespace, of the groups that the provider has types for. */
const clusterScoped: ReadonlySet<string> = new Set([
  "APIService",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "ComponentStatus",
  "CSIDriver",
  "CSINode",
  "CustomResourceDefinition",
  "DeviceClass",
  "FlowSchema",
  "IngressClass",
  "IPAddress",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PodSecurityPolicy",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "SelfSubjectAccessReview",
  "SelfSubjectRulesReview",
  "ServiceCIDR",
  "StorageClass",
  "StorageVersion",
  "StorageVersionMigration",
  "SubjectAccessReview",
  "TokenReview",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

/**
 * `kubernetes:apps/v1:Deployment`, `kubernetes:core/v1:ServiceAccountPatch`, and custom resources, whose token is
 * `kubernetes:<group>/<version>:<Kind>`. Undefined for what is no Kubernetes object (`helm.sh`, `yaml`, `kustomize`).
 */
export function kindOf(type: string): Kind | undefined {
  const [, module = "", name = ""] = type.split(":");
  const [group = "", version] = module.split("/");
  if (version === undefined || ["helm.sh", "yaml", "kustomize"].includes(group)) return undefined;
  const form = name.endsWith("Patch") ? "patch" : name.endsWith("List") ? "list" : "object";
  const kind = form === "patch" ? name.slice(0, -"Patch".length) : name;
  return {
    apiVersion: group === "core" ? version : `${group}/${version}`,
    kind,
    namespaced: form !== "list" && !clusterScoped.has(kind),
    form,
  };
}
