import { isKnownAs, knownValueOr } from "../facts/fact";
import type { Container, SecurityContext, Workload } from "./types";

/** Whom a container runs as, by what its pod says: a user id, or in words. `image` where nothing is said. */
export type ContainerUser = "root" | "non-root" | "image" | number;

/** Root, another user id, "non-root" where only that is said, the image's own, or undefined while a value is unknown. */
export function userOf(workload: Workload, container: Container): ContainerUser | undefined {
  const contexts: readonly SecurityContext[] = [container.securityContext, workload.pod.securityContext];
  for (const { runAsUser } of contexts) {
    if (runAsUser.is === "unknown") return undefined;
    if (runAsUser.is === "known") return runAsUser.value === 0 ? "root" : runAsUser.value;
  }
  const nonRoot = contexts.map((each) => each.runAsNonRoot).find((each) => each.is !== "absent");
  if (nonRoot?.is === "unknown") return undefined;
  return nonRoot?.is === "known" && nonRoot.value ? "non-root" : "image";
}

/** Kubernetes compares what the spec says; it does not look into images. */
export function sameUser(workload: Workload, containers: readonly Container[]): boolean {
  const users = new Set(containers.map((each) => userOf(workload, each)));
  const [only] = users;
  return users.size === 1 && only !== "image" && only !== "non-root";
}

/** True for a pod that asks for Windows nodes in any way. */
export function isWindows({ pod }: Workload): boolean {
  const selector = knownValueOr(pod.nodeSelector, []);
  return (
    pod.windowsAffinity ||
    isKnownAs(pod.osName, "windows") ||
    selector.some((each) => each.key.endsWith("kubernetes.io/os") && isKnownAs(each.value, "windows"))
  );
}
