import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { isObject, isUnknown, UNKNOWN, type Value } from "../facts/value";
import type { ContextConfig } from "../model/config";
import type { Properties, Snapshot, SnapshotResource } from "../model/snapshot";
import { isRead, kubernetesNoun } from "../model/tokens";
import { copyValue } from "./copy-value";
import { Neighbours } from "./neighbours";
import { redact } from "./redact";
import { deferUnpacking, wireForm } from "./wire";

type Provider = NonNullable<SnapshotResource["provider"]>;

/**
 * The edge between the SDK and the pure layers. The resource phase sees every input but no edges; the stack phase sees
 * edges and outputs, but Kubernetes resources are empty there while their cluster does not exist. So the inputs are kept
 * by URN until the stack phase joins them.
 */
export class Intake {
  private readonly kept = new Map<string, SnapshotResource>();
  private readonly neighbours = new Neighbours();
  /** By URN; every resource of a provider carries its inputs along. */
  private readonly providers = new Map<string, Provider>();
  private readonly read = new Map<string, boolean>();

  constructor() {
    deferUnpacking();
  }

  /** Resource phase: keeps the inputs of a resource that is part of the chain. Returns whether it is. */
  record(args: ResourceValidationArgs): boolean {
    if (!this.isRead(args.type)) return false;
    const provider = args.provider && this.provider(args.provider);
    const seen: SnapshotResource = {
      urn: args.urn,
      type: args.type,
      name: args.name,
      inputs: written(args.type, properties(args.type, args.props)),
      ...(args.opts.parent ? { parent: args.opts.parent } : {}),
      ...(provider ? { provider } : {}),
      dependencies: [],
      propertyDependencies: {},
    };
    this.kept.set(seen.urn, seen);
    this.neighbours.add(seen);
    return true;
  }

  /** The inputs of one resource as plain data; undefined for resources that are no part of the chain. */
  inputsOf(type: string, props: unknown): Properties | undefined {
    return this.isRead(type) ? properties(type, props) : undefined;
  }

  /** Resource phase: what is known so far of one resource and of those that it names or that name it, by value alone. */
  around(urn: string, config: ContextConfig, today: string): Snapshot {
    const urns = this.neighbours.of(urn);
    return {
      format: 1,
      today,
      config,
      resources: [...urns].flatMap((each) => this.kept.get(each) ?? []),
    };
  }

  /**
   * Stack phase: everything of the chain, joined. The kept inputs are forgotten, so that nothing of this run is left for
   * the next one that the same process may serve.
   */
  snapshot(resources: readonly PolicyResource[], config: ContextConfig, today: string): Snapshot {
    // Read anew: what an update knows at its end may be more than it knew while resources were registered.
    this.providers.clear();
    const made = this.madeByComponents(resources);
    const seen = resources
      .filter((resource) => this.isRead(resource.type))
      .map((resource) => this.toSnapshot(resource, made));
    this.providers.clear();
    this.forget();
    return { format: 1, today, config, resources: seen };
  }

  /** Drops what the resource phase has kept. */
  forget(): void {
    this.kept.clear();
    this.neighbours.clear();
  }

  private toSnapshot(resource: PolicyResource, made: ReadonlyMap<string, readonly string[]>): SnapshotResource {
    const outputs = properties(resource.type, resource.props);
    const kept = this.kept.get(resource.urn)?.inputs;
    const inputs = isUnknown(kept) && Object.keys(outputs).length > 0 ? undefined : kept;
    const parent = this.nearestParent(resource);
    const provider = resource.provider && this.provider(resource.provider);
    return {
      urn: resource.urn,
      type: resource.type,
      name: resource.name,
      ...(inputs ? { inputs } : {}),
      outputs,
      ...(parent ? { parent } : {}),
      ...(provider ? { provider } : {}),
      dependencies: resource.dependencies.flatMap((each) => [each.urn, ...(made.get(each.urn) ?? [])]),
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([property, from]) => [
          property,
          from.map((each) => each.urn),
        ]),
      ),
    };
  }

  /**
   * What each component makes. Who waits for a remote component waits for its children, since the component is made when they
   * are; Go's SDK, and with it the host of YAML programs, names the component where others name the children.
   */
  private madeByComponents(resources: readonly PolicyResource[]): ReadonlyMap<string, readonly string[]> {
    const made = new Map<string, string[]>();
    for (const { type, urn, parent } of resources) {
      if (!this.isRead(type)) continue;
      let above = parent;
      // A custom resource has a provider; its children are made after it.
      for (let depth = 0; above !== undefined && above.provider === undefined && depth < 100; depth++) {
        if (above.type === "pulumi:pulumi:Stack") break;
        const children = made.get(above.urn);
        if (children) children.push(urn);
        else made.set(above.urn, [urn]);
        above = above.parent;
      }
    }
    return made;
  }

  /** Components of other makers stand between a resource and the ones that the pack reads; they are passed over. */
  private nearestParent(resource: PolicyResource): string | undefined {
    let parent = resource.parent;
    for (let depth = 0; parent !== undefined && depth < 100; depth++) {
      if (this.isRead(parent.type)) return parent.urn;
      parent = parent.parent;
    }
    return undefined;
  }

  private provider(provider: NonNullable<PolicyResource["provider"]>): Provider {
    const found = this.providers.get(provider.urn) ?? toProvider(provider);
    this.providers.set(provider.urn, found);
    return found;
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

/**
 * With `--target` the engine registers every resource of the program. One outside the target has the inputs of its last
 * deployment, and none at all while it does not exist: then nothing of it is known yet, rather than missing (seen with the
 * engine 3.259). The types of these packages cannot be written without any input.
 */
function written(type: string, inputs: Properties): Properties {
  return Object.keys(inputs).length === 0 && /^(aws|aws-native|kubernetes):/.test(type) ? UNKNOWN : inputs;
}

function toProvider(provider: NonNullable<PolicyResource["provider"]>): Provider {
  return {
    urn: provider.urn,
    type: provider.type,
    name: provider.name,
    inputs: properties(provider.type, provider.props),
  };
}

function properties(type: string, props: unknown): Properties {
  const noun = kubernetesNoun(type)?.noun;
  // Of Secrets and ConfigMaps only the key names outlive `redact`.
  const secrets = noun === "secret" || noun === "config-map" ? "open" : "unknown";
  const copied: Value = copyValue(wireForm(props) ?? props, { secrets });
  return isObject(copied) ? redact(type, copied) : {};
}
