import { isKnownAs, knownValueOr } from "../../facts/fact";
import { parseUrn } from "../../facts/urn";
import { createdAfter, roleUrns } from "../../model/workload-order";
import { boundWorkloads, type BoundWorkload } from "../../model/workload-bound";
import { capital, quote } from "../../facts/words";
import { defineRule } from "../rule";

/** The annotation that IrsaBinding's podAnnotations put on a template. */
const IDENTITY = "eks-irsa.dev/identity";

interface Data {
  readonly workload: string;
  readonly account: string;
  readonly identity: string;
  readonly cause:
    | { readonly kind: "bare pod" | "job" }
    | { readonly kind: "on delete"; readonly path: string }
    | { readonly kind: "literal"; readonly key: string };
}

export default defineRule<Data>({
  id: "workload-rollout",
  link: "workload",
  severity: "low",
  level: "advisory",
  summary: "A change of role, audience or account creates the pods anew.",
  why: "The webhook acts when a pod is created; running pods keep the role and the token that they have, until someone deletes them.",
  articleStep: 9,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html",
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#updating-a-deployment",
  ],
  *check(model) {
    for (const bound of boundWorkloads(model)) {
      const { workload, account, identity } = bound;
      // Without an edge to the account the pods are not even created in order, which is the fault to mend first.
      if (account.urn === "" || !createdAfter(model, workload, [account.urn])) continue;
      const found = findCause(bound);
      if (!found) continue;
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: found.path },
        related: [{ urn: account.urn, path: account.roleArnPath }],
        data: { workload: workload.title, account: account.title, identity, cause: found.cause },
      };
    }
  },
  explain: ({ workload, account, identity, cause }) => {
    switch (cause.kind) {
      case "bare pod":
        return {
          says: `${capital(workload)} has no controller, so nothing creates it anew when ${account} or ${identity} changes.`,
          fix: `Use a Deployment, a StatefulSet or a Job in place of ${workload}; after a change of the role, delete the pod and run pulumi up with --refresh.`,
        };
      case "on delete":
        return {
          says: `${capital(workload)} has the update strategy "OnDelete", so its pods keep their identity after ${account} or ${identity} has changed.`,
          fix: `Set ${cause.path} to "RollingUpdate", or delete the pods by hand after each such change.`,
        };
      case "job":
        return {
          says: `${capital(workload)} is a Patch of a Job, whose pod template cannot be changed, so ${account} does not reach its pods.`,
          why: 'Kubernetes refuses the change of a Job\'s template: "field is immutable".',
          fix: "Set serviceAccountName where the Job is declared; the Job is then replaced.",
        };
      case "literal":
        return {
          says: `${capital(workload)} carries the annotation ${quote(cause.key)} with a literal value, which stays the same when ${identity} changes.`,
          fix: `Make the annotation from the arn of ${identity}, or use the podAnnotations of IrsaBinding.`,
        };
    }
  },
});

/**
 * Ordinary workloads carry no such annotation and are no fault, also where they have a checksum of other settings: only what
 * cannot, or was meant to but does not, roll out is.
 */
function findCause(bound: BoundWorkload): { readonly cause: Data["cause"]; readonly path: string } | undefined {
  const { workload } = bound;
  const { kind, patch, updateStrategy, updateStrategyPath: strategyPath, root, pod } = workload;
  if (kind === "Job" && patch) return { cause: { kind: "job" }, path: `${pod.path}.serviceAccountName` };
  if (patch) return undefined;
  if (kind === "Pod") return { cause: { kind: "bare pod" }, path: root };
  if (isKnownAs(updateStrategy, "OnDelete"))
    return { cause: { kind: "on delete", path: strategyPath }, path: strategyPath };
  if (kind === "Job" || kind === "CronJob" || changesWithRole(bound)) return undefined;
  const annotations = knownValueOr(pod.metadata.annotations, []);
  const identity = annotations.find((each) => each.key === IDENTITY);
  if (!identity) return undefined;
  // Its value may come from the account, which changes with the role.
  const literal = identity.value.is === "known" && !workload.specFrom.includes(bound.account.urn);
  return literal ? { cause: { kind: "literal", key: IDENTITY }, path: identity.path } : undefined;
}

/** True when something in the template came from the role, its binding, or another stack that may hand on either. */
function changesWithRole({ workload, account, binding }: BoundWorkload): boolean {
  // Which role it is nobody knows yet, nor whether the template comes from it.
  if (binding.role.how === "unresolved" && binding.role.because !== "elsewhere") return true;
  const urns = binding.role.how === "unresolved" ? [] : roleUrns(binding.role.to);
  return workload.specFrom.some(
    (urn) =>
      urns.includes(urn) || urn === account.construction?.urn || parseUrn(urn).type === "pulumi:pulumi:StackReference",
  );
}
