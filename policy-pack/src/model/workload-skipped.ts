import { listIn } from "../facts/lists";
import { nearest } from "../facts/did-you-mean";
import { knownValueOr, knownValues, type Fact } from "../facts/fact";
import { mayUse } from "./bind";
import type { Container, IrsaModel, Workload } from "./types";
import { hasSkipLabel, mutableContainers, skippedNames, type BoundWorkload } from "./workload-bound";
import { environmentOf } from "./workload-env";
import { isWindows } from "./workload-user";

/**
 * label: the pod never reaches the webhook. all containers: each is in the list. blanks: a name in the list is not that of the
 * container which it means, for the blanks around it. unknown name: the pod has no such container. windows: the webhook does
 * not see that the pod is for Windows.
 */
export type SkipFault =
  | { readonly kind: "label" | "windows" }
  | { readonly kind: "all containers"; readonly names: readonly string[] }
  | { readonly kind: "blanks" | "unknown name"; readonly name: string; readonly suggestion: string | undefined };

export interface SkipFinding {
  /** The label or annotation; empty for windows. */
  readonly key: string;
  readonly path: string;
  /** True when pods that are to have the role go without. */
  readonly certain: boolean;
  readonly fault: SkipFault;
}

/** Containers that other webhooks add to pods, so that a template rightly names what it does not hold. */
const ADDED_BY_OTHERS = /proxy|envoy|istio|linkerd|vault|consul|dapr|agent|sidecar|init|otel|collector|exporter/i;
const WINDOWS = /^(beta\.)?kubernetes\.io\/os$/;

/** The first reason for which the webhook passes by what is meant to have the role, or does the wrong thing; undefined where there is none. */
export function skipFinding(model: IrsaModel, bound: BoundWorkload): SkipFinding | undefined {
  const { annotationPrefix: prefix } = model.config;
  const { workload } = bound;
  const containers = mutableContainers(workload);
  const all = knownValueOr(containers, []);
  const apps = all.filter((each) => each.kind === "container");
  if (apps.length === 0) return undefined;
  const label = `${prefix}/skip-pod-identity-webhook`;
  // Wired by hand the pods have what the webhook would give them; beside others that use the account, they may not need it.
  const certain = (): boolean => isAlone(model, bound);
  const byHand = apps.some(isWiredByHand);
  const metadata = workload.pod.metadataPath;
  if (hasSkipLabel(workload, prefix))
    return byHand
      ? undefined
      : {
          key: label,
          path: `${metadata}.labels[${JSON.stringify(label)}]`,
          certain: certain(),
          fault: { kind: "label" },
        };
  const key = `${prefix}/skip-containers`;
  const path = `${metadata}.annotations[${JSON.stringify(key)}]`;
  const skipped = skippedNames(workload, prefix);
  if (skipped.is === "known") {
    const fault = judgeNames(skipped.value, all, apps);
    if (fault?.kind === "all containers") return byHand ? undefined : { key, path, certain: certain(), fault };
    if (fault) return { key, path, certain: false, fault };
  }
  return isHiddenWindows(workload)
    ? { key: "", path: `${workload.pod.path}.nodeSelector`, certain: false, fault: { kind: "windows" } }
    : undefined;
}

function judgeNames(
  skipped: readonly string[],
  all: readonly Container[],
  apps: readonly Container[],
): SkipFault | undefined {
  const names = all.map((each) => each.name);
  if (names.some((name) => name.is === "unknown")) return undefined;
  const known = names.flatMap(textOf);
  const blank = skipped.find((name) => !known.includes(name) && known.includes(name.trim()));
  if (blank !== undefined) return { kind: "blanks", name: blank, suggestion: blank.trim() };
  const appNames = apps.map((each) => each.name).flatMap(textOf);
  if (appNames.length === apps.length && appNames.every((name) => skipped.includes(name)))
    return { kind: "all containers", names: appNames };
  const stray = skipped.find((name) => name.trim() !== "" && !known.includes(name) && !ADDED_BY_OTHERS.test(name));
  return stray === undefined ? undefined : { kind: "unknown name", name: stray, suggestion: nearest(stray, known) };
}

function textOf(fact: Fact<string>): readonly string[] {
  return knownValues(fact);
}

function isWiredByHand(container: Container): boolean {
  const environment = environmentOf(container);
  // An environment that nobody can see may hold both.
  if (environment.is !== "known") return true;
  const { all, complete } = environment.value;
  return !complete || (all.has("AWS_ROLE_ARN") && all.has("AWS_WEB_IDENTITY_TOKEN_FILE"));
}

/** True when no other workload of this stack runs as the account, or may turn out to: then the role is for this one. */
function isAlone(model: IrsaModel, { workload, account }: BoundWorkload): boolean {
  return (
    listIn(model.workloadsByServiceAccount, account).every((each) => each === workload) &&
    !model.workloads.some((each) => mayUse(each, account))
  );
}

function isHiddenWindows(workload: Workload): boolean {
  const { nodeSelector } = workload.pod;
  if (nodeSelector.is === "unknown") return false;
  const selector = knownValueOr(nodeSelector, []);
  return !selector.some((each) => WINDOWS.test(each.key)) && isWindows(workload);
}
