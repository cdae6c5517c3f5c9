import {
  awsNoun,
  BINDING_COMPONENT,
  isOpaqueSource,
  isProvider,
  isRead,
  isSecretProviderClass,
  kubernetesNoun,
  roleRequestKind,
} from "../../policy-pack/src/model/tokens";

/** `workload Deployment (patch) at spec.template`. */
function described(type: string): string {
  const found = kubernetesNoun(type);
  if (!found) return "none";
  const { noun, kind, patch, list, template, isCustom } = found;
  const notes = [patch ? "patch" : "", list ? "list" : "", isCustom ? "custom" : ""].filter((each) => each !== "");
  const note = notes.length > 0 ? ` (${notes.join(", ")})` : "";
  return `${noun} ${kind}${note}${template.length > 0 ? ` at ${template.join(".")}` : ""}`;
}

describe("a type of Kubernetes", () => {
  test.each<[string, string]>([
    ["kubernetes:core/v1:ServiceAccount", "service-account ServiceAccount"],
    ["kubernetes:core/v1:ServiceAccountPatch", "service-account ServiceAccount (patch)"],
    ["kubernetes:core/v1:ServiceAccountList", "service-account ServiceAccount (list)"],
    ["kubernetes:core/v1:Namespace", "namespace Namespace"],
    ["kubernetes:core/v1:Secret", "secret Secret"],
    ["kubernetes:core/v1:ConfigMap", "config-map ConfigMap"],
    ["kubernetes:core/v1:Pod", "workload Pod"],
    ["kubernetes:core/v1:PodTemplate", "workload PodTemplate at template"],
    ["kubernetes:apps/v1:Deployment", "workload Deployment at spec.template"],
    ["kubernetes:apps/v1beta2:DeploymentPatch", "workload Deployment (patch) at spec.template"],
    ["kubernetes:batch/v1:CronJob", "workload CronJob at spec.jobTemplate.spec.template"],
    ["kubernetes:extensions/v1beta1:DaemonSetList", "workload DaemonSet (list) at spec.template"],
    ["kubernetes:argoproj.io/v1alpha1:Rollout", "workload Rollout (custom) at spec.template"],
    ["kubernetes:argoproj.io/v1alpha1:RolloutPatch", "workload Rollout (patch, custom) at spec.template"],
    ["kubernetes:keda.sh/v1alpha1:ScaledJob", "workload ScaledJob (custom) at spec.jobTargetRef.template"],
    ["kubernetes:argoproj.io/v1alpha1:Application", "none"],
    ["kubernetes:argoproj.io/v1alpha1:RolloutPatchSet", "none"],
    ["kubernetes:argoproj.io/v1alpha1:PatchRollout", "none"],
    ["kubernetes:core/v1:Service", "none"],
    ["kubernetes:core/v1:PatchSecret", "none"],
    ["kubernetes:core/v1:SecretListener", "none"],
    ["kubernetes:apps/v1:Namespace", "none"],
    ["kubernetes:policy/v1:PodDisruptionBudget", "none"],
    ["aws:iam/role:Role", "none"],
  ])("%s", (type, expected) => {
    expect(described(type)).toBe(expected);
  });

  test("is no custom kind where it is one of Kubernetes", () => {
    expect(kubernetesNoun("kubernetes:apps/v1:Deployment")).not.toHaveProperty("isCustom");
    expect(kubernetesNoun("kubernetes:argoproj.io/v1alpha1:Rollout")).toMatchObject({ list: false, patch: false });
  });
});

describe("a type of a resource that names a role to a controller", () => {
  test.each<[string, string | undefined]>([
    ["kubernetes:monitoring.coreos.com/v1:Prometheus", "prometheus"],
    ["kubernetes:monitoring.coreos.com/v1:PrometheusAgent", "prometheus"],
    ["kubernetes:monitoring.coreos.com/v1alpha1:PrometheusAgent", "prometheus"],
    ["kubernetes:monitoring.coreos.com/v10beta12:Prometheus", "prometheus"],
    ["kubernetes:monitoring.coreos.com/v1:PrometheusRule", undefined],
    ["my-kubernetes:monitoring.coreos.com/v1:Prometheus", undefined],
    ["kubernetes:cert-manager.io/v1:Issuer", "issuer"],
    ["kubernetes:cert-manager.io/v1:ClusterIssuer", "issuer"],
    ["kubernetes:cert-manager.io/v1alpha2:Issuer", "issuer"],
    ["kubernetes:cert-manager.io/v10beta12:Issuer", "issuer"],
    ["kubernetes:cert-manager.io/v1:IssuerList", undefined],
    ["my-kubernetes:cert-manager.io/v1:Issuer", undefined],
    ["kubernetes:external-secrets.io/v1:SecretStore", "store"],
    ["kubernetes:external-secrets.io/v1:ClusterSecretStore", "store"],
    ["kubernetes:external-secrets.io/v1beta1:SecretStore", "store"],
    ["kubernetes:external-secrets.io/v10beta12:SecretStore", "store"],
    ["kubernetes:external-secrets.io/v1:SecretStoreList", undefined],
    ["my-kubernetes:external-secrets.io/v1:SecretStore", undefined],
    ["kubernetes:external-secrets.io/v1:ExternalSecret", undefined],
  ])("%s", (type, expected) => {
    expect(roleRequestKind(type)).toBe(expected);
  });
});

describe("a class of the Secrets Store CSI driver", () => {
  test.each<[string, boolean]>([
    ["kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass", true],
    ["kubernetes:secrets-store.csi.x-k8s.io/v1alpha1:SecretProviderClass", true],
    ["kubernetes:secrets-store.csi.x-k8s.io/v10beta12:SecretProviderClass", true],
    ["kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClassPodStatus", false],
    ["my-kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass", false],
  ])("%s", (type, expected) => {
    expect(isSecretProviderClass(type)).toBe(expected);
  });
});

describe("what the pack reads", () => {
  test.each<[string, string]>([
    ["a role", "aws:iam/role:Role"],
    ["a role of aws-native", "aws-native:iam:Role"],
    ["a VPC endpoint", "aws:ec2/vpcEndpoint:VpcEndpoint"],
    ["the component of this project", BINDING_COMPONENT],
    ["a provider", "pulumi:providers:kubernetes"],
    ["a release", "kubernetes:helm.sh/v3:Release"],
    ["a directory of YAML", "kubernetes:kustomize/v2:Directory"],
    ["an issuer of cert-manager", "kubernetes:cert-manager.io/v1:Issuer"],
    ["a class of secrets", "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass"],
    ["a Deployment", "kubernetes:apps/v1:Deployment"],
  ])("is %s", (_, type) => {
    expect(isRead(type)).toBe(true);
  });

  test.each<[string, string]>([
    ["a bucket", "aws:s3/bucket:Bucket"],
    ["a Service", "kubernetes:core/v1:Service"],
    ["another provider", "pulumi:providers:random"],
    ["a property of every object", "constructor"],
  ])("is not %s", (_, type) => {
    expect([isRead(type), isProvider(type), isOpaqueSource(type), awsNoun(type)].join()).toBe("false,false,false,");
  });
});
