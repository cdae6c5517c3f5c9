import { environmentOf, literal } from "../../model/workload-env";
import { boundWorkloads, type BoundWorkload } from "../../model/workload-bound";
import { capital } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly workload: string;
  readonly identity: string;
}

export default defineRule<Data>({
  id: "workload-node-role-reachable",
  link: "workload",
  severity: "medium",
  level: "advisory",
  summary: "A pod with a role of its own cannot reach the node's.",
  why: "On the node's network the instance metadata service always answers, so whoever gets into the pod has the node's role beside its own, and an SDK that fails to use web identity silently works with it.",
  articleStep: undefined,
  references: [
    "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    "https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html",
  ],
  *check(model) {
    for (const bound of boundWorkloads(model)) {
      const { workload, identity, annotation } = bound;
      const { hostNetwork } = workload.pod;
      // An agent that runs on each node works for the node, and often asks its metadata service with good reason.
      if (workload.kind === "DaemonSet") continue;
      if (hostNetwork.is !== "known" || !hostNetwork.value || isMetadataOff(bound)) continue;
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: `${workload.pod.path}.hostNetwork` },
        related: [annotation],
        data: { workload: workload.title, identity },
      };
    }
  },
  explain: ({ workload, identity }) => ({
    says: `${capital(workload)} uses the node's network (hostNetwork "true"), so its pods reach the node's role beside ${identity}.`,
    fix: 'Remove hostNetwork; where it is needed, set AWS_EC2_METADATA_DISABLED to "true" in each container.',
  }),
});

/** True when every container tells its SDK to leave the metadata service alone, or its environment is not for anyone here to see. */
function isMetadataOff({ workload }: BoundWorkload): boolean {
  const { containers } = workload.pod;
  if (containers.is !== "known") return true;
  const apps = containers.value.filter((each) => each.kind === "container");
  return apps.every((container) => {
    const environment = environmentOf(container);
    if (environment.is !== "known" || !environment.value.complete) return true;
    if (environment.value.all.get("AWS_EC2_METADATA_DISABLED")?.value.is === "unknown") return true;
    return literal(environment.value, "AWS_EC2_METADATA_DISABLED")?.toLowerCase() === "true";
  });
}
