import type { Policies } from "@pulumi/policy";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";

/* The SDK's own request handlers: what the engine calls, without a port. They carry no types of their own. */
const server = require("@pulumi/policy/server") as Record<"makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun", MakeHandler>;
const messages = require("@pulumi/pulumi/proto/analyzer_pb") as Messages;

type Handler = (
  call: { request: unknown },
  callback: (error: Error | null | undefined, response: Response) => void,
) => void;
type MakeHandler = (pack: string, version: string, level: string, policies: Policies) => Handler;
type Setters = Record<string, (...args: unknown[]) => unknown>;
type Messages = Record<string, new () => Setters>;
interface Response {
  getDiagnosticsList(): readonly {
    getPolicyname(): string;
    getMessage(): string;
    getUrn(): string;
    getEnforcementlevel(): number;
  }[];
}

export interface Diagnostic {
  readonly policy: string;
  readonly message: string;
  readonly urn: string;
  readonly level: "advisory" | "mandatory";
}

/** Raw properties as the engine sends them: unknown sentinels, secret wrappers, anything. */
export type Raw = Readonly<Record<string, unknown>>;
export type RawResource = Omit<SnapshotResource, "inputs" | "outputs" | "provider"> & {
  readonly inputs?: Raw;
  readonly outputs?: Raw;
  readonly provider?: { readonly urn: string; readonly type: string; readonly name: string; readonly inputs: Raw };
};

/** Sends a stack through both phases of the analyzer protocol, in the engine's order, and returns what the policies said. */
export async function analyze(policies: Policies, resources: readonly RawResource[]): Promise<readonly Diagnostic[]> {
  const found = await analyzeResources(policies, resources);
  const request = make("AnalyzeStackRequest");
  request["setResourcesList"]?.(resources.map((resource) => stackResource(resource)));
  return [
    ...found,
    ...(await call(server.makeAnalyzeStackRpcFun("eks-irsa", "0.0.0", "mandatory", policies), request)),
  ];
}

/** The resource phase alone, as in an update that stops before its end. */
export async function analyzeResources(
  policies: Policies,
  resources: readonly RawResource[],
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  const resourcePhase = server.makeAnalyzeRpcFun("eks-irsa", "0.0.0", "mandatory", policies);
  for (const resource of resources) {
    if (resource.inputs) found.push(...(await call(resourcePhase, fill("AnalyzeRequest", resource, resource.inputs))));
  }
  return found;
}

function make(message: string): Setters {
  const Message = messages[message];
  if (!Message) throw new Error(`no message ${message}`);
  return new Message();
}

function fill(message: string, resource: RawResource, properties: Raw): Setters {
  const request = make(message);
  request["setType"]?.(resource.type);
  request["setUrn"]?.(resource.urn);
  request["setName"]?.(resource.name);
  request["setProperties"]?.(toStruct(properties));
  const options = make("AnalyzerResourceOptions");
  if (resource.parent) options["setParent"]?.(resource.parent);
  request["setOptions"]?.(options);
  if (resource.provider) {
    const provider = make("AnalyzerProviderResource");
    provider["setType"]?.(resource.provider.type);
    provider["setUrn"]?.(resource.provider.urn);
    provider["setName"]?.(resource.provider.name);
    provider["setProperties"]?.(toStruct(resource.provider.inputs));
    request["setProvider"]?.(provider);
  }
  return request;
}

function stackResource(resource: RawResource): Setters {
  const message = fill("AnalyzerResource", resource, resource.outputs ?? {});
  if (resource.parent) message["setParent"]?.(resource.parent);
  message["setDependenciesList"]?.([...resource.dependencies]);
  const map = message["getPropertydependenciesMap"]?.() as { set(key: string, value: unknown): void };
  for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
    const dependencies = make("AnalyzerPropertyDependencies");
    dependencies["setUrnsList"]?.([...urns]);
    map.set(property, dependencies);
  }
  return message;
}

function toStruct(properties: Raw): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

async function call(handler: Handler, request: unknown): Promise<Diagnostic[]> {
  const response = await new Promise<Response>((resolve, reject) => {
    handler({ request }, (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
  return response.getDiagnosticsList().map((each) => ({
    policy: each.getPolicyname(),
    message: each.getMessage(),
    urn: each.getUrn(),
    level: each.getEnforcementlevel() === 1 ? "mandatory" : "advisory",
  }));
}
