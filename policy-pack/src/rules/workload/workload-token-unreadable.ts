import type { Container, IrsaModel } from "../../model/types";
import { compareVersions } from "../../model/sdk-versions";
import { environmentOf } from "../../model/workload-env";
import { boundWorkloads, containerSubject, mutableContainers, type BoundWorkload } from "../../model/workload-bound";
import { tokenOrigin } from "../../model/workload-token";
import { isWindows, sameUser, userOf, type ContainerUser } from "../../model/workload-user";
import { defineRule } from "../rule";

interface Data {
  readonly container: string;
  readonly user: string;
  readonly cause:
    { readonly kind: "version"; readonly version: string } | { readonly kind: "mode"; readonly mode: number };
}

export default defineRule<Data>({
  id: "workload-token-unreadable",
  link: "workload",
  severity: "high",
  level: "mandatory",
  summary: "The container's user can read the token file.",
  why: 'The SDK cannot open the file: "PermissionError: [Errno 13] Permission denied: /var/run/secrets/eks.amazonaws.com/serviceaccount/token".',
  articleStep: 13,
  references: [
    "https://github.com/aws/amazon-eks-pod-identity-webhook#usage-with-non-root-container-user",
    "https://kubernetes.io/docs/concepts/storage/projected-volumes/#securitycontext-interactions",
    "https://github.com/kubernetes/kubernetes/issues/82573",
  ],
  *check(model) {
    for (const bound of boundWorkloads(model)) {
      const { workload } = bound;
      const containers = mutableContainers(workload);
      if (!bound.whole || containers.is !== "known" || isWindows(workload)) continue;
      // With a group for the files of volumes, or one user for all containers, Kubernetes gives them the token.
      if (workload.pod.securityContext.fsGroup.is !== "absent") continue;
      const version = oldVersion(model, bound);
      for (const container of containers.value) {
        const user = userOf(workload, container);
        if (user === undefined || user === "root") continue;
        const found =
          version === undefined
            ? restrictiveMode(model, bound, container, containers.value)
            : { cause: { kind: "version", version } as const, path: `${workload.pod.path}.securityContext` };
        // An image's own user may be root, which reads everything; on old clusters it most often is.
        if (!found || (found.cause.kind === "version" && user === "image")) continue;
        yield {
          verdict: "violation",
          at: { urn: workload.urn, path: found.path },
          related: [bound.annotation],
          level: user === "image" ? "advisory" : "mandatory",
          data: { container: containerSubject(container, workload), user: userText(user), cause: found.cause },
        };
        break;
      }
    }
  },
  explain: ({ container, user, cause }) =>
    cause.kind === "version"
      ? {
          says: `${container} runs as ${user} on Kubernetes ${cause.version}, which gives the token file to root alone unless the pod has an fsGroup.`,
          fix: "Set fsGroup in the pod's securityContext, for example to 65534, or upgrade the cluster to 1.19 or newer.",
        }
      : {
          says: `${container} runs as ${user}, and the token volume has defaultMode ${octal(cause.mode)}, which lets only root read the file.`,
          fix: `Remove defaultMode from the volume (it is ${octal(0o644)} then), or set fsGroup in the pod's securityContext.`,
        },
});

function restrictiveMode(
  model: IrsaModel,
  bound: BoundWorkload,
  container: Container,
  all: readonly Container[],
): { readonly cause: Data["cause"]; readonly path: string } | undefined {
  const environment = environmentOf(container);
  if (environment.is !== "known" || sameUser(bound.workload, all)) return undefined;
  const origin = tokenOrigin(bound.workload, container, environment.value, bound, model.config.annotationPrefix);
  if (origin.is !== "volume" || origin.volume.defaultMode.is !== "known") return undefined;
  const mode = origin.volume.defaultMode.value;
  return (mode & 0o004) === 0
    ? { cause: { kind: "mode", mode }, path: `${origin.volume.path}.projected.defaultMode` }
    : undefined;
}

function userText(user: ContainerUser): string {
  return user === "image"
    ? "the user of its image"
    : user === "non-root"
      ? "a user that is not root"
      : `user ${String(user)}`;
}

function oldVersion(model: IrsaModel, { binding }: BoundWorkload): string | undefined {
  const ofCluster = binding.cluster.how === "unresolved" ? undefined : binding.cluster.to.version;
  const version = ofCluster?.is === "known" ? ofCluster.value : model.config.kubernetesVersion;
  return version !== undefined && /^1\.\d+/.test(version) && compareVersions(version, "1.19") < 0 ? version : undefined;
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
