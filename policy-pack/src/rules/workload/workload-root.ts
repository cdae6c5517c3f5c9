import { type Fact, isKnownAs, knownValueOr } from "../../facts/fact";
import type { Container, Workload } from "../../model/types";
import { boundWorkloads } from "../../model/workload-bound";
import { capital } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly workload: string;
  readonly where: string;
  readonly identity: string;
}

export default defineRule<Data>({
  id: "workload-root",
  link: "workload",
  severity: "low",
  level: "advisory",
  summary: "A pod does not run as root for the sake of its role.",
  why: 'The token is readable for other users, and where all containers run as root it is readable for root alone: a process that drops to another user then meets "Permission denied".',
  articleStep: 13,
  references: [
    "https://github.com/aws/amazon-eks-pod-identity-webhook#usage-with-non-root-container-user",
    "https://kubernetes.io/docs/concepts/storage/projected-volumes/#securitycontext-interactions",
  ],
  *check(model) {
    for (const { workload, identity, annotation } of boundWorkloads(model)) {
      const root = rootContext(workload);
      if (!root) continue;
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: `${root.path}.runAsUser` },
        related: [annotation],
        data: { workload: workload.title, where: root.where, identity },
      };
    }
  },
  explain: ({ workload, where, identity }) => ({
    says: `${capital(workload)} runs ${where} as root (runAsUser "0"), which ${identity} does not need.`,
    fix: "Replace runAsUser: 0 by runAsNonRoot: true, runAsUser: 1000 and, in the pod's securityContext, fsGroup: 1000.",
  }),
});

/** Where root is asked for in so many words. Pods that work on the node have their own reasons for it, and are passed over. */
function rootContext(workload: Workload): { readonly path: string; readonly where: string } | undefined {
  const { securityContext, containers, hostNetwork } = workload.pod;
  if (hostNetwork.is === "unknown" || (hostNetwork.is === "known" && hostNetwork.value)) return undefined;
  const apps = knownValueOr(containers, []).filter((each) => each.kind === "container");
  const work = apps.filter((each) => !usesNode(workload, each));
  if (isKnownAs(securityContext.runAsUser, 0)) {
    const inheriting = work.filter((each) => each.securityContext.runAsUser.is === "absent");
    return inheriting.length > 0 ? { path: securityContext.path, where: "its containers" } : undefined;
  }
  const own = work.find((each) => isKnownAs(each.securityContext.runAsUser, 0));
  if (!own) return undefined;
  const where = own.name.is === "known" ? `container ${JSON.stringify(own.name.value)}` : "a container";
  return { path: own.securityContext.path, where };
}

/** True when the container mounts files of the node, or may turn out to. */
function usesNode({ pod: { volumes } }: Workload, { mounts }: Container): boolean {
  if (mounts.is === "absent" || volumes.is === "absent") return false;
  if (mounts.is === "unknown" || volumes.is === "unknown") return true;
  const hostPaths = volumes.value.filter(({ source }) => source.is === "unknown" || isKnownAs(source, "hostPath"));
  return mounts.value.some((mount) => hostPaths.some((volume) => mayBeSame(mount.volume, volume.name)));
}

function mayBeSame(a: Fact<string>, b: Fact<string>): boolean {
  if (a.is === "absent" || b.is === "absent") return false;
  return a.is === "unknown" || b.is === "unknown" || a.value === b.value;
}
