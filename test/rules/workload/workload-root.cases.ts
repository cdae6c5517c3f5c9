import rule from "../../../policy-pack/src/rules/workload/workload-root";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, urns, wired, type Change } from "../../support/stack";

const spec = (more: Change): Change => ({ spec: { template: { spec: more } } });
const fix =
  "Replace runAsUser: 0 by runAsNonRoot: true, runAsUser: 1000 and, in the pod's securityContext, fsGroup: 1000.";
const image = "example.com/shop/api:1.4.2";

export default cases(rule, {
  invalid: [
    {
      name: "the pod asks for root",
      covers: ["workload-root-for-irsa"],
      stack: wired({ deployment: spec({ securityContext: { runAsNonRoot: undefined, runAsUser: 0 } }) }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.securityContext.runAsUser" },
          says: 'Deployment "shop/api" runs its containers as root (runAsUser "0"), which role "api-irsa" does not need.',
          fix,
        },
      ],
    },
    {
      name: "a container asks for root, at the first preview",
      covers: ["workload-root-for-irsa"],
      stack: firstPreview({
        deployment: spec({ containers: [{ name: "api", image, securityContext: { runAsUser: 0 } }] }),
      }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.containers[0].securityContext.runAsUser" },
          says: 'Deployment "shop/api" runs container "api" as root (runAsUser "0"), which role "api-irsa" does not need.',
          fix,
        },
      ],
    },
  ],
  valid: [
    { name: "a user of its own", stack: wired({ deployment: spec({ securityContext: { runAsUser: 1000 } }) }) },
    { name: "nothing is said of the user", stack: wired({ deployment: spec({ securityContext: undefined }) }) },
    {
      name: "an init container that prepares a volume as root",
      stack: wired({
        deployment: spec({
          initContainers: [{ name: "chown", image: "busybox:1.36", securityContext: { runAsUser: 0 } }],
        }),
      }),
    },
    {
      name: "an agent that reads the node's files",
      stack: wired({
        deployment: null,
        plus: [
          resource(
            "kubernetes:apps/v1:DaemonSet",
            "logs",
            {
              metadata: { name: "logs", namespace: "shop" },
              spec: {
                template: {
                  spec: {
                    serviceAccountName: "api",
                    securityContext: { runAsUser: 0 },
                    containers: [
                      { name: "logs", image: "logs:1", volumeMounts: [{ name: "varlog", mountPath: "/var/log" }] },
                    ],
                    volumes: [{ name: "varlog", hostPath: { path: "/var/log" } }],
                  },
                },
              },
            },
            { from: { spec: [urns.serviceAccount] } },
          ),
        ],
      }),
    },
  ],
  unverified: none("hardening is judged only by what is written"),
});
