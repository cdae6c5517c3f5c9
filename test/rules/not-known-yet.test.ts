import { run } from "../../policy-pack/src/findings/run";
import type { Value } from "../../policy-pack/src/facts/value";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { rules } from "../../policy-pack/src/rules";
import { ISSUER, resource, ROLE_ARN, trust, UNKNOWN, urnOf, urns, wired, type Change } from "../support/stack";
import { account, allow, policy } from "./trust-policy/support";

const KEY = "eks.amazonaws.com/role-arn";
const WEB = "system:serviceaccount:shop:web";
const noKubeSystem = policy(
  allow({
    StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
    StringNotLike: { [`${ISSUER}:sub`]: "system:serviceaccount:kube-system:*" },
  }),
);
const pod = (more: Change): Change => ({ spec: { template: { spec: more } } });
const container = (env: Value, more: { readonly [key: string]: Value } = {}): Change =>
  pod({ containers: [{ name: "api", image: "example.com/shop/api:1.4.2", env, ...more }] });
const hostNetwork = (more: Change): Change => pod({ hostNetwork: true, ...more });
const metadataService = (value: Value): Value => [
  { name: "api", image: "a:1", env: [{ name: "AWS_EC2_METADATA_DISABLED", value }] },
];
/** The token wired by hand. */
const token = (more: { readonly [key: string]: Value }): Change =>
  pod({
    containers: [
      {
        name: "api",
        image: "example.com/shop/api:1.4.2",
        env: [
          { name: "AWS_ROLE_ARN", value: ROLE_ARN },
          { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/identity/token" },
        ],
        volumeMounts: [{ name: "identity", mountPath: "/identity" }],
      },
    ],
    volumes: [
      {
        name: "identity",
        projected: {
          sources: [
            {
              serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 86400, path: "token", ...more },
            },
          ],
        },
      },
    ],
  });
/** The account carries no role, and the role waits for somebody to use it. */
const withoutRole = (deployment: Change): Snapshot =>
  wired({ serviceAccount: { metadata: { annotations: { [KEY]: null } } }, deployment });
const vault = (clientIdLists: Value): Snapshot =>
  wired({
    oidcProvider: { clientIdLists },
    role: { assumeRolePolicy: trust({ aud: "vault" }) },
    serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": "vault" } } },
  });

/* What decides is not known yet: no rule accuses anybody, and the one that would says what it waits for. */
test.each<[string, Snapshot, string]>([
  ["the client ids of the provider", vault(UNKNOWN), 'the client ids of OIDC provider "shop"'],
  ["one of the client ids", vault([UNKNOWN]), 'the client ids of OIDC provider "shop"'],
  [
    "the lifetime of a token that is wired by hand",
    wired({ deployment: token({ expirationSeconds: UNKNOWN }) }),
    'the lifetime of the token volume of Deployment "shop/api"',
  ],
  [
    "the file of a token that is wired by hand",
    wired({ deployment: token({ path: UNKNOWN }) }),
    'where Deployment "shop/api" has its token from',
  ],
  [
    "the containers, which may bring the role that the account lacks",
    withoutRole(pod({ containers: UNKNOWN })),
    'the environment of Deployment "shop/api"',
  ],
  ["the volumes, which may do so", withoutRole(pod({ volumes: UNKNOWN })), 'the environment of Deployment "shop/api"'],
  ["the environment, which may do so", withoutRole(container(UNKNOWN)), 'the environment of Deployment "shop/api"'],
  [
    "the mounts of pods that may run as root",
    wired({
      deployment: pod({
        securityContext: { runAsNonRoot: undefined, fsGroup: undefined },
        containers: [{ name: "api", image: "a:1", volumeMounts: UNKNOWN }],
      }),
    }),
    'where Deployment "shop/api" has its token from',
  ],
  [
    "the role of an add-on",
    wired({
      serviceAccount: null,
      deployment: null,
      plus: [
        resource("aws:eks/addon:Addon", "storage", {
          addonName: "aws-ebs-csi-driver",
          clusterName: "shop",
          serviceAccountRoleArn: UNKNOWN,
        }),
      ],
    }),
    'the role of add-on "aws-ebs-csi-driver"',
  ],
  [
    "the name of the role that an attachment may be for",
    wired({ role: { name: UNKNOWN }, serviceAccount: null, deployment: null, edges: { "attachment.role": [] } }),
    'whether attachment "api" is for role "api"',
  ],
])("waits for %s", (_, stack, what) => {
  const { findings, unverified, faults } = run(rules, buildModel(stack));
  expect(findings).toEqual([]);
  expect(faults).toEqual([]);
  expect(unverified.map(({ says }) => says).join("\n")).toContain(`is not verified yet: ${what}`);
});

test.each<[string, Snapshot]>([
  [
    "all subjects but some, where the configuration allows every account",
    wired({ role: { assumeRolePolicy: noKubeSystem }, config: { allowedSubjects: ["*"] } }),
  ],
  [
    "the same, allowed by the pattern over all accounts",
    wired({ role: { assumeRolePolicy: noKubeSystem }, config: { allowedSubjects: ["system:serviceaccount:*"] } }),
  ],
  [
    "pods on the node's network whose containers are not known yet",
    wired({ deployment: hostNetwork({ containers: UNKNOWN }) }),
  ],
  [
    "pods on the node's network whose environment is not known yet",
    wired({ deployment: hostNetwork({ containers: [{ name: "api", image: "a:1", env: UNKNOWN }] }) }),
  ],
  [
    "pods on the node's network that may have turned the metadata service off",
    wired({ deployment: hostNetwork({ containers: metadataService(UNKNOWN) }) }),
  ],
  [
    "pods whose user is not known yet",
    wired({
      deployment: pod({ securityContext: { runAsNonRoot: undefined, fsGroup: undefined, runAsUser: UNKNOWN } }),
    }),
  ],
  [
    "a profile whose file may be mounted",
    wired({
      deployment: container([{ name: "AWS_PROFILE", value: "shop" }], {
        volumeMounts: [{ name: "aws", mountPath: "/root/.aws" }],
      }),
    }),
  ],
  [
    "a region that is longer than any, and may be a program's own text",
    wired({ deployment: container([{ name: "AWS_REGION", value: "eu-west-1".repeat(10) }]) }),
  ],
  [
    "an endpoint of STS that the SDK is told to ignore",
    wired({
      deployment: container([
        { name: "AWS_ENDPOINT_URL_STS", value: "https://sts.example.com" },
        { name: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", value: "true" },
      ]),
    }),
  ],
  [
    "a workload as default that waits for two accounts with roles, either of which may be meant",
    wired({
      serviceAccount: { metadata: { name: "orders" } },
      role: { assumeRolePolicy: trust({ sub: ["system:serviceaccount:shop:orders", WEB] }) },
      deployment: { metadata: { name: "x" }, ...pod({ serviceAccountName: undefined }) },
      edges: {
        "deployment.spec": [urns.serviceAccount, urnOf("kubernetes:core/v1:ServiceAccount", "web"), urns.role],
      },
      plus: [account("web")],
    }),
  ],
])("no violation: %s", (_, stack) => {
  const { findings, faults } = run(rules, buildModel(stack));
  expect(findings).toEqual([]);
  expect(faults).toEqual([]);
});
