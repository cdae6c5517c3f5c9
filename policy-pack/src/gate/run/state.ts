import { GateFailure } from "../failure";
import { dig, list, parseJson } from "../json";
import { byUrn, readResource, type Resources } from "../resources";

/** A stack's state, as `pulumi stack export` writes it or as it lies in a backend. */
export interface State {
  readonly project: string;
  readonly stack: string;
  readonly resources: Resources;
  /** In the form of `pulumi stack export`, which the engine takes. */
  readonly exported: unknown;
}

/**
 * Reads a state file.
 * @throws GateFailure for anything else.
 */
export function readState(source: string, file: string): State {
  const content = parseJson(source);
  if (content === undefined) throw new GateFailure(`${file} is no JSON: it is cut off, or no state of a stack.`);
  const deployment = dig(content, "deployment") ?? dig(content, "checkpoint", "latest");
  const resources = byUrn(list(dig(deployment, "resources")).filter(isCurrent).map(readResource));
  const [urn] = resources.keys();
  if (urn === undefined) {
    throw new GateFailure(`${file} holds no resources of a stack. Write it with: pulumi stack export --file ${file}`);
  }
  const [front = "", project = ""] = urn.split("::");
  const exported = { version: dig(content, "version") ?? 3, deployment };
  return { project, stack: front.split(":")[2] ?? "", resources, exported };
}

/** What is only waiting to be deleted does not count. */
function isCurrent(resource: unknown): boolean {
  return dig(resource, "delete") !== true;
}
