import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import { firstPreview, resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired, type Change } from "../../support/stack";
import { otherCluster } from "../trust-policy/support";
import type { Details } from "../../support/judgements";

const KEY = "eks.amazonaws.com/role-arn";
const image = "example.com/shop/api:1.4.2";
const app = (more: Properties = {}) => ({ name: "api", image, ...more });

/** Accounts that no pod names. */
const unnamed = (more: Change = {}) => ({
  deployment: { spec: { template: { spec: { serviceAccountName: undefined, ...more } } } },
});
const account = (name: Value, namespace: Value = "shop") =>
  resource(
    "kubernetes:core/v1:ServiceAccount",
    "second",
    { metadata: { name, namespace, annotations: { [KEY]: ROLE_ARN } } },
    { from: { metadata: [urns.role] } },
  );
const unlike = { metadata: { name: "worker" } };
const other = (env: Value | undefined, more: Properties = {}, edges: readonly string[] = []) =>
  wired({
    deployment: {
      ...unlike,
      spec: {
        template: {
          spec: {
            serviceAccountName: undefined,
            containers: [app({ ...(env === undefined ? {} : { env }), ...more })],
          },
        },
      },
    },
    edges: { "deployment.spec": edges },
  });
const named = (accountName: Value, workload: Value, plus: readonly ReturnType<typeof account>[] = []) =>
  wired({
    serviceAccount: { metadata: { name: accountName } },
    deployment: { metadata: { name: workload }, spec: { template: { spec: { serviceAccountName: undefined } } } },
    edges: { "deployment.spec": [] },
    plus,
  });

/** Rollouts. */
const NO_IDENTITY = { metadata: { annotations: undefined } };
const STACK = resource("pulumi:pulumi:StackReference", "platform", { name: "org/platform/dev" });
const after = { "deployment.metadata": [urns.serviceAccount] } as const;
const rollout = (more: Change, edges: readonly string[] = [urns.serviceAccount, urns.role]) =>
  wired({ deployment: more, edges: { ...after, "deployment.spec": edges } });
const pods = (template: Change) => ({ spec: { template } });

/** An account that an IrsaBinding made, and pods whose template came from the resources of these types. */
function bindingMade(types: readonly string[]) {
  const binding = resource("eks-irsa:index:IrsaBinding", "api", { namespace: "shop", serviceAccountName: "api" });
  const stack = wired({
    edges: { ...after, "deployment.spec": types.map((type) => urnOf(type, "api")) },
    plus: [binding],
  });
  const resources = stack.resources.map((each) =>
    each.urn === urns.serviceAccount || each.urn === urns.role ? { ...each, parent: binding.urn } : each,
  );
  return { ...stack, resources };
}

const details: Details = {
  "workload-service-account-missing": {
    "an account with an affix before": named("sa-api", "api"),
    "an account with an affix of another kind": named("irsa-api", "api"),
    "an affix within the name": named("visa-api", "vapi"),
    "an affix of two words": named("api-service-account", "api-deployment"),
    "an affix within the account's name": named("api-sa-x", "api-x"),
    "stems of one letter": named("a-sa", "a-app"),
    "stems of two letters": named("ab-sa", "ab-app"),
    "the name of the account is not known": named(UNKNOWN, "api"),
    "the name of the workload is not known": named("api-sa", UNKNOWN),
    "two accounts of the family": named("api-sa", "api", [account("api-irsa")]),
    "an account of the family in another namespace": named("api-sa", "api", [account("api-irsa", "lab")]),
    "the namespace of the account is not known": wired({
      serviceAccount: { metadata: { namespace: UNKNOWN } },
      ...unnamed(),
      edges: { "deployment.spec": [] },
    }),
    "a region, by the first of two names": other([{ name: "AWS_REGION", value: "eu-west-1" }]),
    "a region, by the second of two names": other([{ name: "AWS_DEFAULT_REGION", value: "eu-west-1" }]),
    ...Object.fromEntries(
      ["AWS_ACCESS_KEY_ID", "AWS_ROLE_ARN", "AWS_ENDPOINT_URL", "AWS_PROFILE"].map((name) => [
        `a region, and ${name}`,
        other([
          { name: "AWS_REGION", value: "eu-west-1" },
          { name, value: "x" },
        ]),
      ]),
    ),
    "another variable": other([{ name: "LOG_LEVEL", value: "debug" }]),
    "variables that are not known": other(UNKNOWN),
    "AWS's own tool": other(undefined, { image: "amazon/aws-cli:2.15.0" }),
    "an image that is not known": other(undefined, { image: UNKNOWN }),
    "an image of nobody": other(undefined),
    "the containers are not known": wired({
      deployment: { ...unlike, spec: { template: { spec: { serviceAccountName: undefined, containers: UNKNOWN } } } },
      edges: { "deployment.spec": [] },
    }),
    "the second of two containers": wired({
      deployment: {
        ...unlike,
        spec: {
          template: {
            spec: {
              serviceAccountName: undefined,
              containers: [app(), app({ name: "b", env: [{ name: "AWS_REGION", value: "eu-west-1" }] })],
            },
          },
        },
      },
      edges: { "deployment.spec": [] },
    }),
    "a region, and two accounts": wired({
      deployment: {
        ...unlike,
        spec: {
          template: {
            spec: {
              serviceAccountName: undefined,
              containers: [app({ env: [{ name: "AWS_REGION", value: "eu-west-1" }] })],
            },
          },
        },
      },
      edges: { "deployment.spec": [] },
      plus: [account("dns")],
    }),
    "it waits for the account": other(undefined, {}, [urns.serviceAccount]),
    "it waits for both of two accounts": wired({
      deployment: { ...unlike, spec: { template: { spec: { serviceAccountName: undefined } } } },
      edges: { "deployment.spec": [urns.serviceAccount, account("dns").urn] },
      plus: [account("dns")],
    }),
    "it names default": wired({ ...unnamed({ serviceAccountName: "default" }), edges: { "deployment.spec": [] } }),
    "which account it names is not known": wired({
      ...unnamed({ serviceAccountName: UNKNOWN }),
      edges: { "deployment.spec": [] },
    }),
    "the configuration expects the account": wired({
      ...unnamed(),
      serviceAccount: null,
      config: { serviceAccounts: ["shop/api"] },
    }),
    "the account's name is not known yet, and the workload waits for it": firstPreview({
      serviceAccount: { metadata: { name: undefined } },
      deployment: { spec: { template: { spec: { serviceAccountName: "default" } } } },
    }),

    "the name of its account stands outside the pod template, and the account's is not known": wired({
      serviceAccount: { metadata: { name: UNKNOWN } },
      deployment: { ...unlike, spec: { template: { spec: { serviceAccountName: undefined } } } },
      edges: { "deployment.spec": [urns.serviceAccount] },
    }),
    "default carries a role itself": wired({
      ...unnamed(),
      edges: { "deployment.spec": [] },
      plus: [account("default")],
    }),
    "default is declared, without a role": wired({
      ...unnamed(),
      edges: { "deployment.spec": [] },
      plus: [
        resource("kubernetes:core/v1:ServiceAccount", "second", { metadata: { name: "default", namespace: "shop" } }),
      ],
    }),
    "the role stands on the pods": wired({
      deployment: {
        spec: { template: { metadata: { annotations: { [KEY]: ROLE_ARN } }, spec: { serviceAccountName: undefined } } },
      },
      edges: { "deployment.spec": [] },
    }),
    "the role stands on other pods": wired({
      ...unnamed(),
      edges: { "deployment.spec": [] },
      plus: [
        resource("kubernetes:core/v1:Pod", "web", {
          metadata: { name: "web", namespace: "shop", annotations: { [KEY]: ROLE_ARN } },
          spec: { containers: [app()] },
        }),
      ],
    }),
    "the account is a Patch": wired({
      serviceAccount: null,
      ...unnamed(),
      edges: { "deployment.spec": [] },
      plus: [
        resource("kubernetes:core/v1:ServiceAccountPatch", "api", {
          metadata: { name: "api", namespace: "shop", annotations: { [KEY]: ROLE_ARN } },
        }),
      ],
    }),
    "the account is on another cluster": wired({
      serviceAccount: null,
      ...unnamed(),
      edges: { "deployment.spec": [] },
      plus: otherCluster("known"),
    }),
    "the account is on a cluster that is not known": wired({
      ...unnamed(),
      edges: { "deployment.spec": [], "kubernetes.kubeconfig": [] },
      kubernetes: { kubeconfig: "{}" },
    }),
  },
  "workload-rollout": {
    "no identity, and edges to the role": rollout(pods(NO_IDENTITY)),
    "no identity, and no edges": rollout(pods(NO_IDENTITY), []),
    "no identity, and an edge to the account": rollout(pods(NO_IDENTITY), [urns.serviceAccount]),
    "an identity, and no edges": rollout({}, []),
    "an identity, and an edge to the account": rollout({}, [urns.serviceAccount]),
    "an identity that is not known": rollout(
      pods({ metadata: { annotations: { "eks-irsa.dev/identity": UNKNOWN } } }),
      [],
    ),
    "an annotation of another kind": rollout(
      pods({ metadata: { annotations: { "eks-irsa.dev/identity": undefined, "example.com/x": "1" } } }),
      [urns.serviceAccount],
    ),
    "the annotations are not known": rollout(pods({ metadata: { annotations: UNKNOWN } }), [urns.serviceAccount]),
    "pods are replaced by hand": rollout({ spec: { strategy: { type: "OnDelete" } } }),
    "the strategy is not known": rollout({ spec: { strategy: { type: UNKNOWN } } }),
    "a strategy of another name": rollout({ spec: { strategy: { type: "Recreate" } } }),
    "the role is made elsewhere, and an identity is literal": wired({
      role: null,
      attachment: null,
      serviceAccount: { metadata: { annotations: { [KEY]: "arn:aws:iam::444455556666:role/dns" } } },
      edges: { ...after, "deployment.spec": [] },
    }),
    "an identity from another stack": wired({
      edges: { ...after, "deployment.spec": [STACK.urn] },
      plus: [STACK],
    }),
    "an identity from the namespace": rollout({}, [urns.namespace]),
    "an identity from role and namespace": rollout({}, [urns.namespace, urns.role]),
    "the pods are not even created after the account": wired({ edges: { "deployment.spec": [] } }),
    "the role is not known, and an identity is literal": wired({
      serviceAccount: { metadata: { annotations: { [KEY]: UNKNOWN } } },
      edges: { ...after, "serviceAccount.metadata": [], "deployment.spec": [] },
    }),
    ...Object.fromEntries(
      ["StatefulSet", "DaemonSet"].flatMap((kind) =>
        ["OnDelete", "RollingUpdate", UNKNOWN].map((type) => [
          `a ${kind}, ${typeof type === "string" ? type : "of a strategy that is not known"}`,
          wired({
            deployment: null,
            plus: [
              resource(
                `kubernetes:apps/v1:${kind}`,
                "api",
                {
                  metadata: { name: "api", namespace: "shop" },
                  spec: {
                    updateStrategy: { type },
                    selector: { matchLabels: { app: "api" } },
                    template: {
                      metadata: { labels: { app: "api" }, annotations: { "eks-irsa.dev/identity": "5f1d" } },
                      spec: { serviceAccountName: "api", containers: [app()] },
                    },
                  },
                },
                { from: { spec: [urns.serviceAccount, urns.role] } },
              ),
            ],
          }),
        ]),
      ),
    ),
    ...Object.fromEntries(
      ["Job", "CronJob", "JobPatch", "CronJobPatch", "DeploymentPatch"].map((kind) => {
        const podSpec = { serviceAccountName: "api", containers: [app()], restartPolicy: "Never" };
        const job = { template: { metadata: { labels: { app: "api" } }, spec: podSpec } };
        const group = kind.startsWith("Deployment") ? "apps" : "batch";
        return [
          `a ${kind}, after the account`,
          wired({
            deployment: null,
            plus: [
              resource(
                `kubernetes:${group}/v1:${kind}`,
                "api",
                {
                  metadata: { name: "api", namespace: "shop" },
                  spec: kind.startsWith("Cron") ? { schedule: "0 * * * *", jobTemplate: { spec: job } } : job,
                },
                { dependsOn: [urns.serviceAccount] },
              ),
            ],
          }),
        ];
      }),
    ),

    "an annotation of another kind, and no edges": rollout(
      pods({ metadata: { annotations: { "eks-irsa.dev/identity": undefined, "example.com/x": "1" } } }),
      [],
    ),
    "an identity from an IrsaBinding that made the account": bindingMade(["eks-irsa:index:IrsaBinding"]),
    "an identity that is literal, of an account that an IrsaBinding made": bindingMade([]),
    "a DaemonSetPatch, OnDelete": wired({
      deployment: null,
      plus: [
        resource(
          "kubernetes:apps/v1:DaemonSetPatch",
          "api",
          {
            metadata: { name: "api", namespace: "shop" },
            spec: { updateStrategy: { type: "OnDelete" }, template: { spec: { serviceAccountName: "api" } } },
          },
          { dependsOn: [urns.serviceAccount] },
        ),
      ],
    }),
    ...Object.fromEntries(
      ["Job", "CronJob", "StatefulSet"].map((kind) => {
        const annotations = { "eks-irsa.dev/identity": "5f1d" };
        const job = {
          template: { metadata: { annotations }, spec: { serviceAccountName: "api", containers: [app()] } },
        };
        return [
          `a ${kind} with an identity that is literal`,
          wired({
            deployment: null,
            plus: [
              resource(
                `kubernetes:${kind === "StatefulSet" ? "apps" : "batch"}/v1:${kind}`,
                "api",
                {
                  metadata: { name: "api", namespace: "shop" },
                  spec: kind === "CronJob" ? { schedule: "0 * * * *", jobTemplate: { spec: job } } : job,
                },
                { dependsOn: [urns.serviceAccount] },
              ),
            ],
          }),
        ];
      }),
    ),
  },
};

export default details;
