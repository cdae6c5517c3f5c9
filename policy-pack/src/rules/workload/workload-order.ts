import { isAnnotatedBeside, twinsOf } from "../../model/account-supply";
import { createdAfter, isRendered, roleUrns } from "../../model/workload-order";
import { boundWorkloads } from "../../model/workload-bound";
import { parseUrn } from "../../facts/urn";
import { capital, quote } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly workload: string;
  readonly account: string;
  /** Set where the account does not wait for its role. */
  readonly role: string | undefined;
  /** Set where the pods wait for the account, but not for the Patch that annotates it. */
  readonly patch: { readonly name: string; readonly identity: string } | undefined;
}

export default defineRule<Data>({
  id: "workload-order",
  link: "workload",
  severity: "medium",
  level: "advisory",
  summary: "Pods are created after their account, and the account after its role.",
  why: "The webhook decides when a pod is created: if the account or its annotation is not there yet, the pod stays without a role until it is created anew, although everything looks right afterwards.",
  articleStep: 9,
  references: [
    "https://www.pulumi.com/docs/iac/concepts/options/dependson/",
    "https://github.com/aws/amazon-eks-pod-identity-webhook/issues/174",
  ],
  *check(model) {
    const raced = new Set<string>();
    for (const { workload, account, binding, identity } of boundWorkloads(model)) {
      if (account.urn === "" || isRendered(workload.urn) || isRendered(account.urn)) continue;
      // A Patch of the same account may carry the role beside it, and each of the two is the account.
      const same = [account, ...twinsOf(account, model)].map(({ urn }) => urn);
      if (!createdAfter(model, workload, same)) {
        yield {
          verdict: "violation",
          at: { urn: workload.urn, path: `${workload.pod.path}.serviceAccountName` },
          related: [{ urn: account.urn, path: account.root }],
          data: { workload: workload.title, account: account.title, role: undefined, patch: undefined },
        };
        continue;
      }
      // Where the account itself carries the role too, or may, the Patch only repeats it.
      const alone = account.form === "patch" && !isAnnotatedBeside(account, model);
      if (alone && !createdAfter(model, workload, [account.urn])) {
        yield {
          verdict: "violation",
          at: { urn: workload.urn, path: `${workload.pod.path}.serviceAccountName` },
          related: [{ urn: account.urn, path: account.roleArnPath }],
          data: {
            workload: workload.title,
            account: account.title,
            role: undefined,
            patch: { name: parseUrn(account.urn).name, identity },
          },
        };
        continue;
      }
      if (binding.role.how !== "by value" || createdAfter(model, workload, roleUrns(binding.role.to))) continue;
      // One annotation to mend, however many workloads the account has.
      const key = `${account.urn} ${account.root}`;
      if (raced.has(key)) continue;
      raced.add(key);
      yield {
        verdict: "violation",
        at: { urn: account.urn, path: account.roleArnPath },
        related: [
          { urn: binding.role.to.urn, path: "" },
          { urn: workload.urn, path: "" },
        ],
        data: { workload: workload.title, account: account.title, role: binding.role.to.title, patch: undefined },
      };
    }
  },
  explain: ({ workload, account, role, patch }) => {
    if (patch !== undefined)
      return {
        says: `${capital(workload)} waits for ${account}, but not for the ServiceAccountPatch ${quote(patch.name)}, which gives it ${patch.identity}, so Pulumi may create the pods first.`,
        fix: `Add the ServiceAccountPatch ${quote(patch.name)} to dependsOn of ${workload}.`,
      };
    if (role !== undefined)
      return {
        says: `${capital(account)} names ${role} by a literal ARN and does not depend on it, so the pods of ${workload} may start before the role exists.`,
        why: 'The first calls then fail with "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity", and some SDKs go on with the node\'s role.',
        fix: `Set the annotation to the arn output of ${role}, or add dependsOn to the account.`,
      };
    return {
      says: `${capital(workload)} names ${account} by a literal and does not depend on it, so Pulumi may create the pods first, and nothing starts them anew when the role changes.`,
      fix: `Set serviceAccountName to the metadata.name of the ${account} resource, or add dependsOn; put an annotation made from the role's arn on the pod template.`,
    };
  },
});
