import rule from "../../../policy-pack/src/rules/workload/workload-token-unreadable";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { firstPreview, urns, wired, type Change } from "../../support/stack";

const spec = (securityContext: Change, more: { readonly [key: string]: Value } = {}): Change => ({
  spec: { template: { spec: { securityContext, ...more } } },
});
const nonRoot: Change = { runAsNonRoot: true, fsGroup: null };
const volumes = (defaultMode: number): Value => [
  {
    name: "aws-iam-token",
    projected: {
      defaultMode,
      sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 86400, path: "token" } }],
    },
  },
];
const at = (path: string) => ({ urn: urns.deployment, path: `spec.template.spec.${path}` });
const strict = { at: at("volumes[0].projected.defaultMode") };

export default cases(rule, {
  invalid: [
    {
      name: "Kubernetes 1.18, a user of its own and no fsGroup",
      covers: ["workload-token-unreadable"],
      stack: wired({
        cluster: { version: "1.18" },
        deployment: spec({ runAsNonRoot: undefined, fsGroup: undefined, runAsUser: 1000 }),
      }),
      finds: [
        {
          at: at("securityContext"),
          says: 'Container "api" of Deployment "shop/api" runs as user 1000 on Kubernetes 1.18, which gives the token file to root alone unless the pod has an fsGroup.',
          fix: "Set fsGroup in the pod's securityContext, for example to 65534, or upgrade the cluster to 1.19 or newer.",
        },
      ],
    },
    {
      name: "a token volume for root alone, at the first preview",
      covers: ["workload-token-unreadable"],
      stack: firstPreview({ deployment: spec(nonRoot, { volumes: volumes(0o400) }) }),
      finds: [
        {
          ...strict,
          says: 'Container "api" of Deployment "shop/api" runs as a user that is not root, and the token volume has defaultMode 0400, which lets only root read the file.',
          fix: "Remove defaultMode from the volume (it is 0644 then), or set fsGroup in the pod's securityContext.",
        },
      ],
    },
    {
      name: "a token volume for root alone, where the image decides on the user",
      stack: wired({ deployment: spec({ runAsNonRoot: undefined, fsGroup: undefined }, { volumes: volumes(0o400) }) }),
      finds: [
        {
          ...strict,
          says: 'Container "api" of Deployment "shop/api" runs as the user of its image, and the token volume has defaultMode 0400, which lets only root read the file.',
          fix: "Remove defaultMode from the volume (it is 0644 then), or set fsGroup in the pod's securityContext.",
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    {
      name: "one user for all containers, who then owns the file",
      stack: wired({ deployment: spec({ runAsUser: 1000, fsGroup: undefined }, { volumes: volumes(0o400) }) }),
    },
    { name: "an fsGroup", stack: wired({ deployment: spec({}, { volumes: volumes(0o400) }) }) },
    { name: "an old cluster with an fsGroup", stack: wired({ cluster: { version: "1.18" } }) },
    { name: "no fsGroup on a cluster of today", stack: wired({ deployment: spec(nonRoot) }) },
    {
      name: "the mode that Kubernetes gives",
      stack: wired({ deployment: spec(nonRoot, { volumes: volumes(0o644) }) }),
    },
  ],
  unverified: none("hardening and old clusters are judged only by what is written"),
});
