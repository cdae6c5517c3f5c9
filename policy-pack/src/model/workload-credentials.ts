import { isKnownAs, knownValueOr, type Urn } from "../facts/fact";
import type { BoundWorkload } from "./workload-bound";
import { literal, setVariable, type Environment, type Variable } from "./workload-env";
import { hostOf, ownerOfHost } from "./workload-sts";
import type { Container } from "./types";

/** Credentials of another kind that a container brings beside its role, the one that wins first. */
export interface RivalCredentials {
  readonly cause: "keys" | "half of the keys" | "credentials file" | "profile" | "container credentials";
  /** Variables, or the path of the file. */
  readonly names: readonly string[];
  /** Path of the first variable, or of the mount. */
  readonly path: string;
  /** Secrets and ConfigMaps of this stack that hold them. */
  readonly declaredBy: readonly Urn[];
  /** True when every SDK takes them before web identity and no other container or service can be what they are for. */
  readonly certain: boolean;
}

/** Every SDK reads the first pair; Go and Ruby know the second name, too. */
const KEY_PAIRS = [
  { id: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY", always: true },
  { id: "AWS_ACCESS_KEY", secret: "AWS_SECRET_KEY", always: false },
] as const;

/** What comes, or may come, before the web identity of the container; undefined where nothing does. */
export function rivalCredentials(
  bound: BoundWorkload,
  container: Container,
  environment: Environment,
): RivalCredentials | undefined {
  const set = (name: string) => setVariable(environment, name);
  for (const { id, secret, always } of KEY_PAIRS) {
    const both = [set(id), set(secret)].filter((each) => each !== undefined);
    if (both.length === 2)
      return { ...fromVariables("keys", both), certain: always && isForAws(environment) && isOnly(bound, container) };
    // Where one is made empty on purpose, the other may be so as well.
    const mayBeEmpty = both[0]?.value.is === "unknown" && environment.all.has(id) && environment.all.has(secret);
    if (both.length === 1 && environment.complete && bound.whole && !mayBeEmpty)
      return fromVariables("half of the keys", both);
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

function fromVariables(cause: RivalCredentials["cause"], variables: readonly Variable[]): RivalCredentials {
  return {
    cause,
    names: variables.map((each) => each.name),
    path: variables[0]?.path ?? "",
    declaredBy: [...new Set(variables.flatMap((each) => each.declaredBy ?? []))],
    certain: false,
  };
}

function mountedCredentials({ workload }: BoundWorkload, container: Container): RivalCredentials | undefined {
  const volumes = knownValueOr(workload.pod.volumes, []);
  for (const mount of knownValueOr(container.mounts, [])) {
    if (mount.mountPath.is !== "known" || mount.volume.is !== "known") continue;
    const { value: target } = mount.mountPath;
    const name = mount.volume.value;
    const volume = volumes.find((each) => isKnownAs(each.name, name));
    const ofSecret = volume?.source.is === "known" && volume.source.value === "secret";
    if (target.endsWith("/.aws/credentials") || (ofSecret && /\/\.aws\/?$/.test(target)))
      return { cause: "credentials file", names: [target], path: mount.path, declaredBy: [], certain: false };
  }
  return undefined;
}

function mountsConfig(container: Container): boolean {
  const mounts = knownValueOr(container.mounts, []);
  return mounts.some((each) => each.mountPath.is === "known" && /\/\.aws(\/config)?\/?$/.test(each.mountPath.value));
}

/** The role may be for another container of the pod, and a Patch does not show them all. */
function isOnly({ workload, whole }: BoundWorkload, container: Container): boolean {
  const { containers } = workload.pod;
  const others = knownValueOr(containers, []).filter((each) => each.kind !== "ephemeral container");
  return whole && others.length === 1 && container.kind === "container";
}

/** False where the container talks to a service of its own that only speaks AWS's protocol, MinIO and its like. */
function isForAws(environment: Environment): boolean {
  const endpoint = literal(environment, "AWS_ENDPOINT_URL") ?? literal(environment, "AWS_ENDPOINT_URL_S3");
  const host = endpoint === undefined ? undefined : hostOf(endpoint);
  return endpoint === undefined || (host !== undefined && ownerOfHost(host) !== "other");
}
