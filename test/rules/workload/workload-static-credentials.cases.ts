import rule from "../../../policy-pack/src/rules/workload/workload-static-credentials";
import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import { cases } from "../../support/cases";
import { firstPreview, resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const spec = (container: { readonly [key: string]: Value }, more: { readonly [key: string]: Value } = {}) => ({
  spec: {
    template: { spec: { containers: [{ name: "api", image: "example.com/shop/api:1.4.2", ...container }], ...more } },
  },
});
const env = (...names: string[]) => spec({ env: names.map((name) => ({ name, value: "(not kept)" })) });
const at = (path: string) => ({ urn: urns.deployment, path: `spec.template.spec.containers[0].${path}` });
const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
const says = (names: string) =>
  `Container "api" of Deployment "shop/api" sets ${names}, which the AWS SDKs take before the web identity of role "api-irsa".`;
const both = '"AWS_ACCESS_KEY_ID" and "AWS_SECRET_ACCESS_KEY"';
const fix = `Remove ${both} from the container, and delete the keys in IAM if nothing else uses them.`;
const secret = (data: { readonly [key: string]: Value } | typeof UNKNOWN, namespace: Value = "shop") =>
  resource("kubernetes:core/v1:Secret", "aws", { metadata: { name: "aws", namespace }, stringData: data });

type Steps = readonly (string | number)[];
const pathOf = (steps: Steps) => steps.join(".").replace(/\.(\d+)/g, "[$1]");
/** A workload of any kind, with its pod template at `steps`. */
const ofKind = (type: string, steps: Steps, metadata: Value = { name: "web", namespace: "shop" }) => {
  const container = { name: "web", image: "web:1", env: keys.map((name) => ({ name, value: "(not kept)" })) };
  const pod: Value = { spec: { serviceAccountName: "api", containers: [container] } };
  const isList = steps[0] === "items";
  const whole = [...steps].slice(isList ? 2 : 0).reduceRight<Value>((inner, step) => ({ [step]: inner }), pod);
  const object = { metadata, ...(whole as { readonly [key: string]: Value }) };
  const inputs = isList ? { items: [object] } : object;
  return resource(`kubernetes:${type}`, "web", inputs, { dependsOn: [urns.serviceAccount] });
};

const ROLE = { annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } };
/** A Helm release in place of the program's own account and pods. */
const charted = (values: Properties) =>
  wired({
    serviceAccount: null,
    deployment: null,
    plus: [
      resource(
        "kubernetes:helm.sh/v3:Release",
        "api",
        { chart: "shop-api", name: "api", namespace: "shop", values },
        { from: { values: [urns.role] } },
      ),
    ],
  });
const variables = keys.map((name) => ({ name, value: "(a key)" }));
const ofChart = (path: string, account: string) => ({
  at: { urn: urnOf("kubernetes:helm.sh/v3:Release", "api"), path },
  says: `Release "api" gives its pods AWS keys in ${path}, which the AWS SDKs take before the role of ${account}.`,
  fix: `Remove ${both} from ${path}, and delete the keys in IAM if nothing else uses them.`,
  level: "advisory" as const,
});

export default cases(rule, {
  invalid: [
    {
      name: "keys in the values of a chart, beside the account that the values give a role",
      stack: charted({ serviceAccount: { name: "api", ...ROLE }, extraEnv: variables }),
      finds: [ofChart("values.extraEnv", "values.serviceAccount")],
    },
    {
      name: "keys in the values of one part of a chart, as a map",
      stack: charted({
        controller: {
          serviceAccount: { name: "api", ...ROLE },
          env: {
            AWS_ACCESS_KEY_ID: "(a key)",
            AWS_SECRET_ACCESS_KEY: { secretKeyRef: { name: "aws", key: "secret" } },
          },
        },
      }),
      finds: [ofChart("values.controller.env", "values.controller.serviceAccount")],
    },
    {
      name: "keys as literals",
      covers: ["workload-env-static-keys"],
      stack: wired({ deployment: env(...keys) }),
      finds: [{ at: at("env[0]"), says: says(both), fix }],
    },
    {
      name: "keys from a Secret, at the first preview",
      covers: ["workload-env-static-keys"],
      stack: firstPreview({
        deployment: spec({
          env: keys.map((name) => ({ name, valueFrom: { secretKeyRef: { name: "aws", key: name } } })),
        }),
      }),
      finds: [{ at: at("env[0]"), says: says(both), fix }],
    },
    {
      name: "all keys of a Secret of this stack",
      covers: ["workload-envfrom-static-keys"],
      stack: wired({
        deployment: spec({ envFrom: [{ secretRef: { name: "aws" }, prefix: "AWS_" }] }),
        plus: [secret({ ACCESS_KEY_ID: "", SECRET_ACCESS_KEY: "" })],
      }),
      finds: [{ at: at("envFrom[0]"), says: says(both), fix }],
    },
    {
      name: "keys in one of two containers, of which the other may be the one for the role",
      stack: wired({
        deployment: {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: "api", image: "example.com/shop/api:1.4.2" },
                  { name: "backup", image: "backup:1", env: keys.map((name) => ({ name, value: "(not kept)" })) },
                ],
              },
            },
          },
        },
      }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.containers[1].env[0]" },
          says: `Container "backup" of Deployment "shop/api" sets ${both}, which the AWS SDKs take before the web identity of role "api-irsa".`,
          fix,
          level: "advisory",
        },
      ],
    },
    {
      name: "one half of the keys",
      covers: ["workload-env-static-keys"],
      stack: wired({ deployment: env("AWS_ACCESS_KEY_ID") }),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_ACCESS_KEY_ID" without its other half, beside the web identity of role "api-irsa".',
          fix: 'Remove "AWS_ACCESS_KEY_ID" from the container.',
          level: "advisory",
        },
      ],
    },
    {
      name: "a profile",
      covers: ["workload-env-profile"],
      stack: wired({ deployment: spec({ env: [{ name: "AWS_PROFILE", value: "shop" }] }) }),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_PROFILE", and a profile may come before the web identity of role "api-irsa".',
          fix: 'Remove "AWS_PROFILE" from the container.',
          level: "advisory",
        },
      ],
    },
    {
      name: "a Secret mounted as the AWS directory",
      covers: ["workload-shared-credentials-mounted"],
      stack: wired({
        deployment: spec(
          { volumeMounts: [{ name: "aws", mountPath: "/root/.aws" }] },
          { volumes: [{ name: "aws", secret: { secretName: "aws" } }] },
        ),
      }),
      finds: [
        {
          at: at("volumeMounts[0]"),
          says: 'Container "api" of Deployment "shop/api" gets a credentials file ("/root/.aws") beside the web identity of role "api-irsa".',
          fix: "Remove the file from the container, so that only the role is left.",
          level: "advisory",
        },
      ],
    },
    {
      name: "a credentials file by variable",
      covers: ["workload-shared-credentials-mounted"],
      stack: wired({
        deployment: spec({ env: [{ name: "AWS_SHARED_CREDENTIALS_FILE", value: "/etc/aws/credentials" }] }),
      }),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" gets a credentials file ("AWS_SHARED_CREDENTIALS_FILE") beside the web identity of role "api-irsa".',
          fix: "Remove the file from the container, so that only the role is left.",
          level: "advisory",
        },
      ],
    },
    {
      name: "container credentials by hand",
      covers: ["workload-env-container-credentials"],
      stack: wired({
        deployment: spec({
          env: [{ name: "AWS_CONTAINER_CREDENTIALS_FULL_URI", value: "http://127.0.0.1:8080/creds" }],
        }),
      }),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_CONTAINER_CREDENTIALS_FULL_URI", which is for Amazon ECS and EKS Pod Identity, beside the web identity of role "api-irsa".',
          fix: 'Remove "AWS_CONTAINER_CREDENTIALS_FULL_URI" from the container.',
          level: "advisory",
        },
      ],
    },
    ...(
      [
        ["apps/v1:StatefulSet", "StatefulSet", ["spec", "template"]],
        ["apps/v1:DaemonSet", "DaemonSet", ["spec", "template"]],
        ["apps/v1:ReplicaSet", "ReplicaSet", ["spec", "template"]],
        ["core/v1:ReplicationController", "ReplicationController", ["spec", "template"]],
        ["batch/v1:Job", "Job", ["spec", "template"]],
        ["batch/v1:CronJob", "CronJob", ["spec", "jobTemplate", "spec", "template"]],
        ["batch/v1beta1:CronJob", "CronJob", ["spec", "jobTemplate", "spec", "template"]],
        ["extensions/v1beta1:Deployment", "Deployment", ["spec", "template"]],
        ["core/v1:PodTemplate", "PodTemplate", ["template"]],
        ["apps/v1:DeploymentList", "Deployment", ["items", 0, "spec", "template"]],
        ["batch/v1:CronJobList", "CronJob", ["items", 0, "spec", "jobTemplate", "spec", "template"]],
      ] as const
    ).map(([type, kind, steps]) => ({
      name: `keys in ${type}`,
      stack: wired({ plus: [ofKind(type, steps)] }),
      finds: [
        {
          at: { urn: urnOf(`kubernetes:${type}`, "web"), path: `${pathOf(steps)}.spec.containers[0].env[0]` },
          says: `Container "web" of ${kind} "shop/web" sets ${both}, which the AWS SDKs take before the web identity of role "api-irsa".`,
          fix,
        },
      ],
    })),
    {
      name: "keys in a Patch, whose object may have other containers",
      stack: wired({ plus: [ofKind("apps/v1:DeploymentPatch", ["spec", "template"])] }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:apps/v1:DeploymentPatch", "web"),
            path: "spec.template.spec.containers[0].env[0]",
          },
          says: `Container "web" of Deployment "shop/web" sets ${both}, which the AWS SDKs take before the web identity of role "api-irsa".`,
          fix,
          level: "advisory" as const,
        },
      ],
    },
  ],
  valid: [
    {
      name: "keys in the values of another part of the chart than the account with the role",
      stack: charted({ serviceAccount: { name: "api", ...ROLE }, backup: { env: variables } }),
    },
    {
      name: "keys in the values of a chart for a service that speaks like S3, with its endpoint",
      stack: charted({
        serviceAccount: { name: "api", ...ROLE },
        env: [...variables, { name: "S3_ENDPOINT", value: "https://minio.shop" }],
      }),
    },
    {
      name: "the values of a chart set the keys to nothing",
      stack: charted({ serviceAccount: { name: "api", ...ROLE }, env: keys.map((name) => ({ name, value: "" })) }),
    },
    {
      name: "a chart with keys whose account has no role",
      stack: wired({
        plus: [
          resource("kubernetes:helm.sh/v3:Release", "web", {
            chart: "web",
            namespace: "web",
            values: { serviceAccount: { create: true }, env: variables },
          }),
        ],
      }),
    },
    {
      name: "keys in pods that may live in another namespace than the account",
      stack: wired({
        plus: [ofKind("apps/v1:StatefulSet", ["spec", "template"], { name: "web", namespace: UNKNOWN })],
      }),
    },
    {
      name: "a Secret of a namespace that is not known yet",
      stack: wired({
        deployment: spec({ envFrom: [{ secretRef: { name: "aws" }, prefix: "AWS_" }] }),
        plus: [secret({ ACCESS_KEY_ID: "", SECRET_ACCESS_KEY: "" }, UNKNOWN)],
      }),
    },
    {
      name: "empty keys, to be sure that there are none",
      stack: wired({ deployment: spec({ env: keys.map((name) => ({ name, value: "" })) }) }),
    },
    {
      name: "one key is empty, and the other is not known yet: it may be so too",
      stack: wired({
        deployment: spec({ env: keys.map((name, index) => ({ name, value: index === 0 ? "" : UNKNOWN })) }),
      }),
    },
    {
      name: "a Secret that lives elsewhere",
      stack: wired({ deployment: spec({ envFrom: [{ secretRef: { name: "aws" } }] }) }),
    },
    {
      name: "a Secret of this stack with other keys",
      stack: wired({
        deployment: spec({ envFrom: [{ secretRef: { name: "aws" } }] }),
        plus: [secret({ DATABASE_URL: "" })],
      }),
    },
    {
      name: "keys in a pod whose account carries no role",
      stack: wired({
        deployment: env(...keys),
        serviceAccount: { metadata: { annotations: undefined } },
        role: null,
        attachment: null,
        oidcProvider: null,
      }),
    },
    {
      name: "a profile of a config file that takes web identity as its source, as AWS describes for a second account",
      stack: wired({
        deployment: spec(
          {
            env: [
              { name: "AWS_PROFILE", value: "other-account" },
              { name: "AWS_CONFIG_FILE", value: "/etc/aws/config" },
            ],
            volumeMounts: [{ name: "aws", mountPath: "/etc/aws" }],
          },
          { volumes: [{ name: "aws", configMap: { name: "aws" } }] },
        ),
      }),
    },
  ],
  unverified: [
    {
      name: "the whole environment is unknown yet",
      stack: firstPreview({ deployment: spec({ env: UNKNOWN }) }),
      waits: ['the environment of Deployment "shop/api"'],
    },
    {
      name: "the environment waits for another resource",
      stack: wired({
        deployment: spec({ env: [UNKNOWN] }),
        edges: { "deployment.spec": [urns.serviceAccount, urns.role, urnOf("kubernetes:core/v1:Secret", "aws")] },
      }),
      waits: ['the environment of Deployment "shop/api"'],
    },
  ],
});
