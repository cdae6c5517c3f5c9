import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import { firstPreview, resource, ROLE_ARN, UNKNOWN, urns, wired, type Change } from "../../support/stack";
import type { Details } from "../../support/judgements";

const KEY = "eks.amazonaws.com/role-arn";
const image = "example.com/shop/api:1.4.2";
const spec = (more: Change) => ({ deployment: { spec: { template: { spec: more } } } });

/** Root. */
const AS_ROOT = { securityContext: { runAsNonRoot: undefined, runAsUser: 0 } };
const app = (more: Properties = {}) => ({ name: "api", image, ...more });
const rootOf = (...containers: readonly Value[]) => wired(spec({ ...AS_ROOT, containers }));
const mounting = (volumes: Value | undefined, volumeMounts: Value | undefined) =>
  wired(spec({ ...AS_ROOT, containers: [app(volumeMounts === undefined ? {} : { volumeMounts })], volumes }));
const NODE = { name: "node", hostPath: { path: "/var/log" } };
const MOUNT = { name: "node", mountPath: "/node" };
const asRoot = { securityContext: { runAsUser: 0 } };

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

const NO_GROUP = { securityContext: { runAsNonRoot: true, fsGroup: undefined } };
const CHINA = ["AWS_REGION", "AWS_DEFAULT_REGION"].map((name) => ({ name, value: "cn-north-1" }));

/** Rollouts. */
const NO_IDENTITY = { metadata: { annotations: undefined } };
const STACK = resource("pulumi:pulumi:StackReference", "platform", { name: "org/platform/dev" });
const after = { "deployment.metadata": [urns.serviceAccount] } as const;
const rollout = (more: Change, edges: readonly string[] = [urns.serviceAccount, urns.role]) =>
  wired({ deployment: more, edges: { ...after, "deployment.spec": edges } });
const pods = (template: Change) => ({ spec: { template } });

const details: Details = {
  "workload-root": {
    "the pod is on the network of the node": wired(spec({ ...AS_ROOT, hostNetwork: true })),
    "the pod is not on the network of the node": wired(spec({ ...AS_ROOT, hostNetwork: false })),
    "whether it is on the network of the node is not known": wired(spec({ ...AS_ROOT, hostNetwork: UNKNOWN })),
    "the pod's user is not known": wired(spec({ securityContext: { runAsNonRoot: undefined, runAsUser: UNKNOWN } })),
    "the containers are not known": wired(spec({ ...AS_ROOT, containers: UNKNOWN })),
    "the container has a user of its own": rootOf(app({ securityContext: { runAsUser: 1000 } })),
    "one of two containers has a user of its own": rootOf(
      app({ securityContext: { runAsUser: 1000 } }),
      app({ name: "b" }),
    ),
    "the container's user is not known": rootOf(app({ securityContext: { runAsUser: UNKNOWN } })),
    "the second container alone": wired(spec({ containers: [app(), app({ name: "b", ...asRoot })] })),
    "the second container alone, the first with a user": wired(
      spec({ containers: [app({ securityContext: { runAsUser: 1000 } }), app({ name: "b", ...asRoot })] }),
    ),
    "a container whose name is not known": wired(spec({ containers: [app({ name: UNKNOWN, ...asRoot })] })),
    "the only container mounts the node's files": mounting([NODE], [MOUNT]),
    "one container mounts the node's files, and another does not": wired(
      spec({ ...AS_ROOT, containers: [app({ volumeMounts: [MOUNT] }), app({ name: "b" })], volumes: [NODE] }),
    ),
    "it mounts, and there are no volumes": mounting(undefined, [MOUNT]),
    "there are the node's files, and it mounts nothing": mounting([NODE], undefined),
    "what it mounts is not known": mounting([NODE], UNKNOWN),
    "the volumes are not known": mounting(UNKNOWN, [MOUNT]),
    "neither is known": mounting(UNKNOWN, UNKNOWN),
    "it mounts another volume": mounting([NODE, { name: "tmp", emptyDir: {} }], [{ name: "tmp", mountPath: "/tmp" }]),
    "it mounts two volumes, one of them the node's": mounting(
      [{ name: "tmp", emptyDir: {} }, NODE],
      [{ name: "tmp", mountPath: "/tmp" }, MOUNT],
    ),
    "the name of the mount is not known": mounting([NODE], [{ name: UNKNOWN, mountPath: "/node" }]),
    "the name of the volume is not known": mounting([{ name: UNKNOWN, hostPath: { path: "/var/log" } }], [MOUNT]),
    "the mount has no name": mounting([NODE], [{ mountPath: "/node" }]),
    "the volume has no name": mounting([{ hostPath: { path: "/var/log" } }], [MOUNT]),
    "neither has a name": mounting([{ hostPath: { path: "/var/log" } }], [{ mountPath: "/node" }]),
    "the volume is not known": mounting([UNKNOWN], [MOUNT]),
    "the kind of the volume is not known": mounting([{ name: "node", hostPath: UNKNOWN }], [MOUNT]),
  },
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
  },
  "workload-token-unreadable": {
    ...Object.fromEntries(
      ["1.18", "1.19", "1.9", "1.33", "v1.18", "11.18", "0.18", "1.x", UNKNOWN].map((version) => [
        typeof version === "string" ? `version ${version}` : "a version that is not known",
        wired({ cluster: { version }, ...spec(NO_GROUP) }),
      ]),
    ),
    "an old version by the configuration, of a cluster of another stack": wired({
      cluster: null,
      ...spec(NO_GROUP),
      config: { kubernetesVersion: "1.18" },
    }),
    "an old version by the configuration, and a new one of the cluster": wired({
      ...spec(NO_GROUP),
      config: { kubernetesVersion: "1.18" },
    }),
    "an old version, and the user of the image": wired({
      cluster: { version: "1.18" },
      ...spec({ securityContext: { runAsNonRoot: undefined, fsGroup: undefined } }),
    }),
    "an old version, and root": wired({
      cluster: { version: "1.18" },
      ...spec({ securityContext: { runAsNonRoot: undefined, fsGroup: undefined, runAsUser: 0 } }),
    }),
    "an old version, and a user that is not known": wired({
      cluster: { version: "1.18" },
      ...spec({ securityContext: { runAsNonRoot: undefined, fsGroup: undefined, runAsUser: UNKNOWN } }),
    }),
    "an old version, and a user by number": wired({
      cluster: { version: "1.18" },
      ...spec({ securityContext: { runAsNonRoot: undefined, fsGroup: undefined, runAsUser: 1000 } }),
    }),
    "an old version, and pods of Windows": wired({
      cluster: { version: "1.18" },
      ...spec({ ...NO_GROUP, nodeSelector: { "kubernetes.io/os": "windows" } }),
    }),
    "an old version, and containers that are not known": wired({
      cluster: { version: "1.18" },
      ...spec({ ...NO_GROUP, containers: UNKNOWN }),
    }),
  },
  "workload-region-missing": {
    ...Object.fromEntries(
      ["AWS_REGION", "AWS_DEFAULT_REGION"].map((name) => [
        `${name} alone`,
        wired(spec({ containers: [app({ env: [{ name, value: "eu-west-1" }] })] })),
      ]),
    ),
    "one alone, and AWS's own tool": wired(
      spec({
        containers: [app({ image: "amazon/aws-cli:2.15.0", env: [{ name: "AWS_REGION", value: "eu-west-1" }] })],
      }),
    ),
    "a region of China": wired(spec({ containers: [app({ env: CHINA })] })),
    "a region of China in an init container": wired(
      spec({ initContainers: [app({ name: "init", env: CHINA })], containers: [app()] }),
    ),
    "a text that is no region": wired(
      spec({ containers: [app({ env: CHINA.map(({ name }) => ({ name, value: "europe" })) })] }),
    ),
    "an environment that is not known": wired(spec({ containers: [app({ env: UNKNOWN })] })),
    "the containers are not known": wired(spec({ containers: UNKNOWN })),
    "one alone, and more from a ConfigMap": wired(
      spec({
        containers: [
          app({ env: [{ name: "AWS_REGION", value: "eu-west-1" }], envFrom: [{ configMapRef: { name: "api" } }] }),
        ],
      }),
    ),
    "one alone, in two containers": wired(
      spec({
        containers: ["a", "b"].map((name) => app({ name, env: [{ name: "AWS_REGION", value: "eu-west-1" }] })),
      }),
    ),
  },
};

export default details;
