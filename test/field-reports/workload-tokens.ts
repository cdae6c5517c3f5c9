import type { Properties } from "../../policy-pack/src/model/snapshot";
import { kubernetes, type PodOptions } from "./pods";
import { program, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const old = kubernetes({ name: "prod", region: "eu-west-1", inputs: { version: "1.18" } });
const on = (options: PodOptions, cluster = k) =>
  program([
    cluster.base,
    cluster.namespace("ci"),
    cluster.roleFor("ci", "runner"),
    cluster.account("ci", "runner", cluster.arnOf("runner")),
    cluster.pods("Deployment", "ci", "runner", "runner", options),
  ]);
const DIRECTORY = "/var/run/secrets/eks.amazonaws.com/serviceaccount";
const role = { name: "AWS_ROLE_ARN", value: k.arnOf("runner") };
const file = (path: string) => ({ name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: path });

/** The webhook's own volume written by hand, with single parts replaced. */
const volume = (token: Properties = {}, projected: Properties = {}) => ({
  name: "aws-iam-token",
  projected: {
    sources: [
      { serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 86400, path: "token", ...token } },
    ],
    ...projected,
  },
});
const mount = (more: Properties = {}) => ({ name: "aws-iam-token", mountPath: DIRECTORY, readOnly: true, ...more });
const byHand = (token: Properties, more: PodOptions = {}): PodOptions => ({
  pod: { volumes: [volume(token)], ...more.pod },
  container: { env: [role, file(`${DIRECTORY}/token`)], volumeMounts: [mount()], ...more.container },
});

const reports: Reports = {
  broken: [
    {
      name: "the volume is written by hand and names no audience",
      source: "actions/actions-runner-controller#16",
      stack: on({
        pod: {
          volumes: [
            {
              name: "aws-iam-token",
              projected: { sources: [{ serviceAccountToken: { expirationSeconds: 86400, path: "token" } }] },
            },
          ],
        },
        container: { env: [role, file(`${DIRECTORY}/token`)], volumeMounts: [mount()] },
      }),
      finds: ["workload-token-volume mandatory"],
    },
    {
      name: "the volume asks for the audience of the API server",
      source: "kubernetes/kubernetes#105654",
      stack: on(byHand({ audience: "https://kubernetes.default.svc" })),
      finds: ["workload-token-volume mandatory"],
    },
    {
      name: "the token for the Kubernetes API is taken for the web identity",
      source: "Infisical/infisical#3930",
      stack: on({ container: { env: [role, file("/var/run/secrets/kubernetes.io/serviceaccount/token")] } }),
      finds: ["workload-token-volume mandatory"],
    },
    {
      name: "the variable names another file than the volume has",
      source: "crossplane-contrib/provider-aws#1775",
      stack: on({
        pod: { volumes: [volume()] },
        container: { env: [role, file(`${DIRECTORY}/aws-token`)], volumeMounts: [mount()] },
      }),
      finds: ["workload-token-volume mandatory"],
    },
    {
      name: "a secret is mounted where the webhook mounts the token",
      source: "actions/actions-runner-controller#433",
      stack: on({
        pod: { volumes: [{ name: "creds", secret: { secretName: "creds" } }] },
        container: { volumeMounts: [{ name: "creds", mountPath: DIRECTORY }] },
      }),
      finds: ["workload-token-volume mandatory"],
    },
    {
      name: "the token is mounted by subPath and never renewed",
      source: "awslabs/aws-orbit-workbench#771",
      stack: on(
        byHand({}, { container: { volumeMounts: [mount({ mountPath: `${DIRECTORY}/token`, subPath: "token" })] } }),
      ),
      finds: ["workload-token-volume mandatory"],
    },
    {
      name: "the token is to live five minutes only",
      source: "aws/amazon-eks-pod-identity-webhook, minimum expiration",
      stack: on(byHand({ expirationSeconds: 300 })),
      finds: ["workload-token-volume mandatory"],
    },
    {
      name: "a process that is not root cannot open the token before Kubernetes 1.19",
      source: "gruntwork-io/helm-kubernetes-services#109",
      stack: on({ pod: { securityContext: { runAsNonRoot: true, runAsUser: 1000 } } }, old),
      finds: ["workload-token-unreadable mandatory"],
    },
    {
      name: "the volume of its own is readable by root alone",
      source: "CrowdStrike/falcon-operator#87",
      stack: on({
        pod: {
          volumes: [volume({}, { defaultMode: 0o400 })],
          initContainers: [{ name: "init", image: "registry.example.com/team/init:1.0.0" }],
        },
        container: {
          env: [role, file(`${DIRECTORY}/token`)],
          volumeMounts: [mount()],
          securityContext: { runAsUser: 1001 },
        },
      }),
      finds: ["workload-token-unreadable mandatory"],
    },
    {
      name: "the container that needs the role is skipped with the proxy",
      source: "aws/amazon-eks-pod-identity-webhook README, skip-containers",
      stack: on({ template: { annotations: { "eks.amazonaws.com/skip-containers": "app" } } }),
      finds: ["workload-injection-skipped mandatory"],
    },
    {
      name: "the label that keeps the webhook away is still on the pods",
      source: "aws/amazon-eks-pod-identity-webhook#212",
      stack: on({ template: { labels: { app: "runner", "eks.amazonaws.com/skip-pod-identity-webhook": "true" } } }),
      finds: ["workload-injection-skipped mandatory"],
    },
    {
      name: "Windows pods are placed by affinity and get the path of Linux",
      source: "aws/amazon-eks-pod-identity-webhook#57",
      stack: on({
        pod: {
          os: { name: "windows" },
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["windows"] }] },
                ],
              },
            },
          },
        },
      }),
      finds: ["workload-injection-skipped advisory"],
    },
    {
      name: "a controller runs on the node's network and reaches the node's role",
      source: "aws/aws-eks-best-practices, restrict access to the instance profile",
      stack: on({ pod: { hostNetwork: true } }),
      finds: ["workload-node-role-reachable advisory"],
    },
    {
      name: "the pods are made root to read the token",
      source: "rancher/fleet#790",
      stack: on({ pod: { securityContext: { runAsUser: 0 } } }),
      finds: ["workload-root advisory"],
    },
  ],
  working: [
    {
      name: "the webhook's whole wiring is written by hand",
      source: "actions/actions-runner-controller#200",
      stack: on(byHand({})),
    },
    {
      name: "a token for another issuer's federation stands beside the webhook's",
      source: "Google Cloud, workload identity federation with EKS",
      stack: on({
        pod: {
          volumes: [
            {
              name: "gcp-token",
              projected: {
                sources: [
                  {
                    serviceAccountToken: {
                      audience:
                        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/eks",
                      expirationSeconds: 3600,
                      path: "token",
                    },
                  },
                ],
              },
            },
          ],
        },
        container: { volumeMounts: [{ name: "gcp-token", mountPath: "/var/run/gcp" }] },
      }),
    },
    {
      name: "a Vault token is projected and no API token is mounted",
      source: "hashicorp/vault, Kubernetes auth with projected tokens",
      stack: on({
        pod: {
          automountServiceAccountToken: false,
          volumes: [
            {
              name: "vault-token",
              projected: {
                sources: [{ serviceAccountToken: { audience: "vault", expirationSeconds: 600, path: "vault-token" } }],
              },
            },
          ],
        },
        container: { volumeMounts: [{ name: "vault-token", mountPath: "/var/run/secrets/vault" }] },
      }),
    },
    {
      name: "Windows pods are placed by nodeSelector",
      source: "aws/aws-sdk-net#1615",
      stack: on({ pod: { nodeSelector: { "kubernetes.io/os": "windows", "kubernetes.io/arch": "amd64" } } }),
    },
    {
      name: "the sidecar alone is skipped",
      source: "aws/amazon-eks-pod-identity-webhook README, skip-containers",
      stack: on({
        template: { annotations: { "eks.amazonaws.com/skip-containers": "proxy" } },
        pod: {
          containers: [
            { name: "app", image: "registry.example.com/team/app:1.4.2" },
            { name: "proxy", image: "envoyproxy/envoy:v1.30.1" },
          ],
        },
      }),
    },
  ],
};

export default reports;
