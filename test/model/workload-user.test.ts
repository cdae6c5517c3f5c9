import { isWindows, sameUser, userOf } from "../../policy-pack/src/model/workload-user";
import type { Container, Workload } from "../../policy-pack/src/model/types";
import type { Value } from "../../policy-pack/src/facts/value";
import { UNKNOWN, wired } from "../support/stack";
import { containerOf, podSpec, workloadIn, type Written } from "../support/pods";

interface Read {
  readonly workload: Workload;
  readonly containers: readonly Container[];
}

/** A pod of containers with these security contexts, and with one of its own. */
function podAs(contexts: readonly Written[], ofPod: Written): Read {
  const containers = contexts.map((securityContext, index) =>
    containerOf({ name: `part-${String(index)}`, securityContext }),
  );
  const securityContext = { runAsNonRoot: undefined, fsGroup: undefined, ...ofPod };
  const { workload } = workloadIn(wired({ deployment: podSpec({ containers, securityContext }) }));
  return { workload, containers: workload.pod.containers.is === "known" ? workload.pod.containers.value : [] };
}

describe("whom a container runs as", () => {
  test.each<[string, Written, Written, unknown]>([
    ["is for the image to say, where the pod does not", {}, {}, "image"],
    ["is the container's user", { runAsUser: 1000 }, { runAsUser: 2000 }, 1000],
    ["is the pod's user, where the container says nothing", {}, { runAsUser: 2000 }, 2000],
    ["is root", { runAsUser: 0 }, { runAsUser: 2000 }, "root"],
    ["is not known while the container's user is not", { runAsUser: UNKNOWN }, { runAsUser: 2000 }, undefined],
    ["is not known while the pod's user is not", {}, { runAsUser: UNKNOWN }, undefined],
    ["is the container's user, whatever the pod's is", { runAsUser: 1000 }, { runAsUser: UNKNOWN }, 1000],
    ["is anybody but root", {}, { runAsNonRoot: true }, "non-root"],
    ["is anybody, where the container allows root", { runAsNonRoot: false }, { runAsNonRoot: true }, "image"],
    ["is anybody but root, where the container forbids it", { runAsNonRoot: true }, {}, "non-root"],
    ["is not known while nobody knows whether root is forbidden", {}, { runAsNonRoot: UNKNOWN }, undefined],
    ["is the user, whether root is forbidden or not", { runAsUser: 1000 }, { runAsNonRoot: UNKNOWN }, 1000],
  ])("%s", (_, own, ofPod, expected) => {
    const { workload, containers } = podAs([own], ofPod);
    expect(containers.map((each) => userOf(workload, each))).toEqual([expected]);
  });
});

describe("containers run as one user", () => {
  test.each<[string, readonly Written[], Written, boolean]>([
    ["by the pod's", [{}, {}], { runAsUser: 1000 }, true],
    ["by their own", [{ runAsUser: 1000 }, { runAsUser: 1000 }], {}, true],
    ["as root", [{ runAsUser: 0 }, { runAsUser: 0 }], {}, true],
    ["not by different ones", [{ runAsUser: 1000 }, { runAsUser: 1001 }], {}, false],
    ["not by those of their images", [{}, {}], {}, false],
    ["not where only root is forbidden", [{}, {}], { runAsNonRoot: true }, false],
  ])("%s", (_, contexts, ofPod, expected) => {
    const { workload, containers } = podAs(contexts, ofPod);
    expect(sameUser(workload, containers)).toBe(expected);
  });
});

describe("a pod for Windows", () => {
  const affinity = (value: string): Value => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: [value] }] }],
      },
    },
  });
  test.each<[string, Written, boolean]>([
    ["says so in its selector", { nodeSelector: { "kubernetes.io/os": "windows" } }, true],
    ["says so in its selector, as was the way before", { nodeSelector: { "beta.kubernetes.io/os": "windows" } }, true],
    ["says so beside other labels", { nodeSelector: { pool: "big", "kubernetes.io/os": "windows" } }, true],
    ["says so in its affinity", { affinity: affinity("windows") }, true],
    ["says so as its system", { os: { name: "windows" } }, true],
    ["is none by a selector for Linux", { nodeSelector: { "kubernetes.io/os": "linux" } }, false],
    ["is none by another label", { nodeSelector: { pool: "windows" } }, false],
    ["is none by a label that begins alike", { nodeSelector: { "kubernetes.io/os-build": "windows" } }, false],
    ["is none by an affinity for Linux", { affinity: affinity("linux") }, false],
    ["is none by another system", { os: { name: "linux" } }, false],
    ["is none while its selector is not known", { nodeSelector: UNKNOWN }, false],
    ["is none while a label is not known", { nodeSelector: { "kubernetes.io/os": UNKNOWN } }, false],
    ["is none while its system is not known", { os: { name: UNKNOWN } }, false],
    ["is none without a word", {}, false],
  ])("%s", (_, spec, expected) => {
    expect(isWindows(workloadIn(wired({ deployment: podSpec(spec) })).workload)).toBe(expected);
  });
});
