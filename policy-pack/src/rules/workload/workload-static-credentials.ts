import type { Container } from "../../model/types";
import { environmentOf, literal, setVariable, type Environment, type Variable } from "../../model/workload-env";
import { boundWorkloads, containerSubject, mutableContainers, type BoundWorkload } from "../../model/workload-bound";
import { quoteAll } from "../../facts/words";
import { defineRule, type Level, type Place } from "../rule";

type Cause = "keys" | "half of the keys" | "credentials file" | "profile" | "container credentials";
interface Found {
  readonly cause: Cause;
  readonly names: readonly string[];
  readonly path: string;
  readonly related: readonly Place[];
}
interface Data extends Pick<Found, "cause" | "names"> {
  readonly container: string;
  readonly identity: string;
}

/** Every SDK reads the first pair; Go and Ruby know the second name, too. */
const KEY_PAIRS = [
  { id: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY", always: true },
  { id: "AWS_ACCESS_KEY", secret: "AWS_SECRET_KEY", always: false },
] as const;

export default defineRule<Data>({
  id: "workload-static-credentials",
  link: "workload",
  severity: "high",
  level: "mandatory",
  summary: "Nothing in a pod with a role comes before the role in the SDK's credential chain.",
  why: "Every AWS SDK takes keys from the environment before web identity, so the pods act as the owner of the keys and the role is never assumed.",
  articleStep: 7,
  references: [
    "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html",
  ],
  *check(model) {
    for (const bound of boundWorkloads(model)) {
      const containers = mutableContainers(bound.workload);
      const environments = (containers.is === "known" ? containers.value : []).map((container) => ({
        container,
        environment: environmentOf(container),
      }));
      const waiting = [containers, ...environments.map((each) => each.environment)].find((each) => each.is === "unknown");
      for (const { container, environment } of environments) {
        if (environment.is !== "known") continue;
        const found = findCause(bound, container, environment.value);
        if (!found) continue;
        yield {
          verdict: "violation",
          at: { urn: bound.workload.urn, path: found.path },
          related: [...found.related, bound.annotation],
          level: levelOf(found, container, environments.length, environment.value),
          data: {
            cause: found.cause,
            names: found.names,
            container: containerSubject(container, bound.workload),
            identity: bound.identity,
          },
        };
      }
      if (waiting?.is === "unknown")
        yield {
          verdict: "unverified",
          at: { urn: bound.workload.urn, path: bound.workload.pod.path },
          what: `the environment of ${bound.workload.title}`,
          waitsFor: waiting.waitsFor,
        };
    }
  },
  explain: ({ cause, names, container, identity }) => {
    const list = quoteAll(names);
    switch (cause) {
      case "keys":
        return {
          says: `${container} sets ${list}, which the AWS SDKs take before the web identity of ${identity}.`,
          fix: `Remove ${list} from the container, and delete the keys in IAM if nothing else uses them.`,
        };
      case "half of the keys":
        return {
          says: `${container} sets ${list} without its other half, beside the web identity of ${identity}.`,
          why: 'Some SDKs then stop with "Partial credentials found in env", others pass it over.',
          fix: `Remove ${list} from the container.`,
        };
      case "credentials file":
        return {
          says: `${container} gets a credentials file (${list}) beside the web identity of ${identity}.`,
          why: "The SDKs for JavaScript v3 and C++ take a profile of that file before web identity; the others do as soon as a profile is asked for.",
          fix: "Remove the file from the container, so that only the role is left.",
        };
      case "profile":
        return {
          says: `${container} sets ${list}, and a profile may come before the web identity of ${identity}.`,
          why: "The SDKs for JavaScript v3 and C++ take the profile before web identity, and a missing one is an error in others.",
          fix: `Remove ${list} from the container.`,
        };
      case "container credentials":
        return {
          says: `${container} sets ${list}, which is for Amazon ECS and EKS Pod Identity, beside the web identity of ${identity}.`,
          why: "It becomes the identity of the pod as soon as web identity is not injected, and keeps several SDKs from their other sources.",
          fix: `Remove ${list} from the container.`,
        };
    }
  },
});

function findCause(bound: BoundWorkload, container: Container, environment: Environment): Found | undefined {
  const set = (name: string) => setVariable(environment, name);
  for (const { id, secret } of KEY_PAIRS) {
    const both = [set(id), set(secret)].filter((each) => each !== undefined);
    if (both.length === 2) return fromVariables("keys", both);
    if (both.length === 1 && environment.complete && bound.whole) return fromVariables("half of the keys", both);
  }
  const file = set("AWS_SHARED_CREDENTIALS_FILE");
  if (file) return fromVariables("credentials file", [file]);
  const mount = mountedCredentials(bound, container);
  if (mount) return mount;
  const profile = set("AWS_PROFILE") ?? set("AWS_DEFAULT_PROFILE");
  // AWS's own way to a second account is a profile in a config file that takes the web identity as its source.
  if (profile && !set("AWS_CONFIG_FILE") && !mountsConfig(container)) return fromVariables("profile", [profile]);
  const uri = set("AWS_CONTAINER_CREDENTIALS_FULL_URI") ?? set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  return uri ? fromVariables("container credentials", [uri]) : undefined;
}

function fromVariables(cause: Cause, variables: readonly Variable[]): Found {
  const declared = [...new Set(variables.flatMap((each) => each.declaredBy ?? []))];
  return {
    cause,
    names: variables.map((each) => each.name),
    path: variables[0]?.path ?? "",
    related: declared.map((urn) => ({ urn, path: "" })),
  };
}

function mountedCredentials({ workload }: BoundWorkload, container: Container): Found | undefined {
  const volumes = workload.pod.volumes.is === "known" ? workload.pod.volumes.value : [];
  for (const mount of container.mounts.is === "known" ? container.mounts.value : []) {
    if (mount.mountPath.is !== "known" || mount.volume.is !== "known") continue;
    const { value: target } = mount.mountPath;
    const name = mount.volume.value;
    const volume = volumes.find((each) => each.name.is === "known" && each.name.value === name);
    const ofSecret = volume?.source.is === "known" && volume.source.value === "secret";
    if (/\/\.aws\/credentials$/.test(target) || (ofSecret && /\/\.aws\/?$/.test(target)))
      return { cause: "credentials file", names: [target], path: mount.path, related: [] };
  }
  return undefined;
}

function mountsConfig(container: Container): boolean {
  const mounts = container.mounts.is === "known" ? container.mounts.value : [];
  return mounts.some((each) => each.mountPath.is === "known" && /\/\.aws(\/config)?\/?$/.test(each.mountPath.value));
}

/**
 * Keys that every SDK reads are certain to win. They may yet be meant where the pod has another container for the role, or where
 * the container talks to a service of its own that only speaks AWS's protocol (MinIO and its like).
 */
function levelOf(found: Found, container: Container, containers: number, environment: Environment): Level {
  const always = KEY_PAIRS.some((pair) => pair.always && found.names.includes(pair.id));
  if (found.cause !== "keys" || !always) return "advisory";
  const endpoint = literal(environment, "AWS_ENDPOINT_URL") ?? literal(environment, "AWS_ENDPOINT_URL_S3");
  if (endpoint !== undefined && !/\.amazonaws\.com(\.cn)?(:\d+)?(\/|$)/.test(endpoint)) return "advisory";
  return containers === 1 && container.kind === "container" ? "mandatory" : "advisory";
}
