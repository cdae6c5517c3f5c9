import rule from "../../../policy-pack/src/rules/workload/workload-service-account-missing";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, urnOf, urns, wired } from "../../support/stack";

const anonymous = { spec: { template: { spec: { serviceAccountName: undefined } } } };
const at = { urn: urns.deployment, path: "spec.template.spec.serviceAccountName" };
const inAws = {
  spec: {
    template: {
      spec: {
        serviceAccountName: undefined,
        containers: [
          { name: "web", image: "example.com/shop/web:1.4.2", env: [{ name: "AWS_REGION", value: "eu-west-1" }] },
        ],
      },
    },
  },
};
const cronJob = (
  name: string,
  spec: { readonly [key: string]: string },
  dependsOn: readonly string[] = [],
  env: readonly Value[] = [],
) =>
  resource(
    "kubernetes:batch/v1:CronJob",
    name,
    {
      metadata: { name, namespace: "shop" },
      spec: {
        jobTemplate: { spec: { template: { spec: { ...spec, containers: [{ name, image: "report:1", env }] } } } },
      },
    },
    { dependsOn },
  );

export default cases(rule, {
  invalid: [
    {
      name: "a Deployment with the account's name names no account",
      covers: ["workload-sa-name-missing"],
      stack: wired({ deployment: anonymous, edges: { "deployment.spec": [urns.role] } }),
      finds: [
        {
          at,
          says: 'Deployment "shop/api" has the name of ServiceAccount "shop/api", which carries a role and is used by no pod here, but its pods run as ServiceAccount "default".',
          fix: 'Set serviceAccountName to "api".',
        },
      ],
    },
    {
      name: "a CronJob waits for the account at a first preview, and names none",
      covers: ["workload-sa-name-missing"],
      stack: firstPreview({ deployment: null, plus: [cronJob("report", {}, [urns.serviceAccount])] }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:batch/v1:CronJob", "report"),
            path: "spec.jobTemplate.spec.template.spec.serviceAccountName",
          },
          says: 'CronJob "shop/report" waits for ServiceAccount "shop/api", which carries a role and is used by no pod here, but its pods run as ServiceAccount "default".',
          fix: 'Set serviceAccountName to "api".',
        },
      ],
    },
    {
      name: "the name stands beside the pod template",
      covers: ["workload-sa-name-missing"],
      stack: wired({
        deployment: { metadata: { name: "web" }, spec: { serviceAccountName: "api", ...anonymous.spec } },
      }),
      finds: [
        {
          at,
          says: 'Deployment "shop/web" gives outside its pod template, where Kubernetes does not read it, the name of ServiceAccount "shop/api", which carries a role and is used by no pod here, but its pods run as ServiceAccount "default".',
          fix: 'Set serviceAccountName to "api".',
        },
      ],
    },
    {
      name: "the names differ only by what people add to them",
      covers: ["workload-sa-name-missing"],
      stack: wired({ deployment: { metadata: { name: "api-deployment" }, ...anonymous } }),
      finds: [
        {
          at,
          says: 'Deployment "shop/api-deployment" has nearly the name of ServiceAccount "shop/api", which carries a role and is used by no pod here, but its pods run as ServiceAccount "default".',
          fix: 'Set serviceAccountName to "api".',
        },
      ],
    },
    {
      name: "the only account of the namespace with a role, and pods that are told of AWS's region",
      covers: ["workload-sa-name-missing"],
      stack: wired({ deployment: { metadata: { name: "web" }, ...inAws }, edges: { "deployment.spec": [] } }),
      finds: [
        {
          at,
          says: 'Deployment "shop/web" sets up AWS, in the namespace of ServiceAccount "shop/api", which carries a role and is used by no pod here, but its pods run as ServiceAccount "default".',
          fix: 'Set serviceAccountName to "api".',
        },
      ],
    },
  ],
  valid: [
    {
      name: "an unlike name, and nothing that shows a need of AWS",
      stack: wired({ deployment: { metadata: { name: "web" }, ...anonymous }, edges: { "deployment.spec": [] } }),
    },
    {
      name: "pods that are told of AWS's region, beside those that use the account",
      stack: wired({ plus: [cronJob("report", {}, [], [{ name: "AWS_REGION", value: "eu-west-1" }])] }),
    },
    {
      name: "pods that are told of AWS's region, and keys of their own",
      stack: wired({
        deployment: null,
        plus: [
          cronJob(
            "report",
            {},
            [],
            [
              { name: "AWS_REGION", value: "eu-west-1" },
              { name: "AWS_ACCESS_KEY_ID", value: "(not kept)" },
              { name: "AWS_SECRET_ACCESS_KEY", value: "(not kept)" },
            ],
          ),
        ],
      }),
    },
    {
      name: "a second workload without an account, beside the one that uses it",
      stack: wired({ plus: [cronJob("report", {}, [urns.serviceAccount])] }),
    },
    {
      name: "a workload that needs no role, in another namespace",
      stack: wired({
        plus: [
          resource("kubernetes:apps/v1:Deployment", "web", {
            metadata: { name: "api", namespace: "web" },
            spec: { template: { spec: { containers: [{ name: "web", image: "web:1" }] } } },
          }),
        ],
      }),
    },
    {
      name: "the account is for a chart in the namespace",
      stack: wired({
        deployment: null,
        plus: [
          cronJob("report", {}, [urns.serviceAccount]),
          resource("kubernetes:helm.sh/v3:Release", "api", { namespace: "shop", chart: "api" }),
        ],
      }),
    },
    {
      name: "a Patch that leaves the account as it is",
      stack: wired({
        deployment: null,
        plus: [
          resource("kubernetes:apps/v1:DeploymentPatch", "api", {
            metadata: { name: "api", namespace: "shop" },
            spec: { template: { spec: { containers: [{ name: "api", image: "api:2" }] } } },
          }),
        ],
      }),
    },
  ],
  unverified: none("it judges only pods that say in so many words that they run as default"),
});
