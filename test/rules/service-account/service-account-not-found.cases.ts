import rule from "../../../policy-pack/src/rules/service-account/service-account-not-found";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const plain = { metadata: { annotations: { "eks.amazonaws.com/role-arn": null } } };
const named = (serviceAccountName: string) => ({ spec: { template: { spec: { serviceAccountName } } } });
const cronJob = resource("kubernetes:batch/v1:CronJob", "report", {
  metadata: { name: "report", namespace: "shop" },
  spec: {
    schedule: "0 6 * * *",
    jobTemplate: {
      spec: {
        template: {
          spec: { serviceAccountName: "report", containers: [{ name: "report", image: "example.com/report:1.0.0" }] },
        },
      },
    },
  },
});
const release = resource("kubernetes:helm.sh/v3:Release", "api", { chart: "api", namespace: "shop" });

export default cases(rule, {
  invalid: [
    {
      name: "nobody creates the account, and the namespace is made here",
      covers: ["service-account-missing"],
      stack: wired({ serviceAccount: null }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.serviceAccountName" },
          says: 'Deployment "shop/api" names ServiceAccount "api", which this stack does not create in namespace "shop", where it creates everything else.',
          fix: 'Create it, with the annotation "eks.amazonaws.com/role-arn" if it is to have a role: new kubernetes.core.v1.ServiceAccount("api", { metadata: { name: "api", namespace: "shop" } }). If another stack or a controller makes it, list "shop/api" under serviceAccounts in the configuration of irsa-context.',
        },
      ],
    },
    {
      name: "at the first preview, the namespace taken from its resource",
      stack: firstPreview({
        serviceAccount: null,
        deployment: { metadata: { namespace: UNKNOWN }, ...named("api") },
        edges: { "deployment.metadata": [urns.namespace], "deployment.spec": [] },
      }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.serviceAccountName" },
          says: 'Deployment "api" names ServiceAccount "api", which this stack does not create in namespace "shop", where it creates everything else.',
          fix: 'Create it, with the annotation "eks.amazonaws.com/role-arn" if it is to have a role: new kubernetes.core.v1.ServiceAccount("api", { metadata: { name: "api", namespace: "shop" } }). If another stack or a controller makes it, list "shop/api" under serviceAccounts in the configuration of irsa-context.',
        },
      ],
    },
    {
      name: "a CronJob names an account of its own that was forgotten",
      stack: wired({ plus: [cronJob] }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:batch/v1:CronJob", "report"),
            path: "spec.jobTemplate.spec.template.spec.serviceAccountName",
          },
          says: 'CronJob "shop/report" names ServiceAccount "report", which this stack does not create in namespace "shop", where it creates everything else.',
          fix: 'Create it, with the annotation "eks.amazonaws.com/role-arn" if it is to have a role: new kubernetes.core.v1.ServiceAccount("report", { metadata: { name: "report", namespace: "shop" } }). If another stack or a controller makes it, list "shop/report" under serviceAccounts in the configuration of irsa-context.',
        },
      ],
    },
    {
      name: "an account without a role is named nearly so; the namespace is not made here",
      stack: wired({ role: null, attachment: null, namespace: null, serviceAccount: plain, deployment: named("apii") }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.serviceAccountName" },
          says: 'Deployment "shop/api" names ServiceAccount "apii", which this stack does not create in namespace "shop". Did you mean "api"?',
          fix: 'Set serviceAccountName to "api".',
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    {
      name: "the namespace is made elsewhere, and so may be the account",
      stack: wired({ serviceAccount: null, namespace: null }),
    },
    { name: "a chart in the namespace may render it", stack: wired({ serviceAccount: null, plus: [release] }) },
    {
      name: "the configuration says that it exists",
      stack: wired({ serviceAccount: null, config: { serviceAccounts: ["shop/api"] } }),
    },
    { name: "default is in every namespace", stack: wired({ serviceAccount: null, deployment: named("default") }) },
    {
      name: "a Patch of somebody else's Deployment",
      stack: wired({
        serviceAccount: null,
        deployment: null,
        plus: [
          resource("kubernetes:apps/v1:DeploymentPatch", "coredns", {
            metadata: { name: "coredns", namespace: "shop" },
            spec: { template: { spec: { serviceAccountName: "coredns" } } },
          }),
        ],
      }),
    },
  ],
  unverified: none(
    "an account that may be made elsewhere or under a name not known yet is nothing to report; where a role hangs on it, workload-service-account-mismatch waits",
  ),
});
