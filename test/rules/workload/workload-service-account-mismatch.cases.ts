import rule from "../../../policy-pack/src/rules/workload/workload-service-account-mismatch";
import { cases } from "../../support/cases";
import { firstPreview, kubernetesProvider, resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const named = (serviceAccountName: string | undefined, more = {}) => ({
  spec: { template: { spec: { serviceAccountName, ...more } } },
});
const path = "spec.template.spec.serviceAccountName";
const at = { urn: urns.deployment, path };
const jobs = resource("kubernetes:core/v1:Namespace", "jobs", { metadata: { name: "jobs" } });
const release = resource("kubernetes:helm.sh/v3:Release", "shop", { namespace: "shop", chart: "shop" });
const account = (name: string, metadata = {}) =>
  resource("kubernetes:core/v1:ServiceAccount", name, { metadata: { name, namespace: "shop", ...metadata } });
const notDeclared = (name: string) =>
  `Deployment "shop/api" waits for ServiceAccount "shop/api", but names ServiceAccount "${name}", which nothing in this stack creates.`;

export default cases(rule, {
  invalid: [
    {
      name: "the workload waits for the account and names another",
      covers: ["workload-sa-name-mismatch"],
      stack: wired({ deployment: named("shop-service") }),
      finds: [{ at, says: notDeclared("shop-service"), fix: 'Set serviceAccountName to "api".' }],
    },
    {
      name: "a slip of the keyboard, with no dependency",
      covers: ["workload-sa-name-mismatch"],
      stack: wired({ deployment: named("apl"), edges: { "deployment.spec": [urns.role] } }),
      finds: [
        {
          at,
          says: 'Deployment "shop/api" names ServiceAccount "apl", which nothing in this stack creates. Did you mean "api"?',
          fix: 'Set serviceAccountName to "api".',
        },
      ],
    },
    {
      name: "the namespace is written before the name, where no account can have such a name",
      covers: ["workload-sa-name-mismatch"],
      stack: wired({ namespace: null, deployment: named("shop/api"), edges: { "deployment.spec": [urns.role] } }),
      finds: [
        {
          at,
          says: 'Deployment "shop/api" names ServiceAccount "shop/api", which nothing in this stack creates. Did you mean "api"?',
          fix: 'Set serviceAccountName to "api".',
        },
      ],
    },
    {
      name: "a chart in the namespace may make the other account",
      stack: wired({ deployment: named("apl"), plus: [release] }),
      finds: [{ at, says: notDeclared("apl"), fix: 'Set serviceAccountName to "api".', level: "advisory" }],
    },
    {
      name: "the workload forgot the namespace of its account",
      covers: ["workload-sa-namespace-mismatch"],
      stack: wired({ deployment: { metadata: { namespace: undefined } } }),
      finds: [
        {
          at,
          says: 'Deployment "default/api" runs in namespace "default", but its account is ServiceAccount "shop/api", which is in "shop"; a pod can only use an account of its own namespace.',
          fix: 'Set metadata.namespace of Deployment "default/api" to "shop", or create the account in "default" and let its role trust "system:serviceaccount:default:api".',
        },
      ],
    },
    {
      name: "the namespaces differ at the first preview, when the name is unknown",
      covers: ["workload-sa-namespace-mismatch"],
      stack: firstPreview({ deployment: { metadata: { namespace: "jobs" } }, plus: [jobs] }),
      finds: [
        {
          at,
          says: 'Deployment "jobs/api" runs in namespace "jobs", but its account is ServiceAccount "shop/api", which is in "shop"; a pod can only use an account of its own namespace.',
          fix: 'Set metadata.namespace of Deployment "jobs/api" to "shop", or create the account in "jobs" and let its role trust "system:serviceaccount:jobs:api".',
        },
      ],
    },
    {
      name: "the deprecated property names the account, the other one another",
      covers: ["workload-sa-alias-conflict"],
      stack: wired({ deployment: named("worker", { serviceAccount: "api" }) }),
      finds: [
        {
          at,
          says: 'Deployment "shop/api" runs as ServiceAccount "worker" of "serviceAccountName", not as ServiceAccount "shop/api" of the deprecated "serviceAccount", which carries the role.',
          fix: 'Set serviceAccountName to "api" and remove serviceAccount.',
        },
      ],
    },
    {
      name: "the deprecated property names another account, which is ignored",
      covers: ["workload-sa-alias-conflict"],
      stack: wired({ deployment: named("api", { serviceAccount: "old" }) }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.serviceAccount" },
          says: 'Deployment "shop/api" names ServiceAccount "api" in "serviceAccountName" and "old" in the deprecated "serviceAccount", which Kubernetes then ignores.',
          fix: 'Remove "serviceAccount"; "serviceAccountName: api" is enough.',
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    {
      name: "another account of this stack",
      stack: wired({ deployment: named("worker"), plus: [account("worker")] }),
    },
    {
      name: "an account that the configuration knows to exist elsewhere",
      stack: wired({ deployment: named("worker"), config: { serviceAccounts: ["shop/worker"] } }),
    },
    {
      name: "a similar name in a namespace of another stack, where the account with the role has its own pods",
      stack: wired({
        namespace: null,
        plus: [
          resource("kubernetes:apps/v1:Deployment", "blue", {
            metadata: { name: "blue", namespace: "shop" },
            spec: {
              template: { spec: { serviceAccountName: "api2", containers: [{ name: "blue", image: "blue:1" }] } },
            },
          }),
        ],
      }),
    },
    {
      name: "the deprecated property alone",
      stack: wired({ deployment: named(undefined, { serviceAccount: "api" }) }),
    },
    { name: "both properties, the same", stack: wired({ deployment: named("api", { serviceAccount: "api" }) }) },
    {
      name: "an account of the same name on another cluster",
      stack: wired({
        deployment: { metadata: { namespace: "jobs" } },
        edges: { "deployment.spec": [urns.role] },
        plus: [
          jobs,
          resource(
            "kubernetes:core/v1:ServiceAccount",
            "jobs",
            { metadata: { name: "api", namespace: "jobs" } },
            { provider: kubernetesProvider("shop") },
          ),
        ],
      }),
    },
  ],
  unverified: [
    {
      name: "a template that is unknown as a whole, in another namespace than the account that it came from",
      stack: wired({ deployment: { metadata: { namespace: "ops" }, spec: { template: UNKNOWN } } }),
      waits: ['the account that Deployment "ops/api" runs as'],
    },
    {
      name: "the name may come from either of two accounts",
      stack: firstPreview({
        edges: { "deployment.spec": [urns.serviceAccount, urnOf("kubernetes:core/v1:ServiceAccount", "worker")] },
        plus: [account("worker", { annotations: { "eks.amazonaws.com/role-arn": `${ROLE_ARN}-worker` } })],
        deployment: named(UNKNOWN as never),
      }),
      waits: ['the account that Deployment "shop/api" runs as'],
    },
  ],
});
