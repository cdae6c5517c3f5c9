import { capital } from "../../facts/words";
import { providersOf } from "../../model/provider-use";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly cluster: string;
  readonly user: string;
}

export default defineRule<Data>({
  id: "cluster-irsa-unsupported",
  link: "oidc-provider",
  severity: "high",
  level: "mandatory",
  summary: "Local clusters on Outposts have no IAM roles for service accounts.",
  why: "EKS does not offer IAM roles for service accounts on local clusters, so the pods get no web identity and fall back to the role of the node.",
  articleStep: 1,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/eks-outposts-local-cluster-overview.html"],
  *check(model) {
    for (const cluster of model.clusters) {
      if (!cluster.onOutposts) continue;
      const users = model.bindings.filter((each) => each.cluster.how !== "unresolved" && each.cluster.to === cluster);
      const [account] = users.map(({ serviceAccount }) => serviceAccount);
      const [provider] = providersOf(cluster, model);
      const user = account ?? provider;
      if (!user) continue;
      const related: Place[] = user.urn === "" ? [] : [{ urn: user.urn, path: account ? account.roleArnPath : "" }];
      yield {
        verdict: "violation",
        at: { urn: cluster.urn, path: "outpostConfig" },
        related,
        data: { cluster: cluster.title, user: user.title },
      };
    }
  },
  explain: ({ cluster, user }) => ({
    says: `${capital(cluster)} is a local cluster on Outposts, and ${user} wants IRSA there, which local clusters do not have.`,
    fix: "Give the pods the role of the nodes, or run them on an EKS cluster in the region with nodes on the Outpost.",
  }),
});
