import rule from "../../../policy-pack/src/rules/workload/workload-injection-skipped";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, ROLE_ARN, urns, wired, type Change } from "../../support/stack";

const LABEL = "eks.amazonaws.com/skip-pod-identity-webhook";
const SKIP = "eks.amazonaws.com/skip-containers";
const containers = (...names: string[]): Value => names.map((name) => ({ name, image: `example.com/shop/${name}:1` }));
const template = (metadata: Change, spec: Change = {}): Change => ({ spec: { template: { metadata, spec } } });
const skip = (text: string, ...names: string[]) =>
  template({ annotations: { [SKIP]: text } }, { containers: containers(...names) });
const atSkip = { urn: urns.deployment, path: `spec.template.metadata.annotations["${SKIP}"]` };
const another = resource(
  "kubernetes:apps/v1:Deployment",
  "web",
  {
    metadata: { name: "web", namespace: "shop" },
    spec: { template: { spec: { serviceAccountName: "api", containers: [{ name: "web", image: "web:1" }] } } },
  },
  { from: { spec: [urns.serviceAccount] } },
);
const windows: Change = { nodeSelector: undefined, os: { name: "windows" }, securityContext: null };
const hidden = {
  at: { urn: urns.deployment, path: "spec.template.spec.nodeSelector" },
  says: 'Deployment "shop/api" runs on Windows nodes, but has no nodeSelector "kubernetes.io/os: windows", which is all that the webhook looks at.',
  fix: 'Add nodeSelector { "kubernetes.io/os": "windows" } to the pod.',
  level: "advisory",
} as const;

export default cases(rule, {
  invalid: [
    {
      name: "the label that keeps pods from the webhook, at the first preview",
      covers: ["workload-skip-webhook-label"],
      stack: firstPreview({ deployment: template({ labels: { [LABEL]: "true" } }) }),
      finds: [
        {
          at: { urn: urns.deployment, path: `spec.template.metadata.labels["${LABEL}"]` },
          says: `Deployment "shop/api" carries the label "${LABEL}", so its pods get nothing of role "api-irsa", which ServiceAccount "shop/api" carries.`,
          fix: `Remove the label "${LABEL}" from the pod template.`,
        },
      ],
    },
    {
      name: "all containers are skipped",
      covers: ["workload-skip-containers"],
      stack: wired({ deployment: skip("api,worker", "api", "worker") }),
      finds: [
        {
          at: atSkip,
          says: `Deployment "shop/api" names all its containers ("api" and "worker") in "${SKIP}", so none gets anything of role "api-irsa".`,
          fix: `Remove the container that is to have the role from "${SKIP}".`,
        },
      ],
    },
    {
      name: "all containers are skipped, while another workload has the role",
      stack: wired({ deployment: skip("api", "api"), plus: [another] }),
      finds: [
        {
          at: atSkip,
          says: `Deployment "shop/api" names all its containers ("api") in "${SKIP}", so none gets anything of role "api-irsa".`,
          fix: `Remove the container that is to have the role from "${SKIP}".`,
          level: "advisory",
        },
      ],
    },
    {
      name: "a blank after the comma",
      covers: ["workload-skip-containers"],
      stack: wired({ deployment: skip("metrics, mesh", "api", "metrics", "mesh") }),
      finds: [
        {
          at: atSkip,
          says: `Deployment "shop/api" writes " mesh" in "${SKIP}", blanks and all, so container "mesh" is not skipped.`,
          fix: 'Write the names with commas and no blanks between them, "mesh" for " mesh".',
          level: "advisory",
        },
      ],
    },
    {
      name: "a container that the pod does not have",
      covers: ["workload-skip-containers"],
      stack: wired({ deployment: skip("metircs", "api", "metrics") }),
      finds: [
        {
          at: atSkip,
          says: `Deployment "shop/api" names "metircs" in "${SKIP}", and has no such container. Did you mean "metrics"?`,
          fix: `Write "metrics" in "${SKIP}", or remove "metircs".`,
          level: "advisory",
        },
      ],
    },
    {
      name: "Windows by the pod's os",
      covers: ["workload-windows-affinity"],
      stack: wired({ deployment: template({}, windows) }),
      finds: [hidden],
    },
    {
      name: "Windows by node affinity",
      covers: ["workload-windows-affinity"],
      stack: wired({
        deployment: template(
          {},
          {
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
        ),
      }),
      finds: [hidden],
    },
  ],
  valid: [
    { name: "a sidecar is skipped on purpose", stack: wired({ deployment: skip("metrics", "api", "metrics") }) },
    { name: "a sidecar that a mesh adds to the pod", stack: wired({ deployment: skip("istio-proxy", "api") }) },
    {
      name: "a quote where none may be: the webhook then skips nothing",
      stack: wired({ deployment: skip('a"pi', "api") }),
    },
    {
      name: "Windows by nodeSelector",
      stack: wired({ deployment: template({}, { ...windows, nodeSelector: { "kubernetes.io/os": "windows" } }) }),
    },
    {
      name: "the label beside wiring by hand",
      stack: wired({
        deployment: template(
          { labels: { [LABEL]: "true" } },
          {
            containers: [
              {
                name: "api",
                image: "example.com/shop/api:1.4.2",
                env: [
                  { name: "AWS_ROLE_ARN", value: ROLE_ARN },
                  { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/run/secrets/tokens/aws" },
                ],
                volumeMounts: [{ name: "token", mountPath: "/var/run/secrets/tokens", readOnly: true }],
              },
            ],
            volumes: [
              {
                name: "token",
                projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", path: "aws" } }] },
              },
            ],
          },
        ),
      }),
    },
  ],
  unverified: none("labels and annotations that are not known yet are no evidence"),
});
