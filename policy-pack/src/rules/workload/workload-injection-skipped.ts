import { nearest } from "../../facts/did-you-mean";
import type { Fact } from "../../facts/fact";
import type { Container, IrsaModel, Workload } from "../../model/types";
import { environmentOf } from "../../model/workload-env";
import {
  boundWorkloads,
  hasSkipLabel,
  mutableContainers,
  skippedNames,
  type BoundWorkload,
} from "../../model/workload-bound";
import { capital, didYouMean, quote, quoteAll } from "../../facts/words";
import { defineRule, type Level } from "../rule";

interface Data {
  readonly workload: string;
  readonly account: string;
  readonly identity: string;
  readonly key: string;
  readonly fault: Fault;
}
type Fault =
  | { readonly kind: "label" | "windows" }
  | { readonly kind: "all containers"; readonly names: readonly string[] }
  | { readonly kind: "blanks" | "unknown name"; readonly name: string; readonly suggestion: string | undefined };

/** Containers that other webhooks add to pods, so that a template rightly names what it does not hold. */
const ADDED_BY_OTHERS = /proxy|envoy|istio|linkerd|vault|consul|dapr|agent|sidecar|init|otel|collector|exporter/i;
const WINDOWS = /^(beta\.)?kubernetes\.io\/os$/;

export default defineRule<Data>({
  id: "workload-injection-skipped",
  link: "workload",
  severity: "high",
  level: "mandatory",
  summary: "Nothing tells the webhook to pass by a pod or container that is to have the role.",
  why: "A pod or container that the webhook passes by gets neither variables nor token: the SDK goes on to the node's role.",
  articleStep: 7,
  references: ["https://github.com/aws/amazon-eks-pod-identity-webhook#readme"],
  *check(model) {
    const { annotationPrefix: prefix } = model.config;
    for (const bound of boundWorkloads(model)) {
      if (!bound.whole) continue;
      const { workload, account, identity, annotation } = bound;
      const found = judge(model, bound, prefix);
      if (!found) continue;
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: found.path },
        related: [annotation],
        level: found.level,
        data: { workload: workload.title, account: account.title, identity, key: found.key, fault: found.fault },
      };
    }
  },
  explain: ({ workload, account, identity, key, fault }) => {
    const subject = capital(workload);
    switch (fault.kind) {
      case "label":
        return {
          says: `${subject} carries the label ${quote(key)}, so its pods get nothing of ${identity}, which ${account} carries.`,
          fix: `Remove the label ${quote(key)} from the pod template.`,
        };
      case "all containers":
        return {
          says: `${subject} names all its containers (${quoteAll(fault.names)}) in ${quote(key)}, so none gets anything of ${identity}.`,
          fix: `Remove the container that is to have the role from ${quote(key)}.`,
        };
      case "blanks":
        return {
          says: `${subject} writes ${quote(fault.name)} in ${quote(key)}, blanks and all, so container ${quote(fault.suggestion ?? "")} is not skipped.`,
          why: "The webhook does not trim the names of this list.",
          fix: `Write the names with commas and no blanks between them, ${quote(fault.suggestion ?? "")} for ${quote(fault.name)}.`,
        };
      case "unknown name":
        return {
          says: `${subject} names ${quote(fault.name)} in ${quote(key)}, and has no such container.${didYouMean(fault.suggestion)}`,
          why: "The entry has no effect: the container that is meant gets the role, too.",
          fix: `Write ${quote(fault.suggestion ?? "the name of a container")} in ${quote(key)}, or remove ${quote(fault.name)}.`,
        };
      case "windows":
        return {
          says: `${subject} runs on Windows nodes, but has no nodeSelector "kubernetes.io/os: windows", which is all that the webhook looks at.`,
          why: "The webhook then writes the path of Linux into AWS_WEB_IDENTITY_TOKEN_FILE, and the SDK does not find the token.",
          fix: 'Add nodeSelector { "kubernetes.io/os": "windows" } to the pod.',
        };
    }
  },
});

interface Found {
  readonly key: string;
  readonly path: string;
  readonly level: Level;
  readonly fault: Fault;
}

function judge(model: IrsaModel, bound: BoundWorkload, prefix: string): Found | undefined {
  const { workload } = bound;
  const containers = mutableContainers(workload);
  const all = containers.is === "known" ? containers.value : [];
  const apps = all.filter((each) => each.kind === "container");
  if (apps.length === 0) return undefined;
  const label = `${prefix}/skip-pod-identity-webhook`;
  // Wired by hand the pods have what the webhook would give them; beside others that use the account, they may not need it.
  const level = isAlone(model, bound) ? "mandatory" : "advisory";
  const byHand = apps.some(isWiredByHand);
  const metadata = workload.pod.metadataPath;
  if (hasSkipLabel(workload, prefix))
    return byHand ? undefined : { key: label, path: `${metadata}.labels[${JSON.stringify(label)}]`, level, fault: { kind: "label" } };
  const key = `${prefix}/skip-containers`;
  const path = `${metadata}.annotations[${JSON.stringify(key)}]`;
  const skipped = skippedNames(workload, prefix);
  if (skipped.is === "known") {
    const fault = judgeNames(skipped.value, all, apps);
    if (fault?.kind === "all containers") return byHand ? undefined : { key, path, level, fault };
    if (fault) return { key, path, level: "advisory", fault };
  }
  return isHiddenWindows(workload)
    ? { key: "", path: `${workload.pod.path}.nodeSelector`, level: "advisory", fault: { kind: "windows" } }
    : undefined;
}

function judgeNames(
  skipped: readonly string[],
  all: readonly Container[],
  apps: readonly Container[],
): Fault | undefined {
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
  return fact.is === "known" ? [fact.value] : [];
}

function isWiredByHand(container: Container): boolean {
  const environment = environmentOf(container);
  // An environment that nobody can see may hold both.
  if (environment.is !== "known") return true;
  const { all, complete } = environment.value;
  return !complete || (all.has("AWS_ROLE_ARN") && all.has("AWS_WEB_IDENTITY_TOKEN_FILE"));
}

/** True when no other workload of this stack runs as the account: then the role is for this one. */
function isAlone(model: IrsaModel, { workload, account }: BoundWorkload): boolean {
  return (model.workloadsByServiceAccount.get(account) ?? []).every((each) => each === workload);
}

function isHiddenWindows({ pod }: Workload): boolean {
  if (pod.nodeSelector.is === "unknown") return false;
  const selector = pod.nodeSelector.is === "known" ? pod.nodeSelector.value : [];
  if (selector.some((each) => WINDOWS.test(each.key))) return false;
  return pod.windowsAffinity || (pod.osName.is === "known" && pod.osName.value === "windows");
}
