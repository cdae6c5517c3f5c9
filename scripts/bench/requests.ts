/** Stacks in the engine's words: requests of the analyzer protocol, serialised once and sent to each pack. */
import * as pb from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties, StackResource } from "./stacks";

export interface Requests {
  /** One `AnalyzeRequest` for each resource, in the order of registration. */
  readonly analyze: readonly { readonly bytes: Buffer; readonly ofChain: boolean }[];
  /** `AnalyzeStackRequest` of the whole stack. */
  readonly analyzeStack: Buffer;
}

export function requestsFor(resources: readonly StackResource[]): Requests {
  return {
    analyze: resources.map((resource) => ({
      bytes: Buffer.from(analyzeRequest(resource).serializeBinary()),
      ofChain: resource.ofChain,
    })),
    // Put together from its parts: as one message, 50,000 resources would need gigabytes before they are bytes.
    analyzeStack: Buffer.concat(
      resources.flatMap((resource) => {
        const part = stackResource(resource).serializeBinary();
        return [Buffer.from([RESOURCES_FIELD, ...varint(part.length)]), part];
      }),
    ),
  };
}

/** Field 1, length-delimited: `repeated AnalyzerResource resources = 1`. */
const RESOURCES_FIELD = 0x0a;

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function analyzeRequest(resource: StackResource): pb.AnalyzeRequest {
  return filled(new pb.AnalyzeRequest(), resource, resource.inputs);
}

function stackResource(resource: StackResource): pb.AnalyzerResource {
  const message = filled(new pb.AnalyzerResource(), resource, resource.outputs);
  message.setDependenciesList([...new Set(Object.values(resource.from).flat())]);
  for (const [property, urns] of Object.entries(resource.from)) {
    const edges = new pb.AnalyzerPropertyDependencies();
    edges.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(property, edges);
  }
  return message;
}

function filled<Message extends pb.AnalyzeRequest | pb.AnalyzerResource>(
  message: Message,
  { type, urn, name, provider }: StackResource,
  properties: Properties,
): Message {
  message.setType(type);
  message.setUrn(urn);
  message.setName(name);
  message.setProperties(struct(properties));
  message.setOptions(new pb.AnalyzerResourceOptions());
  if (provider) {
    const its = new pb.AnalyzerProviderResource();
    its.setType(provider.type);
    its.setUrn(provider.urn);
    its.setName(provider.name);
    its.setProperties(struct(provider.inputs));
    message.setProvider(its);
  }
  return message;
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}
