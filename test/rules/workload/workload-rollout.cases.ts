import rule from "../../../policy-pack/src/rules/workload/workload-rollout";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, urnOf, urns, wired } from "../../support/stack";

const pod: Value = { serviceAccountName: "api", containers: [{ name: "api", image: "example.com/shop/api:1.4.2" }] };
const workload = (kind: string, name: string, spec: Value, from: readonly string[] = [urns.serviceAccount]) =>
  resource(`kubernetes:${kind}`, name, { metadata: { name, namespace: "shop" }, spec }, { from: { spec: from } });
const annotated = (annotations: { readonly [key: string]: string | undefined }) => ({
  spec: { template: { metadata: { annotations } } },
});
const onlyAccount = { "deployment.spec": [urns.serviceAccount] } as const;

export default cases(rule, {
  invalid: [
    {
      name: "a bare Pod",
      covers: ["workload-bare-pod"],
      stack: wired({ deployment: null, plus: [workload("core/v1:Pod", "shell", pod)] }),
      finds: [
        {
          at: { urn: urnOf("kubernetes:core/v1:Pod", "shell"), path: "" },
          says: 'Pod "shop/shell" has no controller, so nothing creates it anew when ServiceAccount "shop/api" or role "api-irsa" changes.',
          fix: 'Use a Deployment, a StatefulSet or a Job in place of Pod "shop/shell"; after a change of the role, delete the pod and run pulumi up with --refresh.',
        },
      ],
    },
    {
      name: "pods that are replaced only when someone deletes them",
      covers: ["workload-ondelete-strategy"],
      stack: firstPreview({
        plus: [
          workload("apps/v1:DaemonSet", "agent", { updateStrategy: { type: "OnDelete" }, template: { spec: pod } }),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf("kubernetes:apps/v1:DaemonSet", "agent"), path: "spec.updateStrategy.type" },
          says: 'DaemonSet "shop/agent" has the update strategy "OnDelete", so its pods keep their identity after ServiceAccount "shop/api" or role "api-irsa" has changed.',
          fix: 'Set spec.updateStrategy.type to "RollingUpdate", or delete the pods by hand after each such change.',
        },
      ],
    },
    {
      name: "a Patch gives an account to a Job",
      covers: ["workload-job-immutable"],
      stack: wired({
        plus: [workload("batch/v1:JobPatch", "migrate", { template: { spec: { serviceAccountName: "api" } } })],
      }),
      finds: [
        {
          at: { urn: urnOf("kubernetes:batch/v1:JobPatch", "migrate"), path: "spec.template.spec.serviceAccountName" },
          says: 'Job "shop/migrate" is a Patch of a Job, whose pod template cannot be changed, so ServiceAccount "shop/api" does not reach its pods.',
          fix: "Set serviceAccountName where the Job is declared; the Job is then replaced.",
        },
      ],
    },
    {
      name: "an identity annotation that is a literal",
      covers: ["workload-no-rollout-on-change"],
      stack: wired({
        deployment: null,
        plus: [
          resource(
            "kubernetes:apps/v1:Deployment",
            "web",
            {
              metadata: { name: "web", namespace: "shop" },
              spec: { template: { metadata: { annotations: { "eks-irsa.dev/identity": "1" } }, spec: pod } },
            },
            { dependsOn: [urns.serviceAccount] },
          ),
        ],
      }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:apps/v1:Deployment", "web"),
            path: 'spec.template.metadata.annotations["eks-irsa.dev/identity"]',
          },
          says: 'Deployment "shop/web" carries the annotation "eks-irsa.dev/identity" with a literal value, which stays the same when role "api-irsa" changes.',
          fix: 'Make the annotation from the arn of role "api-irsa", or use the podAnnotations of IrsaBinding.',
        },
      ],
    },
  ],
  valid: [
    { name: "an annotation from the role", stack: wired() },
    {
      name: "an ordinary Deployment without such an annotation",
      stack: wired({ deployment: annotated({ "eks-irsa.dev/identity": undefined }), edges: onlyAccount }),
    },
    {
      name: "a checksum of other settings, none of the role",
      stack: wired({
        deployment: annotated({ "eks-irsa.dev/identity": undefined, "checksum/config": "5f1d" }),
        edges: onlyAccount,
      }),
    },
    {
      name: "a checksum of other settings beside a value from the role",
      stack: wired({ deployment: annotated({ "checksum/config": "5f1d" }) }),
    },
    {
      name: "a Job, whose pods are created when it is",
      stack: wired({ plus: [workload("batch/v1:Job", "migrate", { template: { spec: pod } })] }),
    },
    {
      name: "a CronJob",
      stack: wired({
        plus: [workload("batch/v1:CronJob", "report", { jobTemplate: { spec: { template: { spec: pod } } } })],
      }),
    },
    {
      name: "a bare Pod without a role",
      stack: wired({
        plus: [workload("core/v1:Pod", "shell", { containers: [{ name: "shell", image: "busybox:1.36" }] }, [])],
      }),
    },
  ],
  unverified: none("kinds, strategies and dependencies are known from the first preview on"),
});
