import * as pulumi from "@pulumi/pulumi";
import type * as resproto from "@pulumi/pulumi/proto/resource_pb";

/** A resource as the engine would have received it. Unknown values are the text `UNKNOWN`. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly parent: string;
  readonly aliases: readonly unknown[];
  readonly protect: boolean;
  readonly provider: string;
}

/** `preview`: nothing exists, so what AWS and Kubernetes give is unknown. `up`: everything is created and known. */
export type Mode = "preview" | "up";

const UNKNOWN_SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const UNKNOWN = "<unknown>";

const ISSUER_ID = "EXAMPLED539D4633E53DE1B71EXAMPLE";
export const ISSUER = `oidc.eks.eu-west-1.amazonaws.com/id/${ISSUER_ID}`;
export const ACCOUNT = "111122223333";
export const PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;

/** Runs a program as the engine would, and hands back what it registered together with the program's own result. */
export async function run<T>(mode: Mode, program: () => T): Promise<{ resources: readonly Registered[]; result: T }> {
  const registered = new Map<string, Registered>();
  const twice: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => created(mode, type, name, inputs as Record<string, unknown>),
      call: ({ inputs }) => inputs as object,
    },
    "project",
    "stack",
    mode === "preview",
    "organization",
  );
  record(registered, twice);
  try {
    const result = program();
    await settled();
    if (twice.length > 0) throw new Error(`duplicate resource URN, which the engine refuses: ${twice.join(", ")}`);
    return { resources: [...registered.values()], result };
  } finally {
    // A program that threw has left registrations behind, which must not end in the next run.
    await settled();
  }
}

function settled(): Promise<void> {
  return (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

interface Monitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: resproto.RegisterResourceRequest, callback: unknown): Promise<void>;
  registerResourceOutputs(request: resproto.RegisterResourceOutputsRequest, callback: unknown): void;
}

function record(registered: Map<string, Registered>, twice: string[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const urn = monitor.newUrn(request.getParent(), request.getType(), request.getName());
    if (registered.has(urn)) twice.push(urn);
    registered.set(urn, {
      urn,
      type: request.getType(),
      name: request.getName(),
      inputs: readable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
      outputs: {},
      dependencies: request.getDependenciesList(),
      propertyDependencies: edges(request),
      parent: request.getParent(),
      aliases: request.getAliasesList().map((each) => each.toObject()),
      protect: request.getProtect() ?? false,
      provider: request.getProvider(),
    });
    return register(request, callback);
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    const known = registered.get(request.getUrn());
    const outputs = readable(request.getOutputs()?.toJavaScript() ?? {}) as Record<string, unknown>;
    if (known) registered.set(known.urn, { ...known, outputs });
    registerOutputs(request, callback);
  };
}

function edges(request: resproto.RegisterResourceRequest): Record<string, string[]> {
  const byProperty: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, property) => {
    byProperty[property] = [...urns.getUrnsList()].sort();
  });
  return byProperty;
}

function readable(value: unknown): unknown {
  if (value === UNKNOWN_SENTINEL) return UNKNOWN;
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

function created(
  mode: Mode,
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): { id: string | undefined; state: Record<string, unknown> } {
  if (mode === "preview") return { id: undefined, state: type.startsWith("kubernetes:") ? {} : inputs };
  const extra = computed(type, name, inputs);
  return { id: `${name}-id`, state: { ...inputs, ...extra } };
}

function computed(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (type) {
    case "aws:eks/cluster:Cluster":
      return { name, identities: [{ oidcs: [{ issuer: `https://${ISSUER}` }] }], region: "eu-west-1" };
    case "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
      return { arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${String(inputs["url"]).replace("https://", "")}` };
    case "aws:iam/role:Role": {
      const roleName = typeof inputs["name"] === "string" ? inputs["name"] : `${name}-1a2b3c4`;
      const path = typeof inputs["path"] === "string" ? inputs["path"] : "/";
      return { name: roleName, arn: `arn:aws:iam::${ACCOUNT}:role${path}${roleName}` };
    }
    default:
      return {};
  }
}

/** The one resource of a type, by the last part of its token; fails when there are none or several. */
export function only(resources: readonly Registered[], kind: string): Registered {
  const found = all(resources, kind);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} resources of kind ${kind}`);
  return first;
}

/** The resources of a type, by the last part of its token. */
export function all(resources: readonly Registered[], kind: string): readonly Registered[] {
  return resources.filter((each) => each.type.split(":").at(-1) === kind);
}

/** What an Output settles to; undefined when it is unknown. */
export function settle<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/** Whether an Output is known. */
export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { isKnown: Promise<boolean> }).isKnown;
}

/** URNs of the resources that an Output depends on. */
export async function sources(output: pulumi.Output<unknown>): Promise<string[]> {
  const resources = await (output as unknown as { allResources(): Promise<Set<pulumi.Resource>> }).allResources();
  return Promise.all([...resources].map((each) => settle(each.urn)));
}

/** What a binding is refused for, each property with its reason; empty when nothing is thrown. */
export function refusals(make: () => unknown): { readonly propertyPath: string; readonly reason: string }[] {
  try {
    make();
    return [];
  } catch (error) {
    if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
    return error.errors.map(({ propertyPath, reason }) => ({ propertyPath, reason }));
  }
}

/** The refusal at which a value fails when it becomes known: `<path>: <reason>` of each wrong property. */
export async function lateRefusal(value: unknown): Promise<readonly string[]> {
  const output = pulumi.output(value) as unknown as Record<"isKnown" | "isSecret", Promise<boolean>> & {
    promise(): Promise<unknown>;
  };
  // Besides the value Pulumi derives these two, at whose rejection the process would end.
  const results = await Promise.allSettled([output.promise(), output.isKnown, output.isSecret]);
  return results.slice(0, 1).flatMap((each) => {
    if (each.status === "fulfilled") return [];
    if (!pulumi.InputPropertiesError.isInstance(each.reason)) throw each.reason;
    return each.reason.errors.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
  });
}
