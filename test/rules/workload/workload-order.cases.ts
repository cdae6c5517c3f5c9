import rule from "../../../policy-pack/src/rules/workload/workload-order";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, ROLE_ARN, urnOf, urns, wired } from "../../support/stack";

const plain = { spec: { template: { metadata: { annotations: undefined }, spec: { serviceAccountName: "api" } } } };
const says =
  'Deployment "shop/api" names ServiceAccount "shop/api" by a literal and does not depend on it, so Pulumi may create the pods first, and nothing starts them anew when the role changes.';
const fix =
  'Set serviceAccountName to the metadata.name of the ServiceAccount "shop/api" resource, or add dependsOn; put an annotation made from the role\'s arn on the pod template.';
const patch = resource(
  "kubernetes:core/v1:ServiceAccountPatch",
  "annotate",
  { metadata: { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
  { from: { metadata: [urns.role] }, dependsOn: [urns.serviceAccount] },
);
const at = { urn: urns.deployment, path: "spec.template.spec.serviceAccountName" };

export default cases(rule, {
  invalid: [
    {
      name: "the account is named by a literal",
      covers: ["workload-no-sa-dependency", "workload-no-rollout-on-change"],
      stack: wired({ deployment: plain, edges: { "deployment.spec": [] } }),
      finds: [{ at, says, fix }],
    },
    {
      name: "the account is named by a literal, at the first preview",
      covers: ["workload-no-sa-dependency"],
      stack: firstPreview({
        deployment: plain,
        edges: { "deployment.spec": [], "deployment.metadata": [urns.namespace] },
      }),
      finds: [{ at, says, fix }],
    },
    {
      name: "the role is named by a literal ARN",
      covers: ["workload-role-race"],
      stack: wired({
        edges: { "serviceAccount.metadata": [urns.namespace], "deployment.spec": [urns.serviceAccount] },
        attachment: null,
        role: {
          inlinePolicies: [
            {
              name: "s3",
              policy:
                '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop/*"}]}',
            },
          ],
        },
        deployment: plain,
      }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" names role "api-irsa" by a literal ARN and does not depend on it, so the pods of Deployment "shop/api" may start before the role exists.',
          fix: 'Set the annotation to the arn output of role "api-irsa", or add dependsOn to the account.',
        },
      ],
    },
    {
      name: "the role comes by a Patch, for which the pods do not wait",
      covers: ["workload-role-race"],
      stack: wired({
        serviceAccount: { metadata: { annotations: undefined } },
        deployment: plain,
        edges: { "serviceAccount.metadata": [urns.namespace], "deployment.spec": [urns.serviceAccount] },
        plus: [patch],
      }),
      finds: [
        {
          at,
          says: 'Deployment "shop/api" waits for ServiceAccount "shop/api", but not for the ServiceAccountPatch "annotate", which gives it role "api-irsa", so Pulumi may create the pods first.',
          fix: 'Add the ServiceAccountPatch "annotate" to dependsOn of Deployment "shop/api".',
        },
      ],
    },
  ],
  valid: [
    {
      name: "the role comes by a Patch, for which the pods wait",
      stack: wired({
        serviceAccount: { metadata: { annotations: undefined } },
        deployment: plain,
        edges: {
          "serviceAccount.metadata": [urns.namespace],
          "deployment.spec": [urns.serviceAccount, patch.urn],
        },
        plus: [patch],
      }),
    },
    {
      name: "a literal name with dependsOn",
      stack: wired({
        deployment: null,
        plus: [
          resource(
            "kubernetes:batch/v1:Job",
            "migrate",
            {
              metadata: { name: "migrate", namespace: "shop" },
              spec: {
                template: {
                  spec: { serviceAccountName: "api", containers: [{ name: "migrate", image: "migrate:1" }] },
                },
              },
            },
            { dependsOn: [urns.serviceAccount] },
          ),
        ],
      }),
    },
    {
      name: "the account waits for the role's permissions, and so for the role",
      stack: wired({
        edges: { "serviceAccount.metadata": [urns.namespace], "deployment.spec": [urns.serviceAccount] },
      }),
    },
    {
      name: "the workload waits for another one that waits for the account",
      stack: wired({
        edges: { "deployment.spec": [urns.role, urnOf("kubernetes:batch/v1:Job", "migrate")] },
        plus: [
          resource(
            "kubernetes:batch/v1:Job",
            "migrate",
            {
              metadata: { name: "migrate", namespace: "shop" },
              spec: {
                template: {
                  spec: { serviceAccountName: "api", containers: [{ name: "migrate", image: "migrate:1" }] },
                },
              },
            },
            { from: { spec: [urns.serviceAccount] } },
          ),
        ],
      }),
    },
    {
      name: "the pods are part of a chart, whose manifests name accounts by text",
      stack: wired({
        deployment: null,
        plus: [
          {
            ...resource("kubernetes:apps/v1:Deployment", "web", {
              metadata: { name: "web", namespace: "shop" },
              spec: {
                template: { spec: { serviceAccountName: "api", containers: [{ name: "web", image: "web:1" }] } },
              },
            }),
            urn: urnOf("kubernetes:helm.sh/v3:Chart$kubernetes:apps/v1:Deployment", "web"),
          },
        ],
      }),
    },
    {
      name: "the account is rendered by Helm",
      stack: wired({
        serviceAccount: null,
        edges: { "deployment.spec": [urns.role] },
        config: { expectServiceAccounts: [{ namespace: "shop", name: "api", role: "api-irsa" }] },
        plus: [resource("kubernetes:helm.sh/v3:Release", "api", { namespace: "shop", chart: "api" })],
      }),
    },
  ],
  unverified: none("Pulumi records every dependency, known value or not"),
});
