import * as pulumi from "@pulumi/pulumi";
import { settled } from "./checks";

/** What the parts of one binding need to know of it to create resources. */
export interface Scope {
  /** Pulumi name of the binding. */
  readonly name: string;
  readonly parent: pulumi.ComponentResource;
  /** `dependsOn` of the binding; its children are told too, since Pulumi does not pass it on. */
  readonly dependsOn: pulumi.ComponentResourceOptions["dependsOn"];
}

/** Options of a child: under the binding, after what the binding waits for and after `after`, taking over the resource `adopted`. */
export function childOptions(
  scope: Scope,
  after: readonly pulumi.Resource[],
  adopted: string | undefined,
): pulumi.CustomResourceOptions {
  const options: pulumi.CustomResourceOptions = { parent: scope.parent };
  const dependsOn = combined(scope.dependsOn, after);
  if (dependsOn !== undefined) options.dependsOn = dependsOn;
  if (adopted !== undefined) options.aliases = [aliasOf(adopted)];
  return options;
}

function combined(outer: Scope["dependsOn"], after: readonly pulumi.Resource[]): Scope["dependsOn"] {
  if (outer === undefined) return after.length === 0 ? undefined : [...after];
  if (pulumi.Resource.isInstance(outer)) return [outer, ...after];
  if (Array.isArray(outer)) return [...outer, ...after];
  return settled(outer, (resolved) => [...resourcesIn(resolved), ...after]);
}

function resourcesIn(value: unknown): pulumi.Resource[] {
  return [value].flat().filter((each): each is pulumi.Resource => pulumi.Resource.isInstance(each));
}

/** A URN says all; a name means a resource that stood at the top of the same stack. */
function aliasOf(adopted: string): pulumi.URN | pulumi.Alias {
  return adopted.startsWith("urn:pulumi:") ? adopted : { name: adopted, parent: pulumi.rootStackResource };
}

/**
 * A value that is known as soon as it is written, and yet comes from resources: Pulumi knows a URN already at preview, when names
 * and ARNs that AWS and Kubernetes give are still unknown, and whoever uses the value depends on the resources.
 */
export function knownAfter(value: pulumi.Input<string>, resources: readonly pulumi.Resource[]): pulumi.Output<string> {
  return pulumi
    .all([pulumi.output(value), pulumi.all(resources.map((each) => each.urn))])
    .apply(([settled]) => settled);
}
