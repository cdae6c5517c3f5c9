import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties, Snapshot } from "../../../policy-pack/src/model/snapshot";
import { ROLE_ARN, UNKNOWN, wired, type Change } from "../../support/stack";
import type { Details } from "../../support/judgements";

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

const NO_GROUP = { securityContext: { runAsNonRoot: true, fsGroup: undefined } };
const OWN_TOKEN = {
  env: [
    { name: "AWS_ROLE_ARN", value: ROLE_ARN },
    { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/own/token" },
  ],
  volumeMounts: [{ name: "own", mountPath: "/own" }],
};
const tokens = (defaultMode: number) => ({
  name: "own",
  projected: {
    defaultMode,
    sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 3600, path: "token" } }],
  },
});
const CHINA = ["AWS_REGION", "AWS_DEFAULT_REGION"].map((name) => ({ name, value: "cn-north-1" }));

const CLI = { image: "amazon/aws-cli:2.15.0" };
const unlike = (region: string, defaultRegion = region) => [
  { name: "AWS_REGION", value: region },
  { name: "AWS_DEFAULT_REGION", value: defaultRegion },
];
/** The same stack in AWS China. */
function inChina(stack: Snapshot): Snapshot {
  const text = JSON.stringify(stack)
    .replaceAll("arn:aws:", "arn:aws-cn:")
    .replaceAll("eu-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn")
    .replaceAll("eu-west-1", "cn-north-1");
  return JSON.parse(text) as Snapshot;
}

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

    "of two volumes with the node's files, it mounts one": mounting(
      [NODE, { name: "run", hostPath: { path: "/run" } }],
      [MOUNT],
    ),
    "the name of the mount is not known, and the volume has none": mounting(
      [{ hostPath: { path: "/var/log" } }],
      [{ name: UNKNOWN, mountPath: "/node" }],
    ),
    "the name of the volume is not known, and the mount has none": mounting(
      [{ name: UNKNOWN, hostPath: { path: "/var/log" } }],
      [{ mountPath: "/node" }],
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

    "a file that only root reads, and two users": wired(
      spec({
        ...NO_GROUP,
        containers: [
          app({ ...OWN_TOKEN, securityContext: { runAsUser: 1000 } }),
          app({ name: "b", securityContext: { runAsUser: 2000 } }),
        ],
        volumes: [tokens(0o400)],
      }),
    ),
    "a file that everybody reads, and two users": wired(
      spec({
        ...NO_GROUP,
        containers: [
          app({ ...OWN_TOKEN, securityContext: { runAsUser: 1000 } }),
          app({ name: "b", securityContext: { runAsUser: 2000 } }),
        ],
        volumes: [tokens(0o444)],
      }),
    ),
    "a file that only root reads, and one user": wired(
      spec({
        ...NO_GROUP,
        containers: [app({ ...OWN_TOKEN, securityContext: { runAsUser: 1000 } })],
        volumes: [tokens(0o400)],
      }),
    ),
    "a file that only root reads, in an environment that is not known": wired(
      spec({
        ...NO_GROUP,
        containers: [
          app({ ...OWN_TOKEN, env: UNKNOWN, securityContext: { runAsUser: 1000 } }),
          app({ name: "b", securityContext: { runAsUser: 2000 } }),
        ],
        volumes: [tokens(0o400)],
      }),
    ),
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

    "one alone, in a container that the webhook is to pass by": wired({
      deployment: {
        spec: {
          template: {
            metadata: { annotations: { "eks.amazonaws.com/skip-containers": "tool" } },
            spec: {
              containers: [app(), app({ ...CLI, name: "tool", env: [{ name: "AWS_REGION", value: "eu-west-1" }] })],
            },
          },
        },
      },
    }),
    ...Object.fromEntries(
      ["go-v2@1.30.0", "boto3@1.34.0"].flatMap((declared) =>
        ["AWS_REGION", "AWS_DEFAULT_REGION"].map((name) => [
          `${name} alone, and ${declared}`,
          wired({
            deployment: {
              spec: {
                template: {
                  metadata: { annotations: { "eks-irsa.dev/sdk": declared } },
                  spec: { containers: [app({ ...CLI, env: [{ name, value: "eu-west-1" }] })] },
                },
              },
            },
          }),
        ]),
      ),
    ),
    "two unlike values": wired(spec({ containers: [app({ env: unlike("eu-west-1", "eu-west-2") })] })),
    "in China, one alone": inChina(wired(spec({ containers: [app({ env: unlike("cn-north-1").slice(0, 1) })] }))),
    "in China, neither": inChina(wired()),
    "in China, neither in two containers": inChina(wired(spec({ containers: [app(), app({ name: "b" })] }))),
    "in China, neither in an init container alone": inChina(
      wired(
        spec({
          initContainers: [app({ name: "init" })],
          containers: [app({ env: unlike("cn-north-1", "cn-north-1") })],
        }),
      ),
    ),
    "in China, a region of elsewhere": inChina(
      wired(spec({ containers: [app({ env: unlike("us-east-1", "us-east-1") })] })),
    ),
  },
};

export default details;
