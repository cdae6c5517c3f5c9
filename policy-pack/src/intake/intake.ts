import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { isObject, type Value } from "../facts/value";
import type { ContextConfig } from "../model/config";
import type { Properties, Snapshot, SnapshotResource } from "../model/snapshot";
import { isRead } from "../model/tokens";
import { copyValue } from "./copy-value";
import { redact } from "./redact";

/**
 * The edge between the SDK and the pure layers. The resource phase sees every input but no edges; the stack phase sees
 * edges and outputs, but Kubernetes resources are empty there while their cluster does not exist. So the inputs are kept
 * by URN until the stack phase joins them.
 */
export class Intake {
  private readonly inputs = new Map<string, Properties>();
  private readonly read = new Map<string, boolean>();

  /** Resource phase: keeps the inputs of a resource that is part of the chain. */
  record(args: Pick<ResourceValidationArgs, "type" | "urn" | "props">): void {
    if (this.isRead(args.type)) this.inputs.set(args.urn, properties(args.type, args.props));
  }

  /**
   * Stack phase: everything of the chain, joined. The kept inputs are forgotten, so that nothing of this run is left for
   * the next one that the same process may serve.
   */
  snapshot(resources: readonly PolicyResource[], config: ContextConfig, today: string): Snapshot {
    const seen = resources
      .filter((resource) => this.isRead(resource.type))
      .map((resource) => this.toSnapshot(resource));
    this.inputs.clear();
    return { format: 1, today, config, resources: seen };
  }

  private toSnapshot(resource: PolicyResource): SnapshotResource {
    const inputs = this.inputs.get(resource.urn);
    const { parent, provider } = resource;
    return {
      urn: resource.urn,
      type: resource.type,
      name: resource.name,
      ...(inputs ? { inputs } : {}),
      outputs: properties(resource.type, resource.props),
      ...(parent ? { parent: parent.urn } : {}),
      ...(provider
        ? {
            provider: {
              urn: provider.urn,
              type: provider.type,
              name: provider.name,
              inputs: properties(provider.type, provider.props),
            },
          }
        : {}),
      dependencies: resource.dependencies.map((each) => each.urn),
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([property, urns]) => [
          property,
          urns.map((each) => each.urn),
        ]),
      ),
    };
  }

  private isRead(type: string): boolean {
    let answer = this.read.get(type);
    if (answer === undefined) {
      answer = isRead(type);
      this.read.set(type, answer);
    }
    return answer;
  }
}

function properties(type: string, props: unknown): Properties {
  const copied: Value = copyValue(props);
  return isObject(copied) ? redact(type, copied) : {};
}
