import rule from "../../../policy-pack/src/rules/workload/workload-service-account-missing";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, urnOf, urns, wired } from "../../support/stack";

const anonymous = { spec: { template: { spec: { serviceAccountName: undefined } } } };
const at = { urn: urns.deployment, path: "spec.template.spec.serviceAccountName" };
const cronJob = (name: string, spec: { readonly [key: string]: string }, dependsOn: readonly string[] = []) =>
  resource(
    "kubernetes:batch/v1:CronJob",
    name,
    {
      metadata: { name, namespace: "shop" },
      spec: { jobTemplate: { spec: { template: { spec: { ...spec, containers: [{ name, image: "report:1" }] } } } } },
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
  ],
  valid: [
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
