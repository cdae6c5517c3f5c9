import { listIn } from "../facts/lists";
import { parseRoleArn } from "../facts/arn";
import { at, listAt, textAt } from "../facts/fact";
import { parseUrn } from "../facts/urn";
import { isObject, type Value } from "../facts/value";
import type { SnapshotResource } from "../model/snapshot";
import { awsNoun, BINDING_COMPONENT, kubernetesNoun } from "../model/tokens";

/** Above this, a name is a habit rather than a link (hundreds of pods that run as one account): the stack phase judges those. */
const MAX_NEIGHBOURS = 64;

/**
 * Which resources belong together by the names in their texts. While resources are still being registered there are no
 * edges; to judge one of them early, the few that it names are enough, and looking at the rest each time would cost the
 * square of the stack.
 */
export class Neighbours {
  private readonly names = new Map<string, readonly string[]>();
  private readonly byName = new Map<string, Set<string>>();

  add(resource: SnapshotResource): void {
    const names = namesIn(resource);
    this.names.set(resource.urn, names);
    for (const name of names) this.byName.set(name, (this.byName.get(name) ?? new Set()).add(resource.urn));
  }

  /** The resource, those that share a name with it, and those that share one with these: workload, account, role. */
  of(urn: string): ReadonlySet<string> {
    const found = new Set([urn]);
    let edge: readonly string[] = [urn];
    for (let step = 0; step < 2; step++) {
      edge = edge.flatMap((each) => listIn(this.names, each).flatMap((name) => [...(this.byName.get(name) ?? [])]));
      edge.forEach((each) => found.add(each));
      if (found.size > MAX_NEIGHBOURS) return new Set([urn]);
    }
    return found;
  }

  clear(): void {
    this.names.clear();
    this.byName.clear();
  }
}

function namesIn(resource: SnapshotResource): readonly string[] {
  const inputs: Value = resource.inputs ?? {};
  const binding = resource.parent !== undefined && parseUrn(resource.parent).type === BINDING_COMPONENT;
  const own = [resource.urn, ...(binding ? [resource.parent] : [])].map((urn) => `urn ${urn}`);
  const noun = awsNoun(resource.type);
  if (noun === "role") return [...own, ...roleNames(inputs, ["name"]), ...roleNames(inputs, ["roleName"])];
  if (noun === "addon") return [...own, ...roleNames(inputs, ["serviceAccountRoleArn"])];
  const kubernetes = kubernetesNoun(resource.type);
  if (!kubernetes) return own;
  const items = kubernetes.list ? listAt(inputs, ["items"]) : undefined;
  const objects = items?.is === "known" ? items.value : [inputs];
  if (kubernetes.noun === "service-account") return [...own, ...objects.flatMap(accountNames)];
  if (kubernetes.noun === "workload")
    return [...own, ...objects.flatMap((each) => podNames(each, kubernetes.template))];
  return own;
}

function roleNames(inputs: Value, path: readonly string[]): readonly string[] {
  const text = textAt(inputs, path);
  return text.is === "known" ? [`role ${parseRoleArn(text.value)?.name ?? text.value}`] : [];
}

function accountNames(object: Value): readonly string[] {
  const name = textAt(object, ["metadata", "name"]);
  const annotations = at(object, ["metadata", "annotations"]);
  const values = annotations.is === "known" && isObject(annotations.value) ? annotations.value : {};
  const roles = Object.keys(values)
    .filter((key) => key.endsWith("/role-arn"))
    .flatMap((key) => roleNames(values, [key]));
  return name.is === "known" ? [`account ${name.value}`, ...roles] : roles;
}

function podNames(object: Value, template: readonly string[]): readonly string[] {
  const name = textAt(object, [...template, "spec", "serviceAccountName"]);
  return name.is === "known" ? [`account ${name.value}`] : [];
}
