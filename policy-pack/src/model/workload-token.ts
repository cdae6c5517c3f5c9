import { withoutTrailing } from "../facts/trim";
import { type Fact, isKnownAs, knownValueOr, type Urn } from "../facts/fact";
import type { Environment } from "./workload-env";
import { isPassedOver, type BoundWorkload } from "./workload-bound";
import type { Container, Mount, ProjectedToken, Volume, Workload } from "./types";

/** Where the pod identity webhook of EKS mounts the token, and the name of the volume that it adds. */
export const TOKEN_DIRECTORY = "/var/run/secrets/eks.amazonaws.com/serviceaccount";
export const TOKEN_VOLUME = "aws-iam-token";
const API_TOKEN_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Where a container's web identity token comes from.
 * webhook: the webhook's own volume. none: no web identity, or nobody can say. taken: another volume stands where the webhook
 * mounts its own. api: the token of the Kubernetes API. nothing: no volume is there. volume: one that the pod template
 * declares, with the token source that has the file (`wrong file` when it has only others, `no token` when it has none).
 */
export type TokenOrigin =
  | { readonly is: "webhook" | "none" }
  | { readonly is: "taken"; readonly mount: Mount }
  | { readonly is: "api" | "nothing"; readonly file: string; readonly path: string }
  | {
      readonly is: "volume";
      readonly file: string;
      readonly volume: Volume;
      readonly mount: Mount | undefined;
      readonly found: { readonly token: ProjectedToken } | "wrong file" | "no token";
    };

/** `bound` is undefined for an account without a role, whose pods can still be wired by hand. */
export function tokenOrigin(
  workload: Workload,
  container: Container,
  environment: Environment,
  bound: BoundWorkload | undefined,
  prefix: string,
): TokenOrigin {
  const { mounts: mountList } = container;
  if (mountList.is === "unknown" || workload.pod.volumes.is === "unknown") return { is: "none" };
  const mounts = knownValueOr(mountList, []);
  const volumes = knownValueOr(workload.pod.volumes, []);
  const webhook = webhookActs(workload, container, environment, bound, prefix);
  const ownMount = mounts.some((each) => isKnownAs(each.volume, TOKEN_VOLUME));
  const addsMount = webhook && !ownMount;
  if (addsMount) {
    const taken = mounts.find(
      (each) => each.mountPath.is === "known" && trim(each.mountPath.value) === TOKEN_DIRECTORY,
    );
    if (taken) return { is: "taken", mount: taken };
  }
  const target = tokenFile(environment, webhook);
  if (!target || target.file.includes("\\") || mounts.some((each) => each.mountPath.is === "unknown"))
    return { is: "none" };
  const { file } = target;
  const mount = longest(mounts.filter((each) => each.mountPath.is === "known" && isBelow(file, each.mountPath.value)));
  if (!mount && !(addsMount && isBelow(file, TOKEN_DIRECTORY))) {
    if (isBelow(file, API_TOKEN_DIRECTORY)) return { is: "api", file, path: target.path };
    return bound ? { is: "nothing", file, path: target.path } : { is: "none" };
  }
  const name = mount ? mount.volume : ({ is: "known", value: TOKEN_VOLUME } as const);
  const volume = volumes.find((each) => name.is === "known" && isKnownAs(each.name, name.value));
  const directory = mount?.mountPath.is === "known" ? trim(mount.mountPath.value) : TOKEN_DIRECTORY;
  if (!volume) {
    // The webhook adds its volume to every pod of the account; in any other volume that is not declared, the pod is refused anyway.
    const itsOwn = webhook && isKnownAs(name, TOKEN_VOLUME);
    if (!itsOwn) return { is: "none" };
    return file === `${directory}/token` ? { is: "webhook" } : { is: "nothing", file, path: target.path };
  }
  const found = tokenIn(volume, mount, directory, file);
  return found ? { is: "volume", file, volume, mount, found } : { is: "none" };
}

/**
 * What tells where a container's token comes from, while that is not known: its file, its mounts or the volumes behind them.
 * Undefined where nothing is unknown.
 */
export function awaitedToken({ pod }: Pick<Workload, "pod">, container: Container): readonly Urn[] | undefined {
  const { env, mounts } = container;
  const { volumes } = pod;
  const variables = knownValueOr(env, []);
  const facts: readonly Fact<unknown>[] = [
    volumes,
    mounts,
    ...variables.filter(({ name }) => isKnownAs(name, "AWS_WEB_IDENTITY_TOKEN_FILE")).map(({ value }) => value),
    ...knownValueOr(mounts, []).flatMap((each) => [each.volume, each.mountPath, each.subPath]),
    ...knownValueOr(volumes, []).flatMap(({ name, source, tokens }) => [
      name,
      source,
      tokens,
      ...knownValueOr(tokens, []).map(({ file }) => file),
    ]),
  ];
  const waiting = facts.find((each) => each.is === "unknown");
  return waiting?.is === "unknown" ? waiting.waitsFor : undefined;
}

/** False where the webhook leaves the container as it is; it does so, too, when everything that it would add is there. */
function webhookActs(
  workload: Workload,
  container: Container,
  { written }: Environment,
  bound: BoundWorkload | undefined,
  prefix: string,
): boolean {
  if (!bound || isPassedOver(workload, container, prefix)) return false;
  const has = (...names: string[]) => names.some((name) => written.has(name));
  return !(
    has("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE") &&
    has("AWS_REGION", "AWS_DEFAULT_REGION") &&
    has("AWS_STS_REGIONAL_ENDPOINTS")
  );
}

/** The file that the SDK will read: the one that is written, else the webhook's. */
function tokenFile(
  { written }: Environment,
  webhook: boolean,
): { readonly file: string; readonly path: string } | undefined {
  const variable = written.get("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (variable)
    return variable.value.is === "known" && variable.value.value.startsWith("/") && written.has("AWS_ROLE_ARN")
      ? { file: trim(variable.value.value), path: variable.path }
      : undefined;
  return webhook && !written.has("AWS_ROLE_ARN") ? { file: `${TOKEN_DIRECTORY}/token`, path: "" } : undefined;
}

function tokenIn(
  volume: Volume,
  mount: Mount | undefined,
  directory: string,
  file: string,
): (TokenOrigin & { is: "volume" })["found"] | undefined {
  const { tokens, source } = volume;
  if (tokens.is === "unknown" || source.is !== "known") return undefined;
  const all = knownValueOr(tokens, []);
  // Something else may write the token into a volume of the pod's own: that is not for the template to tell.
  if (all.length === 0)
    return isKnownAs(volume.name, TOKEN_VOLUME) && file === `${TOKEN_DIRECTORY}/token` ? "no token" : undefined;
  if (all.some((each) => each.file.is === "unknown") || mount?.subPath.is === "unknown") return undefined;
  const subPath = mount?.subPath.is === "known" ? withoutTrailing(mount.subPath.value, "/") : "";
  const inside = [subPath, file.slice(directory.length + 1)].filter((part) => part !== "").join("/");
  const token = all.find((each) => isKnownAs(each.file, inside));
  return token ? { token } : "wrong file";
}

function longest(mounts: readonly Mount[]): Mount | undefined {
  const length = (mount: Mount) => knownValueOr(mount.mountPath, "").length;
  return [...mounts].sort((a, b) => length(b) - length(a))[0];
}

function isBelow(file: string, directory: string): boolean {
  const base = trim(directory);
  return file === base || file.startsWith(`${base}/`);
}

/** Without slashes at the end; `/run` is what `/var/run` leads to in most images. */
function trim(path: string): string {
  return withoutTrailing(path, "/").replace(/^\/run(?=\/|$)/, "/var/run");
}
