/** The engine's resource monitor, as far as a component needs it: register resources and their outputs. */
import * as grpc from "@grpc/grpc-js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/resource_pb";
import { promised } from "./promised";
import type { ConstructAnswer, ConstructRequest } from "./stand-in";
import { fromStruct, toStruct, type ValueMap } from "./values";

interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly custom: boolean;
  readonly inputs: ValueMap;
  /** Property name to the URNs it depends on. */
  readonly inputDependencies?: ReadonlyMap<string, readonly string[]>;
  readonly dependencies?: readonly string[];
  /** Provider reference `urn::id`; the default provider when absent. */
  readonly provider?: string | undefined;
  readonly providers?: ReadonlyMap<string, string>;
}

export interface Registered {
  readonly urn: string;
  /** Empty while the engine does not know it. */
  readonly id: string;
  readonly outputs: ValueMap;
}

export interface Monitor {
  register(registration: Registration): Promise<Registered>;
  registerOutputs(urn: string, outputs: ValueMap): Promise<void>;
}

/** Runs a component's body against the monitor, and hangs up afterwards whatever happens. */
export async function withMonitor<T>(endpoint: string, body: (monitor: Monitor) => Promise<T>): Promise<T> {
  const client = new ResourceMonitorClient(endpoint, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  try {
    return await body({
      register: async (registration) => {
        const response = await promised<pb.RegisterResourceResponse>((callback) => {
          client.registerResource(request(registration), callback);
        });
        return { urn: response.getUrn(), id: response.getId(), outputs: fromStruct(response.getObject()) };
      },
      registerOutputs: async (urn, outputs) => {
        const message = new pb.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(toStruct(outputs));
        await promised<Empty>((callback) => {
          client.registerResourceOutputs(message, callback);
        });
      },
    });
  } finally {
    client.close();
  }
}

function request(registration: Registration): pb.RegisterResourceRequest {
  const { inputDependencies = new Map<string, readonly string[]>() } = registration;
  const urns = new Set([...(registration.dependencies ?? []), ...[...inputDependencies.values()].flat()]);
  const message = new pb.RegisterResourceRequest()
    .setType(registration.type)
    .setName(registration.name)
    .setParent(registration.parent)
    .setCustom(registration.custom)
    .setObject(toStruct(registration.inputs))
    .setProvider(registration.provider ?? "")
    .setDependenciesList([...urns])
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setSupportspartialvalues(true);
  for (const [property, dependencies] of inputDependencies) {
    message
      .getPropertydependenciesMap()
      .set(property, new pb.RegisterResourceRequest.PropertyDependencies().setUrnsList([...dependencies]));
  }
  for (const [packageName, reference] of registration.providers ?? []) {
    message.getProvidersMap().set(packageName, reference);
  }
  return message;
}

/** The component's own resource, with what the program gave it. */
export const registerComponent = (monitor: Monitor, component: ConstructRequest): Promise<Registered> =>
  monitor.register({
    type: component.type,
    name: component.name,
    parent: component.parent,
    custom: false,
    inputs: component.inputs,
    inputDependencies: component.inputDependencies,
    dependencies: component.dependencies,
    providers: component.providers,
  });

/** A remote component whose children no stand-in knows: it is there, without children, its outputs unknown at preview. */
export const constructBare = (component: ConstructRequest): Promise<ConstructAnswer> =>
  withMonitor(component.monitorEndpoint, async (monitor) => {
    const { urn } = await registerComponent(monitor, component);
    await monitor.registerOutputs(urn, {});
    return { urn, state: {}, stateDependencies: new Map() };
  });
