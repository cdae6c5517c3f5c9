import { knownValueOr, type Fact, type Urn } from "../facts/fact";
import type { IrsaModel, ProjectedToken, Workload } from "./types";
import type { BoundWorkload } from "./workload-bound";
import type { TokenOrigin } from "./workload-token";

/** The lifetimes of tokens that Kubernetes gives, in seconds (pkg/apis/authentication/validation). */
export const MIN_SECONDS = 600;
export const MAX_SECONDS = 2 ** 32;

/** What is wrong with a token, by its origin; `api` and `nothing` are those of the origin. */
export type TokenFault =
  | { readonly kind: "taken"; readonly volume: string }
  | { readonly kind: "api" | "nothing"; readonly file: string }
  | { readonly kind: "no token"; readonly source: string }
  | { readonly kind: "wrong file"; readonly file: string; readonly files: readonly string[] }
  | { readonly kind: "audience"; readonly audience: string | undefined; readonly needed: string }
  | { readonly kind: "expiry"; readonly seconds: number }
  | { readonly kind: "subPath" };

export interface TokenFinding {
  readonly path: string;
  /** False on clusters that may not be of EKS, and for pods that may be done before it matters. */
  readonly certain: boolean;
  readonly fault: TokenFault;
}

/** The audience of the token is not known yet, or its lifetime. */
export interface AwaitedAudience {
  readonly path: string;
  readonly lifetime?: boolean;
  readonly waitsFor: readonly Urn[];
}

/** Judges where a container's token comes from; undefined where it is the webhook's, right, or not for anyone here to say. */
export function tokenFinding(
  model: IrsaModel,
  workload: Workload,
  bound: BoundWorkload | undefined,
  origin: TokenOrigin,
): TokenFinding | AwaitedAudience | undefined {
  // Clusters of one's own may give tokens of any audience to the API, and may have another webhook.
  const certain = bound !== undefined || workload.scope.cluster.how !== "unresolved";
  switch (origin.is) {
    case "none":
    case "webhook":
      return undefined;
    case "taken":
      return { path: origin.mount.path, certain, fault: { kind: "taken", volume: text(origin.mount.volume) } };
    case "api":
    case "nothing":
      return { path: origin.path, certain, fault: { kind: origin.is, file: origin.file } };
    case "volume": {
      const { volume, mount, found, file } = origin;
      if (found === "no token")
        return { path: volume.path, certain, fault: { kind: "no token", source: text(volume.source) } };
      if (found === "wrong file") {
        const files = knownValueOr(volume.tokens, []).map((each) => text(each.file));
        return { path: volume.path, certain, fault: { kind: "wrong file", file, files } };
      }
      const judged = judgeToken(model, bound, found.token, certain);
      if (judged) return judged;
      if (mount?.subPath.is !== "known" || mount.subPath.value === "") return undefined;
      // A Job may well be done before its token expires.
      const shortLived = workload.kind === "Job" || workload.kind === "CronJob";
      return { path: `${mount.path}.subPath`, certain: certain && !shortLived, fault: { kind: "subPath" } };
    }
  }
}

function judgeToken(
  model: IrsaModel,
  bound: BoundWorkload | undefined,
  token: ProjectedToken,
  certain: boolean,
): TokenFinding | AwaitedAudience | undefined {
  const path = `${token.path}.audience`;
  const needed = neededAudience(model, bound);
  if (token.audience.is === "unknown") return bound ? { path, waitsFor: token.audience.waitsFor } : undefined;
  const audience = token.audience.is === "known" && token.audience.value !== "" ? token.audience.value : undefined;
  // Another audience is well where an OIDC provider knows it, and that may be one of another stack.
  if (needed.accepts(audience) === false) {
    const fault = { kind: "audience", audience, needed: needed.text } as const;
    return { path, certain: certain && (audience === undefined || model.providers.length > 0), fault };
  }
  const { expirationSeconds: seconds } = token;
  if (seconds.is === "unknown" && bound)
    return { path: `${token.path}.expirationSeconds`, waitsFor: seconds.waitsFor, lifetime: true };
  return seconds.is === "known" && (seconds.value < MIN_SECONDS || seconds.value > MAX_SECONDS)
    ? { path: `${token.path}.expirationSeconds`, certain, fault: { kind: "expiry", seconds: seconds.value } }
    : undefined;
}

/** The audience that the pod's token is to carry, and whether another would do. */
export function neededAudience(
  model: IrsaModel,
  bound: BoundWorkload | undefined,
): { readonly text: string; readonly accepts: (audience: string | undefined) => boolean | undefined } {
  const wanted: Fact<string> = bound ? bound.account.audience : { is: "known", value: model.config.audience };
  const needed = knownValueOr(wanted, model.config.audience);
  const clientIds = model.providers.flatMap((each) => knownValueOr(each.clientIds, []));
  return {
    text: needed,
    accepts: (audience) => {
      if (audience === undefined) return false;
      if (audience === needed) return true;
      if (wanted.is === "unknown" || model.providers.some((each) => each.clientIds.is === "unknown")) return undefined;
      return clientIds.some((each) => each.value.is !== "known" || each.value.value === audience);
    },
  };
}

function text(fact: Fact<string>): string {
  return knownValueOr(fact, "");
}
