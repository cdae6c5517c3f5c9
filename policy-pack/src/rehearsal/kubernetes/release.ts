/**
 * What the Kubernetes provider adds to a Helm release by itself (pulumi-kubernetes helm_release.go): a name of its own, the
 * namespace, and the status of the release. The chart is not rendered, so there are no `resourceNames`.
 */
import type { CheckRequest } from "../stand-in";
import { isSet, isUnknown, reveal, scalar, text, unknown, type ValueMap } from "../values";
import { generatedName } from "./autoname";

export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** @param namespace where objects go that name none */
export function checkedRelease(request: CheckRequest, namespace: string): ValueMap {
  const { news } = request;
  return {
    ...news,
    ...(isGiven(news.name) ? {} : nameOf(request)),
    ...(isGiven(news.namespace) ? {} : { namespace }),
  };
}

/** An empty text counts as none. */
const isGiven = (value: ValueMap[string] | undefined): boolean => isSet(value) && text(value) !== "";

function nameOf(request: CheckRequest): ValueMap {
  if (request.autonaming.is === "disabled") return {};
  const earlier = text(request.olds?.name);
  return { name: earlier === undefined || earlier === "" ? generatedName(request) : earlier };
}

/** @param hidden whether the mode leaves unknown what the cluster answers */
export function deployedRelease(inputs: ValueMap, hidden: boolean): ValueMap {
  if (hidden) return { ...inputs, status: unknown };
  const { name = null, namespace = null, chart = null, version = null } = inputs;
  const shown = isUnknown(reveal(chart)) ? chart : (scalar(chart).split("/").pop() ?? "");
  return { ...inputs, status: { name, namespace, chart: shown, version, revision: 1, status: "deployed" } };
}
