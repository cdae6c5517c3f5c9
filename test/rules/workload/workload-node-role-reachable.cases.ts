import rule from "../../../policy-pack/src/rules/workload/workload-node-role-reachable";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, urns, wired, type Change } from "../../support/stack";

const spec = (more: Change): Change => ({ spec: { template: { spec: { hostNetwork: true, ...more } } } });
const finds = [
  {
    at: { urn: urns.deployment, path: "spec.template.spec.hostNetwork" },
    says: 'Deployment "shop/api" uses the node\'s network (hostNetwork "true"), so its pods reach the node\'s role beside role "api-irsa".',
    fix: 'Remove hostNetwork; where it is needed, set AWS_EC2_METADATA_DISABLED to "true" in each container.',
  },
];

export default cases(rule, {
  invalid: [
    {
      name: "the node's network",
      covers: ["workload-host-network-imds"],
      stack: wired({ deployment: spec({}) }),
      finds,
    },
    {
      name: "the node's network, at the first preview",
      covers: ["workload-host-network-imds"],
      stack: firstPreview({ deployment: spec({}) }),
      finds,
    },
  ],
  valid: [
    { name: "the pod's own network", stack: wired({ deployment: spec({ hostNetwork: false }) }) },
    {
      name: "the SDK is told to leave the metadata service alone",
      stack: wired({
        deployment: spec({
          containers: [
            {
              name: "api",
              image: "example.com/shop/api:1.4.2",
              env: [{ name: "AWS_EC2_METADATA_DISABLED", value: "true" }],
            },
          ],
        }),
      }),
    },
    {
      name: "an agent on each node",
      stack: wired({
        plus: [
          resource(
            "kubernetes:apps/v1:DaemonSet",
            "agent",
            {
              metadata: { name: "agent", namespace: "shop" },
              spec: {
                template: {
                  spec: {
                    hostNetwork: true,
                    serviceAccountName: "api",
                    containers: [{ name: "agent", image: "example.com/shop/agent:1.4.2" }],
                  },
                },
              },
            },
            { from: { spec: [urns.serviceAccount] } },
          ),
        ],
      }),
    },
    {
      name: "a pod without a role",
      stack: wired({
        deployment: spec({}),
        serviceAccount: { metadata: { annotations: undefined } },
        role: null,
        attachment: null,
        oidcProvider: null,
      }),
    },
  ],
  unverified: none("hardening is judged only by what is written"),
});
