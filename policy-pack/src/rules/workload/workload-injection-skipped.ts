import { boundWorkloads } from "../../model/workload-bound";
import { skipFinding, type SkipFault } from "../../model/workload-skipped";
import { capital, didYouMean, quote, quoteAll } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly workload: string;
  readonly account: string;
  readonly identity: string;
  readonly key: string;
  readonly fault: SkipFault;
}
export default defineRule<Data>({
  id: "workload-injection-skipped",
  link: "workload",
  severity: "high",
  level: "mandatory",
  summary: "Nothing tells the webhook to pass by a pod or container that is to have the role.",
  why: "A pod or container that the webhook passes by gets neither variables nor token: the SDK goes on to the node's role.",
  articleStep: 7,
  references: ["https://github.com/aws/amazon-eks-pod-identity-webhook#readme"],
  *check(model) {
    for (const bound of boundWorkloads(model)) {
      if (!bound.whole) continue;
      const { workload, account, identity, annotation } = bound;
      const found = skipFinding(model, bound);
      if (!found) continue;
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: found.path },
        related: [annotation],
        level: found.certain ? "mandatory" : "advisory",
        data: { workload: workload.title, account: account.title, identity, key: found.key, fault: found.fault },
      };
    }
  },
  explain: ({ workload, account, identity, key, fault }) => {
    const subject = capital(workload);
    switch (fault.kind) {
      case "label":
        return {
          says: `${subject} carries the label ${quote(key)}, so its pods get nothing of ${identity}, which ${account} carries.`,
          fix: `Remove the label ${quote(key)} from the pod template.`,
        };
      case "all containers":
        return {
          says: `${subject} names all its containers (${quoteAll(fault.names)}) in ${quote(key)}, so none gets anything of ${identity}.`,
          fix: `Remove the container that is to have the role from ${quote(key)}.`,
        };
      case "blanks":
        return {
          says: `${subject} writes ${quote(fault.name)} in ${quote(key)}, blanks and all, so container ${quote(fault.suggestion ?? "")} is not skipped.`,
          why: "The webhook does not trim the names of this list.",
          fix: `Write the names with commas and no blanks between them, ${quote(fault.suggestion ?? "")} for ${quote(fault.name)}.`,
        };
      case "unknown name":
        return {
          says: `${subject} names ${quote(fault.name)} in ${quote(key)}, and has no such container.${didYouMean(fault.suggestion)}`,
          why: "The entry has no effect: the container that is meant gets the role, too.",
          fix: `Write ${fault.suggestion === undefined ? "the name of a container" : quote(fault.suggestion)} in ${quote(key)}, or remove ${quote(fault.name)}.`,
        };
      case "windows":
        return {
          says: `${subject} runs on Windows nodes, but has no nodeSelector "kubernetes.io/os: windows", which is all that the webhook looks at.`,
          why: "The webhook then writes the path of Linux into AWS_WEB_IDENTITY_TOKEN_FILE, and the SDK does not find the token.",
          fix: 'Add nodeSelector { "kubernetes.io/os": "windows" } to the pod.',
        };
    }
  },
});
