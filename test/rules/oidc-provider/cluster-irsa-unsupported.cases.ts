import rule from "../../../policy-pack/src/rules/oidc-provider/cluster-irsa-unsupported";
import { cases, none } from "../../support/cases";
import { firstPreview, urns, wired } from "../../support/stack";

const outpostConfig = {
  controlPlaneInstanceType: "m5.large",
  outpostArns: ["arn:aws:outposts:eu-west-1:111122223333:outpost/op-0123456789abcdef0"],
};
const at = { urn: urns.cluster, path: "outpostConfig" };
const fix =
  "Give the pods the role of the nodes, or run them on an EKS cluster in the region with nodes on the Outpost.";
const account =
  'EKS cluster "shop" is a local cluster on Outposts, and ServiceAccount "shop/api" wants IRSA there, which local clusters do not have.';

export default cases(rule, {
  invalid: [
    {
      name: "an annotated account on a local cluster",
      covers: ["outposts-local-cluster-irsa"],
      stack: wired({ cluster: { outpostConfig } }),
      finds: [{ at, says: account, fix }],
    },
    {
      name: "the same at the first preview",
      stack: firstPreview({ cluster: { outpostConfig } }),
      finds: [{ at, says: account, fix }],
    },
    {
      name: "a provider for a local cluster",
      stack: wired({
        cluster: { outpostConfig },
        role: null,
        attachment: null,
        namespace: null,
        serviceAccount: null,
        deployment: null,
      }),
      finds: [
        {
          at,
          says: 'EKS cluster "shop" is a local cluster on Outposts, and OIDC provider "shop" wants IRSA there, which local clusters do not have.',
          fix,
        },
      ],
    },
  ],
  valid: [
    {
      name: "a local cluster without IRSA",
      stack: wired({
        cluster: { outpostConfig },
        oidcProvider: null,
        role: null,
        attachment: null,
        namespace: null,
        serviceAccount: null,
        deployment: null,
      }),
    },
    { name: "a cluster in the region", stack: wired() },
  ],
  unverified: none("whether a cluster is local is written in the program"),
});
