import rule from "../../../policy-pack/src/rules/workload/workload-token-volume";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases } from "../../support/cases";
import {
  firstPreview,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  type Change,
  UNKNOWN,
  urnOf,
  urns,
  wired,
} from "../../support/stack";

const DIRECTORY = "/var/run/secrets/eks.amazonaws.com/serviceaccount";
interface Options {
  readonly file?: string;
  readonly mount?: Value;
  readonly volume?: Value;
  readonly env?: readonly Value[];
}
const env = (file: string): readonly Value[] => [
  { name: "AWS_ROLE_ARN", value: ROLE_ARN },
  { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: file },
];
const token = (more: { readonly [key: string]: Value } = {}): { readonly [key: string]: Value } => ({
  serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 86400, path: "token", ...more },
});
const projected = (name: string, source: Value): Value => ({ name, projected: { sources: [source] } });
const podSpec = ({ file, mount, volume, env: variables }: Options): { readonly [key: string]: Value } => ({
  containers: [
    {
      name: "api",
      image: "example.com/shop/api:1.4.2",
      env: variables ?? (file === undefined ? [] : env(file)),
      volumeMounts: mount === undefined ? [] : [mount],
    },
  ],
  volumes: volume === undefined ? [] : [volume],
});
const spec = (options: Options): Change => ({ spec: { template: { spec: podSpec(options) } } });
const own = { name: "identity", mountPath: "/identity" };
const at = (path: string) => ({ urn: urns.deployment, path: `spec.template.spec.${path}` });
const subject = 'Container "api" of Deployment "shop/api"';
const allPredefined = [
  ...env(`${DIRECTORY}/token`),
  { name: "AWS_REGION", value: "eu-west-1" },
  { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
  { name: "AWS_STS_REGIONAL_ENDPOINTS", value: "regional" },
];

export default cases(rule, {
  invalid: [
    {
      name: "another volume where the webhook mounts its own, at the first preview",
      covers: ["workload-mount-path-collision"],
      stack: firstPreview({
        deployment: spec({
          mount: { name: "cache", mountPath: `${DIRECTORY}/` },
          volume: { name: "cache", emptyDir: {} },
        }),
      }),
      finds: [
        {
          at: at("containers[0].volumeMounts[0]"),
          says: `${subject} mounts volume "cache" at "${DIRECTORY}", where the webhook mounts its own volume "aws-iam-token".`,
          fix: 'Mount "cache" at another path, or name the volume "aws-iam-token" if it holds the token.',
        },
      ],
    },
    {
      name: "a volume of the webhook's name that holds no token",
      covers: ["workload-token-volume-conflict"],
      stack: wired({ deployment: spec({ volume: { name: "aws-iam-token", emptyDir: {} } }) }),
      finds: [
        {
          at: at("volumes[0]"),
          says: `${subject} gets its token from volume "aws-iam-token", which is of kind "emptyDir" and holds no ServiceAccount token.`,
          fix: 'Give the volume another name than "aws-iam-token", and let the webhook add its own.',
        },
      ],
    },
    {
      name: "a volume of the webhook's name for another audience",
      covers: ["workload-token-volume-conflict", "workload-manual-token-audience"],
      stack: wired({ deployment: spec({ volume: projected("aws-iam-token", token({ audience: "vault" })) }) }),
      finds: [
        {
          at: at("volumes[0].projected.sources[0].serviceAccountToken.audience"),
          says: `${subject} gets a token for audience "vault", not "sts.amazonaws.com".`,
          fix: 'Set audience of the serviceAccountToken to "sts.amazonaws.com".',
        },
      ],
    },
    {
      name: "wired by hand, without an audience",
      covers: ["workload-manual-token-audience"],
      stack: wired({
        deployment: spec({
          file: "/identity/token",
          mount: own,
          volume: projected("identity", token({ audience: null })),
        }),
      }),
      finds: [
        {
          at: at("volumes[0].projected.sources[0].serviceAccountToken.audience"),
          says: `${subject} gets a token without audience "sts.amazonaws.com": its projected volume names none, so the token is for the Kubernetes API.`,
          fix: 'Set audience of the serviceAccountToken to "sts.amazonaws.com".',
        },
      ],
    },
    {
      name: "the token for the Kubernetes API",
      covers: ["workload-manual-token-audience"],
      stack: wired({ deployment: spec({ file: "/var/run/secrets/kubernetes.io/serviceaccount/token" }) }),
      finds: [
        {
          at: at("containers[0].env[1]"),
          says: `${subject} takes "/var/run/secrets/kubernetes.io/serviceaccount/token" for its web identity, which is the token for the Kubernetes API and not for audience "sts.amazonaws.com".`,
          fix: "Remove the volume, its mount, AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE: the webhook adds all of them.",
        },
      ],
    },
    {
      name: "the file has another name in the volume",
      covers: ["workload-manual-token-path"],
      stack: wired({
        deployment: spec({
          file: "/identity/token",
          mount: own,
          volume: projected("identity", token({ path: "aws-token" })),
        }),
      }),
      finds: [
        {
          at: at("volumes[0]"),
          says: `${subject} reads its token from "/identity/token", but the volume mounted there has it as "aws-token".`,
          fix: 'Let mountPath and the token\'s path together be "/identity/token".',
        },
      ],
    },
    {
      name: "the volume is not mounted in this container",
      covers: ["workload-manual-token-path"],
      stack: wired({ deployment: spec({ file: "/identity/token", volume: projected("identity", token()) }) }),
      finds: [
        {
          at: at("containers[0].env[1]"),
          says: `${subject} reads its token from "/identity/token", and no volume is mounted there.`,
          fix: `Set AWS_WEB_IDENTITY_TOKEN_FILE to "${DIRECTORY}/token", or remove it and AWS_ROLE_ARN: the webhook sets both.`,
        },
      ],
    },
    {
      name: "a lifetime that Kubernetes refuses",
      covers: ["workload-manual-token-expiry"],
      stack: wired({
        deployment: spec({
          file: "/identity/token",
          mount: own,
          volume: projected("identity", token({ expirationSeconds: 300 })),
        }),
      }),
      finds: [
        {
          at: at("volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds"),
          says: `${subject} asks for a token of "300" seconds; Kubernetes gives them for "600" to "4294967296".`,
          fix: 'Set expirationSeconds of the serviceAccountToken to "86400", as the webhook does.',
        },
      ],
    },
    {
      name: "the token is mounted by subPath",
      covers: ["workload-token-subpath"],
      stack: wired({
        deployment: spec({
          file: "/identity/token",
          mount: { name: "identity", mountPath: "/identity/token", subPath: "token" },
          volume: projected("identity", token()),
        }),
      }),
      finds: [
        {
          at: at("containers[0].volumeMounts[0].subPath"),
          says: `${subject} mounts its token by subPath, so it never sees a newer one.`,
          fix: "Mount the whole volume: remove subPath, and let mountPath be a directory.",
        },
      ],
    },
  ],
  valid: [
    {
      name: "wired by hand, whole and right",
      stack: wired({
        deployment: spec({ file: "/identity/token", mount: own, volume: projected("identity", token()) }),
      }),
    },
    {
      name: "the webhook's own volume by the other name of its directory",
      stack: wired({ deployment: spec({ file: "/run/secrets/eks.amazonaws.com/serviceaccount/token" }) }),
    },
    {
      name: "all that the webhook adds is declared, under its own names",
      stack: wired({
        deployment: spec({
          env: allPredefined,
          mount: { name: "aws-iam-token", mountPath: DIRECTORY, readOnly: true },
          volume: projected("aws-iam-token", token()),
        }),
      }),
    },
    {
      name: "all variables are there, so that the webhook does not mount its volume beside one's own",
      stack: wired({
        deployment: spec({
          env: allPredefined,
          mount: { name: "identity", mountPath: DIRECTORY },
          volume: projected("identity", token()),
        }),
      }),
    },
    {
      name: "both variables for the webhook's own volume",
      stack: wired({ deployment: spec({ file: `${DIRECTORY}/token` }) }),
    },
    {
      name: "a token of another audience for another purpose",
      stack: wired({ deployment: spec({ mount: own, volume: projected("identity", token({ audience: "vault" })) }) }),
    },
    {
      name: "another program writes the token into a volume of the pod's",
      stack: wired({
        deployment: spec({ file: "/identity/token", mount: own, volume: { name: "identity", emptyDir: {} } }),
      }),
    },
    {
      name: "wired by hand for an account without annotation, for an audience that the provider knows",
      stack: wired({
        oidcProvider: { clientIdLists: ["sts.amazonaws.com"] },
        role: { assumeRolePolicy: trust({ sub: [SUBJECT, "system:serviceaccount:shop:default"] }) },
        plus: [
          resource("kubernetes:batch/v1:Job", "once", {
            metadata: { name: "once", namespace: "shop" },
            spec: {
              template: {
                spec: {
                  ...podSpec({ file: "/identity/token", mount: own, volume: projected("identity", token()) }),
                  serviceAccountName: "default",
                },
              },
            },
          }),
        ],
      }),
    },
  ],
  unverified: [
    {
      name: "the mounts are not known yet",
      stack: wired({
        deployment: {
          spec: {
            template: {
              spec: { containers: [{ name: "api", image: "example.com/shop/api:1.4.2", volumeMounts: UNKNOWN }] },
            },
          },
        },
      }),
      waits: ['where Deployment "shop/api" has its token from'],
    },
    {
      name: "the audience waits for another resource",
      stack: wired({
        deployment: spec({
          file: "/identity/token",
          mount: own,
          volume: projected("identity", token({ audience: UNKNOWN })),
        }),
        edges: {
          "deployment.spec": [urns.serviceAccount, urns.role, urnOf("kubernetes:core/v1:ConfigMap", "audience")],
        },
      }),
      waits: ['the audience of the token volume of Deployment "shop/api"'],
    },
  ],
});
